from odoo import api, models
from odoo.exceptions import UserError

from .key import is_inside


class CivicButtons(models.AbstractModel):
    """Rows that move on by their buttons alone.

    What is read-only on a form can be written by RPC all the same, and given as a
    default by the caller's context; `_kept_fields` cannot.
    """

    _name = "civic.buttons"
    _description = "Moves on by its buttons"

    _kept_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_kept(vals)
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in self._kept_fields
        }
        clean = self.with_env(self.env(context=context))
        return super(CivicButtons, clean).create(vals_list)

    def write(self, vals):
        self._check_kept(vals)
        return super().write(vals)

    def _check_kept(self, vals):
        """:raises UserError: for who writes past the buttons"""
        if self._kept_fields & set(vals) and not (self.env.su or is_inside(self.env)):
            raise UserError(self._kept_words())

    @api.model
    def _kept_words(self):
        return self.env._("This moves on by the buttons of its form: use those.")
