from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.text import clean


class CivicAssignment(models.Model):
    """What handlers and leaders do with an assignment."""

    _inherit = "civic.assignment"

    @api.model
    def _dispatch(self, reports, agencies, lead_id, note):
        """Create the assignments of a dispatch and start their first clocks.

        :param reports: elevated records
        :return: the assignments
        """
        now = self._now()
        assignments = self.create(
            [
                {
                    "report_id": report.id,
                    "agency_id": agency.id,
                    "company_id": report.company_id.id,
                    "role": self._role_of(report, agency, agencies, lead_id),
                    "handler_id": agency.focal_handler_id.id,
                    "leader_id": agency.focal_leader_id.id,
                    "note": note,
                    "dispatched_at": now,
                    "state": self._first_state(report),
                }
                for report in reports
                for agency in agencies
            ]
        )
        self.env["civic.step"]._open(
            [
                assignment._prepare_step(code)
                for assignment in assignments
                for code in assignment._first_steps()
            ]
        )
        self.env["civic.step"]._refresh_clocks(assignments)
        return assignments

    @api.model
    def _role_of(self, report, agency, agencies, lead_id):
        if len(agencies) == 1 or agency.id == lead_id:
            return "lead"
        return "co" if report.procedure_id.lead_and_co else "parallel"

    @api.model
    def _first_state(self, report):
        return "pending" if report.procedure_id.accept_step else "accepted"

    def _first_steps(self):
        """Codes of the duties that a dispatch starts.

        The time to return what is not theirs runs from the dispatch as well, beside the
        time to take in (HUE Điều 7.4).
        """
        first = "accept" if self.state == "pending" else "process"
        has_window = self.report_id.procedure_id._limit(
            self.report_id.track, "return_wrong"
        )
        return [first, "return_wrong"] if has_window else [first]

    # ------------------------------------------------------------------
    # Handler
    # ------------------------------------------------------------------

    def accept(self):
        """Take assignments in (HUE Điều 7.1a); who does so is their handler."""
        assignments = self._enter("accept")
        assignments._walk(
            "accept", {"handler_id": self.env.uid, "accepted_at": self._now()}
        )
        return True

    def return_wrong(self, reason, suggested_agency_id=None):
        """Give back to the Centre what is not for this agency (HUE Điều 7.1b, 7.4).

        :param reason: why it is not
        :param suggested_agency_id: id of the right agency, if known
        """
        assignments = self._enter("return_wrong")
        Report = self.env["civic.report"]
        reason = Report._required_text(reason, self.env._("why it is not yours"))
        suggested = (
            Report._known_agencies([suggested_agency_id])
            if suggested_agency_id
            else None
        )
        if suggested and suggested in assignments.agency_id:
            raise UserError(self.env._("Suggest another agency than your own."))
        assignments._walk(
            "return_wrong",
            {
                "return_reason": reason,
                "suggested_agency_id": suggested.id if suggested else False,
            },
            note="\n".join(filter(None, [reason, suggested and suggested.name])),
        )
        assignments.report_id._after_assignments(reason)
        return True

    def submit(self, result=None):
        """Hand the result to the leader for approval.

        :param result: the text; by default the draft kept in the assignment
        """
        assignments = self._enter("submit")
        values = {"submitted_at": self._now(), "submitted_by_id": self.env.uid}
        if result is not None:
            values["result"] = clean(result)
        for assignment in assignments:
            text = values.get("result", assignment.result) or ""
            if not text.strip():
                raise UserError(
                    self.env._(
                        "%s: write what was done, or by when it will be, before you "
                        "submit.",
                        assignment.display_name,
                    )
                )
        assignments._walk("submit", values)
        return True

    # ------------------------------------------------------------------
    # Leader
    # ------------------------------------------------------------------

    def approve(self, result=None):
        """Approve results, corrected on the way where the procedure allows it
        (HUE Điều 8.1).

        :param result: the corrected text
        """
        assignments = self._enter("approve")
        assignments._check_other_hand(self.env.user)
        values = {
            "approved_at": self._now(),
            "approved_by_id": self.env.uid,
            "leader_id": self.env.uid,
        }
        note = None
        if result is not None:
            values["result"] = assignments._corrected(result)
            note = self.env._("Corrected by the leader.")
        assignments._walk("approve", values, note=note)
        assignments.report_id._after_assignments()
        return True

    def _check_other_hand(self, user):
        """Nobody approves what the same person wrote, unless the procedure allows."""
        for assignment in self:
            if (
                assignment.submitted_by_id == user
                and not assignment.report_id.procedure_id.handler_may_approve
            ):
                raise AccessError(
                    self.env._(
                        "%s: you submitted this result; another leader of the agency "
                        "must approve it.",
                        assignment.display_name,
                    )
                )

    def _corrected(self, result):
        for assignment in self:
            if not assignment.leader_may_edit:
                raise UserError(
                    self.env._(
                        "Under %s leaders do not correct results: send it back.",
                        assignment.report_id.procedure_id.name,
                    )
                )
        return self.env["civic.report"]._required_text(
            result, self.env._("the corrected result")
        )

    def send_back(self, reason):
        """Send results back to the handler (HUE Điều 8.1a).

        :param reason: what must be done again
        """
        assignments = self._enter("send_back")
        reason = self.env["civic.report"]._required_text(
            reason, self.env._("what must be done again")
        )
        assignments._back_to_work("send_back", reason)
        return True

    def _fix(self, reason):
        """The Centre sends approved results back; see reports."""
        self._lock_rows()
        self._check_state(self._transition("fix"))
        self._back_to_work("fix", reason)

    def _back_to_work(self, verb, reason):
        for assignment in self:
            assignment._walk(
                verb,
                {
                    "send_back_count": assignment.send_back_count + 1,
                    "send_back_reason": reason,
                },
                note=reason,
            )

    def _prepare_step(self, code):
        spec = super()._prepare_step(code)
        if code == "process":
            earlier = self.step_ids.filtered(
                lambda step: step.code == "process" and step.deadline
            )
            if earlier:
                # Sent back: the six days of the law go on, they do not begin anew.
                spec["deadline"] = earlier[-1].deadline
        return spec
