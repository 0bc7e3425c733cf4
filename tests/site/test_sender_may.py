"""What the sender may do: the page, the mail and the door say the same."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...controllers.portal import ACTS
from ...models.report.as_sender import SENDER
from ...models.workflow import transitions
from ...models.workflow.transitions import REPORT_STATES
from ...tools.mail import read
from ..rig.asked import trial
from ..rig.common import CivicCase
from ..rig.inbox import InboxCase
from ..rig.site import WebsiteCase

TRACKS = ("normal", "emergency", "sensitive")
LATER = timedelta(days=3)
# How the own page calls what the table has rows for.
OFFERED = {
    "supply": "can_supply",
    "amend": "can_amend",
    "withdraw": "can_withdraw",
    "ask_withdrawal": "can_ask_withdrawal",
    "ask_private": "can_ask_private",
    "allow_publication": "can_allow_publication",
    "follow_up": "can_follow_up",
}


def offered(report):
    """Verbs that the own page offers."""
    own = report._own_values()
    verbs = {verb for verb, name in OFFERED.items() if own[name]}
    if own["can_rate"] or own["own_rating"]["can_change"]:
        verbs.add("rate")
    return verbs


class Endings:
    """Reports as they may stand, whatever their state: of each kind of result, and of
    each that a guard asks about. For cases that are provinces."""

    def ending(self, name, **values):
        report = self.make_report(standardised_description="Ổ gà sâu.", **values).sudo()
        self.put(report, **getattr(self, f"values_{name}")(report))
        # A verb opens what is open already, where a state is put in its place.
        report._elevated().step_ids._close("done")
        return report

    def put(self, record, **values):
        record._elevated().write(values)

    def answer(self, report, **values):
        """Have an agency answer a report, and tell it."""
        assignments = self.env["civic.assignment"].with_env(report._elevated().env)
        now = fields.Datetime.now()
        assignments.create(
            {
                "report_id": report.id,
                "agency_id": self.agency.id,
                "company_id": report.company_id.id,
                "role": "lead",
                "dispatched_at": now,
                "state": "approved",
                "result": "Đã vá.",
                "approved_at": now,
            }
        )
        return {
            "agency_id": self.agency.id,
            "dispatched_at": now,
            "published_at": now,
            "public_result": "Đã vá.",
            **values,
        }

    def values_sent(self, report):
        return {}

    def values_answered(self, report):
        return self.answer(report)

    def values_put_through(self, report):
        """Its result was entered by the Centre: no agency has answered."""
        now = fields.Datetime.now()
        told = {"published_at": now, "public_result": "Đã dập tắt."}
        return {"transferred_to": "114", **told}

    def values_joined(self, report, visibility="public"):
        """Answered with another person's report."""
        other = self.env["civic.reporter"].create({"name": "Người phản ánh trước"})
        first = self.make_report(reporter_id=other.id).sudo()
        told = self.answer(first, state="done", visibility=visibility)
        self.put(first, **told)
        now, words = told["published_at"], told["public_result"]
        return {"joined_to_id": first.id, "published_at": now, "public_result": words}

    def values_joined_apart(self, report):
        return self.values_joined(report, visibility="private")

    def values_diverted(self, report):
        return self.answer(report, diverted_at=fields.Datetime.now())

    def values_locked(self, report, what="account"):
        self.reporter.with_user(self.manager).lock("Vi phạm.", what, "Điều 17")
        return self.answer(report)

    def values_locked_to_ask(self, report):
        return self.values_locked(report, "follow_up")

    def values_rated(self, report, until=LATER):
        now = fields.Datetime.now()
        level = self.procedure.scale_id.level_ids[-1]
        return self.answer(
            report,
            rating_level_id=level.id,
            rated_at=now,
            rating_open_until=now + until,
        )

    def values_rated_for_good(self, report):
        return self.values_rated(report, timedelta())

    def values_private(self, report):
        return self.answer(report, asked_private=True, visibility="private")

    def values_secret(self, report):
        return self.answer(report, visibility="secret")

    def values_to_be_ended(self, report):
        return {"withdrawal_asked_at": fields.Datetime.now()}

    @property
    def endings(self):
        names = (name for name in dir(Endings) if name.startswith("values_"))
        return [name.removeprefix("values_") for name in names]


