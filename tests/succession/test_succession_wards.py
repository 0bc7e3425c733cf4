import ast
from datetime import date

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import HttpCase, tagged

from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestWardSuccession(SuccessionCase, HttpCase):
    """Wards are merged and split (L04); categories, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_english_site()
        cls.old, cls.new, cls.third = cls.env["civic.ward"].create(
            [{"name": "Phường Cũ"}, {"name": "Phường Mới"}, {"name": "Phường Thứ Ba"}]
        )
        cls.agency.ward_ids = cls.old

    def published(self, **values):
        """A report on the public page since its dispatch."""
        return self.dispatched(**values)

    def listed(self, **args):
        model = self.env["civic.site.list"]
        filters = model._read_filters_sudo(self.company, args)
        return filters, model._search_published_sudo(self.company, filters)

    def test_archiving_a_ward_in_use_says_what_to_do(self):
        with self.assertRaisesRegex(RedirectWarning, "1 agencies' area.*Successions"):
            self.old.with_user(self.administrator).active = False
        self.third.active = False

    def test_old_links_lead_to_the_new_ward(self):
        old, new = (
            self.published(ward_id=self.old.id),
            self.published(ward_id=self.new.id),
        )
        self.published(ward_id=self.third.id)
        self.end(self.old, self.new)
        filters, _page = self.listed(ward=str(self.old.id))
        self.assertEqual(filters, {"ward": str(self.new.id)})
        answer = self.url_open(f"/phan-anh?ward={self.old.id}")
        self.assertIn("Ward: Phường Mới", answer.text)
        for report in (old, new):
            self.assertIn(report.name, answer.text)
        self.assertEqual(old.ward_id, self.old)
        choices = self.env["civic.form"]._form_choices_sudo(self.company)
        self.assertNotIn(self.old.id, [row[0] for row in choices["wards"]])
        self.assertNotIn(">Phường Cũ</option>", self.url_open("/phan-anh").text)

    def test_a_split_ward(self):
        """An old link shows its own reports and those of all in its place."""
        reports = [
            self.published(ward_id=ward.id) for ward in (self.old, self.new, self.third)
        ]
        self.end(self.old, self.new, self.third)
        filters, _page = self.listed(ward=str(self.old.id))
        self.assertEqual(filters, {"ward": str(self.old.id)})
        answer = self.url_open(f"/phan-anh?ward={self.old.id}")
        self.assertIn("Ward: Phường Cũ", answer.text)
        for report in reports:
            self.assertIn(report.name, answer.text)
        self.assertEqual(set(self.agency.ward_ids.ids), {self.new.id, self.third.id})

    def test_a_closed_one_is_said(self):
        """No filter is dropped in silence, whatever it names that there was."""
        self.agency.ward_ids = False
        self.old.active = False
        self.assertEqual(
            self.listed(ward=str(self.old.id))[0], {"ward": str(self.old.id)}
        )
        self.assertEqual(self.listed(ward="999999999")[0], {})
        for odd in ("", "x", "-1", "1 OR 1"):
            self.assertEqual(self.listed(ward=odd)[0], {})

    def test_areas_and_proposals(self):
        report = self.dispatched(ward_id=self.old.id)
        self.end(self.old, self.new)
        self.assertEqual(self.agency.ward_ids, self.new)
        rated = report._suggested_agencies(report.category_id, self.old)
        self.assertIn("Phường Mới", rated[self.agency])

    def test_found_by_the_new_name(self):
        report = self.dispatched(ward_id=self.old.id)
        self.end(self.old, self.new)
        reports = self.env["civic.report"].with_user(self.operator)
        for name in ("Phường Mới", "phuong moi", "Phường Cũ"):
            with self.subTest(name):
                self.assertIn(report, reports.search([("ward_id", "ilike", name)]))

    def test_found_by_the_old_name(self):
        """Both ways: who knows the old name alone finds what came in since."""
        report = self.dispatched(ward_id=self.new.id)
        self.end(self.old, self.new)
        reports = self.env["civic.report"].with_user(self.operator)
        for name in ("Phường Cũ", "phuong cu"):
            self.assertIn(report, reports.search([("ward_id", "ilike", name)]))
        self.assertNotIn(report, reports.search([("ward_id", "ilike", "Thứ Ba")]))

    def test_kept_filters_lead_on(self):
        old, new, third = self.old.id, self.new.id, self.third.id
        all_three = f"[{old}, {new}, {third}]"
        texts = {
            f"[('ward_id', '=', {old})]": f"[('ward_id', 'in', {all_three})]",
            f"['&', ['ward_id', 'in', [{third}, {old}]], "
            "('create_date', '>', context_today())]": (
                f"['&', ['ward_id', 'in', [{third}, {old}, {new}]], "
                "('create_date', '>', context_today())]"
            ),
            f"[('ward_id', '!=', {old})]": None,
            f"[('category_id', '=', {old})]": None,
            f"[('ward_id', '=', {old}": None,
            f"[('ward_id', 'ilike', '{old}')]": None,
        }
        filters = self.env["ir.filters"].create(
            [
                {
                    "name": text,
                    "model_id": "civic.report",
                    "domain": text,
                    "user_ids": [(4, self.operator.id)],
                }
                for text in texts
            ]
        )
        foreign = filters[0].copy({"model_id": "res.partner", "name": "x"})
        report = self.dispatched(ward_id=self.new.id)
        self.end(self.old, self.new, self.third)
        for row, (text, widened) in zip(filters, texts.items(), strict=True):
            with self.subTest(text):
                self.assertEqual(row.domain, widened or text)
        self.assertEqual(foreign.domain, next(iter(texts)))
        found = ast.literal_eval(filters[0].domain)
        reports = self.env["civic.report"].with_user(self.operator)
        self.assertIn(report, reports.search(found))

    def test_reporting_again_starts_with_what_is_in_force(self):
        report = self.walk_to("done", self.make_report(ward_id=self.old.id))
        other = self.walk_to("done", self.make_report(ward_id=self.third.id))
        newest = self.third.create({"name": "Phường Mới Nhất"})
        self.end(self.old, self.new)
        self.end(self.third, self.new, newest)
        form = self.env["civic.form"]._recurrence_form_sudo
        for row, ward in ((report, str(self.new.id)), (other, "")):
            values = form(row.name, self.company, self.citizen)
            self.assertEqual(values["ward_id"], ward)
            self.assertEqual(values["category_id"], str(self.category.id))

    def test_figures_keep_the_name_and_can_be_summed(self):
        with self.at("2026-11-16 10:00"):
            self.published(ward_id=self.old.id)
            self.published(ward_id=self.new.id)
            self.end(self.old, self.new)
            self.env["civic.figure"]._refresh(self.env["civic.door"]._now())
            figures = self.env["civic.figure"]._public_figures_sudo
            rows = {
                row["label"]: row["received"] for row in figures(self.company)["ward"]
            }
            self.assertEqual((rows["Phường Cũ"], rows["Phường Mới"]), (1, 1))
            summed = figures(self.company, current=True)["ward"]
            rows = {row["label"]: row["received"] for row in summed}
            self.assertEqual(rows["Phường Mới"], 2)
            self.assertNotIn("Phường Cũ", rows)

    def test_chain_of_wards(self):
        report = self.published(ward_id=self.old.id)
        self.end(self.old, self.new)
        self.end(self.new, self.third)
        self.assertEqual(
            self.listed(ward=str(self.old.id))[0], {"ward": str(self.third.id)}
        )
        answer = self.url_open(f"/phan-anh?ward={self.third.id}")
        self.assertIn(report.name, answer.text)
        with self.assertRaisesRegex(UserError, "archived"):
            self.end(self.third, self.old)

    def test_loading_says_which_are_no_more(self):
        wizard = self.env["civic.load.wards"].with_user(self.administrator)
        self.old.code = "00001"
        done = wizard.create({"province": "46"})
        done.action_confirm()
        self.assertIn("Phường Cũ", done.no_more)
        self.assertNotIn("Thuận An", done.no_more)

    def test_planned_ward_is_offered_until_its_day(self):
        with self.at("2026-11-16 10:00"):
            self.end(self.old, self.new, date=date(2026, 12, 1))
            choices = self.env["civic.form"]._form_choices_sudo(self.company)
            self.assertIn(self.old.id, [row[0] for row in choices["wards"]])

    def test_category(self):
        old, new = self.env["civic.category"].create(
            [{"name": "Lĩnh vực cũ"}, {"name": "Lĩnh vực mới"}]
        )
        child = old.create({"name": "Mục con", "parent_id": old.id})
        self.agency.category_ids = old
        report = self.published(category_id=old.id)
        with self.assertRaisesRegex(RedirectWarning, "1 reports, 1 subcategories"):
            old.with_user(self.administrator).active = False
        sensitive = old.create({"name": "Nhạy cảm", "track": "sensitive"})
        with self.assertRaisesRegex(UserError, "another track"):
            self.end(old, sensitive)
        own = old.create({"name": "Của tỉnh", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "another province"):
            self.end(old, own)
        self.end(old, new)
        self.assertEqual(child.parent_id, new)
        self.assertEqual(self.agency.category_ids, new)
        self.assertEqual(report.category_id, old)
        self.assertIn(self.agency, report._suggested_agencies(old, self.old.browse()))
        self.assertEqual(
            self.listed(category=str(old.id))[0], {"category": str(new.id)}
        )
        answer = self.url_open(f"/phan-anh?category={old.id}")
        self.assertIn(report.name, answer.text)
