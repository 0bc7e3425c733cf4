import logging
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ..tools.text import clean, says_something
from .civic_access import OPENING
from .civic_case import MAX_REMINDED
from .door import lock_rows

_logger = logging.getLogger(__name__)

# What managers are told of: nobody may look any more; many looks in a short time.
OVER, FAST = "looks_over", "looks_fast"
MOST_ALLOWED = 200
MAX_WORDS = 500
MOST_GROUNDS = 200


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
    _inherit = ["civic.kept", "mail.activity.mixin"]
    _description = "Looks of a Day"
    _order = "day desc, looks desc, id desc"

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
    can_allow = fields.Boolean(compute="_compute_can_allow")

    _once = models.UniqueIndex(
        "(user_id, company_id, day)", "This day is counted already."
    )

    @api.depends("day", "user_id.name", "looks")
    def _compute_display_name(self):
        for row in self:
            day = row.day.strftime("%d/%m/%Y") if row.day else ""
            row.display_name = f"{row.user_id.name} · {day} · {row.looks}"

    @api.depends_context("uid")
    @api.depends("user_id", "day", "company_id")
    def _compute_can_allow(self):
        manages = self.env.user.has_group("civic_report.group_centre_manager")
        for row in self:
            row.can_allow = (
                manages
                and row.user_id != self.env.user
                and row.day == row.company_id._civic_today()
            )

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
        tell = partial(
            _tell_over,
            self.env.registry,
            self.env.uid,
            company.id,
            company._civic_today(),
        )
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
            row._elevated_day().over_told_at = self.env["civic.door"]._now()
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
            row._elevated_day().fast_told_at = now
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
        # Quick update: no mails one by one.
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "res_name": self.display_name,
                    "activity_type_id": self.env.ref("civic_report.activity_looks").id,
                    "summary": words,
                    "user_id": manager.id,
                    "date_deadline": self.day,
                    "automated": True,
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
        if self != self.exists()._filtered_access("read"):
            raise MissingError(self.env._("Not found: there is no such row."))
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(self.env._("Only Centre managers allow more looks."))
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._(
                    "Nobody allows more looks to himself: another manager or an "
                    "administrator does."
                )
            )
        if type(number) is not int or not 1 <= number <= MOST_ALLOWED:
            raise UserError(self.env._("Allow 1 to %s more looks.", MOST_ALLOWED))
        reason = self.env["civic.access"]._checked_words(reason)
        day = self._elevated_day()
        lock_rows(day)
        if day.day != day.company_id._civic_today():
            raise UserError(self.env._("This day is over: it counts anew."))
        day.write({"extra": day.extra + number, "over_told_at": False})
        self.env["civic.look.allowance"].with_env(day.env).create(
            {
                "day_id": day.id,
                "number": number,
                "reason": reason,
                "user_id": self.env.uid,
                "at": self.env["civic.door"]._now(),
            }
        )
        day.sudo().activity_ids.action_archive()
        self._tell_allowed(number)
        return True

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

    def _elevated_day(self):
        return self.with_env(self.env["civic.report"]._elevated().env)


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


def _tell_over(registry: Registry, user_id, company_id, day):
    """See `_tell_over_sudo`; runs when the transaction that was refused is over."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        # The person may be gone with the transaction.
        if env["res.users"].browse(user_id).exists():
            env["civic.look.day"]._tell_over_sudo(user_id, company_id, day)


class CivicReason(models.Model):
    """Grounds for a look at an identity."""

    _inherit = "civic.reason"

    use = fields.Selection(
        selection_add=[("look", "Look at an identity")],
        ondelete={"look": "cascade"},
    )
    needs_words = fields.Boolean(
        "With Words", help="Whoever chooses it says in words what it is about."
    )


class CivicAccess(models.Model):
    """The reason of a look: a ground of the list, with words where it needs them."""

    _inherit = "civic.access"

    ground_id = fields.Many2one("civic.reason", readonly=True, ondelete="restrict")

    @api.model
    def _read_reason(self, reason, words=None):
        """Values of a look's reason.

        :param reason: id or code of a ground of the list; anything else is taken as
            the words of “another reason”
        :param words: what it is about, where the ground needs words
        :return: dict: ground_id and reason
        :raises UserError: no such ground; no words, or words that say nothing
        """
        ground = self._ground(reason)
        if not ground and isinstance(reason, str) and not words:
            ground, words = self._ground("other"), reason
        if not ground:
            raise UserError(self.env._("Choose from the list why you need to know."))
        words = clean(words if isinstance(words, str) else "", multiline=False)
        if ground.needs_words:
            words = self._checked_words(words)
        return {"ground_id": ground.id, "reason": words[:MAX_WORDS] or ground.name}

    @api.model
    def _ground(self, reason):
        """The ground of this id or code, or empty."""
        # sudo: why somebody looks is chosen from a list for everybody who may look
        grounds = self.env["civic.reason"].sudo()
        if isinstance(reason, models.BaseModel):
            reason = reason.id
        if type(reason) not in (int, str):
            return grounds
        name = "id" if isinstance(reason, int) else "code"
        found = grounds.search([("use", "=", "look")], limit=MOST_GROUNDS)
        return found.filtered(lambda ground: ground[name] == reason)

    @api.model
    def _checked_words(self, words):
        words = clean(words if isinstance(words, str) else "", multiline=False)
        if not says_something(words):
            raise UserError(
                self.env._(
                    "Say in a few words of your own why: at least two words, not one "
                    "letter over and over."
                )
            )
        return words[:MAX_WORDS]
