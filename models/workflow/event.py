from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .event_labels import EVENT_LABELS
from .reactions import EVENT_REACTIONS, SIGNATURES

# Events that are on the sender's own page and nowhere else.
SENDER_EVENTS = (
    *("mark_violation", "violation_appealed", "violation_upheld", "violation_lifted"),
    *("lock", "unlock"),
    *("amend", "ask_withdrawal", "verify_sender", "sender_verified"),
)
# Events whose words the sender may read there.
SENDER_NOTES = (
    *("request_supplement", "supply", "refuse", "cancel", "withdraw"),
    "report_progress",
    *(code for code in SENDER_EVENTS if code != "verify_sender"),
)


class CivicEvent(models.Model):
    """What happened, once and for all: events are only ever added."""

    _name = "civic.event"
    _inherit = ["civic.kept"]
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
        lang = self.env.lang or "en_US"
        return [(code, label._translate(lang)) for code, label in EVENT_LABELS.items()]

    @api.model
    def _code_label(self, code):
        return dict(self._selection_code())[code]

    def _is_for_sender(self):
        """Whether the sender of the report may read that this has happened."""
        return self.is_public or self.code in SENDER_EVENTS

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))

    @api.model
    def _log(self, vals_list):
        """Add events: signed, kept and followed up as :mod:`.reactions` says."""
        for name in SIGNATURES:
            getattr(self, f"_sign_{name}")(vals_list)
        events = self.create(vals_list)
        for reaction in EVENT_REACTIONS:
            if concerned := events.filtered(reaction.concerns):
                getattr(concerned, f"_react_{reaction.name}")()
        return events

    @api.model
    def _sign_actor(self, vals_list):
        user = self.env["civic.door"]._event_user()
        for vals in vals_list:
            vals.setdefault("user_id", user.id)


class CivicDoor(models.AbstractModel):
    _inherit = "civic.door"

    @api.model
    def _event_user(self):
        """The officer who acts; nobody for citizens and for the system.

        A citizen's account in the history would give the citizen away.
        """
        user = self.env.user
        # By its groups, which are kept in memory: every transition asks.
        officer = user.has_group("base.group_user") and user.id != SUPERUSER_ID
        return user if officer else user.browse()

    def _log_note(self, code, note):
        """Add to each record an event that changes no state.

        :return: civic.event, elevated
        """
        records = self._elevated()
        events = self.env["civic.event"].with_env(records.env)
        return events._log([record._prepare_note(code, note) for record in records])

    def _prepare_note(self, code, note):
        """Values of an event that changes no state."""
        return {
            **self._event_target(),
            "code": code,
            "at": self._now(),
            "from_state": self.state,
            "to_state": self.state,
            "note": note,
        }
