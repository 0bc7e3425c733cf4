from odoo import models
from odoo.exceptions import UserError

from ..ground.guard import required_text


class CivicAssignment(models.Model):
    """How far it has come (HUE Điều 7.3)."""

    _inherit = "civic.assignment"

    def report_progress(self, message):
        """Tell the citizen how far it has come (HUE Điều 7.3).

        :param message: what the citizen reads
        """
        self.ensure_one()
        assignment = self._enter("report_progress")
        message = required_text(self.env, message, self.env._("how far it has come"))
        message = message[:2000]
        told = self.env["civic.event"].with_env(assignment.env)
        told = told.search(
            [("assignment_id", "=", assignment.id), ("code", "=", "report_progress")],
            order="id desc",
            limit=1,
        )
        if told.note == message:
            raise UserError(self.env._("The sender was told these words already."))
        assignment._walk("report_progress", note=message)
        return True
