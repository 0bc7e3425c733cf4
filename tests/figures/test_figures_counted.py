"""Figures where two values that usually coincide do not: the month here and that of the
clock, the report and the agencies' parts of it, one province and the next."""

from datetime import date

from odoo.tests import tagged

from ..rig.common import CivicCase


class FigureCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls.env["civic.figure"]
        cls.figures.search([]).unlink()
        cls.other_company = cls.env["res.company"].create({"name": "Tỉnh khác"})
        cls.other_company.civic_procedure_id = cls.procedure

    def refresh(self, text):
        with self.at(text):
            self.figures._cron_refresh()

    def kept(self, dimension="category", company=None):
        """{(month, key): received} of one dimension."""
        rows = self.figures.search(
            [
                ("company_id", "=", (company or self.company).id),
                ("dimension", "=", dimension),
            ]
        )
        return {(f"{row.month:%Y-%m}", row.key): row.received for row in rows}

    @classmethod
    def figure(cls, month, key, dimension="category", company=None, **counts):
        return cls.figures.create(
            {
                "company_id": (company or cls.company).id,
                "month": month,
                "dimension": dimension,
                "key": key,
                "received": 1,
                **counts,
            }
        )

    def told(self, period="", text="2026-11-20 09:00", company=None):
        with self.at(text):
            return self.figures._public_figures_sudo(company or self.company, period)


@tagged("-at_install", "post_install")
class TestFiguresCounted(FigureCase):
    """From reports to rows."""

    def test_months_begin_at_midnight_in_the_province(self):
        for text in ("2026-10-31 23:59", "2026-11-01 00:00", "2026-11-30 23:59"):
            with self.at(text):
                self.make_report()
        self.refresh("2026-12-01 00:00")
        key = self.category.id
        self.assertEqual(self.kept(), {("2026-10", key): 1, ("2026-11", key): 2})

    def by(self):
        rows = self.figures.search([("company_id", "=", self.company.id)])
        return {
            (row.dimension, row.key): (
                row.received,
                row.handled,
                row.on_time,
                row.overdue,
            )
            for row in rows
        }

    def two_agencies(self, lead=None):
        """Given to both; the second one answers in time, the first is late."""
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("received")
            both = [self.agency.id, self.other_agency.id]
            report.dispatch(both, lead and lead.id, incomplete_reason="Rõ rồi.")
            part = report.assignment_ids.filtered(
                lambda row: row.agency_id == self.other_agency
            )
            part.with_user(self.other_handler).accept()
            part.with_user(self.other_handler).submit("Đã vá ổ gà.")
            part.with_user(self.other_leader).approve()
        self.refresh("2026-11-20 08:00")

    def test_a_report_once_and_each_agency_s_part(self):
        self.two_agencies()
        by = self.by()
        self.assertEqual(by["category", self.category.id], (1, 0, 0, 1))
        self.assertEqual(by["agency", self.agency.id], (1, 0, 0, 1))
        self.assertEqual(by["agency", self.other_agency.id], (1, 1, 1, 0))

    def test_a_co_agency_helps_and_does_not_answer(self):
        """What is late is the lead's; the co-agency's part is nobody's figure."""
        self.procedure.lead_and_co = True
        self.two_agencies(lead=self.agency)
        by = self.by()
        self.assertEqual(by["category", self.category.id], (1, 0, 0, 1))
        self.assertEqual(by["agency", self.agency.id], (1, 0, 0, 1))
        self.assertNotIn(("agency", self.other_agency.id), by)

    def test_what_an_agency_has_not_answered_yet(self):
        """Given, taken in, submitted: in hand, each; approved alone is handled."""
        for state in ("processing", "accepted", "submitted", "resolved"):
            with self.at("2026-11-16 08:00"):
                self.walk_to(state)
        self.refresh("2026-11-16 08:20")
        [row] = self.figures.search(
            [("dimension", "=", "agency"), ("key", "=", self.agency.id)]
        )
        self.assertEqual((row.received, row.handled, row.on_time), (4, 1, 1))
        self.assertEqual((row.overdue, row.refused), (0, 0))

    def test_places_and_what_is_not_said(self):
        ward = self.env["civic.ward"].create({"name": "Phường Vỹ Dạ", "code": "VD"})
        with self.at("2026-11-16 08:00"):
            self.make_report(ward_id=ward.id)
            self.make_report(category_id=False)
        self.refresh("2026-11-16 09:00")
        self.assertEqual(
            self.kept("ward"), {("2026-11", ward.id): 1, ("2026-11", 0): 1}
        )
        self.assertEqual(
            self.kept(), {("2026-11", self.category.id): 1, ("2026-11", 0): 1}
        )
        labels = {row["label"] for row in self.told()["ward"]}
        self.assertEqual(labels, {"Phường Vỹ Dạ", "Not stated"})

    def test_each_province_its_own(self):
        with self.at("2026-11-16 08:00"):
            self.make_report()
            self.env["civic.report"].create(
                self.report_values(company_id=self.other_company.id, reporter_id=False)
            )
            self.make_report()
        self.refresh("2026-11-16 09:00")
        key = ("2026-11", self.category.id)
        self.assertEqual(self.kept(), {key: 2})
        self.assertEqual(self.kept(company=self.other_company), {key: 1})

    def test_months_that_nothing_happened_in_are_left_alone(self):
        """Also what became overdue by itself is something that happened."""
        with self.at("2026-09-07 08:00"):
            self.walk_to("done")
        with self.at("2026-11-16 08:00"):
            self.walk_to("accepted")
        self.refresh("2026-11-16 09:30")
        september = self.figures.search([("month", "=", "2026-09-01")])
        november = self.figures.search([("month", "=", "2026-11-01")])
        self.refresh("2026-11-25 16:00")  # due at 17:00
        self.assertEqual(november.exists(), november)
        self.refresh("2026-11-25 17:30")
        self.assertFalse(november.exists())
        self.assertEqual(september.exists(), september)
        again = self.figures.search(
            [("month", "=", "2026-11-01"), ("dimension", "=", "category")]
        )
        self.assertEqual(again.overdue, 1)

    def test_what_was_written_during_a_pass_is_seen_by_the_next(self):
        """A transaction that began before it may commit after it."""
        self.refresh("2026-11-16 09:00")
        with self.at("2026-11-16 08:30"):
            self.make_report()
        self.refresh("2026-11-16 09:05")
        self.assertEqual(self.kept(), {("2026-11", self.category.id): 1})


