import base64
import json
import socket
import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ...tools import push
from ...tools.fetch import FetchError, post
from ..rig.push import ENDPOINT, PushService, _base64, device
from ..rig.support import ADDRESS, SupportCase


@tagged("-at_install", "post_install")
class TestSubscription(TransactionCase):
    """What a browser may tell us to post to."""

    def test_what_a_browser_gives_is_taken(self):
        given = device()
        self.assertEqual(push.subscription(**given), given)
        padded = {**given, "auth": given["auth"] + "=="}
        self.assertEqual(push.subscription(**padded), given)

    def test_addresses_that_are_no_push_service(self):
        for endpoint in (
            "",
            "http://push.example.com/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "https://169.254.169.254/latest",
            "https://localhost/x",
            "https://db/x",
            "https://push.localhost/x",
            "https://printer.local/x",
            "https://metadata.google.internal/x",
            "https://push.example.com:8069/x",
            "https://user:word@push.example.com/x",
            "https://push.example.com\\@inner/x",
            "https://push.example.com/a b",
            "https://push.example.com/ă",
            "https://push.example.com/" + "x" * 1000,
            "ftp://push.example.com/x",
        ):
            with self.subTest(endpoint=endpoint):
                self.assertFalse(push.is_public_endpoint(endpoint))

    def test_known_services_alone(self):
        """Names that only look like one, and addresses in every way of writing."""
        for host in (
            *("fcm.googleapis.com", "FCM.googleapis.com", "fcm.googleapis.com:443"),
            *("updates.push.services.mozilla.com", "web.push.apple.com"),
            "wns2-par02p.notify.windows.com",
        ):
            with self.subTest(host=host):
                given = device(f"https://{host}/x")
                self.assertEqual(push.subscription(**given), given)
        for host in (
            "push.example.com",
            "googleapis.com",
            "storage.googleapis.com",
            "evilpush.services.mozilla.com",
            "push.services.mozilla.com.evil.example",
            "fcm.googleapis.com.evil.example",
            "fcm.googleapis.com.",
            "fcm.googleapis.com:8443",
            "fcm.googleapis.com@evil.example",
            "evil.example#@fcm.googleapis.com",
            "evil.example\\@fcm.googleapis.com",
            "fcm.googleapis.com%2eevil.example",
            "fcm.googleapis.com%00.evil.example",
            "user:word@fcm.googleapis.com",
            "xn--fcm-googleapis-com-x5a",
            "fcm.googleapis.xn--cm-uja",
            "fcm.googleapıs.com",
            "ｆcm.googleapis.com",
            "fcm。googleapis。com",
            *("2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "127.1"),
            *("0177.0.0.1", "127.0.0.1.", "0", "[::]", "[::1]", "[::ffff:127.0.0.1]"),
            *("[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[fe80::1%25eth0]"),
            *("[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]", "169.254.169.254"),
            *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "100.100.100.200"),
            *("metadata.google.internal", "metadata", "instance-data"),
        ):
            with (
                self.subTest(host=host),
                self.assertRaises(push.InvalidSubscription),
            ):
                push.subscription(**device(f"https://{host}/x"))

    def test_addresses_of_this_network_in_every_form(self):
        """Where a service's name leads is looked at, however the address is written."""
        for address in (
            *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
            *("100.64.0.1", "100.100.100.200", "0.0.0.0", "224.0.0.1"),
            *("::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1"),
            *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
            *("::ffff:0:7f00:1", "2002:7f00:1::", "::127.0.0.1"),
        ):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            found = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
            with (
                self.subTest(address=address),
                patch.object(socket, "getaddrinfo", return_value=found),
                patch.object(socket, "create_connection") as connect,
                self.assertRaisesRegex(FetchError, "refused"),
            ):
                post(ENDPOINT, {}, b"x", push.SERVICES)
            connect.assert_not_called()

    def test_addresses_of_the_internet_are_asked(self):
        for address in ("8.8.8.8", "2404:6800:4005::1", "64:ff9b::808:808"):
            found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443))]
            with (
                self.subTest(address=address),
                patch.object(socket, "getaddrinfo", return_value=found),
                patch.object(socket, "create_connection", side_effect=OSError) as to,
                self.assertRaisesRegex(FetchError, "unreachable"),
            ):
                post(ENDPOINT, {}, b"x", push.SERVICES)
            self.assertEqual(to.call_args[0][0], (address, 443))

    def test_keys_that_are_none(self):
        given = device()
        off_curve = _base64(b"\x04" + b"\x01" * 64)
        for name, value in (
            ("p256dh", ""),
            ("p256dh", off_curve),
            ("p256dh", given["auth"]),
            ("p256dh", given["p256dh"] * 50),
            ("auth", ""),
            ("auth", "!" * 22),
            ("auth", given["p256dh"]),
        ):
            with (
                self.subTest(name=name, value=value[:30]),
                self.assertRaises(push.InvalidSubscription),
            ):
                push.subscription(**{**given, name: value})

    def test_where_a_name_leads_is_looked_at(self):
        """No name of the Internet makes this server speak with those beside it."""
        for host in ("localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]"):
            with self.subTest(host=host), self.assertRaisesRegex(FetchError, "refused"):
                post(f"https://{host}/device", {}, b"x", {host.strip("[]")})
        inner = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.5", 443))]
        with (
            patch.object(socket, "getaddrinfo", return_value=inner),
            self.assertRaisesRegex(FetchError, "refused"),
        ):
            post(ENDPOINT, {}, b"x", push.SERVICES)

    def test_who_answers_letter_by_letter_keeps_nobody_waiting(self):
        done = threading.Event()
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        self.addCleanup(done.set)

        def drip():
            with server.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 201 ")
                for _turn in range(200):
                    if done.wait(0.05):
                        return
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        with self.assertRaisesRegex(FetchError, "unreachable"):
            post(f"{origin}/device", {}, b"x", {origin}, seconds=0.2)
        self.assertTrue(thread.is_alive(), "it was still speaking")


