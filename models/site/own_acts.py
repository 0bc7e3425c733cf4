from odoo import models
from odoo.fields import Domain


class CivicReport(models.Model):
    """What the sender does on the own page; each takes the proof of who it is."""

    _inherit = "civic.report"

    def _supply_as(self, proof, message, files):
        """Complete the own report with words and files (HUE Điều 13.3).

        :param proof: see `_as_sender`
        :param message: what is added
        :param files: list of bytes
        :raises UserError: in words for the citizen, also for files not accepted
        """
        self._supply_read_as(
            proof, message, self.env["ir.attachment"]._civic_read(files)
        )

    def _amend_as(self, proof, values):
        """Correct the own report, see `amend`.

        :param proof: see `_as_sender`
        """
        self._as_sender(proof).amend(**values)

    def _withdraw_as(self, proof, reason):
        """Withdraw the own report, or ask the Centre to end what an agency has.

        :param proof: see `_as_sender`
        """
        report = self._as_sender(proof)
        if self._may_as_sender("withdraw"):
            report.withdraw(reason)
        else:
            report.ask_withdrawal(reason)

    def _rate_as(self, proof, level_id, comment):
        """Rate the handling of the own report, see `rate`.

        :param proof: see `_as_sender`
        """
        self._as_sender(proof).rate(level_id, comment)

    def _choose_privacy_as(self, proof, private):
        """Keep the own report private, or allow its publication.

        :param proof: see `_as_sender`
        :param private: whether it is to be kept private
        """
        report = self._as_sender(proof)
        if private:
            report.ask_private()
        else:
            report.allow_publication()

    def _ward_choices(self):
        own = Domain("company_id", "in", [self.company_id.id, False])
        return [(ward.id, ward.name) for ward in self.env["civic.ward"].search(own)]
