from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.working_time import InvalidLimit, check_limit
from ..province.limit import UNITS, Limit

# The duty for which agencies set themselves a shorter time (HUE Điều 7.3, QN Điều 6).
CODE = "process"


class CivicAgencyLimit(models.Model):
    """An agency's own time to handle: for all its matters, or for a category.

    HUE Điều 7.3, QN Điều 6: “theo quy định của từng cơ quan xử lý nhưng tối đa không
    quá …”. It counts where it is shorter than the procedure's, in the same unit.
    """

    _name = "civic.agency.limit"
    _inherit = ["civic.links", "civic.cached"]
    _description = "Own limit of an agency"
    _order = "agency_id, category_id, id"
    _rec_name = "agency_id"

    agency_id = fields.Many2one(
        "civic.agency", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True)
    category_id = fields.Many2one(
        "civic.category",
        index="btree_not_null",
        ondelete="cascade",
        help="And the categories below it; empty: every matter of the agency.",
    )
    value = fields.Float("Time to Handle", required=True)
    unit = fields.Selection(UNITS, required=True, default="working_day")
    source = fields.Char("Document", help="The agency's rule that says so.")
    is_in_force = fields.Boolean(
        "In Force",
        compute="_compute_is_in_force",
        help="Shorter than what the procedure of the province says now, in its unit.",
    )

    _one_each = models.UniqueIndex(
        "(agency_id, COALESCE(category_id, 0))",
        "This agency has a limit for it already.",
    )

    @api.depends("value", "unit", "agency_id.company_id.civic_procedure_id")
    def _compute_is_in_force(self):
        for row in self:
            row.is_in_force = _is_shorter(row.value, row.unit, row._whole_limit())

    def _whole_limit(self):
        """What the procedure of the agency's province says; None for nothing."""
        # sudo: who reads agencies need not read what their company is set to
        procedure = self.agency_id.company_id.sudo().civic_procedure_id
        return procedure and procedure._limit("normal", CODE) or None

    @api.constrains("value", "unit", "agency_id")
    def _check_shorter(self):
        labels = dict(self._fields["unit"]._description_selection(self.env))
        for row in self:
            try:
                check_limit(row.value, row.unit)
                is_sensible = row.value > 0
            except InvalidLimit:
                is_sensible = False
            whole = row._whole_limit()
            if not whole:
                raise ValidationError(
                    self.env._(
                        "The procedure of %s sets no time to handle: there is none to "
                        "shorten.",
                        row.agency_id.company_id.name,
                    )
                )
            if not is_sensible or not _is_shorter(row.value, row.unit, whole):
                raise ValidationError(
                    self.env._(
                        "%(agency)s: give a time of at most %(value)g %(unit)s, as the "
                        "procedure does; it may be shorter, never longer.",
                        agency=row.agency_id.name,
                        value=whole.value,
                        unit=labels[whole.unit].lower(),
                    )
                )

    @api.constrains("agency_id", "category_id")
    def _check_company(self):
        for row in self:
            company = row.category_id.company_id
            if company and company != row.agency_id.company_id:
                raise ValidationError(
                    self.env._("Choose a category of the agency's province.")
                )


def _is_shorter(value, unit, whole):
    """Whether a limit is in force beside a procedure's: no longer, in its unit."""
    return bool(whole) and unit == whole.unit and value <= whole.value


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    limit_ids = fields.One2many(
        "civic.agency.limit",
        "agency_id",
        "Own Limits",
        help="Shorter than the procedure's, by the agency's own rule (HUE Điều 7.3, QN "
        "Điều 6).",
    )

    def _limit_here(self, code, whole, report, category=None):
        """The agency's own limit where it is shorter, the nearest category's first."""
        whole = super()._limit_here(code, whole, report, category)
        own = self._own_limits() if self and code == CODE and whole else {}
        if not own:
            return whole  # most agencies: the category is not even read
        category = report.category_id if category is None else category
        for key in (*reversed(category._line() if category else ()), False):
            if key in own:
                value, unit = own[key]
                if _is_shorter(value, unit, whole):
                    return Limit(value, unit, whole.grace_minutes)
                break
        return whole

    @tools.ormcache("self.id")
    def _own_limits(self):
        """Own times to handle: {category id or False: (value, unit)}."""
        # sudo: figures are no secret, and duties are timed by whoever acts
        rows = self.sudo().limit_ids
        return {row.category_id.id: (row.value, row.unit) for row in rows}


class CivicStep(models.Model):
    _inherit = "civic.step"

    is_own_limit = fields.Boolean(
        "Agency's Own Limit",
        readonly=True,
        help="Shorter than the procedure's, by the agency's own rule.",
    )


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    own_limit_words = fields.Char(compute="_compute_own_limit_words")

    @api.depends("step_ids.state", "step_ids.is_own_limit")
    @api.depends_context("lang")
    def _compute_own_limit_words(self):
        unit = self.env["civic.step"]._fields["limit_unit"]
        units = dict(unit._description_selection(self.env))
        for assignment in self:
            step = assignment.step_ids.filtered(
                lambda row: row.is_own_limit and row.state == "open"
            )[:1]
            assignment.own_limit_words = bool(step) and self.env._(
                "By the agency's own rule: %(value)g %(unit)s.",
                value=step.limit_value,
                unit=units[step.limit_unit].lower(),
            )
