from odoo import models
from odoo.exceptions import UserError

from ..ground.guard import required_text


class CivicReport(models.Model):
    """What the coordinating agency is asked of sensitive reports (HUE Điều 11, BG
    4.2)."""

    _inherit = "civic.report"

    def _guard_sensitive(self):
        if self.track != "sensitive":
            return self.env._(
                "%s is not sensitive: no coordinating agency is asked about it.",
                self.name,
            )
        return None

    def _guard_not_consulted(self):
        if self.consulted_at:
            return self.env._(
                "%s: the coordinating agency has said who is competent.", self.name
            )
        return None

    def _guard_not_agreed(self):
        if self.concurred_at:
            return self.env._(
                "%s: the coordinating agency has agreed with the result.", self.name
            )
        return None

    def _guard_consulted(self):
        if self._needs_coordination() and not self.consulted_at:
            return self.env._(
                "%s is sensitive: consult the coordinating agency before you "
                "dispatch it.",
                self.name,
            )
        return None

    def _guard_agreed(self):
        if self._needs_coordination() and not self.concurred_at:
            return self.env._(
                "%s is sensitive: ask the coordinating agency to agree with the "
                "result before you publish it.",
                self.name,
            )
        return None

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
        reason = required_text(self.env, reason, self.env._("why you do not agree"))
        reports.assignment_ids._drop(reason)
        reports._walk(
            "disagree",
            {"resolved_at": False, "concurred_at": False, "agency_id": False},
            note=reason,
        )
        return True
