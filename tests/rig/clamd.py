"""A virus scanner that knows one virus, on sockets of both kinds."""

import socketserver
import threading
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.StreamRequestHandler):
    """Finds the EICAR test file, and nothing else."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        data = b""
        while size := int.from_bytes(self.rfile.read(4)):
            data += self.rfile.read(size)
        self.server.seen.append(len(data))
        self.wfile.write(self.server.answer or self.verdict(data))

    def verdict(self, data):
        if EICAR in data:
            return b"stream: Eicar-Test-Signature FOUND\0"
        return b"stream: OK\0"


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    answer = None


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    answer = None


@contextmanager
def daemon(path=None, answer=None):
    """A daemon; gives its address as a setting, and the sizes that it has seen."""
    server = UnixServer(path, Daemon) if path else TcpServer(("127.0.0.1", 0), Daemon)
    server.answer, server.seen = answer, []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}", server.seen
    finally:
        server.shutdown()
        server.server_close()
