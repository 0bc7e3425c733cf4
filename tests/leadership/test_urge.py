"""Urging: who may, whom it tells, once a day, and nothing of a sender."""

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import Form, tagged

from ..rig.acts import ActsCase

WORDS = "Đề nghị xử lý dứt điểm trong tuần."


@tagged("-at_install", "post_install")
class TestUrge(ActsCase):
    def part(self, user, report=None):
        report = report or self.walk_to("accepted")
        return report.assignment_ids.with_user(user).sudo(False)

    def urged(self, part):
        return part.sudo().event_ids.filtered(lambda row: row.code == "urge")

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_the_centre_and_the_province_urge(self):
        for user in (self.operator, self.manager, self.province_leader):
            part = self.part(user)
            self.assertIn("urge", part.allowed_verbs)
            part.urge(WORDS)
            event = self.urged(part)
            self.assertEqual(event.user_id, user)
            self.assertEqual(event.note, WORDS)
            self.assertFalse(event.is_public)

    def test_agencies_do_not_urge_themselves(self):
        for user in (self.handler, self.leader):
            part = self.part(user)
            self.assertNotIn("urge", part.allowed_verbs)
            with self.assertRaises(AccessError):
                part.urge(WORDS)

    def test_who_leads_the_agency_above_urges(self):
        """ST Điều 13.4."""
        self.set_up_above()
        part = self.part(self.above_leader)
        self.assertIn("urge", part.allowed_verbs)
        part.urge(WORDS)
        self.assertEqual(self.urged(part).user_id, self.above_leader)
        self.above.write({"leader_ids": [(5,)], "focal_leader_id": False})
        self.env.invalidate_all()
        with self.assertRefused(AccessError, MissingError):
            self.part(self.above_leader).urge(WORDS)

    def test_who_leads_both_is_not_above_the_own_agency(self):
        self.set_up_above()
        self.above.leader_ids |= self.leader
        self.assertNotIn("urge", self.part(self.leader).allowed_verbs)

    def test_a_stranger_finds_nothing(self):
        self.set_up_neighbour()
        report = self.walk_to("accepted")
        strangers = (self.other_leader, self.beyond_manager, self.beyond_province)
        for user in strangers:
            with self.assertRaises(MissingError):
                self.part(user, report).urge(WORDS)
        self.assertFalse(self.urged(report.assignment_ids))

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def test_once_a_day_where_the_province_is(self):
        with self.at("2026-11-16 23:30"):
            part = self.part(self.manager)
            part.urge(WORDS)
            self.assertNotIn("urge", part.allowed_verbs)
            with self.assertRaisesRegex(UserError, "today"):
                self.part(self.province_leader, part.report_id).urge(WORDS)
        # Half an hour later it is another day in Viet Nam, and the same in UTC.
        with self.at("2026-11-17 00:01"):
            part.invalidate_recordset()
            part.urge(WORDS)
        self.assertEqual(len(self.urged(part)), 2)

    def test_only_work_in_hand(self):
        for state in ("resolved", "done"):
            with self.assertRaises(UserError):
                self.part(self.manager, self.walk_to(state)).urge(WORDS)
        report = self.walk_to("accepted")
        report.escalate("Không thống nhất.")
        with self.assertRaisesRegex(UserError, "deciding"):
            self.part(self.manager, report).urge(WORDS)

    def test_words_are_needed(self):
        part = self.part(self.manager)
        for words in ("", "   ", None, 5):
            with self.assertRaisesRegex(UserError, "Write"):
                part.urge(words)

    # ------------------------------------------------------------------
    # Whom it tells
    # ------------------------------------------------------------------

    def test_handler_and_leaders_are_told(self):
        second = self.make_user("leader_2", "civic_report.group_leader")
        second.email = "leader_2@example.com"
        self.agency.leader_ids |= second
        part = self.part(self.province_leader)
        self.forget_messages()
        part.urge(WORDS)
        told = {(user.login, "email") for user in (self.handler, self.leader, second)}
        self.assertEqual(self.told_of("urge"), told)
        row = self.rows(part.report_id, user_id=self.handler.id)[-1:]
        subject, body = row._words()
        self.assertIn(part.report_id.name, subject)
        self.assertIn(WORDS, body)
        self.assertIn(f"/odoo/civic-work/{part.id}", body)

    def test_who_has_left_is_told_nothing(self):
        self.leader.email = "gone@example.com"
        part = self.part(self.manager)
        self.leader.active = False
        self.forget_messages()
        part.urge(WORDS)
        self.assertEqual(self.told_of("urge"), {(self.handler.login, "email")})

    def test_an_agency_without_a_leader(self):
        """Whoever leads the agency above hears of it; nobody at all stops nothing."""
        self.set_up_above()
        self.agency.write({"leader_ids": [(5,)], "focal_leader_id": False})
        part = self.part(self.manager)
        self.forget_messages()
        part.urge(WORDS)
        self.assertIn((self.above_leader.login, "email"), self.told_of("urge"))
        self.agency.parent_id = False
        part = self.part(self.manager)
        self.forget_messages()
        part.urge(WORDS)
        self.assertEqual(self.told_of("urge"), {(self.handler.login, "email")})

    def test_sms_says_no_words(self):
        notice = self.env.ref("civic_report.notice_urge_handler_sms")
        self.assertNotIn("{message}", notice.body)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            notice.body = "{message}"

    # ------------------------------------------------------------------
    # Who sent it
    # ------------------------------------------------------------------

    def test_words_do_not_name_the_sender(self):
        for words in ("Gọi 0912 345 678 ngay.", "Ông/bà Người phản ánh đang chờ."):
            part = self.part(self.operator)
            with self.assertRaisesRegex(UserError, "names somebody"):
                part.urge(words)
        # Who may not know the sender does not find out by trying.
        part = self.part(self.province_leader)
        part.urge("Ông/bà Người phản ánh đang chờ.")
        note = self.urged(part).with_user(self.handler).note
        self.assertNotIn("Người phản ánh", note)

    def test_numbers_of_offices_may_stand_there(self):
        self.agency.phone = "0234 3822 999"
        self.part(self.operator).urge("Gọi lại Sở theo số 0234 3822 999.")

    # ------------------------------------------------------------------
    # Many
    # ------------------------------------------------------------------

    def test_the_same_queries_for_many(self):
        def count(number):
            reports = [self.walk_to("accepted") for _index in range(number)]
            ids = [report.assignment_ids.id for report in reports]
            parts = self.env["civic.assignment"].with_user(self.manager).browse(ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            parts.urge(WORDS)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        one, many = count(1), count(20)
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 45)

    # ------------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------------

    def dialog(self, records, user):
        records = records.with_user(user)
        return Form(
            records.env["civic.wizard.urge"].with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records[:1].id,
            )
        )

    def test_from_a_list_who_cannot_be_urged_is_left_out(self):
        able = self.walk_to("accepted").assignment_ids
        urged = self.walk_to("accepted").assignment_ids
        ended = self.walk_to("resolved").assignment_ids
        urged.with_user(self.manager).urge(WORDS)
        form = self.dialog(able | urged | ended, self.manager)
        self.assertEqual(form.left_out, 2)
        form.message = WORDS
        form.save().action_confirm()
        self.assertEqual(len(self.urged(able)), 1)
        self.assertEqual(len(self.urged(urged)), 1)

    def test_from_duties(self):
        report = self.walk_to("accepted")
        steps = report.sudo().assignment_ids.step_ids.filtered(
            lambda row: row.state == "open"
        )
        form = self.dialog(steps, self.manager)
        form.message = WORDS
        form.save().action_confirm()
        self.assertEqual(len(self.urged(report.assignment_ids)), 1)
        centre = self.walk_to("received").sudo().step_ids
        with self.assertRaisesRegex(UserError, "Centre"):
            self.dialog(centre, self.manager)

    def test_nobody_opens_it_on_what_is_not_theirs(self):
        part = self.walk_to("accepted").assignment_ids
        with self.assertRaises(MissingError):
            self.dialog(part, self.other_leader)
