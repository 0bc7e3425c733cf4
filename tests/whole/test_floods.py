"""Floods from outside against a server of several processes, and honest people.

The attacker has many cookies, many report codes and many words for where requests come
from; the victim is behind the same address.
"""

import json
from collections import Counter

from lxml import html

from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.asked import trial
from ..rig.live import Client, LiveCase, Server
from ..rig.media import drawing, saved
from ..rig.site import solved

DAY = 86400
ACTS = 14
FREE = 6


class Browser(Client):
    """A browser that can say where it comes from, as proxies do."""

    def __init__(self, url, database, forwarded=""):
        super().__init__(url, database)
        self.opener.addheaders = [("Accept", "application/json")]
        if forwarded:
            self.opener.addheaders += [
                ("X-Forwarded-For", forwarded),
                ("X-Forwarded-Host", "phan-anh.example.com"),
            ]


class FloodCase(LiveCase):
    options = ()

    @classmethod
    def set_up_live(cls):
        cls.photo = saved(drawing())
        for name, count in {
            "form_address": 1000,
            "form_network": 1000,
            "send_address": FREE,
            "send_network": 2 * FREE,
            "login_login": 4,
        }.items():
            limit = cls.env.ref(f"civic_report.throttle_{name}")
            limit.write({"count": count, "seconds": DAY})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.database, workers=2, options=cls.options)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()

    def setUp(self):
        super().setUp()
        self.forget_counts()

    def browser(self, forwarded=""):
        return Browser(self.server.url, self.database, forwarded)

    def send(self, browser, **values):
        """
        :return: (status, the answer's JSON)
        """
        hidden = {"proof": "", **browser.open_form(), **values}
        status, body, _url = browser.post_form(
            "/phan-anh/gui",
            self.filled_form(**hidden),
            [("files", "0.jpg", self.photo)],
        )
        return status, json.loads(body)

    def send_working(self, browser, **values):
        """Send as a browser with scripts does, which works when it is asked.

        :return: (status, what the work cost, in units)
        """
        prices = []
        for _try in range(4):
            status, answer = self.send(browser, **values)
            if status != 429 or not answer.get("challenge"):
                break
            challenge = json.loads(answer["challenge"])
            prices.append(challenge["parameters"]["data"]["price"])
            values["proof"] = solved(challenge)
        return status, prices


@tagged("-at_install", "post_install")
@trial("province", "telephone")
class TestFloods(FloodCase):
    def test_new_cookies_and_invented_addresses(self):
        told = Counter()
        for index in range(ACTS):
            browser = self.browser(f"203.0.113.{index}")
            told[self.send(browser)[0]] += 1
        self.assertEqual(told, {200: FREE, 429: ACTS - FREE})
        # Somebody else behind that address sends, from a new browser.
        status, prices = self.send_working(self.browser())
        self.assertEqual((status, prices), (200, [1]))

    def test_whoever_works_for_each_pays_more_and_more(self):
        paid = []
        for _act in range(3 * FREE):
            status, prices = self.send_working(self.browser())
            self.assertEqual(status, 200)
            paid.append(sum(prices))
        self.assertEqual(paid[:FREE], [0] * FREE)
        self.assertGreaterEqual(max(paid), 6, paid)

    def test_a_telephone_that_strangers_give(self):
        phone = "0912 345 678"
        for _act in range(FREE):
            self.send(self.browser(), phone=phone)
        self.forget_addresses()
        status, _prices = self.send_working(self.browser(), phone=phone)
        self.assertEqual(status, 200, "its owner is served")

    def forget_addresses(self):
        """As if the others had come from elsewhere."""
        limits = ("send_address", "send_network")
        with self.committed():
            for name in limits:
                limit = self.env.ref(f"civic_report.throttle_{name}")
                limit.seconds -= 1

    def test_one_code_for_all_that_strangers_ask(self):
        victim = self.browser()
        code = self.send(victim)[1]["code"]
        statuses = Counter()
        for _act in range(ACTS):
            stranger = self.browser()
            statuses[self.ask(stranger, code)] += 1
        told = self.query(
            SQL("SELECT count(*) FROM civic_outbox WHERE key LIKE 'code:%%'")
        )
        self.assertLessEqual(told[0][0], 6)
        self.assertTrue(statuses[429], "beyond ten, strangers have to work")
        self.assertEqual(self.ask(victim, code), 200)

    def ask(self, browser, code):
        _status, body, _url = browser.get("/phan-anh/tra-cuu")
        [token] = html.fromstring(body).xpath("//input[@name='csrf_token']/@value")[:1]
        fields = {"csrf_token": token, "code": code}
        return browser.post_form("/phan-anh/tra-cuu", fields)[0]

    def test_guesses_are_counted_by_all_workers(self):
        params = {"db": self.database, "login": self.operator.login}
        told = []
        for _guess in range(8):
            answer = self.guess({**params, "password": "sai"})
            told.append("Too many" in answer)
        self.assertEqual(told, [False] * 4 + [True] * 4)
        elsewhere = self.guess({**params, "password": "sai", "login": "khong-co"})
        self.assertNotIn("Too many", elsewhere)

    def guess(self, params):
        try:
            return str(self.browser().post_json("/web/session/authenticate", params))
        except Exception as error:  # its words are looked at
            return str(error)


@tagged("-at_install", "post_install")
@trial("province", "platform")
class TestFloodsBehindProxy(FloodCase):
    options = ("--proxy-mode",)

    def test_what_the_attacker_says_before_the_proxy_is_not_believed(self):
        told = Counter()
        for index in range(ACTS):
            browser = self.browser(f"198.51.100.{index}, 203.0.113.7")
            told[self.send(browser)[0]] += 1
        self.assertEqual(told, {200: FREE, 429: ACTS - FREE})
        # Another address is not touched.
        self.assertEqual(self.send(self.browser("203.0.113.8"))[0], 200)
