from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.ground.guard import check_visible, ids_of

# Assignments that are urged at once.
MOST_URGED = 500
# Lists from which it is opened, and how to come from their rows to assignments.
LISTS = {"civic.assignment": None, "civic.step": "assignment_id"}


class CivicWizardUrge(models.TransientModel):
    """Urge those who have the chosen assignments; who has been urged today is left
    out."""

    _name = "civic.wizard.urge"
    _inherit = ["civic.links"]
    _description = "Urging"

    assignment_ids = fields.Many2many(
        "civic.assignment",
        "civic_wizard_urge_assignment_rel",
        string="Assignments",
        required=True,
    )
    left_out = fields.Integer(
        readonly=True,
        help="Chosen as well, and not to be urged: it has ended, waits for the "
        "province, or has been urged today.",
    )
    message = fields.Text(
        required=True,
        help="Handler and leaders read it. Names and numbers of who sent a report do "
        "not belong here.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if chosen := self._chosen_parts():
            able = self._able_parts(chosen)
            opened = {
                "assignment_ids": [Command.set(able.ids)],
                "left_out": len(chosen) - len(able),
            }
            values.update({name: opened[name] for name in fields if name in opened})
        return values

    @api.model
    def _chosen_parts(self):
        """The assignments of the list from which it was opened.

        :raises MissingError: for what the caller may not see
        """
        model = self.env.context.get("active_model")
        if model not in LISTS:
            return self.env["civic.assignment"]
        ids = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        rows = self.env[model].browse(dict.fromkeys(ids_of(ids)))
        if len(rows) > MOST_URGED:
            raise UserError(self.env._("Choose at most %s at once.", MOST_URGED))
        check_visible(rows)
        parts = rows[LISTS[model]] if LISTS[model] else rows
        if not parts:
            raise UserError(
                self.env._("These duties are the Centre's: no agency can be urged.")
            )
        check_visible(parts)
        return parts

    @api.model
    def _able_parts(self, parts):
        """Those that may be urged now, by the caller."""
        able = parts.browse()
        for part, roles in parts._door_roles().items():
            if part._lets(roles, "urge"):
                able |= part
        return able

    def action_confirm(self):
        self.ensure_one()
        if not self.assignment_ids:
            raise UserError(self.env._("None of them can be urged now."))
        return self.assignment_ids.urge(self.message)
