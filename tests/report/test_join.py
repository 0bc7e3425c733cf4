from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ...models.ground.key import CitizenGrant
from ..rig.common import CivicCase

OTHER = "Người phản ánh thứ hai"
OTHER_PHONE = "0987654321"


@tagged("-at_install", "post_install")
class TestJoin(CivicCase):
    """One matter, several people (MATRIX §4): who sent it twice is cancelled, another
    person's report follows the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reporters = cls.env["civic.reporter"]
        cls.second = reporters.create(
            {"name": OTHER, "phone": OTHER_PHONE, "user_id": cls.other_citizen.id}
        )
        cls.third = reporters.create({"name": "Người thứ ba", "phone": "0977000111"})

    def of(self, reporter, **values):
        return self.make_report(reporter_id=reporter.id, **values)

    def followed(self, state="processing", **values):
        """The first report, as far as `state`, and one that is joined to it."""
        first = self.walk_to("processing", self.make_report(**values))
        joined = self.of(self.second)
        joined.join(first.id)
        if state != "processing":
            first.assignment_ids.with_user(self.handler).accept()
            self.submit(first.assignment_ids)
            first.assignment_ids.with_user(self.leader).approve()
        if state == "done":
            first.publish()
        return first, joined

    def told(self, report):
        rows = self.env["civic.outbox"].search(
            [("report_id", "=", report.id), ("audience", "=", "reporter")], order="id"
        )
        return rows.filtered(lambda row: row.channel == "email")

    # ------------------------------------------------------------------
    # Which of the two
    # ------------------------------------------------------------------

    def test_only_the_same_persons_is_cancelled(self):
        first, other = self.make_report(), self.of(self.second)
        with self.assertRaisesRegex(UserError, "join it instead"):
            other.mark_duplicate(first.id)
        self.assertEqual(other.state, "new")
        again = self.make_report()
        with self.assertRaisesRegex(UserError, "duplicate instead"):
            again.join(first.id)
        again.mark_duplicate(first.id)
        self.assertEqual(again.state, "cancelled")
        self.assertEqual((first.joined_count, first.support_count), (0, 0))

    def test_of_an_unknown_sender_nothing_is_known(self):
        first = self.make_report(reporter_id=False)
        other = self.make_report(reporter_id=False)
        with self.assertRaises(UserError):
            other.mark_duplicate(first.id)
        other.join(first.id)
        self.assertEqual(other.state, "joined")

    def test_the_dialog_knows_which(self):
        first = self.make_report()
        wizard = self.env["civic.wizard.mark.duplicate"].with_user(self.operator)
        for report, effect, state in (
            (self.make_report(), "mark_duplicate", "cancelled"),
            (self.of(self.second), "join", "joined"),
        ):
            dialog = wizard.create({"report_id": report.id, "of_id": first.id})
            self.assertEqual(dialog.effect, effect)
            dialog.action_confirm()
            self.assertEqual(report.state, state)

    def test_the_first_must_go_on(self):
        refused = self.make_report()
        refused.refuse("incomplete", "Thiếu.")
        for verb, report in (
            ("join", self.of(self.second)),
            ("mark_duplicate", self.make_report()),
        ):
            with self.assertRaisesRegex(UserError, "ended without"):
                getattr(report, verb)(refused.id)
        answered = self.walk_to("done")
        with self.assertRaisesRegex(UserError, "answered already"):
            self.make_report().mark_duplicate(answered.id)
        with self.assertRaises(MissingError):
            report.join(report.id)

    def test_an_emergency_does_not_wait_behind_another_report(self):
        first, fire = self.make_report(), self.of(self.second)
        fire.track = "emergency"
        with self.assertRaisesRegex(UserError, "is an emergency"):
            fire.join(first.id)
        own = self.make_report(track="emergency")
        with self.assertRaisesRegex(UserError, "is an emergency"):
            own.mark_duplicate(first.id)
        own.mark_duplicate(self.make_report(track="emergency").id)
        self.assertEqual(own.state, "cancelled")

    def test_where_the_text_does_not_end_what_is_sent_twice(self):
        """BG, QN, BP: it follows the first as anybody's does; who met it counts once,
        and whose both are may know the first."""
        for province in ("bg", "qn", "bp"):
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            self.company.civic_procedure_id = procedure
            with self.subTest(province=province):
                first = self.make_report(visibility="private")
                again = self.make_report()
                with self.assertRaisesRegex(UserError, "join it instead"):
                    again.mark_duplicate(first.id)
                wizard = self.env["civic.wizard.mark.duplicate"]
                dialog = wizard.with_user(self.operator).create(
                    {"report_id": again.id, "of_id": first.id}
                )
                self.assertEqual(dialog.effect, "join")
                dialog.action_confirm()
                self.assertEqual(again.state, "joined")
                self.assertEqual((first.joined_count, first.support_count), (1, 0))
                own = again.with_user(self.citizen).sudo()._own_values()
                self.assertEqual(own["first_code"], first.name)
                again.unjoin("Việc khác.")
                self.assertEqual((first.joined_count, first.support_count), (0, 0))

    def test_two_cannot_follow_each_other(self):
        first, second = self.make_report(), self.of(self.second)
        second.join(first.id)
        with self.assertRaisesRegex(UserError, "this one that goes"):
            first.join(second.id)

    # ------------------------------------------------------------------
    # Following
    # ------------------------------------------------------------------

    def test_joined_stays_and_is_answered_with_the_first(self):
        first, joined = self.followed()
        self.assertEqual(joined.state, "joined")
        self.assertFalse(joined.step_ids.filtered(lambda step: step.state == "open"))
        self.assertFalse(joined.deadline or joined.is_overdue or joined.is_published)
        self.assertEqual((first.joined_count, first.support_count), (1, 1))
        self.walk_on(first)
        self.assertEqual(joined.state, "done")
        self.assertEqual(joined.public_result, first.public_result)
        self.assertTrue(joined.closed_at)
        self.assertFalse(joined.is_published, "the first one's page is the matter's")
        level = self.procedure.scale_id.level_ids[-1]
        joined.with_user(self.other_citizen).rate(level.id, "Chưa xong.")
        self.assertEqual(joined.rating_level_id, level)
        self.assertFalse(first.rating_level_id)

    def walk_on(self, first):
        first.assignment_ids.with_user(self.handler).accept()
        self.submit(first.assignment_ids)
        first.assignment_ids.with_user(self.leader).approve()
        first.publish()

    def test_its_sender_is_told_of_course_and_result(self):
        self.second.email_from = "thu.hai@example.com"
        first = self.make_report()
        joined = self.of(self.second)
        joined.join(first.id)
        self.walk_to("processing", first)
        self.walk_on(first)
        rows = self.told(joined)
        events = rows.notice_id.mapped("event")
        self.assertEqual(events, ["send", "join", "dispatch", "publish"])
        words = "\n".join("\n".join(row._words()) for row in rows)
        self.assertIn(joined.name, words)
        self.assertIn(first.name, words)
        self.assertIn(self.agency.name, words)
        self.assertIn(first.public_result, words)
        for secret in (self.reporter.name, "nguoi.phan.anh", "912345678"):
            self.assertNotIn(secret, words)
        self.assertEqual(
            len(self.told(first)), len(self.told(first).notice_id), "each told once"
        )

    def test_what_is_not_public_is_not_passed_on(self):
        first, joined = self.followed("resolved", visibility="private")
        first.publish()
        self.assertEqual(joined.state, "resolved")
        self.assertFalse(joined.public_result)
        self.step_of(joined, "publish")
        values = joined.sudo()._own_values()
        self.assertNotIn(first.name, str(values))
        self.assertNotIn(self.agency.name, str(values))
        joined.public_result = "Đã vá ổ gà."
        joined.publish()
        self.assertEqual(joined.state, "done")
        words = "\n".join(
            "\n".join(row._words()) for row in self.told(joined).with_user(1)
        )
        self.assertNotIn(first.name, words)

    def test_neither_learns_of_the_other(self):
        first, joined = self.followed(description="Lời của người thứ nhất.")
        grant = CitizenGrant(frozenset(joined.ids))
        own = joined.sudo().with_context(civic_grant=grant)._own_values()
        self.assertEqual(own["first_code"], first.name)
        self.assertIn(first.name.lower(), own["first_path"])
        codes = [row["code"] for row in own["timeline"]]
        self.assertIn("dispatch", codes)
        for secret in (self.reporter.name, first.sudo().description):
            self.assertNotIn(secret, str(own))
        public = str(first.sudo()._public_values())
        for secret in (OTHER, OTHER_PHONE, joined.name, joined.sudo().description):
            self.assertNotIn(secret, public)
        for user in (self.handler, self.province_leader, self.citizen):
            for record in (first, joined):
                with self.assertRaises(AccessError):
                    record.with_user(user).sudo(False).read(["joined_to_id"])
                with self.assertRaises(AccessError):
                    record.with_user(user).sudo(False).read(["joined_ids"])

    def test_a_joined_one_is_neither_refused_nor_overdue(self):
        self.followed()
        figures = self.env["civic.figure"]
        figures._cron_refresh()
        total = figures._public_figures_sudo(self.company)["total"]
        self.assertEqual(total["refused"], 0)
        self.assertEqual(total["overdue"], 0)
        self.assertEqual(total["in_hand"], 2)

    # ------------------------------------------------------------------
    # Chains, and ends
    # ------------------------------------------------------------------

    def test_counts_are_carried_along(self):
        first, second, third = (
            self.make_report(),
            self.of(self.second),
            self.of(self.third),
        )
        third.join(second.id)
        second.join(first.id)
        self.assertEqual(third.joined_to_id, first)
        self.assertEqual((first.joined_count, first.support_count), (2, 2))
        self.assertEqual((second.joined_count, second.support_count), (0, 0))
        # A chain is followed to its end.
        fourth = self.make_report(reporter_id=False)
        fourth.join(third.id)
        self.assertEqual(fourth.joined_to_id, first)
        # The first was sent twice: those that follow it go along.
        again = self.make_report()
        first.mark_duplicate(again.id)
        self.assertEqual((second | third | fourth).joined_to_id, again)
        self.assertEqual((again.joined_count, again.support_count), (3, 3))

    def test_undone_when_it_turns_out_different(self):
        first, joined = self.followed()
        joined.unjoin("Ổ gà ở đường khác.")
        self.assertEqual(joined.state, "received")
        self.assertFalse(joined.joined_to_id)
        self.step_of(joined, "intake")
        self.assertEqual((first.joined_count, first.support_count), (0, 0))
        first, joined = self.followed("done")
        joined.reopen("Vẫn còn.")
        self.assertFalse(joined.joined_to_id)
        self.assertEqual(first.joined_count, 0)

    def test_withdrawn_by_its_sender(self):
        first, joined = self.followed()
        joined.with_user(self.other_citizen).withdraw("")
        self.assertEqual(joined.state, "cancelled")
        self.assertEqual(first.joined_count, 0)

    def test_the_first_ends_without_an_answer(self):
        first = self.make_report()
        second, third = self.of(self.second), self.of(self.third)
        second.join(first.id)
        third.join(first.id)
        first.refuse("incomplete", "Thiếu.")
        self.assertEqual(second.state, "received")
        self.step_of(second, "intake")
        self.assertEqual((third.state, third.joined_to_id), ("joined", second))
        self.assertEqual((second.joined_count, first.joined_count), (1, 0))

    def test_the_first_is_taken_up_again(self):
        first, joined = self.followed("done")
        level = self.procedure.scale_id.level_ids[0]
        joined.with_user(self.other_citizen).rate(level.id, "")
        first.reopen("Vẫn còn.")
        self.assertEqual(joined.state, "joined")
        self.assertFalse(joined.rating_level_id or joined.published_at)
        self.assertIn("rating_kept", joined.event_ids.mapped("code"))

    def test_forwarded_with_the_first(self):
        first = self.walk_to("received")
        joined = self.of(self.second)
        joined.join(first.id)
        first.forward(self.agency.id, "Theo dõi.")
        self.assertEqual(joined.state, "forwarded")
        self.assertTrue(joined.closed_at)

    def test_what_came_in_before_the_answer_is_answered_by_it(self):
        with self.at("2026-11-20 08:00"):
            joined = self.of(self.second)
        with self.at("2026-11-20 09:00"):
            first = self.walk_to("done")
        with self.at("2026-11-20 10:00"):
            joined.join(first.id)
            self.assertEqual(joined.state, "done")
            with self.assertRaisesRegex(UserError, "answered already"):
                self.of(self.third).join(first.id)

    def test_identity_is_kept_while_its_report_is_joined(self):
        _first, _joined = self.followed()
        self.assertIn("still being handled", self.second._deletion_obstacle())
