"""What providers send: signatures over the raw bytes, events, chats; and fetching."""

import socket
import unittest
from datetime import datetime, timedelta
from unittest.mock import patch

from ...tools import (
    chat,
    facebook,
    fetch,
    pbx,
    signed,
    sms_in,
    zalo,
)
from ...tools.chat import Message
from ...tools.urgency import judge
from ..rig.cdn import FileServer
from ..rig.webhooks import (
    MS,
    NOW,
    SECRET,
    body,
    facebook_body,
    facebook_event,
    hex_of,
    ours,
    zalo_event,
    zalo_mac,
)


class TestSigned(unittest.TestCase):
    def test_our_own_header(self):
        raw = body({"id": "1"})
        other = hex_of("khac", raw)
        rows = {
            "right": (ours(raw), True),
            "two while the secret changes": (f"{ours(raw)},v1={other}", True),
            "the other one first": (ours(raw).replace(",", f",v1={other},", 1), True),
            "another secret": (ours(raw, "khac"), False),
            "six minutes old": (ours(raw, at=NOW - 360), False),
            "six minutes ahead": (ours(raw, at=NOW + 360), False),
            "of another body": (ours(raw + b" "), False),
            "no time": (ours(raw).partition(",")[2], False),
            "two times": (f"t=1,{ours(raw)}", False),
            "empty": ("", False),
            "no hex": (f"t={int(NOW)},v1=xyz", False),
        }
        for name, (header, right) in rows.items():
            with self.subTest(name):
                self.assertIs(signed.is_signed(SECRET, raw, header, NOW), right)
        self.assertFalse(signed.is_signed("", raw, ours(raw, ""), NOW), "no secret")

    def test_zalo(self):
        raw = body(zalo_event())
        old = raw.replace(MS.encode(), str(int((NOW - 13 * 3600) * 1000)).encode())
        rows = {
            "right": (raw, zalo_mac(raw), True),
            "without mac=": (raw, zalo_mac(raw)[4:], True),
            "another secret": (raw, zalo_mac(raw, "khac"), False),
            "changed": (raw + b" ", zalo_mac(raw), False),
            "empty": (raw, "", False),
            "13 hours old": (
                old,
                zalo_mac(old, timestamp=str(int((NOW - 13 * 3600) * 1000))),
                False,
            ),
            "no JSON": (b"xin chao", zalo_mac(b"xin chao"), False),
        }
        for name, (raw, header, right) in rows.items():
            with self.subTest(name):
                found = zalo.is_signed(raw, header, "1234567890", SECRET, NOW)
                self.assertIs(found, right)
        raw = body(zalo_event())
        self.assertFalse(zalo.is_signed(raw, zalo_mac(raw, ""), "1234567890", "", NOW))

    def test_zalo_timestamp_in_a_text_is_none(self):
        """What somebody writes cannot stand for the time that is signed."""
        raw = body(zalo_event(text=f'"timestamp":"{MS}"'))
        self.assertEqual(zalo.TIMESTAMP.findall(raw), [MS.encode()])

    def test_zalo_repeats_for_hours(self):
        raw = body(zalo_event())
        header = zalo_mac(raw)
        later = NOW + 11 * 3600
        self.assertTrue(zalo.is_signed(raw, header, "1234567890", SECRET, later))

    def test_facebook(self):
        raw = body(facebook_body(facebook_event()))
        right = f"sha256={hex_of(SECRET, raw)}"
        self.assertTrue(facebook.is_signed(raw, right, SECRET))
        for header in ("", right[7:], right.upper(), f"sha1={right[7:]}", "sha256="):
            with self.subTest(header):
                self.assertFalse(facebook.is_signed(raw, header, SECRET))
        self.assertFalse(facebook.is_signed(raw + b" ", right, SECRET))
        self.assertFalse(facebook.is_signed(raw, f"sha256={hex_of('', raw)}", ""))

    def test_facebook_old(self):
        raw = body(facebook_body(facebook_event()))
        self.assertTrue(facebook.is_fresh(raw, NOW + 35 * 3600))
        self.assertFalse(facebook.is_fresh(raw, NOW + 37 * 3600))
        self.assertFalse(facebook.is_fresh(b'{"object":"page"}', NOW))

    def test_facebook_asks_first(self):
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": "quen-biet",
            "hub.challenge": "1158201444",
        }
        self.assertEqual(facebook.challenge(asked, "quen-biet"), "1158201444")
        self.assertEqual(facebook.challenge(asked, "khac"), "")
        self.assertEqual(facebook.challenge(asked, ""), "")
        self.assertEqual(
            facebook.challenge({**asked, "hub.mode": "x"}, "quen-biet"), ""
        )

    def test_switchboard(self):
        raw = body({"event": "pbx.call.ringing", "timestamp": "2025-11-16T03:00:00Z"})
        other = f"sha256={hex_of(SECRET, raw)}"
        rows = {
            "ours": ({pbx.HEADER: ours(raw)}, NOW, True),
            "theirs": ({pbx.OTHER_HEADER: other}, NOW, True),
            "theirs, old": ({pbx.OTHER_HEADER: other}, NOW + 360, False),
            "ours wrong, theirs right": (
                {pbx.HEADER: "t=1,v1=00", pbx.OTHER_HEADER: other},
                NOW,
                False,
            ),
            "none": ({}, NOW, False),
        }
        for name, (headers, now, right) in rows.items():
            with self.subTest(name):
                self.assertIs(pbx.is_signed(raw, headers, SECRET, now), right)


