"""Whatever a caller sends for a relational field: we see each record that Odoo sees."""

from contextlib import suppress

from odoo.exceptions import UserError
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
