from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError

from .transitions import OPEN_ASSIGNMENT_STATES


class CivicExtension(models.Model):
    """A handler's request for more time, with a written notice and a committed date
    (ST Điều 14.3)."""

    _name = "civic.extension"
    _inherit = ["civic.kept"]
    _description = "Extension"
    _order = "id desc"
    _rec_name = "document"

    assignment_id = fields.Many2one(
        "civic.assignment",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    report_id = fields.Many2one(
        related="assignment_id.report_id", store=True, index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    agency_id = fields.Many2one(related="assignment_id.agency_id", store=True)
    document = fields.Char(
        "Written Notice", required=True, readonly=True, help="Its number and date."
    )
    committed_date = fields.Date(required=True, readonly=True)
    granted_until = fields.Date(
        readonly=True, help="The new deadline, as the intake centre set it."
    )
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("granted", "Granted"), ("rejected", "Rejected")],
        required=True,
        default="asked",
        readonly=True,
    )
    requested_at = fields.Datetime("Asked", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    decision_note = fields.Text(readonly=True)

    _one_asked = models.UniqueIndex(
        "(assignment_id) WHERE state = 'asked'",
        "An extension of this assignment awaits its decision already.",
    )

    # ------------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------------

    def grant(self, until=None):
        """Set the new deadline by the written notice; overdue is then counted apart.

        :param until: its day; by default the date to which the agency has committed
        """
        self.ensure_one()
        date = until and self.sudo().assignment_id._checked_commitment(until)
        extension = self._decide("granted", until=date)
        extension.assignment_id._extend(extension.granted_until)
        return True

    def reject(self, reason):
        """Keep the deadline.

        :param reason: what the agency is told
        """
        reason = self.env["civic.report"]._required_text(reason, self.env._("a reason"))
        self._decide("rejected", reason)
        return True

    def _decide(self, state, note=None, until=None):
        self.ensure_one()
        if self != self.exists()._filtered_access("read"):
            raise MissingError(self.env._("Not found: there is no such request."))
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(
                self.env._("Only the intake centre decides on extensions.")
            )
        assignment = self.assignment_id._elevated()
        assignment._lock_rows()
        extension = self.with_env(assignment.env)
        if extension.state != "asked":
            raise UserError(self.env._("This request has been decided already."))
        if state == "granted" and assignment.state not in OPEN_ASSIGNMENT_STATES:
            raise UserError(
                self.env._("%s: the work has ended.", assignment.display_name)
            )
        granted = until or extension.committed_date
        extension.write(
            {
                "state": state,
                "decided_by": self.env.uid,
                "decided_at": assignment._now(),
                "decision_note": note,
                "granted_until": granted if state == "granted" else False,
            }
        )
        assignment._log(f"extension_{state}", note or str(granted))
        return extension
