"""Whatever a caller sends for a relational field: we see each record that Odoo sees."""

from contextlib import suppress

from odoo.exceptions import MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.ground.links import OddLink, linked
from ..rig.common import CivicCase

# What callers have tried, for the id 1 of a record.
SHAPES = (
    lambda id_: id_,
    lambda id_: float(id_),
    lambda id_: str(id_),
    lambda id_: f" {id_} ",
    lambda id_: True,
    lambda id_: {"id": id_},
    lambda id_: {"id": str(id_)},
    lambda id_: {"id": True},
    lambda id_: [id_],
    lambda id_: [id_, "Tên"],
    lambda id_: (id_, "Tên"),
    lambda id_: [str(id_)],
    lambda id_: [True],
    lambda id_: [{"id": id_}],
    lambda id_: [[4, id_]],
    lambda id_: [(4, id_, 0)],
    lambda id_: [[4, True]],
    lambda id_: [[4, str(id_)]],
    lambda id_: [[6, 0, [id_]]],
    lambda id_: [[6, False, [str(id_)]]],
    lambda id_: [[6, 0, [True]]],
    lambda id_: [[1, id_, {}]],
    lambda id_: [[1, str(id_), {}]],
    lambda id_: [[0, 0, {"id": id_}]],
    lambda id_: [[0, "virtual_1", {}]],
    lambda id_: False,
    lambda id_: None,
    lambda id_: [],
    lambda id_: [[5]],
)


@tagged("-at_install", "post_install")
class TestLinked(CivicCase):
    def taken_by_odoo(self, model, name, value):
        """Ids of the records that Odoo would show for it in a form."""
        self.env.invalidate_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                form = self.env[model].new({name: value})
                ids = map(str, form[name]._origin.ids)
                return {int(id_) for id_ in ids if id_.strip().isdecimal()}
        except Exception:
            return set()  # it would fail there, too

    def test_nothing_that_odoo_takes_is_overlooked(self):
        partner = self.env["res.partner"].search([], order="id", limit=1)
        seen = 0
        for kind, model, name in (
            ("many2one", "res.users", "partner_id"),
            ("many2many", "res.partner.category", "partner_ids"),
            ("one2many", "res.partner", "child_ids"),
        ):
            for number, shape in enumerate(SHAPES):
                value = shape(partner.id)
                with self.subTest(kind=kind, number=number, value=value):
                    taken = self.taken_by_odoo(model, name, value)
                    seen += bool(taken)
                    with suppress(OddLink):
                        found = linked(kind, value)
                        inner = {id_ for id_, _form in found.forms if id_}
                        self.assertLessEqual(taken, found.ids | inner)
        self.assertGreater(seen, 10, "nothing was tried")

    def test_what_forms_send_is_understood(self):
        self.assertEqual(linked("many2one", 5).ids, {5})
        self.assertEqual(linked("many2many", [[6, 0, [5, 7]], [4, 9]]).ids, {5, 7, 9})
        lines = linked(
            "one2many", [[0, "virtual_3", {"x": 1}], [1, 5, {"y": 2}], [2, 8]]
        )
        self.assertEqual(lines.ids, {5})
        self.assertEqual(lines.forms, [(0, {"x": 1}), (5, {"y": 2})])
        self.assertEqual(linked("many2one", self.reporter).ids, {self.reporter.id})
        self.assertFalse(linked("many2many", [[5], [3, 4]]).ids)


@tagged("-at_install", "post_install")
class TestForms(CivicCase):
    """Forms that are never saved, as somebody writes them who is no browser."""

    def setUp(self):
        super().setUp()
        self.own = self.walk_to("accepted")
        self.foreign = self.make_report()
        self.foreign._elevated().visibility = "secret"

    def not_found(self):
        return self.assertRaisesRegex(UserError, "Not found|does not exist")

    def forms(self, record):
        return (
            record.id,
            str(record.id),
            {"id": record.id},
            {"id": record.id, "subject": "x"},
            [record.id],
            [record.id, "x"],
            float(record.id),
        )

    def test_an_assignment_of_another_report(self):
        spec = {"report_description": {}, "subject": {}, "address": {}}
        assignment = self.own.assignment_ids.with_user(self.handler)
        for form in self.forms(self.foreign):
            with self.subTest(form=form), self.not_found():
                assignment.onchange({"report_id": form}, ["report_id"], spec)
            with self.subTest(default=form), self.not_found():
                assignment.browse().with_context(default_report_id=form).onchange(
                    {}, [], spec
                )
        # The own one is what the form of a browser sends.
        own = {"report_id": {"id": self.own.id}}
        assignment.onchange(own, ["report_id"], spec)

    def test_a_question_to_another_agency(self):
        report = self.walk_to("done")
        grant = report.with_user(self.citizen)
        grant.follow_up("Ai đã làm việc này?")
        question = report.sudo().interaction_ids
        wizard = self.env["civic.wizard.answer"].with_user(self.other_handler)
        spec = {"question": {}, "interaction_id": {"fields": {"display_name": {}}}}
        for form in self.forms(question):
            with self.subTest(form=form), self.not_found():
                wizard.onchange({"interaction_id": form}, ["interaction_id"], spec)
            with self.subTest(default=form), self.not_found():
                wizard.with_context(default_interaction_id=form).onchange({}, [], spec)

    def test_lines_of_a_form(self):
        """As deep as a form goes."""
        activity = {"res_model": "civic.report", "res_id": self.foreign.id}
        partners = self.env["res.partner"].with_user(self.other_handler)
        values = {"activity_ids": [[0, "virtual_1", activity]]}
        spec = {"activity_ids": {"fields": {"res_name": {}}}}
        with self.not_found():
            partners.onchange(values, ["activity_ids"], spec)
        values = {"parent_id": {"id": False, **values}}
        with self.not_found():
            partners.onchange(values, ["parent_id"], spec)

    def test_numbers_that_are_none(self):
        messages = self.env["mail.message"].with_user(self.other_citizen)
        spec = {"record_name": {}}
        digits = str(self.foreign.id)
        for res_id in (True, f" {digits}", "_".join(digits), float(digits)):
            values = {"model": "civic.report", "res_id": res_id}
            with self.subTest(res_id=res_id), self.not_found():
                messages.onchange(values, [], spec)

    def test_citizens_list_no_accounts(self):
        messages = self.env["mail.message"].with_user(self.citizen)
        spec = {"author_id": {"fields": {"display_name": {}}}}
        stranger = self.operator.partner_id
        for form in (stranger.id, {"id": stranger.id}):
            with self.subTest(form=form), self.not_found():
                messages.onchange({"author_id": form}, [], spec)
        own = self.citizen.partner_id
        shown = messages.onchange({"author_id": own.id}, [], spec)
        self.assertTrue(shown)


