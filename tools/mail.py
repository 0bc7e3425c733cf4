"""Mail as it comes in, read without trusting any of it.

Whatever is wrong with a mail, reading it gives what can be read and says what could
not; nothing is ever fetched from elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from hashlib import sha256
from html.parser import HTMLParser

from .text import InvalidEmail, clean, email_normalized

# Marks the Message-IDs of what the module sends.
OWN = "civic"
TOKEN = re.compile(rf"\b([0-9a-f]{{32}})\.{OWN}@")
REPORT_CODE = re.compile(r"\b[A-Z]{1,8}-\d{2}-\d{6,9}\b")
MAX_HEADER = 20_000
MAX_ADDRESSES = 200
MAX_BOUNCE = 200_000
MAX_PARTS = 200
# Messages inside of messages, and parts inside of parts.
MAX_NESTED = 3
MAX_DEPTH = 20
# Read where a mail does not say, or says wrong, how it is written.
CHARSETS = ("utf-8", "cp1258", "latin-1")
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
BULK = ("bulk", "junk", "list", "auto_reply")
SUPPRESSED = ("all", "oof", "autoreply")
BLOCKS = frozenset(
    {
        "address",
        "blockquote",
        "br",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    }
)
HIDDEN = frozenset({"head", "script", "style", "template", "title"})


@dataclass
class Mail:
    """What a mail says.

    :param message_id: what tells it apart, "" where it does not say
    :param content_id: what tells its content apart
    :param sender: address that it claims to come from, normalized; "" if unreadable
    :param tokens: of our own messages that it answers
    :param codes: of reports that its subject names
    :param files: (name, bytes) of each
    :param automatic: why it comes from a machine: auto_submitted, precedence,
        suppressed, bounce, own; "" for a person's
    :param problems: what could not be read: broken, charset, nested, parts
    """

    message_id: str = ""
    content_id: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: frozenset = frozenset()
    subject: str = ""
    text: str = ""
    tokens: tuple = ()
    codes: tuple = ()
    files: list = field(default_factory=list)
    automatic: str = ""
    problems: set = field(default_factory=set)


def read(raw: bytes) -> Mail:
    """Read a mail, however it is made."""
    mail = read_head(raw)
    try:
        _Body(mail).gather(message_from_bytes(raw))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        # The parser of Python gives up in many ways on what is made to break it.
        mail.problems.add("broken")
    return mail


def read_head(raw: bytes) -> Mail:
    """Read who writes to whom about what, and whether a person does."""
    mail = Mail(content_id=_content_id(raw))
    try:
        head = _Head(raw)
        mail.message_id = head.get("message-id").strip()
        mail.recipients = frozenset(
            address for _name, address in head.addresses(*RECIPIENTS)
        )
        for name, address in head.addresses("from")[:1]:
            mail.sender = address
            mail.sender_name = clean(name, multiline=False)
        mail.subject = clean(head.get("subject"), multiline=False)
        references = f"{head.get('references')} {head.get('in-reply-to')}"
        mail.tokens = tuple(dict.fromkeys(TOKEN.findall(references)))
        mail.codes = tuple(dict.fromkeys(REPORT_CODE.findall(mail.subject)))
        mail.automatic = _automatic(head, mail)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        mail.problems.add("broken")
    return mail


def tokens_within(raw: bytes) -> list[str]:
    """Return the tokens of our messages that a mail brings back, wherever in it."""
    return sorted(set(TOKEN.findall(raw[:MAX_BOUNCE].decode("latin-1"))))


def _content_id(raw: bytes) -> str:
    """What two copies of a mail have in common, whichever way they came."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    digest = sha256(re.sub(rb"\r\n", b"\n", body[-1]))
    head = _Head(raw)
    for name in ("from", "date", "subject"):
        digest.update(b"\0" + head.get(name).encode("utf-8", "replace"))
    return digest.hexdigest()


