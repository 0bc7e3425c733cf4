import math
from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..tools.throttle import Rate
from .civic_vault import VaultError

MAX_LIMITS = 500


class TooMany(UserError):
    """A limit is reached.

    :param wait: seconds after which it may be tried again
    """

    http_status = 429

    def __init__(self, message, wait):
        super().__init__(message)
        self.wait = wait


class CivicThrottleLimit(models.Model):
    """So many acts in so much time, of one device, telephone, account or address."""

    _name = "civic.throttle.limit"
    _inherit = ["civic.cached"]
    _description = "Limit against floods"
    _order = "scope, kind, seconds"
    _rec_name = "scope"

    scope = fields.Selection(
        [
            ("form", "Form posted, right or wrong"),
            ("send", "Report sent"),
            ("sketch", "Help asked for while a report is written"),
            ("act", "Answer, question, rating or appeal sent"),
            ("lookup", "Report looked up by its code"),
        ],
        "Act",
        required=True,
    )
    kind = fields.Selection(
        [
            ("device", "One device"),
            ("address", "New devices of one network address"),
            ("phone", "One telephone number"),
            ("account", "One account"),
            ("code", "One report code"),
        ],
        "Counted For",
        required=True,
    )
    count = fields.Integer(
        "At Most", required=True, help="Possible at once; then one by one."
    )
    seconds = fields.Integer("In Seconds", required=True)

    _once = models.UniqueIndex(
        "(scope, kind, seconds)", "There is a limit for this time already."
    )
    _sensible = models.Constraint(
        "CHECK (count BETWEEN 1 AND 100000 AND seconds BETWEEN 1 AND 2678400)",
        "Allow at least one act, and count over at most 31 days.",
    )

    @api.model
    def _rates(self, scope):
        """The limits of an act: {kind: [Rate]}."""
        return self._all_rates().get(scope, {})

    @tools.ormcache()
    def _all_rates(self):
        rates = defaultdict(lambda: defaultdict(list))
        # sudo: figures are no secret, yet visitors have no rights on them
        for row in self.sudo().search([], limit=MAX_LIMITS):
            rates[row.scope][row.kind].append(Rate(row.count, row.seconds))
        return {scope: dict(kinds) for scope, kinds in rates.items()}


class CivicThrottle(models.Model):
    """What has been counted against the limits, for all workers together.

    Rows are buckets under keyed hashes: neither an address nor a telephone number can
    be read from them. The table is not logged: it need not survive a crash of the
    database, nor be in its backups. See :mod:`..tools.throttle` for the arithmetic.
    """

    _name = "civic.throttle"
    _description = "Counts against floods"
    _auto = False
    _log_access = False

    key = fields.Char(readonly=True)
    empty_at = fields.Float(readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNLOGGED TABLE IF NOT EXISTS civic_throttle (
                id bigint GENERATED ALWAYS AS IDENTITY,
                key text PRIMARY KEY,
                empty_at double precision NOT NULL,
                span double precision NOT NULL
            )
            """
        )

    @api.model
    def _check(self, scope, keys):
        """Count an act, or refuse it in words for the citizen.

        :param scope: key of `civic.throttle.limit.scope`
        :param keys: see `_take`
        :raises TooMany: when a limit is reached
        """
        wait = self._take(scope, keys)
        if wait:
            raise TooMany(self._words(scope, wait), wait)

    @api.model
    def _take(self, scope, keys):
        """Count an act, unless one of its limits is reached: then nothing counts.

        One statement in a transaction of its own: what is rolled back later has
        counted, and no lock is held.

        :param scope: key of `civic.throttle.limit.scope`
        :param keys: dict of kind → what stands for the device, the telephone …; kinds
            without a value or without a limit are left out
        :return: 0 if the act may go on, else whole seconds to wait
        """
        try:
            buckets = self._buckets(scope, keys)
        except VaultError:
            # Nothing to count by, yet what needs no identity goes on without its key.
            return 0
        if not buckets:
            return 0
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.connection.autocommit = True
            cr.execute(self._statement(buckets))
            wait, counted = cr.fetchone()
        if counted == len(buckets):
            return 0
        # Others may have come first between reading and counting.
        least = min(rate.step for rate in buckets.values())
        return max(1, math.ceil(wait if wait > 0 else least))

    @api.model
    def _buckets(self, scope, keys):
        """The buckets of an act: {hashed key: Rate}."""
        # sudo: the vault's key is the server's, whoever the visitor is
        vault = self.env["civic.vault"].sudo()
        rates = self.env["civic.throttle.limit"]._rates(scope)
        return {
            vault._fingerprint(
                f"throttle.{scope}.{kind}.{rate.seconds}", str(value)
            ): rate
            for kind, value in keys.items()
            if value
            for rate in rates.get(kind, ())
        }

    @api.model
    def _statement(self, buckets):
        """Count in all of the buckets, or in none.

        Sorted, so that two acts never wait for each other's row.
        """
        keys = sorted(buckets)
        return SQL(
            """
            WITH known AS (
                SELECT wanted.key, wanted.step, wanted.span, clock.now,
                       greatest(bucket.empty_at, clock.now) + wanted.step AS after
                  FROM unnest(
                           %(keys)s::text[], %(steps)s::float8[], %(spans)s::float8[]
                       ) AS wanted (key, step, span)
            CROSS JOIN (SELECT extract(epoch FROM statement_timestamp())::float8)
                       AS clock (now)
             LEFT JOIN civic_throttle bucket ON bucket.key = wanted.key
            ), verdict AS (
                SELECT max(after - span - now) AS wait FROM known
            ), counted AS (
                INSERT INTO civic_throttle AS bucket (key, empty_at, span)
                SELECT key, now + step, span
                  FROM known, verdict
                 WHERE wait <= 0.001
              ORDER BY key
                    ON CONFLICT (key) DO UPDATE
                   SET empty_at = greatest(bucket.empty_at, %(now)s)
                                  + excluded.empty_at - %(now)s,
                       span = excluded.span
                 WHERE greatest(bucket.empty_at, %(now)s) + excluded.empty_at
                       - 2 * %(now)s <= excluded.span + 0.001
             RETURNING 1
            )
            SELECT wait, (SELECT count(*) FROM counted) FROM verdict
            """,
            keys=keys,
            steps=[buckets[key].step for key in keys],
            spans=[float(buckets[key].seconds) for key in keys],
            now=SQL("extract(epoch FROM statement_timestamp())::float8"),
        )

    @api.model
    def _words(self, scope, wait):
        """What a citizen is told who has to wait.

        :param scope: key of `civic.throttle.limit.scope`
        :param wait: seconds
        """
        minutes = math.ceil(wait / 60)
        if scope == "lookup":
            return self.env._(
                "Too many tries in a short time. Wait %s min, then try again.", minutes
            )
        return self.env._(
            "Too much has been sent in a short time. Wait %s min, then press Send "
            "again: what you wrote is still here. Somebody is in danger right now? "
            "Call 113, 114 or 115.",
            minutes,
        )

    @api.autovacuum
    def _gc_empty(self):
        """Forget the buckets that are empty again."""
        self.env.cr.execute(
            "DELETE FROM civic_throttle "
            "WHERE empty_at < extract(epoch FROM statement_timestamp())"
        )
