"""A mailbox on the loopback address, fetched by POP3 (RFC 1939) as far as Odoo asks."""

import socketserver
import threading


class Mailbox:
    """Mail that waits to be fetched; what is deleted is gone when the session ends."""

    def __init__(self):
        self.waiting = []
        self.lock = threading.Lock()
        handler = type("Handler", (_Session,), {"mailbox": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port = self._server.server_address[1]

    def start(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def put(self, raw):
        """:param raw: bytes of a message"""
        with self.lock:
            self.waiting.append(raw)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Session(socketserver.StreamRequestHandler):
    mailbox = None

    def handle(self):
        with self.mailbox.lock:
            self.mails = list(self.mailbox.waiting)
        self.deleted = set()
        self.say("+OK")
        while line := self.rfile.readline().decode().strip():
            command, _space, argument = line.partition(" ")
            answer = getattr(self, f"do_{command.lower()}", None)
            self.say(*(answer(argument) if answer else ["-ERR"]))
            if command.upper() == "QUIT":
                return

    def say(self, *lines):
        for line in lines:
            line = line if isinstance(line, bytes) else line.encode()
            self.wfile.write(line + b"\r\n")

    def do_user(self, _argument):
        return ["+OK"]

    do_pass = do_user

    def do_stat(self, _argument):
        return [f"+OK {len(self.mails)} {sum(map(len, self.mails))}"]

    def do_list(self, _argument):
        sizes = [f"{n} {len(mail)}" for n, mail in enumerate(self.mails, start=1)]
        return ["+OK", *sizes, "."]

    def do_retr(self, argument):
        rows = self.mails[int(argument) - 1].splitlines()
        stuffed = [b"." + row if row.startswith(b".") else row for row in rows]
        return ["+OK", *stuffed, "."]

    def do_dele(self, argument):
        self.deleted.add(self.mails[int(argument) - 1])
        return ["+OK"]

    def do_quit(self, _argument):
        with self.mailbox.lock:
            for mail in self.deleted:
                self.mailbox.waiting.remove(mail)
        return ["+OK"]
