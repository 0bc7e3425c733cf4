"""The headers of a mail: taken apart first, decoded after."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.headerregistry import HeaderRegistry
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from hashlib import sha256
from itertools import islice

from ..text import InvalidEmail, clean, email_normalized

# Marks the Message-IDs of what the module sends.
OWN = "civic"
TOKEN = re.compile(rf"\b([0-9a-f]{{32}})\.{OWN}@")
REPORT_CODE = re.compile(r"\b[A-Z]{1,8}-\d{2}-\d{6,9}\b")
# Ways in which the parsers of Python give up on what is made to break them.
GIVES_UP = (
    *(RecursionError, ValueError, LookupError, AttributeError, TypeError),
    *(AssertionError, HeaderParseError),
)
MAX_HEADER = 20_000
# The parsers of the standard library slow down with the square of a header's length.
MAX_PARSED = 4_000
MAX_ADDRESSES = 200
MAX_BOUNCE = 200_000
# Read where a mail does not say, or says wrong, how it is written.
CHARSETS = ("utf-8", "cp1258", "latin-1")
# Codecs that are no writing, or that take the square of the length to read.
NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
)
# What mailers call ASCII and Latin-1 is mostly what Windows makes of them.
WIDER = {"iso8859-1": "cp1252"}
RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "resent-to",
    "resent-cc",
    "apparently-to",
)
MACHINES = ("mailer-daemon", "postmaster")
# Mailboxes that nobody reads say so: no-reply, donotreply, khong.tra.loi.
UNREAD = re.compile(
    r"(?:do)?(?:not?|khong)[._-]?(?:reply|respond|traloi|tra[._-]loi|phanhoi)"
)
BULK = ("bulk", "junk", "list", "auto_reply")
SUPPRESSED = ("all", "autoreply")
REGISTRY = HeaderRegistry()
# A name that looks like an address, without the quotes that it needs.
BARE_NAME = re.compile(r"(^|,)\s*'?([^\s'<>\",;:()]+@[^\s'<>\",;:()]+)'?\s*(?=<)")


@dataclass
class Mail:
    """What a mail says.

    :param message_id: what tells it apart, "" where it does not say
    :param content_id: what tells its content apart
    :param sender: address that it claims to come from, normalized; "" if unreadable
    :param reply_to: address to which it asks answers to be sent, where that is another
        one than the sender's; "" else
    :param is_list: whether the sender's address is that of a mailing list
    :param text: all its words
    :param body: its words without the signature
    :param said: its words without the signature and without what it repeats
    :param tokens: of our own messages that it answers, the one answered first
    :param codes: of reports that its subject names
    :param files: list of `MailFile`
    :param automatic: why it comes from a machine: auto_submitted, delivery (a report of
        it), receipt (it was read), bounce, own; "" for a person's
    :param silent: why no machine should answer it: precedence, suppressed; "" else
    :param deliveries: what it reports of our messages, list of `Delivery`
    :param problems: what could not be read, or not be relied on: broken, charset,
        nested, parts, long, encrypted, signed, winmail, elsewhere
    """

    message_id: str = ""
    content_id: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    reply_to_name: str = ""
    is_list: bool = False
    recipients: frozenset = frozenset()
    subject: str = ""
    text: str = ""
    body: str = ""
    said: str = ""
    tokens: tuple = ()
    codes: tuple = ()
    files: list = field(default_factory=list)
    automatic: str = ""
    silent: str = ""
    deliveries: list = field(default_factory=list)
    problems: set = field(default_factory=set)


def read_head(raw: bytes) -> Mail:
    """Read who writes to whom about what, and whether a person does."""
    mail = Mail(content_id=_content_id(raw))
    try:
        head = Head(raw)
        mail.message_id = head.get("message-id").strip()
        mail.recipients = frozenset(head.addresses(*RECIPIENTS))
        for name, address in head.mailboxes("from")[:1]:
            mail.sender, mail.sender_name = address, name
        mail.is_list = bool(mail.sender) and _is_of_list(head, mail.sender)
        for name, address in head.mailboxes("reply-to"):
            if address != mail.sender and not _is_of_list(head, address):
                mail.reply_to, mail.reply_to_name = address, name
                break
        mail.subject = head.words("subject")
        answered = f"{head.get('in-reply-to')} {head.get('references')}"
        mail.tokens = tuple(dict.fromkeys(TOKEN.findall(answered)))
        mail.codes = tuple(dict.fromkeys(REPORT_CODE.findall(mail.subject)))
        mail.automatic = _automatic(head, mail)
        mail.silent = _silent(head)
    except GIVES_UP:
        mail.problems.add("broken")
    return mail


def tokens_within(raw: bytes) -> list[str]:
    """Return the tokens of our messages that a mail brings back, wherever in it."""
    return sorted(set(TOKEN.findall(raw[:MAX_BOUNCE].decode("latin-1"))))


def is_unanswerable(address: str) -> bool:
    """Whether nobody reads what is sent to an address, by its own name."""
    local = address.partition("@")[0]
    return local in MACHINES or bool(UNREAD.match(local))


def _content_id(raw: bytes) -> str:
    """What two copies of a mail have in common, whichever way they came."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    digest = sha256(re.sub(rb"\r\n", b"\n", body[-1]))
    head = Head(raw)
    for name in ("from", "date", "subject"):
        digest.update(b"\0" + decoded(head.get(name)).encode("utf-8", "replace"))
    return digest.hexdigest()


