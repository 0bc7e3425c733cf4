from odoo import api, fields, models
from odoo.fields import Command


class CivicWizardPublish(models.TransientModel):
    """Edit the result for the citizen and the public, and publish it (HUE Điều 9)."""

    _name = "civic.wizard.publish"
    _inherit = ["civic.wizard.public.text"]
    _description = "Publication"
    _target = "report_id"
    _public_fields = ("subject", "standardised_description", "public_result")

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    may_become_public = fields.Boolean(compute="_compute_from_report")
    make_public = fields.Boolean(
        "Publish What Was Sensitive",
        help="The coordinating agency has agreed with the result: everybody will see "
        "what stands below.",
    )
    is_public = fields.Boolean(compute="_compute_is_public")
    subject = fields.Char(related="report_id.subject")
    standardised_description = fields.Text(related="report_id.standardised_description")
    public_result = fields.Text("Published Result", required=True)
    letter_warning = fields.Char(
        compute="_compute_letter_warning",
        help="What the agencies' own answers, which their letters repeat, name.",
    )
    candidate_ids = fields.Many2many(
        "ir.attachment", compute="_compute_from_report", string="Pictures"
    )
    public_attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_publish_attachment_rel",
        string="Pictures for the Public",
    )

    def _prepare_default(self, record):
        evidence = record._picture_candidates() - record.attachment_ids
        pictures = record.public_attachment_ids | evidence
        return {
            **super()._prepare_default(record),
            "public_result": record.public_result,
            "make_public": self._may_become_public(record),
            "public_attachment_ids": [Command.set(pictures.ids)],
        }

    @api.depends("report_id")
    def _compute_from_report(self):
        for wizard in self:
            wizard.may_become_public = self._may_become_public(wizard.report_id)
            wizard.candidate_ids = wizard.report_id._picture_candidates()

    @api.model
    def _may_become_public(self, report):
        return (
            report.visibility == "sensitive"
            and bool(report.concurred_at)
            and not report.asked_private
        )

    @api.depends("report_id", "make_public")
    def _compute_is_public(self):
        for wizard in self:
            wizard.is_public = wizard.report_id.visibility == "public" or (
                wizard.make_public and wizard.may_become_public
            )

    @api.depends("report_id")
    def _compute_letter_warning(self):
        for wizard in self:
            report = wizard.report_id
            text = "\n".join(
                row.result or ""
                for row in report.assignment_ids
                if row.state == "approved"
            )
            spans = report._personal_spans(text)
            wizard.letter_warning = report._personal_words(span.kind for span in spans)

    def action_confirm(self):
        self.ensure_one()
        report = self.report_id
        if report.public_result != self.public_result:
            report.public_result = self.public_result
        if self.is_public:
            report._show_pictures(self.public_attachment_ids)
        return report.publish(
            self.identity_reason, self.make_public and self.may_become_public
        )
