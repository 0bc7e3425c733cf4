"""What stands in both provinces once, and what has come through two mergers."""

from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.tests import tagged

from ...tools import verify
from ..rig.common import CivicCase, local
from ..rig.ledger import Connection, SealCase
from ..rig.merger import MergerMixin


@tagged("-at_install", "post_install")
class TestStandingTwice(MergerMixin, CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()
        cls.theirs = cls.env["civic.reporter"].create(
            {
                "name": "Người phản ánh",
                "phone": "0912345678",
                "user_id": cls.citizen.id,
                "company_id": cls.other.id,
            }
        )

    def lock(self, reporter, days, what="account"):
        now = Datetime.now()
        locks = self.env["civic.lock"].with_env(
            self.env["civic.report"]._elevated().env
        )
        return locks.create(
            {
                "reporter_id": reporter.id,
                "company_id": reporter.company_id.id,
                "what": what,
                "since": now - timedelta(days=40),
                "until": now + timedelta(days=days),
                "reason": "Gửi sai sự thật.",
            }
        )

    def looked_at(self):
        merger = self.make_merger()
        merger.action_look()
        return {line.name: line.number for line in merger.line_ids}

    def test_locked_in_both(self):
        mine, theirs = self.lock(self.reporter, 10), self.lock(self.theirs, 20)
        over = self.lock(self.reporter, -5, "follow_up")
        still = self.lock(self.theirs, 5, "follow_up")
        only = self.lock(self.reporter_of_other, 5)
        noted = self.looked_at()
        words = "Locks of citizens who are locked in both: the longer one goes on"
        self.assertEqual(noted[words], 2)
        self.merge()
        self.assertTrue(mine.ended_at)
        self.assertLessEqual(mine.ended_at, Datetime.now())
        self.assertIn(self.other.name, mine.end_reason)
        self.assertEqual(over.ended_at, over.until)
        self.assertFalse(theirs.ended_at)
        self.assertFalse(still.ended_at)
        self.assertFalse(only.ended_at)
        self.assertEqual((theirs | still).reporter_id, self.reporter)

    def test_the_same_asked_of_both(self):
        requests = self.env["civic.data.request"]
        for reporter, details in (
            (self.theirs, {"message": "Sửa số điện thoại.", "phone": "0912000111"}),
            (self.reporter, {"message": "Sửa tên.", "name": "Tên mới"}),
        ):
            reporter._ask_about_data("correction", details)
        self.theirs._ask_about_data("copy", {})
        earlier, later, other = requests.search([], order="id")
        self.env.cr.execute(
            "UPDATE civic_data_request SET received_at = received_at - interval '1 day'"
            " WHERE id = %s",
            [earlier.id],
        )
        self.env.invalidate_all()
        words = "Requests about data that were made in both: the earlier one goes on"
        self.assertEqual(self.looked_at()[words], 1)
        self.merge()
        self.assertEqual(earlier.state, "new")
        self.assertEqual(other.state, "new")
        self.assertEqual((earlier | other).reporter_id, self.reporter)
        self.assertEqual(later.state, "joined")
        self.assertTrue(later.ended_at)
        self.assertIn(str(earlier.id), later.answer)
        self.assertFalse(later.has_details)
        details = earlier._details()
        self.assertEqual(details["name"], "Tên mới")
        self.assertEqual(details["phone"], "+84912000111")
        self.assertIn("Sửa số điện thoại.", details["message"])
        self.assertIn("Sửa tên.", details["message"])
        self.assertIn("join", later.event_ids.mapped("code"))

    def test_a_hold_of_either_stays(self):
        now = Datetime.now()
        self.theirs.sudo().write(
            {
                "legal_hold": True,
                "legal_hold_reason": "Vụ án 12.",
                "legal_hold_at": now,
                "restricted_at": now,
            }
        )
        self.merge()
        self.assertTrue(self.reporter.legal_hold)
        self.assertEqual(self.reporter.legal_hold_reason, "Vụ án 12.")
        self.assertTrue(self.reporter.restricted_at)

    def test_a_ward_planned_in_both(self):
        wards = self.env["civic.ward"]
        same = wards.create({"name": "Phường Một", "code": "7"})
        plans = self.env["civic.succession"]
        for ward, company in ((same, self.company), (self.ward_of_other, self.other)):
            heir = wards.create({"name": "Mới", "code": "99", "company_id": company.id})
            plans |= plans.create(
                {
                    "kind": "ward",
                    "company_id": company.id,
                    "ward_id": ward.id,
                    "successor_ward_ids": [Command.set(heir.ids)],
                    "date": company._civic_today() + timedelta(days=5),
                }
            )
        mine, theirs = plans
        plans.with_user(self.administrator).with_context(
            allowed_company_ids=(self.other | self.company).ids
        ).action_confirm()
        self.merge()
        self.assertEqual(mine.state, "planned")
        self.assertEqual(theirs.state, "cancelled")
        self.assertEqual(theirs.ward_id, same)

    def test_days_off_of_all(self):
        calendar = self.other._civic_calendar()
        own = calendar.copy({"company_id": self.other.id})
        self.agency_of_other.calendar_id = own
        second = self.make_agency(
            "Sở Nội vụ",
            "SNV",
            self.handler_of_other,
            self.leader_of_other,
            company_id=self.other.id,
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Bão",
                "company_id": self.other.id,
                "calendar_id": False,
                "date_from": local("2026-11-10 00:00"),
                "date_to": local("2026-11-10 23:59"),
            }
        ).company_id = self.other
        start = local("2026-11-09 08:00")

        def deadlines():
            # Two working days: the one that is off does not count.
            calendars = [self.agency_of_other.calendar_id, calendar]
            return self.env["civic.step"]._deadlines(
                [start] * 2, [(2, "working_day")] * 2, calendars
            )

        before = deadlines()
        self.merge()
        self.assertEqual(deadlines(), before)
        self.assertEqual(second.calendar_id, calendar)
        self.assertEqual(self.agency_of_other.calendar_id, own)
        self.assertFalse((calendar | own).company_id)

    def test_new_codes_come_after_those_that_came(self):
        report = self.make_other()
        [code] = self.company._civic_report_codes(1, report.received_at)
        ahead = f"{code[:-3]}{int(code[-3:]) + 20:03d}"
        report.sudo()._elevated().name = ahead
        self.merge()
        drawn = self.company._civic_report_codes(30, report.sudo().received_at)
        self.assertNotIn(ahead, drawn)


