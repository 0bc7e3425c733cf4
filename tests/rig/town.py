"""The people of a province for a day, each with one matter to report, by the channels
that are open to everybody: see `test_day`."""

import re
import time
import urllib.request
from email.message import EmailMessage

from lxml import html

from .live import Client
from .media import drawing, saved
from .webhooks import (
    SECRET,
    body,
    facebook_body,
    facebook_event,
    hex_of,
    ours,
    zalo_event,
    zalo_mac,
)

CHANNELS = ("web", "email", "sms", "zalo", "facebook", "telephone")
LOOKUP = "/phan-anh/tra-cuu"
# Not the end of a report's code.
DIGITS = re.compile(r"(?<![\d-])\d{6}(?!\d)")


class Neighbour(Client):
    """A browser at a network address of its own, behind the province's proxy."""

    def __init__(self, url, address):
        super().__init__(url, "")
        host = url.partition("//")[2]
        self.opener.addheaders += [
            ("X-Forwarded-For", address),
            ("X-Forwarded-Host", host),
        ]

    def form(self, path, values):
        """Send the form of a page with its token."""
        _status, page, _url = self.get(path)
        token = html.fromstring(page).xpath("//input[@name='csrf_token']/@value")[0]
        return self.post_form(values.pop("to"), {"csrf_token": token, **values})


class Citizen:
    """Somebody with one matter to report, known by a word that nobody else uses."""

    channel = ""

    def __init__(self, town, number):
        self.town = town
        self.number = number
        self.word = f"viec{number:04}"
        self.name = f"Danhtinh{number:04}"
        self.phone = f"09{10_000_000 + number}"
        self.email = ""
        self.text = f"Ổ gà {self.word} trước nhà số {number} đường Lê Lợi."
        self.report = None

    @property
    def code(self):
        return self.report["name"]

    def send(self):
        """Report the matter."""
        raise NotImplementedError

    def answer(self):
        """Complete the report, as the Centre has asked."""
        raise NotImplementedError

    def told(self):
        """Texts that reached this citizen."""
        return self.town.sms_to(self.phone)


class WebCitizen(Citizen):
    """Fills in the form; later proves by a one-time code who sent it."""

    channel = "web"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.email = f"nguoi{self.number}@example.com"
        self.browser = Neighbour(
            self.town.server.url, f"10.7.{self.number // 250}.{self.number % 250 + 1}"
        )

    def send(self):
        form = {
            **self.browser.open_form(),
            **self.town.case.filled_form(
                subject=f"Ổ gà {self.word}",
                description=self.text,
                name=self.name,
                phone=self.phone,
                email=self.email,
            ),
        }
        code = self.browser.send_report(form, [self.town.picture])
        assert code, f"{self.word} was not acknowledged"

    def answer(self):
        self.prove()
        self.act("bo-sung", message=f"Bổ sung: gần trường học, {self.word}.")

    def rate(self):
        self.prove()
        self.act("danh-gia", level=self.town.level, comment="Cảm ơn.")

    @property
    def page(self):
        return f"{LOOKUP}/{self.code.lower()}"

    def prove(self):
        before = len(self.told())
        self.browser.form(LOOKUP, {"to": LOOKUP, "code": self.code})
        digits = self.town.wait_for(
            lambda: DIGITS.findall(" ".join(self.told()[before:]))
        )[-1]
        page = f"{LOOKUP}?code={self.code}&sent=1"
        _status, _body, url = self.browser.form(
            page, {"to": f"{LOOKUP}/ma", "code": self.code, "digits": digits}
        )
        assert url.endswith(self.page), url

    def act(self, act, **values):
        status, _body, url = self.browser.form(
            self.page, {"to": f"{self.page}/{act}", **values}
        )
        assert (status, url.endswith(self.page)) == (200, True), (status, url)

    def told(self):
        return self.town.mail_to(self.email)


class EmailCitizen(Citizen):
    """Writes to the Centre's address, and answers its mails."""

    channel = "email"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.email = f"nguoi{self.number}@example.com"

    def send(self):
        mail = self.mail(f"Ổ gà {self.word}", self.text)
        self.town.mailbox.put(mail)
        if self.number % 7 == 1:
            self.town.mailbox.put(mail)  # their server was not sure

    def answer(self):
        asked = self.town.mails_to(self.email)[-1]
        mail = self.mail(f"Re: {asked['Subject']}", f"Gần trường học, {self.word}.")
        headers = f"In-Reply-To: {asked['Message-ID']}\r\n".encode()
        self.town.mailbox.put(headers + mail)

    def mail(self, subject, text):
        message = EmailMessage()
        message["From"] = f"{self.name} <{self.email}>"
        message["To"] = self.town.address
        message["Subject"] = subject
        message["Message-ID"] = f"<{self.word}.{abs(hash(text))}@example.com>"
        message.set_content(text)
        return message.as_bytes()

    def told(self):
        return self.town.mail_to(self.email)


