import io
import zipfile
from datetime import date, timedelta
from hashlib import sha256

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase, Province
from ..rig.media import drawing, saved
from ..rig.walks import written_notice


@tagged("-at_install", "post_install")
class TestCommitments(CivicCase):
    """HUE Phụ lục 1: “nội dung cam kết thời gian sẽ hoàn thành xử lý cụ thể”."""

    def promised(self, moment="2026-11-16 09:00", until="2026-12-01"):
        with self.at(moment):
            report = self.walk_to("accepted")
            handler = report.assignment_ids.with_user(self.handler)
            handler.write({"result": "Sẽ sửa trong tháng 11.", "promised_date": until})
            handler.submit()
            report.assignment_ids.with_user(self.leader).approve()
            report.publish()
        return report

    def test_a_date_that_makes_no_sense(self):
        for until in ("2026-11-15", "2028-01-01"):
            with self.subTest(until=until), self.assertRaises(ValidationError):
                self.promised(until=until)

    def test_reminded_and_marked(self):
        report = self.promised()
        part = report.assignment_ids
        self.assertEqual(
            report._public_values()["promises"],
            [
                {
                    "agency": self.agency.name,
                    "date": date(2026, 12, 1),
                    "kept_at": False,
                    "is_passed": False,
                }
            ],
        )
        reminder = part.activity_ids
        self.assertEqual(reminder.user_id, self.handler)
        self.assertEqual(reminder.date_deadline, date(2026, 12, 1))
        for moment, passed in (("2026-12-01 23:00", False), ("2026-12-02 00:30", True)):
            with self.at(moment), self.enter_registry_test_mode():
                self.env.ref("civic_report.cron_promises").method_direct_trigger()
            self.assertEqual(part.promise_passed, passed, moment)
        self.assertIn(self.leader, part.activity_ids.user_id)
        self.assertIn("promise_passed", report.event_ids.mapped("code"))
        part.with_user(self.handler).keep_promise("Đã sửa xong.")
        self.assertFalse(part.promise_passed)
        self.assertFalse(part.activity_ids)
        self.assertTrue(report._public_values()["promises"][0]["kept_at"])
        with self.assertRaisesRegex(UserError, "no open commitment"):
            part.with_user(self.handler).keep_promise("Đã sửa xong.")

    def test_what_came_to_nothing_is_reminded_of_no_longer(self):
        report = self.promised()
        part = report.assignment_ids
        self.assertTrue(part.activity_ids)
        report.reopen("Chưa xử lý.")
        self.assertEqual(part.state, "dropped")
        self.assertFalse(part.activity_ids)

    def test_nothing_promised(self):
        report = self.walk_to("done")
        part = report.assignment_ids.with_user(self.handler)
        self.assertNotIn("keep_promise", part.allowed_verbs)
        self.assertFalse(report._public_values()["promises"])
        with self.assertRaises(AccessError):
            report.assignment_ids.with_user(self.operator).keep_promise("Xong.")