@tagged("-at_install", "post_install")
class TestFiguresTold(FigureCase):
    """From rows to what everybody reads."""

    def test_periods_to_choose_from_the_newest_first(self):
        for year in (2024, 2026, 2025):
            self.figure(f"{year}-05-01", self.category.id)
        for month in range(1, 12):
            self.figure(f"2023-{month:02}-01", self.category.id)
        self.figure("2019-01-01", self.agency.id, "agency")
        self.figure("2020-01-01", self.category.id, company=self.other_company)
        keys = [key for key, _label in self.told()["periods"]]
        self.assertEqual(keys[:4], ["2026", "2025", "2024", "2023"])
        months = keys[4:]
        self.assertEqual(months[:4], ["2026-05", "2025-05", "2024-05", "2023-11"])
        self.assertEqual((len(months), months[-1]), (12, "2023-03"))
        labels = dict(self.told()["periods"])
        self.assertEqual((labels["2026"], labels["2026-05"]), ("2026", "05/2026"))

    def test_bounds_belong_to_it(self):
        for month in ("2025-12", "2026-01", "2026-06", "2026-12", "2027-01"):
            self.figure(f"{month}-01", self.category.id)
        self.assertEqual(self.told("2026")["total"]["received"], 3)
        self.assertEqual(self.told("2026-06")["total"]["received"], 1)
        self.assertEqual(self.told("2026-07")["total"]["received"], 0)
        first = self.told("2026")
        self.assertEqual(
            (first["first"], first["last"]), (date(2026, 1, 1), date(2026, 12, 1))
        )
        self.assertEqual(first["period"], "2026")

    def test_without_a_period_the_last_twelve_months_and_this_one(self):
        for month in ("2025-11", "2025-12", "2026-11", "2026-12"):
            self.figure(f"{month}-01", self.category.id)
        told = self.told()
        self.assertEqual(
            [row["label"] for row in told["months"]], ["12/2025", "11/2026"]
        )
        self.assertEqual(told["period"], "")
        # On the first, from midnight here on.
        labels = [row["label"] for row in self.told(text="2026-12-01 00:00")["months"]]
        self.assertEqual(labels, ["11/2026", "12/2026"])
        labels = [row["label"] for row in self.told(text="2026-01-31 23:59")["months"]]
        self.assertEqual(labels, ["11/2025", "12/2025"])
        for nonsense in ("2026-13", "26", "2026-1", "1999", "2026 ", "x2026"):
            self.assertEqual(self.told(nonsense)["period"], "", nonsense)

    def test_most_received_first_then_by_name(self):
        names = {"B": 5, "A": 5, "C": 9, "D": 1}
        for name, received in names.items():
            ward = self.env["civic.ward"].create({"name": name, "code": name})
            for month in ("2026-10-01", "2026-11-01"):
                self.figure(month, ward.id, "ward", received=received)
        rows = self.told("2026")["ward"]
        self.assertEqual([row["label"] for row in rows], ["C", "A", "B", "D"])
        self.assertEqual([row["received"] for row in rows], [18, 10, 10, 2])

    def test_who_no_longer_works_keeps_the_name(self):
        self.figure("2026-11-01", self.agency.id, "agency")
        self.agency.active = False
        [row] = self.told()["agency"]
        self.assertEqual(row["label"], self.agency.name)

    def test_rates(self):
        self.figure(
            "2026-11-01",
            self.category.id,
            received=10,
            refused=2,
            handled=3,
            on_time=2,
            overdue=1,
            rated=8,
            satisfied=1,
        )
        total = self.told()["total"]
        self.assertEqual(total["in_hand"], 5)
        self.assertEqual(total["on_time_rate"], 66.7)
        self.assertEqual(total["satisfied_rate"], 12.5)
        self.assertIsNone(self.told("2025")["total"]["on_time_rate"])
        self.assertEqual(self.told()["months"][0]["overdue"], 1)

    def test_of_the_other_province(self):
        self.figure("2026-11-01", self.category.id, received=4)
        self.figure(
            "2026-11-01", self.category.id, company=self.other_company, received=7
        )
        theirs = self.told(company=self.other_company)
        self.assertEqual(theirs["total"]["received"], 7)
        self.assertEqual([row["received"] for row in theirs["category"]], [7])


