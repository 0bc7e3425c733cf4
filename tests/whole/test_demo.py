import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ...demo import pictures

DEMO = Path(__file__).parents[2] / "demo"
ROLES = (
    "operator",
    "centre_manager",
    "administrator",
    "handler",
    "leader",
    "coordinator",
    "province_leader",
    "wall",
)


@tagged("-at_install", "post_install")
class TestDemo(TransactionCase):
    """The demo province, loaded whichever day the tests run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["civic.demo"]._load() or cls.env["civic.report"].search(
            []
        )

    def user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def test_reports_in_every_state(self):
        counts = Counter(self.reports.mapped("state"))
        self.assertEqual(
            counts,
            {
                "new": 6,
                "supplementing": 2,
                "received": 4,
                "consulting": 1,
                "designating": 1,
                "processing": 20,
                "resolved": 4,
                "concurring": 1,
                "done": 21,
                "refused": 7,
                "cancelled": 3,
            },
        )
        self.assertEqual(
            Counter(self.reports.assignment_ids.mapped("state")),
            {
                "pending": 4,
                "accepted": 4,
                "processing": 10,
                "submitted": 4,
                "approved": 27,
                "returned": 2,
            },
        )
        self.assertEqual(
            Counter(self.reports.mapped("visibility")),
            {"public": 61, "private": 2, "sensitive": 6, "secret": 1},
        )
        self.assertEqual(Counter(self.reports.mapped("track"))["emergency"], 3)

    def test_periodic_reports(self):
        """One issued under a number, one that waits for approval."""
        reports = self.env["civic.periodic.report"].search([("form", "=", "whole")])
        self.assertEqual(Counter(reports.mapped("state")), {"issued": 1, "drafted": 1})
        issued = reports.filtered(lambda row: row.state == "issued")
        self.assertEqual(issued.number, "01/BC-TT")
        self.assertNotEqual(issued.approved_by_id, issued.drafted_by_id)
        self.assertTrue(reports.line_ids)

    def test_late_sent_back_and_rated(self):
        overdue = self.reports.filtered("is_overdue")
        self.assertLessEqual(
            {"intake", "accept", "process", "approve", "publish"},
            set(overdue.mapped("clock_code")),
        )
        self.assertLess(len(overdue), 15, "most are on time")
        late = self.reports.step_ids.filtered("is_late")
        self.assertIn("process", late.mapped("code"))
        self.assertEqual(
            len(self.reports.assignment_ids.filtered("send_back_count")), 4
        )
        self.assertEqual(len(self.reports.rating_level_id), 3, "every level was given")

    def test_people_join_in(self):
        support = self.env["civic.support"]
        self.assertGreater(sum(self.reports.mapped("support_count")), 50)
        citizen = self.user("citizen1")
        self.assertEqual(len(support._followed_sudo(citizen)), 3)
        again = self.reports.filtered("recurrence_of_id")
        self.assertEqual(len(again), 1)
        self.assertEqual(again.recurrence_of_id.recurrence_count, 1)
        page = again.recurrence_of_id._public_file_values()
        self.assertTrue(page["before"] and page["evidence"], "before and after")

    def test_follow_ups_penalty_and_duplicate(self):
        follow_ups = self.env["civic.interaction"].search([])
        self.assertEqual(sorted(follow_ups.mapped("state")), ["answered", "open"])
        penalty = self.reports.assignment_ids.filtered("penalty_procedure")
        self.assertEqual(len(penalty), 1)
        self.assertFalse(penalty.deadline)
        self.assertEqual(len(self.reports.duplicate_of_id), 1)

    def test_conduct(self):
        """A sender locked by hand, an appeal to decide, harassing calls."""
        lock = self.env["civic.lock"].search([])
        self.assertEqual(len(lock), 1)
        self.assertEqual(lock.locked_by_id, self.user("manager"))
        self.assertIn("Luật An ninh mạng", lock.source)
        self.assertTrue(lock.reporter_id.is_locked)
        appealed = self.env["civic.violation"].search([("state", "=", "appealed")])
        self.assertEqual(len(appealed), 1)
        self.assertIn("lift", appealed.with_user(self.user("manager")).allowed_verbs)
        calls = self.env["civic.call"].search([])
        self.assertEqual(
            Counter(calls.mapped("state")),
            {"logged": 3, "verified": 1, "passed": 1, "closed": 1},
        )
        self.assertEqual(max(calls.mapped("harassing_count")), 2)
        self.assertEqual(len(set(calls.event_ids.mapped("at"))), 8)

    def test_coordinator_has_work(self):
        reports = self.env["civic.report"].with_user(self.user("coordinator"))
        self.assertLessEqual(
            {"consulting", "concurring"}, set(reports.search([]).mapped("state"))
        )

    def test_dated_back(self):
        now = fields.Datetime.now()
        dates = self.reports.mapped("received_at")
        self.assertGreater(now - min(dates), timedelta(days=38))
        self.assertLess(now - max(dates), timedelta(hours=1))
        events = self.reports.event_ids
        self.assertLessEqual(max(events.mapped("at")), now)
        self.assertFalse(events.filtered(lambda event: event.at.microsecond))
        codes = self.reports.sorted(lambda report: (report.received_at, report.id))
        by_year = [code for code in codes.mapped("name") if code[3:5] == f"{now:%y}"]
        self.assertEqual(by_year, sorted(by_year), "numbered as they came in")
        for report in self.reports:
            moments = report.event_ids.sorted("id").mapped("at")
            self.assertEqual(moments, sorted(moments), report.name)

    def test_personal_data(self):
        """A disclosure in each state, open requests, a complaint passed on."""
        disclosures = self.reports.disclosure_ids
        states = dict(disclosures._fields["state"].selection)
        self.assertEqual(sorted(disclosures.mapped("state")), sorted(states))
        self.assertEqual(len(disclosures.filtered("is_in_force")), 1)
        requests = self.env["civic.data.request"].search([])
        self.assertEqual(set(requests.mapped("kind")), {"correction", "deletion"})
        self.assertEqual(self.reports.diversion_ids.mapped("state"), ["prepared"])

    def test_everybody_has_a_login(self):
        for line in (DEMO / "logins.tsv").read_text("utf-8").splitlines()[1:]:
            role, login, password = line.split("\t")[:3]
            user = self.user(login)
            self.assertEqual(len(user), 1, login)
            if login != "admin":
                self.assertEqual(user.name, role)
            user.with_user(user)._check_credentials(
                {"type": "password", "password": password}, {"interactive": True}
            )
        for role in ROLES:
            members = self.env.ref(f"civic_report.group_{role}").user_ids
            self.assertTrue(members, role)
        self.assertTrue(self.user("citizen1").has_group("base.group_portal"))

    def test_agencies_and_categories(self):
        agencies = self.env["civic.agency"].search([])
        self.assertTrue(all(agencies.mapped("focal_handler_id")))
        self.assertTrue(all(agencies.mapped("focal_leader_id")))
        roads = self.env.ref("civic_report.category_roads")
        self.assertIn("Sở Xây dựng", roads.agency_ids.mapped("name"))

    def test_agencies_see_no_identity(self):
        handler = self.user("handler1")
        reports = self.env["civic.report"].with_user(handler).search([])
        self.assertTrue(reports)
        with self.assertRaises(AccessError):
            reports[0].read(["reporter_id"])
        with self.assertRaises(AccessError):
            self.env["civic.reporter"].with_user(handler).search([])
        names = self.reports.reporter_id.mapped("name")
        assignments = self.env["civic.assignment"].with_user(handler).search([])
        seen = json.dumps(reports.read() + assignments.read(), default=str)
        for name in names:
            self.assertNotIn(name, seen)

    def test_citizens_find_their_own(self):
        citizen = self.user("citizen1")
        own, _older = self.env["civic.site.list"]._search_own_sudo(citizen)
        self.assertGreaterEqual(len(own), 4)
        self.assertEqual(own.reporter_id.user_id, citizen)

    def test_twice_changes_nothing(self):
        before = self.env["civic.report"].search_count([])
        self.assertFalse(self.env["civic.demo"]._load())
        self.assertEqual(self.env["civic.report"].search_count([]), before)

    def test_pictures(self):
        cases = json.loads((DEMO / "reports.json").read_text("utf-8"))
        scenes = {case["scene"] for case in cases}
        self.assertGreaterEqual(len(scenes), 12)
        for scene in scenes:
            before, after = pictures.draw(scene), pictures.draw(scene, after=True)
            image = Image.open(BytesIO(before))
            self.assertEqual((image.format, image.size), ("JPEG", (480, 360)))
            self.assertLess(len(before) + len(after), 40_000)
            if scene not in ("blur", "document"):
                self.assertNotEqual(before, after, scene)


@tagged("-at_install", "post_install")
class TestTermsOfTheDemo(TransactionCase):
    def test_before_anything_is_drawn_up(self):
        """Odoo loads what is shipped in other languages after the demo: an issued
        document would keep the English names for good."""
        self.env["res.lang"]._activate_lang("vi_VN")
        categories = self.env["civic.category"].search([])
        self.env.flush_all()
        self.env.cr.execute("UPDATE civic_category SET name = name - 'vi_VN'")
        self.env.invalidate_all()
        demo = self.env["civic.demo"]
        begun = patch.object(type(demo), "_set_up_company", side_effect=StopIteration)
        # What has been loaded by then stays: no savepoint is undone.
        with begun, suppress(StopIteration):
            demo._load()
        names = categories.with_context(lang="vi_VN").mapped("name")
        self.assertIn("Đường sá và vỉa hè", names)
