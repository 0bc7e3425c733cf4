from odoo import api, models

from ..models.ground.guard import check_visible


class CivicWizard(models.AbstractModel):
    """A dialog that asks for what a verb needs, and calls it.

    Each dialog stands on one record: the field named by `_target`. Who may do what is
    the verb's to decide; the dialog only makes sure not to show what its user may not
    read.
    """

    _name = "civic.wizard"
    _inherit = ["civic.links"]
    _description = "Dialog of the workflow"

    # Name of the many2one to the record that the dialog is about.
    _target = None

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model = self._fields[self._target].comodel_name
        if self.env.context.get("active_model") == model:
            record = self.env[model].browse(self.env.context.get("active_id"))
            self._check_target(record)
            opened = {self._target: record.id, **self._prepare_default(record)}
            values.update({name: opened[name] for name in fields if name in opened})
        return values

    def _prepare_default(self, record):
        """Values with which the dialog opens on this record."""
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._check_target(wizard[self._target])
        return wizards

    def write(self, vals):
        result = super().write(vals)
        if self._target in vals:
            for wizard in self:
                wizard._check_target(wizard[self._target])
        return result

    @api.model
    def _check_target(self, record):
        """Refuse to open on a record that its user may not see.

        :raises MissingError: as if it did not exist
        """
        check_visible(record)
