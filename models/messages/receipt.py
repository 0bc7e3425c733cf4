from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import consteq

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

    @api.model
    def _by_provider_ref(self, channel, ref, company):
        """The message that a provider calls so; empty for none.

        :param ref: from outside, a text if it is right
        """
        if not (isinstance(ref, str) and ref):
            return self.browse()
        return self.search(
            [
                ("provider_ref", "=", ref),
                ("channel", "=", channel),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )

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
    def _take_receipt_at(self, code, values):
        """Take in what a provider says at the address of a message.

        :param code: last part of the address
        :param values: dict of its parameters
        :raises VaultError: the key is missing or wrong
        """
        row = self._by_receipt_code(code)
        arrived = row._driver()._arrived(values)
        if arrived is not None:
            row._take_receipt(arrived)