@tagged("-at_install", "post_install")
class TestMonthlyFigures(FigureCase):
    """Which figures the leaders of agencies are told."""

    def monthly(self, company=None):
        model = self.env["civic.outbox"]
        return model._monthly_figures(company or self.company, date(2026, 10, 1))

    def test_each_agency_its_own_of_that_month(self):
        self.figure("2026-10-01", self.agency.id, "agency", received=7, on_time=3)
        self.figure("2026-10-01", self.other_agency.id, "agency", received=5)
        self.figure("2026-09-01", self.agency.id, "agency", received=90)
        self.figure("2026-10-01", 0, "agency", received=80)
        self.figure("2026-10-01", self.agency.id, "ward", received=70)
        self.figure(
            "2026-10-01",
            self.agency.id,
            "agency",
            company=self.other_company,
            received=60,
        )
        found = self.monthly()
        self.assertEqual(set(found), set(self.agency | self.other_agency))
        self.assertEqual(found[self.agency]["received"], 7)
        self.assertEqual(found[self.agency]["on_time"], 3)
        self.assertEqual(found[self.agency]["satisfied"], 0)
        self.assertEqual(found[self.agency]["month"], "10/2026")
        self.assertEqual(found[self.other_agency]["received"], 5)

    def test_agencies_that_are_no_more_are_told_nothing(self):
        self.figure("2026-10-01", self.agency.id, "agency")
        self.agency.active = False
        self.assertFalse(self.monthly())

    def test_only_where_the_procedure_says_so(self):
        self.figure("2026-10-01", self.agency.id, "agency")
        self.procedure.figures_to_leaders = False

        def rows(text):
            with self.at(text):
                self.env["civic.outbox"]._cron_figures()
            return self.env["civic.outbox"].search(
                [("notice_id.event", "=", "figures"), ("user_id", "=", self.leader.id)]
            )

        self.leader.email = "leader@example.com"
        self.assertFalse(rows("2026-11-02 08:00"))
        self.procedure.figures_to_leaders = True
        self.assertFalse(rows("2026-11-06 00:00"))
        [row] = rows("2026-11-05 23:59")
        self.assertEqual(row.company_id, self.company)
        self.assertEqual(row.facts["agency"], self.agency.id)
