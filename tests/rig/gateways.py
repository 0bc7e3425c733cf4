"""Small servers on the loopback address that speak as providers of messages do, and
fail as they are told to. Their formats are those of the gateways' docstrings."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ...tools.ask import AskError
from .common import CivicCase


class Provider:
    """Answers requests by its `mode`:

    - accept: as the provider documents it
    - any other name: as `answer_<mode>` of a subclass says; or one of
    - down: nobody listens
    - error: 500; unavailable: 503; busy: 429; denied: 401; refused: 400; moved: 302
    - garbled: 200 with words that are no JSON; listed: JSON that is no object
    - silent: takes the request and hangs up without a word
    - wait: takes it and does not answer until it is released

    :ivar requests: list of dicts: method, path, query, headers, body (JSON or form)
    """

    STATUS = {
        **{"error": 500, "unavailable": 503, "busy": 429},
        **{"denied": 401, "refused": 400, "moved": 302},
    }

    def __init__(self):
        self.mode = "accept"
        self.requests = []
        self.taken = threading.Event()
        self.released = threading.Event()
        self.lock = threading.Lock()
        self._server = None
        self.port = 0

    def start(self):
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
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
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def clear(self):
        self.mode = "accept"
        self.requests.clear()

    def bodies(self, path=""):
        """What was asked at addresses that hold these letters."""
        return [row["body"] for row in self.requests if path in row["path"]]

    def reply(self, request):
        """Status and JSON, or bytes, with which a request is answered."""
        answer = getattr(self, f"answer_{self.mode}", None)
        if answer:
            return answer(request)
        return self.STATUS[self.mode], {"fault": self.mode}

    def answer_accept(self, request):
        return 200, {}

    def answer_garbled(self, request):
        return 200, b"<html>Bad Gateway</html>"

    def answer_listed(self, request):
        return 200, []


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """Clients that hang up are part of what is tried."""


class _Handler(BaseHTTPRequestHandler):
    owner = None

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        request = {
            "method": self.command,
            "path": parts.path,
            "query": {name: rows[0] for name, rows in parse_qs(parts.query).items()},
            "headers": dict(self.headers),
            "body": self._body(raw),
            "raw": raw,
        }
        owner = self.owner
        with owner.lock:
            owner.requests.append(request)
        owner.taken.set()
        if owner.mode == "silent":
            self.close_connection = True
            return
        if owner.mode == "wait":
            owner.released.wait(30)
            status, answer = owner.answer_accept(request)
        else:
            status, answer = owner.reply(request)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _handle  # noqa: N815

    def _body(self, raw):
        if "json" in (self.headers.get("Content-Type") or ""):
            return json.loads(raw or b"null")
        return {name: rows[0] for name, rows in parse_qs(raw.decode("latin-1")).items()}

    def log_message(self, *_arguments):
        """In silence."""


class Esms(Provider):
    """Brand name SMS: see `SmsApiEsms`.

    Modes besides: `unknown_key` (101), `no_credit` (103), `bad_number` (108),
    `template` (146), `duplicate` (124).
    """

    CODES = {
        **{"unknown_key": "101", "no_credit": "103", "bad_number": "108"},
        **{"template": "146", "duplicate": "124"},
    }

    def reply(self, request):
        if self.mode in self.CODES:
            return 200, {
                "CodeResult": self.CODES[self.mode],
                "CodeResponse": self.CODES[self.mode],
                "CountRegenerate": 0,
                "ErrorMessage": f"{request['body'].get('Phone')} is wrong",
            }
        return super().reply(request)

    def answer_accept(self, request):
        if request["path"].endswith("GetBalance_json"):
            return 200, {"Balance": 36693, "CodeResponse": "100", "UserID": 9999}
        return 200, {
            "CodeResult": "100",
            "CountRegenerate": 0,
            "SMSID": f"sms-{len(self.requests)}",
        }


class Zalo(Provider):
    """Zalo Notification Service and its OAuth server: see `civic.driver.zalo`.

    Access tokens are good until `expire` is called; each refresh token serves once.
    Modes besides: the number of an error, such as `-118`.
    """

    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self):
        self.access, self.refresh = "access-1", "refresh-1"
        self.renewed = 0
        return super().clear()

    def expire(self):
        self.access = "nobody has this one"

    def reply(self, request):
        if request["path"].endswith("/oa/access_token"):
            return self.renew(request)
        if self.mode.startswith("-"):
            return 200, {"error": int(self.mode), "message": "It is wrong"}
        return super().reply(request)

    def renew(self, request):
        with self.lock:
            body = request["body"]
            good = (
                body.get("refresh_token") == self.refresh
                and body.get("grant_type") == "refresh_token"
                and request["headers"].get("secret_key") == "app-secret"
            )
            if not good:
                return 200, {"error": -14014, "error_name": "Invalid refresh token."}
            self.renewed += 1
            self.access = f"access-{self.renewed + 1}"
            self.refresh = f"refresh-{self.renewed + 1}"
            return 200, {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "expires_in": "90000",
            }

    def answer_accept(self, request):
        if request["headers"].get("access_token") != self.access:
            return 200, {"error": -124, "message": "Access token invalid"}
        if request["path"].endswith("/oa/getoa"):
            return 200, {"error": 0, "data": {"name": "Trung tâm điều hành"}}
        if request["path"].endswith("/oa/message/cs"):
            return 200, {
                "error": 0,
                "message": "Success",
                "data": {"message_id": f"cs-{len(self.requests)}"},
            }
        return 200, {
            "error": 0,
            "message": "Success",
            "data": {
                "msg_id": f"msg-{len(self.requests)}",
                "sent_time": str(int(time.time() * 1000)),
                "quota": {"dailyQuota": "500", "remainingQuota": "499"},
            },
        }


class Facebook(Provider):
    """Messenger of a page: see `civic.driver.facebook`.

    Modes besides: `too_late`, when the sender's last message is a day old.
    """

    STATUS = {**Provider.STATUS, "too_late": 403}

    def answer_accept(self, request):
        if request["headers"].get("Authorization") != "Bearer access-1":
            return 401, {"error": {"code": 190, "type": "OAuthException"}}
        if request["path"].endswith("/me"):
            return 200, {"name": "Trung tâm điều hành", "id": "1"}
        return 200, {
            "recipient_id": request["body"]["recipient"]["id"],
            "message_id": f"m-{len(self.requests)}",
        }


class Stringee(Provider):
    """Automatic calls: see `civic.driver.call`."""

    def answer_accept(self, request):
        return 200, {
            "r": 0,
            "message": "SUCCESS",
            "call_id": f"call-vn-1-{len(self.requests)}",
        }


KEY = "chim-hoang-yen-khoa-bi-mat"


class GatewayCase(CivicCase):
    """A province with accounts at providers who answer on this machine."""

    @classmethod
    def serve(cls, provider):
        cls.addClassCleanup(provider.stop)
        return provider.start()

    @classmethod
    def make_gateway(cls, kind, server, **values):
        return cls.env["civic.gateway"].create(
            {"name": kind, "kind": kind, "url": server.url, "secret": KEY, **values}
        )

    @classmethod
    def make_sms(cls, **values):
        cls.esms = cls.serve(Esms())
        cls.sms = cls.make_gateway(
            "sms", cls.esms, account="api-key", sender="CIVIC", **values
        )

    @classmethod
    def make_zalo(cls, **values):
        cls.zns = cls.serve(Zalo())
        cls.zalo = cls.make_gateway(
            "zalo",
            cls.zns,
            **{
                **{"account": "app-1", "secret": "app-secret"},
                **{"access_key": "access-1", "refresh_key": "refresh-1"},
                **{"webhook_secret": "oa-secret", **values},
            },
        )

    @classmethod
    def make_call(cls, **values):
        cls.stringee = cls.serve(Stringee())
        cls.calls = cls.make_gateway(
            "call", cls.stringee, account="SK.1", sender="842343456789", **values
        )

    def press(self, gateway):
        """What the administrator is told by the button: type and words."""
        with self.enter_registry_test_mode():
            action = gateway.with_user(self.administrator).action_test()
        return action["params"]["type"], action["params"]["message"]

    @contextmanager
    def raises(self, kind, code):
        with self.assertRaises(AskError) as caught:
            yield
        self.assertEqual((caught.exception.kind, caught.exception.code), (kind, code))