class TwiceMixin(MergerMixin):
    @classmethod
    def set_up_third(cls):
        cls.third = cls.env["res.company"].create({"name": "Tỉnh thứ ba"})
        beyond = cls.env(context={"allowed_company_ids": cls.third.ids})
        cls.third.with_env(beyond)._civic_set_up()
        cls.third.civic_procedure_id = cls.other_procedure
        cls.administrator.company_ids |= cls.third

    def merge_into_third(self):
        mergers = self.env["civic.merger"].with_user(self.administrator)
        merger = mergers.create(
            {"source_id": self.company.id, "company_id": self.third.id}
        )
        merger.action_look()
        merger.action_merge()

    def strangers(self, code):
        """A report of the third province that has a code."""
        report = (
            self.env["civic.report"]
            ._elevated()
            .create(
                {
                    "subject": "Của tỉnh thứ ba",
                    "description": "Không liên quan.",
                    "company_id": self.third.id,
                    "channel_id": self.web.id,
                }
            )
        )
        report.name = code
        return report

    def found(self, code, site):
        company = self.third.with_context(civic_former_company=site.id)
        return self.env["civic.site.list"]._find_by_code_sudo(code, company)


@tagged("-at_install", "post_install")
class TestMergedTwice(TwiceMixin, CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()
        cls.set_up_third()

    def test_codes_lead_to_the_own_report(self):
        theirs = self.make_other()
        theirs.sudo()._elevated().name = "PA-26-800001"
        own = self.make_report()
        own._elevated().name = "PA-26-800002"
        self.merge()  # both keep their codes
        strange = self.strangers("PA-26-800001")
        self.strangers("PA-26-800002")
        self.merge_into_third()
        self.assertNotEqual(theirs.sudo().name, "PA-26-800001")
        self.assertEqual(self.found("PA-26-800001", self.other), theirs.sudo())
        self.assertEqual(self.found("PA-26-800001", self.company), theirs.sudo())
        self.assertEqual(
            self.env["civic.site.list"]._find_by_code_sudo("PA-26-800001", self.third),
            strange,
        )

    def test_the_nearest_of_two(self):
        """A code that two of the line have had means on each site its own."""
        own = self.make_report()
        theirs = self.make_other()
        (own._elevated() | theirs.sudo()._elevated()).name = "PA-26-800001"
        self.strangers("PA-26-800001")
        self.merge()
        self.merge_into_third()
        self.assertEqual(self.found("PA-26-800001", self.other), theirs.sudo())
        self.assertEqual(self.found("PA-26-800001", self.company), own.sudo())

    def test_published_addresses(self):
        theirs = self.make_other(subject="Đèn hỏng")
        theirs.receive()
        theirs.dispatch([self.agency_of_other.id], incomplete_reason="Rõ rồi.")
        theirs.sudo()._elevated().name = "PA-26-800001"
        self.merge()
        strange = self.strangers("PA-26-800001")
        strange.write({"is_published": True, "state": "processing"})
        self.merge_into_third()
        company = self.third.with_context(civic_former_company=self.other.id)
        reports = self.env["civic.site.list"]
        self.assertEqual(
            reports._find_published_sudo("pa-26-800001", company), theirs.sudo()
        )

    def test_a_stranger_that_came_does_not_take_the_code(self):
        """On the site of a province whose report kept its code it is that one's."""
        own = self.walk_to("processing")
        own._elevated().name = "PA-26-800001"
        self.merge_into_third()
        theirs = self.make_other()
        theirs.receive()
        theirs.dispatch([self.agency_of_other.id], incomplete_reason="Rõ rồi.")
        theirs.sudo()._elevated().name = "PA-26-800001"
        mergers = self.env["civic.merger"].with_user(self.administrator)
        merger = mergers.create(
            {"source_id": self.other.id, "company_id": self.third.id}
        )
        merger.action_look()
        merger.action_merge()
        company = self.third.with_context(civic_former_company=self.company.id)
        found = self.env["civic.site.list"]._find_published_sudo(
            "pa-26-800001", company
        )
        self.assertEqual(found, own.sudo())


@tagged("-at_install", "post_install")
class TestReceiptAfterMerger(MergerMixin, SealCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()

    def test_receipt_of_a_report_with_another_code(self):
        mine, theirs = self.make_report(), self.make_other()
        theirs.receive()
        theirs.sudo()._elevated().name = mine.name
        self.close()
        receipt = theirs.sudo()._receipt()
        code = receipt["code"]
        self.merge()
        self.env.flush_all()
        self.assertNotEqual(theirs.sudo().name, code)
        connection = Connection(self.cr)
        self.assertEqual(verify.check_receipt_against(connection, receipt), [])
        for wrong in (mine.name[:-1] + "x", None):
            self.assertTrue(
                verify.check_receipt_against(connection, {**receipt, "code": wrong})
            )
