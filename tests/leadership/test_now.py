from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..rig.board import BoardCase


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
