"""What is counted of a period, given by hand: periodic reports without the counting."""

from contextlib import ExitStack
from copy import deepcopy
from datetime import date, datetime
from unittest.mock import patch

from ...tools.periods import Period
from .common import CivicCase, local

MONTH = Period("month", date(2026, 10, 15), date(2026, 11, 14))
# carried + received + reopened is refused + forwarded + done + open.
REPORT = {
    **{"carried": 4, "received": 21, "reopened": 1, "refused": 3, "forwarded": 2},
    **{"done": 15, "open": 6, "on_time": 11, "late": 4, "overdue": 2},
    **{"duplicates": 1, "withdrawn": 1, "no_answer": 1},
    **{"rated": 9, "satisfied": 6, "accepted": 8},
    **{"asked": 5, "answered": 4, "unanswered": 1, "recurred": 2},
    "median_hours": 12.25,
}
# carried + given + reopened is returned + dropped + done + open.
AGENCY = {
    **{"carried": 2, "given": 12, "reopened": 0, "returned": 1, "returned_late": 1},
    **{"dropped": 0, "dropped_late": 0, "done": 9, "on_time": 8, "late": 1},
    **{"no_limit": 0, "open": 4, "overdue": 2, "oldest_days": 3.5},
    **{"extended": 2, "extended_open": 1, "fixed": 1, "asked": 3, "unanswered": 1},
    **{"recurred": 1, "recurred_over": 0, "urged": 2, "directives": 0},
    **{"directives_open": 0, "rated": 6, "satisfied": 4, "accepted": 5},
    **{"co_given": 0, "co_done": 0},
}
NOTHING = dict.fromkeys(REPORT, 0) | {"median_hours": None}


class Counted:
    """A fake of `civic.facts`, as it is agreed to answer."""

    def counted_of(self, agencies=None):
        """Figures of a period: all in one category, ward and channel.

        :param agencies: dict of agency → figures that differ from `AGENCY`
        """
        agencies = {self.agency: {}} if agencies is None else agencies
        levels = self.procedure.scale_id.level_ids
        part = {**REPORT, "carried": 0, "reopened": 0, "received": 5, "open": 1}
        part |= {"refused": 1, "forwarded": 0, "done": 3, "on_time": 2, "late": 1}
        return {
            **{"from": MONTH.first, "to": MONTH.last},
            "start": local("2026-10-15 00:00"),
            "end": local("2026-11-15 00:00"),
            "counted_at": datetime(2026, 11, 16, 1, 30),
            "whole": dict(REPORT),
            "category": {self.category.id: dict(REPORT), 0: dict(part)},
            "channel": {self.web.id: dict(REPORT)},
            "ward": {0: dict(REPORT)},
            "track": {"normal": dict(REPORT)},
            "kind": {"report": dict(REPORT)},
            "grounds": {"duplicate": 1},
            "agency": {
                agency.id: {**AGENCY, **more} for agency, more in agencies.items()
            },
            "level": {levels[0].id: 6, levels[-1].id: 3},
            "agency_level": {
                agency.id: {levels[0].id: 4, levels[-1].id: 2} for agency in agencies
            },
            "emergency": {
                **{"count": 1, "median_minutes": 7.5, "worst_minutes": 9.0},
                **{"late": 0, "late_reports": []},
            },
            "time": {"median_hours": 12.25, "ninety_hours": 31.04, "steps": {}},
            "province": {"waiting": 1},
            "centre": {"overdue": 0},
        }

    def late_row(self, assignment, **more):
        report = assignment.report_id
        return {
            "assignment_id": assignment.id,
            "report_id": report.id,
            "agency_id": assignment.agency_id.id,
            "code": report.name,
            "given_at": local("2026-11-02 09:00"),
            "deadline": local("2026-11-10 17:00"),
            "done_at": None,
            "days_late": 4.26,
            "extended_to": None,
            "step": "process",
            "handler_id": self.handler.id,
            "leader_id": self.leader.id,
            "is_private": report.visibility != "public",
            **more,
        }

    def fake_facts(self, counted=None, late=(), stuck=(), earlier=None):
        """Answer with these figures until the test ends; the latest call holds.

        :param earlier: of the period before; by default less came in then
        :return: list of what was asked for: (name, period, filters)
        """
        counted = counted or self.counted_of()
        earlier = earlier or deepcopy(counted)
        earlier["whole"]["received"] = 17
        asked = []

        def count(_facts, _company, period, *, domain=None, now=None):
            asked.append(("count", period, domain))
            is_own = len([row for row in asked if row[0] == "count"]) % 2 == 1
            return deepcopy(counted if is_own else earlier)

        def matters(_facts, _company, period, **options):
            asked.append(("late", period, options.get("domain")))
            chosen = options.get("assignment_ids")
            return [
                dict(row)
                for row in late
                if chosen is None or row["assignment_id"] in chosen
            ][: options.get("limit")]

        def waiting(_facts, _company, period, *, domain=None):
            asked.append(("stuck", period, domain))
            return [dict(row) for row in stuck]

        facts = self.registry["civic.facts"]
        stack = ExitStack()
        for name, answer in (
            ("_count", count),
            ("_late_matters", matters),
            ("_stuck_matters", waiting),
        ):
            stack.enter_context(patch.object(facts, name, answer))
        self.addCleanup(stack.close)
        return asked


class PeriodicCase(Counted, CivicCase):
    """Huế's Centre with two managers, on a Monday after a cut-off."""

    began_at = "2026-11-16 08:30"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls.make_user(
            "second_manager", "civic_report.group_centre_manager"
        )
        cls.kind = cls.env.ref("civic_report.periodic_hue_month_department")
        cls.procedure.period_cutoff_day = 14
        cls.procedure.periodic_kind_ids.since = date(2026, 1, 1)
        cls.company.street = False

    def setUp(self):
        super().setUp()
        clock = self.at(self.began_at)
        self.frozen = clock.start()
        self.addCleanup(clock.stop)

    def move_to(self, text):
        self.frozen.move_to(local(text))
        self.env.invalidate_all()

    def reports(self, user=None):
        reports = self.env["civic.periodic.report"].with_user(user or self.manager)
        return reports.with_company(self.company)

    def opened(self, kind=None, period=MONTH):
        """A report that has opened by itself, as a manager sees it."""
        reports = self.env["civic.periodic.report"]
        report = reports._open_periods([(kind or self.kind, period)], self.company)
        return report.with_user(self.manager).sudo(False)

    def drafted(self, kind=None, **facts):
        self.asked = self.fake_facts(**facts)
        report = self.opened(kind)
        report.draft()
        return report

    def approved(self, kind=None, **facts):
        report = self.drafted(kind, **facts)
        report.with_user(self.second_manager).approve()
        return report

    def issued(self, kind=None, **facts):
        report = self.approved(kind, **facts)
        report.issue()
        return report

    def demand(self, *days, user=None, **filters):
        """A report that a manager has opened on demand."""
        kind = self.env.ref("civic_report.periodic_hue_demand_centre")
        reports = self.reports(user)
        return reports.browse(reports.open_demand(kind.id, *days, filters or None))

    def lines(self, report, dimension):
        return report.line_ids.filtered(lambda line: line.dimension == dimension)

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"civic_report.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def pass_clock(self, text=None):
        """What the scheduler does every few minutes, without its commits."""
        if text:
            self.move_to(text)
        self.env["civic.periodic.report"]._pass_company(self.company)
        self.env.invalidate_all()
