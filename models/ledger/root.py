import logging
from datetime import timedelta

from odoo import api, fields, models

from ...tools import event_log, merkle
from ..ground.health import BROKEN, LOOK, OK, Check

_logger = logging.getLogger(__name__)

# Roots that the page shows, and that its data holds.
SHOWN, MOST = 31, 400
# A night without the server is no matter; longer, and nobody outside hears of roots.
SILENT = timedelta(days=2)
# So long may nothing happen and days are closed all the same, and so much may the
# clocks of this server and of PostgreSQL differ: beyond, a clock is wrong.
QUIET, APART = timedelta(days=31), timedelta(hours=1)


class CivicEventRoot(models.Model):
    """The root over all events, once a day, as it is told to the world.

    One log for the whole database, whichever companies it has: so there is one root,
    and it tells nothing but how many events there are.
    """

    _name = "civic.event.root"
    _inherit = ["civic.kept"]
    _description = "Root of the history"
    # As they were closed: a day that a wrong clock closed is not the last for ever.
    _order = "id desc"
    _rec_name = "day"

    day = fields.Date(required=True, readonly=True, help="The last day that it closes.")
    size = fields.Integer("Events", required=True, readonly=True, aggregator=None)
    root = fields.Char(required=True, readonly=True)
    closed_at = fields.Datetime("Closed", required=True, readonly=True)
    consistency = fields.Json(
        readonly=True,
        help="Proof that the log of the root before is the beginning of this one "
        "(RFC 9162, 2.1.4).",
    )

    _once = models.UniqueIndex("(day)", "This day is closed already.")

    # ------------------------------------------------------------------
    # Closing days
    # ------------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Seal what has happened; once a day is over, close it."""
        crons, events = self.env["ir.cron"], self.env["civic.event"]
        while sealed := events._seal():
            if not crons._commit_progress(sealed):
                crons._commit_progress(remaining=1)
                return
        self._close()

    @api.model
    def _close(self):
        """Close the days that are over and tell the root outside, where there is one.

        :return: the root; empty where the day is closed already or nothing happened yet
        """
        now = self.env["civic.door"]._now()
        main = self.env.ref("base.main_company")
        day = main._civic_date(now) - timedelta(days=1)
        before = self._last()
        size = self.env["civic.event"]._log_size()
        if not size or self.search_count([("day", "=", day)], limit=1):
            return self.browse()
        if problem := self._clock_problem(now, day):
            _logger.warning("the day %s is not closed: %s", day, problem)
            return self.browse()
        tree = self.env["civic.event"]._tree(size, before.size)
        root = self._inside().create(
            {
                "day": day,
                "size": size,
                "root": tree(0, size).hex(),
                "closed_at": now,
                "consistency": before._consistency(size, tree),
            }
        )
        self.env["civic.outbox"]._queue_root(root)
        return root

    @api.model
    def _clock_problem(self, now, day):
        """Why a day is not closed yet, in words: what is closed cannot be taken back.

        :param now: the moment, by the clock of this server
        :param day: the day that would be closed
        :return: empty where the clock agrees with the last event and with PostgreSQL
        """
        _ = self.env._
        if abs(now - self._database_now()) > APART:
            return _("The clocks of this server and of its database differ.")
        main = self.env.ref("base.main_company")
        last = self.env["civic.event"]._last_recorded()
        recorded = main._civic_date(last) if last else day
        if day > recorded + QUIET:
            return _(
                "Nothing has happened since %s, or the server's clock is far ahead.",
                recorded,
            )
        # What is closed on a day may have been recorded after its midnight.
        if day < recorded - SILENT:
            return _("The server's clock is far behind the last event, %s.", recorded)
        return ""

    @api.model
    def _database_now(self):
        """The moment by PostgreSQL's clock, naive UTC."""
        return self.env.cr.now()

    @api.model
    def _last(self):
        """The root that was closed last; empty before the first."""
        return self.search([], limit=1)

    @api.model
    def _known(self, place):
        """Roots that hold a place of the log.

        :return: list of `event_log.Root`
        """
        return [
            event_log.Root(str(root.day), root.size, root.root, root.closed_at)
            for root in self.search([("size", ">", place)])
        ]

    def _consistency(self, size, tree):
        """Proof from this root, if any, to a log of a size."""
        if not self or self.size > size:
            return []
        proof = merkle.consistency_proof(self.size, size, tree)
        return [part.hex() for part in proof]

    @api.model
    def _inside(self):
        return self.with_env(self.env["civic.report"]._elevated().env)

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    @api.model
    def _public_roots_sudo(self, limit, size=None):
        """What the whole world may know of the roots, the latest first.

        :param size: those over so many events or fewer
        :return: list of dicts: day, size, root, closed_at (UTC), consistency
        """
        domain = [("size", "<=", size)] if size is not None else []
        roots = self.sudo()  # sudo: they are made to be published
        return [root._public_values() for root in roots.search(domain, limit=limit)]

    def _public_values(self):
        return {
            "day": self.day.isoformat(),
            "size": self.size,
            "root": self.root,
            "closed_at": f"{self.closed_at.isoformat()}Z",
            "consistency": self.consistency or [],
        }

    def _line(self):
        """As mails have it, and as `tools/verify.py` finds it in them."""
        return f"{self.day} {self.size} {self.root}"


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_roots(self):
        """Whether the log still ends in its last root, and whether anybody outside
        could tell if it did not."""
        _ = self.env._
        title = _("Roots of the history")
        last = self.env["civic.event.root"]._last()
        if not last:
            return Check(title, OK, _("The first day is not closed yet."))
        problem = (
            self._rewritten_log(last)
            or self._wrong_day(last)
            or self._silent_seal(last)
            or self._untold_roots()
        )
        if problem:
            return Check(title, *problem)
        found = _("%(size)s events, closed on %(day)s.", size=last.size, day=last.day)
        return Check(title, OK, found)

    def _rewritten_log(self, last):
        """Each of these gives state, finding and advice, or nothing."""
        _, events = self.env._, self.env["civic.event"]
        size = events._log_size()
        if size < last.size or events._tree(last.size)(0, last.size).hex() != last.root:
            return (
                BROKEN,
                _("The history is not what it was when %s was closed.", last.day),
                _(
                    "Change nothing, keep a copy of the database, and check it with "
                    "tools/verify.py against the roots in the e-mails sent outside."
                ),
            )
        return ()

    def _wrong_day(self, last):
        _, now = self.env._, self.env["civic.door"]._now()
        today = self.env.ref("base.main_company")._civic_date(now)
        problem = self.env["civic.event.root"]._clock_problem(
            now, today - timedelta(days=1)
        )
        if not problem and last.day >= today:
            problem = _("A day is closed that is not over: %s.", last.day)
        if problem:
            return (
                BROKEN,
                problem,
                _(
                    "Set the clocks of the servers right (NTP). The next days are "
                    "closed as soon as they are; what a wrong clock has closed or "
                    "dated stays, so write down when it was."
                ),
            )
        return ()

    def _silent_seal(self, last):
        _ = self.env._
        if self.env["civic.door"]._now() - last.closed_at > SILENT:
            return (
                BROKEN,
                _("No day has been closed since %s.", last.day),
                _("Look whether the scheduled action that seals events runs."),
            )
        return ()

    def _untold_roots(self):
        _ = self.env._
        silent = [
            company.name
            for company in self._civic_companies()
            if not company._civic_root_addresses()
        ]
        if silent:
            return (
                LOOK,
                _("Nobody outside is told of them: %s.", ", ".join(silent)),
                _(
                    "Settings › Civic Reports › Trust: name addresses of others, who "
                    "keep the roots and could tell if the history were rewritten."
                ),
            )
        return ()
