import math
from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.http import request
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ...tools import challenge
from ...tools.throttle import Rate, bearable, price
from ..vault.vault import VaultError

MAX_LIMITS = 500
# How often more than its count a limit beyond which work is asked may hold: what an
# address sends costs up to 256 times the least work, what is aimed at one telephone or
# report up to 16 times, since its owner pays too.
MOST_OF_SOURCE = 16
MOST_OF_TARGET = 4
TARGETS = frozenset({"phone", "code", "email"})
# What a device pays at most that has done something here before.
MOST_OF_KNOWN = 16
# Acts of one device, or of those at an address who keep no cookies, for which waiting
# is taken instead of work.
WAITED = Rate(3, 600)
# Acts that one form asks for: one answer is for all of them.
ONE_FORM = {"form": "send"}
MAX_PRICE = price(MOST_OF_SOURCE)
# Counts in all of the buckets wanted, or in none.
COUNT_IN_ALL = """
    WITH known AS (
        SELECT wanted.*, clock.now,
               greatest(bucket.empty_at, clock.now) + wanted.step AS after
          FROM unnest(
                   %(keys)s::text[], %(steps)s::float8[], %(spans)s::float8[],
                   %(tops)s::float8[]
               ) AS wanted (key, step, span, top)
    CROSS JOIN (SELECT extract(epoch FROM statement_timestamp())::float8)
               AS clock (now)
     LEFT JOIN civic_throttle bucket ON bucket.key = wanted.key
    ), verdict AS (
        SELECT coalesce(max(after - span - now) FILTER (WHERE top = 1), 0)
               AS wait,
               coalesce(max(after - span - now) FILTER (WHERE top > 1), 0)
               AS drained,
               coalesce(max((after - now - 0.001) / span)
                        FILTER (WHERE top > 1), 0) AS fullness
          FROM known
    ), counted AS (
        INSERT INTO civic_throttle AS bucket (key, empty_at, span)
        SELECT key, now + step, span
          FROM known, verdict
         WHERE wait <= 0.001 AND fullness <= %(most)s
      ORDER BY key
            ON CONFLICT (key) DO UPDATE
           SET empty_at = least(
                   greatest(bucket.empty_at, %(now)s)
                   + excluded.empty_at - %(now)s,
                   %(now)s + excluded.span * (
                       SELECT top FROM known WHERE known.key = bucket.key
                   )
               ),
               span = excluded.span
         WHERE bucket.key = ANY (%(paid)s)
            OR greatest(bucket.empty_at, %(now)s) + excluded.empty_at
               - 2 * %(now)s <= excluded.span + 0.001
     RETURNING 1
    )
    SELECT wait, drained, fullness, (SELECT count(*) FROM counted) FROM verdict
"""


class Counted(set):
    """Scopes that a request has counted, and purposes for which it has paid."""

    paid = 0


