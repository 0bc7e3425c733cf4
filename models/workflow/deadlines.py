from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.working_time import WORKING_UNITS
from ..province.limit import Limit
from .step import OPTIONAL_CODES

# Duties without an officer to warn.
UNWARNED_CODES = OPTIONAL_CODES | {"supplement"}


@dataclass
class TimedRow:
    """Values of a step to come, and what its time is counted by.

    `beside`: what upper wings reckon of the same duty, see `_time_beside`.
    """

    values: dict
    calendar: models.Model
    limit: tuple | None
    procedure: models.Model
    beside: dict = field(default_factory=dict)


class CivicStep(models.Model):
    """When duties are due, when to warn of them, and what moves a deadline."""

    _inherit = "civic.step"

    @api.model
    def _time(self, rows):
        """Give rows their deadline and the moments of their warnings.

        Each calendar is read once for all of them.

        :param rows: list of TimedRow; a deadline that is there already stays
        """
        if not rows:
            return
        load = self._loader(
            [row.values["counted_from"] for row in rows],
            [row.calendar for row in rows],
        )
        timed = [row for row in rows if row.limit and "deadline" not in row.values]
        deadlines = self._deadlines(
            [row.values["counted_from"] for row in timed],
            [(row.limit.value, row.limit.unit) for row in timed],
            [row.calendar for row in timed],
            load,
        )
        for row, deadline in zip(timed, deadlines, strict=True):
            row.values["deadline"] = deadline or False
            row.values["is_untimed"] = not deadline
        for row in rows:
            row.values.update(self._prepare_warnings(row, load))
        self._time_beside(rows, load)

    @api.model
    def _time_beside(self, rows, load):
        """A hook: what else is reckoned of the same duties, in calendars that have been
        read already.

        :param rows: list of TimedRow, timed
        :param load: what `_loader` gave for their calendars
        """

    @api.model
    def _keep_beside(self, rows):
        """A hook: what is kept of these duties, beside them.

        :param rows: list of TimedRow of duties that have been opened, or moved
        """

    @api.model
    def _prepare_warnings(self, row, load):
        """When to warn of one duty, and when to climb the ladder.

        :return: dict of the step's fields
        """
        deadline = row.values.get("deadline")
        if not deadline:
            return {}
        procedure = row.procedure
        grace = row.limit.grace_minutes if row.limit else 0
        overdue_from = deadline + timedelta(minutes=grace)
        values = {"overdue_from": overdue_from}
        if row.values["code"] in UNWARNED_CODES:
            return values
        half, most = row.calendar._civic_moments(
            partial(load, row.calendar),
            row.values["started_at"],
            deadline,
            row.values["limit_unit"] or "hour",
            (procedure.warn_half / 100, procedure.warn_most / 100),
        )
        # What is due at once, or sent back after its time, is not warned of.
        in_time = half < deadline
        centre_after, province_after = procedure._ladder(row.values["track"])
        return {
            **values,
            "half_at": half,
            "most_at": most,
            "centre_at": overdue_from + timedelta(minutes=centre_after),
            "province_at": overdue_from + timedelta(minutes=province_after),
            "alert_at": half if in_time else overdue_from,
        }

    @api.model
    def _loader(self, starts, calendars):
        """Read the calendars, each once; see `resource.calendar._civic_loader`."""
        return (
            self.env["resource.calendar"].concat(*calendars)._civic_loader(min(starts))
        )

    @api.model
    def _deadlines(self, starts, limits, calendars=None, load=None):
        """When duties that start then, with such limits, end.

        Each calendar is read once, whatever the number of duties.

        :param starts: list of naive UTC datetimes
        :param limits: list of (value, unit), see :mod:`..tools.working_time`
        :param calendars: list of resource.calendar records; the company's by default
        :param load: what `_loader` gave for these calendars, if at hand
        :return: list of naive UTC datetimes, in the same order; None where a calendar
            has no working time to count in
        """
        if not starts:
            return []
        calendars = calendars or [self.env.company._civic_calendar()] * len(starts)
        load = load or self._loader(starts, calendars)
        jobs = defaultdict(list)
        for index, calendar in enumerate(calendars):
            jobs[calendar].append(index)
        deadlines = [None] * len(starts)
        for calendar, indexes in jobs.items():
            ends = calendar._civic_deadlines(
                partial(load, calendar),
                [(starts[index], *limits[index]) for index in indexes],
            )
            for index, end in zip(indexes, ends, strict=True):
                deadlines[index] = end
        return deadlines

    @api.model
    def _move_deadlines(self, calendars):
        """Count the open duties of these calendars anew, from when they count.

        :return: how many deadlines have moved
        """
        # sudo: the administrator has asked for it; see the calendar
        door = self.env["civic.report"]._elevated()
        steps = self.with_env(door.env).search(
            [
                ("state", "=", "open"),
                ("limit_unit", "in", WORKING_UNITS),
                *("|", ("deadline", "!=", False), ("is_untimed", "=", True)),
                ("is_extended", "=", False),
            ]
        )
        rows = {step: step._timed_row() for step in steps}
        rows = {step: row for step, row in rows.items() if row.calendar in calendars}
        steps._time(list(rows.values()))
        moved = steps.browse()
        for step, row in rows.items():
            if row.values["deadline"] != step.deadline:
                step._log_move(row.values["deadline"])
                step.write(step._retimed(row.values))
                moved |= step
        self._keep_beside([rows[step] for step in moved])
        moved._close_activities()
        moved._schedule_activities()
        self._refresh_clocks(moved.assignment_id)
        self._refresh_clocks(moved.report_id)
        return len(moved)

    def _timed_row(self):
        """This duty as it would be timed now."""
        report = self.report_id
        limit = report.procedure_id._limit(self.track, self.code)
        return TimedRow(
            {name: self[name] for name in ("code", "track", "started_at", "limit_unit")}
            | {"counted_from": self.counted_from},
            self.agency_id.calendar_id or report._working_calendar(),
            Limit(
                self.limit_value, self.limit_unit, limit.grace_minutes if limit else 0
            ),
            report.procedure_id,
        )

    def _retimed(self, values):
        """Values that a moved deadline changes; alerts that were given stay given."""
        names = ("half_at", "most_at", "overdue_from", "centre_at", "province_at")
        ladder = [values.get(name) for name in names]
        following = ladder[self.alert_level :]
        return {
            "deadline": values["deadline"],
            "is_untimed": values["is_untimed"],
            **dict(zip(names, ladder, strict=True)),
            "alert_at": following[0] if following else False,
        }

    def _log_move(self, deadline):
        self.ensure_one()
        record = self.assignment_id or self.report_id
        words = [str(moment or "–") for moment in (self.deadline, deadline)]
        record._log_note("deadline_moved", f"{self.code}: {' → '.join(words)} UTC")


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def action_civic_move_deadlines(self):
        """Count open duties anew after the calendar has changed.

        Only at the administrator's word: by default a deadline, once given, stays. Each
        deadline that moves is an event of its report. Extensions keep their date.
        """
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(self.env._("Only administrators move deadlines."))
        moved = self.env["civic.step"]._move_deadlines(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s deadlines moved.", moved),
            },
        }
