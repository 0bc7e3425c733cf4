import io
import json
import time
import wave
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ...models.telephone.report import answer_values
from ...tools.codes import spoken
from ..rig.cdn import FileServer
from ..rig.common import CivicCase
from ..rig.webhooks import SECRET, WebhookCase, body, ours

NUMBER = "0912345678"


def recording():
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return stream.getvalue()


class DeskCase(CivicCase):
    """A province with a telephone desk of two operators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_user("second", "civic_report.group_operator")
        cls.operator.civic_extension = "1001"
        cls.second.civic_extension = "1002"
        cls.cdn = FileServer().start()
        cls.addClassCleanup(cls.cdn.stop)
        cls.gateway = cls.env["civic.gateway"].create(
            {"name": "pbx", "kind": "pbx", "media_hosts": cls.cdn.origin}
        )

    def tell(self, event, call_id="c1", extension="1001", **data):
        """What the switchboard tells of a call."""
        raw = body(
            {
                "event": f"pbx.call.{event}",
                "data": {
                    "call_uuid": call_id,
                    "extension": extension,
                    "direction": "inbound",
                    "caller_number": NUMBER,
                    "timestamp": "2026-11-16T03:00:00Z",
                    **data,
                },
            }
        )
        self.take_in(raw)
        self.env.invalidate_all()
        return self.calls()

    def take_in(self, raw):
        with self.enter_registry_test_mode():
            self.gateway._driver()._take_in(self.gateway, raw)

    def calls(self):
        return self.env["civic.call"].search([("external_id", "!=", False)])

    def run_reader(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_inbox").method_direct_trigger()
        self.env.invalidate_all()

    def heard(self, user):
        """What was sent to the screens of a user."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([])
        mine = f'"res.partner",{user.partner_id.id}]'
        return [
            json.loads(row.message)["payload"]
            for row in rows
            if mine in row.channel.replace(" ", "")
            and json.loads(row.message)["type"] == "civic_report.call"
        ]

    def form(self, **values):
        return {
            "name": "Người gọi",
            "phone": NUMBER,
            "subject": "Ổ gà lớn",
            "description": "Có ổ gà lớn trước số 10.",
            "address": "Số 10 Lê Lợi",
            "category_id": str(self.category.id),
            "occurred_at": "2026-01-05T08:00",
            "consent": "1",
            **values,
        }

    def desk(self, user=None):
        return self.env["civic.report"].with_user(user or self.operator)


