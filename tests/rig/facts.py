"""Histories of several reports, of which a period is counted.

A line says when, which report, who and what; see :mod:`.law` for who and what:

    11-02 08:10 | one operator: dispatch A
"""

from datetime import date
from types import SimpleNamespace

from odoo.fields import Command

from ...tools.periods import Period, period_of
from .common import local
from .law import YEAR, LawCase

NOVEMBER = period_of("month", date(2026, 11, 14), 14)


class FactsCase(LawCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["civic.facts"]
        cls.reports = {}

    def setUp(self):
        super().setUp()
        self.reports = {}

    def history(self, text):
        """Act every line out, in the order of time."""
        lines = [line.strip() for line in text.strip().splitlines()]
        lines = sorted(line for line in lines if line and not line.startswith("#"))
        with self.at(f"{YEAR}-01-01") as clock:
            for line in lines:
                at, act = map(str.strip, line.split("|"))
                name, who, verb, *arguments = act.replace(":", "", 1).split()
                clock.move_to(local(f"{YEAR}-{at}"))
                self.take_part(name, who, verb, arguments)
        self.env.flush_all()
        self.env.invalidate_all()

    def take_part(self, name, who, verb, arguments):
        self.report = self.reports.get(name, self.env["civic.report"])
        if verb == "again":  # the same matter, sent once more
            self.do_send(self.report.with_user(self.operator), "roads")
            self.report._elevated().recurrence_of_id = self.reports[arguments[0]]
        else:
            row = SimpleNamespace(who=who, verb=verb, arguments=arguments, line=name)
            self.act(row)
        self.reports[name] = self.report
        self.env.invalidate_all()

    def directed(self, number, day, keys, due=None, **values):
        """A directive to agencies, issued at nine.

        :param day: such as "11-03"
        """
        with self.at(f"{YEAR}-{day} 09:00"):
            directives = self.env["civic.directive"].with_user(self.province_leader)
            directive = directives.create(
                {
                    "number": number,
                    "date": f"{YEAR}-{day}",
                    "issuer": "UBND tỉnh",
                    "kind": "correct",
                    "subject": "Chấn chỉnh việc xử lý phản ánh",
                    "body": "Khắc phục ngay.",
                    "agency_ids": [Command.set(self.ids(keys))],
                    "due_date": due and f"{YEAR}-{due}",
                    **values,
                }
            )
            directive.issue()
        self.env.flush_all()
        self.env.invalidate_all()
        return directive

    def answered(self, directive, key, at):
        """An agency's leader answers a directive."""
        leader = self.agencies[key].focal_leader_id
        with self.at(f"{YEAR}-{at}"):
            directive.with_user(leader).sudo(False).answer("Đã khắc phục.")
        self.env.invalidate_all()

    def count(self, period=NOVEMBER, at="2026-12-20 08:00", **options):
        with self.at(at):
            counted = self.facts._count(self.company, period, **options)
        self.facts._check_balance(counted)
        return counted

    def some(self, figures):
        """Figures that are not nothing."""
        return {name: value for name, value in figures.items() if value}

    def deadlines(self, name, key="A"):
        """What was kept of an agency's part: (since, code, deadline, late)."""
        parts = self.reports[name].sudo().assignment_ids
        part = parts.filtered(lambda row: row.agency_id == self.agencies[key])
        return [
            (row.at, row.code, row.deadline, row.is_late)
            for row in part.deadline_ids.sorted(lambda row: (row.at, row.id))
        ]

    def days(self, first, last):
        return Period("demand", date.fromisoformat(first), date.fromisoformat(last))
