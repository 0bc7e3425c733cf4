"""What a sender's own words tell of the sender, masked for whoever must not know it.

:mod:`.redaction` proposes to a person who reads; here nobody looks at the outcome, and
an agency has to understand what is left. So only what is known of this sender is
masked, and a word that is somebody's name and something else is left alone:

- the telephone number, e-mail address and identity card number, however written;
- the address: the whole of it, or number and street;
- the whole name, with or without accents, in any case; of a name of three words or
  more the last two, where they are written as a name; the given name alone only where
  the writer says that it is the own one ("tôi tên Hùng");
- none of these where the same words name a road, a school or a ward.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

from .redaction import (
    NOBODY,
    OWN,
    STRUCK,
    Identity,
    Span,
    find,
    folded_places,
    mailbox,
    same_number,
    strike,
)
from .signature import signatures
from .text import ascii_digits, fold

# Text is looked through in pieces: `find` reads no more than so much at once, and what
# stands across the end of one is in the overlap.
PIECE, OVERLAP = 40_000, 400
# The next words name a place, not a person. Without accents "cho", "xa" and "thon" are
# other words, so that only what is clear without them is listed without them.
PLACE_WORDS = (
    *("đường", "phố", "ngõ", "ngách", "hẻm", "phường", "xã", "thôn", "quận", "huyện"),
    *("trường", "thpt", "thcs", "tiểu học", "mầm non", "chợ", "cầu", "khu phố", "tổ"),
    *("vỉa hè", "ngã ba", "ngã tư", "ngã năm", "nút giao", "góc", "kiệt"),
    *("công viên", "quảng trường", "bệnh viện", "tỉnh", "hồ", "duong", "pho", "truong"),
)
BEFORE_PLACE = re.compile(rf"(?:^|\W)(?:{'|'.join(PLACE_WORDS)})\s+$", re.IGNORECASE)
# "12/3 Nguyễn Huệ" is a house, but "0912 345 678 Nguyễn Văn Huệ" is a person.
HOUSE = re.compile(r"(?:^|[^\d\s./-])\s*\d{1,4}[a-z]?(?:/\d+)*\s+$", re.IGNORECASE)
LONGEST_BEFORE = 30
# Only these say whose name follows; "tôi là" is said of trades and places, too.
INTRODUCTIONS = (
    *("toi ten la", "toi ten", "ten toi la", "ten toi", "em ten la", "em ten"),
    *("ten em la", "minh ten la", "minh ten", "ten minh la", "chau ten la"),
    *("chau ten", "ten chau la", "ho va ten", "ho ten", "nguoi gui", "ky ten"),
)
# Letters of a name below which it is more often something else, and above which a
# single word (a nickname, an organisation's short name) is no word of everyday.
MIN_NAME, LONG_NAME = 4, 5
GAP = r"[\s.,\-_\u00b7]{1,3}"
# A name without anything between its words is sure from so many letters on.
MIN_GLUED = 9
BY_FORM = frozenset(("phone", "email", "citizen_id"))
ZEROS = str.maketrans("oO", "00")
WORD = re.compile(r"[^\W_]+")


def mask(
    text: str | None,
    identity: Identity = NOBODY,
    shown: Iterable[str] = (),
    *,
    others: Iterable[Identity] = (),
    forms: Iterable[str] = (),
    kept: Container[tuple[str, str]] = (),
) -> str:
    """Return a text with ``[…]`` where it tells who its sender is.

    :param identity: of the sender, in clear
    :param shown: kinds that may be read all the same: name, phone, email, citizen_id,
        address
    :param others: what else is said of the sender, or known under the same number
    :param forms: kinds that are masked by their form alone, whosever they are; and
        ``signature``, what stands below a valediction
    :param kept: what is nobody's although it has such a form: pairs of its kind and
        what `redaction.same_number` makes of it
    """
    text = text or ""
    unseen = {name: "" for name in shown if name in Identity._fields}
    spans, told = [], set()
    for one in (identity, *others):
        if any(one):
            spans += _spans(text, one._replace(**unseen))
            told |= {(kind, same_number(kind, getattr(one, kind))) for kind in unseen}
    forms = frozenset(forms)
    if "signature" in forms:
        spans += [Span(*place, "signature") for place in signatures(text)]
    if forms & BY_FORM:
        spans += [
            span
            for span in _in_pieces(text, NOBODY)
            if span.kind in forms
            and not is_kept(text, span, told)
            and not is_kept(text, span, kept)
        ]
    return strike(text, _joined(spans))


def is_kept(text: str, span: Span, kept: Container[tuple[str, str]]) -> bool:
    """Whether what has the form of somebody's number is known to be nobody's."""
    written = text[span.start : span.end]
    return (span.kind, same_number(span.kind, written)) in kept


def mask_forms(text: str | None) -> str:
    """Return a text with ``[…]`` for whatever looks like personal data.

    For texts of a sender who is not, or not right now, to be compared with.
    """
    text = text or ""
    return strike(text, _joined(_in_pieces(text, NOBODY)))


def _spans(text: str, identity: Identity) -> list[Span]:
    folded = fold(text)
    found = []
    if _may_tell(text, folded, identity):
        without_name = identity._replace(name="")
        found += [
            span for span in _in_pieces(text, without_name) if span.kind.startswith(OWN)
        ]
    words = fold(identity.name).split()
    if words and (words[-1] in WORD.findall(folded) or "".join(words) in folded):
        found += _names(text, words)
    return found


def _may_tell(text: str, folded: str, identity: Identity) -> bool:
    """Whether it is worth looking letter by letter, which takes its time."""
    digits = re.sub(r"\D", "", ascii_digits(text.translate(ZEROS)))
    phone = re.sub(r"\D", "", identity.phone)[-9:]
    citizen_id = re.sub(r"\D", "", identity.citizen_id)
    local = mailbox(identity.email).partition("@")[0].replace(".", "")
    said = set(WORD.findall(folded))
    home = {word for word in WORD.findall(fold(identity.address)) if word.isalpha()}
    return bool(
        (phone and phone in digits)
        or (citizen_id and citizen_id in digits)
        or (local and local in folded.replace(".", ""))
        or len(home & said) >= min(2, len(home) or 2)
    )


def _in_pieces(text: str, identity: Identity) -> Iterable[Span]:
    for start in range(0, max(len(text), 1), PIECE):
        piece = text[start : start + PIECE + OVERLAP]
        for span in find(piece, identity):
            yield Span(span.start + start, span.end + start, span.kind)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Without overlaps, in order."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = last._replace(end=max(last.end, span.end))
        else:
            joined.append(span)
    return joined


# --- names ---------------------------------------------------------------------------


def _names(text: str, words: list[str]) -> list[Span]:
    """Where a name stands.

    :param words: of the name, folded
    """
    if len("".join(words)) < MIN_NAME and len(words) > 1:
        return []
    folded, places = folded_places(text)

    def spans(form):
        for match in re.finditer(rf"(?<![^\W_]){form}(?![^\W_])", folded):
            start, end = match.span("it") if "it" in match.groupdict() else match.span()
            span = Span(places[start], _after(text, places, end), "own_name")
            is_place = bool(BEFORE_PLACE.search(_before(text, span.start)))
            (of_places if is_place else found).append(span)

    found: list[Span] = []
    of_places: list[Span] = []
    escaped = [re.escape(word) for word in words]
    for form in _whole_forms(words, escaped):
        spans(form)
    if len(words) > 2:
        sure = list(found)
        spans(GAP.join(escaped[-2:]))
        short = len(found)
        spans(GAP.join((escaped[0], escaped[-1])))
        spans(GAP.join((escaped[-1], escaped[0])))
        # "Nguyễn Hùng Sơn" is somebody else than Nguyễn Văn Hùng.
        found[short:] = [span for span in found[short:] if not _goes_on(text, span)]
        found = sure + [
            span
            for span in found[len(sure) :]
            if _is_written_as_name(text[span.start : span.end])
            and not HOUSE.search(_before(text, span.start))
            and not any(
                place.start < span.end and span.start < place.end for place in of_places
            )
        ]
    return found


def _whole_forms(words: list[str], escaped: list[str]) -> Iterable[str]:
    """Regular expressions of a whole name, however it is written.

    :param escaped: its words, as they stand in a regular expression
    """
    if len(words) > 1 or len(words[0]) > LONG_NAME:
        yield GAP.join(escaped)
    told = "|".join(phrase.replace(" ", r"\s+") for phrase in INTRODUCTIONS)
    yield rf"(?:{told})\s*[:\-]?\s*(?P<it>{escaped[-1]})"
    if len(words) > 1 and len("".join(words)) >= MIN_GLUED:
        yield rf"{''.join(escaped)}\d*"
    if len(words) > 2:
        for first in range(1, len(words)):  # "Hùng Nguyễn Văn"
            yield GAP.join(escaped[first:] + escaped[:first])


def _after(text: str, places: list[int], end: int) -> int:
    """Where a match ends in the text: accents of its last letter may stand apart."""
    after = places[end] if end < len(places) else len(text)
    last = places[end - 1] + 1
    while last < after and unicodedata.combining(text[last]):
        last += 1
    return last


def _before(text: str, at: int) -> str:
    return unicodedata.normalize("NFC", text[max(0, at - LONGEST_BEFORE) : at])


def _goes_on(text: str, span: Span) -> bool:
    """Whether the next word is large, too, and only it and the like are."""
    is_next = text[span.end : span.end + 1] == " "
    next_letter = text[span.end + 1 : span.end + 2]
    is_loud = text[span.start : span.end].isupper()
    return is_next and next_letter.isupper() and not is_loud


def _is_written_as_name(words: str) -> bool:
    """Whether each word begins large: "Thu Hà" is a name, "hòa bình" is peace."""
    return all(word[:1].isupper() for word in re.findall(r"\w+", words))


__all__ = ["BY_FORM", "STRUCK", "is_kept", "mask", "mask_forms"]