@tagged("-at_install", "post_install")
@trial("site", "report", "workflow")
class TestSenderMay(Endings, CivicCase):
    """The own page offers what the verbs do, in every state, whatever holds."""

    def setUp(self):
        super().setUp()
        self.seen = {}

    def acts(self, report):
        """Every verb of the sender's, as pages and mails call it."""
        grant = report._sender_grant()
        acting = report._as_sender(grant)
        level = self.procedure.scale_id.level_ids[0]
        return {
            "supply": lambda: report._supply_as(grant, "Trước cổng trường.", []),
            "amend": lambda: report._amend_as(grant, {"message": "Làn bên phải."}),
            "withdraw": lambda: acting.withdraw("Đã tự khắc phục."),
            "ask_withdrawal": lambda: acting.ask_withdrawal("Đã tự khắc phục."),
            "ask_private": lambda: report._choose_privacy_as(grant, True),
            "allow_publication": lambda: report._choose_privacy_as(grant, False),
            "rate": lambda: report._rate_as(grant, level.id, "Được."),
            "follow_up": lambda: report._follow_up_as(grant, "Khi nào xong?"),
        }

    def is_done(self, act):
        try:
            act()
        except UserError:  # AccessError and MissingError are some
            return False
        return True

    def assertAgree(self, report):
        """:return: what is offered"""
        shown = offered(report)
        self.assertEqual(shown, report._allowed_as_sender())
        acts = self.acts(report)
        for verb, act in acts.items():
            self.seen.setdefault(verb, set()).add(verb in shown)
            if verb not in shown:
                self.assertFalse(self.is_done(act), verb)
        for verb in shown:
            with self.undone():
                self.assertTrue(self.is_done(acts[verb]), verb)
        # One form is for two verbs, and there where one of them is possible.
        either = bool(shown & {"withdraw", "ask_withdrawal"})
        with self.undone():
            grant = report._sender_grant()
            ended = self.is_done(lambda: report._withdraw_as(grant, "Đã khắc phục."))
            self.assertEqual(ended, either)
        return shown

    def test_every_verb_of_the_sender_is_on_the_page(self):
        rows = transitions.rows_of("civic.report").values()
        verbs = {row.verb for row in rows if row.actors & SENDER}
        self.assertEqual(verbs, {*OFFERED, "rate"})
        self.assertEqual(verbs, set(self.acts(self.make_report().sudo())))

    def test_every_state_and_ending(self):
        for name in self.endings:
            with self.undone():
                report = self.ending(name)
                for state in REPORT_STATES:
                    self.put(report, state=state)
                    with self.subTest(ending=name, state=state):
                        self.assertAgree(report)
        for verb, answers in self.seen.items():
            self.assertEqual(answers, {True, False}, verb)

    def test_every_track(self):
        for track in TRACKS[1:]:
            for name in ("sent", "answered", "put_through"):
                report = self.ending(name, track=track)
                for state in REPORT_STATES:
                    self.put(report, state=state)
                    with self.subTest(track=track, ending=name, state=state):
                        self.assertAgree(report)

    def test_what_113_114_and_115_did_is_not_asked_about(self):
        """By its verbs: there is a result, and no agency that answered."""
        report = self.make_report(track="emergency")
        report.transfer("114")
        report.record_outcome("Đã dập tắt.", "Trực ban 114 báo.")
        report.publish()
        own = report.sudo()._own_values()
        self.assertTrue(own["result"])
        self.assertFalse(own["can_follow_up"] or own["has_letter"])
        self.assertEqual(
            self.assertAgree(report.sudo()), {"rate", "ask_private"}, "it may be rated"
        )

    def test_what_was_passed_on_is_left_alone(self):
        report = self.make_report()
        report.receive()
        report.divert("21/CV", None, "Thanh tra tỉnh")
        self.assertFalse(self.assertAgree(report.sudo()))

    def test_the_letter_is_there_where_its_link_is(self):
        letters = self.env["report.civic_report.letter_named"]
        for name in self.endings:
            with self.undone(), self.subTest(ending=name):
                report = self.ending(name)
                for state in REPORT_STATES:
                    self.put(report, state=state)
                    has_letter = report._own_values()["has_letter"]
                    self.assertFalse(has_letter and state != "done")
                sender = report._as_sender(report._sender_grant())
                self.put(report, state="done")
                is_secret = report.visibility == "secret"
                has_letter = bool(report.assignment_ids) and not is_secret
                self.assertEqual(report._own_values()["has_letter"], has_letter)
                if has_letter:
                    letter = letters.with_env(sender.env)
                    self.assertTrue(letter._get_report_values(report.ids)["letters"])

    @contextmanager
    def table(self, verb, **values):
        """Another row in the place of a verb's."""
        rows = transitions._BY_MODEL["civic.report"]
        with patch.dict(rows, {verb: replace(rows[verb], **values)}):
            yield

    def test_the_table_alone_decides(self):
        """Put other states into a row, and page and verb are there and nowhere else."""
        report = self.ending("answered")
        for verb in (*OFFERED, "rate"):
            row = transitions.rows_of("civic.report")[verb]
            others = frozenset(REPORT_STATES) - row.sources or {"refused"}
            with self.table(verb, sources=frozenset(others), guards=()):
                for state in REPORT_STATES:
                    self.put(report, state=state)
                    with self.subTest(verb=verb, state=state):
                        self.assertEqual(verb in offered(report), state in others)


