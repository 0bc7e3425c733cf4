import secrets
import uuid
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL, consteq

from ...tools.text import ascii_digits
from .notice import CODE
from .outbox import EMERGENCY

# In whole minutes: pages and messages say so, see `_valid_minutes`.
VALID = timedelta(minutes=10)
TRIES = 5
KEPT = timedelta(days=1)
DIGITS = 6
# What the keyed hash is for: other hashes of the vault say nothing about these.
FINGERPRINT = "one-time-code"
# Checked when there is no code, so that this takes as long.
NO_NONCE = "0" * 32


class CivicCode(models.Model):
    """Six digits, told to the sender of a report, that prove who enters them.

    Valid once, for a few minutes and tries (`VALID`, `TRIES`), in the browser that
    asked for it; a new one takes the place of that browser's older.
    The digits stand nowhere: they are a keyed hash of the row's nonce, worked out when
    they are told and when they are checked. Whoever reads the database, or a dump of
    it, cannot work them out without the key of the vault.
    """

    _name = "civic.code"
    _description = "One-time Code"
    # Who asked stays unknown: nobody's account is kept on the row.
    _log_access = False

    report_id = fields.Many2one(
        "civic.report", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    purpose = fields.Selection(
        [("lookup", "Looking a report up"), ("verify", "First-time sender")],
        required=True,
        readonly=True,
    )
    asker = fields.Char(
        required=True,
        readonly=True,
        default="",
        groups=fields.NO_ACCESS,
        help="Keyed hash of the browser that asked: the digits are right there alone, "
        "and nobody else's tries or new codes touch them.",
    )
    nonce = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(required=True, readonly=True)
    tries_left = fields.Integer(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    _one_at_a_time = models.UniqueIndex(
        "(report_id, purpose, asker)", "There is a code for this already."
    )
    _old_first = models.Index("(expires_at)")

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _ask_sudo(self, report, report_code, company, asker, is_own):
        """Send the sender of the report of a code a one-time code to look it up.

        Whoever holds the report's code alone can have so many messages sent; beyond
        that the digits that are on their way are right in this browser, too. Nor is
        anybody's mailbox filled by whoever counts codes up: beyond its limit the same
        work is done in vain.

        :param report: civic.report of that code, or empty
        :param report_code: the code of a report, or of none
        :param asker: what stands for the browser that asks
        :param is_own: it has sent the report, or proved to be its sender before
        :raises VaultError: the key, without which there are no digits, is missing
        """
        throttle = self.env["civic.throttle"]
        code = "" if is_own else f"{company.id} {report_code}"
        joins = bool(throttle._take("code", {"code": code}))
        self._issue_sudo(report, "lookup", asker, joins, code)

    @api.model
    def _issue_sudo(self, report, purpose, asker="", joins=False, asked_code=""):
        """Send the sender of a report a new code; this browser's older one is void.

        Without a report, or where its sender cannot be reached, the same work is done
        in vain: neither the answer nor the time it takes tells the two apart.

        :param report: civic.report, of any user's environment, or empty
        :param purpose: key of the field
        :param asker: what stands for the browser in which the digits are right
        :param joins: take the digits that are on their way, if there are any
        :param asked_code: by whose code a stranger asks: this counts for the mailbox
        :return: whether a code is on its way
        :raises VaultError: the key, without which there are no digits, is missing
        """
        # sudo: nobody reads or writes codes; visitors are told what the caller tells
        codes = self.sudo()
        codes.env["civic.vault"]._active_key()
        hashed = codes._hash_of(asker)
        # sudo: any report whose sender can be reached; nothing of it is told or stays
        other = report.sudo().search([("reporter_id.email_hash", "!=", False)], limit=1)
        # Read together, so that reading costs the same for whichever is told.
        prepare = codes.env["civic.outbox"]._prepare_code
        known = {each.id: prepare(each) for each in report.sudo() | other}
        is_told = bool(known.get(report.id)) & self._may_be_told(report, asked_code)
        target = report.sudo() if is_told else other
        with self.env.cr.savepoint() as savepoint:
            if target:
                codes._issue(target, known[target.id], purpose, hashed, joins)
            if is_told:
                # As many statements as taking it back, which forgets what was read.
                self.env.cr.execute("SELECT 1")
                self.env.invalidate_all()
            savepoint.close(rollback=not is_told)
        return is_told

    def _may_be_told(self, report, asked_code):
        """Count a message for the mailbox; without a report, for the code itself."""
        # sudo: only the hash by which a mailbox counts
        reporter = report.sudo().reporter_id
        mailbox = reporter.email_hash or reporter.phone_hash or asked_code
        asked = {"mailbox": asked_code and mailbox}
        return not self.env["civic.throttle"]._take("code", asked)

    def _issue(self, report, rows, purpose, asker, joins):
        known = self._on_its_way(report, purpose) if joins else ()
        code = self._renew(report, purpose, asker, *known)
        if not known:
            for row in rows:
                row["facts"] = Json({"code": code.id})
                row["expires_at"] = code.expires_at
            self.env["civic.outbox"]._queue(rows)

    @api.model
    def _hash_of(self, asker):
        """What stands for a browser in the table; nothing where any may enter it."""
        vault = self.env["civic.vault"]
        return vault._fingerprint("code-asker", asker) if asker else ""

    def _on_its_way(self, report, purpose):
        """Nonce and end of the newest code that a message tells; empty for none."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT nonce, expires_at
                  FROM civic_code
                 WHERE report_id = %s AND purpose = %s
                   AND used_at IS NULL AND expires_at > %s
                 ORDER BY expires_at DESC
                 LIMIT 1
                """,
                report.id,
                purpose,
                self.env["civic.door"]._now(),
            )
        )
        return rows[0] if rows else ()

    def _renew(self, report, purpose, asker, nonce=None, expires_at=None):
        """The one code of this report, purpose and browser, made anew.

        Two who ask at once wait for each other; the later one's is valid.
        """
        [(code_id,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO civic_code AS code (
                    report_id, company_id, purpose, asker, nonce, expires_at, tries_left
                )
                VALUES (%s, %s, %s, %s, %s, %s, %s)
                    ON CONFLICT (report_id, purpose, asker) DO UPDATE
                   SET nonce = excluded.nonce,
                       expires_at = excluded.expires_at,
                       -- The same digits once more have no more tries.
                       tries_left = CASE WHEN code.nonce = excluded.nonce
                                         THEN code.tries_left
                                         ELSE excluded.tries_left END,
                       used_at = NULL
             RETURNING code.id
                """,
                report.id,
                report.company_id.id,
                purpose,
                asker,
                nonce or secrets.token_hex(len(NO_NONCE) // 2),
                expires_at or self.env["civic.door"]._now() + VALID,
                TRIES,
            )
        )
        code = self.browse(code_id)
        code.invalidate_recordset()
        return code

    @api.model
    def _valid_minutes(self):
        """How long a code is valid, for the words that say so."""
        return VALID // timedelta(minutes=1)

    def _is_live(self):
        """Whether entering these digits now would be right."""
        row = self.exists()
        now = self.env["civic.door"]._now()
        return bool(row) and not row.used_at and now < row.expires_at

    def _digits(self):
        """The digits, worked out for the message and kept nowhere.

        :raises VaultError: the key is missing or wrong
        """
        self.ensure_one()
        [(nonce,)] = self.env.execute_query(
            SQL("SELECT nonce FROM civic_code WHERE id = %s", self.id)
        )
        return _digits(self.env["civic.vault"]._fingerprint(FINGERPRINT, nonce))

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    @api.model
    def _check_sudo(self, report, purpose, digits, asker=""):
        """Tell whether these are the digits sent last, and use them up.

        Each call is a try, in one statement: who tries many at once has no more of
        them. A wrong, an old, a used code, another report's and none are told apart
        neither by the answer nor by the time it takes.

        :param report: civic.report, or empty
        :param purpose: key of the field
        :param digits: what was typed; spaces do not matter
        :param asker: what stands for the browser, as when the code was asked for
        :raises VaultError: the key is missing or wrong
        """
        # sudo: nobody reads or writes codes; whether one is right is all that is told
        codes = self.sudo()
        typed = ascii_digits("".join((digits or "")[:64].split()))
        found = codes._take_try(report, purpose, asker)
        _code_id, nonce = found or (0, NO_NONCE)
        # While a key is replaced, what was told under the older one is right too.
        hashes = codes.env["civic.vault"]._fingerprints(FINGERPRINT, nonce)
        is_right = sum(consteq(_digits(each), _ascii(typed)) for each in hashes)
        if not (found and is_right):
            return False
        codes.env.execute_query(
            SQL(
                "UPDATE civic_code SET used_at = %s WHERE nonce = %s RETURNING id",
                codes.env["civic.door"]._now(),
                nonce,
            )
        )
        codes.invalidate_model(["used_at"])
        # sudo: the right code proved whose report it is; only what waits is let go
        report = report.sudo()
        codes.env["civic.outbox"]._release_arrivals(
            report.reporter_id, report.company_id
        )
        return True

    def _take_try(self, report, purpose, asker=""):
        """Use up a try of the code sent last.

        :return: (id, nonce); empty when there is none, or none left
        """
        now = self.env["civic.door"]._now()
        vault = self.env["civic.vault"]
        askers = vault._fingerprints("code-asker", asker) if asker else [""]
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE civic_code
                   SET tries_left = tries_left - 1
                 WHERE report_id = %s
                   AND purpose = %s
                   AND asker = ANY (%s)
                   AND tries_left > 0
                   AND used_at IS NULL
                   AND expires_at > %s
             RETURNING id, nonce
                """,
                report.id or 0,
                purpose,
                askers,
                now,
            )
        )
        if rows:
            self.browse(rows[0][0]).invalidate_recordset()
        return rows[0] if rows else ()

    @api.autovacuum
    def _gc_old(self):
        """Forget codes a day after they ended."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM civic_code WHERE expires_at < %s",
                self.env["civic.door"]._now() - KEPT,
            )
        )


class CivicOutbox(models.Model):
    """One-time codes on their way: the digits are put in when they are delivered."""

    _inherit = "civic.outbox"

    @api.model
    def _prepare_code(self, report):
        """Ways by which the sender of a report can be told a code.

        At any hour, and before others: the sender has asked for it just now.

        :return: list of dicts of one key; empty where the sender cannot be reached
        """
        key = f"code:{uuid.uuid4().hex}"
        reporter, drivers = report.reporter_id, self.env["civic.driver"]
        nothing = (self.env["civic.assignment"], self.env["civic.event"])
        return [
            {**row, "key": key, "priority": EMERGENCY}
            for notice in self.env["civic.notice"]._by_event().get(CODE, ())
            for row in self._prepare_about(notice, report, *nothing)
            if drivers._of(row["channel"])._reaches(reporter)
        ]

    def _is_moot(self):
        code = self._one_time_code()
        return super()._is_moot() if code is None else not code._is_live()

    def _reporter_values(self):
        values = super()._reporter_values()
        code = self._one_time_code()
        if code is None:
            return values
        told = {"one_time_code": code._digits()}
        return {**values, **told, "valid_minutes": str(code._valid_minutes())}

    def _one_time_code(self):
        """The code that this message tells; None for other messages."""
        if self.notice_id.event != CODE:
            return None
        # sudo: nobody reads codes but who delivers them
        return self.env["civic.code"].sudo().browse((self.facts or {}).get("code"))


def _digits(fingerprint):
    return f"{int(fingerprint, 16) % 10**DIGITS:0{DIGITS}}"


def _ascii(text):
    """Text that can be compared in constant time; other letters are no digits."""
    return text if text.isascii() else ""
