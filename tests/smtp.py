"""A mail server on this machine: keeps what it receives, for tests of real processes."""

import email
import socketserver
import threading
from email.message import Message


class Conversation(socketserver.StreamRequestHandler):
    """The few words of SMTP that Django's client says."""

    def handle(self):
        self.say("220 tests")
        for line in iter(self.rfile.readline, b""):
            word = line.split(b":")[0].strip().upper()
            if word == b"DATA":
                self.say("354 go on")
                self.server.received.append(email.message_from_bytes(self.read_message()))
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def read_message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line[1:] if line.startswith(b"..") else line for line in lines)


class MailServer(socketserver.ThreadingTCPServer):
    """Use as a context manager; `received` holds the messages."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[Message] = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"
