import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from .civic_outbox import EMERGENCY
from .transitions import APPROVING, HANDLING

# What ends an agency's part: it waits while the province decides.
ENDING = frozenset({"submit", "approve", "record_result"})
FORBIDDEN = (*HANDLING, *APPROVING)
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

    def _end_forbidden(self):
        """What agencies may not do while the province decides, they are not late with:
        it ends as it stands, and its decision begins their work anew."""
        parts = self.assignment_ids
        forbidden = parts.step_ids.filtered(
            lambda step: step.state == "open" and step.code in FORBIDDEN
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


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _check_state(self, transition):
        super()._check_state(transition)
        if transition.verb not in ENDING:
            return
        for assignment in self:
            if assignment.report_id.state == "designating":
                raise UserError(
                    self.env._(
                        "%s: the province is deciding who handles it. Wait for its "
                        "decision.",
                        assignment.display_name,
                    )
                )

    def _is_due(self, code):
        if code in FORBIDDEN and self.report_id.state == "designating":
            return False
        return super()._is_due(code)

    def _allowed_verbs(self, roles):
        verbs = super()._allowed_verbs(roles)
        return verbs - ENDING if self.report_id.state == "designating" else verbs


class CivicOutbox(models.Model):
    """The province's leaders are told at once, by every way that they have."""

    _inherit = "civic.outbox"

    @api.model
    def _prepare_for_province(self, row, report, assignment):
        # The priority of emergencies: an SMS also to whoever wishes none of them.
        return [
            {
                **row,
                # Each row is one message, with a name of its own.
                "external_id": uuid.uuid4().hex,
                "key": f"{row['key']}:{user.id}",
                "audience": "user",
                "user_id": user.id,
                "priority": EMERGENCY,
            }
            for user in report._province_leaders()
        ]

    def _work_path(self):
        if self.notice_id.event in TOLD:
            return f"/odoo/civic-designations/{self.report_id.id}"
        return super()._work_path()
