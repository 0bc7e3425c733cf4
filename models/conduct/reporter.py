from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.conduct import months_later, most_within
from ...tools.working_time import local_date
from ..ground.guard import check_visible, required_text
from ..ground.key import check_inside, is_inside
from .lock import FOREVER

GUARDED = frozenset(
    {
        "locked_until",
        "follow_up_locked_until",
        "violation_count",
        "violation_ids",
        "lock_ids",
    }
)
UNTIL = {"account": "locked_until", "follow_up": "follow_up_locked_until"}
UNLOCKED = {
    "locked_until": False,
    "follow_up_locked_until": False,
    "violation_count": 0,
}
ABOUT = {"account": "report", "follow_up": "follow_up"}
# Senders who share a telephone number or an address and are looked at together.
MAX_SAME_CONTACT = 100


class SenderLocked(UserError):
    """Whoever sends is locked for violations (ST Điều 17.1)."""


class CivicReporter(models.Model):
    """How senders keep to the rules of conduct, and their locks (ST Điều 17.1).

    A lock belongs to the account; without one, to the sender's name and telephone
    number together. Another name under the same number or e-mail address is no way
    round: such reports come in marked, for the Centre to look at. They are not refused:
    a number alone proves nothing and may be shared.
    """

    _inherit = "civic.reporter"

    locked_until = fields.Datetime(readonly=True, copy=False)
    follow_up_locked_until = fields.Datetime(
        "Follow-ups Locked Until", readonly=True, copy=False
    )
    is_locked = fields.Boolean(
        "Locked", compute="_compute_is_locked", search="_search_is_locked"
    )
    is_follow_up_locked = fields.Boolean(
        "Follow-ups Locked", compute="_compute_is_locked"
    )
    lock_words = fields.Char(compute="_compute_lock_words")
    lock_ids = fields.One2many("civic.lock", "reporter_id", "Locks")
    violation_ids = fields.One2many("civic.violation", "reporter_id", "Violations")
    violation_count = fields.Integer(
        "Violations That Count",
        readonly=True,
        copy=False,
        help="Of all who send under this telephone number or e-mail address without "
        "an account.",
    )

    # ------------------------------------------------------------------
    # Guard
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_conduct_written(vals)
        # Nor by the defaults of a caller's context.
        return super().create([{**UNLOCKED, **vals} for vals in vals_list])

    def write(self, vals):
        self._check_conduct_written(vals)
        return super().write(vals)

    def _check_conduct_written(self, vals):
        if GUARDED & vals.keys():
            check_inside(self.env)

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    @api.depends("locked_until", "follow_up_locked_until")
    def _compute_is_locked(self):
        for reporter in self:
            reporter.is_locked = reporter._is_locked_now("account")
            reporter.is_follow_up_locked = reporter._is_locked_now("follow_up")

    def _is_locked_now(self, what):
        """Whether a lock is in force at this moment, see `lock`."""
        until = self[UNTIL[what]]
        return bool(until and until > self.env["civic.door"]._now())

    def _search_is_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        now = self.env["civic.door"]._now()
        locked = Domain("locked_until", ">", now)
        free = Domain("locked_until", "=", False) | Domain("locked_until", "<=", now)
        return locked if True in wanted else free

    @api.depends("lock_ids", "locked_until", "follow_up_locked_until")
    @api.depends_context("lang")
    def _compute_lock_words(self):
        for reporter in self:
            reporter.lock_words = " ".join(
                self.env._(
                    "%(what)s is locked: %(until)s.",
                    what=lock["what"],
                    until=lock["until"],
                )
                for lock in reporter._lock_notices()
            )

    def _lock_notices(self):
        """The locks in force, in words.

        :return: list of dicts: what, since, until, reason, source
        """
        labels = dict(
            self.env["civic.lock"]._fields["what"]._description_selection(self.env)
        )
        now = self.env["civic.door"]._now()
        return [
            {
                "what": labels[lock.what],
                "since": lock.since,
                "until": lock._until_words(),
                "reason": lock.reason,
                "source": lock.source,
            }
            for lock in self.lock_ids._in_force(now)
        ]

    @api.model
    def _own_lock_notices_sudo(self, user):
        """The locks in force of this account, see `_lock_notices`."""
        if user._is_public():
            return []
        # sudo: citizens read no reporters; the account is the guard
        return self.sudo().search([("user_id", "=", user.id)])._lock_notices()

    # ------------------------------------------------------------------
    # At the entrance
    # ------------------------------------------------------------------

    def _admission(self, is_emergency):
        """Whether this sender may send now.

        :return: key of `civic.report.conduct_flag`, or False
        :raises SenderLocked: in words for the sender
        """
        self.ensure_one()
        if self._is_locked_now("account"):
            if is_emergency:
                return "emergency"
            raise SenderLocked(self._locked_words("account"))
        if not self.user_id and any(
            other._is_locked_now("account") for other in self._same_contact()
        ):
            return "contact"
        return False

    def _check_may_follow_up(self):
        """:raises UserError: in words for the sender"""
        for reporter in self:
            if words := reporter._asking_lock_words():
                raise UserError(words)

    def _asking_lock_words(self):
        """Why a sender may not ask about answers now; None where nothing forbids it."""
        for what in ("account", "follow_up") if self else ():
            if self._is_locked_now(what):
                return self._locked_words(what)
        return None

    def _locked_words(self, what):
        """Why a sender is refused, until when, and what can be done about it."""
        now = self.env["civic.door"]._now()
        lock = self.lock_ids.filtered(lambda row: row.what == what)._in_force(now)[:1]
        values = {
            "since": self.company_id._civic_moment_text(lock.since),
            "until": lock._until_words(),
            "article": lock.source,
            "reason": lock.reason,
        }
        if what == "follow_up":
            return self.env._(
                "Asking about answers is locked for you since %(since)s, until: "
                "%(until)s (%(article)s). %(reason)s You can appeal on the page of "
                "each report that was found in violation.",
                **values,
            )
        return self.env._(
            "Sending reports is locked for you since %(since)s, until: %(until)s "
            "(%(article)s). %(reason)s You can appeal under “My reports”, or turn to "
            "the intake centre. Emergencies are always taken in; somebody is in "
            "danger right now? Call 113, 114 or 115.",
            **values,
        )

    def _same_contact(self):
        """Whoever else sends under this telephone number or e-mail address, with an
        account or without.

        They are all that is known of an anonymous sender, and prove little.
        """
        self.ensure_one()
        reporter = self.sudo()  # sudo: in clear, to look others up by it
        same = Domain.OR(
            Domain(name, "=", reporter[name])
            for name in ("phone", "email_from")
            if reporter[name]
        )
        others = Domain("company_id", "=", reporter.company_id.id)
        others &= Domain("id", "!=", reporter.id)
        return reporter.search(same & others, limit=MAX_SAME_CONTACT)

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _counted_together(self):
        """Whose violations count as one sender's: all without an account under one
        telephone number or address; with an account, the account alone."""
        self.ensure_one()
        if self.user_id:
            return self
        others = self._same_contact().filtered(lambda row: not row.user_id)
        return self | others.with_env(self.env)

    def _recount(self, what, report):
        """Lock this sender if there are too many violations, unlock if no longer.

        :param what: "account" or "follow_up"
        :param report: civic.report on which the event is written
        """
        self.ensure_one()
        now = self.env["civic.door"]._now()
        together = self._counted_together()
        counting = together._counting(what, now)
        if what == "account":
            # Written even for others: of two who count at once, one counts again.
            together.write({"violation_count": len(counting)})
        too_many = self._is_too_many(what, counting, report.procedure_id)
        in_force = together.lock_ids.filtered(lambda row: row.what == what)._in_force(
            now
        )
        if too_many and not in_force:
            self._lock(what, report, self._count_reason(what, counting), now=now)
        elif not too_many:
            reason = self.env._("A finding was lifted: the others are not too many.")
            for lock in in_force.filtered(lambda row: not row.locked_by_id):
                lock.reporter_id._unlock(lock, report, reason, is_void=True)

    def _counting(self, what, now):
        """The findings that count towards the next lock, or led to the one in force.

        Those before the end of an earlier lock have had their effect.
        """
        since = self.lock_ids.filtered(lambda row: row.what == what)._ended(now)
        return self.violation_ids.filtered(
            lambda row: (
                row.about == ABOUT[what]
                and row.state != "lifted"
                and row.found_at >= since
            )
        )

    def _is_too_many(self, what, violations, procedure):
        """More than the procedure's number; of follow-ups, within its months. Without
        a number nothing locks by itself.

        Months are counted by the days on which they were sent, from any of them to the
        close of the corresponding day (Bộ luật Dân sự 2015, Điều 147–148).
        """
        if what == "account":
            limit = procedure.violation_limit
            return bool(limit) and len(violations) > limit
        if not procedure.follow_up_violation_limit:
            return False
        tz = self.company_id._civic_calendar()._civic_tz()
        days = [local_date(row.sent_at, tz) for row in violations]
        most = most_within(days, procedure.follow_up_violation_months)
        return most > procedure.follow_up_violation_limit

    def _count_reason(self, what, violations):
        if what == "account":
            return self.env._(
                "%s of your reports were found to break the rules of conduct.",
                len(violations),
            )
        return self.env._(
            "%s of your questions were found to break the rules of conduct.",
            len(violations),
        )

    # ------------------------------------------------------------------
    # Locking
    # ------------------------------------------------------------------

    def lock(self, reason, what="account", basis=None):
        """Lock a sender by hand.

        :param reason: why, as the sender is told
        :param what: "account" (sending reports) or "follow_up" (asking about answers)
        :param basis: the law or article on which it rests; by default the procedure's
            article on conduct, where it has one
        """
        reporter, reason = self._enter_conduct(reason, what)
        basis = reporter._lock_basis(basis)
        now = self.env["civic.door"]._now()
        if reporter._current_lock(what, now):
            raise UserError(self.env._("This sender is locked already."))
        reporter._lock(
            what,
            reporter._latest_report(),
            reason,
            now=now,
            by=self.env.user,
            basis=basis,
        )
        return True

    def _lock_basis(self, basis):
        """On what a lock by hand rests.

        :raises UserError: where neither it nor the procedure names anything
        """
        procedure = self._lock_procedure()
        if not basis and procedure.violation_source:
            return procedure._conduct_words()
        return required_text(
            self.env,
            basis,
            self.env._("the legal basis: this procedure names none for locks"),
        )

    def _lock_procedure(self):
        """The procedure of what this sender sent last."""
        report = self._latest_report()
        return report.procedure_id or self.company_id._civic_procedure()

    def unlock(self, reason, what="account"):
        """End a lock by hand; counting begins anew.

        :param reason: why
        :param what: as in `lock`
        """
        reporter, reason = self._enter_conduct(reason, what)
        now = self.env["civic.door"]._now()
        lock = reporter._current_lock(what, now)
        if not lock:
            raise UserError(self.env._("This sender is not locked."))
        reporter._unlock(lock, reporter._latest_report(), reason)
        if what == "account":
            reporter._counted_together().write({"violation_count": 0})
        return True

    def _enter_conduct(self, reason, what):
        """Check who asks for what, and give the reporter, elevated.

        :return: (reporter, reason)
        """
        self.ensure_one()
        check_visible(self, self.env._("Not found: there is no such sender."))
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(self.env._("Only Centre managers lock and unlock."))
        if what not in UNTIL:
            raise UserError(self.env._("Choose what is locked."))
        reports = self.env["civic.report"]
        reason = required_text(self.env, reason, self.env._("a reason"))
        return self.with_env(reports._elevated().env), reason

    def _latest_report(self):
        """Where the event of a lock by hand is written."""
        return self.env["civic.report"].search(
            [("reporter_id", "=", self.id)], order="received_at desc, id desc", limit=1
        )

    def _current_lock(self, what, now):
        locks = self.lock_ids.filtered(lambda row: row.what == what)
        return locks._in_force(now)[:1]

    def _lock(self, what, report, reason, *, now, by=None, basis=None):
        """Lock, keep the lock, write the event.

        :param basis: words for what it rests on; the procedure's article by default
        """
        assert is_inside(self.env), "only verbs lock"
        procedure = report.procedure_id or self.company_id._civic_procedure()
        # One that has run out stays in the way of the next until it is closed.
        for lock in self.lock_ids:
            if lock.what == what and not lock.ended_at:
                lock.ended_at = lock.until
        self.env["civic.lock"].flush_model()
        until = self._lock_end(what, procedure, now)
        lock = self.env["civic.lock"].create(
            {
                "reporter_id": self.id,
                "company_id": self.company_id.id,
                "what": what,
                "since": now,
                "until": until,
                "reason": reason,
                "source": basis or procedure._conduct_words(),
                "locked_by_id": by.id if by else False,
            }
        )
        self.write({UNTIL[what]: until})
        if report:
            report._log_note("lock", f"{lock.display_name}: {lock._until_words()}")

    def _lock_end(self, what, procedure, now):
        """The close of the last day of the lock, or no end."""
        tz = self.company_id._civic_calendar()._civic_tz()
        today = local_date(now, tz)
        names = {"follow_up": "follow_up_lock_months", "account": "account_lock_months"}
        months = procedure[names[what]]
        if not months:
            return FOREVER
        last = months_later(today, months)
        midnight = datetime.combine(last + timedelta(days=1), time.min)
        local = pytz.timezone(tz).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _unlock(self, lock, report, reason, *, is_void=False):
        """End a lock, write the event."""
        now = self.env["civic.door"]._now()
        lock.write(
            {
                "ended_at": now,
                "ended_by_id": False if is_void else self.env.uid,
                "end_reason": reason,
                "is_void": is_void,
            }
        )
        self.write({UNTIL[lock.what]: now})
        if report:
            report._log_note("unlock", f"{lock.display_name}: {reason}")