@tagged("-at_install", "post_install")
@trial("messages", "report", "workflow")
class TestMailMay(Endings, InboxCase):
    """What a mail in answer to ours does is what its sender may do."""

    def added(self, inbox, report):
        """By which verb a mail joins a report, if any."""
        before = report.event_ids
        inbox._added(read(self.mail("Re: x", "Gần cột đèn.").as_bytes()), report)
        codes = (report.event_ids - before).mapped("code")
        return next((code for code in codes if code in OFFERED), None)

    def test_every_state_and_ending(self):
        verbs = set()
        inbox = self.hand_in(self.mail())
        for name in self.endings:
            with self.undone():
                report = self.ending(name)
                for state in REPORT_STATES:
                    self.put(report, state=state)
                    allowed = report._allowed_as_sender()
                    order = ("supply", "amend", "follow_up")
                    wanted = next((verb for verb in order if verb in allowed), None)
                    with self.subTest(ending=name, state=state), self.undone():
                        self.assertEqual(self.added(inbox, report), wanted)
                    verbs.add(wanted)
        self.assertEqual(verbs, {"supply", "amend", "follow_up", None})


@tagged("-at_install", "post_install")
@trial("site", "report", "workflow")
class TestOwnPageOffers(Endings, WebsiteCase):
    """Over HTTP: each form on the own page is taken, and no other one."""

    POSTED = {
        "bo-sung": {"message": "Trước cổng trường."},
        "sua": {"message": "Làn bên phải."},
        "rut-lai": {"reason": "Đã tự khắc phục."},
        "hoi-them": {"body": "Khi nào xong?"},
        "xac-nhan": {},
    }
    STATES = {
        "sent": ("new", "supplementing", "processing", "refused"),
        "to_be_ended": ("processing",),
        "joined": ("joined", "done"),
        "joined_apart": ("resolved",),
        "diverted": ("refused",),
    }

    def posted(self):
        level = self.procedure.scale_id.level_ids[0]
        return {
            **self.POSTED,
            "danh-gia": {"level": str(level.id)},
            "rieng-tu private": {"wish": "private"},
            "rieng-tu public": {"wish": "public"},
        }

    def on_page(self, page, path):
        """What the forms of a page send, by the names of `posted`."""
        found = set()
        for form in page.xpath(f"//form[starts-with(@action, '{path}/')]"):
            act = form.get("action").removeprefix(f"{path}/")
            wishes = form.xpath(".//button[@name='wish']/@value")
            found |= {f"{act} {wish}" for wish in wishes} or {act}
        return found & set(self.posted())

    def is_taken(self, path, act, values, token):
        self.forget_counts()
        with self.undone():
            answer = self.url_open(
                f"{path}/{act.partition(' ')[0]}",
                data={"csrf_token": token, **values},
                allow_redirects=False,
            )
            self.assertIn(answer.status_code, (303, 422), act)
            return answer.status_code == 303

    def has_letter(self, path):
        def rendered(*_args, **_options):
            return b"%PDF", "pdf"

        model = type(self.env["ir.actions.report"])
        with patch.object(model, "_render_qweb_pdf", rendered):
            return self.url_open(f"{path}/thu").status_code == 200

    def test_each_form_is_taken_and_no_other(self):
        self.authenticate("civic_citizen", "civic_citizen")
        self.assertLess({act.partition(" ")[0] for act in self.posted()}, set(ACTS))
        for name in self.endings:
            with self.undone():
                report = self.ending(name)
                path = report._own_path()
                for state in self.STATES.get(name, ("done",)):
                    self.put(report, state=state)
                    self.env.flush_all()
                    with self.subTest(ending=name, state=state):
                        self.assertOffersWhatIsTaken(path)

    def assertOffersWhatIsTaken(self, path):
        answer = self.url_open(path)
        page = html.fromstring(answer.content)
        token = page.xpath("//input[@name='csrf_token']")[0].value
        taken = {
            act
            for act, values in self.posted().items()
            if self.is_taken(path, act, values, token)
        }
        self.assertEqual(self.on_page(page, path), taken)
        links = page.xpath(f"//a[@href='{path}/thu']")
        self.assertEqual(bool(links), self.has_letter(path))
