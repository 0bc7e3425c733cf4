"""Personal data in a text that is about to be published: found, and struck out.

Two things are looked for. What looks like somebody's number or address by its form
alone: telephone, e-mail, identity card, licence plate, bank account. And what is known
of one person, the reporter, however it is written: with or without accents, the
telephone with or without spaces, the name whole or as people call each other.

``find`` tells where; ``strike`` puts ``[…]`` there. What is found is a proposal for a
person who reads the text, not a proof that the rest is harmless.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from .text import InvalidPhone, ascii_digits, fold, phone_e164

STRUCK = "[…]"
# Kinds that are known of the reporter, not guessed by their form.
OWN = "own_"
MAX_TEXT = 50_000

# Letters and digits on either side make it something else, such as a file number.
START, END = r"(?<![\w/])", r"(?![\w/]|[-.,]\d)"
GAP = r"[ .\-\u00a0\u202f\u2010-\u2015\u00b7()]{0,3}"
# "SĐT0912345678": what is called a telephone needs nothing between.
CALLED_PHONE = r"(?:(?<=[đĐdD][tT])|(?<=[lL][oO])|(?<=[tT][eE][lL])|(?<=ọi))"
# Numbers that a whole country may call: 1022, 1900 xxxx, 1800 xxxx.
PHONE = re.compile(
    rf"(?:{START}|{CALLED_PHONE})\(?(?:\+?84{GAP}(?:0{GAP})?|[0oO]{GAP})"
    rf"[1-9](?:{GAP}[\doO]){{8,9}}{END}"
)
# Numbers of mobile telephones, which need not be looked up one by one.
MOBILE = re.compile(r"(?:\+?84|0)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}")
AT = r"(?:@|＠|[\[(]\s*(?:a|at|@|a còng)\s*[\])]|\s+a còng\s+)"
DOT = r"(?:\.|\s*[\[(]\s*(?:dot|chấm)\s*[\])]\s*|\s+chấm\s+)"
EMAIL = re.compile(
    rf"[\w.+\-]{{1,64}}\s?{AT}\s?[\w\-]{{1,63}}(?:{DOT}[\w\-]{{2,63}}){{1,4}}",
    re.IGNORECASE,
)
# Twelve digits: three of the province (001 to 096), one of the century, two of the
# year, six more. Nine of the older card only where it is called so.
CITIZEN_ID = re.compile(rf"{START}0\d{{2}}(?:[ .]?\d){{9}}{END}")
CALLED_ID = re.compile(
    r"(?:cccd|cmnd|cmt|căn cước(?: công dân)?|chứng minh(?: nhân dân| thư)?|"
    r"can cuoc|chung minh|định danh)\W{0,3}(?:số|so)?\W{0,3}"
    r"(\d(?:[ .]?\d){8,11})(?!\d)",
    re.IGNORECASE,
)
# 75A-123.45, 75 H1 234.56, 29-X5 8888, 80-NG-123-45, TM 12-34 is left out.
PLATE = re.compile(
    rf"{START}[1-9]\d{GAP}(?:[A-Za-z]{{1,2}}\d?|[A-Za-z]{{2}}{GAP})"
    r"[ .\-]{0,3}(?:\d{3}[ .\-]?\d{2}|\d{4})(?![\w/])"
)
ACCOUNT = re.compile(
    r"(?:stk|số tài khoản|so tai khoan|tài khoản|tai khoan|account|\btk)"
    r"[^\d\n]{0,25}(\d(?:[ .\-]?\d){5,18})(?!\d)",
    re.IGNORECASE,
)
TITLES = (
    *("anh", "chi", "ong", "ba", "co", "chu", "bac", "em", "cu", "di", "cau"),
    *("toi la", "ten la", "toi ten", "ten toi la", "ten em la", "minh la"),
)
# Fewer words of an address are no address: "10 Lê Lợi" is one, "Lê Lợi" a street.
ADDRESS_WORDS = 3
# Written or left out as one likes: "12 Lê Lợi" is "số nhà 12, đường Lê Lợi".
FILLERS = frozenset(
    ("so", "nha", "duong", "d", "pho", "ngo", "ng", "ngach", "hem", "kiet", "k")
)
# A hamlet is small enough to tell who lives there, with a number or without.
SETTLEMENT = re.compile(
    r"(?:thon|xom|ap|ban|buon|lang|bon|plei|phum|soc|khu|to dan pho|tdp)\b"
)


class Span(NamedTuple):
    """Where something personal stands, and what it is."""

    start: int
    end: int
    kind: str


class Identity(NamedTuple):
    """What is known of the person whom the text must not name; all optional."""

    name: str = ""
    phone: str = ""
    email: str = ""
    citizen_id: str = ""
    address: str = ""


NOBODY = Identity()


def find(
    text: str | None, identity: Identity = NOBODY, others: Iterable[Identity] = ()
) -> list[Span]:
    """Tell where a text names a person, in order and without overlaps.

    :param identity: of the reporter, in clear.
    :param others: what else is said of the reporter, or known under the same address
    :return: spans of kinds ``phone``, ``email``, ``citizen_id``, ``plate``,
        ``account``; and of the reporter's own, ``own_name``, ``own_phone``,
        ``own_email``, ``own_citizen_id``, ``own_address``.
    """
    # Digits of other scripts are one character each: places stay.
    text = ascii_digits((text or "")[:MAX_TEXT])
    identities = [identity, *others]
    spans = [*_by_form(text, identities)]
    for one in identities:
        spans += _own(text, one)
    return _without_overlaps(spans)


def strike(text: str | None, spans: Iterable[Span]) -> str:
    """Return the text with ``[…]`` in the place of each span."""
    text = text or ""
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + STRUCK + text[span.end :]
    return text


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Join what overlaps; the longest gives its name to the whole, or the longest of
    those that are known of the reporter."""
    joined: list[Span] = []
    named: list[Span] = []  # who gave each its name
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            named[-1] = max(
                (named[-1], span),
                key=lambda one: (one.kind.startswith(OWN), one.end - one.start),
            )
            end = max(joined[-1].end, span.end)
            joined[-1] = Span(joined[-1].start, end, named[-1].kind)
        else:
            joined.append(span)
            named.append(span)
    return joined


