import base64
import hashlib
import hmac
import json
import time
import uuid

from odoo import models
from odoo.exceptions import UserError

from ..tools.ask import AskError
from ..tools.text import InvalidPhone, phone_e164

TOKEN_SECONDS = 600


class CivicGateway(models.Model):
    """Automatic calls, in the format of Stringee (public documentation:
    developer.stringee.com, “Make outbound calls”, “Call Events”).

    Asked: ``POST <address>/call2/callout`` with the header ``X-STRINGEE-AUTH`` (a JSON
    web token of the API key) and from, to and actions, one of which reads a text out.
    Answered: r (0: the call is being made), message, call_id. What became of it comes
    by POST to the event address: call_id, call_status (created, started, ringing,
    answered, ended), answerDuration, endCallCause ("486 Busy Here").
    """

    _inherit = "civic.gateway"

    def _call(self, number, text):
        """Have a number called and a text read out, three times over.

        :param number: E.164
        :return: what the provider calls the call
        :raises AskError: with what became of it
        """
        caller = {
            "type": "external",
            "number": self.sender or "",
            "alias": self.sender or "",
        }
        called = number.removeprefix("+")
        answer = self._ask(
            "POST",
            self._url("call2/callout"),
            headers={"X-STRINGEE-AUTH": self._call_token()},
            json={
                "from": caller,
                "to": [{"type": "external", "number": called, "alias": called}],
                "actions": [{"action": "talk", "text": text, "loop": 3}],
            },
        )
        if answer.get("r") != 0:
            raise AskError("temporary", "refused")
        return str(answer.get("call_id") or "")

    def _call_token(self):
        """A JSON web token that is good for some minutes."""
        header = {"typ": "JWT", "alg": "HS256", "cty": "stringee-api;v=1"}
        account = self.account or ""
        payload = {
            "jti": f"{account}-{uuid.uuid4().hex}",
            "iss": account,
            "exp": int(time.time()) + TOKEN_SECONDS,
            "rest_api": True,
        }
        text = b".".join(_base64url(json.dumps(part)) for part in (header, payload))
        key = self._secret("secret").encode()
        mac = hmac.digest(key, text, hashlib.sha256)
        return b".".join((text, _base64url(mac))).decode()

    def _test_stringee(self):
        """Call the administrator: there is nothing else to ask the provider."""
        try:
            number = phone_e164(self.env.user.phone or "")
        except InvalidPhone:
            raise UserError(
                self.env._("Write your telephone number into your own profile first.")
            ) from None
        self._call(number, self.env._("This is a test call of civic reports."))
        return self.env._("Your own telephone should ring now.")


def _base64url(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=")
