from odoo import models
from odoo.exceptions import UserError

from ..ground.guard import required_text


class CivicReport(models.Model):
    """Giving a report to the agencies that handle it."""

    _inherit = "civic.report"

    def dispatch(
        self,
        agency_ids,
        lead_id=None,
        note=None,
        identity_reason=None,
        other_reason=None,
        incomplete_reason=None,
    ):
        """Give reports to the agencies that are to handle them (HUE Điều 6.1b).

        From then on everybody sees those that are public (HUE Điều 14.2).

        :param agency_ids: ids of civic.agency
        :param lead_id: id of the one that leads, where the procedure knows leads
        :param note: what the agencies should know
        :param identity_reason: why what names somebody stays in the public text
        :param other_reason: why it goes to others than those that the province named;
            the province reads it
        :param incomplete_reason: why it goes on though its category, or what the
            procedure demands of the sender, is missing
        """
        reports = self._enter("dispatch")
        if at_once := reports.filtered(lambda report: report.state == "new"):
            self.browse(at_once.ids).receive()
        agencies = self._known_agencies(agency_ids)
        reports._check_dispatch(agencies, lead_id)
        reports._check_designated(agencies, other_reason)
        reports._check_complete(incomplete_reason)
        shown = reports.filtered(lambda report: report.visibility == "public")
        shown._check_identity(identity_reason)
        now = self._now()
        reports._walk(
            "dispatch",
            {
                **reports._operator_values(),
                "dispatched_at": now,
                "agency_id": lead_id or agencies[0].id,
            },
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        Assignment = self.env["civic.assignment"].with_env(reports.env)
        Assignment._dispatch(reports, agencies, lead_id, note)
        reports._refresh_clock()
        return True

    def _check_dispatch(self, agencies, lead_id):
        if not agencies:
            raise UserError(self.env._("Choose at least one agency."))
        if agencies.company_id - self.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        if lead_id and lead_id not in agencies.ids:
            raise UserError(self.env._("The lead must be one of the agencies chosen."))
        for report in self:
            if len(agencies) > 1 and report.procedure_id.lead_and_co and not lead_id:
                raise UserError(
                    self.env._(
                        "Choose which agency leads: under %s one answers for all.",
                        report.procedure_id.name,
                    )
                )
            if report.category_id and not report.category_id.accepted:
                raise UserError(
                    self.env._(
                        "%(report)s: matters of “%(category)s” are not taken in. "
                        "Refuse it and tell the citizen where to turn.",
                        report=report.name,
                        category=report.category_id.name,
                    )
                )

    def redispatch(self, agency_ids=None, note=None, other_reason=None):
        """Hand on a part that one of several agencies returned (HUE Điều 7.1b).

        :param agency_ids: ids of civic.agency; none when those that kept their parts
            are enough
        :param note: what the agencies should know, or why there is none
        :param other_reason: as of `dispatch`
        """
        reports = self._enter("redispatch")
        agencies = self._known_agencies(agency_ids)
        if agencies:
            reports._check_may_have_more()
            reports._check_dispatch(agencies, None)
            reports._check_designated(agencies, other_reason)
        else:
            note = required_text(self.env, note, self.env._("why no agency is needed"))
        for report in reports:
            report._check_part(agencies)
        reports._walk(
            "redispatch",
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        Assignment = self.env["civic.assignment"].with_env(reports.env)
        Assignment._dispatch(reports, agencies, None, note)
        reports._refresh_clock()
        reports._after_assignments()
        return True

    def _check_part(self, agencies):
        """:raises UserError: unless these agencies can take the part that waits"""
        at_work = agencies & self._parts().agency_id
        if at_work:
            raise UserError(
                self.env._(
                    "%s is at work on this report already.",
                    ", ".join(at_work.mapped("name")),
                )
            )
