import uuid
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..ground.key import Clock
from ..ground.sql_states import sql_states
from .notice import ALERT, ASKED, ASSIGNED, CODE

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
    "support_id": "int4",
    "question_id": "int4",
    "facts": "jsonb",
    "priority": "int4",
    "state": "text",
    "queued_at": "timestamp",
    "due_at": "timestamp",
    "expires_at": "timestamp",
}
# What else is known of a row when its way is chosen: its place among the ways, and
# whether the recipient has to know.
CHOSEN_BY = {"place": "int4", "asked": "bool"}
# Writes rows, each by the best of its ways, and wakes the worker if any was new.
QUEUE = """
       WITH way AS (
           SELECT DISTINCT ON (row.key) row.*
             FROM unnest(%(columns)s) WITH ORDINALITY
                  AS row (%(known)s, number)
                  %(joins)s
            WHERE %(possible)s
            ORDER BY row.key, %(better)s, row.place, row.number
       ), queued AS (
           INSERT INTO civic_outbox (%(names)s, attempts, strikes)
           SELECT %(names)s, 0, 0 FROM way ORDER BY number
               ON CONFLICT (key) DO NOTHING
        RETURNING id
       )
       INSERT INTO ir_cron_trigger (cron_id, call_at)
       SELECT cron_id, %(now)s FROM unnest(%(crons)s::int[]) AS cron_id
        WHERE EXISTS (SELECT FROM queued)
    RETURNING id
"""
# Whether a row may go by its channel to whom it is for.
POSSIBLE = """
    CASE row.audience
    WHEN 'reporter' THEN
        (%(tell_by)s IS DISTINCT FROM 'none' OR row.asked)
        AND (row.channel = ANY(%(free)s) OR %(phone)s IS NOT NULL)
    WHEN 'user' THEN CASE row.channel %(officer)s ELSE TRUE END
    ELSE TRUE END
"""
# Whom a row is for.
PEOPLE = """
    LEFT JOIN civic_report report
           ON report.id = row.report_id AND row.audience = 'reporter'
    LEFT JOIN civic_reporter reporter ON reporter.id = report.reporter_id
    LEFT JOIN res_users officer ON officer.id = row.user_id
    LEFT JOIN res_partner person ON person.id = officer.partner_id
"""


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

    channel = fields.Selection(
        lambda self: self.env["civic.driver"]._choices("_tells"),
        required=True,
        readonly=True,
    )
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
        [
            ("reporter", "Citizen"),
            ("agency", "Agency"),
            ("user", "Officer"),
            ("follower", "Follower"),
        ],
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
        "(priority, due_at, id) "
        f"WHERE state IN {sql_states((_ready_state, _busy_state))}"
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
    def _queue_assigned(self, assignments, event=None):
        """Queue what agencies are told of new assignments (HUE Điều 7.1a).

        :param assignments: civic.assignment, elevated
        :param event: civic.event of the report, by which assignments in hand are told
            as new ones are
        """
        event = self.env["civic.event"] if event is None else event
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
        """Rows for one notice about a report.

        Rows with the same key are ways to the same person: `_queue` takes one of them.

        :param notice: tuple as of `civic.notice._by_event`
        :return: list of any number of rows; empty where nobody is to be told
        """
        notice_id, audience, channel = notice[:3]
        if not self._goes_by(channel, report.company_id, notice_id):
            return []
        happening = f"event:{event.id}" if event else f"assignment:{assignment.id}"
        if event and assignment != event.assignment_id:
            happening += f":{assignment.id}"  # each agency at work on the report
        row = {
            **self._prepare_row(notice, report.company_id),
            "key": f"{happening}:{notice_id}",
            "audience": audience,
            "report_id": report.id,
            "assignment_id": assignment.id or None,
            "event_id": event.id or None,
            "priority": EMERGENCY if report.track == "emergency" else OFFICERS,
        }
        prepare = getattr(self, f"_prepare_for_{audience}", self._prepare_for_officer)
        return prepare(row, report, assignment)

    @api.model
    def _prepare_for_reporter(self, row, report, assignment):
        if not report.reporter_id:
            return []
        event = self.env["civic.notice"]._event_of(row["notice_id"])
        row["key"] = f"{row['key'].rpartition(':')[0]}:reporter"
        row["place"] = self.env["civic.driver"]._of(row["channel"])._place
        row["asked"] = event in ASKED
        if event == CODE:
            row["priority"] = EMERGENCY  # whoever asked for it waits at the screen
        elif row["priority"] != EMERGENCY:
            row["priority"] = CITIZENS
        return [row]

    @api.model
    def _prepare_for_agency(self, row, report, assignment):
        """The agency's own ways: e-mail always, SMS as it wishes; in emergencies SMS
        and a call (HUE Điều 7.1a)."""
        agency = self._agency_told(row, report, assignment)
        driver = self.env["civic.driver"]._of(row["channel"])
        if not driver._reaches_agency(agency, row["priority"] == EMERGENCY):
            return []
        return [{**row, "agency_id": agency.id}]

    @api.model
    def _agency_told(self, row, report, assignment):
        """Which agency a notice for agencies is for; empty for none."""
        return assignment.agency_id

    @api.model
    def _prepare_for_officer(self, row, report, assignment):
        user = self._officer_told(row, report, assignment)
        return [{**row, "audience": "user", "user_id": user.id}] if user else []

    @api.model
    def _officer_told(self, row, report, assignment):
        """Handler or leader of the assignment; empty for nobody."""
        return assignment[f"{row['audience']}_id"]

    @api.model
    def _goes_by(self, channel, company, notice_id):
        """Whether a company can tell somebody this by a channel at all."""
        return self.env["civic.driver"]._of(channel)._goes_by(company, notice_id)

    @api.model
    def _queue_alerts(self, counts, key, urgent=()):
        """Queue the digest of a pass of the clock for each officer.

        :param counts: dict of res.users → dict: late and soon as numbers
        :param key: what tells this pass from any other
        :param urgent: ids of users whom it tells of an emergency: by every way that
            they have
        """
        self._queue(
            [
                {
                    **self._prepare_row(notice, user.company_id),
                    "key": f"alert:{key}:{user.id}:{notice[0]}",
                    "audience": "user",
                    "user_id": user.id,
                    "facts": Json(figures),
                    "priority": EMERGENCY if user.id in urgent else OFFICERS,
                }
                for user, figures in counts.items()
                for notice in self.env["civic.notice"]._by_event().get(ALERT, ())
                if self._goes_by(notice[2], user.company_id, notice[0])
            ]
        )

    @api.model
    def _prepare_row(self, notice, company):
        notice_id, _audience, channel, expiry_hours = notice
        if not self.env["civic.driver"]._of(channel)._tells:
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
        known = {**QUEUED, **CHOSEN_BY}
        columns = [
            SQL("%s::%s[]", [row.get(name) for row in rows], SQL.identifier(kind))
            for name, kind in known.items()
        ]
        names = SQL(", ").join(map(SQL.identifier, QUEUED))
        self.env.execute_query(
            SQL(
                QUEUE,
                names=names,
                known=SQL(", ").join(map(SQL.identifier, known)),
                columns=SQL(", ").join(columns),
                **self._way_sql(),
                now=now,
                crons=[self._worker(min(due))] if due else [],
            )
        )
        if due:
            self._wake()

    @api.model
    def _way_sql(self):
        """How the way to each person is chosen, while the rows are written.

        Citizens: the way that they wish; else the first by which they can be reached.
        Whoever wishes to hear nothing hears what is asked of them. Officers: a push
        where they have a device, SMS and Zalo as they wish and in emergencies.

        :return: dict of SQL: joins, possible (which rows), better (which of them first)
        """
        reporter = self.env["civic.reporter"]
        names = ("tell_by", "phone_hash", "email_hash")
        tell_by, phone, email = (
            SQL.identifier("reporter", name, to_flush=reporter._fields[name])
            for name in names
        )
        number = self.env["res.partner"]._fields["phone"]
        drivers = self.env["civic.driver"]._able("_tells")
        return {
            "joins": SQL(PEOPLE),
            "possible": SQL(
                POSSIBLE,
                tell_by=tell_by,
                phone=phone,
                free=[each._code for each in drivers if not each._needs_number],
                officer=self._officer_sql(
                    drivers,
                    number=SQL.identifier("person", "phone", to_flush=number),
                    emergency=EMERGENCY,
                ),
            ),
            "better": SQL(
                """
                row.channel = 'email' AND %(email)s IS NULL,
                row.channel IS DISTINCT FROM %(tell_by)s
                """,
                tell_by=tell_by,
                email=email,
            ),
        }

    @api.model
    def _officer_sql(self, drivers, **names):
        """Whether an officer is told by each channel, as the branches of a CASE.

        :param names: number and emergency: what else the drivers speak of, besides
            `row` and `officer`
        """
        told = {each._code: each._officer_sql(names) for each in drivers}
        return SQL(" ").join(
            SQL("WHEN %s THEN %s", code, wished)
            for code, wished in told.items()
            if wished is not None
        )

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
        if (
            row["audience"] not in ("reporter", "follower")
            or row["priority"] == EMERGENCY
        ):
            return moment
        company = self.env["res.company"].browse(row["company_id"])
        return company._civic_awake(moment)