# --- by form -------------------------------------------------------------------------


def _by_form(text: str, identities: list[Identity]) -> Iterable[Span]:
    phones = tuple(filter(None, (_digits(one.phone)[-9:] for one in identities)))
    citizen_ids = set(filter(None, (_digits(one.citizen_id) for one in identities)))
    mailboxes = set(filter(None, (mailbox(one.email) for one in identities)))
    for match in PHONE.finditer(text):
        number = _phone(match[0])
        if number:
            own = bool(phones) and _digits(number).endswith(phones)
            yield Span(*match.span(), "own_phone" if own else "phone")
    for match in EMAIL.finditer(text):
        own = mailbox(match[0]) in mailboxes
        yield Span(*match.span(), "own_email" if own else "email")
    for pattern, group in ((CITIZEN_ID, 0), (CALLED_ID, 1)):
        for match in pattern.finditer(text):
            own = _digits(match[group]) in citizen_ids
            yield Span(*match.span(group), "own_citizen_id" if own else "citizen_id")
    for match in PLATE.finditer(text):
        yield Span(*match.span(), "plate")
    for match in ACCOUNT.finditer(text):
        yield Span(*match.span(1), "account")


def same_number(kind: str, written: str) -> str:
    """Return what two spellings of one number or address have in common.

    :param kind: phone, email, citizen_id
    """
    if kind == "email":
        return mailbox(written)
    digits = _digits(ascii_digits(re.sub(r"[oO]", "0", written)))
    return digits[-9:] if kind == "phone" else digits


def mailbox(address: str) -> str:
    """Return an address as its provider sorts it: "X.Y+z@Gmail.com" is xy@gmail.com."""
    plain = re.sub(DOT, ".", re.sub(AT, "@", address, flags=re.I), flags=re.I)
    local, _at, domain = fold(plain).replace(" ", "").rpartition("@")
    local = local.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        local = local.replace(".", "")
    return f"{local}@{domain}" if local and domain else ""


def _phone(raw: str) -> str | None:
    """Return the digits of a number in use, or of eleven digits as before 2018."""
    digits = re.sub(r"[^\d+]", "", re.sub(r"[oO]", "0", raw))
    if MOBILE.fullmatch(digits):
        return digits
    try:
        return phone_e164(digits)
    except InvalidPhone:
        digits = _digits(digits)
        return digits if re.fullmatch(r"(?:84|0)1[2689]\d{8}", digits) else None


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text or "")


