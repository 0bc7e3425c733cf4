from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..models.messages.gateway_in import LARGEST_EVENT, UNKNOWN

TOO_LARGE = 413


class CivicWebhook(http.Controller):
    """The addresses at which providers of chats, SMS and telephony tell us things.

    Every answer is a status and nothing else: whoever does not know the secret learns
    nothing from it.
    """

    @http.route(
        "/civic_report/webhook/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        readonly=False,
        save_session=False,
    )
    def civic_webhook(self, token, **_query):
        gateway = self._gateway(token)
        if not gateway:
            return self._answer(UNKNOWN)
        http_request = request.httprequest
        if (http_request.content_length or 0) > LARGEST_EVENT:
            return self._answer(TOO_LARGE)
        raw = http_request.get_data()
        return self._answer(gateway._take_in(raw, http_request.headers))

    @http.route(
        "/civic_report/webhook/<string:token>",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def civic_webhook_challenge(self, token, **query):
        """Some providers ask first whether the address is ours."""
        gateway = self._gateway(token)
        words = gateway._driver()._challenge(gateway, query) if gateway else ""
        return self._answer(200 if words else UNKNOWN, words)

    def _gateway(self, token):
        # superuser: nobody is signed in; the signature says who sends
        model = request.env(user=SUPERUSER_ID)["civic.gateway"]
        return model._by_address(token)

    def _answer(self, status, words=""):
        return request.make_response(
            words,
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
            status=status,
        )
