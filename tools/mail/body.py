"""The parts of a mail: the text is chosen among its forms, every file is kept once."""

from __future__ import annotations

import re
from email import errors, message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import NamedTuple

from ..text import clean, words
from . import tnef
from .head import TOKEN, Mail, as_text, decoded, written
from .page import read_page
from .quotes import answer_of, without_signature

MAX_PARTS = 200
MAX_TEXT = 1_000_000
# Messages inside of messages, and parts inside of parts.
MAX_NESTED = 3
MAX_DEPTH = 20
SIGNED = ("application/pgp-signature", "application/pkcs7-signature")
SIGNED += ("application/x-pkcs7-signature",)
ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
ENCRYPTED += ("application/pgp-encrypted",)
# Kinds of text that are files for a program, not words for people.
NOT_WORDS = frozenset(
    {
        *("calendar", "vcard", "x-vcard", "directory", "csv", "rtf", "css", "xml"),
        *("javascript", "rfc822-headers", "x-moz-deleted", "tab-separated-values"),
    }
)
# Files of these kinds may hold the text of a mail that has none.
SPARE = ("text/plain", "text/html")
# Other forms of what an HTML text says.
OTHER_FORMS = ("text/x-amp-html", "text/watch-html")
DAMAGED = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.CloseBoundaryNotFoundDefect,
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64LengthDefect,
)
# Addresses of links are written in one way here and in another there.
ADDRESS = re.compile(r"\(?(?:https?://|mailto:)[^\s)>]*\)?")
# A plain text that lacks more of the words of its HTML twin than this says nothing.
LEAST_IN_COMMON = 0.5
# So many words of its own are kept beside the twin's.
WORTH_KEEPING = 12


class MailFile(NamedTuple):
    """A file in a mail.

    :param name: as its sender calls it, not to be believed
    :param is_inline: shown within the text, as the pictures of a signature are
    """

    name: str
    data: bytes
    is_inline: bool = False


class Words(NamedTuple):
    """The words of a part; see `Mail`."""

    text: str
    body: str
    said: str
    is_plain: bool = True


