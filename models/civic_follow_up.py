from odoo import api, fields, models
from odoo.exceptions import UserError

FOLLOW_UP = "follow_up"
# All that is done with a report that was forwarded for follow-up.
FOLLOW_UP_VERBS = frozenset({"note_follow_up", "drop", "request_disclosure"})


class CivicAssignment(models.Model):
    """A report passed on to be followed up: no result is owed (ST Điều 21)."""

    _inherit = "civic.assignment"

    follow_up_note = fields.Text("What Was Done", readonly=True)

    def note_follow_up(self, note):
        """Note what was done about what was passed on; it may be done again.

        :param note: for the Centre; the citizen does not read it
        """
        assignments = self._enter("note_follow_up")
        note = self.env["civic.report"]._required_text(
            note, self.env._("what was done")
        )
        for assignment in assignments:
            if assignment.follow_up_note == note:
                raise UserError(self.env._("This has been noted already."))
            values = {"follow_up_note": note}
            if not assignment.handler_id:
                values["handler_id"] = self.env.uid
            assignment._walk("note_follow_up", values, note=note)
        return True

    def _check_state(self, transition):
        result = super()._check_state(transition)
        for assignment in self:
            if transition.verb not in assignment._role_verbs({transition.verb}):
                raise UserError(
                    self.env._(
                        "%(assignment)s was passed on for follow-up: no result is "
                        "owed, note what you did.",
                        assignment=assignment.display_name,
                    )
                    if assignment.role == FOLLOW_UP
                    else self.env._(
                        "%s is yours to handle: write its result.",
                        assignment.display_name,
                    )
                )
        return result

    def _role_verbs(self, verbs):
        """Those of the verbs that an agency of this role has."""
        if self.role == FOLLOW_UP:
            return verbs & FOLLOW_UP_VERBS
        return verbs - {"note_follow_up"}

    def _allowed_verbs(self, roles):
        return self._role_verbs(super()._allowed_verbs(roles))

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


class CivicOutbox(models.Model):
    """The body is told of what was passed on to it, as of work."""

    _inherit = "civic.outbox"

    def _followed_up(self, row, report):
        if self.env["civic.notice"]._event_of(row["notice_id"]) != "forward":
            return self.env["civic.agency"]
        return report.agency_id

    @api.model
    def _agency_told(self, row, report, assignment):
        return self._followed_up(row, report) or super()._agency_told(
            row, report, assignment
        )

    @api.model
    def _officer_told(self, row, report, assignment):
        agency = self._followed_up(row, report)
        if agency:
            return agency.focal_handler_id or agency.focal_leader_id
        return super()._officer_told(row, report, assignment)

    def _work_path(self):
        if self.notice_id.event == "forward":
            return "/odoo/civic-for-follow-up"
        return super()._work_path()
