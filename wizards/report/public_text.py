from odoo import api, fields, models

from ...tools.own_words import BY_FORM
from ...tools.redaction import OWN


class CivicWizardPublicText(models.AbstractModel):
    """What dialogs say of the words that they are about to publish."""

    _name = "civic.wizard.public.text"
    _inherit = ["civic.wizard"]
    _description = "Dialog that publishes words"

    # Fields of the dialog that everybody will read.
    _public_fields = ()

    personal_data = fields.Char(
        compute="_compute_personal_data",
        help="What the text to be published still names.",
    )
    needs_reason = fields.Boolean(compute="_compute_personal_data")
    identity_reason = fields.Text("Why Personal Data Stays")

    @api.depends(lambda self: [self._target, *self._public_fields])
    def _compute_personal_data(self):
        for wizard in self:
            report = wizard[self._target]
            spans = report._personal_spans(wizard._published_text())
            wizard.personal_data = report._personal_words(span.kind for span in spans)
            wizard.needs_reason = any(
                span.kind.startswith(OWN) or span.kind in BY_FORM for span in spans
            )

    def _published_text(self):
        self.ensure_one()
        return "\n".join(self[name] or "" for name in self._public_fields)