@tagged("-at_install", "post_install")
class TestFollowPush(SupportCase):
    """A citizen follows a report on a device."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["civic.driver.push"]._make_followers_keys()
        cls.push = PushService().start()
        cls.addClassCleanup(cls.push.stop)

    def setUp(self):
        super().setUp()
        self.push.clear()
        self.given = device()

    def ask(self, wish, status=200, token=None, **values):
        """What the route answers to the script of the page."""
        [box] = self.page(self.page_path).find_class("o_civic_follow_push")
        answer = self.url_open(
            box.get("data-action"),
            data={
                "csrf_token": box.get("data-token") if token is None else token,
                "wish": wish,
                **self.given,
                **values,
            },
        )
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()

    def submit_result(self):
        self.submit(self.report.assignment_ids.sudo(False))

    def follow_here(self, path="/device/1"):
        """Follow as a browser whose push service is on this machine."""
        self.support._follow_push_sudo(
            self.report, device(self.push.url + path), "en_US"
        )
        self.startPatcher(
            patch.object(
                type(self.env["civic.driver.push"]),
                "_push_hosts",
                lambda _self: (self.push.url,),
            )
        )
        return self.rows_of(kind="push")

    def told(self):
        return self.rows(self.report, audience="follower", channel="push")

    def push_payload(self, row):
        return row._driver()._follower_payload(row)

    # ------------------------------------------------------------------
    # The page and its route
    # ------------------------------------------------------------------

    def test_a_device_follows_once_and_no_longer(self):
        self.assertEqual(self.ask(""), {"followed": False})
        self.assertFalse(self.rows_of(), "asking leaves nothing behind")
        for _again in range(2):
            self.assertEqual(self.ask("on"), {"followed": True})
        row = self.rows_of()
        self.assertEqual((row.kind, row.state), ("push", "following"))
        self.assertEqual(row._who(), self.given)
        self.become_somebody_else()
        self.assertEqual(self.ask(""), {"followed": True})
        self.assertEqual(self.ask("off"), {"followed": False})
        self.assertFalse(self.rows_of())

    def test_the_button_needs_keys_and_scripts(self):
        [box] = self.page(self.page_path).find_class("o_civic_follow_push")
        self.assertIn("d-none", box.get("class"))
        self.assertEqual(len(base64.urlsafe_b64decode(box.get("data-key") + "==")), 65)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("civic_report.follow_vapid_public_key", False)
        page = self.page(self.page_path)
        self.assertFalse(page.find_class("o_civic_follow_push"))

    def test_where_a_device_is_stands_nowhere_in_clear(self):
        self.ask("on")
        other = self.walk_to("accepted").sudo()
        other._follow_on_device(**self.given)
        self.submit_result()
        self.env.flush_all()
        for table in ("civic_support", "civic_outbox"):
            self.cr.execute(f"SELECT row_to_json(s)::text FROM {table} s")
            kept = "".join(text for (text,) in self.cr.fetchall())
            for secret in ("secret-name", *self.given.values()):
                self.assertNotIn(secret, kept)
        rows = self.support.search([("kind", "=", "push")])
        self.assertEqual(len(set(rows.mapped("person_hash"))), 2)

    def test_what_is_no_subscription_is_said(self):
        answer = self.ask("on", status=422, endpoint="https://10.0.0.1/x")
        self.assertIn("cannot be notified", answer["error"])
        self.ask("on", status=422, auth="")
        self.assertFalse(self.rows_of())

    def test_without_a_token_nothing_happens(self):
        answer = self.ask("on", status=422, token="")
        self.assertIn("open for too long", answer["error"])
        self.assertFalse(self.rows_of())

    def test_a_flood_is_stopped(self):
        self.env.ref("civic_report.throttle_follow_device").count = 2
        self.ask("on")
        self.ask("off")
        self.ask("on", status=429)
        self.assertFalse(self.rows_of())

    def test_what_is_not_published_is_not_found(self):
        private = self.make_report(visibility="private").sudo()
        path = f"{private._website_path()}/theo-doi-thiet-bi"
        answer = self.url_open(path, data={"wish": "on", **self.given})
        self.assertEqual(answer.status_code, 404)

    def test_what_has_ended_is_not_followed(self):
        report = self.walk_to("done").sudo()
        [box] = self.page(self.page_path).find_class("o_civic_follow_push")
        answer = self.url_open(
            f"{report._website_path()}/theo-doi-thiet-bi",
            data={"csrf_token": box.get("data-token"), "wish": "on", **self.given},
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("has ended", answer.json()["error"])

    def test_the_worker_is_served_where_its_pages_are(self):
        answer = self.url_open("/phan-anh/push.js")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("text/javascript", answer.headers["Content-Type"])
        self.assertIn("showNotification", answer.text)

    def test_a_new_key_seals_devices_too(self):
        self.ask("on")
        row = self.rows_of()
        path = row._link_path()
        row._vault_write(row._vault_again())
        self.assertEqual(row._who(), self.given)
        self.assertEqual(row._link_path(), path)
        self.assertTrue(self.report._is_followed_on(ENDPOINT))

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def test_each_step_is_told_once_by_the_way_of_each_follower(self):
        row = self.follow_here()
        self.support._upsert(
            self.support._prepare_row(self.report, "email", ADDRESS, state="following")
        )
        self.submit_result()
        told = self.rows(self.report, audience="follower")
        self.assertEqual(
            {(each.support_id.kind, each.channel) for each in told},
            {("push", "push"), ("email", "email")},
        )
        self.assertEqual(len(told), 2)
        self.env["civic.outbox"]._queue_events(told.event_id)
        self.assertEqual(len(self.rows(self.report, audience="follower")), 2)
        self.deliver()
        self.assertEqual(self.told().state, "sent")
        [asked] = self.push.requests
        self.assertEqual(asked["path"], "/device/1")
        self.assertEqual(asked["headers"]["Content-Encoding"], "aes128gcm")
        self.assertTrue(asked["headers"]["Authorization"].startswith("vapid t="))
        self.assertEqual(asked["headers"]["Urgency"], "normal")
        self.assertNotIn(self.report.name.encode(), asked["raw"])
        self.assertTrue(row.exists())

    def test_a_screen_shows_a_code_and_what_happened(self):
        row = self.follow_here()
        self.submit_result()
        payload = json.loads(self.push_payload(self.told()))
        shown = payload["title"] + payload["options"]["body"]
        self.assertIn(self.report.name, shown)
        self.assertIn("Result submitted", shown)
        self.assertNotIn(self.report.subject, shown)
        links = payload["options"]["data"]
        self.assertTrue(links["link"].endswith(self.page_path))
        self.assertTrue(links["stop"].endswith(row._link_path()))
        page = self.page(row._link_path())
        self.assertIn("Stop following", self.text(page))
        self.page(row._link_path(), data={"wish": "off"})
        self.assertFalse(self.rows_of())
        self.deliver()
        self.assertEqual(self.told().state, "dropped")
        self.assertFalse(self.push.requests)

    def test_a_device_that_is_gone_is_forgotten(self):
        for mode in ("gone", "missing"):
            with self.subTest(mode=mode):
                row = self.follow_here(f"/device/{mode}")
                self.env["civic.outbox"]._queue_withdrawn(self.report)
                row.state = "ended"
                self.push.mode = mode
                self.deliver()
                self.assertFalse(row.exists())
        self.assertEqual(self.told().mapped("state"), ["dropped"] * 2)

    def test_a_push_service_that_fails(self):
        row = self.follow_here()
        self.submit_result()
        for strikes, mode in enumerate(("error", "busy", "unavailable", "silent"), 1):
            self.push.mode = mode
            self.told().due_at = self.told().queued_at
            self.deliver()
            with self.subTest(mode=mode):
                told = self.told()
                self.assertEqual((told.state, told.strikes), ("waiting", strikes))
                self.assertNotIn("127.0.0.1", told.error)
        self.assertEqual(row.state, "following")

    def test_without_keys_nothing_is_sent(self):
        row = self.follow_here()
        self.submit_result()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("civic_report.follow_vapid_public_key", False)
        self.deliver()
        self.assertEqual(self.told().state, "dropped")
        self.assertFalse(self.push.requests)
        self.assertTrue(row.exists())

    def test_an_administrator_names_more_services(self):
        self.env["ir.config_parameter"].set_param(
            "civic_report.push_services", "push.coc.example, .push.vn.example"
        )
        for host in ("push.coc.example", "a.push.vn.example", "fcm.googleapis.com"):
            self.report._follow_on_device(**device(f"https://{host}/x"))
        with self.assertRaises(UserError):
            self.report._follow_on_device(**device("https://push.vn.example.evil/x"))

    def test_a_device_kept_from_before_at_no_known_service(self):
        given = device("https://push.example.com/x")
        self.support._follow_push_sudo(self.report, given, "en_US")
        row = self.rows_of(kind="push")
        self.submit_result()
        resolve = socket.getaddrinfo
        with patch.object(socket, "getaddrinfo", side_effect=resolve) as look:
            self.deliver()
        asked = [call.args[0] for call in look.call_args_list]
        self.assertNotIn("push.example.com", asked)
        self.assertEqual(self.told().state, "dropped")
        self.assertFalse(row.exists())

    def test_nothing_inside_is_asked(self):
        """A name may lead anywhere: where it does is looked at when it is asked."""
        row = self.follow_here()
        self.startPatcher(
            patch.object(
                type(self.env["civic.driver.push"]),
                "_push_hosts",
                lambda _self: ("127.0.0.1",),
            )
        )
        self.submit_result()
        self.deliver()
        self.assertEqual(self.told().state, "dropped")
        self.assertFalse(self.push.requests)
        self.assertFalse(row.exists())

    def test_a_report_that_is_hidden_is_named_by_its_code_once(self):
        self.follow_here()
        self.submit_result()
        operator = self.report.with_user(self.operator).sudo(False)
        operator.set_visibility("private", "Người gửi đề nghị.")
        before, ended = self.told()
        payload = self.push_payload(ended)
        self.assertIn(self.report.name, payload)
        self.assertNotIn(self.page_path, payload)
        self.deliver()
        self.assertEqual((before.state, ended.state), ("dropped", "sent"))
        self.assertEqual(len(self.push.requests), 1)

    def test_many_devices_cost_no_more_than_one(self):
        def count(report):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            report.assignment_ids.sudo(False).with_user(self.handler).accept()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        warm, one, many = (self.walk_to("processing").sudo() for _index in range(3))
        given = device()
        for report, number in ((warm, 1), (one, 1), (many, 100)):
            for index in range(number):
                endpoint = f"{ENDPOINT}/{index}"
                row = {**given, "endpoint": endpoint}
                self.support._follow_push_sudo(report, row, "en_US")
        count(warm)
        self.assertEqual(count(many), count(one))
        told = self.rows(many, audience="follower", channel="push")
        self.assertEqual(len(told.support_id), 100)
