from odoo import fields, models


class CivicWizardReportAgency(models.TransientModel):
    """Verbs of a report that need one agency."""

    _name = "civic.wizard.report.agency"
    _inherit = ["civic.wizard"]
    _description = "Choice of an agency"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    verb = fields.Selection(
        [
            ("consult", "Consult the coordinating agency"),
            ("ask_concurrence", "Ask the coordinating agency to agree"),
            ("forward", "Forward for follow-up"),
        ],
        required=True,
        readonly=True,
    )
    agency_id = fields.Many2one("civic.agency", required=True)
    note = fields.Text()

    def _prepare_default(self, record):
        values = super()._prepare_default(record)
        if self.env.context.get("default_verb") in ("consult", "ask_concurrence"):
            agency = record.coordinator_agency_id or record._usual_coordinator()
            values["agency_id"] = agency.id
        return values

    def action_confirm(self):
        self.ensure_one()
        report, agency_id = self.report_id, self.agency_id.id
        if self.verb == "forward":
            return report.forward(agency_id, self.note)
        verbs = {
            "consult": report.consult,
            "ask_concurrence": report.ask_concurrence,
        }
        return verbs[self.verb](agency_id)
