from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

LATE_MINUTES = 10
# Odoo fetches mail every five minutes.
GATEWAY_MINUTES = 30
MOST_COUNTED = 10_000
OUT_CRONS, IN_CRONS = ("cron_outbox", "cron_outbox_urgent"), ("cron_inbox",)


class CivicQueueState(models.Model):
    """How the queues are doing: when each was last worked on, what waits, what was
    given up. Read from what the queues and the scheduler keep, stored nowhere."""

    _name = "civic.queue.state"
    _description = "State of a Queue"
    _auto = False
    _order = "id"
    _rec_name = "code"

    code = fields.Selection("_selection_code", "Queue", readonly=True)
    state = fields.Selection([("ok", "Works"), ("late", "Stuck")], readonly=True)
    last_pass = fields.Datetime("Last Worked On", readonly=True)
    waiting = fields.Integer(readonly=True, help="Counted up to ten thousand.")
    oldest_at = fields.Datetime("Oldest Due Since", readonly=True)
    given_up = fields.Integer(readonly=True, help="Somebody must decide about these.")

    @api.model
    def _selection_code(self):
        labels = {
            "clock": self.env._("Clock of the duties"),
            "outbox": self.env._("Outgoing messages"),
            "inbox": self.env._("Incoming messages"),
            "gateway": self.env._("Mailboxes"),
            **{driver._code: driver._queue_label() for driver in self._provided()},
        }
        return [*labels.items()]

    @api.model
    def _provided(self):
        """Drivers by which messages go out through a provider, whose gateway says how
        it goes."""
        return [
            row for row in self.env["civic.driver"]._able("_tells") if row._providers
        ]

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
        late = now - timedelta(minutes=minutes)
        own = SQL("TRUE")
        if companies is not None:
            own = SQL("company_id = ANY(%s)", companies.ids)
        queues = [
            self._clock_row(late),
            self._rows_row(2, "outbox", OUT_CRONS, now, late, own),
            self._rows_row(3, "inbox", IN_CRONS, now, late, own),
            self._mailboxes_row(now - timedelta(minutes=GATEWAY_MINUTES)),
            self._providers_rows(late, own),
        ]
        return SQL(
            """
            WITH pass AS (
                SELECT data.name, coalesce(cron.lastcall, cron.create_date) AS at,
                       cron.active
                  FROM ir_model_data data
                  JOIN ir_cron cron ON cron.id = data.res_id
                 WHERE data.module = 'civic_report' AND data.model = 'ir.cron'
            )
            SELECT id, code, CASE WHEN late THEN 'late' ELSE 'ok' END AS state,
                   last_pass, waiting, oldest_at, given_up
              FROM (%s) queue
            """,
            SQL(" UNION ALL ").join(queues),
        )

    @api.model
    def _clock_row(self, late):
        return SQL(
            """
            SELECT 1 AS id, 'clock' AS code, at AS last_pass, 0 AS waiting,
                   NULL::timestamp AS oldest_at, 0 AS given_up,
                   NOT active OR at < %s AS late
              FROM pass WHERE name = 'cron_clock'
            """,
            late,
        )

    @api.model
    def _rows_row(self, id_, code, crons, now, late, own):
        """A queue that is a table of ours.

        :param crons: who works on it, by external id
        """
        queue = self.env[f"civic.{code}"]
        return SQL(
            """
            SELECT %(id)s, %(code)s, min(at), min(due.waiting), min(due.oldest_at),
                   min(due.given_up),
                   bool_or(NOT active OR at < %(late)s)
                   OR coalesce(min(due.oldest_at) < %(late)s, FALSE)
              FROM pass
        CROSS JOIN (SELECT %(waiting)s AS waiting, %(given_up)s AS given_up,
                           (SELECT min(due_at) FROM %(table)s
                             WHERE state IN %(states)s AND due_at <= %(now)s
                               AND %(own)s) AS oldest_at) due
             WHERE name IN %(crons)s
            """,
            id=id_,
            code=code,
            late=late,
            waiting=self._counted(queue, queue._waiting_states, own),
            given_up=self._counted(queue, (queue._failed_state,), own),
            table=SQL.identifier(queue._table),
            states=queue._waiting_states,
            now=now,
            own=own,
            crons=crons,
        )

    @api.model
    def _mailboxes_row(self, late):
        return SQL(
            """
            SELECT 4, 'gateway', min(coalesce(date, create_date)), 0,
                   min(error_date), count(error_date)::int,
                   coalesce(bool_or(error_date IS NOT NULL
                                    OR coalesce(date, create_date) < %s), FALSE)
              FROM fetchmail_server
             WHERE active IS TRUE AND state = 'done' AND server_type <> 'local'
            """,
            late,
        )

    @api.model
    def _providers_rows(self, late, own):
        """A row for each of `_provided` that has a gateway."""
        outbox = self.env["civic.outbox"]
        return SQL(
            """
            SELECT 5 + min(way.place)::int, kind, max(success_at),
                   %(waiting)s, NULL, 0,
                   bool_or(failure_at > coalesce(success_at, '-infinity')
                           AND coalesce(success_at, create_date) < %(late)s)
              FROM civic_gateway
              JOIN unnest(%(ways)s) WITH ORDINALITY AS way (name, place)
                   ON way.name = kind
             WHERE active IS TRUE AND %(own)s
          GROUP BY kind
            """,
            waiting=self._counted(
                outbox, outbox._waiting_states, SQL("%s AND channel = kind", own)
            ),
            late=late,
            ways=[driver._code for driver in self._provided()],
            own=own,
        )

    @api.model
    def _counted(self, queue, states, own):
        """Rows in these states, counted up to a bound."""
        return SQL(
            """
            (SELECT count(*)::int FROM (
                SELECT FROM %s WHERE state IN %s AND %s LIMIT %s) counted)
            """,
            SQL.identifier(queue._table),
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
        provided = [driver._code for driver in self._provided()]
        name, wanted = {
            "outbox": ("civic_outbox_action", ("dead", "waiting")),
            "inbox": ("civic_inbox_action", ("failed", "new")),
            **dict.fromkeys(provided, ("civic_outbox_action", ("dead", "waiting"))),
        }.get(self.code, ("civic_alert_action", ()))
        action = self.env["ir.actions.act_window"]._for_xml_id(f"civic_report.{name}")
        action["context"] = {f"search_default_{name}": 1 for name in wanted}
        if self.code in provided:
            action["domain"] = [("channel", "=", self.code)]
        return action
