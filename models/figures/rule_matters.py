from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .figure import SEEN, WHOLE


class CivicCategory(models.Model):
    """Reports about administrative rules are summed up apart, for the Government's
    Office (ST Điều 24.2)."""

    _inherit = "civic.category"

    on_rules = fields.Boolean(
        "On Administrative Rules",
        help="Reports of this category are about “quy định hành chính”: they have "
        "lists and figures of their own (ST Điều 24).",
    )

    def write(self, vals):
        result = super().write(vals)
        if "on_rules" in vals:
            # Every month is counted anew: its reports are other matters now.
            # sudo: an administrator of reports has no rights on parameters
            self.env["ir.config_parameter"].sudo().set_param(SEEN, False)
        return result


class CivicReport(models.Model):
    _inherit = "civic.report"

    is_on_rules = fields.Boolean(
        "On Administrative Rules",
        compute="_compute_is_on_rules",
        search="_search_is_on_rules",
        groups="base.group_user",
    )

    @api.depends("category_id.on_rules", "kind")
    def _compute_is_on_rules(self):
        """An opinion proposes such rules, whatever its category (QN Điều 2.1)."""
        for report in self:
            report.is_on_rules = report.kind == "opinion" or report.category_id.on_rules

    def _search_is_on_rules(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        domain = Domain("kind", "=", "opinion") | Domain(
            "category_id", "any", [("on_rules", "=", True)]
        )
        return domain if True in wanted else ~domain


class CivicFigure(models.Model):
    _inherit = "civic.figure"

    dimension = fields.Selection(
        selection_add=[("rules", "On administrative rules")],
        ondelete={"rules": "cascade"},
    )

    @api.model
    def _count(self, company, months, now):
        result = super()._count(company, months, now)
        # Counted by whether it is about rules: 1, else 0.
        key = SQL(
            """
            CASE WHEN report.kind = 'opinion' OR EXISTS (
                SELECT FROM civic_category category
                 WHERE category.id = report.category_id AND category.on_rules)
            THEN 1 ELSE 0 END
            """
        )
        self._insert(company, "rules", key, WHOLE, months, now)
        return result