class Body:
    """Collects text and files of a mail, part by part."""

    def __init__(self, mail: Mail):
        self.mail = mail
        self.parts = 0
        self.known = set()
        self.spare = []

    def gather(self, message: Message) -> None:
        """Read a message into the mail."""
        found = self.collect(message, 0, 0)
        if not _joined(words.text for words in found):
            found = self.spared()
        self.mail.text = _joined(words.text for words in found)
        self.mail.body = without_signature(_joined(words.body for words in found))
        said = (answer_of(clean(words.said)) for words in found)
        self.mail.said = clean("\n\n".join(filter(None, said)))

    def spared(self):
        """The words of text files, where a mail says nothing else: some mailers give
        its own text a name."""
        found = []
        for file, charset, is_html in self.spare:
            words = self.words(file.data, charset, is_html)
            if _joined(one.text for one in words):
                found += words
                self.mail.files.remove(file)
        return found

    def collect(self, part, depth, nested):
        """The words of a part and of what is in it; its files go to the mail."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            self.mail.problems.add("parts")
            return []
        if depth > MAX_DEPTH or nested > MAX_NESTED:
            self.mail.problems.add("nested")
            return []
        if _is_damaged(part):
            self.mail.problems.add("broken")
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            return self.within(part, depth, nested)
        if not part.is_multipart():
            return self.leaf(part, kind)
        children = part.get_payload()
        if kind == "multipart/alternative":
            return self.best(children, depth, nested)
        return [
            words
            for child in children
            for words in self.collect(child, depth + 1, nested)
        ]

    def within(self, part, depth, nested):
        """A mail in a mail: what it is about belongs to its words."""
        found = []
        for inner in _inner_mails(part):
            about = clean(decoded(written(inner, "subject"))[:500], multiline=False)
            is_ours = bool(TOKEN.search(str(inner.get("message-id", ""))))
            found += [Words(about, about, about)]
            found += self.collect(inner, depth + 1, nested + 1)
            if is_ours:  # our own message, sent back with the answer
                found = [words._replace(said="") for words in found]
        return found

    def best(self, children, depth, nested):
        """The plain text of several ways to say the same, if it says it; else the last
        that is not plain, the best. Files of all of them are kept."""
        kinds = [child.get_content_type() for child in children]
        if "text/html" in kinds:
            children = [
                child
                for child, kind in zip(children, kinds, strict=True)
                if kind not in OTHER_FORMS
            ]
        ways = [self.collect(child, depth + 1, nested) for child in children]
        ways = [way for way in ways if _joined(words.text for words in way)]
        plain = [way for way in ways if all(words.is_plain for words in way)]
        rich = [way for way in ways if way not in plain]
        if plain and rich:
            chosen = _fuller(plain[0], rich[-1])
        else:
            chosen = next(iter(plain[:1] or rich[-1:]), [])
        for way in ways:  # two of a kind say two things
            if len(_vocabulary(way) - _vocabulary(chosen)) >= WORTH_KEEPING:
                chosen = [*chosen, *way]
        return chosen

    def leaf(self, part, kind):
        main, _slash, sub = kind.partition("/")
        disposition = part.get_content_disposition()
        name = _name(part)
        if kind in tnef.KINDS or name.lower() == tnef.NAME:
            return self.packed(part, name)
        if kind in SIGNED:
            self.mail.problems.add("signed")
            return []
        if kind in ENCRYPTED:
            self.mail.problems.add("encrypted")
        # A mail in parts that could not be told apart is words.
        is_words = main == "multipart" or (main == "text" and sub not in NOT_WORDS)
        is_shown = disposition == "inline" or not (disposition or name)
        content = _content(part)
        if _is_damaged(part):
            self.mail.problems.add("broken")
        if is_words and is_shown:
            return self.words(content, _charset(part), sub == "html")
        kept = self.keep(name, content, disposition != "attachment")
        if kept and kind in SPARE:
            self.spare.append((kept, _charset(part), sub == "html"))
        return []

    def words(self, raw, charset, is_html):
        text, right = as_text(raw, charset)
        if not right:
            self.mail.problems.add("charset")
        if not is_html:
            if len(text) > MAX_TEXT:
                self.mail.problems.add("long")
            text = text[:MAX_TEXT]
            return [Words(text, text, text)]
        page = read_page(text)
        self.mail.problems |= page.problems
        for picture in page.pictures:
            self.keep("", picture, True)
        return [Words(page.text, page.body, page.said, is_plain=False)]

    def packed(self, part, name):
        """What Outlook packed into one file."""
        data = _content(part)
        unpacked = tnef.unpack(data)
        if unpacked is None:
            self.mail.problems.add("winmail")
            self.keep(name, data, False)
            return []
        for inner, content in unpacked.files:
            self.keep(inner, content, False)
        plain = [Words(unpacked.text, unpacked.text, unpacked.text)]
        rich = self.words(unpacked.html.encode("utf-8", "replace"), "utf-8", True)
        if not unpacked.html:
            return plain if unpacked.text else []
        return _fuller(plain, rich) if unpacked.text else rich

    def keep(self, name, data, is_inline):
        """Keep a file, the same one once; return it if it was kept now."""
        digest = sha256(data).digest()
        if data and digest in self.known:
            return None
        if len(self.mail.files) >= MAX_PARTS:
            self.mail.problems.add("parts")
            return None
        self.known.add(digest)
        self.mail.files.append(MailFile(name, data, is_inline))
        return self.mail.files[-1]


def _is_damaged(part):
    """Whether something of a part is missing; of its content once it was decoded."""
    return any(isinstance(defect, DAMAGED) for defect in part.defects)


def _inner_mails(part):
    """The mails in a part; some servers encode them, which RFC 2046 (5.2.1) forbids."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    for inner in part.get_payload():
        if encoding == "base64" and not inner.keys():
            inner["Content-Transfer-Encoding"] = encoding
            inner = message_from_bytes(_content(inner))
        yield inner


def _joined(texts):
    return clean("\n\n".join(filter(None, map(clean, texts))))


def _vocabulary(way):
    return set(words(ADDRESS.sub(" ", _joined(part.text for part in way))))


def _fuller(plain, rich):
    """Of two ways to say the same the plain one, unless it lacks what the other says;
    both where each has much of its own."""
    of_plain, of_rich = _vocabulary(plain), _vocabulary(rich)
    lacks, own = len(of_rich - of_plain), len(of_plain - of_rich)
    if lacks < WORTH_KEEPING and lacks <= LEAST_IN_COMMON * len(of_rich):
        return plain
    is_worth_keeping = own >= WORTH_KEEPING or own > lacks
    return [*rich, *plain] if is_worth_keeping else rich


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    if payload is None:
        payload = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return payload


def _charset(part):
    return str(part.get_content_charset() or "utf-8")


def _name(part):
    name = part.get_filename() or ""
    return clean(decoded(str(name)[:1000]), multiline=False)
