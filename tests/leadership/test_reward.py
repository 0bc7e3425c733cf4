"""Rewards: who proposes and decides, and nothing of a citizen; initiatives."""

from functools import partial

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import Form, tagged

from ..rig.acts import ActsCase
from ..rig.case_verbs import CaseVerbs

MERIT = "Báo kịp thời điểm sạt lở, tránh được tai nạn."


class RewardCase(ActsCase):
    def proposed(self, user=None, **values):
        user = user or self.leader
        return (
            self.env["civic.reward"]
            .with_user(user)
            .create(
                {
                    "kind": "citizen",
                    "report_id": self.walk_to("accepted").id,
                    "merit": MERIT,
                    "proposer_agency_id": self.agency.id,
                    **values,
                }
            )
        )


@tagged("-at_install", "post_install")
class TestReward(RewardCase):
    def test_heads_of_agencies_propose(self):
        reward = self.proposed()
        self.assertEqual(reward.state, "proposed")
        self.assertEqual(reward.proposed_by_id, self.leader)
        self.assertEqual(reward.sudo().event_ids.code, "reward_proposed")
        with self.assertRaises(AccessError):
            self.proposed(proposer_agency_id=False)
        with self.assertRefused(AccessError, MissingError):
            self.proposed(proposer_agency_id=self.other_agency.id)
        for user in (self.handler, self.plain, self.operator):
            with self.assertRaises(AccessError):
                self.proposed(user)
        self.assertTrue(self.proposed(self.manager, proposer_agency_id=False))

    def test_a_report_that_is_not_theirs(self):
        report = self.walk_to("received")
        with self.assertRefused(MissingError, AccessError):
            self.proposed(report_id=report.id)

    def test_for_one_and_for_whom(self):
        for values in (
            {"report_id": False},
            {"kind": "agency"},
            {"kind": "officer", "report_id": False},
            {"agency_id": self.agency.id},
            {"merit": "  "},
        ):
            with self.assertRaises(UserError):
                self.proposed(**values)
        values = {"kind": "officer", "report_id": False}
        self.assertTrue(self.proposed(officer_id=self.handler.id, **values))
        with self.assertRaisesRegex(UserError, "does not work"):
            self.proposed(officer_id=self.other_handler.id, **values)

    def test_nothing_of_the_citizen(self):
        with self.assertRaisesRegex(UserError, "names somebody"):
            self.proposed(merit="Ông 0912 345 678 đã báo kịp thời.")
        with self.assertRaisesRegex(UserError, "the sender's name"):
            self.proposed(
                self.manager,
                merit="Người phản ánh đã báo kịp thời.",
                proposer_agency_id=False,
            )
        reward = self.proposed()
        for name in reward._fields:
            if reward._has_field_access(reward._fields[name], "read"):
                self.assertNotIn("0912345678", str(reward[name]))

    def test_who_reads(self):
        self.set_up_neighbour()
        reward = self.proposed()
        for user in (self.manager, self.operator, self.province_leader, self.leader):
            self.assertTrue(reward.with_user(user).merit)
        for user in (self.other_leader, self.beyond_manager, self.beyond_leader):
            self.assertFalse(reward.with_user(user).search([]))

    def test_decided_and_declined(self):
        reward = self.proposed()
        for user in (self.leader, self.operator):
            with self.assertRaises(AccessError):
                reward.with_user(user).decide_reward("9/QĐ", "2026-11-20")
        acting = reward.with_user(self.province_leader)
        for document, day in (("", "2026-01-02"), ("9/QĐ", "2099-01-01"), ("9", "x")):
            with self.assertRaises(UserError):
                acting.decide_reward(document, day)
        acting.decide_reward("9/QĐ-UBND", "2026-01-02")
        self.assertEqual(reward.state, "decided")
        self.assertEqual(reward.decision_number, "9/QĐ-UBND")
        with self.assertRaises(UserError):
            acting.decline_reward("Muộn.")
        other = self.proposed().with_user(self.manager)
        other.decline_reward("Chưa đủ điều kiện.")
        self.assertEqual(other.state, "declined")

    def test_many_are_proposed_in_as_many_queries(self):
        agencies = self.led_agencies(50)

        def count(number):
            values = [
                {
                    "kind": "agency",
                    "agency_id": agency.id,
                    "merit": MERIT,
                    "proposer_agency_id": self.agency.id,
                }
                for agency in agencies[:number]
            ]
            rewards = self.env["civic.reward"].with_user(self.leader).sudo(False)
            return self.queries_of(lambda: rewards.create(values))

        count(1)
        one, many = count(1), count(50)
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 30)

    def test_what_deciding_costs(self):
        for verb, arguments in {
            "decide_reward": ("9/QĐ", "2026-01-02"),
            "decline_reward": ("Chưa đủ.",),
        }.items():
            act = getattr(self.proposed().with_user(self.manager), verb)
            number = self.queries_of(partial(act, *arguments))
            self.assertLessEqual(number, 25, verb)

    def test_it_stays(self):
        reward = self.proposed()
        with self.assertRaises(UserError):
            reward.write({"merit": "Khác"})
        with self.assertRaises(UserError):
            reward.with_user(self.manager).unlink()

    def test_by_the_dialog(self):
        reward = self.proposed().with_user(self.manager)
        context = {"active_model": "civic.reward", "active_id": reward.id}
        model = reward.env["civic.wizard.decide.reward"].with_context(**context)
        with Form(model.with_context(default_verb="decide_reward")) as form:
            form.document, form.date = "9/QĐ", "2026-01-02"
        form.save().action_confirm()
        self.assertEqual(reward.state, "decided")


@tagged("-at_install", "post_install")
class TestRewardVerbs(CaseVerbs, RewardCase):
    def test_every_state(self):
        people = (
            *(self.province_leader, self.manager, self.operator, self.leader),
            *(self.other_leader, self.plain),
        )
        arguments = {
            "decide_reward": ("9/QĐ", "2026-01-02"),
            "decline_reward": ("Chưa đủ.",),
        }
        self.walk_case(self.proposed().sudo(), people, arguments)
        self.assert_all_called("civic.reward")


@tagged("-at_install", "post_install")
class TestInitiative(ActsCase):
    def test_marked_and_taken_off(self):
        report = self.walk_to("received")
        self.assertIn("mark_initiative", report.allowed_verbs)
        report.mark_initiative("Giảm ngập cho cả khu phố.")
        self.assertTrue(report.is_initiative)
        self.assertNotIn("mark_initiative", report.allowed_verbs)
        with self.assertRaisesRegex(UserError, "already"):
            report.mark_initiative("Lần nữa.")
        report.unmark_initiative("Đã có trong quy hoạch.")
        self.assertFalse(report.is_initiative or report.initiative_note)
        codes = report.event_ids.mapped("code")
        self.assertLessEqual({"mark_initiative", "unmark_initiative"}, set(codes))

    def test_the_centre_alone(self):
        report = self.walk_to("accepted")
        for user in (self.handler, self.leader, self.province_leader):
            with self.assertRaises(AccessError):
                report.with_user(user).mark_initiative("Hay.")
        with self.assertRaises(AccessError):
            report.with_user(self.handler).read(["initiative_note"])

    def test_by_the_dialog(self):
        report = self.walk_to("received")
        model = report.env["civic.wizard.initiative"].with_context(
            active_model="civic.report",
            active_id=report.id,
            default_verb="mark_initiative",
        )
        with Form(model) as form:
            form.note = "Giảm ngập."
        form.save().action_confirm()
        self.assertEqual(report.initiative_note, "Giảm ngập.")
