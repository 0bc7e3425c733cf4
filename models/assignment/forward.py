from odoo import fields, models
from odoo.exceptions import UserError

from ..ground.guard import required_text

FOLLOW_UP = "follow_up"


class CivicAssignment(models.Model):
    """A report passed on to be followed up: no result is owed (ST Điều 21)."""

    _inherit = "civic.assignment"

    follow_up_note = fields.Text("What Was Done", readonly=True)

    def note_follow_up(self, note):
        """Note what was done about what was passed on; it may be done again.

        :param note: for the Centre; the citizen does not read it
        """
        assignments = self._enter("note_follow_up")
        note = required_text(self.env, note, self.env._("what was done"))
        for assignment in assignments:
            if assignment.follow_up_note == note:
                raise UserError(self.env._("This has been noted already."))
            values = {"follow_up_note": note}
            if not assignment.handler_id:
                values["handler_id"] = self.env.uid
            assignment._walk("note_follow_up", values, note=note)
        return True

    def _guard_owes_result(self):
        if self.role == FOLLOW_UP:
            return self.env._(
                "%(assignment)s was passed on for follow-up: no result is owed, note "
                "what you did.",
                assignment=self.display_name,
            )
        return None

    def _guard_follows_up(self):
        if self.role != FOLLOW_UP:
            return self.env._(
                "%s is yours to handle: write its result.", self.display_name
            )
        return None

    def _prepare_follow_up(self, report, agency, note):
        return {
            "report_id": report.id,
            "agency_id": agency.id,
            "company_id": report.company_id.id,
            "role": FOLLOW_UP,
            "handler_id": agency.focal_handler_id.id,
            "leader_id": agency.focal_leader_id.id,
            "note": note,
            "dispatched_at": self._now(),
            "state": "pending",
        }


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _check_followed_up(self, agency):
        """:raises UserError: unless the body is of these reports' province"""
        if agency.company_id != self.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))

    def _give_to_follow_up(self, agency, note=None):
        """Put reports on the list of the body that follows them up."""
        assignments = self.env["civic.assignment"].with_env(self.env)
        return assignments.create(
            [assignments._prepare_follow_up(report, agency, note) for report in self]
        )

    def forward(self, agency_id, note=None):
        """Pass on what is owed no result: past events with too little evidence, and
        constructive suggestions (ST Điều 21).

        :param agency_id: id of the body that follows it up
        :param note: what it should know
        """
        reports = self._enter("forward")
        agency = self._known_agencies([agency_id])
        if not agency:
            raise UserError(self.env._("Choose an agency."))
        reports._check_followed_up(agency)
        reports._walk(
            "forward",
            {"agency_id": agency.id, "closed_at": self._now()},
            note="\n".join(filter(None, [agency.name, note])),
        )
        reports._give_to_follow_up(agency, note)
        return True
