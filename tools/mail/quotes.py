"""What an answer repeats of the message that it answers, and the signature below it.

Known by the marks of Outlook, Gmail, Apple Mail, Thunderbird and Yahoo, in English and
Vietnamese. What is not surely a repetition stays.
"""

from __future__ import annotations

import re

from ..text import clean, fold

# Nobody answers below more lines than this; what follows is kept as it is.
MAX_LINES = 3_000
# Lines in which a wrapped attribution ("On …, A <a@b> wrote:") may stand.
MAX_ATTRIBUTION = 4
MAX_ATTRIBUTION_LENGTH = 400
# Lines in which a header that is repeated is looked for.
MAX_HEADER_LINES = 6
# More below the delimiter of a signature is no signature.
MAX_SIGNATURE = 20

# Folded: without accents, in small letters.
DIVIDER = re.compile(
    r"[-_ ]{3,}(original (message|appointment)|thu goc|tin nhan goc|"
    r"thu ban dau|thong diep goc|reply message)[-_ ]{3,}"
)
FROM = re.compile(r"(from|tu|nguoi gui) ?:.*\S")
OTHER_HEADERS = (
    re.compile(r"(sent|date|da gui|ngay gui|gui luc|ngay|thoi gian|gui|vao) ?:"),
    re.compile(r"(to|den|toi|nguoi nhan|gui den|kinh gui) ?:"),
    re.compile(r"(subject|chu de|tieu de) ?:"),
    re.compile(r"(cc|dong gui|dong kinh gui) ?:"),
)
WROTE = r"(wrote|da viet|viet) ?:"
ATTRIBUTION = re.compile(rf"(on|vao|ngay|luc|thu|chu nhat)\b.*\d.*{WROTE}")
# What tells such a line from a sentence, where the words below bear no marks.
SURE = re.compile(r"[@,]|\d[:h]\d\d")
ADDRESSED = re.compile(rf"[^:]*@[^:]*{WROTE}")
DEVICE = re.compile(
    r"(sent|da gui|duoc gui|gui) (from|tu|bang) (my |the )?"
    r"(iphone|ipad|android|samsung|outlook|yahoo|mail|xiaomi|oppo|galaxy|thiet bi|"
    r"dien thoai|ung dung|may tinh bang|thu (danh )?cho windows).{0,60}|"
    r"(get|tai|lay|nhan) outlook (danh )?(for|cho) .{0,60}|"
    r"sent with proton ?mail.{0,60}"
)


def answer_of(text: str) -> str:
    """Return what somebody says in answer: without repetitions and signature.

    :param text: words of a mail, cleaned
    """
    lines = _without_repetition(text.split("\n"))
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    return without_signature(clean("\n".join(kept)))


def without_signature(text: str) -> str:
    """Return words without the signature below "-- " and what a telephone adds.

    A mail of nothing else keeps it.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.rstrip() == "--" and len(lines) - number <= MAX_SIGNATURE:
            lines = lines[:number]
            break
    kept = lines[:-MAX_SIGNATURE]
    kept += [
        line for line in lines[-MAX_SIGNATURE:] if not DEVICE.fullmatch(_plain(line))
    ]
    return clean("\n".join(kept)) or text


def _without_repetition(lines):
    kept, number = [], 0
    lines, rest = lines[:MAX_LINES], lines[MAX_LINES:]
    while number < len(lines):
        if _begins_repeated_mail(lines, number):
            break
        size = _attribution_size(lines, number)
        if not size:
            kept.append(lines[number])
            number += 1
            continue
        attribution = " ".join(lines[number : number + size])
        following = next((line for line in lines[number + size :] if line.strip()), "")
        if not following.startswith(">"):
            if SURE.search(attribution):
                break  # all that follows is the message that is answered
            kept += lines[number : number + size]
        number += size
    else:
        kept += rest
    return kept


def _begins_repeated_mail(lines, number):
    """Whether a divider or the header of an earlier mail stands here."""
    line = lines[number].strip("> *")
    if line.startswith(("--", "__")):
        if DIVIDER.fullmatch(_plain(line)):
            return True
        if re.fullmatch(r"_{5,}|-{5,}", line):
            below = range(number + 1, number + 3)
            return any(_is_header(lines, one) for one in below)
    return _is_header(lines, number)


def _is_header(lines, number):
    if number >= len(lines) or ":" not in lines[number]:
        return False
    if not FROM.fullmatch(_plain(lines[number])):
        return False
    block = [_plain(line) for line in lines[number + 1 : number + MAX_HEADER_LINES]]
    named = {
        index
        for index, header in enumerate(OTHER_HEADERS)
        if any(header.match(line) for line in block)
    }
    return len(named) > 1


def _attribution_size(lines, number):
    """How many lines from here say who wrote what follows; 0 for none."""
    for size in range(1, MAX_ATTRIBUTION + 1):
        part = [line.strip() for line in lines[number : number + size]]
        if not all(part) or len(part) < size:
            return 0
        words = " ".join(part)
        if len(words) > MAX_ATTRIBUTION_LENGTH:
            return 0
        if not words.rstrip("* ").endswith(":"):
            continue
        words = _plain(words)
        if ATTRIBUTION.fullmatch(words) or ADDRESSED.fullmatch(words):
            return size
    return 0


def _plain(line):
    """A line folded, without the stars and quotes that mailers put around words."""
    return fold(line[:MAX_ATTRIBUTION_LENGTH].replace("*", "")).strip("> ")
