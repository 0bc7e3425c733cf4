from odoo import models
from odoo.exceptions import MissingError, UserError

from ..tools.text import clean


class CivicReport(models.Model):
    """Ways of a report besides the normal one."""

    _inherit = "civic.report"

    # ------------------------------------------------------------------
    # Sensitive (HUE Điều 11, BG 4.2)
    # ------------------------------------------------------------------

    def _needs_coordination(self):
        return self.track == "sensitive" and self.procedure_id.sensitive_consult

    def consult(self, agency_id):
        """Ask the coordinating agency who is competent (HUE Điều 11.2).

        :param agency_id: id of the agency that the province has appointed for it
        """
        reports = self._enter("consult")
        agency = reports._coordinating(agency_id)
        reports._walk("consult", {"coordinator_agency_id": agency.id}, note=agency.name)
        return True

    def answer_consult(self, agency_ids, note=None):
        """Say, as the coordinating agency, who is competent (HUE Điều 11.2).

        :param agency_ids: ids of the competent agencies
        :param note: what the Centre should know
        """
        reports = self._enter("answer_consult")
        agencies = self._known_agencies(agency_ids)
        if not agencies:
            raise UserError(self.env._("Choose at least one agency."))
        reports._walk(
            "answer_consult",
            {
                "suggested_agency_ids": [(6, 0, agencies.ids)],
                "consulted_at": self._now(),
            },
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        return True

    def ask_concurrence(self, agency_id=None):
        """Ask the coordinating agency to agree with the result (HUE Điều 11.4).

        :param agency_id: id of the agency; by default the one that was consulted
        """
        reports = self._enter("ask_concurrence")
        for report in reports:
            agency = report._coordinating(agency_id or report.coordinator_agency_id.id)
            report._walk(
                "ask_concurrence",
                {"coordinator_agency_id": agency.id, "concurred_at": False},
                note=agency.name,
            )
        return True

    def concur(self):
        """Agree with the result: it may be published (HUE Điều 11.4a)."""
        reports = self._enter("concur")
        reports._walk("concur", {"concurred_at": self._now()})
        return True

    def disagree(self, reason):
        """Do not agree: the report is dispatched anew (HUE Điều 11.4b).

        :param reason: what is wrong with the result
        """
        reports = self._enter("disagree")
        reason = reports._required_text(reason, self.env._("why you do not agree"))
        reports.assignment_ids._drop(reason)
        reports._walk(
            "disagree",
            {"resolved_at": False, "concurred_at": False, "agency_id": False},
            note=reason,
        )
        return True

    # ------------------------------------------------------------------
    # Designation and disagreement between agencies
    # ------------------------------------------------------------------

    def ask_designation(self, note):
        """Ask the provincial People's Committee which agency is competent
        (ST Điều 5, 13.3).

        :param note: why it is not known
        """
        return self._ask_province("ask_designation", note)

    def escalate(self, note):
        """Put a disagreement between agencies to the provincial People's Committee
        (HUE Điều 3.8, ST Điều 3.7).

        :param note: what the agencies disagree about
        """
        return self._ask_province("escalate", note)

    def _ask_province(self, verb, note):
        reports = self._enter(verb)
        note = reports._required_text(note, self.env._("what is to be decided"))
        # A new question has no answer yet.
        reports._walk(verb, reports._no_designation(), note=note)
        reports._end_forbidden()
        return True

    def designate(self, agency_ids, note):
        """Decide, as the province, which agencies handle the report (ST Điều 5).

        Other agencies that were at work on it are released; the Centre dispatches.

        :param agency_ids: ids of the agencies, the one that leads first
        :param note: the decision in words, which the agencies read
        """
        reports = self._enter("designate")
        agencies = self._known_agencies(agency_ids)
        if not agencies:
            raise UserError(self.env._("Choose at least one agency."))
        if agencies.company_id != reports.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        note = reports._required_text(note, self.env._("what is decided"))
        reports.assignment_ids._drop(self.env._("Decided by the province."))
        reports._walk(
            "designate",
            {
                "suggested_agency_ids": [(6, 0, agencies.ids)],
                "designated_agency_ids": [(6, 0, agencies.ids)],
                "designation_note": note,
                "agency_id": False,
            },
            note=f"{', '.join(agencies.mapped('name'))}\n{note}",
        )
        return True

    # ------------------------------------------------------------------
    # Ends without a result, and a new beginning
    # ------------------------------------------------------------------

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

    def reopen(self, reason):
        """Take up again what had ended.

        :param reason: why
        """
        reports = self._enter("reopen")
        reason = reports._required_text(reason, self.env._("a reason"))
        reports.assignment_ids._drop(reason)
        reports._keep_ratings()
        reports._walk(
            "reopen",
            {
                **self.env["civic.report"]._no_rating(),
                **reports._no_designation(),
                "closed_at": False,
                "resolved_at": False,
                "published_at": False,
                "concurred_at": False,
                "agency_id": False,
                "duplicate_of_id": False,
            },
            note=reason,
        )
        return True

    # ------------------------------------------------------------------
    # Follow-ups (HUE Điều 12)
    # ------------------------------------------------------------------

    def follow_up(self, body, assignment_id=None):
        """Ask, as the sender, to make the result clearer (HUE Điều 12.1–2).

        :param body: the question
        :param assignment_id: id of the part of the answer that it is about; by default
            the main agency's
        """
        self.ensure_one()
        report = self._enter("follow_up")
        body = report._required_text(body, self.env._("what you want to know"))[:2000]
        assignment = report._answering(assignment_id)
        asked = report.interaction_ids.filtered(
            lambda row: row.state == "open" and not row.by_other
        )
        if clean(body) in asked.mapped("body"):
            raise UserError(
                self.env._("You have asked this already; the answer will come here.")
            )
        now = self._now()
        interaction = (
            self.env["civic.interaction"]
            .with_env(report.env)
            .create(
                {
                    "report_id": report.id,
                    "assignment_id": assignment.id,
                    "company_id": report.company_id.id,
                    "agency_id": assignment._agency_in_charge().id,
                    "body": clean(body),
                    "sent_at": now,
                }
            )
        )
        report._walk("follow_up", note=body)
        self.env["civic.step"].with_env(report.env)._open(
            [
                {
                    **assignment._prepare_step("interaction"),
                    "interaction_id": interaction.id,
                }
            ]
        )
        assignment._refresh_clock()
        return True

    def _answered_parts(self):
        """Assignments whose agency answers for its result, the main one first."""
        return self.assignment_ids.filtered(
            lambda row: row.state == "approved" and row.role != "co"
        ).sorted(lambda row: (row.agency_id != self.agency_id, row.id))

    def _answering(self, assignment_id=None):
        """The part that a question is about.

        :raises UserError: where nobody has answered
        :raises MissingError: for a part that is none of this report's
        """
        parts = self._answered_parts()
        if not parts:
            raise UserError(self.env._("No agency has answered this report."))
        if not assignment_id:
            return parts[0]
        part = parts.filtered(
            lambda row: row.id == getattr(assignment_id, "id", assignment_id)
        )
        if not part:
            raise MissingError(
                self.env._("Not found: choose an agency that has answered.")
            )
        return part
