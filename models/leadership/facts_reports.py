from odoo import api, models
from odoo.tools import SQL

from .facts_sql import DIMENSIONS
from .facts_sql_beside import COUNT_FOLLOW_UPS
from .facts_sql_ratings import COUNT_RATINGS
from .facts_sql_reports import COUNT_REPORTS, COUNT_URGENT
from .facts_sql_time import COUNT_STEPS

# What is said of reports. Balance: carried + received + reopened is refused +
# forwarded + done + open. “Accepted” are ratings of grade satisfied or acceptable.
REPORT_FIGURES = (
    *("carried", "received", "reopened", "refused", "forwarded", "done", "open"),
    *("on_time", "late", "overdue", "duplicates", "withdrawn", "no_answer"),
    *("rated", "satisfied", "accepted", "asked", "answered", "unanswered", "recurred"),
)
HOUR = 3600
# Bits of GROUPING() of the five dimensions, from the right.
ALL_GROUPED = 2 ** len(DIMENSIONS) - 1


def empty_report():
    return {**dict.fromkeys(REPORT_FIGURES, 0), "median_hours": None}


def hours(seconds):
    return None if seconds is None else seconds / HOUR


class CivicFacts(models.AbstractModel):
    """What is counted of reports."""

    _inherit = "civic.facts"

    @api.model
    def _dimension(self, row, more=0):
        """Which dimension a row of grouping sets is of.

        :param more: how many columns are grouped behind the dimensions
        :return: name and key; (None, None) of all of them together
        """
        grouped = row["grouped"] >> more
        for place, name in enumerate(DIMENSIONS):
            if not grouped & 1 << len(DIMENSIONS) - 1 - place:
                return name, row[name]
        return None, None

    @api.model
    def _figures_at(self, counted, name, key):
        """Where figures of a key of a dimension are kept, made if need be."""
        if name is None:
            return counted["whole"]
        return counted[name].setdefault(key, empty_report())

    @api.model
    def _count_reports(self, scope):
        counted = {"whole": empty_report(), "grounds": {}, "time": {}}
        counted.update((name, {}) for name in DIMENSIONS)
        times = [None, None]
        for row in self._rows(COUNT_REPORTS, scope):
            if not row["grouped"] & 1:
                if row["ground"] is not None:
                    counted["grounds"][row["ground"]] = row["refused"]
                continue
            name, key = self._dimension(row, more=1)
            figures = self._figures_at(counted, name, key)
            if row["carried"] is not None:
                figures.update((n, row[n]) for n in REPORT_FIGURES if n in row)
                continue
            seconds = row["seconds"] or [None, None]
            figures["median_hours"] = hours(seconds[0])
            if name is None:
                times = seconds
        counted["time"] |= {
            "median_hours": hours(times[0]),
            "ninety_hours": hours(times[1]),
        }
        return counted

    @api.model
    def _count_steps(self, scope):
        """How long duties took that ended in the period, in hours of work.

        :return: dict of code → dict: count, median_hours, ninety_hours
        """
        self.env.cr.execute(SQL(COUNT_STEPS, **_of(COUNT_STEPS, scope)))
        return {
            code: {
                "count": number,
                "median_hours": hours((seconds or [None])[0]),
                "ninety_hours": hours((seconds or [None, None])[1]),
            }
            for code, number, seconds in self.env.cr.fetchall()
        }

    @api.model
    def _count_urgent(self, scope):
        self.env.cr.execute(SQL(COUNT_URGENT, **_of(COUNT_URGENT, scope)))
        count, median, worst, late, ids, waiting, owed = self.env.cr.fetchone()
        return {
            "emergency": {
                "count": count,
                "median_minutes": None if median is None else float(median),
                "worst_minutes": None if worst is None else float(worst),
                "late": late,
                "late_reports": ids or [],
            },
            "province": {"waiting": waiting},
            "centre": {"overdue": owed},
        }

    @api.model
    def _add_ratings(self, scope, counted):
        """What senders think, of ratings that stand at the end: by dimension, level and
        agency."""
        counted["level"], counted["agency_level"] = {}, {}
        for row in self._rows(COUNT_RATINGS, scope):
            numbers = {name: row[name] for name in ("rated", "satisfied", "accepted")}
            if row["grouped"] is None:
                self._add_agency_rating(scope, counted, row, numbers)
                continue
            name, key = self._dimension(row)
            figures = self._figures_at(counted, name, key)
            for number, value in numbers.items():
                figures[number] += value
            if row["grouped"] == ALL_GROUPED:
                counted["level"][row["level_id"]] = row["rated"]

    @api.model
    def _add_agency_rating(self, scope, counted, row, numbers):
        agency = row["agency_id"]
        if scope["agency_ids"] and agency not in scope["agency_ids"]:
            return
        figures = self._agency_at(counted, agency)
        for number, value in numbers.items():
            figures[number] += value
        levels = counted["agency_level"].setdefault(agency, {})
        levels[row["level_id"]] = row["rated"]

    @api.model
    def _add_follow_ups(self, scope, counted):
        """What was asked about answers, by dimension; by agency it is counted with the
        rest of what agencies have."""
        for row in self._rows(COUNT_FOLLOW_UPS, scope):
            name, key = self._dimension(row)
            figures = self._figures_at(counted, name, key)
            for number in ("asked", "answered", "unanswered"):
                figures[number] = row[number]


def _of(statement, scope):
    """Those parameters that a statement names."""
    return {key: value for key, value in scope.items() if f"%({key})s" in statement}
