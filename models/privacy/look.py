import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..identity.access import OPENING
from ..workflow.activity import MAX_REMINDED

_logger = logging.getLogger(__name__)

# What managers are told of: nobody may look any more; many looks in a short time.
OVER, FAST = "looks_over", "looks_fast"
MOST_ALLOWED = 200


class TooManyLooks(UserError):
    """This person has looked at as many identities today as one person may."""

    http_status = 429


class CivicLookDay(models.Model):
    """How many identities a person has opened on a day, and how many that may be.

    Whatever opens an identity is kept on record by `civic.access._log`, and counted
    here by it, in the same transaction: parallel looks of one person wait for each
    other, and what is undone has not counted. An identity counts once a day. The limit
    is copied in when the day begins: raising it later opens nothing on this day; more
    is allowed by a manager alone, and never by the person who looks.
    """

    _name = "civic.look.day"
    _inherit = ["civic.kept", "civic.case", "mail.activity.mixin"]
    _description = "Looks of a Day"
    _order = "day desc, looks desc, id desc"
    _open_states = ("today",)

    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("today", "Today"), ("over", "Over")],
        compute="_compute_state",
        search="_search_state",
        help="Where the Centre is.",
    )
    looks = fields.Integer("Identities Opened", required=True, readonly=True, default=0)
    most = fields.Integer(
        "At Most", required=True, readonly=True, help="As the day began."
    )
    extra = fields.Integer("Allowed Besides", required=True, readonly=True, default=0)
    refused = fields.Integer("Looks Refused", required=True, readonly=True, default=0)
    over_told_at = fields.Datetime("Managers Told", readonly=True)
    fast_told_at = fields.Datetime("Managers Told of Many at Once", readonly=True)
    allowance_ids = fields.One2many(
        "civic.look.allowance", "day_id", "Allowed", readonly=True
    )

    _once = models.UniqueIndex(
        "(user_id, company_id, day)", "This day is counted already."
    )

    @api.depends("day", "user_id.name", "looks")
    def _compute_display_name(self):
        for row in self:
            day = row.day.strftime("%d/%m/%Y") if row.day else ""
            row.display_name = f"{row.user_id.name} · {day} · {row.looks}"

    @api.depends("day", "company_id")
    def _compute_state(self):
        today = {company: company._civic_today() for company in self.company_id}
        for row in self:
            row.state = "today" if row.day == today.get(row.company_id) else "over"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self._read_group([], ["company_id"])
        today = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("day", "=", company._civic_today())
            for (company,) in companies
        )
        wanted = {"today": today, "over": ~today}
        return Domain.OR(wanted[state] for state in value if state in wanted)

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    @api.model
    def _count(self, company, subjects):
        """Count identities that the current user is about to see.

        :param company: res.company whose they are
        :param subjects: set of (field of civic.access, id): whose identity it is
        :raises TooManyLooks: they are more than this person may look at today
        """
        if self.env.uid == SUPERUSER_ID:
            return
        # sudo: officers have no rights on the company's settings
        company = company.sudo()
        now = self.env["civic.door"]._now()
        known, lately = self._already(company, now)
        new = len(subjects - known)
        if not new:
            return
        looks = self._add(company, new)
        if looks is None:
            self._refuse(company)
        if len(lately | subjects) >= company.civic_look_burst > 0:
            self._tell_fast(company, len(lately | subjects), now)

    @api.model
    def _already(self, company, now):
        """Whose identity this person opened today, and in the last minutes.

        :return: two sets of (field, id); bounded by what one person may open
        """
        since = company._civic_day_start(company._civic_today())
        lately = now - timedelta(minutes=company.civic_look_minutes)
        self.env["civic.access"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reporter_id, inbox_id, call_id, max(at)
                  FROM civic_access
                 WHERE user_id = %s AND company_id = %s AND at >= %s AND kind IN %s
              GROUP BY reporter_id, inbox_id, call_id
                """,
                self.env.uid,
                company.id,
                min(since, lately),
                OPENING,
            )
        )
        opened = [
            (self.env["civic.access"]._subject(reporter, inbox, call), at)
            for reporter, inbox, call, at in rows
        ]
        return (
            {subject for subject, at in opened if at >= since},
            {subject for subject, at in opened if at >= lately},
        )

    @api.model
    def _add(self, company, number):
        """Count, if it stays within what is allowed.

        The row is locked until the transaction ends; whoever comes at the same time
        waits, and is served again with what is known then.

        :return: how many it are today, or None if that would be too many
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO civic_look_day AS day
                            (user_id, company_id, day, looks, most, extra, refused,
                             create_uid, write_uid, create_date, write_date)
                     SELECT %(user)s, %(company)s, %(day)s, %(number)s, %(most)s, 0, 0,
                            %(writer)s, %(writer)s, now() AT TIME ZONE 'UTC',
                            now() AT TIME ZONE 'UTC'
                      WHERE %(number)s <= %(most)s OR EXISTS (
                                SELECT FROM civic_look_day
                                 WHERE user_id = %(user)s AND company_id = %(company)s
                                   AND day = %(day)s)
                ON CONFLICT (user_id, company_id, day) DO UPDATE
                        SET looks = day.looks + excluded.looks
                      WHERE day.looks + excluded.looks <= day.most + day.extra
                  RETURNING looks
                """,
                user=self.env.uid,
                company=company.id,
                day=company._civic_today(),
                number=number,
                most=company.civic_look_limit,
                writer=SUPERUSER_ID,
            )
        )
        self.invalidate_model()
        return rows[0][0] if rows else None

    @api.model
    def _refuse(self, company):
        """Refuse the look, and tell the managers once this transaction is over: what
        was asked for is undone, that it was asked is not."""
        today = company._civic_today()

        def tell():
            self._tell_over(company.id, today)

        self.env.cr.postrollback.add(tell)
        self.env.cr.postcommit.add(tell)
        raise TooManyLooks(
            self.env._(
                "You have opened as many identities as one person may on a day (%s). "
                "The Centre's managers have been told: one of them can allow you "
                "more. All other work goes on.",
                company.civic_look_limit,
            )
        )

    # ------------------------------------------------------------------
    # Telling the managers
    # ------------------------------------------------------------------

    @api.model
    def _tell_over(self, company_id, day):
        """See `_tell_over_sudo`; in a transaction of its own, as the one that was
        refused is over."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # The person may be gone with the transaction.
            if env["res.users"].browse(self.env.uid).exists():
                env[self._name]._tell_over_sudo(self.env.uid, company_id, day)

    @api.model
    def _tell_over_sudo(self, user_id, company_id, day):
        """Note that a look was refused; the managers are told the first time, and
        again when more was allowed and is used up."""
        company = self.env["res.company"].browse(company_id)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO civic_look_day AS day
                            (user_id, company_id, day, looks, most, extra, refused,
                             create_uid, write_uid, create_date, write_date)
                     VALUES (%(user)s, %(company)s, %(day)s, 0, %(most)s, 0, 1,
                             %(writer)s, %(writer)s, now() AT TIME ZONE 'UTC',
                             now() AT TIME ZONE 'UTC')
                ON CONFLICT (user_id, company_id, day) DO UPDATE
                        SET refused = day.refused + 1
                  RETURNING id
                """,
                user=user_id,
                company=company_id,
                day=day,
                most=company.civic_look_limit,
                writer=SUPERUSER_ID,
            )
        )
        row = self.browse(self.env.cr.fetchone()[0])
        row.invalidate_recordset()
        if not row.over_told_at:
            row._elevated().over_told_at = self.env["civic.door"]._now()
            row._tell(OVER, row.looks)

    @api.model
    def _tell_fast(self, company, count, now):
        """Tell the managers that somebody opens many identities in a short time."""
        row = self.sudo().search(  # sudo: the own row, whoever it is
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", company.id),
                ("day", "=", company._civic_today()),
            ]
        )
        again = now - timedelta(minutes=company.civic_look_minutes)
        if not row.fast_told_at or row.fast_told_at < again:
            row._elevated().fast_told_at = now
            row._tell(FAST, count)

    def _tell(self, event, count):
        """An activity and a message to each manager but the person itself."""
        self.ensure_one()
        managers = self._managers()
        if not managers:
            _logger.warning(
                "%s: nobody but the person who looks can be told of it, see the health "
                "page",
                self.display_name,
            )
        self._remind(managers, self._told_words(event, count))
        # sudo: the outbox is the module's own
        self.sudo().env["civic.outbox"]._queue_looks(
            self.sudo(), event, managers, count
        )

    def _managers(self):
        """Managers and administrators of the Centre, who can allow more."""
        officers = self.env["res.users"]._civic_officers(
            "centre_manager", self.company_id
        )
        others = officers - self.user_id
        return (others._civic_deputies() & others or others)[:MAX_REMINDED]

    def _told_words(self, event, count):
        if event == OVER:
            return self.env._("Has looked at %s identities and wants more", count)
        return self.env._(
            "%(count)s identities in %(minutes)s minutes",
            count=count,
            minutes=self.company_id.sudo().civic_look_minutes,
        )

    def _remind(self, managers, words):
        activities = self.env["mail.activity"].with_user(SUPERUSER_ID)
        activities._civic_remind(
            [
                {
                    **activities._civic_reminder(
                        self, "activity_looks", manager, self.day, self.display_name
                    ),
                    "summary": words,
                }
                for manager in managers
            ]
        )

    # ------------------------------------------------------------------
    # Allowing more
    # ------------------------------------------------------------------

    def allow_more(self, number, reason):
        """Allow a person to look at more identities on this day.

        Nobody allows it to himself: where there is but one manager an administrator
        does it, and where nobody else is, it waits for the next day.

        :param number: how many more, 1 to 200
        :param reason: why, in words
        :raises MissingError: for a row that is not the manager's to see
        :raises AccessError: for all but managers, and for the person itself
        """
        self.ensure_one()
        day = self._enter("allow_more")
        if type(number) is not int or not 1 <= number <= MOST_ALLOWED:
            raise UserError(self.env._("Allow 1 to %s more looks.", MOST_ALLOWED))
        reason = self.env["civic.access"]._checked_words(reason)
        day._walk("allow_more", {"extra": day.extra + number, "over_told_at": False})
        self.env["civic.look.allowance"].with_env(day.env).create(
            {
                "day_id": day.id,
                "number": number,
                "reason": reason,
                "user_id": self.env.uid,
                "at": self._now(),
            }
        )
        day.activity_ids.action_archive()
        self._tell_allowed(number)
        return True

    def _guard_for_another(self):
        if self.user_id.id == self.env.uid:
            return self.env._(
                "Nobody allows more looks to himself: another manager or an "
                "administrator does."
            )
        return None

    @api.model
    def _verb_label(self, verb):
        return {"allow_more": self.env._("Allow more looks")}[verb]

    def _tell_allowed(self, number):
        user = self.user_id
        _ = self.with_context(lang=user.lang).env._
        user._bus_send(
            "simple_notification",
            {
                "type": "success",
                "title": _("Looks at Identities"),
                "message": _("You may look at %s more identities today.", number),
            },
        )

    @api.private
    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows: managers are reminded, and that is all."""
        return True


class CivicLookAllowance(models.Model):
    """More looks that a manager allowed: rows are only ever added."""

    _name = "civic.look.allowance"
    _inherit = ["civic.kept"]
    _description = "More Looks Allowed"
    _order = "id desc"
    _rec_name = "day_id"

    day_id = fields.Many2one(
        "civic.look.day", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="day_id.company_id", store=True)
    number = fields.Integer("How Many More", required=True, readonly=True)
    reason = fields.Char("Why", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, ondelete="restrict"
    )
    at = fields.Datetime("When", required=True, readonly=True)

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))


class CivicAccess(models.Model):
    _inherit = "civic.access"

    @api.model
    def _opens(self, company, subjects):
        self.env["civic.look.day"]._count(company, subjects)
        return super()._opens(company, subjects)