class Correspondent(Citizen):
    """Writes short messages to a provider, which hands them to the Centre signed; the
    provider repeats some, as providers do."""

    def send(self):
        self.say(self.text)
        self.say("Gửi")

    def answer(self):
        self.say(f"Gần trường học, {self.word}.")
        self.say("Gửi")

    def say(self, text):
        raw, headers = self.event(text)
        for _time in range(2 if self.number % 7 == 1 else 1):
            self.town.post(self.channel, raw, headers)

    def event(self, text):
        """:return: (body, headers) as the provider sends them"""
        raise NotImplementedError


class SmsCitizen(Correspondent):
    channel = "sms"

    def event(self, text):
        raw = body({"id": self.town.next_id(), "from": self.phone, "text": text})
        return raw, {"X-Civic-Signature": ours(raw, at=time.time())}


class ZaloCitizen(Correspondent):
    channel = "zalo"

    @property
    def account(self):
        return f"2468{self.number:010}"

    def event(self, text):
        now = str(int(time.time() * 1000))
        event = zalo_event(msg_id=self.town.next_id(), text=text)
        event.update(timestamp=now, sender={"id": self.account})
        raw = body(event)
        return raw, {"X-ZEvent-Signature": zalo_mac(raw, timestamp=now)}

    def told(self):
        return self.town.chat_to("zalo", self.account)


class FacebookCitizen(Correspondent):
    channel = "facebook"

    @property
    def account(self):
        return f"6543{self.number:010}"

    def event(self, text):
        event = facebook_event(self.town.next_id(), sender=self.account, text=text)
        event["timestamp"] = int(time.time() * 1000)
        data = facebook_body(event)
        data["entry"][0]["time"] = event["timestamp"]
        raw = body(data)
        return raw, {"X-Hub-Signature-256": f"sha256={hex_of(SECRET, raw)}"}

    def told(self):
        return self.town.chat_to("facebook", self.account)


class Caller(Citizen):
    """Calls the Centre, where an operator takes the report down."""

    channel = "telephone"

    def send(self):
        uuid = self.town.next_id()
        for event in ("ringing", "answered"):
            self.town.call_event(event, uuid, self.phone)
        operator = self.town.operator
        call = self.town.wait_for(
            lambda: [
                card
                for card in operator.call_model("civic.call", "desk_calls")
                if card["number"].endswith(self.phone[-3:])
            ]
        )[0]
        form = self.town.case.filled_form(
            subject=f"Ổ gà {self.word}",
            description=self.text,
            name=self.name,
            phone=self.phone,
            email="",
            category_id=str(self.town.case.category.id),
            key=f"desk:{uuid}",
        )
        operator.call_model("civic.report", "take_down", form, call["id"])
        self.town.call_event("hangup", uuid, self.phone)

    def answer(self):
        self.town.operator.call_model(
            "civic.report", "supply", [self.report["id"]], f"Gần trường, {self.word}."
        )


class Town:
    """Citizens, the servers of the providers, and what these have delivered.

    :param case: LiveCase: its province
    :param server: the province's server
    :param number: of citizens
    """

    address = "phananh@example.com"

    def __init__(self, case, server, number):
        self.case = case
        self.server = server
        self.picture = saved(drawing())
        self.operator = server.client("civic_operator")
        self.ids = iter(range(10**9, 2 * 10**9))
        kinds = (
            *(WebCitizen, EmailCitizen, SmsCitizen),
            *(ZaloCitizen, FacebookCitizen, Caller),
        )
        self.citizens = [kinds[n % len(kinds)](self, n) for n in range(number)]

    def __getattr__(self, name):
        # The servers of the providers are the case's.
        return getattr(self.case, name)

    def next_id(self):
        return f"id{next(self.ids)}"

    def wait_for(self, found, seconds=180):
        """Ask again and again until something is found.

        :param found: function whose result is true in the end
        """
        deadline = time.monotonic() + seconds
        while not (result := found()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain")
            time.sleep(0.1)
        return result

    # What came in.

    def post(self, kind, raw, headers):
        """Hand an event to the Centre as a provider does."""
        token = self.tokens[kind]
        request = urllib.request.Request(
            f"{self.server.url}/civic_report/webhook/{token}",
            data=raw,
            headers={"Content-Type": "application/json", **headers},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200

    def call_event(self, event, uuid, number):
        raw = body(
            {
                "event": event,
                "call_uuid": uuid,
                "extension": "101",
                "direction": "inbound",
                "caller_number": number,
            }
        )
        self.post("pbx", raw, {"X-Civic-Signature": ours(raw, at=time.time())})

    # What went out.

    def mails_to(self, address):
        return [mail for mail in self.smtp.messages if address in mail["To"]]

    def mail_to(self, address):
        return [
            mail.get_body(("plain",)).get_content() for mail in self.mails_to(address)
        ]
