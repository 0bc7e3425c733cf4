"""The canaries, and how they are found in whatever comes out."""

import base64
import io
import re
import zipfile
import zlib

from pypdf import PdfReader

# All words begin alike, so that one look tells that there is nothing to find.
PREFIX = "zqcan"
# Identity of the planted citizen.
IDENTITY = {
    "name": "Zqcanname Ẩn Danh",
    "phone": "0936471528",
    "email": "zqcanmail@example.com",
    "address": "Số 9 kiệt Zqcanhome",
    "citizen_id": "046201987654",
    "exif": "Zqcanexif",
    "chat": "Zqcanchat246845883",
}
# Texts, each in one place alone.
TEXTS = {
    "account": "zqcanacct",  # name and login of the citizen's account
    "own": "zqcanowntext",  # original text of a published report
    "private": "zqcanprivate",  # … of one that is private
    "sensitive": "zqcansensitive",
    "secret": "zqcansecret",
    "new": "zqcannew",  # … of one that nobody has received yet
    "supplement": "zqcansupply",  # what the citizen added
    "message": "zqcanmessage",  # said between Centre and citizen
    "draft": "zqcandraft",  # a result that is not submitted
    "note": "zqcannote",  # from the Centre to the agency
    "back": "zqcanback",  # from the leader to the handler
    "officer": "zqcanofficer",  # names of the officers
    "opinion": "zqcanopinion",  # what the citizen wrote with a rating
    "question": "zqcanquestion",  # a follow-up
    "asked": "zqcanasked",  # what somebody else asked, and who that is
    "call": "zqcancall",  # what was said on the telephone
    "finding": "zqcanfinding",  # why a text was found in violation
    "disclosing": "zqcandisclosing",  # why an agency asks who sent a report
    "gateway": "zqcangateway",  # keys of an account with a provider
    "data": "zqcandata",  # what somebody asks of the own personal data
    "beyond": "zqcanbeyond",  # all of the other province
    "inner": "zqcaninner",  # rows that were planted without knowing the model
}
TOKENS = {
    "name": "zqcanname",
    "email": "zqcanmail",
    "address": "zqcanhome",
    "exif": "zqcanexif",
    "chat": "zqcanchat",
    **TEXTS,
}
NUMBERS = {"phone": "936471528", "citizen_id": "046201987654"}
KINDS = (*TOKENS, *NUMBERS)

_PLAIN = re.compile("|".join(sorted(TOKENS.values(), key=len, reverse=True)))
_KIND_OF = {token: kind for kind, token in TOKENS.items()}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.\-()\u00a0]{1,2}(?=\d)")


def _base64_forms(word):
    """How a word looks inside a longer text in base64, at each of three offsets."""
    data = word.encode()
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + data).decode()
        start = -(-lead * 8 // 6)  # characters that the lead touches
        end = (lead + len(data)) * 8 // 6  # whole characters alone
        yield coded[start:end]


def _hard_forms():
    for kind, token in (*TOKENS.items(), *NUMBERS.items()):
        words = {token}
        if kind in TOKENS:
            words |= {token.capitalize(), token.upper()}
        for word in words:
            yield word.encode().hex(), kind
            for form in _base64_forms(word):
                yield form, kind


HARD_FORMS = tuple(_hard_forms())
_HARD_PREFIXES = tuple(sorted({form[:5] for form, _kind in HARD_FORMS}))


def kinds_in(output):
    """Canaries in anything that was given out.

    :param output: str, bytes or any value that a method gave
    :return: set of kinds
    """
    if isinstance(output, bytes):
        return _in_bytes(output)
    return _in_text(output if isinstance(output, str) else repr(output))


def _in_text(text):
    found = set()
    lowered = text.lower()
    if PREFIX in lowered:
        found.update(_KIND_OF[token] for token in _PLAIN.findall(lowered))
    if any(prefix in text for prefix in _HARD_PREFIXES):
        found.update(kind for form, kind in HARD_FORMS if form in text)
    if "936" in text or "0462" in text or "046 2" in text:
        squeezed = _BETWEEN_DIGITS.sub("", text)
        found.update(kind for kind, digits in NUMBERS.items() if digits in squeezed)
    return found


def _in_bytes(data):
    found = _in_text(data.decode("latin-1"))
    if data.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(data)).pages
        found |= _in_text("\n".join(page.extract_text() for page in pages))
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found |= _in_bytes(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        found |= _in_bytes(zlib.decompress(data, 31))
    return found