@tagged("-at_install", "post_install")
class TestBatches(CivicCase):
    """What many rows link to is asked for at once, whatever model they are of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        nobody = cls.env["res.users"]
        cls.many = [
            cls.make_agency(f"Cơ quan {n}", f"CQ{n}", nobody, nobody) for n in range(50)
        ]
        reports = cls.env["civic.report"].with_user(cls.operator)
        cls.reports = reports.create([cls.report_values() for _n in range(50)])

    def rows_of(self, model):
        """50 rows of values, as callers send them, each with links of its own."""
        rows = {
            "civic.reward": lambda agency, report: {
                **{"agency_id": agency.id, "report_id": report.id},
                **{"officer_id": self.handler.id, "merit": "Tốt."},
            },
            "civic.directive": lambda agency, report: {
                "agency_ids": [[6, 0, [agency.id, self.agency.id]]],
                "report_ids": [[4, report.id, 0]],
            },
            "civic.wizard.periodic.demand": lambda agency, _report: {
                "agency_ids": [agency.id],
                "category_ids": [[4, self.category.id]],
            },
            "civic.agency": lambda agency, _report: {
                "parent_id": agency.id,
                "handler_ids": [[6, 0, [self.handler.id, self.leader.id]]],
            },
        }[model]
        return [rows(*pair) for pair in zip(self.many, self.reports, strict=True)]

    def spent(self, records, rows):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records._check_linked(rows)
        return self.cr.sql_log_count - before

    def test_fifty_rows_cost_what_one_does(self):
        for model, user in (
            ("civic.reward", self.manager),
            ("civic.directive", self.manager),
            ("civic.wizard.periodic.demand", self.manager),
            ("civic.agency", self.administrator),
        ):
            with self.subTest(model):
                records = self.env[model].with_user(user).sudo(False)
                rows = self.rows_of(model)
                self.spent(records, rows[:1])
                one, many = self.spent(records, rows[:1]), self.spent(records, rows)
                self.assertGreater(one, 0)
                self.assertLessEqual(many, one)

    def test_one_row_that_is_not_theirs_refuses_all(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        nobody = self.env["res.users"]
        foreign = self.make_agency("Sở khác", "SK", nobody, nobody, company_id=other.id)
        self.env.flush_all()
        rewards = self.env["civic.reward"].with_user(self.manager).sudo(False)
        rows = [
            {"kind": "agency", "agency_id": agency.id, "merit": "Tốt."}
            for agency in self.many[:3]
        ]
        for odd in (foreign.id, 99999999, True, str(self.many[3].id), {"id": True}):
            self.env.invalidate_all()
            before = rewards.sudo().search_count([])
            for place in (0, 1, 3):
                batch = [*rows[:place], {**rows[0], "agency_id": odd}, *rows[place:]]
                with (
                    self.subTest(odd=odd, place=place),
                    self.assertRaisesRegex(MissingError, "Not found: Agency"),
                ):
                    rewards.create(batch)
            self.assertEqual(rewards.sudo().search_count([]), before)
        self.assertEqual(len(rewards.create(rows)), 3)

    def test_the_field_that_names_it_is_told(self):
        """Of two fields to one model, the one that is wrong."""
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        nobody = self.env["res.users"]
        foreign = self.make_agency("Sở khác", "SK", nobody, nobody, company_id=other.id)
        self.env.flush_all()
        rewards = self.env["civic.reward"].with_user(self.manager).sudo(False)
        rows = [
            {"agency_id": self.agency.id, "proposer_agency_id": self.agency.id},
            {"agency_id": self.agency.id, "proposer_agency_id": foreign.id},
        ]
        with self.assertRaisesRegex(MissingError, "Not found: Proposed By"):
            rewards._check_linked(rows)
        self.assertFalse(
            foreign.with_user(self.manager).env.cache.contains(
                foreign, foreign._fields["name"]
            ),
            "nothing of it stays in memory",
        )
