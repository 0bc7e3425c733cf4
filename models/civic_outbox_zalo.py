from odoo import models

from ..tools.ask import AskError
from ..tools.signed import read_json
from .civic_outbox_delivery import Undelivered

# What Zalo's errors mean for another try (zalo.cloud, “Cách xử lý mã lỗi”); those that
# are not here: not now.
KINDS = {
    # The recipient: no such number, no account, too old a version, wants none.
    **dict.fromkeys((-108, -110, -114, -118, -119, -134, -139, -141), "refused"),
    # The text: no such template, not approved, wrong parameters.
    **dict.fromkeys((-109, -111, -112, -113, -116, -121, -122), "refused"),
    **dict.fromkeys((-127, -130, -131, -132, -146), "refused"),
    # We: application, keys, rights, quota, credit.
    **dict.fromkeys((-101, -102, -103, -104, -105, -106, -115, -117), "server"),
    **dict.fromkeys((-120, -124, -125, -126, -135, -136, -137, -138), "server"),
    **dict.fromkeys((-140, -144, -145, -147, -216), "server"),
}


class CivicGateway(models.Model):
    _inherit = "civic.gateway"

    def _take_in_zalo(self, raw):
        """What became of our own messages is no message of a citizen."""
        # sudo: Zalo has no account with us; it has signed this
        outbox = self.env["civic.outbox"].sudo()
        if outbox._take_zalo_receipt(self, read_json(raw)):
            return None
        return super()._take_in_zalo(raw)


class CivicOutbox(models.Model):
    """Delivery by the Zalo Notification Service, which sends registered templates to
    telephone numbers (public documentation: developers.zalo.me, “Gửi ZNS”).

    Asked: ``POST https://business.openapi.zalo.me/message/template`` with the header
    access_token and phone (84912345678), template_id, template_data, tracking_id.
    Answered: error (0: taken in), message, data with msg_id. That it reached the device
    comes by webhook: event_name "user_received_message", message with msg_id,
    tracking_id and delivery_time.
    """

    _inherit = "civic.outbox"

    def _deliver_zalo(self, connections):
        """Send this row as a template message.

        :raises Undelivered: with what that means for another try
        """
        self._check_gateway()
        gateway = self._gateway()
        template = gateway._template(self.company_id, self.notice_id.id)
        if not template:
            raise Undelivered("refused", self.env._("There is no template for it."))
        notice, values, discreet = self._wording()
        try:
            answer = gateway._zalo_ask(
                "POST",
                gateway._url("message/template"),
                json={
                    "phone": self._recipient_phone().removeprefix("+"),
                    "template_id": template,
                    "template_data": notice._parameters(values, discreet),
                    "tracking_id": self.external_id,
                },
            )
        except AskError as error:
            raise Undelivered(error.kind, gateway._words_of(error)) from None
        error = answer.get("error")
        if error != 0:
            kind = KINDS.get(error, "temporary") if isinstance(error, int) else "unsure"
            code = error if isinstance(error, int) else "?"
            raise Undelivered(kind, self.env._("Zalo does not deliver it (%s).", code))
