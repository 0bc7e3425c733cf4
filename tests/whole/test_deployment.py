import configparser
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from odoo.tests import tagged
from odoo.tools import config

from ...models.ground.paths import PROVED_PAGE
from ..rig.asked import trial
from ..rig.live import LiveCase, Server, _free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAME = "phan-anh.example.vn"
START_SECONDS = 10
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def certificate(folder):
    """A certificate of the site's own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now()
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


class Proxy:
    """nginx with the site's configuration, on the loopback address.

    :param port: where Odoo listens
    """

    def __init__(self, port):
        self.program = os.environ.get("CIVIC_NGINX") or shutil.which("nginx")
        self.folder = Path(tempfile.mkdtemp(prefix="nginx", dir=config["data_dir"]))
        self.folder.chmod(0o755)
        self.port, self.plain_port = _free_port(), _free_port()
        certificate(self.folder)
        site = (DEPLOY / "nginx.conf").read_text()
        for ours, here in (
            ("127.0.0.1:8069", f"127.0.0.1:{port}"),
            ("listen 443 ", f"listen 127.0.0.1:{self.port} "),
            (
                "listen 80 default_server;",
                f"listen 127.0.0.1:{self.plain_port} default_server;",
            ),
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("/etc/ssl/phan-anh", str(self.folder)),
        ):
            assert ours in site, ours
            site = site.replace(ours, here)
        (self.folder / "site.conf").write_text(site)
        self.main = self.folder / "nginx.conf"
        self.main.write_text(
            ("user root;" if os.geteuid() == 0 else "")
            + MAIN.format(folder=self.folder)
        )
        self.process = None

    def __enter__(self):
        command = [self.program, "-p", self.folder, "-e", self.folder / "error.log"]
        self.process = subprocess.Popen(
            [*map(str, command), "-c", str(self.main)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), self.connect():
                return self
            time.sleep(0.05)
        words = (self.folder / "error.log").read_text()
        self.__exit__()
        raise RuntimeError(f"nginx did not start: {words}")

    def __exit__(self, *_error):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, name=NAME):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return context.wrap_socket(plain, server_hostname=name)

    def ask(self, path, method="GET", name=NAME, **headers):
        """The answer to a request, read: with status, headers and its text."""
        connection = http.client.HTTPConnection(NAME)
        with contextlib.closing(connection):
            connection.sock = self.connect()
            headers = {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request(method, path, headers={"Host": name, **headers})
            answer = connection.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer


class SlowPosts:
    """Some who send a form a few letters at a time.

    :param connect: function that makes a connection
    """

    def __init__(self, number, connect):
        self.done = threading.Event()
        self.began = threading.Barrier(number + 1)
        self.threads = [
            threading.Thread(target=self._drip, args=[connect], daemon=True)
            for _turn in range(number)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.began.wait(timeout=30)
        return self

    def __exit__(self, *_error):
        self.stop()

    def stop(self):
        self.done.set()
        for thread in self.threads:
            thread.join(timeout=5)

    @property
    def are_sending(self):
        return all(thread.is_alive() for thread in self.threads)

    def _drip(self, connect):
        with contextlib.suppress(OSError), connect() as connection:
            connection.sendall(
                f"POST {PROVED_PAGE} HTTP/1.1\r\nHost: {NAME}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                "Content-Length: 100000\r\n\r\ncode=".encode()
            )
            self.began.wait(timeout=30)
            while not self.done.wait(0.1):
                connection.sendall(b"a")


@tagged("-at_install", "post_install")
@trial("platform")
class TestDeployment(LiveCase):
    """The configuration that docs/deployment.md gives, in front of two processes."""

    @classmethod
    def set_up_live(cls):
        cls.set_up_english_site()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.database, workers=2, options=["--proxy-mode"])
        cls.enterClassContext(cls.server)
        cls.proxy = cls.enterClassContext(Proxy(cls.server.port))
        for _turn in range(4):  # both processes load what pages are made of
            cls.proxy.ask("/phan-anh")

    def direct(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=30)

    def test_pages_are_served_while_others_send_slowly(self):
        with SlowPosts(2, self.proxy.connect) as slow:
            for _turn in range(6):
                self.assertEqual(self.proxy.ask("/phan-anh").status, 200)
            self.assertTrue(slow.are_sending)

    def test_without_it_nobody_is_served(self):
        """What the test above would show if requests were handed on as they come."""
        with contextlib.ExitStack() as stack:
            slow = stack.enter_context(SlowPosts(2, self.direct))
            time.sleep(0.5)
            visitor = stack.enter_context(self.direct())
            visitor.settimeout(2)
            visitor.sendall(f"GET /phan-anh HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
            with self.assertRaises(TimeoutError):
                visitor.recv(1)
            self.assertTrue(slow.are_sending)
            slow.stop()
            visitor.settimeout(30)
            self.assertEqual(visitor.recv(1), b"H", "it was they who held it up")

    def test_by_the_name_of_the_site_alone(self):
        with self.assertRaises(OSError):
            self.proxy.connect("evil.example.com")
        with self.assertRaises(OSError):
            self.proxy.ask("/phan-anh", name="evil.example.com")
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.proxy.plain_port, timeout=10)
        ) as plain:
            plain.request("GET", "/phan-anh", headers={"Host": NAME})
            answer = plain.getresponse()
            self.assertEqual(answer.status, 301)
            self.assertEqual(answer.headers["Location"], f"https://{NAME}/phan-anh")

    def test_what_a_visitor_says_of_the_way_is_overwritten(self):
        answer = self.proxy.ask(
            "/phan-anh/gui",
            X_Forwarded_Host="evil.example.com",
            X_Forwarded_For="203.0.113.9",
            X_Forwarded_Proto="http",
        )
        self.assertEqual(answer.status, 200)
        self.assertNotIn("evil.example.com", answer.text)
        [hsts] = answer.headers.get_all("Strict-Transport-Security")
        self.assertIn("max-age=", hsts)
        self.assertIn("frame-ancestors", answer.headers["Content-Security-Policy"])
        [cookie] = [
            row
            for row in answer.headers.get_all("Set-Cookie")
            if row.startswith("session_id=")
        ]
        for word in ("Secure", "HttpOnly", "SameSite=Lax"):
            self.assertIn(word, cookie)

    def test_what_is_closed(self):
        for path, status in {
            "/web/database/manager": 404,
            "/web/database": 404,
            "/vi/web/database/selector": 404,
            "//web//database/list": 404,
            "/web/%64atabase/manager": 404,
            "/xmlrpc/2/common": 403,
            "/xmlrpc": 403,
            "/jsonrpc": 403,
            "/vi/jsonrpc": 403,
            "/a/../xmlrpc/2/object": 403,
            "/web/static/img/logo2.png": 200,
        }.items():
            with self.subTest(path=path):
                self.assertEqual(self.proxy.ask(path).status, status)

    def test_a_flood_of_one_address_is_slowed(self):
        asking = (
            f"POST /web/login HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 0\r\n\r\n"
        )
        with contextlib.ExitStack() as stack:
            visitors = [
                stack.enter_context(self.proxy.connect()) for _turn in range(45)
            ]
            for visitor in visitors:
                visitor.sendall(asking.encode())
            answers = [visitor.recv(100).split(b" ")[1] for visitor in visitors]
        self.assertIn(b"429", answers)
        self.assertNotIn(b"429", answers[:20])
        self.assertEqual(self.proxy.ask("/phan-anh").status, 200)

    def test_the_options_are_odoos(self):
        parser = configparser.ConfigParser()
        parser.read(DEPLOY / "odoo.conf")
        known = {*config.options, "civic_vault_keys"}
        self.assertLessEqual(set(parser["options"]), known)
        seconds = parser["options"].getint("limit_time_real")
        site = (DEPLOY / "nginx.conf").read_text()
        reads = int(re.search(r"proxy_read_timeout +(\d+)s", site)[1])
        self.assertGreater(reads, seconds)
