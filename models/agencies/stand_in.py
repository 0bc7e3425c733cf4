from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.working_time import end_of_day, start_of_day
from ..ground.guard import check_visible
from ..ground.key import elevated, is_inside

LONGEST = 366
# Functions that a deputy must have of one's own; those of handlers and leaders are lent
# to each other.
FUNCTIONS = (
    ("handler", "leader"),
    ("operator",),
    ("coordinator",),
    ("province_leader",),
)
# What may not be rewritten once the leave has begun.
FIXED = frozenset({"user_id", "deputy_id", "date_from", "company_id"})


class CivicStandIn(models.Model):
    """Somebody is away from one day to another, and who acts meanwhile.

    The deputy gets reminders and messages, and may do what the absent person might, in
    that person's place; nothing more, and no day longer.
    """

    _name = "civic.stand.in"
    _inherit = ["civic.buttons", "civic.links", "civic.cached"]
    _description = "Leave and stand-in"
    _order = "date_from desc, id desc"
    _kept_fields = frozenset({"ended_at", "entered_by_id", "is_reminded"})

    user_id = fields.Many2one(
        "res.users",
        "Who Is Away",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until", required=True, help="The last day away.")
    document = fields.Char(help="Number and date of what authorises the deputy.")
    starts_at = fields.Datetime(
        compute="_compute_moments", store=True, help="Midnight where the company works."
    )
    ends_at = fields.Datetime(compute="_compute_moments", store=True, index=True)
    ended_at = fields.Datetime("Back Since", readonly=True, copy=False)
    entered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    is_reminded = fields.Boolean(
        readonly=True, copy=False, help="The reminders stand with the deputy."
    )
    state = fields.Selection(
        [("coming", "Coming"), ("running", "Running"), ("over", "Over")],
        compute="_compute_state",
    )

    @api.depends("date_from", "date_to", "ended_at", "company_id")
    def _compute_moments(self):
        for row in self:
            if not (row.date_from and row.date_to and row.company_id):
                row.starts_at = row.ends_at = False
                continue
            # sudo: officers need not read the company's calendar
            tz = row.company_id.sudo()._civic_calendar().tz
            row.starts_at = start_of_day(row.date_from, tz)
            last = end_of_day(row.date_to, tz)
            row.ends_at = min(last, row.ended_at) if row.ended_at else last

    @api.depends("starts_at", "ends_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for row in self:
            begun = row.starts_at and row.starts_at <= now
            over = row.ends_at and row.ends_at <= now
            row.state = "over" if over else "running" if begun else "coming"

    @api.depends("user_id", "deputy_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            # sudo: names of colleagues
            names = row.sudo()
            if not (names.user_id and names.deputy_id):
                row.display_name = self.env._("Leave and stand-in")
                continue
            row.display_name = self.env._(
                "%(deputy)s in place of %(absent)s",
                deputy=names.deputy_id.name,
                absent=names.user_id.name,
            )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_may_enter()
        cron = self.env.ref("civic_report.cron_stand_ins").sudo()
        for row in rows:
            cron._trigger(at=[row.starts_at, row.ends_at])
        return rows

    def write(self, vals):
        if not is_inside(self.env):
            self._check_may_enter()
            self._check_not_begun(vals)
        result = super().write(vals)
        if not is_inside(self.env):
            self._check_may_enter()
        if "date_to" in vals:
            cron = self.env.ref("civic_report.cron_stand_ins").sudo()
            cron._trigger(at=self.mapped("ends_at"))
        return result

    @api.model
    def _kept_words(self):
        return self.env._("End a leave early by the button “Is Back” of its form.")

    def _check_not_begun(self, vals):
        now = fields.Datetime.now()
        for row in self:
            if row.ends_at <= now:
                raise UserError(self.env._("%s: this leave is over.", row.display_name))
            if FIXED & set(vals) and row.starts_at <= now:
                raise UserError(
                    self.env._(
                        "%s: this leave has begun. End it, and enter another one.",
                        row.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_coming(self):
        self._check_may_enter()
        now = fields.Datetime.now()
        if any(row.starts_at <= now for row in self):
            raise UserError(
                self.env._("Who stood in for whom is kept. End the leave instead.")
            )

    def _check_may_enter(self):
        """:raises AccessError: but for the absent person, leaders of that person's
        agencies and administrators; nobody makes oneself another's deputy"""
        user = self.env.user
        if self.env.su:
            return
        is_administrator = user.has_group("civic_report.group_administrator")
        for row in self:
            if row.user_id == user:
                continue
            if row.deputy_id == user:
                raise AccessError(
                    self.env._(
                        "Nobody makes oneself the deputy of another: the absent "
                        "person or another leader enters it."
                    )
                )
            if not is_administrator and row.user_id not in user._civic_led_people():
                raise AccessError(
                    self.env._(
                        "A leave is entered by who takes it, by a leader of the "
                        "agency, or by an administrator."
                    )
                )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains("user_id", "deputy_id", "date_from", "date_to", "company_id")
    def _check_whole(self):
        for row in self.sudo():
            row._check_days()
            row._check_people()
            row._check_functions()
            row._check_overlap()

    def _check_days(self):
        if self.date_to < self.date_from:
            raise ValidationError(self.env._("The leave ends before it begins."))
        if (self.date_to - self.date_from).days > LONGEST:
            raise ValidationError(
                self.env._("A leave of more than a year is a succession: enter that.")
            )
        if self.date_to < self.company_id._civic_today():
            raise ValidationError(self.env._("This leave would be over already."))

    def _check_people(self):
        absent, deputy = self.user_id, self.deputy_id
        if absent == deputy:
            raise ValidationError(self.env._("Nobody is one's own deputy."))
        for person in (absent, deputy):
            if not person.active or person.share:
                raise ValidationError(
                    self.env._("%s is no officer in service.", person.name)
                )
            if self.company_id not in person.company_ids:
                raise ValidationError(
                    self.env._("%s belongs to another province.", person.name)
                )

    def _check_functions(self):
        """What a deputy does not have at all is not lent: it would show more than the
        function of either."""
        absent, deputy = self.user_id, self.deputy_id
        for roles in FUNCTIONS:
            groups = [f"civic_report.group_{role}" for role in roles]
            if any(map(absent.has_group, groups)) and not any(
                map(deputy.has_group, groups)
            ):
                raise ValidationError(
                    self.env._(
                        "%(deputy)s cannot stand in for %(absent)s: the role "
                        "“%(role)s” is missing.",
                        deputy=deputy.name,
                        absent=absent.name,
                        role=self.env.ref(groups[0]).name,
                    )
                )

    def _check_overlap(self):
        meanwhile = (
            Domain("id", "!=", self.id)
            & Domain("starts_at", "<", self.ends_at)
            & Domain("ends_at", ">", self.starts_at)
        )
        for domain, words in (
            (
                Domain("user_id", "=", self.user_id.id),
                self.env._("%(absent)s has a deputy in this time already."),
            ),
            (
                Domain("user_id", "=", self.deputy_id.id),
                self.env._("%(deputy)s is away in this time too: choose another."),
            ),
            (
                Domain("deputy_id", "=", self.user_id.id),
                self.env._(
                    "%(absent)s stands in for somebody in this time: name another "
                    "deputy there first."
                ),
            ),
        ):
            if self.search_count(meanwhile & domain, limit=1):
                names = {"absent": self.user_id.name, "deputy": self.deputy_id.name}
                raise ValidationError(words % names)

    # ------------------------------------------------------------------
    # Beginning and end
    # ------------------------------------------------------------------

    def action_end(self):
        """Whoever was away is back: the deputy's rights end now."""
        check_visible(self)
        self._check_may_enter()
        now = fields.Datetime.now()
        for row in self:
            if row.ends_at <= now:
                raise UserError(self.env._("%s: this leave is over.", row.display_name))
        rows = elevated(self)
        rows.write({"ended_at": now})
        rows._move_reminders(False)
        return True

    @api.model
    @tools.ormcache()
    def _entered(self):
        """Leaves of the last year and to come, kept in memory: rights ask all the time.

        :return: tuple of (begin, end, id of the absent user, id of the deputy)
        """
        # sudo: of everybody
        rows = self.sudo().search(
            [
                # Long over ones need not be kept; the moment is looked at when asked.
                ("ends_at", ">", fields.Datetime.now() - timedelta(days=LONGEST)),
                ("user_id.active", "=", True),
                ("deputy_id.active", "=", True),
            ]
        )
        return tuple(
            (row.starts_at, row.ends_at, row.user_id.id, row.deputy_id.id)
            for row in rows
        )

    @api.model
    def _running(self):
        """:return: list of (id of the absent user, id of the deputy) as of now"""
        entered = self._entered()
        if not entered:
            return []
        now = fields.Datetime.now()
        return [
            (absent, deputy)
            for start, end, absent, deputy in entered
            if start <= now < end
        ]

    @api.model
    def _cron_remind(self):
        """Move reminders to deputies when leaves begin, and back when they end."""
        now = fields.Datetime.now()
        running = self.search(
            [
                ("is_reminded", "=", False),
                ("starts_at", "<=", now),
                ("ends_at", ">", now),
            ]
        )
        over = self.search([("is_reminded", "=", True), ("ends_at", "<=", now)])
        for rows, value in ((running, True), (over, False)):
            elevated(rows)._move_reminders(value)

    def _move_reminders(self, to_deputy):
        """Remind anew of the work in hand of who is away, or was: whoever reminds does
        so."""
        self.write({"is_reminded": to_deputy})
