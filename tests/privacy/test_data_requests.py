import base64
from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.workflow.transitions import CASE_TRANSITIONS
from ..rig.common import local, local_text
from ..rig.media import HUE, WAV, drawing, exif, saved
from ..rig.privacy import DataRequestCase

# Nghị định 356/2025/NĐ-CP, Điều 5: days, days with a third party, longest extension.
LAW = {
    "copy": (10, 15, 10),
    "correction": (10, 15, 10),
    "deletion": (20, 30, 20),
    "withdrawal": (15, 20, 15),
    "restriction": (15, 20, 15),
    "objection": (15, 20, 15),
}


@tagged("-at_install", "post_install")
class TestDataRequests(DataRequestCase):
    """Luật 91/2025/QH15, Điều 4; clocks of Nghị định 356/2025/NĐ-CP, Điều 5."""

    def end_of(self, days):
        """24:00 of so many days after Monday 09/11/2026, or of the next working day
        (Bộ luật Dân sự, Điều 148.5); Tuesday 24 is a holiday."""
        day = local("2026-11-09 00:00") + timedelta(days=days)
        while (
            local_text(day)[:10] == "2026-11-24"
            or datetime.fromisoformat(local_text(day)).weekday() > 4
        ):
            day += timedelta(days=1)
        return day + timedelta(days=1)

    def test_clocks_of_the_law(self):
        # Monday 09/11/2026 08:00: two working days end on Wednesday at 17:00.
        for kind, (days, third, _extension) in LAW.items():
            for third_party, expected in ((False, days), (True, third)):
                with self.subTest(kind=kind, third_party=third_party):
                    request = self.open_request(kind, third_party=third_party)
                    self.assertLocal(request.answer_due, "2026-11-11 17:00")
                    self.assertEqual(request.fulfil_due, self.end_of(expected))
                    self.assertEqual(request.deadline, request.answer_due)
                    self.assertLocal(request.clock_started_at, self.began_at)
                    self.by(request, self.manager).refuse_request("Không.", "Điều 4")

    def test_acknowledged_the_second_clock_shows(self):
        request = self.open_request("withdrawal")
        self.by(request, self.operator).acknowledge("Đã nhận.")
        self.assertEqual(request.deadline, request.fulfil_due)
        self.assertFalse(request.answered_late)

    def test_late_answers_are_seen(self):
        request = self.open_request("restriction")
        self.go(days=2, hours=9)
        self.assertFalse(request.is_overdue, "due at 17:00 sharp")
        self.go(seconds=1)
        self.assertTrue(request.is_overdue)
        overdue = self.env["civic.data.request"].search([("is_overdue", "=", True)])
        self.assertIn(request, overdue)
        self.by(request, self.operator).acknowledge()
        self.assertTrue(request.answered_late)
        self.assertFalse(request.is_overdue)

    def test_one_extension_and_no_longer_than_the_law(self):
        for kind, (days, _third, extension) in LAW.items():
            with self.subTest(kind=kind):
                request = self.open_request(kind)
                manager = self.by(request, self.manager)
                with self.assertRaises(UserError):
                    manager.extend(" ")
                manager.extend("Phức tạp.")
                due = self.end_of(days + extension)
                self.assertEqual(request.fulfil_due, due)
                with self.assertRaisesRegex(UserError, "already"):
                    manager.extend("Vẫn phức tạp.")
                manager.refuse_request("Không.", "Điều 4")

    def test_what_is_over_is_not_extended(self):
        request = self.open_request("copy")
        self.go(days=11)
        with self.assertRaisesRegex(UserError, "over"):
            self.by(request, self.manager).extend("Muộn.")

    def test_figures_are_data(self):
        limit = self.env.ref("civic_report.data_limit_copy")
        limit.with_user(self.administrator).days = 3
        request = self.open_request("copy")
        self.assertEqual(request.fulfil_due, local("2026-11-13 00:00"))
        with self.assertRaises(AccessError):
            limit.with_user(self.manager).days = 9

    def test_correction_is_taken_over_and_not_told(self):
        request = self.open_request(
            "correction", {"phone": "0987 654 321", "message": "Đổi số."}
        )
        self.assertNotIn("987654321", self.row_text("civic_data_request", request.id))
        shown = self.by(request, self.operator).show_details("Đối chiếu yêu cầu.")
        self.assertIn("+84987654321", [row["value"] for row in shown])
        self.assertTrue(
            self.env["civic.access"].search(
                [("user_id", "=", self.operator.id), ("shown", "=", "phone")]
            )
        )
        self.by(request, self.manager).fulfil("Đã chỉnh sửa.")
        self.assertEqual(self.reporter.phone, "+84987654321")
        self.assertEqual(self.reporter.name, "Người phản ánh")
        self.assertFalse(request.details_sealed)
        told = self.env["civic.data.event"].search([("code", "=", "corrected")])
        self.assertEqual(told.note, "phone")

    def test_a_new_key_seals_what_was_written_anew(self):
        request = self.open_request("correction", {"phone": "0987 654 321"})
        before = request.details_sealed
        request._vault_write(request._vault_again())
        self.assertNotEqual(request.details_sealed, before)
        self.assertEqual(request._details()["phone"], "+84987654321")

    def test_correction_of_nonsense_is_refused(self):
        for details in ({}, {"phone": "gọi tôi"}, {"email_from": "a@b\r\nBcc: x"}):
            with self.subTest(details=details), self.assertRaises(UserError):
                self.open_request("correction", details)

    def test_withdrawal_ends_what_rests_on_consent(self):
        by_consent, waiting = self.given(), self.forwarded(assignment=self.in_hand())
        by_law = self.by_authority()
        self.as_user(by_law, self.manager).decide_by_law("Điều 19.1b", "Vụ án.")
        request = self.open_request("withdrawal")
        self.by(request, self.manager).fulfil("Đã dừng.")
        self.assertEqual(by_consent.state, "withdrawn")
        self.assertEqual(waiting.state, "refused")
        self.assertTrue(by_law.is_in_force)
        self.assertEqual(request.state, "fulfilled")

    def test_deletion_says_what_stands_against_it(self):
        report = self.walk_to("accepted")
        request = self.open_request("deletion")
        self.assertIn(report.name, request.obstacle)
        with self.assertRaisesRegex(UserError, report.name):
            self.by(request, self.manager).fulfil()
        self.assertEqual(self.reporter.phone, "+84912345678")
        self.reporter.with_user(self.manager).hold("Vụ án số 5.")
        self.assertIn("Vụ án số 5.", request.obstacle)

    def test_deletion_forgets_and_keeps_the_reports(self):
        report = self.walk_to("done")
        request = self.open_request("deletion", {"message": "Xin xóa số 0912345678."})
        self.by(request, self.manager).fulfil("Đã xóa.")
        self.assertEqual(request.state, "fulfilled")
        self.assertFalse(request.details_sealed)
        self.assertTrue(self.reporter.anonymised_at)
        for name in ("name", "phone", "email_from", "user_id"):
            self.assertFalse(self.reporter[name], name)
        row = self.row_text("civic_reporter", self.reporter.id)
        for column in ("vault_blob", "phone_hash", "user_hash", "sender_hash"):
            self.assertFalse(self.reporter[column], column)
        self.assertNotIn("912345678", row)
        self.assertEqual(report.state, "done")
        own, _older = self.env["civic.site.list"]._search_own_sudo(self.citizen)
        self.assertNotIn(report, own)
        with self.assertRaises(UserError):
            self.reporter.with_user(self.operator).name = "Ai đó"

    def test_a_request_is_opened_once(self):
        self.open_request("copy")
        with self.assertRaisesRegex(UserError, "already"):
            self.open_request("copy")
        self.open_request("deletion")

    def test_requests_on_behalf_need_verification(self):
        requests = self.env["civic.data.request"]
        good = (self.reporter.id, "copy", "paper", "CCCD")
        for user in (self.handler, self.province_leader, self.plain, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                requests.with_user(user).open_for(*good)
        as_operator = requests.with_user(self.operator)
        for index, bad in ((0, 10**8), (1, "x"), (2, "portal"), (3, " ")):
            arguments = [*good[:index], bad, *good[index + 1 :]]
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                as_operator.open_for(*arguments)

    def test_the_copy_holds_everything_and_is_kept_nowhere(self):
        disclosure = self.given()
        self.as_user(disclosure, self.handler).look()
        report = disclosure.report_id
        copy = self.reporter._take_own_copy()
        self.assertEqual(copy["identity"]["phone"], "+84912345678")
        self.assertIn(report.name, [row["code"] for row in copy["reports"]])
        self.assertEqual(copy["reports"][0]["text"], report.description)
        self.assertEqual(copy["disclosures"][0]["who"], self.agency.name)
        (look,) = copy["looks"]
        self.assertEqual(look["who"], f"{self.agency.name}: handler")
        self.assertNotIn(self.handler.name, str(copy))
        self.assertIn("copied", self.data_events())
        self.assertFalse(
            self.env["ir.attachment"].search([("name", "ilike", "du-lieu")])
        )

    def test_the_copy_of_the_centre_is_a_look(self):
        request = self.open_request("copy")
        copy = self.by(request, self.operator)._copy_for_centre()
        self.assertEqual(copy["identity"]["name"], "Người phản ánh")
        look = self.env["civic.access"].search([], limit=1)
        self.assertEqual(look.user_id, self.operator)
        for user in (self.handler, self.province_leader, self.plain):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.by(request, user)._copy_for_centre()
        self.by(request, self.manager).fulfil()
        with self.assertRaises(MissingError):
            self.by(request, self.operator)._copy_for_centre()

    def test_managers_are_reminded(self):
        request = self.open_request("copy")
        domain = [
            ("res_model", "=", "civic.data.request"),
            ("res_id", "=", request.id),
            ("user_id", "=", self.manager.id),
        ]
        reminder = self.env["mail.activity"].search(domain)
        self.assertEqual(str(reminder.date_deadline), "2026-11-11")
        self.by(request, self.manager).acknowledge()
        reminder = self.env["mail.activity"].search(domain)
        self.assertEqual(str(reminder.date_deadline), "2026-11-19")
        self.by(request, self.manager).fulfil()
        self.assertFalse(self.env["mail.activity"].search(domain))

    # ------------------------------------------------------------------
    # Everybody × every verb × every state
    # ------------------------------------------------------------------

    ARGUMENTS = {
        "extend": ("Phức tạp.",),
        "refuse_request": ("Không.", "Luật Lưu trữ"),
    }
    HOLDERS = {
        "centre_manager": {"manager", "administrator"},
        "operator": {"operator", "manager", "administrator"},
    }
    WALKS = {
        "new": None,
        "acknowledged": "acknowledge",
        "fulfilled": "fulfil",
        "refused": "refuse_request",
    }

    def test_matrix(self):
        roles = (
            *("operator", "manager", "administrator", "handler", "leader"),
            *("coordinator", "province_leader", "plain", "citizen", "other_citizen"),
        )
        for state, verb in self.WALKS.items():
            request = self.open_request("copy")
            if verb:
                getattr(self.by(request, self.manager), verb)(
                    *self.ARGUMENTS.get(verb, ())
                )
            for row in CASE_TRANSITIONS.values():
                if row.model != "civic.data.request":
                    continue
                allowed = set().union(*(self.HOLDERS[actor] for actor in row.actors))
                for role in roles:
                    with self.subTest(verb=row.verb, state=state, role=role):
                        self.try_one(
                            request, row, role, role in allowed and state in row.sources
                        )
            if state in ("new", "acknowledged"):
                self.by(request, self.manager).refuse_request("Xong.", "Điều 4")

    def try_one(self, request, row, role, may):
        before = request.state
        savepoint = self.env.cr.savepoint()
        try:
            getattr(self.by(request, getattr(self, role)), row.verb)(
                *self.ARGUMENTS.get(row.verb, ())
            )
        except UserError as error:
            self.assertFalse(may, error)
            self.assertEqual(request.state, before)
        else:
            self.assertTrue(may, "should have been refused")
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_rows_are_written_by_verbs_alone(self):
        request = self.open_request("copy")
        self.reporter._log_data("restricted")
        event = self.env["civic.data.event"].search([], limit=1)
        for user in (self.operator, self.manager, self.administrator):
            for row in (self.by(request, user), event.with_user(user)):
                with self.assertRaises(UserError):
                    row.write({"company_id": self.company.id})
                with self.assertRaises(UserError):
                    row.unlink()
                with self.assertRaises(UserError):
                    row.create({"company_id": self.company.id})


@tagged("-at_install", "post_install")
class TestRetention(DataRequestCase):
    """Identities are kept as long as the procedure says, and no longer."""

    def setUp(self):
        super().setUp()
        self.report = self.walk_to("done")
        self.env.flush_all()
        # The database dates rows by its own clock, which the test does not hold.
        self.env.cr.execute(
            "UPDATE civic_reporter SET create_date = '2026-01-01' WHERE id = %s",
            [self.reporter.id],
        )
        self.closed_at = self.report.closed_at
        self.frozen.move_to(self.closed_at.replace(year=self.closed_at.year + 5))

    def due(self):
        self.env.invalidate_all()
        return self.reporter in self.env["civic.reporter"].search(
            [("is_over_retention", "=", True)]
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_retention").method_direct_trigger()
        self.env.invalidate_all()

    def begin(self):
        self.company.with_user(self.manager).action_civic_begin_retention()

    def test_boundary(self):
        self.assertTrue(self.due())
        self.assertTrue(self.reporter.is_over_retention)
        self.go(seconds=-1)
        self.assertFalse(self.due())
        self.assertFalse(self.reporter.is_over_retention)

    def test_figure_of_the_procedure(self):
        self.procedure.retention_years = 6
        self.assertFalse(self.due())
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.procedure.retention_years = 0
            self.env.flush_all()

    def test_what_keeps_an_identity(self):
        keepers = {
            "a hold": lambda: self.reporter.with_user(self.manager).hold("Vụ án."),
            "an open report": lambda: self.make_report(),
            "a report closed later": lambda: self.make_report().refuse(
                "incomplete", "Thiếu."
            ),
            "a request": lambda: self.open_request("copy"),
        }
        for name, keep in keepers.items():
            with self.subTest(name):
                savepoint = self.env.cr.savepoint()
                keep()
                self.assertFalse(self.due())
                savepoint.close(rollback=True)
                self.assertTrue(self.due())

    def test_nothing_goes_before_a_manager_begins(self):
        self.run_cron()
        self.assertFalse(self.reporter.anonymised_at)
        for user in (self.operator, self.handler, self.province_leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_civic_begin_retention()
        count = self.company.with_user(self.manager).action_civic_begin_retention()
        self.assertGreaterEqual(count, 1)
        self.run_cron()
        self.assertTrue(self.reporter.anonymised_at)
        self.assertFalse(self.reporter.vault_blob)
        events = self.data_events()
        self.assertIn("retention_begun", events)
        self.assertIn("anonymised", events)
        self.assertEqual(self.report.state, "done")

    def test_paused_it_goes_no_further(self):
        self.begin()
        self.company.with_user(self.manager).action_civic_pause_retention()
        self.run_cron()
        self.assertFalse(self.reporter.anonymised_at)

    def test_a_hold_is_the_manager_s_with_a_reason(self):
        for user in (self.operator, self.handler, self.province_leader, self.plain):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.reporter.with_user(user).hold("Vụ án.")
        manager = self.reporter.with_user(self.manager)
        with self.assertRaises(UserError):
            manager.hold("")
        for user in (self.operator, self.manager, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.reporter.with_user(user).write({"legal_hold": True})
        manager.hold("Vụ án số 5.")
        self.assertEqual(self.reporter.legal_hold_by_id, self.manager)
        self.begin()
        self.run_cron()
        self.assertFalse(self.reporter.anonymised_at)
        manager.release_hold("Vụ án đã kết thúc.")
        self.run_cron()
        self.assertTrue(self.reporter.anonymised_at)
        self.assertLessEqual({"held", "released"}, set(self.data_events()))

    def test_calls_are_forgotten_too(self):
        call = self.env["civic.call"].create(
            {
                "number": "0912 345 678",
                "note": "Gọi về phản ánh.",
                "recording": base64.b64encode(WAV).decode(),
                "recording_name": "goi.wav",
            }
        )
        other = self.env["civic.call"].create({"number": "0912 345 679"})
        recording = self.env["ir.attachment"].search(
            [("res_field", "=", "recording_sealed"), ("res_id", "=", call.id)]
        )
        self.assertTrue(recording)
        self.reporter._anonymise("Thử.")
        self.assertFalse(recording.exists())
        self.assertFalse(call.number)
        self.assertFalse(call.note)
        self.assertTrue(other.number)

    def test_what_pictures_tell_is_forgotten(self):
        report = self.make_report()
        attachments = self.env["ir.attachment"].sudo()
        read = attachments._civic_read([saved(drawing(), exif=exif(gps=HUE))])
        attachments._civic_attach(report.sudo(), read, self.reporter)
        media = self.env["civic.media"].search([("report_id", "=", report.id)])
        self.assertTrue(media.latitude)
        self.reporter._anonymise("Thử.")
        self.assertFalse(media.latitude)
        self.assertFalse(media.sha256)
        self.assertTrue(report.attachment_ids, "the picture itself stays")
        self.assertFalse(self.reporter._original_files())

    def test_words_that_still_tell_of_a_person_are_marked(self):
        clean = self.walk_to("done")
        named = self.make_report(
            description="Gọi tôi số 0912 345 678 khi đến.", subject="Ổ gà"
        )
        named.refuse("incomplete", "Thiếu.")
        self.reporter._anonymise("Thử.")
        self.assertTrue(named.sudo().has_residue)
        self.assertFalse(clean.sudo().has_residue)
        self.assertIn("0912 345 678", named.description, "never rewritten")
