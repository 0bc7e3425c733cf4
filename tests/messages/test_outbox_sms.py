import json
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ...tools.short_text import parts
from ..rig.ways import WaysCase

ROWS_ODOO_KEEPS = ("sms.sms", "sms.tracker", "mail.mail", "mail.message")


@tagged("-at_install", "post_install")
class TestOutboxSms(WaysCase):
    """Citizens and agencies are told by SMS, through a provider on this machine."""

    way = "sms"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_sms()

    # ------------------------------------------------------------------
    # Which way
    # ------------------------------------------------------------------

    def told(self, **values):
        """By which ways the sender is told that a report has arrived."""
        self.reporter.write(values)
        report = self.make_report()
        return self.rows(report, audience="reporter").mapped("channel")

    def test_one_way_for_each_happening(self):
        self.assertEqual(self.told(), ["email"])
        self.assertEqual(self.told(tell_by="sms"), ["sms"])
        self.assertEqual(self.told(tell_by="zalo"), ["email"], "no account with Zalo")
        self.assertEqual(self.told(tell_by="auto", email_from=False), ["sms"])
        self.assertEqual(self.told(tell_by="email"), ["sms"], "there is no address")
        self.assertEqual(self.told(tell_by="email", phone=False), ["email"])

    def test_whoever_wishes_to_hear_nothing_hears_what_is_asked(self):
        self.assertEqual(self.told(tell_by="none"), [])
        report = self.make_report()
        report.request_supplement("Cho biết đoạn nào.")
        self.assertEqual(
            self.rows(report).mapped("notice_id.event"), ["request_supplement"]
        )

    def test_without_a_gateway_by_email(self):
        self.sms.active = False
        self.assertEqual(self.told(tell_by="sms"), ["email"])

    def test_a_hundred_reports_each_by_one_way(self):
        self.reporter.tell_by = "sms"
        reports = self.env["civic.report"].create([self.report_values()] * 100)
        self.assertEqual(self.rows().report_id & reports, reports)
        self.assertEqual(set(self.rows().mapped("channel")), {"sms"})
        self.assertEqual(len(self.rows()), 100)

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def test_the_citizen_gets_an_sms(self):
        self.by_phone_alone()
        row = self.after(self.esms, "accept")
        self.assertEqual((row.state, row.attempts), ("sent", 1))
        [asked] = self.esms.requests
        body = asked["body"]
        self.assertTrue(asked["path"].endswith("SendMultipleMessage_V4_post_json/"))
        self.assertEqual(
            {name: body[name] for name in ("Phone", "Brandname", "SmsType")},
            {"Phone": "0912345678", "Brandname": "CIVIC", "SmsType": "2"},
        )
        self.assertEqual(body["RequestId"], row.external_id)
        self.assertEqual(body["IsUnicode"], "0")
        self.assertIn(row.report_id.name, body["Content"])
        self.assertEqual(self.sms.state, "ok")

    def test_no_number_stays_in_any_table(self):
        self.by_phone_alone()
        before = {name: self.env[name].search_count([]) for name in ROWS_ODOO_KEEPS}
        row = self.after(self.esms, "accept")
        after = {name: self.env[name].search_count([]) for name in ROWS_ODOO_KEEPS}
        self.assertEqual(after, before)
        self.env.flush_all()
        self.cr.execute(
            "SELECT row_to_json(o)::text FROM civic_outbox o WHERE id = %s", [row.id]
        )
        self.assertNotIn("912345678", self.cr.fetchone()[0])

    def test_with_accents_if_the_company_wishes(self):
        self.by_phone_alone()
        self.company.name = "Trung tâm Huế"
        self.after(self.esms, "accept")
        self.assertIn("Trung tam Hue", self.esms.requests[-1]["body"]["Content"])
        self.company.civic_sms_plain = False
        self.after(self.esms, "accept")
        self.assertIn("Trung tâm Huế", self.esms.requests[-1]["body"]["Content"])
        self.assertEqual(self.esms.requests[-1]["body"]["IsUnicode"], "1")

    def test_a_long_text_is_cut(self):
        self.by_phone_alone()
        self.company.name = "Rất dài " * 100
        for is_plain in (True, False):
            self.company.civic_sms_plain = is_plain
            self.after(self.esms, "accept")
            content = self.esms.requests[-1]["body"]["Content"]
            self.assertEqual(parts(content), 3)

    def test_quiet_hours(self):
        self.keep_quiet(22, 7)
        self.by_phone_alone()
        row = self.after(self.esms, "accept", at="2026-11-16 22:30")
        self.assertEqual(row.state, "waiting")
        self.assertLocal(row.due_at, "2026-11-17 07:00")

    # ------------------------------------------------------------------
    # Failure
    # ------------------------------------------------------------------

    def test_a_fault_is_tried_again_under_the_same_name(self):
        self.by_phone_alone()
        row = self.after(self.esms, "error")
        self.assertEqual((row.state, row.strikes), ("waiting", 4))
        self.assertEqual(self.sms.state, "failing")
        self.esms.mode = "duplicate"
        self.again(row)
        self.assertEqual(row.state, "sent", "it had come before")
        ids = [body["RequestId"] for body in self.esms.bodies()]
        self.assertEqual(ids, [row.external_id] * 2)

    def test_what_may_have_arrived_is_not_told_in_another_way(self):
        self.reporter.tell_by = "sms"
        for mode in ("silent", "garbled", "error"):
            with self.subTest(mode=mode):
                row = self.after(self.esms, mode)
                self.again(row)
                self.again(row)
                self.assertEqual((row.state, row.attempts), ("dead", 3))
                self.assertEqual(len(self.rows(row.report_id)), 1)
        self.assertFalse(self.server.received)

    def test_a_provider_that_is_down_counts_nothing_and_holds_up_itself_alone(self):
        self.reporter.tell_by = "sms"
        with self.at("2026-11-16 10:00"):
            first, second = self.make_report(), self.make_report()
            self.reporter.tell_by = "email"
            third = self.make_report()
            self.esms.mode = "unavailable"
            self.deliver()
        rows = self.rows(first) + self.rows(second)
        self.assertEqual(len(self.esms.requests), 1, "the second one is not tried")
        self.assertEqual(rows.mapped("state"), ["waiting"] * 2)
        self.assertEqual(rows.mapped("strikes"), [0, 0])
        self.assertEqual(self.rows(third).state, "sent")
        self.esms.mode = "accept"
        with self.at("2026-11-16 10:30"):
            self.deliver()
        self.assertEqual(set(rows.mapped("state")), {"sent"})

    def test_our_keys_and_our_credit_are_nobodys_fault(self):
        self.by_phone_alone()
        for mode in ("unknown_key", "no_credit", "denied"):
            row = self.after(self.esms, mode)
            self.assertEqual((row.state, row.strikes), ("waiting", 0), mode)

    def test_refused_for_good_is_told_in_another_way_once(self):
        self.reporter.tell_by = "sms"
        row = self.after(self.esms, "bad_number")
        self.assertEqual(row.state, "dropped")
        self.assertIn("does not reach this number", row.error)
        self.assertIn("told in another way", row.error)
        self.assertNotIn("0912345678", row.error)
        second = self.rows(row.report_id) - row
        self.assertEqual((second.channel, second.state), ("email", "sent"))
        self.assertEqual(len(self.server.messages), 1)

    def test_no_other_way_somebody_decides(self):
        self.by_phone_alone()
        row = self.after(self.esms, "template")
        self.assertEqual(row.state, "dead")
        self.assertIn("not one registered", row.error)
        self.assertEqual(len(self.rows(row.report_id)), 1)

    def test_a_gateway_taken_away_meanwhile(self):
        self.reporter.tell_by = "sms"
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            self.sms.active = False
            self.deliver()
        self.assertEqual(self.rows(report).mapped("state"), ["dropped", "sent"])

    def test_replayed_by_an_operator(self):
        self.by_phone_alone()
        row = self.after(self.esms, "template").with_user(self.operator)
        self.esms.mode = "accept"
        with self.at("2026-11-16 10:01"):
            row.replay()
            self.deliver()
        self.assertEqual(row.state, "sent")

    def test_other_providers_of_odoo(self):
        self.sms.provider = "odoo"
        self.by_phone_alone()
        asked = []

        class Provider(SmsApiBase):
            state = "success"

            def _send_sms_batch(self, messages, delivery_reports_url=False):
                asked.append((messages, delivery_reports_url))
                if self.state == "crash":
                    raise ConnectionError("0912345678")
                return [{"uuid": "x", "state": self.state}]

        company = self.env.registry["res.company"]
        for state, expected in {
            "success": ("sent", False),
            "insufficient_credit": ("waiting", "credit"),
            "wrong_number_format": ("dead", "does not reach"),
            "crash": ("waiting", "failed (ConnectionError)"),
            "who knows": ("waiting", "nobody knows"),
        }.items():
            Provider.state = state
            with patch.object(company, "_get_sms_api_class", lambda self: Provider):
                row = self.after(self.esms, "accept")
            self.assertEqual(row.state, expected[0], state)
            if expected[1]:
                self.assertIn(expected[1], row.error)
        [message] = asked[0][0]
        self.assertEqual(message["numbers"][0]["number"], "+84912345678")
        self.assertFalse(asked[0][1], "its reports go elsewhere")

    # ------------------------------------------------------------------
    # Officers and agencies
    # ------------------------------------------------------------------

    def dispatched(self, **values):
        report = self.make_report(**values)
        if report.state == "new":
            report.receive()
        report.dispatch([self.agency.id])
        rows = self.rows(report).filtered(lambda row: row.notice_id.event == "assigned")
        return sorted(zip(rows.mapped("audience"), rows.mapped("channel"), strict=True))

    def test_agencies_and_officers_as_they_wish(self):
        usual = [("agency", "email"), ("user", "email")]
        self.assertEqual(self.dispatched(), usual)
        self.agency.duty_phone = "0234 3456 789"
        self.handler.phone = "0912000222"
        self.assertEqual(self.dispatched(), usual)
        self.agency.tell_sms = True
        self.handler.civic_tell_sms = True
        self.assertEqual(
            self.dispatched(), sorted([*usual, ("agency", "sms"), ("user", "sms")])
        )

    def test_emergencies_go_by_sms_anyway(self):
        self.agency.duty_phone = "0234 3456 789"
        self.handler.phone = "0912000222"
        told = self.dispatched(track="emergency")
        self.assertIn(("agency", "sms"), told)
        self.assertIn(("user", "sms"), told)

    def test_duty_telephones_are_telephones(self):
        with self.assertRaises(ValidationError):
            self.agency.duty_phone = "hỏi bảo vệ"

    def test_an_officer_sets_the_own_preference(self):
        self.handler.with_user(self.handler).civic_tell_sms = True
        self.assertTrue(self.handler.civic_tell_sms)

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def test_nothing_secret_goes_by_these_ways(self):
        """Every notice of every short channel, filled with canaries."""
        canary = "chimhoangyen"
        report = self.walk_to("done", self.make_report(subject=f"Ổ gà {canary}"))
        report._elevated().write(
            {
                name: f"{canary} {name}"
                for name in ("public_result", "reason_message", "description")
            }
        )
        event = report.sudo().event_ids[0]
        codes = self.env["civic.code"]
        codes._issue_sudo(report, "lookup")
        code = codes.sudo().search([("report_id", "=", report.id)])
        outbox = self.env["civic.outbox"]
        short = [driver._code for driver in self.env["civic.driver"]._able("_is_short")]
        notices = self.env["civic.notice"].search([("channel", "in", short)])
        self.assertGreater(len(notices), 30)
        for visibility in ("public", "private"):
            report._elevated().visibility = visibility
            for notice in notices:
                row = outbox.new(
                    {
                        "channel": notice.channel,
                        "notice_id": notice.id,
                        "audience": "reporter"
                        if notice.audience == "reporter"
                        else "user",
                        "company_id": self.company.id,
                        "user_id": self.handler.id,
                        "report_id": report.id,
                        "assignment_id": report.assignment_ids[:1].id,
                        "event_id": event.id,
                        "facts": {"late": 2, "soon": 3, "code": code.id},
                    }
                )
                text = "\n".join(row._words())
                text += json.dumps(notice._parameters(*row._wording()[1:]))
                for secret in (canary, self.reporter.name, "912345678", "vá ổ gà"):
                    self.assertNotIn(secret, text, notice.display_name)
                if visibility == "private" and notice.audience == "reporter":
                    self.assertNotIn("Sở Xây dựng", text)

    def test_texts_of_short_ways_hold_no_gap_for_words_of_people(self):
        notice = self.env.ref("civic_report.notice_publish_sms")
        for gap in ("result", "message", "answer", "reason", "refused_files"):
            with self.subTest(gap=gap), self.assertRaises(ValidationError):
                notice.body = f"{{{gap}}}"
        officers = self.env.ref("civic_report.notice_assigned_agency_sms")
        with self.assertRaises(ValidationError):
            officers.body = "{subject}"

    def test_texts_are_short(self):
        """As many messages as are paid: two at most."""
        self.company.name = "Trung tâm Giám sát, điều hành đô thị thông minh Huế"
        self.by_phone_alone()
        with self.at("2026-11-16 10:00"):
            self.walk_to("done")
            self.deliver()
        contents = [body["Content"] for body in self.esms.bodies()]
        self.assertEqual(len(contents), 4)
        for content in contents:
            self.assertLessEqual(parts(content), 2, content)


