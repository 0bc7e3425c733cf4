from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import consteq

from ..tools.text import is_number

MAC_LENGTH = 32
ID_LENGTH = 32


class CivicOutbox(models.Model):
    """What providers tell of a message afterwards: that it arrived, or did not.

    Whatever order and number their words come in, a message never goes a step back:
    what arrived has arrived.
    """

    _inherit = "civic.outbox"

    delivered_at = fields.Datetime("Delivered", readonly=True)
    provider_ref = fields.Char(
        readonly=True,
        index="btree_not_null",
        groups="base.group_system",
        help="What the provider calls it.",
    )

    def _receipt_url(self):
        """Where the provider tells what became of this message: nobody else can work
        the address out."""
        code = self.external_id + self._receipt_mac(self.external_id)
        return f"{self._site()}/civic_report/receipt/{code}"

    @api.model
    def _receipt_mac(self, external_id):
        return self.env["civic.vault"]._fingerprint("receipt", external_id)[:MAC_LENGTH]

    @api.model
    def _by_receipt_code(self, code):
        """The message whose address was given to a provider; empty for any other.

        :raises VaultError: the key is missing or wrong
        """
        external_id, mac = code[:ID_LENGTH], code[ID_LENGTH:]
        vault = self.env["civic.vault"]
        known = [
            each[:MAC_LENGTH] for each in vault._fingerprints("receipt", external_id)
        ]
        if not (mac.isascii() and sum(consteq(each, mac) for each in known)):
            return self.browse()
        return self.search([("external_id", "=", external_id)], limit=1)

    def _take_receipt(self, arrived):
        """Write down what the provider says became of this message.

        :param arrived: whether it did
        """
        if not self:
            return
        self._wait_for_worker()
        if self.delivered_at:
            return
        if arrived:
            self.delivered_at = self.env["civic.door"]._now()
            if self.state != "sent":
                self._settle("sent", False)
        elif self.state == "sent":
            row = self._speaking()
            words = row.env._("The provider could not deliver it.")
            row._give_up("dead", words)

    def _wait_for_worker(self):
        """Lock this row, once the worker that may have it in hand is done with it."""
        self.ensure_one()
        query = SQL("SELECT id FROM civic_outbox WHERE id = %s FOR UPDATE", self.id)
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset()

    @api.model
    def _take_esms_receipt(self, code, values):
        """What eSMS says of an SMS; see `SmsApiEsms`.

        :param values: dict of its parameters
        """
        row = self._by_receipt_code(code)
        if _number(values.get("SendSuccess")) > 0:
            row._take_receipt(True)
        elif (
            _number(values.get("SendFailed")) > 0
            or _number(values.get("SendStatus")) == 4
        ):
            row._take_receipt(False)

    @api.model
    def _take_zalo_receipt(self, gateway, event):
        """What Zalo says of a template message; its signature has been checked.

        :param gateway: civic.gateway whom it told
        :param event: dict of `user_received_message`: its message has the tracking_id
            that we gave, and delivery_time
        :return: whether it was about such a message
        """
        message = event.get("message")
        if event.get("event_name") != "user_received_message" or not isinstance(
            message, dict
        ):
            return False
        tracking_id = message.get("tracking_id")
        if not isinstance(tracking_id, str):
            return False
        self.search(
            [
                ("external_id", "=", tracking_id),
                ("channel", "=", "zalo"),
                ("company_id", "=", gateway.company_id.id),
            ],
            limit=1,
        )._take_receipt(True)
        return True


def _number(value):
    """A whole number as a provider writes it; 0 for anything else."""
    text = str(value)
    return int(text) if is_number(text) and len(text) < 10 else 0
