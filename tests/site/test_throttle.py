"""Floods are stopped, offices behind one address are not."""

import json
import threading
import time
import unittest
import uuid
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from odoo.http import root
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ...controllers.website import KNOWN_SECONDS
from ...models.province.throttle import TooMany
from ...models.vault.vault import VaultError
from ...tools.challenge import wait as challenge_wait
from ...tools.throttle import (
    IPV6_CUSTOMER,
    Rate,
    network,
    price,
    take,
)
from ..rig.frozen import frozen
from ..rig.site import WebsiteCase, solved

RATE = Rate(5, 600)
moments = st.lists(st.floats(0, 3000), max_size=60).map(sorted)


class TestArithmetic(unittest.TestCase):
    def let_in(self, rate, moments):
        empty_at, found = 0, []
        for moment in moments:
            empty_at, wait = take(rate, empty_at, moment)
            if not wait:
                found.append(moment)
        return found

    def test_so_many_at_once_then_one_by_one(self):
        self.assertEqual(self.let_in(RATE, [0] * 7), [0] * 5)
        self.assertEqual(self.let_in(RATE, [*[0] * 5, 119, 120, 121]), [*[0] * 5, 120])

    def test_who_waits_as_told_is_let_in(self):
        empty_at = 0
        for _act in range(5):
            empty_at, wait = take(RATE, empty_at, 1000)
        empty_at, wait = take(RATE, empty_at, 1000)
        self.assertEqual(round(wait), 120)
        self.assertEqual(take(RATE, empty_at, 1000 + wait)[1], 0)

    # Under load a table of moments may take longer than Hypothesis waits.
    @settings(deadline=None)
    @given(moments, st.integers(1, 5))
    def test_bounds_in_any_time(self, moments, count):
        """At most `count` at once, and that many again for each span that passes."""
        rate = Rate(count, 600)
        found = self.let_in(rate, moments)
        for first, start in enumerate(found):
            for last, end in enumerate(found[first:], first):
                most = count + (end - start) / rate.step
                self.assertLessEqual(last - first + 1, most + 0.01)

    def test_households(self):
        for address, wanted in {
            "203.0.113.7": "203.0.113.7",
            "::ffff:203.0.113.7": "203.0.113.7",
            "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
            "2001:db8:1:2::9": "2001:db8:1:2::/64",
            "unknown": "unknown",
            None: "",
        }.items():
            self.assertEqual(network(address), wanted)
        customer = network("2001:db8:1:2:3:4:5:6", IPV6_CUSTOMER)
        self.assertEqual(customer, "2001:db8:1::/56")

    def test_the_price_grows_as_the_square(self):
        self.assertEqual(
            [price(full) for full in (0.5, 1, 2, 4, 16)], [1, 1, 4, 16, 256]
        )


