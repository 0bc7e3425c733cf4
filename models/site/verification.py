from odoo import models

from ..ground.citizen import as_citizen


class CivicReport(models.Model):
    """Senders prove by a one-time code who they are (ST Điều 9.2, 10.5b)."""

    _inherit = "civic.report"

    def _ask_verification(self):
        """Send a first-time sender a one-time code, where the procedure asks for it.

        Nothing depends on it: without an answer the Centre calls.
        """
        if self.sender_unverified:
            self.env["civic.code"]._issue_sudo(self, "verify")

    def _verify_by_code_sudo(self, digits):
        """Verify the sender of a report by the digits that were sent.

        What the report says of the sender otherwise than was known is proved, too.

        :return: whether they are right
        """
        self.ensure_one()
        if not self.env["civic.code"]._check_sudo(self, "verify", digits):
            return False
        report = as_citizen(self)._elevated()
        if report.sender_unverified:
            report.reporter_id._set_verified("code")
            report._walk("sender_verified")
        report._prove_statement()
        return True

    def _verification_values(self):
        """What the page after sending says of verification: dict of plain values."""
        codes = self.env["civic.code"].search(
            [("report_id", "=", self.id), ("purpose", "=", "verify")]
        )
        return {
            "is_asked": self.sender_unverified,
            "is_on_way": codes._is_live(),
            "can_send": bool(codes),
            "is_done": bool(codes.used_at) and not self.sender_unverified,
        }

    def _reception_words(self):
        """When the Centre takes reports in, where that is not at any time."""
        self.ensure_one()
        # sudo: what a regulation says is no secret
        if self.sudo().procedure_id.intake_always or self.track == "emergency":
            return ""
        return self.env._(
            "Reports are taken in in office hours, emergencies at any time."
        )
