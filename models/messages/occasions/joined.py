from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

from ...ground.paths import PROVED_PAGE
from ..notice import CODE
from ..outbox import EMERGENCY

# The event whose notice tells the code of a report that has arrived.
ARRIVED = "send"


class CivicOutbox(models.Model):
    """Arrivals acknowledged to one mailbox or telephone are joined.

    Whoever writes somebody else's address into many forms or mails fills no mailbox:
    what arrives within some minutes is told in one message that lists the codes, and a
    mailbox that never confirmed gets one a day. It confirms by a one-time code; and
    once the Centre has answered it about a report, it is nobody's victim. Limits of the
    scope "ack" say how often. Nothing that came in is lost by it, and each code is
    told. An emergency waits for another emergency alone.
    """

    _inherit = "civic.outbox"

    def _handle(self, tools, lost):
        if not self._is_bounded():
            result = super()._handle(tools, lost)
            is_told = self.audience == "reporter" and self.state == "sent"
            if is_told and self.notice_id.event not in (ARRIVED, CODE):
                reporter = self.report_id.reporter_id
                self._release_arrivals(reporter, self.company_id)
            return result
        free_at = self._free_at()
        if free_at and free_at > self.env["civic.door"]._now():
            words = self.env._("It waits, to be told together with others.")
            self.write({"state": self._ready_state, "due_at": free_at, "error": words})
            return None
        others = self._waiting_with()
        row = self.with_context(civic_joined=others.ids)
        result = super(CivicOutbox, row)._handle(tools, lost)
        if self.state == "sent":
            others._settle("sent", self.env._("Told in one message with others."))
        return result

    def _is_bounded(self):
        return (
            self.audience == "reporter"
            and self._driver()._most_listed
            and self.notice_id.event == ARRIVED
            and bool(self._mailbox())
            and bool(self.env["civic.throttle.limit"]._rates("ack"))
        )

    def _mailbox(self):
        """The hash of the address or number to which this row goes."""
        return self.report_id.reporter_id[self._mailbox_column()]

    def _mailbox_column(self):
        return self._driver()._contact

    def _to_mailbox(self, *conditions):
        """Rows of the queue to the same mailbox, as the rest of a statement.

        :param conditions: SQL about `queued`
        """
        return SQL(
            """
            FROM civic_outbox queued
            JOIN civic_report report ON report.id = queued.report_id
            JOIN civic_reporter reporter ON reporter.id = report.reporter_id
            JOIN civic_notice notice ON notice.id = queued.notice_id
           WHERE reporter.%s = %s
             AND queued.company_id = %s
             AND queued.audience = 'reporter'
             AND %s
            """,
            SQL.identifier(self._mailbox_column()),
            self._mailbox(),
            self.company_id.id,
            SQL(" AND ").join(conditions),
        )

    def _free_at(self):
        """When this mailbox may be told of arrivals again; None for now."""
        self.env.flush_all()
        limits = self.env["civic.throttle.limit"]._rates("ack")
        is_urgent = self.priority == EMERGENCY
        rates = [*limits.get("mailbox", ())]
        if not is_urgent and not self._is_confirmed():
            rates += limits.get("stranger", ())
        if not rates:
            return None
        told = self._to_mailbox(
            SQL("notice.event = %s AND queued.state = 'sent'", ARRIVED),
            SQL("queued.channel = %s AND queued.sent_at IS NOT NULL", self.channel),
            SQL("queued.priority = %s", EMERGENCY) if is_urgent else SQL("TRUE"),
        )
        # What was told together was told at one moment.
        query = SQL(
            """
            SELECT max(sent_at + make_interval(secs => rate.seconds))
              FROM unnest(%s::int[], %s::int[]) AS rate (count, seconds)
              JOIN (SELECT sent_at, row_number() OVER (ORDER BY sent_at DESC) AS place
                      FROM (SELECT DISTINCT queued.sent_at %s) AS moment) AS message
                ON message.place = rate.count
            """,
            [rate.count for rate in rates],
            [rate.seconds for rate in rates],
            told,
        )
        return self.env.execute_query(query)[0][0]

    def _is_confirmed(self):
        """Whether the person behind the mailbox has shown to want our messages, or the
        Centre has answered there."""
        answered = self._to_mailbox(
            SQL("notice.event NOT IN (%s, %s) AND queued.state = 'sent'", ARRIVED, CODE)
        )
        query = SQL(
            """
            SELECT EXISTS (SELECT %(answered)s) OR EXISTS (
                SELECT FROM civic_reporter reporter
                  LEFT JOIN civic_report report ON report.reporter_id = reporter.id
                  LEFT JOIN civic_code code ON code.report_id = report.id
                 WHERE reporter.%(column)s = %(mailbox)s
                   AND (reporter.verified OR code.used_at IS NOT NULL)
            )
            """,
            answered=answered,
            column=SQL.identifier(self._mailbox_column()),
            mailbox=self._mailbox(),
        )
        return self.env.execute_query(query)[0][0]

    def _waiting_with(self):
        """Other arrivals that wait to be told to the same mailbox, locked.

        None where another worker took one of them in this very moment: each is told in
        its own turn.
        """
        waiting = self._to_mailbox(
            SQL("notice.event = %s AND queued.state = %s", ARRIVED, self._ready_state),
            SQL("queued.channel = %s AND queued.id != %s", self.channel, self.id),
        )
        query = SQL(
            """
            SELECT queued.id %s
          ORDER BY queued.id
             LIMIT %s
               FOR UPDATE OF queued SKIP LOCKED
            """,
            waiting,
            self._driver()._most_listed - 1,
        )
        return self._lock_waiting(query)

    @api.model
    def _lock_waiting(self, query):
        """Rows that are told together with another one, locked.

        :param query: SQL that gives their ids and locks what nobody else has
        :return: rows; none where another worker took one in this very moment
        """
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(query, log_exceptions=False)
                rows = self.env.cr.fetchall()
        except SerializationFailure:
            rows = []
        return self.browse(row_id for (row_id,) in rows)

    @api.model
    def _release_arrivals(self, reporter, company):
        """Let what waits to be told to this person be looked at anew: no stranger.

        :param reporter: civic.reporter, elevated
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE civic_outbox queued
                   SET due_at = %(now)s
                  FROM civic_report report, civic_reporter reporter, civic_notice notice
                 WHERE report.id = queued.report_id
                   AND reporter.id = report.reporter_id
                   AND notice.id = queued.notice_id
                   AND (reporter.email_hash = %(email)s
                        OR reporter.phone_hash = %(phone)s)
                   AND queued.company_id = %(company)s
                   AND queued.audience = 'reporter'
                   AND queued.state = %(waiting)s
                   AND queued.due_at > %(now)s
                   AND notice.event = %(arrived)s
             RETURNING queued.id
                """,
                now=self.env["civic.door"]._now(),
                email=reporter.email_hash or None,
                phone=reporter.phone_hash or None,
                company=company.id,
                waiting=self._ready_state,
                arrived=ARRIVED,
            )
        )
        self.env["civic.outbox"].invalidate_model(["due_at"])

    def _common_values(self):
        values = super()._common_values()
        joined = self.browse(self.env.context.get("civic_joined", ()))
        if joined:
            reports = self.report_id | joined.report_id
            values["code"] = ", ".join(reports.mapped("name"))
        return values

    def _link(self):
        link = super()._link()
        if not self.env.context.get("civic_joined"):
            return link
        return self._site() + PROVED_PAGE