class _Head:
    """The headers of a mail, decoded."""

    def __init__(self, raw):
        # Longer heads are nobody's; the parser need not see them.
        head = re.split(rb"\r?\n\r?\n", raw[: 50 * MAX_HEADER], maxsplit=1)[0]
        self.message = BytesHeaderParser().parsebytes(head)

    def all(self, name):
        return [
            _decoded(value)
            for key, value in self.message.raw_items()
            if key.lower() == name
        ]

    def get(self, name):
        return next(iter(self.all(name)), "")

    def has(self, name):
        return name in self.message

    def addresses(self, *names):
        """(name, normalized address) of each that is one, the first ones only."""
        found = []
        values = [value for name in names for value in self.all(name)]
        for name, address in getaddresses(values)[:MAX_ADDRESSES]:
            try:
                found.append((name, email_normalized(address)))
            except InvalidEmail:
                continue
        return found


def _decoded(value: str) -> str:
    """A header as people read it; bytes of any charset are made the best of."""
    value = str(value)[:MAX_HEADER]
    raw = value.encode("utf-8", "surrogateescape")
    value = _as_text(raw, "utf-8")[0]
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        chunk if isinstance(chunk, str) else _as_text(chunk, charset or "utf-8")[0]
        for chunk, charset in chunks
    )


def _as_text(raw: bytes, charset: str) -> tuple[str, bool]:
    """Text of bytes, and whether they were what they claimed to be."""
    for name in (charset, *CHARSETS):
        try:
            return raw.decode(name), name == charset
        except (LookupError, UnicodeError, ValueError):
            continue
    raise AssertionError("latin-1 decodes everything")


def _automatic(head: _Head, mail: Mail) -> str:
    local = mail.sender.partition("@")[0]
    submitted = head.get("auto-submitted").partition(";")[0].strip().lower()
    suppressed = re.split(r"[,\s]+", head.get("x-auto-response-suppress").lower())
    if TOKEN.search(mail.message_id):
        return "own"
    if (
        (head.has("return-path") and head.get("return-path").strip() in ("", "<>"))
        or local in MACHINES
        or head.message.get_content_type() == "multipart/report"
    ):
        return "bounce"
    if submitted not in ("", "no") or head.has("x-autoreply"):
        return "auto_submitted"
    if head.get("precedence").strip().lower() in BULK:
        return "precedence"
    if set(suppressed) & set(SUPPRESSED):
        return "suppressed"
    return ""


class _Body:
    """Collects text and files of a mail, part by part."""

    def __init__(self, mail):
        self.mail = mail
        self.texts = []
        self.parts = 0

    def gather(self, message: Message) -> None:
        self.collect(message, 0, 0)
        self.mail.text = clean("\n\n".join(filter(None, self.texts)))

    def collect(self, part, depth, nested):
        self.parts += 1
        if self.parts > MAX_PARTS:
            self.mail.problems.add("parts")
        elif depth > MAX_DEPTH or nested > MAX_NESTED:
            self.mail.problems.add("nested")
        elif part.get_content_type() == "message/rfc822" and part.is_multipart():
            for inner in part.get_payload():
                self.collect(inner, depth + 1, nested + 1)
        elif part.is_multipart():
            children = part.get_payload()
            if part.get_content_subtype() == "alternative":
                children = self.best(children)
            for child in children:
                self.collect(child, depth + 1, nested)
        else:
            self.leaf(part)

    @staticmethod
    def best(children):
        """The plain text of several ways to say the same; else the last, the best."""
        plain = [
            child
            for child in children
            if child.get_content_type() == "text/plain" and _content(child).strip()
        ]
        return plain[:1] or children[-1:]

    def leaf(self, part):
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or part.get_filename()
        if kind in ("text/plain", "text/html") and not attached:
            charset = str(part.get_content_charset() or "utf-8")
            text, right = _as_text(_content(part), charset)
            if not right:
                self.mail.problems.add("charset")
            self.texts.append(text if kind == "text/plain" else html_text(text))
        elif kind != "application/pgp-signature":
            name = _decoded(part.get_filename() or "")
            self.mail.files.append((name, _content(part)))


def _content(part: Message) -> bytes:
    return part.get_payload(decode=True) or b""


class _Plain(HTMLParser):
    """Words of a page; pictures, scripts and addresses in it are left alone."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in HIDDEN
        if tag in BLOCKS:
            self.words.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag):
        self.hidden = max(0, self.hidden - (tag in HIDDEN))
        if tag in BLOCKS:
            self.words.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def html_text(html: str) -> str:
    """Return the words of an HTML text, line by line."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
