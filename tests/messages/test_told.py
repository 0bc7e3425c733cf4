"""Nobody's turn passes unseen, and nobody is told of one twice."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.workflow.transitions import INTAKE, TRANSITIONS
from ..rig.walks import written_notice
from ..rig.ways import TOLD_OTHERWISE, DutyCase

TRACKS = ("normal", "emergency", "sensitive")
# What officers are told as an event besides the duty that it gives to somebody else.
FOR_INFORMATION = {"dispatch_otherwise", "forward"}


@tagged("-at_install", "post_install")
class TestTold(DutyCase):
    def duties(self, user, report=None):
        """The turns that an officer is told of, in order."""
        rows = self.rows(report, user_id=user.id, channel="email")
        return [row.facts["duty"] for row in rows if (row.facts or {}).get("duty")]

    def cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"civic_report.{name}").method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # The table
    # ------------------------------------------------------------------

    def test_every_duty_is_told_on_every_track(self):
        """A row for one track is none for the others."""
        rows = self.env["civic.duty.way"].search([])
        for row in TRANSITIONS.values():
            for code in set(row.opens) - TOLD_OTHERWISE:
                for track in TRACKS:
                    told = rows.filtered(
                        lambda way, code=code, track=track: (
                            way.code == code
                            and way.track in (False, track)
                            and not way.needs
                        )
                    )
                    self.assertTrue(told, f"{row.verb} opens {code} ({track})")

    def test_no_duty_is_told_as_an_event_besides(self):
        ways = set(self.env["civic.duty.way"].search([]).mapped("code"))
        opening = {
            verb for (_model, verb), row in TRANSITIONS.items() if set(row.opens) & ways
        }
        officers = ("agency", "handler", "leader", "province")
        notices = self.env["civic.notice"].search([("audience", "in", officers)])
        self.assertFalse(opening & set(notices.mapped("event")) - FOR_INFORMATION)

    # ------------------------------------------------------------------
    # Back at the Centre
    # ------------------------------------------------------------------

    def test_what_comes_back_is_told_to_whoever_took_it(self):
        with self.at("2026-11-16 16:50"):
            report = self.walk_to("accepted")
            self.assertEqual(report.operator_id, self.operator)
            self.assertFalse(self.duties(self.operator, report), "the own acts")
            report.assignment_ids.with_user(self.handler).return_wrong("Của phường.")
        self.assertEqual(report.state, "received")
        self.assertEqual(self.duties(self.operator, report), ["intake"])
        self.assertFalse(self.duties(self.manager, report))

    def test_what_the_sender_supplies(self):
        report = self.make_report()
        report.request_supplement("Ở đoạn nào?")
        report.with_user(self.citizen).sudo(False).supply("Trước cổng trường.")
        self.assertEqual(self.duties(self.operator, report), ["intake"])

    def test_what_the_province_and_the_coordinator_give_back(self):
        report = self.walk_to("received")
        report.ask_designation("Chưa rõ.")
        report.with_user(self.province_leader).designate(self.agency.ids, "Giao Sở.")
        self.assertEqual(self.duties(self.operator, report), ["intake"])
        report = self.make_report(track="sensitive", visibility="sensitive")
        report.receive()
        report.consult(self.coordinating_agency.id)
        report.with_user(self.coordinator).answer_consult([self.agency.id])
        self.assertEqual(self.duties(self.operator, report), ["intake"])

    def test_timed_apart_the_part_is_told_and_not_the_whole(self):
        self.use("bg")
        report = self.make_report()
        report.receive()
        report.classify(self.category.id)
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).return_wrong("Của phường.")
        self.assertEqual(self.duties(self.operator, report), ["intake_forward"])

    def test_new_ones_wait_on_the_board(self):
        report = self.make_report()
        for code in INTAKE:
            self.assertFalse(self.told(report, code))

    def test_whoever_took_it_has_left(self):
        """Nobody's turn: the Centre's managers hear of it."""
        report = self.walk_to("accepted")
        self.operator._write({"active": False})
        self.env.invalidate_all()
        report.assignment_ids.with_user(self.handler).return_wrong("Của phường.")
        self.assertIn("intake", self.duties(self.manager, report))

    # ------------------------------------------------------------------
    # Told once
    # ------------------------------------------------------------------

    def assertOnce(self, report):
        """Each person hears of each event by each way once."""
        rows = self.rows(report).filtered(lambda row: row.user_id or row.agency_id)
        told = [
            (row.user_id.login or row.agency_id.code, row.channel, row._words())
            for row in rows
        ]
        self.assertTrue(told)
        recipients = [who[:2] for who in told]
        self.assertEqual(sorted(set(recipients)), sorted(recipients), told)

    def forget(self):
        self.env["civic.outbox"].search([]).write({"report_id": False})

    def test_each_turn_once(self):
        self.make_sms()
        for officer in (self.province_leader, self.coordinator):
            officer.write({"phone": "0912000333", "civic_tell_sms": True})
        self.coordinating_agency.write({"duty_phone": "0912000444", "tell_sms": True})
        report = self.walk_to("received")
        self.forget()
        report.ask_designation("Chưa rõ.")
        self.assertOnce(report)
        self.assertIn(
            (self.province_leader.login, "sms"), self.told(report, "designate")
        )
        report = self.walk_to("accepted")
        self.forget()
        report.escalate("Không thống nhất.")
        self.assertOnce(report)
        report = self.make_report(track="sensitive", visibility="sensitive")
        report.receive()
        self.forget()
        report.consult(self.coordinating_agency.id)
        self.assertOnce(report)
        report.with_user(self.coordinator).answer_consult([self.agency.id])
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).accept()
        self.submit(report.assignment_ids)
        report.assignment_ids.with_user(self.leader).approve()
        self.forget()
        report.ask_concurrence()
        self.assertOnce(report)

    def test_an_sms_without_a_deadline_names_none(self):
        self.procedure.limit_ids.filtered(lambda row: row.step == "designate").unlink()
        report = self.walk_to("received")
        report.ask_designation("Chưa rõ.")
        row = self.rows(report, user_id=self.province_leader.id)[-1]
        words = self.env.ref("civic_report.notice_duty_sms")._words(
            row._officer_values(), False
        )[1]
        self.assertNotIn("Due", words)
        self.assertIn(report.name, words)

    def test_the_province_hears_at_once_by_every_way(self):
        """Also by SMS whoever wishes none."""
        self.make_sms()
        self.province_leader.write({"phone": "0912000333", "civic_tell_sms": False})
        report = self.walk_to("received")
        report.ask_designation("Chưa rõ.")
        told = self.told(report, "designate")
        self.assertIn((self.province_leader.login, "sms"), told)

    # ------------------------------------------------------------------
    # Extensions (ST Điều 14.3)
    # ------------------------------------------------------------------

    def asked(self, until="2026-12-10"):
        """An extension asked for on a Monday at 9."""
        self.procedure.extension_allowed = True
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("accepted")
            part = report.assignment_ids.with_user(self.handler)
            part.request_extension("12/CV", until, "Chờ.", written_notice(part.env))
        return report, part.extension_ids

    def test_the_centre_is_told_of_an_extension(self):
        report, extension = self.asked()
        self.assertEqual(self.duties(self.operator, report), ["extension"])
        [row] = self.rows(report, user_id=self.operator.id).filtered(
            lambda row: (row.facts or {}).get("duty") == "extension"
        )
        self.assertEqual(row._link().rpartition("/")[2], "civic-extensions")
        self.assertFalse(row._is_moot())
        kind = self.env.ref("civic_report.activity_extension")
        mine = report.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        self.assertEqual(mine.user_id, self.operator)
        with self.at("2026-11-17 09:00"):
            extension.with_user(self.operator).sudo(False).grant()
        self.assertFalse(mine.active)
        self.assertTrue(row._is_moot())
        self.assertIn("process", self.duties(self.handler, report))

    def test_managers_are_reminded_of_an_extension(self):
        report, extension = self.asked()
        self.assertLocal(extension.remind_at, "2026-11-16 14:30")
        with self.at("2026-11-16 14:00"):
            self.cron("cron_remind_extensions")
        self.assertFalse(self.duties(self.manager, report))
        with self.at("2026-11-16 14:31"):
            self.cron("cron_remind_extensions")
            self.cron("cron_remind_extensions")
        self.assertEqual(self.duties(self.manager, report), ["extension"])
        self.assertEqual(len(self.duties(self.operator, report)), 2)
        self.assertLocal(extension.remind_at, "2026-11-17 09:01")
        with self.at("2026-11-17 08:30"):
            extension.with_user(self.operator).sudo(False).reject("Không đủ lý do.")
        with self.at("2026-11-17 10:00"):
            self.cron("cron_remind_extensions")
        self.assertEqual(self.duties(self.manager, report), ["extension"])

    def test_managers_are_reminded_though_the_work_has_ended(self):
        """Who asked is answered all the same."""
        report, extension = self.asked()
        with self.at("2026-11-16 14:31"):
            extension.assignment_id._elevated().write({"state": "approved"})
            self.cron("cron_remind_extensions")
        self.assertEqual(self.duties(self.manager, report), ["extension"])

    def test_nobody_is_reminded_where_the_province_wants_none(self):
        self.procedure.decision_reminder_hours = 0
        _report, extension = self.asked()
        self.assertFalse(extension.remind_at)

    def test_a_rejection_reaches_the_handler(self):
        report, extension = self.asked()
        extension.with_user(self.operator).sudo(False).reject("Không đủ lý do.")
        self.assertIn("extension_rejected", self.duties(self.handler, report))

    def test_history_names_the_day_that_was_granted(self):
        report, extension = self.asked()
        with self.at("2026-11-17 09:00"):
            extension.with_user(self.operator).sudo(False).grant("2026-12-04")
        said = report.event_ids.filtered(lambda row: row.code == "extension_granted")
        self.assertIn("2026-12-04", said.note)
        self.assertNotIn("2026-12-10", said.note)

    def test_no_extension_without_its_notice(self):
        self.procedure.extension_allowed = True
        part = self.walk_to("accepted").assignment_ids.with_user(self.handler)
        until = self.company._civic_today().replace(day=1)
        until = until.replace(year=until.year + 1)
        for nothing in (None, [], ()):
            with self.assertRaisesRegex(UserError, "Attach the written notice"):
                part.request_extension("12/CV", until, "Chờ.", nothing)
        self.assertFalse(part.extension_ids)

    # ------------------------------------------------------------------
    # Commitments (HUE Phụ lục 1)
    # ------------------------------------------------------------------

    def test_commitments_are_told(self):
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("accepted")
            part = report.assignment_ids
            mine = part.with_user(self.handler)
            mine.write({"result": "Sẽ sửa xong.", "promised_date": "2026-12-01"})
            mine.submit()
            part.with_user(self.leader).approve()
            report.publish()
        self.keep_quiet(22, 7)
        before = self.duties(self.operator, report)
        with self.at("2026-11-30 10:00"):
            self.cron("cron_promises")
        self.assertNotIn("promise", self.duties(self.handler, report))
        with self.at("2026-12-01 02:00"):
            self.cron("cron_promises")
        self.assertNotIn("promise", self.duties(self.handler, report), "at night")
        for hour in ("08", "09"):
            with self.at(f"2026-12-01 {hour}:00"):
                self.cron("cron_promises")
        self.assertEqual(self.duties(self.handler, report).count("promise"), 1)
        with self.at("2026-12-02 00:30"):
            self.cron("cron_promises")
        self.assertTrue(part.promise_passed)
        self.assertEqual(self.duties(self.leader, report).count("promise_passed"), 1)
        after = self.duties(self.operator, report)
        self.assertEqual(after, [*before, "promise_passed"])
        rows = self.rows(report).filtered(
            lambda row: (row.facts or {}).get("duty") == "promise_passed"
        )
        for row in rows:
            self.assertLocal(row.due_at, "2026-12-02 07:00")
            self.assertFalse(row._is_moot())
        mine.keep_promise("Đã sửa xong.")
        self.assertTrue(all(row._is_moot() for row in rows))

    # ------------------------------------------------------------------
    # Questions by anybody (HUE Điều 12.1)
    # ------------------------------------------------------------------

    def test_managers_are_reminded_of_a_question(self):
        self.procedure.anyone_follows_up = True
        with self.at("2026-11-16 09:00"):
            report = self.make_report()
            report.standardised_description = "Ổ gà sâu, cần vá."
            report = self.walk_to("done", report)
        form = {"body": "Bao giờ?", "name": "Người hỏi", "phone": "0912 000 777"}
        with self.at("2026-11-16 15:00"):
            question = report.sudo()._ask_sudo(
                {**form, "consent": "1"}, user=self.env.ref("base.public_user")
            )
        [row] = self.rows(report, user_id=self.operator.id).filtered(
            lambda row: (row.facts or {}).get("duty") == "question"
        )
        self.assertEqual(row._link().rpartition("/")[2], "civic-questions")
        # Two hours on Monday, two on Tuesday.
        self.assertLocal(question.remind_at, "2026-11-17 09:30")
        with self.at("2026-11-17 09:31"):
            self.cron("cron_remind_questions")
        self.assertEqual(self.duties(self.manager, report), ["question"])
        question.with_user(self.operator).sudo(False).decline("Đã trả lời.")
        self.assertTrue(row._is_moot())
        with self.at("2026-11-18 09:31"):
            self.cron("cron_remind_questions")
        self.assertEqual(self.duties(self.manager, report), ["question"])