@tagged("-at_install", "post_install")
class TestCalls(DeskCase):
    """What the switchboard tells becomes the log of calls."""

    def test_a_call_from_ringing_to_its_end(self):
        call = self.tell("ringing")
        self.assertEqual((call.phase, call.direction), ("ringing", "in"))
        self.assertFalse(call.operator_id)
        self.assertLocal(call.called_at, "2026-11-16 10:00")
        call = self.tell("answered", answered_at="2026-11-16T03:00:05Z")
        self.assertEqual(call.phase, "answered")
        self.assertEqual(call.operator_id, self.operator)
        call = self.tell("hangup", ended_at="2026-11-16T03:02:00Z", billsec=115)
        self.assertEqual((call.phase, call.duration), ("ended", 115))
        self.assertLocal(call.ended_at, "2026-11-16 10:02")
        self.assertEqual(len(call), 1)

    def test_no_step_back_whatever_the_order(self):
        self.tell("hangup", billsec=10)
        self.tell("ringing")
        call = self.tell("answered", answered_at="2026-11-16T03:00:05Z")
        self.assertEqual((call.phase, call.duration), ("ended", 10))
        self.assertLocal(call.answered_at, "2026-11-16 10:00")

    def test_the_same_event_twice(self):
        self.tell("ringing")
        self.tell("ringing")
        self.assertEqual(len(self.env["civic.inbox"].search([])), 1)
        self.assertEqual(len(self.calls()), 1)

    def test_numbers_are_sealed(self):
        call = self.tell("ringing")
        self.assertEqual(call.with_user(self.operator).number, "••• ••• 678")
        self.env.flush_all()
        for table in ("civic_call", "civic_inbox"):
            self.cr.execute(f"SELECT to_jsonb(t) - 'raw' FROM {table} t")
            self.assertNotIn(NUMBER[1:], str(self.cr.fetchall()))

    def test_a_hidden_number(self):
        call = self.tell("ringing", caller_number="anonymous")
        self.assertFalse(call.number)
        self.assertEqual(call.with_user(self.operator).desk_card()["reports"], [])

    def test_other_events_are_kept_and_not_read(self):
        self.assertFalse(self.tell("transferred"))
        self.assertEqual(self.env["civic.inbox"].search([]).state, "ignored")

    def test_what_cannot_be_read_now_waits_for_the_worker(self):
        calls = type(self.env["civic.call"])
        with (
            mute_logger("odoo.addons.civic_report.models.telephone.switchboard"),
            patch.object(calls, "_follow", side_effect=ValueError("x")),
        ):
            self.assertFalse(self.tell("ringing"))
        row = self.env["civic.inbox"].search([])
        self.assertEqual(row.state, "new")
        with self.at("2026-11-30 10:00"):
            row.due_at = "2026-11-16 00:00:00"
            self.run_reader()
        self.assertEqual(len(self.calls()), 1)

    def test_it_rings_at_several_telephones_at_once(self):
        """Of two events that write the same call down, the second looks again."""
        calls = type(self.env["civic.call"])
        follow, turns = calls._follow, []

        def late(records, *arguments):
            turns.append(1)
            if len(turns) == 1:
                raise UniqueViolation
            return follow(records, *arguments)

        with patch.object(calls, "_follow", late):
            call = self.tell("ringing")
        self.assertEqual((len(turns), call.phase), (2, "ringing"))

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    def test_it_shows_at_the_telephone_that_rings(self):
        call = self.tell("ringing")
        self.assertEqual(
            self.heard(self.operator), [{"id": call.id, "phase": "ringing"}]
        )
        self.assertFalse(self.heard(self.second))
        for user in (self.handler, self.plain, self.province_leader):
            self.assertFalse(self.heard(user))

    def test_a_telephone_that_nobody_has_shows_at_all_of_this_province(self):
        other = self.env["res.company"].create({"name": "Tỉnh láng giềng"})
        stranger = self.make_user("stranger", "civic_report.group_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.tell("ringing", extension="9999")
        self.assertTrue(self.heard(self.operator))
        self.assertTrue(self.heard(self.second))
        self.assertFalse(self.heard(stranger))

    def test_nothing_of_a_number_goes_over_the_bus(self):
        self.tell("ringing")
        for message in self.heard(self.operator):
            self.assertEqual(message.keys(), {"id", "phase"})

    def test_the_card_shows_what_was_sent_with_the_number(self):
        self.reporter.phone = NUMBER
        report = self.make_report()
        other = self.make_report()
        call = self.tell("ringing").with_user(self.operator)
        card = call.desk_card()
        self.assertEqual(card["number"], "••• ••• 678")
        self.assertEqual(
            [row["code"] for row in card["reports"]], [other.name, report.name]
        )
        self.assertNotIn(NUMBER[1:], str(card))
        self.assertNotIn(self.reporter.name, str(card))

    def test_secret_reports_are_not_shown_to_whoever_is_not_cleared(self):
        self.reporter.phone = NUMBER
        report = self.make_report()
        report.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        call = self.tell("ringing")
        self.assertEqual(call.with_user(self.second).desk_card()["reports"], [])

    def test_cards_of_calls_that_go_on(self):
        self.tell("ringing")
        self.tell("ringing", "c2", extension="1002", caller_number="0987654321")
        self.tell("hangup", "c3")
        with self.at("2026-11-16 10:05"):
            cards = self.env["civic.call"].with_user(self.operator).desk_calls()
            self.assertEqual(len(cards), 1)
            self.assertEqual(cards[0]["phase"], "ringing")
        with self.at("2026-11-16 15:00"):
            self.assertFalse(
                self.env["civic.call"].with_user(self.operator).desk_calls()
            )
        for user in (self.handler, self.citizen, self.province_leader):
            with self.assertRaises(UserError):
                self.env["civic.call"].with_user(user).desk_calls()

    def test_foreign_calls_are_not_found(self):
        call = self.tell("ringing")
        report = self.make_report()
        for user in (self.handler, self.plain, self.citizen, self.province_leader):
            with self.subTest(user=user.login):
                own = call.with_user(user)
                for act in (own.desk_card, own.action_take_down):
                    self.assertRaises(MissingError, act)
                self.assertRaises(MissingError, own.link_report, report.id)

    def test_the_caller_asks_about_an_earlier_report(self):
        report = self.make_report()
        call = self.tell("ringing").with_user(self.second)
        call.link_report(report.id)
        self.assertEqual(call.report_id, report)
        self.assertEqual((call.kind, call.operator_id), ("question", self.second))
        self.assertEqual(call.event_ids.code, "link")
        self.assertRaises(MissingError, call.link_report, 10**6)

    # ------------------------------------------------------------------
    # Recordings
    # ------------------------------------------------------------------

    def test_a_recording_is_fetched_and_sealed(self):
        url = self.cdn.keep("/rec.wav", recording())
        call = self.tell("hangup")
        self.tell("cdr.created", recording_url=url)
        self.assertFalse(call.has_recording, "not while the switchboard waits")
        self.run_reader()
        self.assertTrue(call.has_recording)
        self.assertEqual(call._open_recording(), recording())
        sealed = call.sudo().recording_sealed
        self.assertNotIn(b"RIFF", sealed)

    def test_recordings_from_elsewhere_are_not_fetched(self):
        self.gateway.media_hosts = False
        self.cdn.asked.clear()
        url = self.cdn.keep("/rec.wav", recording())
        call = self.tell("cdr.created", recording_url=url) or self.calls()
        self.run_reader()
        call = self.calls()
        self.assertFalse(call.has_recording)
        self.assertIn("not fetched", call.event_ids.note)
        self.assertFalse(self.cdn.asked)

    def test_a_recording_that_is_none(self):
        url = self.cdn.keep("/rec.wav", b"<script>")
        self.tell("cdr.created", recording_url=url)
        self.run_reader()
        self.assertFalse(self.calls().has_recording)
        self.assertEqual(self.calls().event_ids.code, "recording")


@tagged("-at_install", "post_install")
class TestTakeDown(DeskCase):
    """A report taken down on behalf of a caller."""

    def test_a_report_of_a_call(self):
        call = self.tell("answered")
        sent = self.desk().take_down(self.form(phone=""), call.id)
        report = self.env["civic.report"].browse(sent["id"])
        self.assertEqual(sent["code"], report.name)
        self.assertEqual(report.channel_id.code, "telephone")
        self.assertEqual(report.reporter_id.phone, f"+84{NUMBER[1:]}")
        self.assertEqual(report.operator_id, self.operator)
        event = report.event_ids.filtered(lambda row: row.code == "send")
        self.assertEqual(event.user_id, self.operator)
        self.assertEqual((call.report_id, call.kind), (report, "report"))
        self.assertEqual(call.event_ids.mapped("code"), ["take_down"])
        self.assertFalse(report.reporter_id.user_id)

    def test_the_same_click_twice(self):
        first = self.desk().take_down(self.form(key="k"))
        self.assertEqual(self.desk().take_down(self.form(key="k")), first)

    def test_what_cannot_be_given_by_telephone_is_not_asked(self):
        self.procedure.write({"require_picture": True, "require_email": True})
        self.assertTrue(self.desk().take_down(self.form()))

    def test_what_is_missing_is_said_at_once(self):
        with self.assertRaises(ValidationError) as caught:
            self.desk().take_down({"email": "x"})
        for words in ("full name", "telephone", "e-mail", "Describe", "Agree"):
            self.assertIn(words, str(caught.exception))

    def test_what_the_form_does_not_ask_is_ignored(self):
        form = self.form(state="done", create_uid="1", reporter_id="1", company_id="9")
        sent = self.desk().take_down({**form, 5: "x", "subject": form["subject"]})
        report = self.env["civic.report"].browse(sent["id"])
        self.assertEqual((report.state, report.company_id), ("new", self.company))

    def test_emergencies(self):
        sent = self.desk().take_down(self.form(emergency="1"))
        self.assertEqual(self.env["civic.report"].browse(sent["id"]).track, "emergency")

    def test_for_operators_alone(self):
        call = self.tell("answered")
        for user in (self.handler, self.plain, self.citizen, self.province_leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.desk(user).take_down(self.form())
        with self.assertRaises(MissingError):
            self.desk().take_down(self.form(), call.id + 10**6)

    def test_the_screen(self):
        self.reporter.phone = NUMBER
        earlier = self.make_report()
        call = self.tell("answered").with_user(self.operator)
        action = call.action_take_down()
        desks = self.env["civic.wizard.desk"].with_user(self.operator)
        form = Form(desks.with_context(**action["context"]))
        self.assertEqual(form.number, "••• ••• 678")
        form.name = "Người gọi"
        form.subject = earlier.subject
        form.description = "Ổ gà vẫn còn."
        form.category_id = self.category
        form.address = earlier.address
        self.assertIn(earlier.name, [row["code"] for row in form.similar])
        form.consent = True
        desk = form.save()
        self.assertEqual(desk.name, "Người gọi")
        self.env.flush_all()
        self.cr.execute("SELECT to_jsonb(t) FROM civic_wizard_desk t")
        self.assertNotIn("Người gọi", str(self.cr.fetchall()))
        shown = desk.action_send()
        self.assertEqual(shown["res_id"], desk.id)
        report = desk.report_id
        self.assertEqual(desk.spoken, spoken(report.name))
        self.assertFalse(desk.sudo().sealed, "it is in the vault now")
        self.assertEqual(desk.action_send()["res_id"], desk.id)
        self.assertEqual(len(call.report_id), 1)
        self.assertEqual(desk.action_open_report()["res_id"], report.id)
        self.assertEqual(desk.action_next()["context"]["default_call_id"], call.id)

    def test_the_questions_of_the_category(self):
        fire = self.env.ref("civic_report.category_emergency_fire")
        desks = self.env["civic.wizard.desk"].with_user(self.operator)
        form = Form(desks)
        form.name, form.phone = "Người gọi", NUMBER
        form.subject = form.description = "Cháy nhà"
        form.category_id = fire
        form.address = "Số 5 Lê Lợi"
        form.consent = True
        desk = form.save()
        desk.report_properties = {"civic_premises": "home", "civic_trapped": 2}
        desk.action_send()
        report = desk.report_id
        self.assertEqual(report.track, "emergency")
        answers = answer_values(report)
        self.assertEqual(answers["civic_premises"], "home")
        self.assertEqual(answers["civic_trapped"], 2)

    def test_nobody_else_reads_what_is_being_typed(self):
        desks = self.env["civic.wizard.desk"]
        desk = desks.with_user(self.operator).create(
            {"name": "Người gọi", "subject": "x", "description": "y"}
        )
        for user in (self.second, self.handler, self.plain):
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                desk.with_user(user).read(["name"])

    def test_codes_are_read_aloud(self):
        self.assertEqual(spoken("PA-26-004217"), "P A – 2 6 – 0 0 4 2 1 7")
        self.assertEqual(spoken(False), "")


@tagged("-at_install", "post_install")
class TestTransfer(DeskCase):
    """Emergencies that are put through to 113, 114, 115."""

    def test_the_intake_ends_and_the_form_is_that_of_the_service(self):
        report = self.make_report(track="emergency")
        self.step_of(report, "intake")
        with self.at("2026-11-16 10:00"):
            report.transfer("114", "Đã nối máy.")
        self.assertEqual((report.state, report.transferred_to), ("received", "114"))
        self.assertLocal(report.transferred_at, "2026-11-16 10:00")
        self.step_of(report, "intake", "done")
        self.assertEqual(
            report.category_id, self.env.ref("civic_report.category_emergency_fire")
        )
        event = report.event_ids.filtered(lambda row: row.code == "transfer")
        self.assertIn("114", event.note)
        self.assertEqual(event.user_id, self.operator)
        with self.assertRaisesRegex(UserError, "already"):
            report.transfer("114")
        report.transfer("115")
        self.assertEqual(report.transferred_to, "115")
        report.dispatch([self.agency.id])

    def test_a_normal_report_becomes_an_emergency(self):
        report = self.make_report()
        self.assertIn("transfer", report.allowed_verbs)
        dialog = self.env["civic.wizard.transfer"].with_user(self.operator)
        dialog = dialog.create({"report_id": report.id, "service": "113"})
        self.assertEqual(dialog.track, "normal", "it says what becomes of it")
        dialog.action_confirm()
        self.assertEqual(report.track, "emergency")
        told = report.event_ids.sorted("id").filtered(
            lambda row: row.code in ("transfer", "track")
        )
        self.assertEqual(told.mapped("code"), ["transfer", "track"])
        self.assertEqual(
            [(row.from_state, row.to_state) for row in told],
            [("new", "received"), ("received", "received")],
        )
        ended = self.step_of(report, "intake", "done")
        self.assertEqual(ended.track, "emergency", "timed as one when it was found out")

    def test_where_verification_begins_the_time_nothing_was_late_before(self):
        self.procedure.emergency_from_verification = True
        with self.at("2026-11-16 08:00"):
            report = self.make_report()
        with self.at("2026-11-16 16:00"):
            report.transfer("113")
        self.assertFalse(self.step_of(report, "intake", "done").is_late)

    def test_the_dialog(self):
        report = self.make_report(track="emergency")
        wizard = (
            self.env["civic.wizard.transfer"]
            .with_user(self.operator)
            .with_context(active_model="civic.report", active_id=report.id)
            .create({"service": "115", "note": "Đã nối máy."})
        )
        wizard.action_confirm()
        self.assertEqual(report.transferred_to, "115")
        self.assertRaises(UserError, report.transfer, "911")

    def test_grave_cases(self):
        report = self.make_report(track="emergency")
        report.transfer("113")
        self.assertFalse(report.grave_told_at)
        report.report_properties = {"civic_grave": "none"}
        self.assertFalse(report.grave_told_at)
        report.report_properties = {"civic_grave": "murder"}
        self.assertTrue(report.grave_told_at)
        report.report_properties = {"civic_grave": "robbery"}
        events = report.event_ids.filtered(lambda row: row.code == "grave")
        self.assertEqual(events.mapped("note"), ["Giết người"], "once")

    def test_the_duty_telephone_is_told_of_a_grave_case(self):
        self.agency.write({"emergency_service": "113", "duty_phone": "0905123456"})
        for kind, provider in (("sms", "odoo"), ("call", "stringee")):
            self.env["civic.gateway"].create(
                {"name": kind, "kind": kind, "provider": provider, "sender": "1022"}
            )
        report = self.make_report(track="emergency")
        report.transfer("113")
        report.report_properties = {"civic_grave": "murder"}
        told = self.env["civic.outbox"].search(
            [("report_id", "=", report.id), ("notice_id.event", "=", "grave")]
        )
        self.assertEqual(set(told.mapped("channel")), {"sms", "call"})
        self.assertEqual(told.agency_id, self.agency)
        self.assertEqual(set(told.mapped("priority")), {0})
        self.assertIn(report.name, told[0]._words()[1])
        self.assertNotIn("Giết", told[0]._words()[1])

    def test_grave_before_it_is_put_through(self):
        report = self.make_report(track="emergency")
        report.category_id = self.env.ref("civic_report.category_emergency_police")
        report.report_properties = {"civic_grave": "robbery"}
        self.assertFalse(report.grave_told_at)
        report.transfer("113")
        self.assertTrue(report.grave_told_at)


@tagged("-at_install", "post_install")
class TestSwitchboard(WebhookCase):
    """The switchboard at its address."""

    def test_a_call_is_on_the_screen_when_it_is_answered(self):
        raw = body({"event": "ringing", "call_id": "c1", "caller_number": NUMBER})
        signature = ours(raw, SECRET, time.time())
        answer = self.post("pbx", raw, **{"X-Civic-Signature": signature})
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertEqual(self.rows(channel="pbx").state, "done")
        call = self.env["civic.call"].search([("external_id", "=", "c1")])
        self.assertEqual(call.phase, "ringing")

    def test_what_names_no_call(self):
        raw = body({"event": "ringing"})
        signature = ours(raw, SECRET, time.time())
        answer = self.post("pbx", raw, **{"X-Civic-Signature": signature})
        self.assertEqual((answer.status_code, answer.text), (400, ""))


@tagged("-at_install", "post_install")
class TestDeskTour(DeskCase, HttpCase):
    """The pop-up and the form, in a browser."""

    def take_in(self, raw):
        # A case with a server is in test mode already.
        self.gateway._driver()._take_in(self.gateway, raw)

    def test_an_operator_takes_a_call(self):
        self.reporter.phone = NUMBER
        self.make_report()
        now = fields.Datetime.now()
        self.tell("ringing", timestamp=f"{now.isoformat()}Z")
        self.start_tour(
            "/odoo/civic-intake",
            "civic_report.operator_takes_a_call",
            login=self.operator.login,
        )
        call = self.calls()
        self.assertEqual(call.report_id.channel_id.code, "telephone")
        self.assertEqual(call.report_id.reporter_id.phone, f"+84{NUMBER[1:]}")
        self.assertEqual(call.report_id.operator_id, self.operator)
