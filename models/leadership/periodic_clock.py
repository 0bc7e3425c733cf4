import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.due_days import working_days_from
from .periodic_report import DUE_STATES
from .periodic_send import DUE, LATE

_logger = logging.getLogger(__name__)

# Working days before the due day on which the Centre's managers are warned.
WARNED_BEFORE = (3, 1)
TOLD_LATE = 3
# Days around today that a period needs which is told by its due day.
AROUND = (1200, 800)
MOST_WATCHED = 500


class CivicPeriodicReport(models.Model):
    """Reports open by themselves when their period has closed, and say when they are
    due."""

    _inherit = "civic.periodic.report"

    @api.model
    def _cron_periodic(self):
        """Open what is due, warn, tell of what is late; each province for itself."""
        companies = self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        )
        cron = self.env["ir.cron"]
        for left, company in enumerate(companies, start=1 - len(companies)):
            self._pass_company(company)
            if not cron._commit_progress(1, remaining=-left):
                break

    @api.model
    def _pass_company(self, company):
        model = self._elevated().with_company(company)
        try:
            with self.env.cr.savepoint():
                model._open_closed(company)
                model._warn_of_due(company)
        except Exception:  # one province's calendar is not another's
            _logger.exception("Periodic reports of company %s have failed", company.id)

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def _open_closed(self, company):
        """Open the reports of periods that have closed.

        :return: civic.periodic.report
        """
        now = self.env["civic.door"]._now()
        kinds = self.env["civic.periodic.kind"]._known_to(company)
        kinds = kinds.filtered(lambda kind: kind._form() and kind.since)
        days = kinds.filtered(lambda kind: kind.period_kind == "day")
        today = company._civic_today()
        if days.filtered(lambda kind: kind.since <= today):
            self._open_days(company, days, now)
        due = self._periods_closed(kinds - days, company, today)
        return self._open_periods(self._not_opened(due, company), company)

    @api.model
    def _periods_closed(self, kinds, company, today):
        """The last closed period of each kind: list of (kind, Period)."""
        worked = None
        if kinds.filtered(lambda kind: kind.period_kind == "interior"):
            back, ahead = AROUND
            _times, worked = company._civic_times_around(
                fields.Date.subtract(today, days=back),
                fields.Date.add(today, days=ahead),
            )
        found = [(kind, kind._closed_period(today, worked)) for kind in kinds]
        return [
            (kind, period)
            for kind, period in found
            if period and period.last >= kind.since
        ]

    @api.model
    def _not_opened(self, due, company):
        """Those of some kinds and periods that nobody has opened yet, of a province in
        which anything had come in by then."""
        if not due:
            return []
        kinds = self.env["civic.periodic.kind"].union(*(kind for kind, _p in due))
        known = {
            (row.kind_id.id, row.period_from, row.period_to)
            for row in self.search(
                [
                    ("company_id", "=", company.id),
                    ("kind_id", "in", kinds.ids),
                    ("period_to", ">=", min(period.last for _k, period in due)),
                    ("replaces_id", "=", False),
                    ("period_kind", "!=", "demand"),
                ]
            )
        }
        missing = [
            (kind, period)
            for kind, period in due
            if (kind.id, period.first, period.last) not in known
        ]
        first = self._first_day(company) if missing else None
        return [row for row in missing if first and first <= row[1].last]

    @api.model
    def _first_day(self, company):
        """The day on which the first report came in; None before."""
        self.env["civic.report"].flush_model(["company_id", "received_at"])
        [(moment,)] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT received_at FROM civic_report
                         WHERE company_id = %s AND received_at IS NOT NULL
                         ORDER BY received_at LIMIT 1)
                """,
                company.id,
            )
        )
        return moment and company._civic_date(moment)

    # ------------------------------------------------------------------
    # Warning
    # ------------------------------------------------------------------

    @api.model
    def _warn_of_due(self, company):
        """Warn the Centre's managers before the due day; after it tell them, and the
        province, that a report is late."""
        now = self.env["civic.door"]._now()
        owed = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", DUE_STATES),
                ("due_at", "!=", False),
                ("warned", "<", TOLD_LATE),
            ],
            order="due_at",
            limit=MOST_WATCHED,
        )
        if not owed:
            return
        today = company._civic_today()
        days = [*owed.mapped("due_date"), today]
        _times, worked = company._civic_times_around(
            fields.Date.subtract(min(days), days=60), max(days)
        )
        for report in owed:
            rung = report._rung(today, now, worked)
            if rung > report.warned:
                report._climb_to(rung)

    def _rung(self, today, now, worked):
        """How far it is: 0 to 2 warnings before it is due, 3 when it is late."""
        if self.due_at < now:
            return TOLD_LATE
        return sum(
            today >= working_days_from(self.due_date, -days, worked)
            for days in WARNED_BEFORE
        )

    def _climb_to(self, rung):
        self.write({"warned": rung})
        managers = self._officers_of("centre_manager", "manager")
        if rung < TOLD_LATE:
            self._queue_periodic(DUE, managers, {}, mark=str(rung))
            return
        province = self._officers_of("province_leader", "province")
        self._queue_periodic(LATE, [*managers, *province], {})
        self._log_periodic("late")