class TooMany(UserError):
    """A limit is reached.

    :param wait: seconds after which it may be tried again
    :param challenge: by what it may go on at once, see :mod:`..tools.challenge`; None
        where there is nothing but waiting
    """

    http_status = 429

    def __init__(self, message, wait, challenge=None):
        super().__init__(message)
        self.wait = wait
        self.challenge = challenge


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
            ("code", "One-time code told to a sender by whoever holds the code"),
            ("device", "Browser given a name of its own"),
            ("ack", "Arrival of a report acknowledged"),
            ("login", "Sign-in that failed"),
        ],
        "Act",
        required=True,
    )
    kind = fields.Selection(
        [
            ("device", "One device"),
            ("address", "New devices of one network address"),
            ("network", "All who are not signed in at one network address"),
            ("phone", "One telephone number"),
            ("account", "One account"),
            ("code", "One report code"),
            ("mailbox", "One mailbox or telephone"),
            ("stranger", "One mailbox or telephone that never confirmed"),
            ("login", "One login at one network address"),
        ],
        "Counted For",
        required=True,
    )
    beyond = fields.Selection(
        [("wait", "Wait"), ("work", "A small sum by the browser, or wait")],
        "Beyond It",
        required=True,
        default="wait",
        help="The sum grows with what is sent, and whoever works it out is served. It "
        "is asked where reports are sent, looked up and followed; elsewhere people "
        "wait.",
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
            rates[row.scope][row.kind].append(row._rate())
        return {scope: dict(kinds) for scope, kinds in rates.items()}

    def _rate(self):
        top = 1
        if self.beyond == "work":
            top = MOST_OF_TARGET if self.kind in TARGETS else MOST_OF_SOURCE
        return Rate(self.count, self.seconds, top)


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
    def _check(self, scope, keys, answer=None):
        """Count an act, or refuse it in words for the citizen.

        What the same request has counted is not counted again when its transaction is
        run again.

        :param scope: key of `civic.throttle.limit.scope`
        :param keys: see `_take`
        :param answer: what the browser gave for the challenge of an earlier refusal, ""
            for nothing; None where it is not asked to work, and waits
        :raises TooMany: when a limit is reached
        """
        done = self._of_request()
        if scope in done:
            return
        buckets = self._buckets(scope, keys)
        paid = self._paid(scope, keys, answer) if buckets else 0
        wait, fullness = self._count(buckets, paid)
        if not wait:
            done.add(scope)
            return
        if fullness and answer is not None:
            due = self._price(keys, fullness)
            words = self._words_of_work(challenge.wait(due))
            raise TooMany(words, challenge.wait(due), self._issue(scope, keys, due))
        raise TooMany(self._words(scope, wait), wait)

    @api.model
    def _take(self, scope, keys):
        """Count an act, unless one of its limits is reached: then nothing counts.

        :param scope: key of `civic.throttle.limit.scope`
        :param keys: dict of kind → what stands for the device, the telephone …; kinds
            without a value or without a limit are left out
        :return: 0 if the act may go on, else whole seconds to wait
        """
        return self._count(self._buckets(scope, keys))[0]

    @api.model
    def _is_full(self, scope, keys):
        """Whether `_take` would refuse; nothing is counted.

        :param scope, keys: as of `_take`
        """
        buckets = self._buckets(scope, keys)
        if not buckets:
            return False
        query = SQL(
            """
            SELECT 1
              FROM unnest(%s::text[], %s::float8[]) AS wanted (key, full_from)
              JOIN civic_throttle bucket ON bucket.key = wanted.key
             WHERE bucket.empty_at - extract(epoch FROM statement_timestamp())
                   > wanted.full_from + 0.001
             LIMIT 1
            """,
            list(buckets),
            [rate.seconds - rate.step for rate in buckets.values()],
        )
        # Read as it is now, not as it was when this transaction began.
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(query)
            return bool(cr.rowcount)

    @api.model
    def _count(self, buckets, paid=0):
        """Count in all of the buckets, or in none.

        One statement in a transaction of its own: what is rolled back later has
        counted, and no lock is held.

        :param buckets: dict of hashed key → Rate
        :param paid: price of the work that was done for it
        :return: (0 or whole seconds to wait, 0 or how full the fullest limit is where
            work alone is missing)
        """
        if not buckets:
            return 0, 0
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.connection.autocommit = True
            cr.execute(self._statement(buckets, paid))
            wait, drained, fullness, counted = cr.fetchone()
        if counted == len(buckets):
            return 0, 0
        # Others may have come first between reading and counting.
        least = min(rate.step for rate in buckets.values())
        if wait <= 0.001 and fullness > 1:
            return max(1, math.ceil(drained)), fullness
        return max(1, math.ceil(wait if wait > 0 else least)), 0

    @api.model
    def _buckets(self, scope, keys):
        """The buckets of an act: {hashed key: Rate}; none without the vault's key,
        since what needs no identity goes on without it."""
        rates = self.env["civic.throttle.limit"]._rates(scope)
        try:
            return {
                self._hash(f"{scope}.{kind}.{rate.seconds}", value): rate
                for kind, value in keys.items()
                if value
                for rate in rates.get(kind, ())
            }
        except VaultError:
            return {}

    @api.model
    def _hash(self, kind, value):
        # sudo: the vault's key is the server's, whoever the visitor is
        vault = self.env["civic.vault"].sudo()
        return vault._fingerprint(f"throttle.{kind}", str(value))

    @api.model
    def _statement(self, buckets, paid=0):
        """Count in all of the buckets, or in none.

        Sorted, so that two acts never wait for each other's row.

        :return: SQL that gives the seconds to wait where nothing else helps, those
            until no work is needed, how full the fullest is where work helps, and the
            number of buckets that counted
        """
        keys = sorted(buckets)
        rates = [buckets[key] for key in keys]
        return SQL(
            COUNT_IN_ALL,
            keys=keys,
            steps=[rate.step for rate in rates],
            spans=[float(rate.seconds) for rate in rates],
            tops=[float(rate.top) for rate in rates],
            # Work lets in where work is asked, and nowhere else.
            paid=[key for key in keys if paid and buckets[key].top > 1],
            most=max(1, min(paid, MAX_PRICE) and bearable(paid)),
            now=SQL("extract(epoch FROM statement_timestamp())::float8"),
        )

    # ------------------------------------------------------------------
    # Work instead of waiting
    # ------------------------------------------------------------------

    @api.model
    def _price(self, keys, fullness):
        """What the next act costs whom these keys stand for."""
        is_known = keys.get("device") and not keys.get("address")
        return min(price(fullness), MOST_OF_KNOWN) if is_known else price(fullness)

    @api.model
    def _issue(self, scope, keys, due):
        purpose, secret = self._purpose(scope, keys)
        return challenge.issue(purpose, due, secret)

    @api.model
    def _purpose(self, scope, keys):
        """For what and for whom a challenge is, and the secret that signs it."""
        scope = ONE_FORM.get(scope, scope)
        who = keys.get("device") or keys.get("address") or keys.get("network")
        return self._hash("challenge", f"{scope}.{who}"), self._hash("challenge", "key")

    @api.model
    def _paid(self, scope, keys, answer):
        """The price of the work that this request brings; each answer is taken once."""
        done = self._of_request()
        if not answer:
            return 0
        purpose, secret = self._purpose(scope, keys)
        if purpose in done:
            return done.paid
        found = challenge.read(answer, purpose, secret)
        if not found:
            return 0
        once = {self._hash("used", found.nonce): Rate(1, challenge.VALID_SECONDS)}
        if found.waited:
            once[self._hash("waited", purpose)] = WAITED
        if self._count(once)[0]:
            return 0
        done.add(purpose)
        is_known = keys.get("device") and not keys.get("address")
        at_most = is_known and found.price >= MOST_OF_KNOWN
        done.paid = MAX_PRICE if at_most else found.price
        return done.paid

    @api.model
    def _of_request(self):
        """What this request has counted already; outside of one, nothing."""
        if not request:
            return Counted()
        return request.httprequest.environ.setdefault("civic_report.counted", Counted())

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

    @api.model
    def _words_of_work(self, wait):
        """What a citizen is told whose browser has to work, or who has to wait.

        :param wait: seconds
        """
        return self.env._(
            "Very much comes in from your network or about this matter right now. Your "
            "browser does a small sum to show that it is no machine's flood, and goes "
            "on by itself; without it, wait %s seconds and press again. What you wrote "
            "is still here.",
            wait,
        )

    @api.autovacuum
    def _gc_empty(self):
        """Forget the buckets that are empty again."""
        self.env.cr.execute(
            "DELETE FROM civic_throttle "
            "WHERE empty_at < extract(epoch FROM statement_timestamp())"
        )
