"""Two provinces become one: what is their own moves, clocks and secrecy with it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase
from ..rig.merger import MergerMixin


@tagged("-at_install", "post_install")
class TestMerger(MergerMixin, CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()

    def test_reports_keep_procedure_clock_and_history(self):
        report = self.make_other()
        report.receive()
        report.dispatch([self.agency_of_other.id], incomplete_reason="Rõ rồi.")
        part = report.sudo().assignment_ids
        before = report.sudo().read(["procedure_id", "deadline", "state", "name"])
        steps = {step: step.deadline for step in report.sudo().step_ids}
        codes = report.sudo().event_ids.mapped("code")
        self.merge()
        report = report.sudo(True)
        self.assertEqual(report.company_id, self.company)
        self.assertEqual(
            report.read(["procedure_id", "deadline", "state", "name"]), before
        )
        self.assertEqual({step: step.deadline for step in report.step_ids}, steps)
        self.assertEqual(report.event_ids.mapped("code"), ["merge", *codes])
        for records in (part, report.step_ids, report.event_ids, self.agency_of_other):
            self.assertEqual(records.company_id, self.company)
        # Work goes on, under the procedure that it came in under.
        part.with_user(self.handler_of_other).accept()
        part.with_user(self.handler_of_other).submit("Đã xong.")
        part.with_user(self.leader_of_other).approve()
        report.with_user(self.operator).publish()
        self.assertEqual(report.procedure_id, self.other_procedure)

    def test_nothing_of_this_module_is_left_behind(self):
        self.make_other()
        merger = self.merge()
        left = {model: merger.sudo()._count(model) for model in merger.sudo()._owned()}
        self.assertFalse({model: count for model, count in left.items() if count})

    def test_looking_moves_nothing(self):
        report = self.make_other()
        merger = self.make_merger()
        merger.action_look()
        self.assertEqual(report.sudo().company_id, self.other)
        numbers = {line.name: line.number for line in merger.line_ids}
        self.assertEqual(numbers["Report"], 1)
        self.assertEqual(numbers["Agency"], 1)

    def test_codes_of_both_are_found(self):
        self.make_report()
        theirs = self.make_other()
        mine = self.env["civic.report"].search(
            [("name", "=", theirs.name), ("company_id", "=", self.company.id)]
        )
        if not mine:
            mine = self.make_report()
            mine._elevated().name = theirs.name
        code = theirs.name
        merger = self.make_merger()
        merger.action_look()
        words = merger.line_ids.filtered("is_note").mapped("name")
        self.assertIn("Reports that get another code, and are found by both", words)
        merger.action_merge()
        theirs = theirs.sudo(True)
        self.assertNotEqual(theirs.name, code)
        self.assertEqual(mine.name, code)
        found = (
            self.env["civic.report"]
            .with_user(self.operator)
            .search([("quick_search", "ilike", code)])
        )
        self.assertEqual(found, mine.with_user(self.operator) | theirs)
        self.assertEqual(
            self.env["civic.site.list"]._find_by_code_sudo(code, self.company), mine
        )
        former = self.company.with_context(civic_former_company=self.other.id)
        self.assertEqual(
            self.env["civic.site.list"]._find_by_code_sudo(code, former), theirs
        )

    def test_who_sees_what(self):
        theirs, secret = self.make_other(), self.make_other()
        theirs.receive()
        theirs.dispatch([self.agency_of_other.id], incomplete_reason="Rõ rồi.")
        secret.sudo()._elevated().visibility = "secret"
        mine = self.walk_to("processing")
        self.merge()
        reports = self.env["civic.report"]
        everything = mine | theirs | secret
        for user, seen in (
            # A secret one stays with who had it in hand.
            (self.operator, mine | theirs),
            (self.operator_of_other, mine | theirs),
            (self.handler, mine),
            (self.handler_of_other, theirs),
        ):
            with self.subTest(user.login):
                own = reports.with_user(user).with_company(self.company)
                found = own.with_context(allowed_company_ids=self.company.ids).search(
                    [("id", "in", everything.ids)]
                )
                self.assertEqual(set(found.ids), set(seen.ids))

    def test_one_citizen_in_both(self):
        theirs = self.env["civic.reporter"].create(
            {
                "name": "Người phản ánh",
                "phone": "0912345678",
                "user_id": self.citizen.id,
                "company_id": self.other.id,
            }
        )
        report = self.make_other(reporter_id=theirs.id)
        self.merge()
        self.assertEqual(report.sudo().reporter_id, self.reporter)
        self.assertFalse(theirs.exists())

    def test_wards_of_both(self):
        wards = self.env["civic.ward"]
        same = wards.create({"name": "Phường Một", "code": "7"})
        other = wards.create(
            {"name": "Phường Hai", "code": "8", "company_id": self.other.id}
        )
        wards.create({"name": "Phường Ba", "code": "8"})
        report = self.make_other()
        self.merge()
        self.assertEqual(report.sudo().ward_id, same)
        self.assertFalse(self.ward_of_other.exists())
        self.assertEqual(other.company_id, self.company)
        self.assertEqual(other.code, f"8/{self.other.id}")

    def test_figures_are_counted_together(self):
        self.make_report()
        self.make_other()
        self.env["civic.figure"]._cron_refresh()
        self.merge()
        self.env["civic.figure"]._cron_refresh()
        figures = self.env["civic.figure"].search([("dimension", "=", "category")])
        self.assertEqual(figures.company_id, self.company)
        self.assertEqual(sum(figures.mapped("received")), 2)

    def test_nobody_is_told(self):
        self.make_other()
        before = self.env["civic.outbox"].search_count([])
        self.merge()
        self.assertEqual(self.env["civic.outbox"].search_count([]), before)

    def test_agencies_keep_their_hours(self):
        calendar = self.other._civic_calendar()
        self.merge()
        self.assertEqual(self.agency_of_other.calendar_id, calendar)

    def test_nothing_more_comes_in_there(self):
        self.merge()
        with self.assertRaises(UserError):
            self.other._civic_procedure()

    def test_again_moves_what_came_meanwhile(self):
        merger = self.merge()
        self.other.civic_procedure_id = self.other_procedure
        self.operator_of_other.company_ids |= self.other
        late = self.make_other(reporter_id=False, ward_id=False, category_id=False)
        merger.action_merge()
        self.assertEqual(late.sudo().company_id, self.company)

    def test_only_an_administrator_of_both(self):
        merger = self.make_merger()
        merger.action_look()
        self.administrator.company_ids = self.company
        with self.assertRaises(AccessError):
            merger.action_merge()
        with self.assertRaises(AccessError):
            merger.with_user(self.manager).action_merge()
        with self.assertRaises(AccessError):
            merger.with_user(self.manager).read(["state"])

    def test_not_before_looking_and_not_with_itself(self):
        merger = self.make_merger()
        with self.assertRaises(UserError):
            merger.action_merge()


@tagged("-at_install", "post_install")
class TestLeadingOn(MergerMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_province()
        cls.set_up_neighbour()
        cls.set_up_english_site()

    def test_published_links_lead_on(self):
        mine = self.walk_to("processing", self.make_report(subject="Cây đổ"))
        theirs = self.make_other(subject="Đèn hỏng")
        theirs.receive()
        theirs.dispatch([self.agency_of_other.id], incomplete_reason="Rõ rồi.")
        theirs.sudo()._elevated().name = mine.name
        self.env.flush_all()
        old_path = theirs.sudo()._website_path()
        own_path = mine._website_path()
        site = self.env["website"].create(
            {"name": "Trang cũ", "company_id": self.other.id, "civic_reports": True}
        )
        self.merge()
        new_path = theirs.sudo()._website_path()
        self.assertNotEqual(old_path, new_path)
        self.assert_leads(old_path, new_path)
        self.assertEqual(
            self.url_open(own_path, allow_redirects=False).status_code, 200
        )
        # The bare code means each site's own.
        bare = f"/phan-anh/{mine.name.lower()}"
        self.assert_leads(bare, own_path)
        self.authenticate(None, None, session_extra={"force_website_id": site.id})
        self.assert_leads(bare, new_path)
        self.assertEqual(
            self.url_open(own_path, allow_redirects=False).status_code, 200
        )

    def assert_leads(self, path, target):
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 301)
        self.assertTrue(answer.headers["Location"].endswith(target))