# --- what is known of the reporter ---------------------------------------------------


def _own(text: str, identity: Identity) -> Iterable[Span]:
    forms = [("own_name", form) for form in _names(identity.name)]
    forms += [("own_address", form) for form in _addresses(identity.address)]
    folded, places = folded_places(text) if forms else ("", [])
    for kind, form in forms:
        for match in re.finditer(rf"(?<![^\W_]){form}(?![^\W_])", folded):
            start, end = match.span("it") if "it" in match.groupdict() else match.span()
            # Up to the next letter: the accents of the last one may stand apart.
            after = places[end] if end < len(places) else len(text)
            last = places[end - 1] + 1
            while last < after and unicodedata.combining(text[last]):
                last += 1
            yield Span(places[start], last, kind)
    # Digits that no pattern knows for a telephone, such as "0912.34.56.78a".
    for kind, digits in (
        ("own_phone", _digits(identity.phone)[-9:]),
        ("own_citizen_id", _digits(identity.citizen_id)),
    ):
        if len(digits) >= 8:
            gap = "[^0-9a-zA-Z]{0,3}"
            pattern = rf"(?:(?:[(+]{{0,2}}84|0){gap})?{gap.join(digits)}"
            for match in re.finditer(pattern, text):
                yield Span(*match.span(), kind)
    if identity.email:
        for match in re.finditer(re.escape(identity.email), text, re.IGNORECASE):
            yield Span(*match.span(), "own_email")


def folded_places(text: str) -> tuple[str, list[int]]:
    """Return the text without accents and case, and where each letter comes from."""
    letters, places = [], []
    known: dict[str, str] = {}
    for place, char in enumerate(text):
        if char not in known:
            known[char] = fold(char) or (" " if char.isspace() else "")
        for letter in known[char]:
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _names(name: str) -> list[str]:
    """Return patterns of how a person is called: "Nguyễn Văn Hùng", "Văn Hùng",
    "anh Hùng". A given name alone is a word like others."""
    words = [re.escape(word) for word in fold(name).split()]
    if len(words) < 2:
        # An organisation's short name, or a nickname: as it stands, if it is no word.
        return words if words and len(words[0]) > 5 else []
    gap = r"[\s.,\-]{1,3}"
    forms = [gap.join(words)]
    if len(words) > 2:
        forms.append(gap.join(words[-2:]))
    titles = "|".join(title.replace(" ", r"\s+") for title in TITLES)
    forms.append(rf"(?:{titles})\s+(?P<it>{words[-1]})")
    return forms


def _addresses(address: str) -> list[str]:
    """Return patterns of the whole address, and of house number and street."""
    parts = [
        re.findall(r"[^\W_]+", part) for part in re.split("[,;]", fold(address)) if part
    ]
    # "Số 15, ngõ 27 đường Nguyễn Huệ, …": the number alone is not the whole head.
    size = 1
    while size < len(parts) and not _is_place(sum(parts[:size], [])):
        size += 1
    forms = {_address(sum(parts[:some], [])) for some in (size, len(parts))}
    return sorted(filter(None, forms), key=len, reverse=True)


def _is_place(words: list[str]) -> bool:
    told = [word for word in words if word not in FILLERS]
    is_hamlet = bool(SETTLEMENT.match(" ".join(words)))
    has_number = any(re.search(r"\d", word) for word in words)
    has_name = any(word.isalpha() for word in told)
    return len(words) >= ADDRESS_WORDS and has_name and (has_number or is_hamlet)


def _address(words: list[str]) -> str:
    if not _is_place(words):
        return ""
    between = r"\W{1,4}"
    told = [word for word in words if word not in FILLERS]
    if len(told) >= ADDRESS_WORDS and re.search(r"\d", "".join(told)):
        # Left out or added as one likes, where enough remains to be sure.
        words = told
        between = rf"\W{{1,4}}(?:(?:{'|'.join(sorted(FILLERS))})\W{{1,3}}){{0,2}}"
    return between.join(
        re.sub(r"^[kh]?(?=\d)", "[kh]?", re.escape(word)) for word in words
    )
