import uuid
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ..workflow.transitions import OPEN_REPORT_STATES

NOBODY = fields.NO_ACCESS
# Who does not confirm an address by then has to ask again.
CONFIRM_WITHIN = timedelta(days=2)
# The last message to followers of a report that is public no more is sent by then.
ENDED_KEPT = timedelta(days=3)
# Rows that one statement of the nightly pass deletes.
FORGET_BATCH = 5000
MAX_SHOWN = 20
# Deletes some of those whom nobody needs to know any more.
FORGET = """
       DELETE FROM civic_support
        WHERE id IN (
              SELECT support.id
                FROM civic_support support
                JOIN civic_report report
                     ON report.id = support.report_id
                JOIN civic_procedure procedure
                     ON procedure.id = report.procedure_id
               WHERE (report.state NOT IN %(open)s
                      AND report.closed_at < %(now)s
                          - make_interval(
                                days => procedure.follower_days))
                  OR (support.state = 'asked'
                      AND support.is_support IS NOT TRUE
                      AND support.changed_at < %(asked)s)
                  OR (support.state = 'ended'
                      AND support.changed_at < %(ended)s)
               LIMIT %(batch)s)
    RETURNING id
"""


class CivicSupport(models.Model):
    """“Me too” and following: one row for each person and report.

    Somebody is known by a device, an account or an e-mail address. Which one is sealed;
    beside it stands a keyed hash, by which a person counts once. The hash of a device
    is another for each report, so that nobody can tell what else it supports.
    """

    _name = "civic.support"
    _inherit = ["civic.sealed", "civic.secret.link"]
    _description = "Support of a report"
    _order = "id"
    _rec_name = "report_id"
    _link_page = "/phan-anh/theo-doi"
    _link_purpose = "support-link"
    _log_access = False

    report_id = fields.Many2one(
        "civic.report", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("device", "Device"),
            ("account", "Account"),
            ("email", "E-mail address"),
            ("push", "Device that is notified"),
        ],
        "Known By",
        required=True,
        readonly=True,
    )
    is_support = fields.Boolean("Met It Too", readonly=True)
    state = fields.Selection(
        [
            ("none", "Does not follow"),
            ("asked", "Address to be confirmed"),
            ("following", "Follows"),
            ("ended", "Ended: the report is not public any more"),
        ],
        "Following",
        required=True,
        readonly=True,
        default="none",
    )
    lang = fields.Char(readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)
    person_hash = fields.Char(required=True, groups=NOBODY, index=True)
    vault_ref = fields.Char(required=True, groups=NOBODY)
    vault_blob = fields.Text(required=True, groups=NOBODY)
    # Of the link to stop only its key and its hash are kept; see tools/secret_link.py.
    link_key = fields.Char(groups=NOBODY, index="btree_not_null")
    link_hash = fields.Char(groups=NOBODY)

    _once = models.UniqueIndex(
        "(report_id, person_hash)", "This person counts for this report already."
    )
    _followers = models.Index("(report_id, id) WHERE state = 'following'")

    # ------------------------------------------------------------------
    # Who it is
    # ------------------------------------------------------------------

    @api.model
    def _person_hashes(self, report, kind, value):
        """Keyed hashes of a person under every key, the one that is kept first."""
        if kind == "push":
            value = value["endpoint"]
        if kind in ("device", "push"):
            value = f"{report.id}:{value}"
        vault = self.env["civic.vault"]
        kept = vault._fingerprint(f"support.{kind}", str(value))
        others = vault._fingerprints(f"support.{kind}", str(value))
        return [kept, *(row for row in others if row != kept)]

    @api.model
    def _find_sudo(self, report, kind, value):
        """The row of a person, or empty.

        :param kind: device, account, email or push
        :param value: name of the device, id of the account, normalized address, or
            dict of a browser's endpoint and keys
        """
        # sudo: whoever knows the device, the account or the address finds its own row
        return self.sudo().search(
            [
                ("report_id", "=", report.id),
                ("person_hash", "in", self._person_hashes(report, kind, value)),
            ],
            limit=1,
        )

    def _who(self):
        """What the person is known by, opened.

        :raises VaultError: the key is missing or wrong
        """
        self.ensure_one()
        return self._open_values(self.vault_ref, self.vault_blob)

    def _vault_again(self):
        value = self._who()
        hashes = self._person_hashes(self.report_id, self.kind, value)
        return {
            "person_hash": hashes[0],
            **self._seal_values(value, self.vault_ref),
            **(self._new_link(self.link_key) if self.link_key else {}),
        }

    @api.model
    def _prepare_row(self, report, kind, value, **values):
        """Columns of a new row."""
        hashes = self._person_hashes(report, kind, value)
        known = self._find_sudo(report, kind, value) if hashes[1:] else None
        return {
            "report_id": report.id,
            "company_id": report.company_id.id,
            "kind": kind,
            "is_support": False,
            "state": "none",
            "changed_at": self.env["civic.door"]._now(),
            # While two keys are in use an older row is the person's still.
            "person_hash": known.person_hash if known else hashes[0],
            **self._seal_values(value, str(uuid.uuid4())),
            **values,
        }

    # ------------------------------------------------------------------
    # Me too
    # ------------------------------------------------------------------

    @api.model
    def _support_sudo(self, report, kind, value):
        """Count a person once as having met the same; a second time changes nothing.

        :param report: civic.report that is published and open
        :param kind, value: see `_find_sudo`
        """
        row = self._prepare_row(report, kind, value, is_support=True)
        self._count(
            report,
            SQL(
                """
                WITH changed AS (
                    INSERT INTO civic_support (%(names)s) VALUES %(values)s
                    ON CONFLICT (report_id, person_hash) DO UPDATE
                       SET is_support = TRUE
                     WHERE civic_support.is_support IS NOT TRUE
                 RETURNING report_id
                )
                UPDATE civic_report
                   SET support_count = COALESCE(support_count, 0) + 1
                  FROM changed
                 WHERE civic_report.id = changed.report_id
                """,
                names=SQL(", ").join(map(SQL.identifier, row)),
                values=tuple(row.values()),
            ),
        )

    @api.model
    def _take_back_sudo(self, report, kind, value):
        """Undo `_support_sudo`; nothing changes where nothing was counted."""
        self._count(
            report,
            SQL(
                """
                WITH mine AS (
                    SELECT id, state FROM civic_support
                     WHERE report_id = %(report)s
                       AND person_hash = ANY(%(hashes)s)
                       AND is_support
                ), gone AS (
                    DELETE FROM civic_support USING mine
                     WHERE civic_support.id = mine.id AND mine.state = 'none'
                 RETURNING civic_support.id
                ), kept AS (
                    UPDATE civic_support SET is_support = FALSE FROM mine
                     WHERE civic_support.id = mine.id AND mine.state <> 'none'
                 RETURNING civic_support.id
                ), counted AS (
                    SELECT count(*) AS number
                      FROM (SELECT id FROM gone UNION ALL SELECT id FROM kept) changed
                )
                UPDATE civic_report
                   SET support_count = greatest(support_count - counted.number, 0)
                  FROM counted
                 WHERE civic_report.id = %(report)s AND counted.number > 0
                """,
                report=report.id,
                hashes=self._person_hashes(report, kind, value),
            ),
        )

    @api.model
    def _count(self, report, query):
        """Write row and figure in one statement, in a transaction of its own.

        Many press the button of one report at once. Under Odoo's isolation a figure
        that another changed in this very moment is an error; begun anew, one of those
        who wait has it at each turn.
        """
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(query, log_exceptions=False)
                break
            except SerializationFailure:
                continue
        self.invalidate_model()
        report.invalidate_recordset(["support_count"])

    # ------------------------------------------------------------------
    # Following
    # ------------------------------------------------------------------

    @api.model
    def _follow_account_sudo(self, report, user):
        """Let an account follow; its address is the account's.

        :param user: res.users who is signed in
        """
        row = self._prepare_row(
            report, "account", user.id, state="following", lang=user.lang
        )
        self._upsert(row)

    @api.model
    def _unfollow_account_sudo(self, report, user):
        """Let an account follow no longer."""
        self._find_sudo(report, "account", user.id)._stop()

    @api.model
    def _ask_to_follow_sudo(self, report, email, lang):
        """Send an address the question whether it wants to follow; else nothing.

        Whether it follows already is told by nothing that the caller could see.

        :param report: civic.report that is published and open
        :param email: normalized address
        :param lang: code of the language in which it is written to
        """
        row = self._find_sudo(report, "email", email)
        if row.state == "following":
            return
        if not row:
            link = self._new_link()
            self._upsert(
                self._prepare_row(
                    report, "email", email, state="asked", lang=lang, **link
                )
            )
            row = self._find_sudo(report, "email", email)
        self.env["civic.outbox"].sudo()._queue_question(row)

    @api.model
    def _follow_push_sudo(self, report, device, lang):
        """Let a browser follow, which its user has allowed to be notified.

        :param report: civic.report that is published and open
        :param device: dict as of `tools.push.subscription`
        :param lang: code of the language in which it is told
        """
        link = self._new_link()
        self._upsert(
            self._prepare_row(
                report, "push", device, state="following", lang=lang, **link
            )
        )

    @api.model
    def _unfollow_push_sudo(self, report, endpoint):
        """Let a browser follow no longer; it proves itself by its endpoint."""
        self._find_sudo(report, "push", {"endpoint": endpoint})._stop()

    @api.model
    def _upsert(self, row):
        """Write a row, or how the person follows into the one that is there already."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO civic_support (%(names)s) VALUES %(values)s
                ON CONFLICT (report_id, person_hash) DO UPDATE
                        SET state = excluded.state, changed_at = excluded.changed_at
                  RETURNING id
                """,
                names=SQL(", ").join(map(SQL.identifier, row)),
                values=tuple(row.values()),
            )
        )
        self.invalidate_model()

    def _confirm(self):
        """Begin to follow, as whoever reads the address."""
        self.filtered(lambda row: row.state == "asked").write(
            {"state": "following", "changed_at": self.env["civic.door"]._now()}
        )

    def _stop(self):
        """Follow no longer; who does not count as having met it is forgotten."""
        kept = self.filtered("is_support")
        kept.write({"state": "none"})
        (self - kept).unlink()

    # ------------------------------------------------------------------
    # The link in messages
    # ------------------------------------------------------------------

    def _link_path(self):
        """Path of the page on which an address is confirmed and following ends."""
        return self._secret_path() or self.report_id._website_path()

    def _address(self):
        """Where and in which language this follower is told; nothing where nowhere.

        :return: (address, or endpoint and keys of a browser; code of a language)
        """
        self.ensure_one()
        if self.kind != "account":
            return self._who(), self.lang
        user = self.env["res.users"].browse(self._who()).exists()
        return user.active and user.email, user.lang

    # ------------------------------------------------------------------
    # What pages show
    # ------------------------------------------------------------------

    @api.model
    def _followed_sudo(self, user):
        """The published reports that an account follows, the latest first."""
        hashes = self._person_hashes(None, "account", user.id)
        # sudo: of the own account alone
        rows = self.sudo().search(
            [
                ("person_hash", "in", hashes),
                ("state", "=", "following"),
                ("report_id.is_published", "=", True),
            ],
            order="id desc",
            limit=MAX_SHOWN,
        )
        return rows.report_id

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    @api.model
    def _end_following(self, reports):
        """Reports are public no more: nobody hears of them again, but for that."""
        rows = self.sudo().search(
            [("report_id", "in", reports.ids), ("state", "in", ("asked", "following"))]
        )
        asked = rows.filtered(lambda row: row.state == "asked")
        asked._stop()
        (rows - asked).write(
            {"state": "ended", "changed_at": self.env["civic.door"]._now()}
        )

    @api.model
    def _of_reporter(self, reporter):
        """What this person follows, by the same address or the same account.

        :param reporter: civic.reporter, elevated
        """
        hashes = []
        if reporter.email_from:
            hashes += self._person_hashes(None, "email", reporter.email_from)
        if reporter.user_id:
            hashes += self._person_hashes(None, "account", reporter.user_id.id)
        return self.sudo().search([("person_hash", "in", hashes)]) if hashes else self

    @api.model
    def _cron_forget(self):
        """Delete whom nobody needs to know any more.

        Those of reports that ended as long ago as their procedure says, addresses that
        were never confirmed, and followers of what is not public any more. The figure
        on the report stays.
        """
        now = self.env["civic.door"]._now()
        self.flush_model()
        cron = self.env["ir.cron"]
        while True:
            rows = self.env.execute_query(
                SQL(
                    FORGET,
                    open=OPEN_REPORT_STATES,
                    now=now,
                    asked=now - CONFIRM_WITHIN,
                    ended=now - ENDED_KEPT,
                    batch=FORGET_BATCH,
                )
            )
            deleted = len(rows)
            self.invalidate_model()
            if deleted < FORGET_BATCH or not cron._commit_progress(deleted):
                break
