import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ground.guard import check_visible

_logger = logging.getLogger(__name__)

# Between claiming a row and holding it a worker holds no lock: younger claims are
# another's, older ones of a worker that died.
CLAIM_GRACE = timedelta(minutes=1)
# Rows of one pass; what is left is done by the next one.
PASS = 1000
# Between two tries of what fails for the time being.
LONGEST_WAIT = timedelta(hours=1)


class CivicQueue(models.AbstractModel):
    """Rows that workers handle one by one, each committed for itself.

    A worker claims a row (committed, so that a row that kills its worker is counted),
    holds it under a lock while it works, and writes the outcome in the transaction that
    held it. A row that is claimed but not held was lost with its worker and is taken up
    by the next. Several workers at once never handle the same row.
    """

    _name = "civic.queue"
    _description = "Queue"
    _order = "id desc"
    _log_access = False

    # States: handled next, being handled, given up.
    _ready_state = None
    _busy_state = None
    _failed_state = None

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    report_id = fields.Many2one(
        "civic.report", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    priority = fields.Integer(required=True, readonly=True, default=2)
    attempts = fields.Integer("Tries", required=True, readonly=True, default=0)
    error = fields.Char("What Went Wrong", readonly=True)
    due_at = fields.Datetime("Next Try", required=True, readonly=True)
    claimed_at = fields.Datetime(readonly=True)

    @property
    def _waiting_states(self):
        return (self._ready_state, self._busy_state)

    # ------------------------------------------------------------------
    # Work
    # ------------------------------------------------------------------

    @api.model
    def _work(self, tools, condition=None):
        """Handle what is due until nothing is left or the pass has lasted enough.

        :param tools: what the rows of one pass share, see `_handle`
        :param condition: function that gives more SQL of which rows to take
        :return: how many rows were handled
        """
        cron = self.env["ir.cron"]
        for done in range(PASS):
            claimed = self._claim(condition() if condition else SQL("TRUE"))
            if not claimed:
                cron._commit_progress(remaining=0)
                return done
            row, lost = claimed
            self._commit()
            if row._hold():
                row._try(tools, lost)
            if not cron._commit_progress(1, remaining=1):
                return done + 1
            self.env.invalidate_all()
        return PASS

    @api.model
    def _claim(self, condition):
        """Take the row that is due first and that nobody else is taking.

        :return: (the row, whether a worker was lost with it before) or None
        """
        now = self.env["civic.door"]._now()
        query = SQL(
            """
            WITH next AS MATERIALIZED (
                -- Once: a plan that looks anew for each row would take many.
                SELECT id, state
                  FROM %(table)s queue
                 WHERE state IN (%(ready)s, %(busy)s)
                   AND due_at <= %(now)s
                   AND (state = %(ready)s OR claimed_at < %(lost)s)
                   AND %(condition)s
                 ORDER BY priority, due_at, id
                 LIMIT 1
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE %(table)s queue
               SET state = %(busy)s, attempts = queue.attempts + 1, claimed_at = %(now)s
              FROM next
             WHERE queue.id = next.id
         RETURNING queue.id, next.state = %(busy)s
            """,
            table=SQL.identifier(self._table),
            ready=self._ready_state,
            busy=self._busy_state,
            now=now,
            lost=now - CLAIM_GRACE,
            condition=condition,
        )
        rows = self._execute_alone(query)
        self.invalidate_model()
        return (self.browse(rows[0][0]), rows[0][1]) if rows else None

    def _hold(self):
        """Lock the claimed row until its outcome is committed.

        :return: whether it is still ours
        """
        query = SQL(
            "SELECT id FROM %s WHERE id = %s AND state = %s FOR UPDATE SKIP LOCKED",
            SQL.identifier(self._table),
            self.id,
            self._busy_state,
        )
        return bool(self._execute_alone(query))

    @api.model
    def _execute_alone(self, query):
        """Run the first statement of a transaction.

        Under Odoo's isolation a row that another worker changed in this very moment is
        an error; nothing is lost by beginning again.
        """
        self.env.flush_all()
        while True:
            try:
                self.env.cr.execute(query, log_exceptions=False)
                return self.env.cr.fetchall()
            except SerializationFailure:
                self.env.cr.rollback()

    @api.model
    def _commit(self):
        """Make what was claimed known to the other workers."""
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()

    def _try(self, tools, lost):
        """Handle the row; whatever happens, it says so and the next one follows."""
        try:
            with self.env.cr.savepoint():
                self._speaking()._handle(tools, lost)
        except Exception as error:
            # Neither log nor row repeats the error's words: they may name people.
            _logger.warning("%s %s: %s", self._name, self.id, type(error).__name__)
            self.invalidate_recordset()
            self._speaking()._failed(error)

    def _speaking(self):
        """The row, with words in the language of its company."""
        lang = self.company_id.partner_id.lang
        return self.with_context(lang=lang) if lang else self

    def _handle(self, tools, lost):
        """Do what the row asks for and write its new state.

        :param tools: what the rows of one pass share
        :param lost: whether an earlier worker died over it
        """
        raise NotImplementedError

    def _failed(self, error):
        """Write what becomes of the row after an unforeseen error."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # What operators do with rows that were given up
    # ------------------------------------------------------------------

    def _enter_queue(self, states):
        """Check that the user may decide on these rows now.

        :param states: those in which they must be
        :return: the rows, elevated
        :raises MissingError: for rows that do not exist or are another company's
        :raises AccessError: for who does not work at the Centre
        :raises UserError: in another state
        """
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("This is for intake operators only."))
        check_visible(self, self.env._("Not found: there is no such row."))
        # sudo: nobody writes the queues but the module; who may decide was checked
        rows = self.sudo()
        if rows.try_lock_for_update() != rows:
            raise UserError(self.env._("It is being handled right now: wait a moment."))
        rows.invalidate_recordset()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for row in rows:
            if row.state not in states:
                raise UserError(
                    self.env._(
                        "This is “%s”: there is nothing to decide.", labels[row.state]
                    )
                )
        return rows