@tagged("-at_install", "post_install")
class TestReceipts(WaysCase, HttpCase):
    """What providers say afterwards became of a message."""

    way = "sms"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_sms()
        cls.reporter.tell_by = "sms"

    def path(self, row):
        """Where the provider was told to report."""
        url = self.esms.requests[-1]["body"]["CallbackUrl"]
        self.assertIn(row.external_id, url)
        return url[url.index("/civic_report/") :]

    def report(self, path, *, arrived):
        values = {"SMSID": "sms-1", "SendStatus": "5", "RequestId": ""}
        values |= {"SendSuccess": "1" if arrived else "0"}
        values |= {"SendFailed": "0" if arrived else "1"}
        query = "&".join(f"{name}={value}" for name, value in values.items())
        response = self.url_open(f"{path}?{query}")
        self.env.invalidate_all()
        return response.status_code, response.content

    def test_it_arrived(self):
        row = self.after(self.esms, "accept")
        path = self.path(row)
        self.assertEqual(self.report(path, arrived=True), (200, b""))
        arrived = row.delivered_at
        self.assertTrue(arrived)
        self.report(path, arrived=True)
        self.report(path, arrived=False)
        self.assertEqual((row.state, row.delivered_at), ("sent", arrived))
        self.assertFalse(row.error)

    def test_it_did_not_arrive(self):
        row = self.after(self.esms, "accept")
        self.report(self.path(row), arrived=False)
        self.assertEqual(row.state, "dropped")
        second = self.rows(row.report_id) - row
        self.assertEqual(second.channel, "email")
        self.report(self.path(row), arrived=False)
        self.assertEqual(len(self.rows(row.report_id)), 2, "told in one other way")

    def test_it_did_not_arrive_and_there_is_no_other_way(self):
        self.by_phone_alone()
        row = self.after(self.esms, "accept")
        path = self.path(row)
        self.report(path, arrived=False)
        self.assertEqual(row.state, "dead")
        self.report(path, arrived=True)
        self.assertEqual(row.state, "sent", "it arrived after all")
        with self.assertRaises(UserError):
            row.with_user(self.operator).replay()

    def test_it_arrived_although_the_provider_was_silent(self):
        row = self.after(self.esms, "silent")
        self.assertEqual(row.state, "waiting")
        self.report(self.path(row), arrived=True)
        self.assertEqual(row.state, "sent")
        self.again(row)
        self.assertEqual(len(self.esms.requests), 1, "it is not sent again")

    def test_nobody_else_can_say_so(self):
        row = self.after(self.esms, "accept")
        path = self.path(row)
        for wrong in (
            path[:-1] + ("0" if path[-1] != "0" else "1"),
            f"/civic_report/receipt/{row.external_id}",
            f"/civic_report/receipt/{'0' * 64}",
            "/civic_report/receipt/" + "ă" * 64,
            "/civic_report/receipt/x",
        ):
            self.assertEqual(self.report(wrong, arrived=True), (200, b""))
        self.assertFalse(row.delivered_at)

    def test_nonsense_changes_nothing(self):
        row = self.after(self.esms, "accept")
        path = self.path(row)
        for query in ("", "?SendSuccess=many", "?SendSuccess=-1&SendFailed=²"):
            self.assertEqual(self.url_open(path + query).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual((row.state, row.delivered_at), ("sent", False))
