from odoo import api, fields, models

from .step import OPTIONAL_CODES


class CivicStep(models.Model):
    """What lists of duties need beside the duty itself."""

    _inherit = "civic.step"

    is_optional = fields.Boolean(
        "May Be Left Undone",
        compute="_compute_is_optional",
        search="_search_is_optional",
        help="A window, such as that to return a report: nobody is late with it.",
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_code())
        for step in self:
            step.display_name = labels.get(step.code, "")

    @api.depends("code")
    def _compute_is_optional(self):
        for step in self:
            step.is_optional = step.code in OPTIONAL_CODES

    def _search_is_optional(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        codes = [code for code, _label in self._selection_code()]
        return [("code", "in", [c for c in codes if (c in OPTIONAL_CODES) in wanted])]

    def action_open_record(self):
        """Open what the duty is about: the agency's assignment or the report.

        :return: action
        """
        self.ensure_one()
        record = self.assignment_id or self.report_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
