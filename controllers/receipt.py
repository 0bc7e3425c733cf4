from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..models.vault.vault import VaultError


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
    def civic_receipt(self, code, **values):
        """What became of a message; the address itself is the proof."""
        try:
            # superuser: providers have no account with us
            outbox = request.env(user=SUPERUSER_ID)["civic.outbox"]
            outbox._take_receipt_at(code, values)
            status = 200
        except VaultError:
            status = 503  # it is to be said again
        return request.make_response("", [("Cache-Control", "no-store")], status=status)
