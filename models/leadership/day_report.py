import logging
from datetime import timedelta

from odoo import api, fields, models

from ...tools.periodic_columns import LATE_TODAY, NOTHING, cell, cell_text
from ...tools.periods import Period

_logger = logging.getLogger(__name__)

# A server that was down at the close of work sends the last day's report later.
BACK = 14
# The pass that sends it comes every few minutes after the close.
IN_TIME = timedelta(hours=1)


class CivicPeriodicReport(models.Model):
    """The quick report of the day (ST Điều 28.1): it counts, issues and mails itself at
    the close of work. Nobody signs it, so it has no number."""

    _inherit = "civic.periodic.report"

    @api.model
    def _open_days(self, company, kinds, now):
        """Send the last working day's report, if its work has closed and it is not
        sent.

        :param kinds: civic.periodic.kind of days
        """
        today = company._civic_today()
        times, worked = company._civic_times_around(
            fields.Date.subtract(today, days=BACK), today
        )
        closed = [
            day
            for day in (fields.Date.subtract(today, days=back) for back in range(BACK))
            if worked(day) and (times.day_close(day) or times.end_of_day(day)) <= now
        ]
        if not closed:
            return
        day = Period("day", closed[0], closed[0])
        for kind, _day in self._not_opened([(kind, day) for kind in kinds], company):
            self._send_day(kind, day, company)

    @api.model
    def _send_day(self, kind, day, company):
        """Count, issue and mail the report of a day; one that fails leaves nothing."""
        try:
            with self.env.cr.savepoint():
                [report] = self._open_periods([(kind, day)], company)
                report._fill()
                report._walk("send_itself", report._prepare_day_issue())
                report._ask_for("print")
                # The mail needs no file: the leaders have it at once.
                report._tell_issued()
        except Exception:  # the next pass tries again, other provinces go on
            _logger.exception("The report of %s of %s has failed", day.last, company.id)

    def _prepare_day_issue(self):
        now = self._now()
        return {
            "issued_at": now,
            "was_late": bool(self.due_at and now > self.due_at + IN_TIME),
        }


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    def _values_of_periodic_day(self, report):
        """The same as the document: counts and codes, the rest behind the link."""
        lines = report._lines_by_dimension()
        numbers = report._day_numbers()
        return {
            "numbers": "\n".join(
                f"{number}. {what}: {said}"
                for number, (what, said) in enumerate(numbers, start=1)
            ),
            "matters": "\n".join(
                " | ".join(
                    cell_text(column, cell(column, figures)) or NOTHING
                    for column in LATE_TODAY
                    if column.key != "subject"
                )
                for _line, figures in lines.get("late", ())
            ),
            "stuck": "\n".join(
                " | ".join((figures["code"], figures["waits"]))
                for _line, figures in lines.get("stuck", ())
            ),
        }
