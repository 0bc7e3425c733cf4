from odoo import api, models

from ...assignment.coordination import ASKING


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _agency_told(self, row, report, assignment):
        if self.env["civic.notice"]._event_of(row["notice_id"]) in ASKING:
            return report.coordinator_agency_id
        return super()._agency_told(row, report, assignment)

    @api.model
    def _officer_told(self, row, report, assignment):
        if self.env["civic.notice"]._event_of(row["notice_id"]) in ASKING:
            return report.coordinator_agency_id._coordinators()[:1]
        return super()._officer_told(row, report, assignment)

    def _work_path(self):
        if self.notice_id.event in ASKING:
            return f"/odoo/civic-coordination/{self.report_id.id}"
        return super()._work_path()
