"""Sending step by step: with and without scripts, with and without a network."""

import json
from threading import Thread
from time import monotonic

from lxml import html

from odoo.http import Response
from odoo.tests import tagged

from ...controllers.send import CivicSend
from ..rig.asked import ROUTES, trial
from ..rig.site import SPOT, SendCase
from ..rig.tour import TourCase

HERE = {"latitude": str(SPOT[0]), "longitude": str(SPOT[1])}


@tagged("-at_install", "post_install")
class TestWithoutScripts(SendCase):
    def test_one_long_page(self):
        page = self.page("/phan-anh/gui")
        self.assertEqual(len(page.xpath("//fieldset[contains(@class, 'step')]")), 3)
        for name in ("progress", "back", "next_step", "draft", "camera", "keep"):
            found = page.xpath(f"//*[contains(@class, 'o_civic_{name}')]")
            self.assertTrue(found, name)
            self.assertIn("d-none", found[0].get("class"), "it takes a script")
        self.assertNotIn("d-none", page.get_element_by_id("send_button").get("class"))

    def test_next_shows_the_questions_of_the_category(self):
        before = self.count()
        fire = self.env.ref("civic_report.category_emergency_fire")
        answer = self.send({"category_id": str(fire.id), "next": "1", "subject": ""})
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        self.assertEqual(page.get_element_by_id("name").value, "Người gửi thử")
        self.assertFalse(page.xpath("//*[@id='error_summary']"), "nothing is wrong yet")
        for question in fire._questions():
            self.assertTrue(page.xpath(f"//label[@for='{question.field}']"))
        self.assertIn("the public does not", self.text(page))
        self.assertEqual(self.count(), before)

    def test_answers_are_kept_and_errors_stand_beside_them(self):
        self.category.report_properties_definition = [
            {"name": "deep", "string": "Sâu?*", "type": "integer"},
            {"name": "note", "string": "Ghi chú", "type": "text"},
        ]
        answer = self.send({"answer_note": "Gần cống", "answer_deep": ""})
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        self.assertEqual(page.get_element_by_id("answer_note").value, "Gần cống")
        deep = page.get_element_by_id("answer_deep")
        self.assertEqual(deep.get("aria-invalid"), "true")
        self.assertTrue(page.get_element_by_id("answer_deep_error").text_content())
        report = self.sent_report(self.send({"answer_deep": "20"}))
        self.assertEqual(report.report_properties["deep"], 20)

    def test_what_may_be_the_same_matter_is_offered_once(self):
        twin = self.twin()
        hidden = self.twin(visibility="private")
        before = self.count()
        answer = self.send(HERE)
        self.assertEqual(answer.status_code, 409)
        page = html.fromstring(answer.content)
        offers = page.get_element_by_id("offers")
        self.assertIn(twin.name, self.text(offers))
        self.assertNotIn(hidden.name, self.text(offers))
        self.assertIn("chosen again", self.text(offers))
        self.assertEqual(
            [link.get("href") for link in offers.iter("a")][:1], [self.path(twin)]
        )
        self.assertEqual(page.get_element_by_id("phone").value, "0912 345 678")
        self.assertEqual(self.count(), before)
        seen = page.xpath("//input[@name='seen_duplicates']")[0].value
        self.assertTrue(self.sent_report(self.send({**HERE, "seen_duplicates": seen})))

    def test_danger_waits_for_nothing(self):
        self.twin()
        page = self.page("/phan-anh/gui")
        # One beside the question, one beside the category.
        panels = page.xpath("//*[@class='o_civic_danger_panel']")
        self.assertEqual(len(panels), 2)
        for panel in panels:
            self.assertEqual(
                [link.get("href") for link in panel.iter("a")],
                ["tel:113", "tel:114", "tel:115"],
            )
        marked = page.xpath("//option[@data-emergency]/@value")
        emergencies = self.env["civic.category"].search([("track", "=", "emergency")])
        self.assertEqual(set(marked), {str(row.id) for row in emergencies})
        report = self.sent_report(
            self.send(
                {**HERE, "danger": "1", "email": "", "occurred_at": ""}, photos=[]
            )
        )
        self.assertEqual(report.track, "emergency")

    def test_a_sensitive_matter_stays_hidden_in_danger(self):
        land = self.env.ref("civic_report.category_land")
        report = self.sent_report(
            self.send({"danger": "1", "category_id": str(land.id)})
        )
        self.assertEqual((report.track, report.visibility), ("emergency", "sensitive"))

    def test_a_place_outside_the_province_is_taken_in_and_marked(self):
        self.company.write(
            {
                "civic_map_latitude": SPOT[0],
                "civic_map_longitude": SPOT[1],
                "civic_map_reach": 80,
            }
        )
        near = self.sent_report(self.send(HERE))
        far = self.sent_report(self.send({"latitude": "21.03", "longitude": "105.85"}))
        nowhere = self.sent_report(self.send())
        marks = [report.is_outside for report in (near, far, nowhere)]
        self.assertEqual(marks, [False, True, False])
        self.company.civic_map_reach = 0
        self.env.invalidate_all()
        self.assertFalse(far.is_outside, "nobody has said how far it reaches")


