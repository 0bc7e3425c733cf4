"""What verbs are given: whatever remote callers send in its place."""

from odoo.exceptions import MissingError, UserError
from odoo.tests import tagged

from ...models.ground.guard import check_visible, id_of, ids_of, required_text
from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestGuard(CivicCase):
    def test_a_text_is_cleaned_and_may_not_be_missing(self):
        self.assertEqual(required_text(self.env, "  vì sao\u200b ", "x"), "vì sao")
        for odd in (None, False, True, "", " \n", "\u200b", 7, [], ["a"], {"a": 1}):
            with self.assertRaisesRegex(UserError, "Write the reason."):
                required_text(self.env, odd, "the reason")

    def test_ids_are_numbers_of_records(self):
        self.assertEqual(id_of(self.agency), self.agency.id)
        self.assertEqual(id_of(5), 5)
        for odd in (None, False, True, "5", 5.0, [5], {}, self.env["civic.agency"]):
            self.assertEqual(id_of(odd), 0, odd)

    def test_lists_hold_an_id_for_each_thing_named(self):
        both = self.agency + self.other_agency
        self.assertEqual(ids_of(both), both.ids)
        self.assertEqual(ids_of([5, self.agency, "6", True]), [5, self.agency.id, 0, 0])
        for nothing in (None, False, (), 5, True, self.env["civic.agency"]):
            self.assertEqual(ids_of(nothing), [], nothing)

    def test_what_is_not_the_callers_is_refused_as_missing(self):
        report = self.make_report()
        mine = report.with_user(self.operator)
        check_visible(mine)
        gone = mine.browse(0), mine.browse(), mine.browse(report.id + 10**6)
        for records in (*gone, mine + gone[2], report.with_user(self.handler)):
            with self.assertRaisesRegex(MissingError, "not yours to see"):
                check_visible(records)
            with self.assertRaisesRegex(MissingError, "^No such$"):
                check_visible(records, "No such")

    def test_what_may_be_seen_may_not_be_written_to(self):
        category = self.env["civic.category"].search([], limit=1)
        category = category.with_user(self.operator)
        check_visible(category)
        with self.assertRaises(MissingError):
            check_visible(category, operation="write")
