from odoo import fields, models

from ..ground.guard import required_text
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES


class CivicExtension(models.Model):
    """A handler's request for more time, with a written notice and a committed date
    (ST Điều 14.3)."""

    _name = "civic.extension"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Extension"
    _order = "id desc"
    _rec_name = "document"
    _open_states = ("asked",)
    _locked_with = "assignment_id"

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
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
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
        extension = self._enter("grant")
        assignment = extension.assignment_id
        date = extension.committed_date
        if until:
            date = assignment._checked_commitment(until)
        extension._walk(
            "grant",
            {**extension._decision_values(), "granted_until": date},
            note=str(date),
        )
        assignment._extend(date)
        return True

    def reject(self, reason):
        """Keep the deadline.

        :param reason: what the agency is told
        """
        self.ensure_one()
        extension = self._enter("reject")
        reason = required_text(self.env, reason, self.env._("a reason"))
        extension._walk("reject", extension._decision_values(reason), note=reason)
        return True

    def _decision_values(self, note=None):
        return {
            "decided_by": self.env.uid,
            "decided_at": self._now(),
            "decision_note": note,
        }

    def _guard_work_goes_on(self):
        if self.assignment_id.state not in OPEN_ASSIGNMENT_STATES:
            return self.env._(
                "%s: the work has ended.", self.assignment_id.display_name
            )
        return None

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _event_target(self):
        self.ensure_one()
        return self.assignment_id._event_target()