class TestMalformed(unittest.TestCase):
    def test_what_is_no_message(self):
        deep = b'{"a":' * 100 + b"1" + b"}" * 100
        deeper = b"[" * 200_000
        xml = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        for raw in (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", deep, deeper, xml):
            for module in (zalo, facebook, sms_in):
                with self.subTest(module=module.__name__, raw=raw[:20]):
                    self.assertRaises(signed.Malformed, module.split, raw)
            with self.subTest(raw=raw[:20]):
                self.assertRaises(signed.Malformed, pbx.read, raw)

    def test_types_that_are_wrong_say_nothing(self):
        odd = (None, 1, True, [], {}, "x", [1], [[]], {"id": []})
        for value in odd:
            with self.subTest(value=value):
                row = zalo_event(attachments=value)
                self.assertEqual(zalo.read(body(row)).media, ())
                for name in ("sender", "message"):
                    zalo.read(body({**zalo_event(), name: value}))
                    event = {**facebook_event(), name: value}
                    facebook.split(body(facebook_body(event)))
                facebook.split(body({"object": "page", "entry": value}))
                pbx.read(body({"call_id": "1", "direction": value, "caller": value}))

    def test_too_many_events(self):
        many = body(facebook_body(*({} for _n in range(1001))))
        self.assertRaises(signed.Malformed, facebook.split, many)


class TestEvents(unittest.TestCase):
    def test_zalo(self):
        url = "https://f21-org-zp.zdn.vn/1/anh.jpg"
        photo = {"type": "image", "payload": {"url": url, "thumbnail": "https://t"}}
        place = {
            "type": "location",
            "payload": {"coordinates": {"latitude": "16.46", "longitude": "107.59"}},
        }
        sticker = {"type": "sticker", "payload": {"id": "46979", "url": "https://s"}}
        rows = {
            "text": (zalo_event(), {"kind": "message", "text": "Ổ gà"}),
            "picture": (
                zalo_event("user_send_image", attachments=[photo]),
                {"kind": "message", "media": (url,)},
            ),
            "place": (
                zalo_event("user_send_location", attachments=[place]),
                {"latitude": 16.46, "longitude": 107.59, "unread": ()},
            ),
            "sticker": (
                zalo_event("user_send_sticker", attachments=[sticker], text=""),
                {"media": (), "unread": ("sticker",), "text": ""},
            ),
            "follow": (
                {"event_name": "follow", "follower": {"id": "1"}, "timestamp": MS},
                {"kind": "", "sender": ""},
            ),
            "what the account says itself": (
                zalo_event("oa_send_text"),
                {"kind": "", "sender": "", "text": ""},
            ),
            "seen": (zalo_event("user_seen_message"), {"kind": ""}),
        }
        for name, (event, wanted) in rows.items():
            with self.subTest(name):
                found = zalo.read(body(event))
                for key, value in wanted.items():
                    self.assertEqual(getattr(found, key), value, key)
        found = zalo.read(body(zalo_event()))
        self.assertEqual(found.sender, "246845883529197922")
        self.assertEqual(found.event_id, "96d3cdf3af150460909")
        self.assertEqual(found.sent_at, datetime(2025, 11, 16, 3))

    def test_facebook(self):
        url = "https://scontent.xx.fbcdn.net/v/anh.jpg"
        image = {"type": "image", "payload": {"url": url}}
        sticker = {"type": "image", "payload": {"url": url, "sticker_id": 369239263}}
        place = {
            "type": "location",
            "payload": {"coordinates": {"lat": 16.46, "long": 107.59}},
        }
        event = facebook_event
        edit = {
            "sender": {"id": "6543210987654321"},
            "timestamp": int(MS),
            "message_edit": {"mid": "m_1", "text": "Ổ gà to", "num_edit": 1},
        }
        rows = {
            "text": (event(), {"kind": "message", "text": "Ổ gà"}),
            "picture": (event(attachments=[image]), {"media": (url,)}),
            "sticker": (
                event(attachments=[sticker]),
                {"media": (), "unread": ("sticker",)},
            ),
            "place": (event(attachments=[place]), {"latitude": 16.46}),
            "echo": (event(is_echo=True), {"kind": "", "sender": ""}),
            "taken back": (
                event(is_deleted=True),
                {"kind": "retracted", "about": "m_1", "text": ""},
            ),
            "edited": (edit, {"kind": "edited", "about": "m_1", "text": "Ổ gà to"}),
            "read": ({"sender": {"id": "1"}, "read": {"watermark": 1}}, {"kind": ""}),
            "reaction": ({"sender": {"id": "1"}, "reaction": {}}, {"kind": ""}),
        }
        for name, (row, wanted) in rows.items():
            with self.subTest(name):
                [(found, kept)] = facebook.split(body(facebook_body(row)))
                self.assertEqual(facebook.read(kept), found, "kept as it was read")
                for key, value in wanted.items():
                    self.assertEqual(getattr(found, key), value, key)

    def test_facebook_in_one_body(self):
        comment = {"field": "feed", "value": {"item": "comment", "message": "Ổ gà"}}
        raw = body(
            facebook_body(event_a := facebook_event("m_1"), event_a, changes=[comment])
        )
        found = [message.kind for message, _kept in facebook.split(raw)]
        self.assertEqual(found, ["message", "message", ""])
        self.assertRaises(signed.Malformed, facebook.split, body({"object": "user"}))

    def test_sms(self):
        row = {
            "id": "s1",
            "from": "0912 345 678",
            "text": "Ổ gà",
            "received_at": "2025-11-16T10:00:00+07:00",
        }
        found = sms_in.read(body(row))
        self.assertEqual(found.sender, "+84912345678")
        self.assertEqual(found.sent_at, datetime(2025, 11, 16, 3))
        renamed = {"message_id": "s1", "phone_number": "+84912345678", "body": "x"}
        self.assertEqual(sms_in.read(body(renamed)).sender, "+84912345678")
        machine = sms_in.read(body({**row, "from": "VIETTEL"}))
        self.assertEqual((machine.kind, machine.sender), ("", ""))
        for broken in ({}, {"text": "x"}):
            self.assertRaises(signed.Malformed, sms_in.read, body(broken))
        for moment in ("", "hôm qua", "99999999999999999999", "-1"):
            self.assertIsNone(sms_in.read(body({**row, "received_at": moment})).sent_at)

    def test_calls(self):
        data = {
            "call_uuid": "7c9e",
            "extension": "1001",
            "direction": "inbound",
            "caller_number": "0987654321",
            "destination_number": "1022",
        }
        rows = {
            "pbx.call.ringing": "ringing",
            "pbx.call.answered": "answered",
            "pbx.call.hangup": "ended",
            "pbx.cdr.created": "ended",
            "ringing": "ringing",
            "ended": "ended",
            "telesales.lead.created": "",
            "": "",
        }
        for event, phase in rows.items():
            with self.subTest(event):
                found = pbx.read(body({"event": event, "data": data}))
                self.assertEqual((found.phase, found.call_id), (phase, "7c9e"))
                self.assertEqual(found.number, "+84987654321")
        flat = pbx.read(body({"event": "ringing", **data, "direction": "outbound"}))
        self.assertEqual((flat.direction, flat.number), ("out", ""))
        hidden = pbx.read(body({"event": "ringing", "call_id": "1", "caller": "x"}))
        self.assertEqual(hidden.number, "")
        self.assertRaises(signed.Malformed, pbx.read, body({"event": "ringing"}))


class TestChat(unittest.TestCase):
    def message(self, number, text="", **values):
        return Message(
            event_id=f"m{number}",
            kind=values.pop("kind", "message"),
            sender="1",
            sent_at=datetime(2025, 11, 16, 3, number),
            text=text,
            **values,
        )

    def test_ends(self):
        for text in ("gửi", "Gửi", "GUI", "xong.", " Xong! ", "Gửi đi", "xong rồi"):
            self.assertTrue(self.message(1, text).ends, text)
        for text in ("", "gửi ảnh", "chưa xong", "xong chưa", "Tôi gửi rồi nhé"):
            self.assertFalse(self.message(1, text).ends, text)
        self.assertFalse(self.message(1, "gửi", media=("https://x",)).ends)

    def test_gathered_as_sent_whatever_the_order(self):
        draft = chat.gather(
            [
                self.message(5, "gửi"),
                self.message(2, "trước số 10"),
                self.message(3, media=("https://a", "https://b")),
                self.message(4, latitude=16.4, longitude=107.5),
                self.message(1, "Ổ gà"),
            ]
        )
        self.assertEqual(draft.text, "Ổ gà\ntrước số 10")
        self.assertEqual(draft.media, ["https://a", "https://b"])
        self.assertEqual((draft.latitude, draft.longitude), (16.4, 107.5))

    def test_conversations(self):
        """They end with “gửi”, or with ten minutes of silence."""
        messages = [
            self.message(1, "Ổ gà"),
            self.message(2, "gửi"),
            self.message(3, "Đèn hỏng"),
            self.message(13, "số 5"),
            self.message(24, "Rác"),
        ]
        parts = chat.conversations(reversed(messages), timedelta(minutes=10))
        self.assertEqual(
            [[row.text for row in part] for part in parts],
            [["Ổ gà", "gửi"], ["Đèn hỏng", "số 5"], ["Rác"]],
        )
        self.assertEqual(chat.conversations([], timedelta(minutes=10)), [])

    def test_edited_and_taken_back(self):
        draft = chat.gather(
            [
                self.message(4, "Ổ gà to", kind="edited", about="m1"),
                self.message(1, "Ổ gà"),
                self.message(2, "nhầm", media=("https://a",)),
                self.message(3, kind="retracted", about="m2"),
            ]
        )
        self.assertEqual((draft.text, draft.media), ("Ổ gà to", []))
        self.assertEqual(draft.retracted, 1)

    def test_an_edit_of_what_was_sent_before_is_news(self):
        draft = chat.gather([self.message(4, "Số 12", kind="edited", about="m0")])
        self.assertEqual(draft.text, "Số 12")

    def test_nothing_in_it(self):
        for messages in (
            [],
            [self.message(1, "gửi")],
            [self.message(1, unread=("sticker",))],
            [self.message(1, kind="")],
        ):
            self.assertTrue(chat.gather(messages).is_empty)
        self.assertFalse(chat.gather([self.message(1, media=("https://a",))]).is_empty)

    def test_urgent_words(self):
        rows = {
            "Cháy nhà số 5 Lê Lợi": ["cháy nhà"],
            "tai nạn giao thông": ["tai nạn"],
            "chay nha o so 5": ["cháy nhà"],
            "Nước chảy ra đường": [],
            "xe chay nhanh": [],
            "Xe chạy ẩu": [],
            "Đèn cháy bóng đã ba hôm": [],
            "bóng đèn cháy": [],
            "thiết bị phòng cháy chữa cháy bị hỏng": [],
            "phong chay chua chay": [],
            "Bà Cháyy": [],
            "": [],
        }
        for text, words in rows.items():
            with self.subTest(text):
                self.assertEqual([*judge(text).words], words)

    def test_answers_about_danger(self):
        for text, answer in {
            "1": True,
            "Có ạ!": True,
            "co": True,
            "2.": False,
            "Không": False,
            "Không biết": None,
            "12": None,
            "": None,
        }.items():
            with self.subTest(text):
                self.assertIs(self.message(1, text).answer, answer)
        self.assertIsNone(self.message(1, "1", media=("https://a",)).answer)

    def test_positions(self):
        self.assertEqual(chat.coordinates("16.4", "107.5"), (16.4, 107.5))
        for pair in (("0", "0"), ("999", "1"), ("nan", "1"), ("x", "1"), ("", "")):
            self.assertIsNone(chat.coordinates(*pair), pair)


class TestFetch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = FileServer().start()
        cls.addClassCleanup(cls.server.stop)
        cls.picture = cls.server.keep("/anh.jpg", b"x" * 1000)
        cls.hosts = (cls.server.origin,)

    def assertCode(self, code, url, hosts=None, most=2000, **options):
        with self.assertRaises(fetch.FetchError) as caught:
            fetch.fetch(url, self.hosts if hosts is None else hosts, most, **options)
        self.assertEqual(caught.exception.code, code, url)

    def test_what_was_named_is_fetched(self):
        self.assertEqual(fetch.fetch(self.picture, self.hosts, 2000), b"x" * 1000)

    def test_hosts(self):
        hosts = (".zdn.vn", "cdn.example.com", "https://pbx.example.com:8443")
        for url in (
            "https://f21.zdn.vn/a.jpg",
            "https://cdn.example.com/a?b=c",
            "https://cdn.example.com:443/",
            "https://pbx.example.com:8443/rec/1.wav",
        ):
            self.assertTrue(fetch.is_allowed(url, hosts), url)
        for url in (
            "http://f21.zdn.vn/a.jpg",
            "https://zdn.vn.example.com/",
            "https://evilzdn.vn/",
            "https://zdn.vn/",
            "https://cdn.example.com:8443/",
            "https://pbx.example.com/",
            "https://cdn.example.com@127.0.0.1/",
            "https://user:word@cdn.example.com/",
            "https://127.0.0.1/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "file:///etc/passwd",
            "ftp://cdn.example.com/",
            "//cdn.example.com/",
            "https://cdn.example.com\\@127.0.0.1/",
            "https://cdn.example.com/\r\nHost: x",
            "https://cdn.example.com:99999/",
            "",
            "x",
        ):
            self.assertFalse(fetch.is_allowed(url, hosts), url)
            self.assertCode("refused", url, hosts)

    def test_addresses_of_the_own_network_are_not_asked(self):
        for address in (
            *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"),
            *("0.0.0.0", "::1", "fc00::1", "fe80::1", "::ffff:127.0.0.1", "100.64.0.1"),
        ):
            found = [(None, None, None, "", (address, 443))]
            public = (None, None, None, "", ("93.184.216.34", 443))
            for rows in (found, [public, *found]):
                with patch.object(socket, "getaddrinfo", return_value=rows):
                    self.assertCode(
                        "refused", "https://cdn.example.com/", ("cdn.example.com",)
                    )

    def test_redirects_are_checked_anew(self):
        self.server.leads_to.update(
            own="/anh.jpg",
            away="http://127.0.0.1:1/",
            file="file:///etc/passwd",
            round="/moved/round",
        )
        moved = f"{self.server.origin}/moved"
        self.assertEqual(len(fetch.fetch(f"{moved}/own", self.hosts, 2000)), 1000)
        for name in ("away", "file", "round"):
            self.assertCode("refused", f"{moved}/{name}")

    def test_bounds(self):
        self.assertCode("too_large", self.picture, most=999)
        self.assertCode("gone", f"{self.server.origin}/none")
        self.assertCode("unreachable", f"{self.server.origin}/busy")
        self.assertCode("unreachable", "http://127.0.0.1:1/", ("http://127.0.0.1:1",))

    def test_it_does_not_wait_for_ever(self):
        with patch.object(fetch, "READ_SECONDS", 0.2):
            self.assertCode("unreachable", f"{self.server.origin}/drip", seconds=0.1)
