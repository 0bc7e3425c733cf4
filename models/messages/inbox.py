import uuid
from datetime import timedelta
from hashlib import sha256

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ground.guard import check_visible
from ..ground.sql_states import sql_states
from ..vault.vault import VaultError
from .queue import LONGEST_WAIT

MOST_TRIES = 5
# Letters of a message that operators see; more of it is files, which the report shows.
MAX_SHOWN = 200_000
KEEP_RAW_DAYS = 90


class CivicInbox(models.Model):
    """What came in from outside, as it came: kept first, sealed, and read after.

    A row is written and committed before anything looks into it, so that whatever goes
    wrong later, nothing is lost. Its own id tells it from what came before.
    """

    _name = "civic.inbox"
    _inherit = ["civic.queue", "civic.sealed"]
    _description = "Incoming Message"
    _rec_name = "received_at"

    _ready_state = "new"
    _busy_state = "reading"
    _failed_state = "failed"

    channel = fields.Selection(
        lambda self: self.env["civic.driver"]._choices("_reads"),
        required=True,
        readonly=True,
    )
    uuid = fields.Char(required=True, readonly=True, groups="base.group_system")
    external_id = fields.Char(
        required=True,
        readonly=True,
        groups="base.group_system",
        help="Hash of what the sender's system calls it; of its content where it has "
        "no name. The same thing is taken in once.",
    )
    content_id = fields.Char(required=True, readonly=True, groups="base.group_system")
    raw = fields.Binary(
        attachment=False,
        readonly=True,
        groups="base.group_system",
        help="As it came, sealed.",
    )
    size = fields.Integer(readonly=True, help="In bytes.")
    sender = fields.Char(
        readonly=True,
        groups="base.group_system",
        help="Keyed hash of the sender, to notice a loop.",
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("reading", "Being read"),
            ("done", "Done"),
            ("ignored", "Put aside"),
            ("failed", "Could not be read"),
        ],
        required=True,
        readonly=True,
    )
    forced = fields.Boolean(
        readonly=True, help="An operator has said that it is no machine's."
    )
    received_at = fields.Datetime("Arrived", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)

    _external_once = models.UniqueIndex(
        "(company_id, channel, external_id)", "This has come in already."
    )
    _due_first = models.Index(
        "(priority, due_at, id) "
        f"WHERE state IN {sql_states((_ready_state, _busy_state))}"
    )
    _of_sender = models.Index("(company_id, sender, received_at)")
    _given_up = models.Index("(company_id, id) WHERE state = 'failed'")

    # ------------------------------------------------------------------
    # Taking in
    # ------------------------------------------------------------------

    @api.model
    def _store(self, channel, external_id, raw, company, content_id=None, **more):
        """Keep what came in, before anybody looks into it, in a transaction of its own.

        :param channel: one whose driver reads
        :param external_id: what the sender's system calls it
        :param raw: bytes, as they came
        :param company: res.company to which it came
        :param content_id: what tells its content apart, by default a hash of all of it
        :param more: other columns of the row
        :return: whether it is new
        :raises VaultError: it cannot be sealed; nothing is kept, the sender must be
            told to come again
        """
        if not self.env["civic.driver"]._of(channel)._reads:
            raise ValueError(f"nothing reads {channel!r}")
        name = uuid.uuid4().hex
        now = self.env["civic.door"]._now()
        values = {
            "channel": channel,
            "external_id": sha256(external_id.encode("utf-8", "replace")).hexdigest(),
            "content_id": content_id or sha256(raw).hexdigest(),
            "company_id": company.id,
            "uuid": name,
            "raw": self._seal_bytes(raw, name),
            "vault_key": self.env["civic.vault"]._active_key(),
            "size": len(raw),
            "state": self._ready_state,
            "forced": False,
            "priority": 2,
            "attempts": 0,
            "received_at": now,
            "due_at": now,
            **more,
        }
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    return self.with_env(self.env(cr=cr))._insert(values)
            except SerializationFailure:
                # The same thing is being stored by another: look again.
                continue

    @api.model
    def _insert(self, values):
        """Write a row unless it is there; one of the same name and another content is
        put aside for operators to look at."""
        if self._inserted(values):
            self.env.ref("civic_report.cron_inbox").sudo()._trigger()
            return True
        same_name = [
            (name, "=", values[name])
            for name in ("company_id", "channel", "external_id")
        ]
        known = self.sudo().search(same_name, limit=1)
        if known.content_id != values["content_id"]:
            self._inserted(
                {
                    **values,
                    "external_id": f"{values['external_id']}:{values['content_id']}",
                    "state": "ignored",
                    "error": self.env._("Another content came under this name before."),
                }
            )
        return False

    @api.model
    def _inserted(self, values):
        query = SQL(
            """
            INSERT INTO civic_inbox (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id
            """,
            SQL(", ").join(map(SQL.identifier, values)),
            tuple(values.values()),
        )
        self.env.cr.execute(query, log_exceptions=False)
        return bool(self.env.cr.fetchall())

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _cron_read(self):
        """Read what came in, the first one first."""
        return self._work(None)

    def _handle(self, tools, lost):
        if lost and self.attempts > MOST_TRIES:
            self._settle("failed", self.env._("It stopped whoever read it."))
            return
        self._driver()._read(self, self._open_raw())

    def _driver(self):
        return self.env["civic.driver"]._of(self.channel)

    def _open_raw(self):
        return self._open_bytes(self.raw, self.uuid)

    def _vault_again(self):
        """The hash of the sender stays as it is: it serves for an hour."""
        if not self.raw:
            return {}
        return {"raw": self._seal_bytes(self._open_raw(), self.uuid)}

    def _settle(self, state, words=False, report=None):
        self.write(
            {
                "state": state,
                "error": words,
                "report_id": report.id if report else False,
            }
        )

    def _failed(self, error):
        if isinstance(error, VaultError):
            self._put_off(self.env._("The key of identities is missing or wrong."))
        elif self.attempts >= MOST_TRIES:
            self._settle(
                "failed", self.env._("It could not be read: %s.", type(error).__name__)
            )
        else:
            self._put_off(self.env._("To be tried again: %s.", type(error).__name__))

    def _put_off(self, words):
        wait = min(timedelta(minutes=2 ** min(self.attempts, 10)), LONGEST_WAIT)
        self.write(
            {
                "state": self._ready_state,
                "error": words,
                "due_at": self.env["civic.door"]._now() + wait,
            }
        )

    # ------------------------------------------------------------------
    # Operators
    # ------------------------------------------------------------------

    def replay(self):
        """Read again what could not be read, or what was put aside by mistake.

        What was taken for a machine's is then taken for a person's.

        :raises MissingError, AccessError, UserError: see `_enter_queue`
        """
        rows = self._enter_queue(("failed", "ignored"))
        rows.write(
            {
                "state": self._ready_state,
                "attempts": 0,
                "forced": True,
                "due_at": self.env["civic.door"]._now(),
                "decided_by_id": self.env.uid,
            }
        )
        self.env.ref("civic_report.cron_inbox").sudo()._trigger()
        return True

    def show_raw(self, reason, words=None):
        """Open a message as it came, and keep on record who did and why.

        :param reason, words: why it is needed, see `civic.reporter.show`
        :return: its text; files in it are left out beyond a bound
        :raises MissingError: for rows that are not the operator's to see
        :raises AccessError: for all but operators
        :raises UserError: without a reason; when it was let go of; without the key
        """
        self._check_show_raw()
        given = self.env["civic.access"]._read_reason(reason, words)
        row = self.sudo()  # sudo: what came in is sealed; who asks has been checked
        report = row.report_id
        self.env["civic.access"]._log(
            report.reporter_id,
            "raw",
            report=report,
            inbox_id=row.id,
            company_id=row.company_id.id,
            **given,
        )
        return row._driver()._as_text(row._open_raw(), MAX_SHOWN)

    def _check_show_raw(self):
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("This is for intake operators only."))
        self.ensure_one()
        check_visible(self, self.env._("Not found: there is no such row."))
        if not self.size:
            raise UserError(self.env._("It was read long ago and is no longer kept."))

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    @api.autovacuum
    def _wipe_raw(self, limit=1000):
        """Let go of what has been read and is older than three months: the report and
        the files that came of it stay. The rows stay too, to know what came before."""
        before = self.env["civic.door"]._now() - timedelta(days=KEEP_RAW_DAYS)
        old = self.search(
            [
                ("state", "in", ("done", "ignored")),
                ("received_at", "<", before),
                ("size", ">", 0),
            ],
            order="id",
            limit=limit,
        )
        old.write({"raw": False, "size": 0})
        return len(old), len(old) == limit
