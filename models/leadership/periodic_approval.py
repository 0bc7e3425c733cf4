from odoo import models

from ..ground.guard import reason_text


class CivicPeriodicReport(models.Model):
    """A draft is approved by another person, or sent back."""

    _inherit = "civic.periodic.report"

    def approve(self):
        """Approve a draft, as somebody else than who had the last hand in it."""
        self.ensure_one()
        self._enter("approve")._walk(
            "approve", {"approved_by_id": self.env.uid, "approved_at": self._now()}
        )
        return True

    def send_back(self, reason):
        """Take an approved draft up again.

        :param reason: what is to be changed
        """
        self.ensure_one()
        report = self._enter("send_back")
        reason = reason_text(self.env, reason, self.env._("what is to be changed"))
        report._walk(
            "send_back", {"approved_by_id": False, "approved_at": False}, note=reason
        )
        return True

    def _guard_drafted_by_another(self):
        if self.drafted_by_id.id == self.env.uid:
            return self.env._("You wrote or counted last: another manager approves.")
        return None
