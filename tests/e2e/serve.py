"""What `manage.py demo` does, on the database and the broker of the environment."""

import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if __name__ == "__main__":
    django.setup()

    from config.management.commands.demo import Command

    demonstration = Command()
    demonstration.prepare()
    demonstration.serve("127.0.0.1", int(sys.argv[1]))
