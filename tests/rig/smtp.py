"""A small mail server on the loopback address, which fails as it is told to."""

import socket
import socketserver
import threading
from email import message_from_bytes, policy


class MailServer:
    """Takes mail, or fails, by its `mode`:

    - accept: as it should be
    - down: nobody listens
    - refuse: 550 to the recipient, whose address it repeats
    - busy: 451 to the recipient
    - silent: hangs up after it has taken the text, without a word
    - wait: keeps the text and does not answer until it is released
    """

    def __init__(self):
        self.mode = "accept"
        self.received = []
        self.taken = threading.Event()
        self.released = threading.Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server = None

    def start(self):
        handler = type("Handler", (_Session,), {"owner": self})
        _Server.allow_reuse_address = True
        self._server = _Server(("127.0.0.1", self.port), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        if self._server:
            self.released.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    @property
    def messages(self):
        """What was taken, read."""
        return [message_from_bytes(raw, policy=policy.SMTP) for raw in self.received]

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.messages]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Session(socketserver.StreamRequestHandler):
    owner = None

    def handle(self):
        self.answer("220 test")
        while line := self.rfile.readline():
            command = line.split()[0].upper() if line.split() else b""
            if command == b"QUIT":
                self.answer("221 bye")
                return
            if command == b"DATA":
                if not self.take():
                    return
            elif command == b"RCPT" and self.owner.mode == "refuse":
                self.answer(f"550 5.1.1 {line.decode().strip()} unknown")
            elif command == b"RCPT" and self.owner.mode == "busy":
                self.answer("451 4.7.1 later")
            else:
                self.answer("250 ok")

    def take(self):
        """Take the text; whether the session goes on."""
        self.answer("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        self.owner.received.append(b"".join(lines))
        self.owner.taken.set()
        if self.owner.mode == "silent":
            return False
        if self.owner.mode == "wait":
            self.owner.released.wait(30)
        self.answer("250 taken")
        return True

    def answer(self, text):
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:
            return