class ThrottleCase(TransactionCase):
    def setUp(self):
        super().setUp()
        self.throttle = self.env["civic.throttle"]
        self.device = str(uuid.uuid4())

    def take(self, scope="send", **keys):
        return self.throttle._take(scope, keys or {"device": self.device})

    def rows(self, query, *params):
        """What a query gives in a transaction of its own, as counting is."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(query, params)
            return cr.fetchall() if cr.description else []

    def pass_time(self, seconds):
        self.rows("UPDATE civic_throttle SET empty_at = empty_at - %s", seconds)


@tagged("-at_install", "post_install")
class TestThrottle(ThrottleCase):
    def test_the_statement_counts_as_the_arithmetic(self):
        self.assertEqual([self.take() for _act in range(5)], [0] * 5)
        self.assertIn(self.take(), (119, 120))
        self.pass_time(119)
        self.assertTrue(self.take())
        self.pass_time(2)
        self.assertEqual(self.take(), 0)
        self.assertTrue(self.take())

    def test_refused_acts_count_for_nobody(self):
        phone = str(uuid.uuid4())
        for _act in range(5):
            self.take(phone=phone)
        # The telephone is full: the device must not be, however often it is tried.
        for _act in range(10):
            self.assertTrue(self.take(phone=phone, device=self.device))
        self.assertEqual(self.take(device=self.device), 0)

    def test_two_limits_of_one_telephone(self):
        phone = str(uuid.uuid4())
        sent = 0
        for _hour in range(10):
            sent += sum(not self.take(phone=phone) for _act in range(5))
            self.pass_time(3600)
        self.assertGreaterEqual(sent, 20)
        self.assertLess(sent, 30, "the day's limit holds where the hour's does not")

    def test_what_is_rolled_back_has_counted(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.take()
            raise ZeroDivisionError
        with self.env.cr.savepoint(flush=False) as savepoint:
            for _act in range(4):
                self.take()
            savepoint.rollback()
        self.assertTrue(self.take())

    def test_workers_count_together(self):
        """Eight at once: five are let in, whoever comes first."""
        told, keys = [], {"device": self.device}
        statement = self.throttle._statement(self.throttle._buckets("send", keys))
        start = threading.Barrier(8)

        def worker():
            with db_connect(self.env.cr.dbname).cursor() as cr:
                cr.connection.autocommit = True
                start.wait()
                cr.execute(statement)
                told.append(cr.fetchone()[3])

        workers = [threading.Thread(target=worker) for _worker in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(sorted(told), [0, 0, 0, 1, 1, 1, 1, 1])

    def test_connections_go_back_as_they_were(self):
        self.take()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            self.assertFalse(cr.connection.autocommit)
            cr.execute("SHOW transaction_isolation")
            self.assertEqual(cr.fetchone()[0], "repeatable read")

    def test_one_statement_and_nothing_to_read(self):
        self.take()
        before = self.env.cr.sql_log_count
        self.take(device="203.0.113.99", phone="+84912345678")
        self.assertEqual(self.env.cr.sql_log_count, before)
        text = str(self.rows("SELECT * FROM civic_throttle"))
        self.assertNotIn("203.0.113", text)
        self.assertNotIn("912345678", text)
        self.assertEqual(
            self.rows(
                "SELECT relpersistence FROM pg_class WHERE relname = 'civic_throttle'"
            ),
            [("u",)],
        )

    def test_empty_buckets_are_swept(self):
        self.take()
        self.sweep()
        self.assertTrue(self.rows("SELECT 1 FROM civic_throttle"))
        self.pass_time(10_000_000)
        self.sweep()
        self.assertFalse(self.rows("SELECT 1 FROM civic_throttle"))

    def sweep(self):
        """In a transaction of its own: it would keep what it deletes locked."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            self.env(cr=cr)["civic.throttle"]._gc_empty()

    def test_limits_are_data(self):
        limit = self.env.ref("civic_report.throttle_send_device")
        limit.count = 1
        self.assertEqual(self.take(), 0)
        self.assertTrue(self.take())
        limit.unlink()
        self.assertEqual(self.take(), 0)
        self.env.registry.clear_cache()

    def test_guessing_codes_is_slowed(self):
        """Whoever looks reports up is counted by device, address and code."""
        code = {"code": f"PA-26-{self.device}"}
        told = [self.take("lookup", device=uuid.uuid4(), **code) for _ in range(11)]
        self.assertEqual(told[:10], [0] * 10)
        with self.assertRaises(TooMany) as caught:
            self.throttle._check("lookup", code)
        self.assertEqual(caught.exception.http_status, 429)

    def test_without_the_key_other_work_goes_on(self):
        def fail(*_args):
            raise VaultError("closed")

        self.patch(type(self.env["civic.vault"]), "_fingerprint", fail)
        self.assertEqual([self.take() for _act in range(9)], [0] * 9)


