from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..rig.board import BoardCase
from ..rig.common import local


@tagged("-at_install", "post_install")
class TestNow(BoardCase):
    """Open work, counted each minute."""

    def test_tiles_count_what_their_lists_hold(self):
        self.late_report()
        self.make_report(track="emergency")
        self.walk_to("processing")
        self.walk_to("submitted")
        self.walk_to("done")
        self.count_now()
        for kind, user in (
            ("province", self.province_leader),
            ("unit", self.leader),
        ):
            page = self.page(kind, user)
            for tile in page["tiles"]:
                with self.subTest(kind=kind, tile=tile["key"]):
                    found = self.listed(tile["key"], kind, user)
                    self.assertEqual(len(found), tile["value"])
        self.assertEqual(self.tile("agency_overdue"), 1)
        self.assertEqual(self.tile("emergency"), 1)
        self.assertEqual(self.tile("received_today"), 5)
        self.assertEqual(self.tile("done_today"), 1)
        self.assertEqual(self.tile("agency_submitted", "unit", self.leader), 1)
        self.assertEqual(self.tile("agency_pending", "unit", self.leader), 1)

    def test_who_holds_what_and_since_when(self):
        report = self.late_report()
        self.count_now()
        [matter] = self.page()["matters"]["stuck"]
        self.assertEqual(matter["code"], report.name)
        self.assertEqual(matter["agency"], self.agency.name)
        self.assertEqual(matter["holder"], self.handler.name)
        self.assertTrue(matter["since"].endswith("Z"))
        [row] = self.page("unit", self.leader)["people"]
        self.assertEqual((row["id"], row["overdue"]), (self.handler.id, 1))
        since = self.page()["tiles"][1]["since"]
        self.assertEqual(since, matter["since"])

    def test_nothing_of_what_anybody_wrote_is_kept(self):
        self.late_report(subject="Việc chỉ riêng tôi biết")
        self.count_now()
        kept = str(self.now.search([]).mapped("matters"))
        self.assertNotIn("riêng tôi", kept)

    def test_secret_ones_are_counted_and_not_listed(self):
        report = self.late_report()
        report.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        self.count_now()
        self.assertEqual(self.tile("agency_overdue"), 1)
        self.assertFalse(self.page()["matters"]["stuck"])
        self.assertNotIn(report.name, str(self.now.search([]).mapped("matters")))

    def test_what_waits_for_the_province(self):
        report = self.walk_to("received")
        report._elevated().write({"state": "designating"})
        self.count_now()
        self.assertEqual(self.tile("designating"), 1)
        [matter] = self.page()["matters"]["waiting"]
        self.assertEqual(matter["code"], report.name)

    def tile_row(self, key, kind="province", user=None):
        tiles = {row["key"]: row for row in self.page(kind, user)["tiles"]}
        return tiles[key]

    def assertSince(self, key, text, kind="province"):
        """Since when the oldest of a figure waits, in local time."""
        wanted = text and f"{local(text).isoformat()}Z"
        self.assertEqual(self.tile_row(key, kind)["since"], wanted)

    def waiting(self, moment, asked):
        """A report that came in at a moment, and was put to the province at another."""
        with self.at(moment):
            report = self.walk_to("received")
        with self.at(asked):
            report.ask_designation("Chưa rõ thẩm quyền.")
        return report

    def test_since_when_the_oldest_emergency_is_in_hand(self):
        with self.at("2026-11-16 08:00"):
            old = self.make_report(track="emergency")
            self.make_report()
        with self.at("2026-11-16 09:00"):
            self.make_report(track="emergency")
            self.count_now()
            self.assertEqual(self.tile("emergency"), 2)
            for kind in ("province", "wall"):
                self.assertSince("emergency", "2026-11-16 08:00", kind)
            old._elevated().write({"state": "cancelled"})
            # Kept until the next pass.
            self.assertSince("emergency", "2026-11-16 08:00")
            self.count_now()
            self.assertEqual(self.tile("emergency"), 1)
            self.assertSince("emergency", "2026-11-16 09:00")

    def test_since_when_the_province_is_asked(self):
        """Not since it came in: that was for the Centre to handle."""
        first = self.waiting("2026-11-16 08:00", "2026-11-16 10:00")
        self.waiting("2026-11-16 07:45", "2026-11-16 11:00")
        with self.at("2026-11-16 14:00"):
            self.count_now()
            self.assertEqual(self.tile("designating"), 2)
            for kind in ("province", "wall"):
                self.assertSince("designating", "2026-11-16 10:00", kind)
            first._elevated().write({"state": "cancelled"})
            self.count_now()
            self.assertSince("designating", "2026-11-16 11:00")

    def test_nothing_waits_since_never(self):
        self.count_now()
        for key in ("emergency", "designating", "agency_overdue", "directives"):
            row = self.tile_row(key)
            self.assertEqual((row["value"], row["is_bad"]), (0, False))
            self.assertFalse(row["since"] or row["due"])

    def test_the_wall_tells_no_hour_of_a_secret_matter(self):
        with self.at("2026-11-16 08:00"):
            secret = self.make_report(track="emergency")
        secret |= self.waiting("2026-11-16 08:00", "2026-11-16 08:30")
        secret._elevated().write({"visibility": "secret"})
        with self.at("2026-11-16 12:00"):
            self.count_now()
            self.assertEqual(self.tile("emergency", "wall"), 1)
            self.assertEqual(self.tile("designating", "wall"), 1)
            self.assertSince("emergency", None, "wall")
            self.assertSince("designating", None, "wall")
            self.assertSince("emergency", "2026-11-16 08:00")
            self.assertSince("designating", "2026-11-16 08:30")
        with self.at("2026-11-16 12:30"):
            self.make_report(track="emergency")
            self.count_now()
            self.assertSince("emergency", "2026-11-16 12:30", "wall")
            self.assertSince("emergency", "2026-11-16 08:00")

    def directed(self, number, due):
        """A directive that the agency has not answered."""
        directive = self.env["civic.directive"].create(
            {"subject": "Chấn chỉnh", "agency_ids": [Command.set(self.agency.ids)]}
        )
        values = {"number": number, "due_at": due and local(due)}
        directive._elevated().write({"state": "issued", **values})

    def assertDue(self, key, value, due, is_bad):
        """What the unit's screen says of what it owes by a day, and the other ones of
        what they show."""
        for kind, user in (("unit", self.leader), ("province", None), ("wall", None)):
            if kind != "unit" and key != "directives":
                continue
            with self.subTest(kind):
                row = self.tile_row(key, kind, user)
                wanted = due and f"{local(due).isoformat()}Z"
                self.assertEqual((row["value"], row["is_bad"]), (value, is_bad))
                self.assertEqual((row["due"], row["since"]), (wanted, None))

    def test_a_directive_alarms_once_its_day_is_past(self):
        with self.at("2026-11-16 09:00"):
            self.directed("1/CT", None)
            self.count_now()
            self.assertDue("directives", 1, None, False)
            self.directed("2/CT", "2026-11-20 17:00")
            self.directed("3/CT", "2026-11-18 17:00")
            self.count_now()
            self.assertDue("directives", 3, "2026-11-18 17:00", False)
        # At the second itself it is in time; nobody has counted since.
        with self.at("2026-11-18 17:00:00"):
            self.assertDue("directives", 3, "2026-11-18 17:00", False)
        with self.at("2026-11-18 17:00:01"):
            self.assertDue("directives", 3, "2026-11-18 17:00", True)

    def test_an_explanation_alarms_once_its_day_is_past(self):
        values = {
            **{"agency_id": self.agency.id, "company_id": self.company.id},
            **{"period_from": "2026-10-15", "period_to": "2026-11-14"},
            "due_at": local("2026-11-18 17:00"),
        }
        self.env["civic.explanation"]._elevated().create(values)
        with self.at("2026-11-17 09:00"):
            self.count_now()
            self.assertDue("explanations", 1, "2026-11-18 17:00", False)
        with self.at("2026-11-19 09:00"):
            self.assertDue("explanations", 1, "2026-11-18 17:00", True)

    def test_screens_are_told_of_changes_alone(self):
        self.walk_to("processing")
        self.assertIn(self.company, self.count_now())
        self.assertFalse(self.count_now(), "nothing has happened")
        self.make_report()
        self.assertIn(self.company, self.count_now())
        sent = []
        bus = type(self.env["bus.bus"])
        with patch.object(bus, "_sendone", lambda _s, *args: sent.append(args)):
            self.make_report()
            self.now._cron_count()
        self.assertEqual(
            sent, [((self.company, "civic_board"), "civic_report.board", {})]
        )

    def test_agencies_with_nothing_to_count_have_no_row(self):
        own = [("agency_id", "=", self.agency.id)]
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("submitted")
            self.count_now()
            self.assertEqual(self.tile("agency_submitted", "unit", self.leader), 1)
            report.assignment_ids.with_user(self.leader).approve()
            self.assertIn(self.company, self.count_now())
            self.assertEqual(self.tile("agency_submitted", "unit", self.leader), 0)
            self.assertEqual(self.tile("parts_done_today", "unit", self.leader), 1)
        with self.at("2026-11-17 09:00"):
            self.assertIn(self.company, self.count_now())
            self.assertFalse(self.now.search(own))

    def test_two_passes_in_one_second(self):
        own = [("agency_id", "=", self.agency.id)]
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-17 09:00"):
            self.count_now()
            self.assertTrue(self.now.search(own))
            report.assignment_ids._elevated().write({"state": "dropped"})
            self.assertIn(self.company, self.count_now())
            self.assertFalse(self.now.search(own))

    def test_today_of_a_unit(self):
        with self.at("2026-11-16 09:00"):
            earlier = self.walk_to("submitted")
            self.walk_to("processing")
        with self.at("2026-11-17 09:00"):
            self.walk_to("processing")
            earlier.assignment_ids.with_user(self.leader).approve()
            self.count_now()
            for figure in ("parts_given_today", "parts_done_today"):
                with self.subTest(figure):
                    self.assertEqual(self.tile(figure, "unit", self.leader), 1)
                    listed = self.listed(figure, "unit", self.leader)
                    self.assertEqual(len(listed), 1)
            other = self.listed("parts_given_today", "unit", self.other_leader)
            self.assertFalse(other)

    def test_today_of_a_unit_is_what_it_can_open(self):
        """What it gave back today is out of its sight: neither counted nor listed."""
        with self.at("2026-11-17 09:00"):
            for _number in range(2):
                part = self.walk_to("accepted").assignment_ids
            part.with_user(self.handler).return_wrong("Không thuộc thẩm quyền.")
            self.count_now()
            self.assertEqual(self.tile("parts_given_today", "unit", self.leader), 1)
            listed = self.listed("parts_given_today", "unit", self.leader)
            self.assertEqual(len(listed), 1)

    def test_a_pass_costs_the_same_for_many(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.now._count_now(self.env["civic.door"]._now())
            return self.cr.sql_log_count - before

        self.late_report()
        self.count_now()
        one = cost()
        for _number in range(8):
            self.late_report()
        self.assertLessEqual(cost(), one)
        self.assertLessEqual(one, 16)

    def test_no_row_is_written_by_hand(self):
        self.walk_to("processing")
        self.count_now()
        row = self.now.search([], limit=1)
        for user in (self.operator, self.leader, self.province_leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).counts = {}

    def test_the_day_is_the_province_s_own(self):
        with self.at("2026-11-16 23:30"):
            self.make_report()
            self.count_now()
            self.assertEqual(self.tile("received_today"), 1)
        with self.at("2026-11-17 00:10"):
            self.count_now()
            self.assertEqual(self.tile("received_today"), 0)

    def test_old_counts_say_so(self):
        self.make_report()
        self.count_now()
        self.assertFalse(self.page()["is_stale"])
        self.now.search([])
        old = self.env["civic.door"]._now() - timedelta(minutes=6)
        self.cr.execute("UPDATE civic_now SET counted_at = %s", [old])
        self.env.invalidate_all()
        self.assertTrue(self.page()["is_stale"])
