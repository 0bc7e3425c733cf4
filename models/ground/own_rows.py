from odoo import api, models
from odoo.fields import Domain

from .ours import is_our_model


class IrRule(models.Model):
    """Dialogs hold words that are not said yet, and names of what they are about: each
    is its user's alone, whoever else has the role.

    Said here once for every dialog of this module, those to come with them: Odoo lets
    everybody who may open a dialog read, change and run those of others.
    """

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if self.env.su or not (model._transient and is_our_model(model)):
            return domain
        return Domain(domain) & Domain("create_uid", "=", self.env.uid)
