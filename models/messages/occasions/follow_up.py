from odoo import api, models


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
