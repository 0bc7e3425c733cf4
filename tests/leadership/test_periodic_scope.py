"""A report on demand is on what was asked for: nothing else stands in it, nobody else
explains for it, and nothing that was asked for is missing."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.counted import PeriodicCase
from ..rig.facts import FactsCase
from ..rig.fortnight import FORTNIGHT

DAYS = ("2026-10-15", "2026-11-14")


@tagged("-at_install", "post_install")
class TestNarrowed(FactsCase):
    province = "st"

    def setUp(self):
        super().setUp()
        self.history(FORTNIGHT)
        clock = self.at("2026-11-20 08:00")
        clock.start()
        self.addCleanup(clock.stop)

    def demand(self, code="demand", **filters):
        kind = self.procedure.periodic_kind_ids.filtered(lambda row: row.code == code)
        reports = self.env["civic.periodic.report"].with_user(self.manager)
        reports = reports.with_company(self.company)
        number = reports.open_demand(kind[:1].id, *DAYS, filters or None)
        return reports.browse(number).sudo()

    def keys_in(self, report, dimension):
        lines = report.line_ids.filtered(lambda line: line.dimension == dimension)
        return lines.mapped("label")

    def test_what_waits_for_the_province_of_one_agency(self):
        self.history("11-13 08:00 | taken operator: escalate")
        name = self.reports["taken"].name
        of_a = self.demand(agency=self.ids("A"))
        of_b = self.demand(agency=self.ids("B"))
        for report in (of_a, of_b):
            report.sudo(False).draft()
        self.assertEqual(self.keys_in(of_a, "stuck"), [name])
        self.assertEqual(self.keys_in(of_b, "stuck"), [])
        whole = of_b.line_ids.filtered(lambda line: line.dimension == "whole")
        self.assertEqual(whole.figures["stuck"], 0)

    def test_agencies_explain_what_the_report_is_on(self):
        kinds = self.procedure.periodic_kind_ids
        kinds.filtered(lambda row: row.code == "demand").wants_explanations = True
        b = self.agencies["B"]
        explanations = self.env["civic.explanation"]

        def asked_for(keys):
            report = self.demand(agency=self.ids(keys))
            found = explanations.search([("periodic_report_id", "=", report.id)])
            return found.agency_id

        asked = {keys: asked_for(keys) for keys in ("A", "B", "AB")}
        none = b.browse()
        self.assertEqual(asked, {"A": none, "B": b, "AB": b})

    def test_it_is_narrowed_before_it_is_cut(self):
        """The list has room for one: the Centre's own delay, which is worse."""
        facts = self.registry["civic.facts"]
        found = facts._late_matters

        def one(model, *arguments, **options):
            return found(model, *arguments, **{**options, "limit": 1})

        with patch.object(facts, "_late_matters", one):
            part = (
                self.reports["back"]
                .sudo()
                .assignment_ids.filtered(
                    lambda row: row.agency_id == self.agencies["B"]
                )
            )
            reports = self.env["civic.periodic.report"].with_user(self.manager)
            report = reports.with_company(self.company)._open_slow(part)
        self.assertEqual(self.keys_in(report, "late"), [self.reports["back"].name])


@tagged("-at_install", "post_install")
class TestWhatIsDemanded(PeriodicCase):
    def test_what_opens_by_itself_is_not_demanded(self):
        """A yearly evaluation of three days would be one among those of years."""
        kinds = self.procedure.periodic_kind_ids
        for kind in kinds.filtered(lambda row: row.code not in ("demand", "rules")):
            with self.subTest(kind.name), self.assertRaises(UserError):
                self.reports().open_demand(kind.id, *DAYS)

    def test_on_rules_alone(self):
        """Also on demand, within what was asked for, and of categories that are used no
        more (ST Điều 24.2)."""
        kind = self.env["civic.periodic.kind"].create(
            {
                "procedure_id": self.procedure.id,
                "name": "Quy định hành chính",
                "code": "rules",
                "period_kind": "demand",
                "issuer": "office",
                "since": date(2026, 1, 1),
            }
        )
        model = self.env["civic.category"]
        model.search([]).on_rules = False
        rules, older = model.create(
            [{"name": name, "on_rules": True} for name in ("Thủ tục", "Thủ tục cũ")]
        )
        older.active = False
        for asked, narrowed in (
            (None, {rules.id, older.id}),
            ({"category": [rules.id]}, {rules.id}),
            ({"category": [self.category.id]}, {0}),
            ({"agency": [self.agency.id]}, {rules.id, older.id}),
        ):
            with self.subTest(asked=asked):
                number = self.reports().open_demand(kind.id, *DAYS, asked)
                report = self.reports().browse(number)
                self.assertEqual(set(report.filters["category"]), narrowed)
                self.assertIn("Quy định hành chính", report.scope)
                if asked and "agency" in asked:
                    self.assertEqual(report.filters["agency"], [self.agency.id])
                    self.assertIn(self.agency.name, report.scope)
