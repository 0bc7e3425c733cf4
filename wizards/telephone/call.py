from odoo import fields, models


class CivicWizardCall(models.TransientModel):
    """The steps against a harassing call (ST Điều 20.2)."""

    _name = "civic.wizard.call"
    _inherit = ["civic.wizard"]
    _description = "Step on a call"
    _target = "call_id"

    call_id = fields.Many2one("civic.call", required=True, readonly=True)
    verb = fields.Selection(
        [
            ("verify", "Verify harassment"),
            ("extract", "Extract the recording"),
            ("pass", "Pass on"),
            ("result", "Record the result"),
            ("show", "Show the number"),
        ],
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("harassment", "Calling again and again"),
            ("insult", "Insults to the operator"),
        ],
        default="harassment",
    )
    ground_id = fields.Many2one(
        "civic.reason", "Why", domain="[('use', '=', 'look')]", ondelete="cascade"
    )
    needs_words = fields.Boolean(related="ground_id.needs_words")
    note = fields.Text()
    has_recording = fields.Boolean(related="call_id.has_recording")
    recording = fields.Binary(attachment=False)
    recording_name = fields.Char()
    agency_id = fields.Many2one("civic.agency", "Competent Body", ondelete="cascade")
    document = fields.Char("Number of the Letter")
    date = fields.Date(
        "Date of the Letter", default=lambda self: self.env.company._civic_today()
    )

    def action_confirm(self):
        self.ensure_one()
        call = self.call_id
        if self.verb == "show":
            return self._show(call.show_number(self.ground_id.id, self.note))
        if self.verb == "verify":
            return call.verify(self.kind, self.note)
        if self.verb == "extract":
            return call.extract_recording(self.recording, self.recording_name)
        if self.verb == "pass":
            return call.pass_on(self.agency_id.id, self.document, self.date)
        return call.record_result(self.note)

    def _show(self, number):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Telephone"),
                "message": number or self.env._("The number is not known."),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
