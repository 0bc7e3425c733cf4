from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ground.guard import required_text
from ..workflow.transitions import APPROVING, HANDLING

FORBIDDEN = (*HANDLING, *APPROVING)
# Nobody is late either with taking in what may be another agency's.
HALTED = (*FORBIDDEN, "accept", "assign")
DECIDE = ("ask_designation", "escalate")
# What the province is told of.
TOLD = (*DECIDE, "dispatch_otherwise")


class CivicReport(models.Model):
    """What the province decides (ST Điều 5; HUE Điều 3.8): in words, and it holds."""

    _inherit = "civic.report"

    designated_agency_ids = fields.Many2many(
        "civic.agency",
        "civic_report_designated_agency_rel",
        string="Designated Agencies",
        readonly=True,
        copy=False,
        help="Whom the province named; to others only with a reason that it reads.",
    )
    designation_note = fields.Text(
        "Decision of the Province", readonly=True, copy=False
    )

    @api.model
    def _no_designation(self):
        return {"designated_agency_ids": [(5,)], "designation_note": False}

    def _check_designated(self, agencies, reason):
        """Hold to what the province decided, or say why not (ST Điều 5).

        :param reason: why it goes to others; the province is told
        :raises UserError: without one
        """
        # The words first: they are read with the report, the agencies by themselves.
        for report in self.filtered("designation_note"):
            named = report.with_context(active_test=False).designated_agency_ids
            # Who stands in the place of one that has ended since is meant as well.
            others = agencies - named - named._in_force()
            if not others:
                continue
            names = ", ".join(others.mapped("name"))
            if not (reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(report)s: the province named %(designated)s, not "
                        "%(others)s. Give the reason, which the province reads.",
                        report=report.name,
                        designated=", ".join(named.mapped("name")),
                        others=names,
                    )
                )
            report._walk("dispatch_otherwise", note=f"{names}\n{reason.strip()}")

    def _react_halt_agencies(self, act):
        self._end_forbidden()

    def _end_forbidden(self):
        """What agencies may not do while the province decides, they are not late with:
        it ends as it stands, and its decision begins their work anew."""
        parts = self.assignment_ids
        forbidden = parts.step_ids.filtered(
            lambda step: step.state == "open" and step.code in HALTED
        )
        if forbidden:
            forbidden._close("dropped")
            parts._refresh_clock()

    def _province_leaders(self):
        """Who decides for this report's province.

        :return: res.users, elevated
        """
        return self.env["res.users"]._civic_officers("province_leader", self.company_id)

    def _step_holder(self, code):
        if code == "designate":
            return self._province_leaders()[:1]
        return super()._step_holder(code)

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

    def _guard_had_agency(self):
        if not self.assignment_ids:
            return self.env._(
                "%s: no agency has had it yet, so none disagrees. Ask the province "
                "for a designation.",
                self.name,
            )
        return None

    def _ask_province(self, verb, note):
        reports = self._enter(verb)
        note = required_text(self.env, note, self.env._("what is to be decided"))
        # A new question has no answer yet.
        reports._walk(verb, reports._no_designation(), note=note)
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
        note = required_text(self.env, note, self.env._("what is decided"))
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


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _guard_province_silent(self):
        """What ends an agency's part waits while the province decides."""
        if self.report_id.state == "designating":
            return self.env._(
                "%s: the province is deciding who handles it. Wait for its decision.",
                self.display_name,
            )
        return None

    def _is_due(self, code):
        if code in HALTED and self.report_id.state == "designating":
            return False
        return super()._is_due(code)
