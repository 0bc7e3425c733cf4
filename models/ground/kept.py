from odoo import api, models
from odoo.exceptions import UserError

from .key import check_inside


class CivicKept(models.AbstractModel):
    """Rows that only the workflow writes and that nobody deletes."""

    _name = "civic.kept"
    _description = "Kept for the record"

    @api.model_create_multi
    def create(self, vals_list):
        check_inside(self.env)
        return super().create(vals_list)

    def write(self, vals):
        self._check_write()
        return super().write(vals)

    def _check_write(self):
        check_inside(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened is kept for the record."))