@tagged("-at_install", "post_install")
class TestForScripts(SendCase):
    def test_sent_and_sent_again(self):
        status, answer = self.posted({"key": "khoa-9"})
        self.assertEqual(status, 200)
        self.assertEqual(self.posted({"key": "khoa-9"}), (200, answer))
        page = self.page(answer["path"])
        self.assertIn(answer["code"], self.text(page))

    def test_errors_and_offers(self):
        status, answer = self.posted({"phone": "abc"})
        self.assertEqual((status, set(answer["errors"])), (422, {"phone"}))
        twin = self.twin()
        status, answer = self.posted(HERE)
        self.assertEqual(status, 409)
        self.assertEqual([row["code"] for row in answer["duplicates"]], [twin.name])
        self.assertNotIn("phone", json.dumps(answer))

    def test_a_page_open_for_long_gets_a_fresh_token(self):
        status, answer = self.posted({"csrf_token": "old"})
        self.assertEqual((status, set(answer["errors"])), (400, {"csrf_token"}))
        fresh = self.url_open("/phan-anh/gui/phien")
        self.assertIn("no-store", fresh.headers["Cache-Control"])
        self.assertEqual(self.posted(fresh.json())[0], 200)

    def test_a_category_is_suggested(self):
        found = self.ask("/phan-anh/gui/goi-y", subject="Có ổ gà")["result"]
        self.assertEqual(found["category_id"], self.category.id)
        self.assertIn("ổ gà", found["reason"])

    def test_reports_nearby_are_offered(self):
        twin, hidden = self.twin(), self.twin(visibility="private")
        rows = self.ask(
            "/phan-anh/gui/trung",
            subject=twin.subject,
            category_id=str(self.category.id),
            **HERE,
        )["result"]
        self.assertEqual([row["code"] for row in rows], [twin.name])
        self.assertNotIn(hidden.name, json.dumps(rows))
        self.assertEqual(rows[0]["path"], self.path(twin))

    def test_nonsense_is_no_error(self):
        for params in (
            {},
            {"subject": None},
            {"subject": ["x"], "description": {"a": 1}},
            {"subject": "x" * 10**6},
            {"subject": "ổ gà", "latitude": "nan", "longitude": "1e400"},
            {"subject": "ổ gà", "category_id": "9" * 30, "ward_id": "-1"},
            {"subject": "ổ gà", "category_id": self.category.id, "company_id": 99},
            {"subject": "\x00%_\\'\"<script>"},
        ):
            for path in ("/phan-anh/gui/goi-y", "/phan-anh/gui/trung"):
                with self.subTest(path=path, params=str(params)[:60]):
                    self.assertIn("result", self.ask(path, **params))

    def test_help_stops_before_the_server_does(self):
        self.page("/phan-anh/gui")
        self.env["civic.throttle.limit"].search([("scope", "=", "sketch")]).count = 2
        self.env.flush_all()
        answers = [
            self.ask("/phan-anh/gui/goi-y", subject="Có ổ gà")["result"]
            for _index in range(4)
        ]
        self.assertTrue(answers[0])
        self.assertEqual(answers[-1], {})

    def test_questions_of_a_category(self):
        fire = self.env.ref("civic_report.category_emergency_fire")
        part = self.url_open(f"/phan-anh/gui/cau-hoi?category={fire.id}").text
        self.assertIn("answer_civic_trapped", part)
        for category in ("", "0", "x", "9" * 30, str(self.category.id)):
            part = self.url_open(f"/phan-anh/gui/cau-hoi?category={category}").text
            self.assertNotIn("answer_", part)


@tagged("-at_install", "post_install")
@trial("site", ROUTES)
class TestSendTours(TourCase):
    def setUp(self):
        super().setUp()
        self.chrome = None

    def authenticate(self, user, password, *, browser=None, **options):
        self.chrome = browser or self.chrome
        return super().authenticate(user, password, browser=browser, **options)

    def network(self, offline):
        self.chrome._websocket_request("Network.enable")
        self.chrome._websocket_request(
            "Network.emulateNetworkConditions",
            params={
                "offline": offline,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )

    def assertSentOnce(self):
        reports = self.env["civic.report"].search([("subject", "=", "Mất nắp cống")])
        self.assertEqual(len(reports), 1)
        self.assertEqual(len(reports.attachment_ids), 1)

    def test_the_network_goes_before_the_report_is_sent(self):
        """It goes by itself when the network is back; nobody presses anything."""
        original = CivicSend.civic_duplicates
        watchers = []

        def cut(controller, **sketch):
            answer = original(controller, **sketch)
            self.network(offline=True)
            watchers.append(Thread(target=self.bring_back))
            watchers[-1].start()
            return answer

        with self.routed(CivicSend, "civic_duplicates", cut):
            self.start_tour("/phan-anh/gui", "civic_report.send_without_network")
        watchers[0].join()
        self.assertSentOnce()

    def bring_back(self):
        """Connect the browser again as soon as the page says that it is not."""
        code = "document.body.dataset.saidSo || ''"
        end = monotonic() + 60
        while monotonic() < end:
            said = self.chrome._websocket_request(
                "Runtime.evaluate", params={"expression": code}
            )
            if said["result"].get("value"):
                break
        self.network(offline=False)

    def test_the_answer_is_lost(self):
        original, keys = CivicSend.civic_send, []

        def lose(controller, **post):
            answer = original(controller, **post)
            keys.append(post["key"])
            # As a proxy answers that has lost the server.
            return Response("<html/>", status=503) if len(keys) == 1 else answer

        with self.routed(CivicSend, "civic_send", lose):
            self.start_tour("/phan-anh/gui", "civic_report.send_without_network")
        self.assertEqual(len(keys), 2, "sent twice")
        self.assertEqual(len(set(keys)), 1, "under one key")
        self.assertSentOnce()

    def test_a_draft_survives_the_page(self):
        self.start_tour("/phan-anh/gui", "civic_report.send_draft")

    def test_danger_and_duplicates(self):
        report = self.make_report(latitude=SPOT[0], longitude=SPOT[1])
        self.walk_to("processing", report)
        self.start_tour("/phan-anh/gui", "civic_report.send_helped")