class Head:
    """The headers of a mail."""

    def __init__(self, raw):
        # Longer heads are nobody's; the parser need not see them.
        head = re.split(rb"\r?\n\r?\n", raw[: 50 * MAX_HEADER], maxsplit=1)[0]
        self.message = BytesHeaderParser().parsebytes(head)

    def all(self, name):
        """Each header of this name as it is written, bytes of any charset read."""
        return list(islice(_all_written(self.message, name), MAX_ADDRESSES))

    def get(self, name):
        return written(self.message, name)

    def has(self, name):
        return name in self.message

    def words(self, name):
        """A header of words, decoded, on one line."""
        value = _unfolded(self.get(name))[:MAX_PARSED]
        try:
            value = str(REGISTRY(name, value))
        except GIVES_UP:
            value = decoded(value)
        return clean(value, multiline=False)

    def addresses(self, *names):
        """The addresses in these headers, normalized, the first ones only."""
        return [
            address
            for name in names
            for value in self.all(name)
            for _name, address in _pairs(value)
        ][:MAX_ADDRESSES]

    def mailboxes(self, name):
        """(name, normalized address) of each of a header of people.

        What an encoded name holds is a name, also where it looks like an address; so is
        what stands in front of an address in brackets.
        """
        found = []
        for value in self.all(name):
            value = BARE_NAME.sub(r'\1 "\2" ', _unfolded(value))
            try:
                boxes = REGISTRY(name, value[:MAX_PARSED]).addresses
                pairs = [(box.display_name, box.addr_spec) for box in boxes]
            except GIVES_UP:
                pairs = []
            found += _valid(pairs) or [
                (decoded(name), address) for name, address in _pairs(value)
            ]
        return [(clean(name, multiline=False), address) for name, address in found]


def _pairs(value):
    """(name as it is written, normalized address) of a list of addresses."""
    try:
        return _valid(getaddresses([value])[:MAX_ADDRESSES])
    except GIVES_UP:
        return []


def _valid(pairs):
    valid = []
    for name, address in pairs:
        try:
            valid.append((name, email_normalized(address, international=True)))
        except InvalidEmail:
            continue
    return valid


def written(message: Message, name: str) -> str:
    """The first header of this name as it is written, "" if there is none; bytes of any
    charset are made the best of."""
    return next(_all_written(message, name), "")


def _all_written(message, name):
    for key, value in message.raw_items():
        if key.lower() == name:
            raw = str(value)[:MAX_HEADER].encode("utf-8", "surrogateescape")
            yield as_text(raw, "utf-8")[0]


def _unfolded(value: str) -> str:
    return re.sub(r"[\r\n]+(?=[ \t])", "", value)


def decoded(value: str) -> str:
    """Encoded words as people read them, wherever in a text they stand."""
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        chunk if isinstance(chunk, str) else as_text(chunk, charset or "utf-8")[0]
        for chunk, charset in chunks
    )


def as_text(raw: bytes, charset: str) -> tuple[str, bool]:
    """Text of bytes, and whether they were what they claimed to be."""
    for name in (_codec(charset), *CHARSETS):
        try:
            return raw.decode(name), name not in CHARSETS or name == _codec(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    raise AssertionError("latin-1 decodes everything")


def _codec(charset: str) -> str:
    """The codec of a charset, "" for what is none."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return "unknown"
    return "unknown" if name in NO_CHARSETS else WIDER.get(name, name)


def _automatic(head: Head, mail: Mail) -> str:
    local = mail.sender.partition("@")[0]
    submitted = head.get("auto-submitted").partition(";")[0].strip().lower()
    kind = head.message.get_content_type()
    about = str(head.message.get_param("report-type", "")).lower()
    if TOKEN.search(mail.message_id):
        return "own"
    if kind == "multipart/report":
        return "receipt" if about == "disposition-notification" else "delivery"
    if local in MACHINES or head.has("x-failed-recipients"):
        return "bounce"
    if submitted not in ("", "no") or head.has("x-autoreply"):
        return "auto_submitted"
    if head.has("return-path") and head.get("return-path").strip() in ("", "<>"):
        return "bounce"
    return ""


def _is_of_list(head: Head, address: str) -> bool:
    """Whether an address is that of the mailing list by which a mail came."""
    names = f"{head.get('list-post')} {head.get('list-id')}".lower()
    return f"mailto:{address}>" in names or f"<{address.replace('@', '.')}>" in names


def _silent(head: Head) -> str:
    suppressed = re.split(r"[,\s]+", head.get("x-auto-response-suppress").lower())
    if head.get("precedence").strip().lower() in BULK:
        return "precedence"
    return "suppressed" if set(suppressed) & set(SUPPRESSED) else ""
