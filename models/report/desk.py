from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..files.shown import PUBLIC_KINDS
from ..workflow.transitions import OPEN_REPORT_STATES

# Suggestions that fit on a screen; the operator finds any other agency by its name.
MAX_SUGGESTIONS = 6


class CivicReport(models.Model):
    """What the intake centre's screens need beside the report itself."""

    _inherit = "civic.report"

    _open_states = OPEN_REPORT_STATES

    is_emergency = fields.Boolean(
        compute="_compute_is_emergency", store=True, precompute=True
    )
    cover_url = fields.Char(compute="_compute_cover_url")
    category_icon = fields.Char("Category Icon", related="category_id.icon")
    channel_icon = fields.Char("Channel Icon", related="channel_id.icon")

    @api.depends("track")
    def _compute_is_emergency(self):
        """Stored, since boards sort by it: emergencies stand first."""
        for report in self:
            report.is_emergency = report.track == "emergency"

    @api.depends("attachment_ids")
    def _compute_cover_url(self):
        # sudo: only which files are pictures; the pictures check their reader
        covers = self._cover_urls(
            {report: report.sudo().attachment_ids for report in self}
        )
        for report in self:
            report.cover_url = covers[report]

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_take_next(self):
        """Take the free report that is due first and open it.

        :return: action
        """
        report_id = self.take_next()
        if not report_id:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("Nothing waits: every report is taken."),
                },
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": report_id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        if any(vals.get("attachment_ids") for vals in vals_list):
            for report in reports:
                report._claim_files()
        return reports

    def _claim_files(self):
        """Hang files that were uploaded before the report was saved on it.

        Until then only who uploaded them can open them.
        """
        loose = self.attachment_ids.filtered(
            lambda file: file.res_model == self._name and not file.res_id
        )
        loose.write({"res_id": self.id})

    # ------------------------------------------------------------------
    # Dispatch
    # ------------------------------------------------------------------

    def _suggested_agencies(self, category, ward):
        """Agencies that may be competent, the most likely first.

        :param category: civic.category, may be empty
        :param ward: civic.ward, may be empty
        :return: dict civic.agency → why, in words
        """
        self.ensure_one()
        candidates = self.env["civic.agency"].search(
            self._candidate_domain(category, ward), limit=100
        )
        candidates |= (self.suggested_agency_ids | self._named_on_return())._in_force()
        rated = {
            agency: self._rate_agency(agency, category, ward) for agency in candidates
        }
        ranked = sorted(candidates, key=lambda agency: -rated[agency][0])
        return {agency: rated[agency][1] for agency in ranked[:MAX_SUGGESTIONS]}

    def _candidate_domain(self, category, ward):
        category, ward = category._in_force(), ward._in_force()
        line = [id_ for row in category for id_ in row._line()]
        fits = Domain("category_ids", "in", line)
        fits |= Domain("id", "in", category.agency_ids.ids)
        if ward:
            fits |= Domain("ward_ids", "in", ward.ids)
        return Domain("company_id", "=", self.company_id.id) & fits

    def _named_on_return(self):
        """Agencies that others named when they returned the report."""
        returned = self.assignment_ids.filtered(lambda row: row.state == "returned")
        return returned.suggested_agency_id._in_force().filtered("active")

    def _rate_agency(self, agency, category, ward):
        """How likely an agency is competent.

        :return: (score, words)
        """
        _ = self.env._
        returned = self.assignment_ids.filtered(lambda row: row.state == "returned")
        score, reasons = 0, []
        ward = ward._in_force()
        if agency in self.suggested_agency_ids._in_force():
            score += 16
            reasons.append(_("named by the coordinating agency or the province"))
        named_by = returned.filtered(
            lambda row: agency in row.suggested_agency_id._in_force()
        )
        if named_by:
            score += 8
            reasons.append(
                _("named by %s", ", ".join(named_by.agency_id.mapped("name")))
            )
        if category and self._is_competent(agency, category):
            score += 4
            reasons.append(_("competent for %s", category.name))
        if ward & agency.ward_ids:
            score += 2
            own = (ward & agency.ward_ids).mapped("name")
            reasons.append(_("its area: %s", ", ".join(own)))
        elif ward and agency.ward_ids:
            score -= 4
            reasons.append(_("another area"))
        if agency in returned.agency_id:
            score -= 16
            reasons.append(_("has returned this report"))
        return score, " · ".join(reasons)

    @api.model
    def _is_competent(self, agency, category):
        category = category._in_force()
        line = {id_ for row in category for id_ in row._line()}
        return agency in category.agency_ids or bool(
            line & set(agency.category_ids.ids)
        )

    def _preview_deadlines(self, agencies, track, category=None):
        """When agencies would have to take in and to answer if dispatched now.

        :param agencies: civic.agency records
        :param track: key of a track
        :param category: civic.category; by default the report's
        :return: dict (agency, step code) → naive UTC datetime
        """
        self.ensure_one()
        procedure = self.procedure_id
        codes = ("accept", "process") if procedure.accept_step else ("process",)
        limits = {code: procedure._limit(track, code) for code in codes}
        jobs = [
            (agency, code, agency._limit_here(code, limit, self, category))
            for agency in agencies
            for code, limit in limits.items()
            if limit
        ]
        ends = self.env["civic.step"]._deadlines(
            [self._now()] * len(jobs),
            [(limit.value, limit.unit) for _agency, _code, limit in jobs],
            [
                agency.calendar_id or self._working_calendar()
                for agency, _code, _limit in jobs
            ],
        )
        return {
            (agency, code): end
            for (agency, code, _limit), end in zip(jobs, ends, strict=True)
        }

    # ------------------------------------------------------------------
    # Pictures for the public
    # ------------------------------------------------------------------

    def _picture_candidates(self):
        """Pictures and recordings of the citizen, and of agencies that answered."""
        answered = self.assignment_ids.filtered(lambda row: row.state == "approved")
        files = self.attachment_ids | self._result_files(answered)
        return files.filtered(
            lambda file: (file.mimetype or "").startswith(PUBLIC_KINDS)
        )

    def _show_pictures(self, pictures):
        """Let the public see these pictures, and no others.

        :param pictures: ir.attachment records
        :raises UserError: for pictures that do not belong to the report
        """
        self.ensure_one()
        if pictures - self._picture_candidates():
            raise UserError(self.env._("Choose among the files of this report."))
        if pictures != self.public_attachment_ids:
            self.public_attachment_ids = pictures
