"""Whether this process was asked to stop: long work ends after the piece under way."""

from threading import Event

stopping = Event()
