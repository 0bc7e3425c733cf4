from odoo import api, fields, models

from ...models.leadership.periodic_demand import DEMANDED


class CivicWizardPeriodicDemand(models.TransientModel):
    """Open a report on any days, of all or of some agencies, wards, categories."""

    _name = "civic.wizard.periodic.demand"
    _inherit = ["civic.links"]
    _description = "Report on demand"

    known_kind_ids = fields.Many2many(
        "civic.periodic.kind", compute="_compute_known_kind_ids"
    )
    kind_id = fields.Many2one(
        "civic.periodic.kind",
        "Which Report",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', known_kind_ids)]",
        default=lambda self: self._default_kind(),
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date(
        "To", required=True, default=lambda self: self.env.company._civic_today()
    )
    agency_ids = fields.Many2many("civic.agency", string="Agencies")
    ward_ids = fields.Many2many("civic.ward", string="Wards")
    category_ids = fields.Many2many("civic.category", string="Categories")
    channel_ids = fields.Many2many("civic.channel", string="Channels")

    @api.depends_context("company")
    def _compute_known_kind_ids(self):
        for wizard in self:
            wizard.known_kind_ids = self._known_kinds()

    @api.model
    def _known_kinds(self):
        known = self.env["civic.periodic.kind"]._known_to(self.env.company)
        ids = known.filtered(lambda kind: kind.code in DEMANDED).ids
        return self.env["civic.periodic.kind"].browse(ids)

    @api.model
    def _default_kind(self):
        return self._known_kinds()[:1]

    def action_confirm(self):
        """Open the report.

        :return: action that shows it
        """
        self.ensure_one()
        reports = self.env["civic.periodic.report"]
        report_id = reports.open_demand(
            self.kind_id.id,
            self.date_from,
            self.date_to,
            {
                "agency": self.agency_ids.ids,
                "ward": self.ward_ids.ids,
                "category": self.category_ids.ids,
                "channel": self.channel_ids.ids,
            },
        )
        return reports.browse(report_id).action_open_periodic()
