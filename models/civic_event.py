from odoo import api, fields, models
from odoo.exceptions import UserError

from .door import check_inside


class CivicEvent(models.Model):
    """What happened, once and for all: events are only ever added."""

    _name = "civic.event"
    _description = "Event"
    _order = "at desc, id desc"
    _rec_name = "code"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, ondelete="restrict", readonly=True
    )
    assignment_id = fields.Many2one(
        "civic.assignment", index="btree_not_null", ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one(related="assignment_id.agency_id")
    code = fields.Selection("_selection_code", "Event", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        ondelete="restrict",
        help="Empty for what citizens and the system did.",
    )
    at = fields.Datetime("When", required=True, readonly=True)
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    is_public = fields.Boolean(readonly=True)

    @api.model
    def _selection_code(self):
        """Every verb of the table of transitions, and what happens beside them."""
        _ = self.env._
        return [
            ("send", _("Sent")),
            ("take", _("Taken by an operator")),
            ("receive", _("Received")),
            ("request_supplement", _("Supplement requested")),
            ("supply", _("Supplement given")),
            ("refuse", _("Refused")),
            ("cancel", _("Cancelled")),
            ("dispatch", _("Dispatched")),
            ("take_back", _("Back to the Centre")),
            ("resolve", _("All results approved")),
            ("request_fix", _("Correction requested by the Centre")),
            ("publish", _("Result published")),
            ("rate", _("Rated")),
            ("accept", _("Taken in by the agency")),
            ("draft", _("Work begun")),
            ("return_wrong", _("Returned: not competent")),
            ("submit", _("Result submitted")),
            ("approve", _("Result approved")),
            ("send_back", _("Result sent back")),
            ("fix", _("Result reopened")),
            ("track", _("Track changed")),
            ("visibility", _("Visibility changed")),
            ("hide", _("Taken off the public page")),
        ]

    @api.model
    def _code_label(self, code):
        return dict(self._selection_code())[code]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _check_append_only(self):
        raise UserError(
            self.env._("The history is only ever added to, by the workflow itself.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        check_inside(self.env)
        return super().create(vals_list)

    def write(self, vals):
        self._check_append_only()
        return super().write(vals)

    def unlink(self):
        self._check_append_only()
        return super().unlink()

    @api.model
    def _log(self, vals_list):
        """Add events; the actor is the current officer, never a citizen."""
        user = self.env["civic.report"]._event_user()
        for vals in vals_list:
            vals.setdefault("user_id", user.id)
        return self.create(vals_list)
