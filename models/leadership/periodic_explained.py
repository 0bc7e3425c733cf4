from odoo import models


class CivicPeriodicReport(models.Model):
    """What agencies explain, as the report of the period shows it."""

    _inherit = "civic.periodic.report"

    def _explanations(self):
        """What agencies explain about this report, or the one that it replaces."""
        if not self.kind_id.wants_explanations:
            return []
        about = self
        while about.replaces_id:
            about = about.replaces_id
        return self.env["civic.explanation"].search(
            [("periodic_report_id", "=", about.id)]
        )

    def _explained(self):
        """Signed explanations: dict of assignment id → words."""
        return {
            line.assignment_id.id: "; ".join(filter(None, [line.cause, line.remedy]))
            for explanation in self._explanations()
            if explanation.state == "signed"
            for line in explanation.line_ids
        }

    def _explanation_rows(self):
        """The annex of explanations; what was not handed in is listed."""
        rows = []
        for explanation in self._explanations():
            agency = explanation.agency_id
            own = {
                "dimension": "explanation",
                "agency_id": agency.id,
                "label": agency.name,
            }
            if explanation.state != "signed":
                missing = {"agency": agency.name, "cause": "Chưa nộp giải trình"}
                rows.append({**own, "key": -explanation.id, "figures": missing})
                continue
            signed = self._local_day(explanation.signed_at)
            for line in explanation.line_ids:
                figures = {
                    "agency": agency.name,
                    "code": line.code,
                    "cause": line.cause or "",
                    "remedy": line.remedy or "",
                    "new_date": str(line.new_date or ""),
                    "signed_at": signed,
                }
                rows.append({**own, "key": line.id, "figures": figures})
        return rows