@tagged("-at_install", "post_install")
class TestFlood(WebsiteCase):
    """100 posts a minute from one address, seen from outside."""

    def setUp(self):
        super().setUp()
        # Limits that a test reaches in a moment.
        for name, count in {"form_device": 3, "form_address": 8}.items():
            limit = self.env.ref(f"civic_report.throttle_{name}")
            # As long as it takes on a busy machine.
            limit.write({"count": count, "seconds": 86400})
        self.addCleanup(self.env.registry.clear_cache)

    def post(self, **changes):
        """Post a form with no token: it is counted, then refused."""
        form = {**self.form(), **changes, "csrf_token": "x"}
        return self.url_open("/phan-anh/gui", data=form)

    def statuses(self, times):
        return [self.post().status_code for _time in range(times)]

    def other_device(self):
        self.opener.cookies.clear()
        self.authenticate(None, None)

    def test_another_device_of_the_address_is_served(self):
        self.page("/phan-anh/gui")
        self.assertEqual(self.statuses(6), [400, 400, 400, 429, 429, 429])
        self.other_device()
        self.sent_report(self.send())

    def test_those_without_cookies_count_together(self):
        told = []
        for _post in range(10):
            self.other_device()
            told.append(self.post().status_code)
        self.assertEqual(told, [400] * 8 + [429] * 2)

    def test_a_cookie_for_each_act_is_no_way_round(self):
        told = []
        for _post in range(10):
            self.other_device()
            self.page("/phan-anh/gui")
            told.append(self.post().status_code)
        self.assertEqual(told, [400] * 8 + [429] * 2)
        # A device that has done something before is served all the while.
        self.known_device()
        self.assertEqual(self.post().status_code, 400)

    def known_device(self):
        """Another browser, which has done something here a while ago."""
        self.other_device()
        self.page("/phan-anh/gui")
        store = root.session_store
        session = store.get(self.opener.cookies["session_id"])
        acted_at = time.time() - KNOWN_SECONDS - 1
        session["civic_device"] = {**session["civic_device"], "acted_at": acted_at}
        store.save(session)
        return self.opener.cookies["session_id"]

    def test_old_cookies_are_no_way_round(self):
        network = self.env.ref("civic_report.throttle_form_network")
        network.write({"count": 8, "seconds": 86400})
        told = []
        for _post in range(10):
            self.known_device()
            told.append(self.post().status_code)
        self.assertEqual(told, [400] * 8 + [429] * 2)

    def test_a_browser_that_only_looked_is_not_known(self):
        """Names are handed out for nothing: age alone makes nobody known."""
        self.page("/phan-anh/gui")
        with frozen(datetime.now() + timedelta(days=2)):
            told = []
            for _post in range(9):
                self.other_device()
                self.page("/phan-anh/gui")
                told.append(self.post().status_code)
        self.assertEqual(told[-1], 429)

    def test_names_for_browsers_are_bounded(self):
        self.env.ref("civic_report.throttle_device_network").count = 3
        named = []
        for _page in range(5):
            self.other_device()
            self.page("/phan-anh/gui")
            session = root.session_store.get(self.opener.cookies["session_id"])
            named.append("civic_device" in session)
        self.assertEqual(named, [True] * 3 + [False] * 2)
        # Who gets none sends all the same, counted by the address.
        self.sent_report(self.send())

    # ------------------------------------------------------------------
    # Work instead of waiting
    # ------------------------------------------------------------------

    def refused(self):
        """Fill the gate of the address, and be refused.

        :return: (challenge, ticket), as the page gives them to a browser
        """
        for _post in range(8):
            self.other_device()
            self.page("/phan-anh/gui")
            self.post()
        self.other_device()
        self.page("/phan-anh/gui")
        answer = self.post_as_script()
        self.assertEqual(answer.status_code, 429)
        self.assertGreater(int(answer.headers["Retry-After"]), 10)
        values = answer.json()
        return json.loads(values["challenge"]), values["ticket"]

    def post_as_script(self, **changes):
        form = {**self.form(), **changes, "csrf_token": "x"}
        headers = {"Accept": "application/json"}
        return self.url_open("/phan-anh/gui", data=form, headers=headers)

    def test_whoever_works_is_served_once(self):
        challenge, _ticket = self.refused()
        proof = solved(challenge)
        self.assertEqual(self.post_as_script(proof=proof).status_code, 400)
        again = self.post_as_script(proof=proof)
        self.assertEqual(again.status_code, 429, "an answer is taken once")

    def test_an_answer_is_for_one_browser_and_act(self):
        challenge, _ticket = self.refused()
        proof = solved(challenge)
        self.other_device()
        self.page("/phan-anh/gui")
        self.assertEqual(self.post_as_script(proof=proof).status_code, 429)

    def test_what_is_no_answer(self):
        challenge, ticket = self.refused()
        dearer = json.loads(json.dumps(challenge))
        dearer["parameters"]["keyPrefix"] = "00"
        for proof in (ticket, "x", "e30=", solved(dearer), "9" * 10**5):
            answer = self.post_as_script(proof=proof)
            self.assertEqual(answer.status_code, 429, proof[:20])
        with frozen(datetime.now() + timedelta(seconds=601)):
            answer = self.post_as_script(proof=solved(challenge))
        self.assertEqual(answer.status_code, 429, "too late")

    def test_without_scripts_waiting_is_enough(self):
        _challenge, ticket = self.refused()
        with frozen(datetime.now() + timedelta(seconds=challenge_wait(1) + 1)):
            answer = self.post(proof=ticket)
        self.assertEqual(answer.status_code, 400)

    def test_a_page_without_scripts_carries_the_ticket(self):
        self.refused()
        answer = self.post()
        page = html.fromstring(answer.content)
        [ticket] = page.xpath("//form[@id='civic_form']//input[@name='proof']/@value")
        self.assertTrue(ticket)
        summary = self.text(page.get_element_by_id("error_summary"))
        self.assertIn("wait 20 seconds", summary)

    def test_it_costs_more_and_more(self):
        challenge, _ticket = self.refused()
        prices = []
        for _act in range(14):
            answer = self.post_as_script(proof=solved(challenge))
            if answer.status_code == 429:
                challenge = json.loads(answer.json()["challenge"])
                prices.append(challenge["parameters"]["data"]["price"])
            # A device alone is stopped sooner: each act is another's.
            self.env.ref("civic_report.throttle_form_device").count = 100
        self.assertEqual(prices, sorted(prices))
        self.assertGreater(prices[-1], 2 * prices[0])

    def test_the_page_says_how_long_and_keeps_the_text(self):
        self.page("/phan-anh/gui")
        self.statuses(3)
        answer = self.post(description="Ổ gà rất sâu.")
        self.assertEqual(answer.status_code, 429)
        self.assertGreater(int(answer.headers["Retry-After"]), 100)
        page = html.fromstring(answer.content)
        self.assertEqual(page.get_element_by_id("name").value, "Người gửi thử")
        self.assertEqual(
            page.get_element_by_id("description").value.strip(), "Ổ gà rất sâu."
        )
        self.assertIn(
            "Wait 480 min", self.text(page.get_element_by_id("error_summary"))
        )
        self.assertTrue(page.xpath("//a[@href='tel:115']"))

    def test_one_telephone_from_many_devices(self):
        self.env.ref("civic_report.throttle_send_phone_hour").count = 2
        for _report in range(2):
            self.other_device()
            self.sent_report(self.send())
        self.other_device()
        self.assertEqual(self.send().status_code, 429)
        self.sent_report(self.send({"phone": "0987 654 321"}))

    def test_sending_twice_counts_once(self):
        self.env.ref("civic_report.throttle_send_device").count = 1
        page = self.page("/phan-anh/gui")
        hidden = {name: page.forms[-1].fields[name] for name in ("csrf_token", "key")}
        form = {**self.form(), **hidden}
        for _click in range(2):
            files = [("files", ("anh.jpg", self.photo, "image/jpeg"))]
            answer = self.url_open("/phan-anh/gui", data=form, files=files)
            self.sent_report(answer)
        self.assertEqual(self.send().status_code, 429)

    def test_questions_and_ratings_are_counted_too(self):
        self.env.ref("civic_report.throttle_act_account").count = 1
        report = self.walk_to("done")
        self.authenticate("civic_citizen", "civic_citizen")
        path = f"/my/phan-anh/{report.name.lower()}"
        page = self.page(path)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        for status in (200, 429):
            form = {"csrf_token": token, "body": "Bao giờ thi công?"}
            answer = self.url_open(f"{path}/hoi-them", data=form)
            self.assertEqual(answer.status_code, status)
        self.assertIn("Retry-After", answer.headers)
        body = html.fromstring(answer.content).get_element_by_id("body")
        self.assertEqual(body.value.strip(), "Bao giờ thi công?")
