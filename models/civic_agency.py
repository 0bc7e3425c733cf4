from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.text import fold


class CivicAgency(models.Model):
    """A body that handles reports (HUE Điều 2.3): department, ward, utility, police."""

    _name = "civic.agency"
    _description = "Agency"
    _parent_store = True
    _order = "sequence, name"
    _rec_names_search = ["name", "code", "search_name"]

    name = fields.Char(required=True)
    code = fields.Char(help="Short name, used in letter numbers.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("department", "Provincial department"),
            ("local", "Ward or commune"),
            ("police", "Police"),
            ("utility", "Utility or public service"),
            ("central", "Central body in the province"),
            ("other", "Other"),
        ],
        required=True,
        default="department",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    parent_id = fields.Many2one("civic.agency", "Superior", index=True)
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("civic.agency", "parent_id", "Branches")
    calendar_id = fields.Many2one(
        "resource.calendar", "Working Calendar", help="Empty: the procedure's."
    )
    category_ids = fields.Many2many("civic.category", string="Competent For")
    ward_ids = fields.Many2many(
        "civic.ward", string="Area", help="Empty: the whole province."
    )
    handler_ids = fields.Many2many(
        "res.users",
        "civic_agency_handler_rel",
        string="Handlers",
        domain="[('share', '=', False)]",
    )
    leader_ids = fields.Many2many(
        "res.users",
        "civic_agency_leader_rel",
        string="Leaders",
        domain="[('share', '=', False)]",
    )
    focal_handler_id = fields.Many2one(
        "res.users",
        "Focal Handler",
        domain="[('id', 'in', handler_ids)]",
        help="Who is told of a new assignment (HUE Điều 18.1).",
    )
    focal_leader_id = fields.Many2one(
        "res.users",
        "Focal Leader",
        domain="[('id', 'in', leader_ids)]",
        help="Who is told of a result to approve (HUE Điều 18.1).",
    )
    phone = fields.Char()
    letter_heading = fields.Char(
        help="The agency's name as letters show it; empty: its name."
    )
    search_name = fields.Char(compute="_compute_search_name", store=True)

    @api.depends("name", "code")
    def _compute_search_name(self):
        for agency in self:
            agency.search_name = fold(f"{agency.name or ''} {agency.code or ''}")

    @api.constrains("focal_handler_id", "handler_ids", "focal_leader_id", "leader_ids")
    def _check_focal(self):
        for agency in self:
            for focal, members, role in (
                (agency.focal_handler_id, agency.handler_ids, self.env._("handler")),
                (agency.focal_leader_id, agency.leader_ids, self.env._("leader")),
            ):
                if focal and focal not in members:
                    raise ValidationError(
                        self.env._(
                            "%(agency)s: the focal %(role)s must be one of its "
                            "%(role)ss.",
                            agency=agency.name,
                            role=role,
                        )
                    )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("An agency cannot stand under itself."))

    # ------------------------------------------------------------------
    # Membership decides what people see
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        agencies = super().create(vals_list)
        self.env.registry.clear_cache()
        return agencies

    def write(self, vals):
        result = super().write(vals)
        if {"handler_ids", "leader_ids", "parent_id", "active"} & set(vals):
            # Record rules are kept with the agencies of a user in them.
            self.env.registry.clear_cache()
        return result