@tagged("-at_install", "post_install")
class TestExtensionNotice(CivicCase):
    """ST Điều 14.3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.extension_allowed = True

    def asked(self):
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("accepted")
            handler = report.assignment_ids.with_user(self.handler)
            files = written_notice(handler.env)
            handler.request_extension("12/CV", "2026-12-10", "Chờ vật tư.", files)
        return report, report.assignment_ids.extension_ids

    def test_the_citizen_gets_the_notice(self):
        report, extension = self.asked()
        self.assertEqual(extension.attachment_ids.res_model, "civic.assignment")
        self.assertFalse(report._own_notices(), "not before it is granted")
        with self.at("2026-11-17 09:00"):
            extension.with_user(self.operator).grant()
        self.assertEqual(
            [row["name"] for row in report.sudo()._own_values()["notices"]],
            ["cong-van.png"],
        )

    def test_intake_staff_set_the_deadline(self):
        report, extension = self.asked()
        with self.assertRaises(AccessError):
            extension.with_user(self.leader).grant()
        with self.at("2026-11-17 09:00"):
            decided = extension.with_user(self.operator)
            with self.assertRaises(UserError):
                decided.grant("2026-11-17")
            decided.grant("2026-12-04")
        step = self.step_of(report.assignment_ids, "process")
        self.assertLocal(step.deadline, "2026-12-04 17:00")
        self.assertEqual(extension.granted_until, date(2026, 12, 4))

    def test_foreign_files_are_not_found(self):
        foreign = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        report = self.walk_to("accepted")
        handler = report.assignment_ids.with_user(self.handler)
        until = date.today() + timedelta(30)
        for ids in (foreign.ids, [foreign.id + 10**6]):
            with self.subTest(ids=ids), self.assertRaises(MissingError):
                handler.request_extension("12/CV", until, "Chờ.", ids)


@tagged("-at_install", "post_install")
class TestBranches(CivicCase):
    """BG Phần 2, mục 2, bước 2: to “phòng, đơn vị chuyên môn hoặc cá nhân”."""

    def test_assigned_to_the_staff_of_a_branch(self):
        self.procedure.assign_step = True
        clerk = self.make_user("clerk", "civic_report.group_handler")
        stranger = self.make_user("stranger", "civic_report.group_handler")
        self.make_agency(
            "Phòng Hạ tầng", "PHT", clerk, self.leader, parent_id=self.agency.id
        )
        report = self.walk_to("accepted")
        assignment = report.assignment_ids
        with self.assertRaises(MissingError):
            assignment.with_user(clerk).submit("Chưa được giao.")
        with self.assertRaisesRegex(UserError, "branches"):
            assignment.with_user(self.leader).assign(stranger.id)
        assignment.with_user(self.leader).assign(clerk.id)
        self.assertEqual(self.step_of(assignment, "process").user_id, clerk)
        mine = assignment.with_user(clerk)
        self.assertEqual(mine.report_id.subject, report.subject)
        mine.submit("Đã vá ổ gà.")
        self.assertEqual(assignment.state, "submitted")
        # Who has left the branch sees it no more.
        branch = self.env["civic.agency"].search([("handler_ids", "in", clerk.ids)])
        branch.write({"focal_handler_id": False, "handler_ids": [Command.clear()]})
        self.assertFalse(assignment.with_user(clerk).has_access("read"))


@tagged("-at_install", "post_install")
class TestArchive(Province, HttpCase):
    """HUE Điều 14.1: kept, and handed over as archives take it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_province()

    def package(self, user, what):
        reports = self.env["civic.report"].with_user(user)
        return zipfile.ZipFile(io.BytesIO(reports._archive_package(what).read()))

    def test_a_year(self):
        with self.at("2026-01-01 00:30"):
            words = f"Tôi là {self.reporter.name}, gọi 0912345678."
            first = self.walk_to("done", self.make_report(description=words))
            files = self.env["ir.attachment"]
            files._civic_attach(
                first.sudo(), files._civic_read([saved(drawing())]), self.reporter
            )
        with self.at("2025-12-31 23:30"):
            other = self.walk_to("done")
        with self.at("2026-01-02 08:00"):
            going = self.walk_to("accepted")
        package = self.package(self.manager, "2026")
        names = package.namelist()
        self.assertIn(f"{first.name}/record.json", names)
        for report in (other, going):
            self.assertFalse([name for name in names if report.name in name])
        self.assertEqual(len([name for name in names if name.startswith("PA")]), 2)
        sums = dict(
            reversed(line.split("  ", 1))
            for line in package.read("SHA256SUMS").decode().splitlines()
        )
        self.assertEqual(set(sums), set(names) - {"SHA256SUMS"})
        for name, digest in sums.items():
            self.assertEqual(sha256(package.read(name)).hexdigest(), digest, name)
        index = package.read("index.csv").decode("utf-8-sig")
        self.assertIn(first.name, index)
        whole = b"".join(package.read(name) for name in names).decode(errors="replace")
        for secret in (self.reporter.name, "912345678", "nguoi.phan.anh@example.com"):
            self.assertNotIn(secret, whole)

    def test_who_may(self):
        report = self.walk_to("done")
        self.assertTrue(self.package(self.manager, report.name.lower()).namelist())
        with self.assertRaises(AccessError):
            self.package(self.operator, report.name)
        for nothing in ("PA-99-999999", "1999", "²⁰²⁶", "x'; --"):
            with self.subTest(what=nothing), self.assertRaises(MissingError):
                self.package(self.manager, nothing)

    def test_over_http(self):
        report = self.walk_to("done")
        self.manager.password = "civic_manager"
        self.operator.password = "civic_operator"
        path = f"/civic_report/archive/{report.name}"
        self.authenticate("civic_operator", "civic_operator")
        self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate("civic_manager", "civic_manager")
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
