from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.text import InvalidEmail, email_normalized, fold

# Focal person → the date since when there is none.
FOCAL = {
    "focal_handler_id": "handler_vacant_since",
    "focal_leader_id": "leader_vacant_since",
}


class CivicAgency(models.Model):
    """A body that handles reports (HUE Điều 2.3): department, ward, utility, police."""

    _name = "civic.agency"
    _inherit = ["civic.links", "civic.cached"]
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
        domain="[('id', 'in', handler_ids)]",
        help="Who is told of a new assignment (HUE Điều 18.1).",
    )
    focal_leader_id = fields.Many2one(
        "res.users",
        domain="[('id', 'in', leader_ids)]",
        help="Who is told of a result to approve (HUE Điều 18.1).",
    )
    phone = fields.Char()
    email = fields.Char(
        "Official E-mail", help="Told of each new assignment (HUE Điều 7.1a)."
    )
    handler_vacant_since = fields.Date(
        readonly=True, help="Since when there is no focal handler."
    )
    leader_vacant_since = fields.Date(
        readonly=True, help="Since when there is no focal leader."
    )
    is_vacant = fields.Boolean(
        "Focal Person Missing", compute="_compute_vacancy", search="_search_is_vacant"
    )
    is_vacant_overdue = fields.Boolean(
        "Missing Too Long",
        compute="_compute_vacancy",
        help="Longer than the procedure allows: 7 days (HUE Điều 18.1, ST Điều 26.1).",
    )
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

    @api.constrains("email")
    def _check_email(self):
        for agency in self.filtered("email"):
            try:
                email_normalized(agency.email)
            except InvalidEmail:
                raise ValidationError(
                    self.env._(
                        "%s: write the e-mail address like ten@example.com.",
                        agency.name,
                    )
                )

    @api.depends(*FOCAL.values())
    def _compute_vacancy(self):
        today = fields.Date.context_today(self)
        for agency in self:
            since = [agency[name] for name in FOCAL.values() if agency[name]]
            # sudo: who watches the roster need not read procedures
            days = agency.company_id.sudo().civic_procedure_id.roster_days
            agency.is_vacant = bool(since)
            agency.is_vacant_overdue = bool(
                since and days and (today - min(since)).days > days
            )

    def _search_is_vacant(self, operator, value):
        if operator != "in":
            return NotImplemented
        vacant = Domain.OR([(name, "!=", False)] for name in FOCAL.values())
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return vacant if True in wanted else ~vacant

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("An agency cannot stand under itself."))

    # ------------------------------------------------------------------
    # Membership decides what people see
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache(cache="groups")
    def _focal_people(self):
        """Ids of users by the field that names them; the focal people of all agencies.

        In a cache that outlives changes of users: it is asked about everybody who
        leaves, most of them in other offices.
        """
        agencies = self.sudo().search_fetch([], list(FOCAL))  # sudo: of all companies
        return {name: frozenset(agencies[name].ids) for name in FOCAL}

    @api.model_create_multi
    def create(self, vals_list):
        agencies = super().create(vals_list)
        for agency in agencies:
            for name in FOCAL:
                agency._mark_vacancy(name)
        self.env.registry.clear_cache("default", "groups")
        return agencies

    def write(self, vals):
        before = {}
        if set(FOCAL) & set(vals):
            before = {
                (agency, name): agency[name]
                for agency in self
                for name in FOCAL
                if name in vals
            }
        result = super().write(vals)
        for (agency, name), person in before.items():
            if agency[name] != person:
                agency._focal_changed(name, person)
        if {"handler_ids", "leader_ids", "parent_id", "active"} & set(vals):
            # Record rules are kept with the agencies of a user in them.
            self.env.registry.clear_cache()
        if {*FOCAL, "active"} & set(vals):
            self.env.registry.clear_cache("groups")
        return result

    # ------------------------------------------------------------------
    # Focal people (HUE Điều 18.1, ST Điều 26.1)
    # ------------------------------------------------------------------

    def _focal_changed(self, name, former):
        """Note a vacancy; work hands over what the former person has in hand."""
        self.ensure_one()
        self._mark_vacancy(name)

    def _mark_vacancy(self, name):
        self.ensure_one()
        since = FOCAL[name]
        if self[name]:
            self[since] = False
        elif not self[since]:
            self[since] = fields.Date.context_today(self)
