import logging
from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import log_part, merkle
from ..ground.health import BROKEN, LOOK, OK, Check
from .root import SILENT

_logger = logging.getLogger(__name__)

# Events that are read at once, and that one part has at most: whole tiles.
AT_ONCE, PART = 8 * merkle.TILE, 64 * merkle.TILE
# In so many nights everything was checked; a seventh is left for what was added, and
# for a night without the server.
NIGHTS = 6
NIGHT, ROUND = timedelta(hours=12), timedelta(days=8)
# Faults that are described, checks that are looked back upon.
MOST, LOOKED_AT = 20, 5000


class CivicEventCheck(models.Model):
    """What the system has found of its own history, night by night, part by part.

    Whoever can write the database can write this too: it finds what went wrong and
    what was done in ignorance. What binds is the roots outside.
    """

    _name = "civic.event.check"
    _inherit = ["civic.kept"]
    _description = "Check of the history"
    _order = "id desc"
    _rec_name = "checked_at"

    checked_at = fields.Datetime("Checked", required=True, readonly=True, index=True)
    first = fields.Integer("From Place", readonly=True, aggregator=None)
    size = fields.Integer("Up to Place", readonly=True, aggregator=None)
    log_size = fields.Integer("Events", readonly=True, aggregator=None)
    faults = fields.Integer(readonly=True)
    words = fields.Text("Found", readonly=True)

    # ------------------------------------------------------------------
    # Each night
    # ------------------------------------------------------------------

    @api.model
    def _cron_check(self):
        """Check what is due tonight."""
        crons = self.env["ir.cron"]
        while part := self._next_part():
            self._check_part(*part)
            if not crons._commit_progress(1):
                crons._commit_progress(remaining=1)
                return

    @api.model
    def _next_part(self):
        """The part that is due next.

        :return: first place, place after the last, size of the log; None where enough
            was checked tonight
        """
        size = self.env["civic.event"]._log_size()
        if not size:
            return None
        last = self.search([], limit=1)
        since = self.env["civic.door"]._now() - NIGHT
        tonight = self.search([("checked_at", ">", since)], limit=LOOKED_AT)
        is_through = last.size >= last.log_size
        if tonight and (
            is_through
            or sum(row.size - row.first for row in tonight) >= ceil(size / NIGHTS)
        ):
            return None
        # A tile that was not whole is read again.
        first = 0 if is_through else last.size // merkle.TILE * merkle.TILE
        if first >= size:  # what was there is gone
            first = 0
        return first, min(first + PART, size), size

    @api.model
    def _check_part(self, first, end, size):
        """Check a part of the log and keep what was found.

        :param first: place, a multiple of the size of a tile
        :param end: place after the last
        :param size: size of the log
        :return: civic.event.check
        """
        found = self._read_part(first, end)
        faults = sum(found.counts.values())
        if faults:
            _logger.error("the history is not what it was: %s", found.faults)
        inside = self.with_env(self.env["civic.report"]._elevated().env)
        return inside.create(
            {
                "checked_at": self.env["civic.door"]._now(),
                "first": first,
                "size": end,
                "log_size": size,
                "faults": faults,
                "words": "\n".join(f"{kind}: {text}" for kind, text in found.faults),
            }
        )

    @api.model
    def _read_part(self, first, end):
        """:return: `event_log.Found`"""
        events = self.env["civic.event"]
        [begun, *before] = events._log_rows(
            SQL("leaf_index IN %s ORDER BY leaf_index", (0, max(first - 1, 0)))
        ) or events._log_rows(
            SQL("leaf_index >= %s ORDER BY leaf_index LIMIT 1", first)
        )
        before = before[0] if before else None
        roots = self.env["civic.event.root"]._known(first)
        checker = log_part.PartChecker(first, begun, before, roots, MOST)
        for start in range(first, end, AT_ONCE):
            stop = min(start + AT_ONCE, end)
            rows = events._log_rows(
                SQL(
                    "leaf_index >= %s AND leaf_index < %s ORDER BY leaf_index",
                    start,
                    stop,
                )
            )
            unknown = checker.unknown(rows)
            last = events._last_hashes(unknown, start) if unknown else {}
            checker.know(last, self._tile_roots(start, stop))
            checker.add(rows)
        if wanting := checker.wanting():
            where = SQL(
                "report_id IN %s AND (leaf_index >= %s OR leaf_index IS NULL)",
                tuple(wanting),
                end,
            )
            checker.explain(events._log_rows(where))
        if doubtful := checker.doubtful():
            where = SQL(
                "report_id IN %s ORDER BY report_id, leaf_index NULLS LAST, id",
                tuple(doubtful),
            )
            checker.judge(events._log_rows(where))
        return checker.finish()

    @api.model
    def _tile_roots(self, start, stop):
        """Kept roots of the whole tiles between two places, by their numbers."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT leaf_index, tile_hash FROM civic_event
                 WHERE tile_hash IS NOT NULL AND leaf_index >= %s AND leaf_index < %s
                """,
                start,
                stop,
            )
        )
        return {index // merkle.TILE: hashed for index, hashed in rows}

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _latest_round(self):
        """Checks of the last week."""
        since = self.env["civic.door"]._now() - ROUND
        return self.search([("checked_at", ">", since)], limit=LOOKED_AT)

    def _is_round(self):
        """Whether these together have read the whole log."""
        read = sum(check.size - check.first for check in self)
        return bool(self) and read >= self[0].log_size

    @api.model
    def _round_words(self):
        """What was found within the last week, in one line, in the user's language."""
        _ = self.env._
        checks = self._latest_round()
        if faults := sum(checks.mapped("faults")):
            return _("Checked by the system itself: %s faults.", faults)
        if not checks._is_round():
            return _("Not checked within the last week.")
        return _("Checked by the system itself within the last week: no fault.")


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_history(self):
        """What the nightly check has found within the last week."""
        _ = self.env._
        title = _("Nightly check of the history")
        checks = self.env["civic.event.check"]._latest_round()
        bad = checks.filtered("faults")
        if bad:
            found = _(
                "%(count)s faults, the last found on %(day)s.",
                count=sum(bad.mapped("faults")),
                day=bad[0].checked_at.date(),
            )
            return Check(
                title,
                BROKEN,
                f"{found}\n{bad[0].words}",
                _(
                    "Change nothing, keep a copy of the database, and check it with "
                    "tools/verify.py against the roots in the e-mails sent outside."
                ),
            )
        if not checks._is_round():
            return self._unread_history(title)
        last = checks[0]
        return Check(
            title,
            OK,
            _(
                "No fault within the last week; last read: events %(first)s to "
                "%(size)s of %(all)s.",
                first=last.first + 1,
                size=last.size,
                all=last.log_size,
            ),
        )

    def _unread_history(self, title):
        _ = self.env._
        before = self.env["civic.door"]._now() - SILENT
        old = [("closed_at", "<", before)]
        if not self.env["civic.event.root"].search_count(old, limit=1):
            return Check(title, OK, _("The first night is not over yet."))
        return Check(
            title,
            LOOK,
            _("Not checked within the last week."),
            _("Look whether the scheduled action that checks the history runs."),
        )
