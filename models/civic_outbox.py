import uuid
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .civic_notice import ALERT, ASSIGNED
from .door import Clock

EMERGENCY, OFFICERS, CITIZENS = range(3)
# Columns of a row as it is queued, and their types in PostgreSQL.
QUEUED = {
    "channel": "text",
    "external_id": "text",
    "key": "text",
    "notice_id": "int4",
    "audience": "text",
    "user_id": "int4",
    "agency_id": "int4",
    "company_id": "int4",
    "report_id": "int4",
    "assignment_id": "int4",
    "event_id": "int4",
    "facts": "jsonb",
    "priority": "int4",
    "state": "text",
    "queued_at": "timestamp",
    "due_at": "timestamp",
    "expires_at": "timestamp",
}


class CivicOutbox(models.Model):
    """What has to be told to somebody outside, from the change until it is told.

    A row names its recipient by reference alone: reporter of the report, officer or
    agency. Address, name and words are looked up when it is delivered.
    """

    _name = "civic.outbox"
    _inherit = ["civic.queue"]
    _description = "Outgoing Message"
    _rec_name = "notice_id"

    _ready_state = "waiting"
    _busy_state = "sending"
    _failed_state = "dead"

    external_id = fields.Char(
        required=True,
        readonly=True,
        groups="base.group_system",
        help="What the message is called outside, the same at every try: whoever gets "
        "it twice can tell. An answer that names it proves that its sender got it.",
    )
    key = fields.Char(
        required=True,
        readonly=True,
        groups="base.group_system",
        help="What is told to whom; the same thing is told to a person once.",
    )
    notice_id = fields.Many2one(
        "civic.notice", required=True, readonly=True, ondelete="restrict"
    )
    audience = fields.Selection(
        [("reporter", "Citizen"), ("agency", "Agency"), ("user", "Officer")],
        "To",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Officer", readonly=True)
    agency_id = fields.Many2one("civic.agency", readonly=True)
    assignment_id = fields.Many2one("civic.assignment", readonly=True)
    event_id = fields.Many2one("civic.event", readonly=True)
    facts = fields.Json(readonly=True, help="Figures of the text, never identity.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("dead", "Given up"),
            ("expired", "Too late"),
            ("dropped", "Not sent"),
        ],
        required=True,
        readonly=True,
    )
    strikes = fields.Integer(
        required=True,
        readonly=True,
        default=0,
        help="What counts towards giving up: a server that cannot be reached does not.",
    )
    queued_at = fields.Datetime("Queued", required=True, readonly=True)
    sent_at = fields.Datetime("Sent", readonly=True)
    expires_at = fields.Datetime("Pointless After", readonly=True)

    _external_once = models.UniqueIndex("(external_id)", "It is queued already.")
    _key_once = models.UniqueIndex("(key)", "This person is told already.")
    _due_first = models.Index(
        "(priority, due_at, id) WHERE state IN ('waiting', 'sending')"
    )
    _given_up = models.Index("(company_id, id) WHERE state = 'dead'")

    # ------------------------------------------------------------------
    # Queueing: one statement, in the transaction of the change
    # ------------------------------------------------------------------

    @api.model
    def _queue_events(self, events):
        """Queue what the notices say about these events.

        :param events: civic.event, elevated
        """
        self._queue_about(
            [
                (event.code, event.report_id, event.assignment_id, event)
                for event in events
            ]
        )

    @api.model
    def _queue_assigned(self, assignments):
        """Queue what agencies are told of new assignments (HUE Điều 7.1a).

        :param assignments: civic.assignment, elevated
        """
        event = self.env["civic.event"]
        self._queue_about(
            [(ASSIGNED, row.report_id, row, event) for row in assignments]
        )

    @api.model
    def _queue_about(self, happenings):
        """Queue notices about reports, in one statement.

        Older cases that are entered with a clock of their own tell nobody.

        :param happenings: list of (event code, report, assignment or empty, event or
            empty)
        """
        if isinstance(self.env.context.get("civic_clock"), Clock):
            return
        notices = self.env["civic.notice"]._by_event()
        self._queue(
            [
                row
                for code, report, assignment, event in happenings
                for notice in notices.get(code, ())
                for row in self._prepare_about(notice, report, assignment, event)
            ]
        )

    @api.model
    def _prepare_about(self, notice, report, assignment, event):
        """:return: list of one row; empty where nobody is to be told"""
        audience = notice[1]
        user = agency = None
        if audience == "reporter":
            if not report.reporter_id:
                return []
        elif audience == "agency":
            agency = assignment.agency_id.email and assignment.agency_id.id
        else:
            user = assignment[f"{audience}_id"].id
        if audience != "reporter" and not (user or agency):
            return []
        urgent = report.track == "emergency"
        happening = f"event:{event.id}" if event else f"assignment:{assignment.id}"
        return [
            {
                **self._prepare_row(notice, report.company_id),
                "key": f"{happening}:{notice[0]}",
                "audience": "user" if user else audience,
                "user_id": user,
                "agency_id": agency,
                "report_id": report.id,
                "assignment_id": assignment.id or None,
                "event_id": event.id or None,
                "priority": EMERGENCY
                if urgent
                else (CITIZENS if audience == "reporter" else OFFICERS),
            }
        ]

    @api.model
    def _queue_alerts(self, counts, key):
        """Queue the digest of a pass of the clock for each officer.

        :param counts: dict of res.users → dict: late and soon as numbers
        :param key: what tells this pass from any other
        """
        self._queue(
            [
                {
                    **self._prepare_row(notice, user.company_id),
                    "key": f"alert:{key}:{user.id}:{notice[0]}",
                    "audience": "user",
                    "user_id": user.id,
                    "facts": Json(figures),
                    "priority": OFFICERS,
                }
                for user, figures in counts.items()
                for notice in self.env["civic.notice"]._by_event().get(ALERT, ())
            ]
        )

    @api.model
    def _prepare_row(self, notice, company):
        notice_id, _audience, channel, expiry_hours = notice
        if not hasattr(self, f"_deliver_{channel}"):
            raise ValueError(f"nothing delivers by {channel!r}")
        now = self.env["civic.door"]._now()
        return {
            "channel": channel,
            "external_id": uuid.uuid4().hex,
            "notice_id": notice_id,
            "company_id": company.id,
            "state": self._ready_state,
            "queued_at": now,
            "expires_at": now + timedelta(hours=expiry_hours) if expiry_hours else None,
        }

    @api.model
    def _queue(self, rows):
        """Write rows and wake the worker that delivers them, in one statement.

        The worker is woken by the commit: what is rolled back is not told.
        """
        if not rows:
            return
        now = self.env["civic.door"]._now()
        for row in rows:
            row["due_at"] = self._not_before(row, now)
        due = [row["priority"] for row in rows if row["due_at"] <= now]
        columns = [
            SQL("%s::%s[]", [row.get(name) for row in rows], SQL.identifier(kind))
            for name, kind in QUEUED.items()
        ]
        names = SQL(", ").join(map(SQL.identifier, QUEUED))
        self.env.execute_query(
            SQL(
                """
                WITH queued AS (
                    INSERT INTO civic_outbox (%(names)s, attempts, strikes)
                    SELECT *, 0, 0 FROM unnest(%(columns)s) AS row (%(names)s)
                        ON CONFLICT (key) DO NOTHING
                 RETURNING id
                )
                INSERT INTO ir_cron_trigger (cron_id, call_at)
                SELECT cron_id, %(now)s FROM unnest(%(crons)s::int[]) AS cron_id
                 WHERE EXISTS (SELECT FROM queued)
             RETURNING id
                """,
                names=names,
                columns=SQL(", ").join(columns),
                now=now,
                crons=[self._worker(min(due))] if due else [],
            )
        )
        if due:
            self._wake()

    @api.model
    def _worker(self, priority):
        """Id of the cron that delivers at once what is queued with this priority."""
        name = "cron_outbox" if priority == CITIZENS else "cron_outbox_urgent"
        return self.env["ir.model.data"]._xmlid_to_res_id(f"civic_report.{name}")

    @api.model
    def _wake(self):
        """Wake the scheduler after the commit, once a transaction."""
        postcommit = self.env.cr.postcommit
        if not postcommit.data.get("civic_outbox"):
            postcommit.data["civic_outbox"] = True
            postcommit.add(self.env["ir.cron"]._notifydb)

    @api.model
    def _not_before(self, row, moment):
        """The first moment at which the recipient may be told.

        Citizens are left alone in the quiet hours of their province, but for
        emergencies.

        :param row: dict of the row's values
        :param moment: naive UTC datetime
        """
        if row["audience"] != "reporter" or row["priority"] == EMERGENCY:
            return moment
        company = self.env["res.company"].browse(row["company_id"])
        return company._civic_awake(moment)
