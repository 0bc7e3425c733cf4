import json

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..models.civic_vault import VaultError

LARGEST = 64 * 1024


class CivicReceipt(http.Controller):
    """Providers tell what became of messages.

    Whatever they say, and whoever says it, the answer is the same: it does not tell
    whether there is such a message.
    """

    @http.route(
        "/civic_report/receipt/<string:code>",
        type="http",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def civic_sms_receipt(self, code, **values):
        """What became of an SMS; the address itself is the proof."""
        try:
            _outbox()._take_esms_receipt(code, values)
        except VaultError:
            return _answer(503)
        return _answer()

    @http.route(
        "/civic_report/receipt/call/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def civic_call_receipt(self, token, **_query):
        """What became of a call; the address itself is the proof."""
        outbox = _outbox()
        gateway = outbox.env["civic.gateway"]._by_token(token, "call")
        if gateway:
            outbox._take_call_receipt(gateway, _event())
        return _answer()


def _outbox():
    # superuser: providers have no account; each proves by a secret whom it speaks of
    return request.env(user=SUPERUSER_ID)["civic.outbox"]


def _answer(status=200):
    return request.make_response("", [("Cache-Control", "no-store")], status=status)


def _event():
    """The JSON object that was sent; nothing where it is none, or too much."""
    length = request.httprequest.content_length
    if length is None or length > LARGEST:
        return {}
    try:
        values = json.loads(request.httprequest.get_data())
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
