from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

LATE_MINUTES = 10
# Odoo fetches mail every five minutes.
GATEWAY_MINUTES = 30
MOST_COUNTED = 10_000
# Channels that go through a provider, whose gateway says how it goes.
PROVIDED = ("sms", "zalo", "call")


class CivicQueueState(models.Model):
    """How the queues are doing: when each was last worked on, what waits, what was
    given up. Read from what the queues and the scheduler keep, stored nowhere."""

    _name = "civic.queue.state"
    _description = "State of a Queue"
    _auto = False
    _order = "id"
    _rec_name = "code"

    code = fields.Selection(
        [
            ("clock", "Clock of the duties"),
            ("outbox", "Outgoing messages"),
            ("inbox", "Incoming messages"),
            ("gateway", "Mailboxes"),
            ("sms", "SMS provider"),
            ("zalo", "Zalo"),
            ("call", "Automatic calls"),
        ],
        "Queue",
        readonly=True,
    )
    state = fields.Selection([("ok", "Works"), ("late", "Stuck")], readonly=True)
    last_pass = fields.Datetime("Last Worked On", readonly=True)
    waiting = fields.Integer(readonly=True, help="Counted up to ten thousand.")
    oldest_at = fields.Datetime("Oldest Due Since", readonly=True)
    given_up = fields.Integer(readonly=True, help="Somebody must decide about these.")

    @property
    def _table_query(self):
        return self._state_query(self.env.companies)

    @api.model
    def _state_query(self, companies=None):
        """One row for each queue.

        :param companies: whose rows count; by default everybody's
        """
        now = self.env["civic.door"]._now()
        # sudo: a figure of the system, which says nothing about anybody
        parameters = self.env["ir.config_parameter"].sudo()
        minutes = int(parameters.get_param("civic_report.late_minutes", LATE_MINUTES))
        own = SQL("TRUE")
        if companies is not None:
            own = SQL("company_id = ANY(%s)", companies.ids)
        return SQL(
            """
            WITH pass AS (
                SELECT data.name, coalesce(cron.lastcall, cron.create_date) AS at,
                       cron.active
                  FROM ir_model_data data
                  JOIN ir_cron cron ON cron.id = data.res_id
                 WHERE data.module = 'civic_report' AND data.model = 'ir.cron'
            ), due AS (
                SELECT 'outbox' AS code, %(waiting_out)s AS waiting,
                       %(given_up_out)s AS given_up,
                       (SELECT min(due_at) FROM civic_outbox
                         WHERE state IN ('waiting', 'sending') AND due_at <= %(now)s
                           AND %(own)s) AS oldest_at
                 UNION ALL
                SELECT 'inbox', %(waiting_in)s, %(given_up_in)s,
                       (SELECT min(due_at) FROM civic_inbox
                         WHERE state IN ('new', 'reading') AND due_at <= %(now)s
                           AND %(own)s)
            ), queue AS (
                SELECT 1 AS id, 'clock' AS code, at AS last_pass, 0 AS waiting,
                       NULL::timestamp AS oldest_at, 0 AS given_up,
                       NOT active OR at < %(late)s AS late
                  FROM pass WHERE name = 'cron_clock'
                 UNION ALL
                SELECT 2, 'outbox', min(at), min(due.waiting), min(due.oldest_at),
                       min(due.given_up),
                       bool_or(NOT active OR at < %(late)s)
                       OR coalesce(min(due.oldest_at) < %(late)s, FALSE)
                  FROM pass JOIN due ON due.code = 'outbox'
                 WHERE name IN ('cron_outbox', 'cron_outbox_urgent')
                 UNION ALL
                SELECT 3, 'inbox', min(at), min(due.waiting), min(due.oldest_at),
                       min(due.given_up),
                       bool_or(NOT active OR at < %(late)s)
                       OR coalesce(min(due.oldest_at) < %(late)s, FALSE)
                  FROM pass JOIN due ON due.code = 'inbox'
                 WHERE name = 'cron_inbox'
                 UNION ALL
                SELECT 4, 'gateway', min(coalesce(date, create_date)), 0,
                       min(error_date), count(error_date)::int,
                       coalesce(bool_or(error_date IS NOT NULL
                                OR coalesce(date, create_date) < %(late_gateway)s),
                                FALSE)
                  FROM fetchmail_server
                 WHERE active IS TRUE AND state = 'done' AND server_type <> 'local'
                 UNION ALL
                SELECT 5 + min(way.place)::int, kind, max(success_at),
                       %(waiting_by_way)s, NULL, 0,
                       bool_or(failure_at > coalesce(success_at, '-infinity')
                               AND coalesce(success_at, create_date) < %(late)s)
                  FROM civic_gateway
                  JOIN unnest(%(ways)s) WITH ORDINALITY AS way (name, place)
                       ON way.name = kind
                 WHERE active IS TRUE AND %(own)s
              GROUP BY kind
            )
            SELECT id, code, CASE WHEN late THEN 'late' ELSE 'ok' END AS state,
                   last_pass, waiting, oldest_at, given_up
              FROM queue
            """,
            now=now,
            late=now - timedelta(minutes=minutes),
            late_gateway=now - timedelta(minutes=GATEWAY_MINUTES),
            own=own,
            waiting_out=self._counted("civic_outbox", ("waiting", "sending"), own),
            ways=list(PROVIDED),
            waiting_by_way=self._counted(
                "civic_outbox",
                ("waiting", "sending"),
                SQL("%s AND channel = kind", own),
            ),
            given_up_out=self._counted("civic_outbox", ("dead",), own),
            waiting_in=self._counted("civic_inbox", ("new", "reading"), own),
            given_up_in=self._counted("civic_inbox", ("failed",), own),
        )

    @api.model
    def _counted(self, table, states, own):
        """Rows in these states, counted up to a bound."""
        return SQL(
            """
            (SELECT count(*)::int FROM (
                SELECT FROM %s WHERE state IN %s AND %s LIMIT %s) counted)
            """,
            SQL.identifier(table),
            states,
            own,
            MOST_COUNTED,
        )

    @api.model
    def _health(self):
        """Whether each queue works, and nothing else about it.

        :return: dict of queue → "ok" or "late"
        """
        self.env.flush_all()
        query = SQL("SELECT code, state FROM (%s) queue", self._state_query())
        return dict(self.env.execute_query(query))

    @api.model
    def alarm(self):
        """What the Centre should look at now, for the mark in the top bar.

        :return: dict: late (names of queues) and given_up (number)
        :raises AccessError: for who does not work at the Centre
        """
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("This is for intake operators only."))
        labels = dict(self._fields["code"]._description_selection(self.env))
        rows = self.search([], limit=10)
        late = rows.filtered(lambda row: row.state == "late")
        return {
            "late": [labels[row.code] for row in late],
            "given_up": sum(rows.mapped("given_up")),
        }

    def action_open(self):
        """Open what waits in this queue.

        :return: action
        """
        self.ensure_one()
        name, wanted = {
            "outbox": ("civic_outbox_action", ("dead", "waiting")),
            "inbox": ("civic_inbox_action", ("failed", "new")),
            **dict.fromkeys(PROVIDED, ("civic_outbox_action", ("dead", "waiting"))),
        }.get(self.code, ("civic_alert_action", ()))
        action = self.env["ir.actions.act_window"]._for_xml_id(f"civic_report.{name}")
        action["context"] = {f"search_default_{name}": 1 for name in wanted}
        if self.code in PROVIDED:
            action["domain"] = [("channel", "=", self.code)]
        return action
