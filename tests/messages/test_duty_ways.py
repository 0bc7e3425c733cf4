"""Everybody who gets a duty is told by the ways that they have."""

from odoo.tests import tagged

from ...models.messages.occasions.duty_way import CO_RETURNED
from ..rig.ways import TOLD_OTHERWISE, DutyCase


@tagged("-at_install", "post_install")
class TestDutyWays(DutyCase):
    # ------------------------------------------------------------------
    # The table
    # ------------------------------------------------------------------

    def test_every_duty_is_in_the_table_or_told_otherwise(self):
        ways = self.env["civic.duty.way"]
        codes = {code for code, _label in ways._selection_code()}
        told = set(ways.search([]).mapped("code"))
        self.assertEqual(codes - told, TOLD_OTHERWISE)

    def test_each_way_is_a_channel_with_words_for_duties(self):
        """A driver brings its column `by_`; the table takes up each that there is."""
        ways = self.env["civic.duty.way"]._ways()
        self.assertEqual(set(ways), {"email", "push", "sms", "zalo"})
        notices = self.env["civic.notice"].search([("event", "=", "duty")])
        self.assertEqual(set(notices.mapped("channel")), set(ways))

    def test_an_ordinary_report_from_end_to_end(self):
        report = self.walk_to("accepted")
        assignment = report.assignment_ids
        self.check(report, "intake")
        self.check(report, "process")  # the own act
        self.submit(assignment)
        self.check(report, "approve", "leader")
        assignment.with_user(self.leader).send_back("Thiếu ảnh.")
        self.check(report, "process", "handler")
        self.submit(assignment)
        assignment.with_user(self.leader).approve()
        self.check(report, "publish", "operator")
        report.request_fix(assignment.ids, "Sai mẫu.")
        again = self.told(report, "process", assignment_id=assignment.id)
        self.assertEqual(again, {(self.handler.login, "email")})
        self.assertEqual(
            len(
                self.rows(report, user_id=self.handler.id).filtered(
                    lambda row: (row.facts or {}).get("duty") == "process"
                )
            ),
            2,
        )

    def test_a_new_assignment_is_told_once(self):
        """Where taking in is no step of its own, handling begins with the dispatch."""
        self.procedure.accept_step = False
        report = self.walk_to("processing")
        self.check(report, "process")
        events = self.rows(report, user_id=self.handler.id).mapped("notice_id.event")
        self.assertEqual(events, ["assigned"])

    def test_the_leader_assigns(self):
        self.use("bg")
        report = self.make_report()
        report.receive()
        report.classify(self.category.id)
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).accept()
        self.check(report, "assign", "leader")
        report.assignment_ids.with_user(self.leader).assign(self.handler.id)
        self.check(report, "process", "handler")

    def test_the_coordinating_agency(self):
        report = self.make_report(track="sensitive", visibility="sensitive")
        report.receive()
        report.consult(self.coordinating_agency.id)
        self.check(report, "consult", "coordinator", "coordinating_agency")
        report.with_user(self.coordinator).answer_consult([self.agency.id])
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).accept()
        self.submit(report.assignment_ids)
        report.assignment_ids.with_user(self.leader).approve()
        report.ask_concurrence()
        self.check(report, "concur", "coordinator", "coordinating_agency")
        report.with_user(self.coordinator).concur()
        self.check(report, "publish", "operator")

    def test_the_province_decides(self):
        self.use("st")
        report = self.walk_to("received")
        report.ask_designation("Chưa rõ.")
        self.check(report, "designate", "province_leader")

    def test_follow_ups(self):
        for code, people in (
            ("hue", ["handler"]),
            ("bg", ["handler", "operator"]),
        ):
            self.use(code)
            report = self.make_report()
            report.receive()
            if code == "bg":
                report.classify(self.category.id)
            report.dispatch([self.agency.id])
            report.assignment_ids.with_user(self.handler).accept()
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).approve()
            report.publish()
            report.with_user(self.citizen).follow_up("Khi nào xong?")
            self.check(report, "interaction", *people)

    def test_what_a_co_agency_gives_back(self):
        self.use("st")
        report = self.walk_to("accepted")
        lead = report.assignment_ids
        agencies = self.other_agency | self.coordinating_agency
        lead.with_user(self.handler).invite(agencies.ids, "Phối hợp.")
        co = lead.co_ids.filtered(lambda row: row.agency_id == self.other_agency)
        co.with_user(self.other_handler).return_wrong("Không thuộc thẩm quyền.")
        self.check(report, CO_RETURNED, "handler")
        self.check(report, "process")  # another co-agency is at work
        second = lead.co_ids - co
        self.coordinator.group_ids |= self.env.ref("civic_report.group_handler")
        second.with_user(self.coordinator).return_wrong("Cũng không.")
        self.check(report, "process", "handler")

    def test_co_agencies_and_their_lead(self):
        self.use("st")
        report = self.walk_to("accepted")
        lead = report.assignment_ids
        lead.with_user(self.handler).invite(self.other_agency.ids, "Phối hợp.")
        co = lead.co_ids
        if co.state == "pending":
            co.with_user(self.other_handler).accept()
        co.with_user(self.other_handler).submit("Đã phối hợp xong.")
        self.check(report, "co_approve", "other_leader")
        co.with_user(self.other_leader).approve()
        self.check(report, "consolidate", "handler")

    # ------------------------------------------------------------------
    # Whom, when, how many
    # ------------------------------------------------------------------

    def test_emergencies_at_once(self):
        self.manager.phone = "0912000333"
        self.make_sms()
        fire = self.env["civic.category"].search([("track", "=", "emergency")], limit=1)
        with self.at("2026-10-16 23:00"):
            report = self.make_report(category_id=fire.id)
        told = self.told(report, "intake")
        self.assertIn((self.manager.login, "email"), told)
        self.assertIn((self.manager.login, "sms"), told)
        rows = self.rows(report).filtered(lambda row: row.notice_id.event == "duty")
        self.assertEqual(set(rows.mapped("priority")), {0})
        self.assertEqual(rows.mapped("due_at"), rows.mapped("queued_at"))

    def test_officers_by_zalo(self):
        self.make_zalo()
        notice = self.env.ref("civic_report.notice_duty_zalo")
        self.leader.phone = "0912000444"

        def told():
            report = self.walk_to("submitted")
            return (self.leader.login, "zalo") in self.told(report, "approve")

        self.assertFalse(told())  # no template: the province does not tell it so
        self.env["civic.gateway.template"].create(
            {"gateway_id": self.zalo.id, "notice_id": notice.id, "template": "100"}
        )
        self.assertTrue(told())
        self.leader.with_user(self.leader).civic_tell_zalo = False
        self.assertFalse(told())
        self.leader.write({"civic_tell_zalo": True, "phone": False})
        self.assertFalse(told())

    def test_what_comes_together_is_one_message(self):
        with self.at("2026-10-16 10:00") as clock:
            reports = [self.walk_to("submitted") for _ in range(3)]
            self.server.received.clear()
            self.env["civic.outbox"].search([("notice_id.event", "!=", "duty")]).write(
                {"state": "dropped"}
            )
            self.deliver()
            self.assertFalse(self.server.received)  # it is being gathered
            # Done meanwhile: not told any more.
            reports[2].assignment_ids.with_user(self.leader).approve()
            clock.shift(11 * 60)
            self.deliver("cron_outbox_urgent")
        mine = [
            row
            for report in reports
            for row in self.rows(report, user_id=self.leader.id)
            if row.notice_id.event == "duty"
        ]
        self.assertEqual([row.state for row in mine], ["sent", "sent", "expired"])
        letters = [
            letter for letter in self.server.received if "leader@" in str(letter)
        ]
        self.assertEqual(len(letters), 1)

    def test_words_of_one_and_of_many(self):
        reports = [self.walk_to("submitted") for _ in range(2)]
        rows = self.env["civic.outbox"].browse(
            self.rows(report, user_id=self.leader.id)
            .filtered(lambda row: row.notice_id.event == "duty")
            .id
            for report in reports
        )
        subject, body = rows[0]._words()
        self.assertEqual(subject, f"Approve {reports[0].name}")
        self.assertIn(f"/odoo/civic-work/{reports[0].assignment_ids.id}", body)
        self.assertIn("Due: ", body)
        together = rows[0].with_context(civic_turns=rows[1].ids)
        subject, body = together._words()
        self.assertEqual(subject, "2 duties wait for you")
        for report in reports:
            self.assertIn(f"{report.name} · Approve · ", body)

    def test_where_no_person_is_the_agency_is_told(self):
        report = self.walk_to("accepted")
        self.leader.active = False
        self.submit(report.assignment_ids)
        self.check(report, "approve", "agency")

    def test_the_table_is_the_administrators(self):
        row = self.env.ref("civic_report.duty_way_approve_holder")
        row.with_user(self.administrator).active = False
        report = self.walk_to("submitted")
        self.check(report, "approve")

    def test_nobody_keeps_the_others_in_the_dark(self):
        """A context that anybody may send silences nothing."""
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        assignment.with_context(civic_told=True).submit("Đã vá ổ gà.")
        self.check(report, "approve", "leader")
