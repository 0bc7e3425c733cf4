"""A small server on the loopback address that keeps what providers keep: pictures of
chats, recordings of calls. It answers as it is told to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Serves `files` (path → bytes); `asked` lists the paths that were asked for.

    Paths with a meaning: /moved/<n> leads to `leads_to[n]`, /busy answers 503, /gone
    404, /drip sends a byte and then nothing more.
    """

    def __init__(self):
        self.files, self.asked, self.leads_to = {}, [], {}
        self.released = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True

    @property
    def port(self):
        return self._server.server_port

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def keep(self, path, data):
        """Serve bytes at a path; the address."""
        self.files[path] = data
        return f"{self.origin}{path}"


class _Handler(BaseHTTPRequestHandler):
    owner = None

    def do_GET(self):  # noqa: N802 - the name that the library calls
        owner, path = self.owner, self.path
        owner.asked.append(path)
        if path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", owner.leads_to[path.rpartition("/")[2]])
            self.end_headers()
        elif path == "/busy":
            self.send_error(503)
        elif path == "/drip":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x")
            self.wfile.flush()
            owner.released.wait(30)
        elif path in owner.files:
            self.send_response(200)
            self.send_header("Content-Length", str(len(owner.files[path])))
            self.end_headers()
            self.wfile.write(owner.files[path])
        else:
            self.send_error(404)

    def log_message(self, *_arguments):
        """Say nothing."""
