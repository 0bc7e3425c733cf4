"""What the leaders' screens read, kept for tests."""

from datetime import timedelta
from unittest.mock import patch

from .common import CivicCase

WHOLE = {
    **{"carried": 2, "received": 10, "reopened": 0, "refused": 1, "forwarded": 1},
    **{"done": 6, "open": 4, "on_time": 4, "late": 2, "overdue": 1, "rated": 4},
    **{"satisfied": 2, "accepted": 1, "recurred": 1, "median_hours": 12.5},
}
PART = {
    **{"given": 12, "done": 10, "on_time": 9, "late": 1, "open": 2, "overdue": 1},
    **{"rated": 4, "satisfied": 2, "asked": 3, "unanswered": 1, "urged": 2},
    **{"returned": 2, "returned_late": 0, "fixed": 1, "recurred": 0, "extended": 1},
    **{"directives": 0},
}


class BoardCase(CivicCase):
    """A province whose screens have something to show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["civic.board"]
        cls.now = cls.env["civic.now"]
        cls.figures = cls.env["civic.period.figures"]
        # What a demo holds would be counted as well.
        reports = cls.env["civic.report"].search([])
        reports._elevated().write({"state": "cancelled", "closed_at": "2020-01-01"})
        reports.assignment_ids._elevated().write({"state": "dropped"})
        steps = reports.step_ids.with_env(reports._elevated().env)
        steps.write({"state": "dropped"})

    def as_of(self, user):
        return self.board.with_user(user).with_company(self.company)

    def count_now(self):
        self.env.flush_all()
        return self.now._count_now(self.env["civic.door"]._now())

    def page(self, kind="province", user=None, period="month"):
        return self.as_of(user or self.province_leader).read_page(kind, period)

    def tile(self, key, kind="province", user=None):
        tiles = {row["key"]: row for row in self.page(kind, user)["tiles"]}
        return tiles[key]["value"]

    def listed(self, figure, kind="province", user=None, place=None, period="month"):
        """Records of the list behind a figure, as its user sees them."""
        user = user or self.province_leader
        action = self.as_of(user).open_list(kind, figure, period, place)
        records = self.env[action["res_model"]].with_user(user)
        return records.with_company(self.company).search(action["domain"])

    def counted(self, **more):
        """What `civic.facts` would say of a period."""
        return {
            "whole": WHOLE,
            "category": {self.category.id: WHOLE, 0: {**WHOLE, "received": 1}},
            "ward": {},
            "agency": {
                self.agency.id: PART,
                self.other_agency.id: {**PART, "satisfied": 4},
            },
            "agency_level": {self.agency.id: {1: 2}},
            **more,
        }

    def ranked(self):
        return [
            {
                "agency_id": agency.id,
                "group": "department",
                "place": place,
                "on_time_rate": 90.0,
                "satisfied_rate": rate,
                "number": 10,
            }
            for place, (agency, rate) in enumerate(
                ((self.other_agency, 100.0), (self.agency, 50.0)), 1
            )
        ]

    def keep(self, kind="month", back=0, counted=None, company=None):
        """Keep figures of the present period, or of one so many before it."""
        company = company or self.company
        period = self.figures._shown_periods(company, kind)[back]
        facts = type(self.env["civic.facts"])
        counted = counted or self.counted()
        ranked = self.ranked()
        with (
            patch.object(facts, "_count", lambda *_a, **_k: counted),
            patch.object(facts, "_ranked", lambda *_a, **_k: ranked),
        ):
            self.figures._keep_period(company, period)
        return period

    def late_report(self, **values):
        """A report that its agency took in, and let pass its time."""
        report = self.walk_to("accepted", self.make_report(**values))
        late = self.env["civic.door"]._now() - timedelta(days=2)
        duties = report.step_ids.filtered(
            lambda step: step.state == "open" and step.assignment_id
        )
        elevated = report._elevated().env
        for record in (duties, report.assignment_ids, report):
            record.with_env(elevated).write({"deadline": late, "overdue_from": late})
        return report
