"""The signature under a message: who writes, below a valediction.

Only lines that look like one are taken: a name, a telephone number, an address, what is
labelled so. A sentence ends it, so that what is said below thanks stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .text import fold

# Longer lines are sentences.
MAX_LINE = 120
MAX_LINES = 8
MAX_WORDS = 6

# Folded. What stands on a line of its own, or before a name on the same line. What it
# says more does not matter: only what looks like a signature below is taken for one.
MORE = r"(?: [^ ]+){0,8}"
VALEDICTION = re.compile(
    rf"(?:xin |rat |toi |em |chau )*(?:(?:chan|thanh) (?:thanh|that) |tran trong )?"
    rf"(?:va )?(?:kinh )?(?:cam on|cam ta|biet on){MORE}"
    r"|(?:xin |rat )*tran trong(?: kinh)?(?: chao| thu| bao)?|(?:tran trong )?kinh chao"
    rf"|kinh (?:thu|bao|but|don)|than(?: ai| men| chao)?"
    rf"|(?:kinh|rat) mong\b{MORE}{MORE}"
    r"|thanks?(?: you)?(?: so| very)?(?: much)?(?: and (?:best )?regards)?"
    r"|(?:(?:best|kind|warm|many) )?(?:regards|thanks)|yours? \w+|sincerely(?: yours)?"
    r"|respectfully|nguoi (?:gui|viet|lam don|phan anh|kien nghi)|ky ten"
)
FIRST_LETTERS = tuple("txrecknbwmysđaTXRECKNBWMYSĐA")
LABEL = re.compile(
    r"(?:(?:so )?(?:dt|sdt|dien thoai|di dong|dd|tel|phone|mobile|hotline|zalo|viber"
    r"|e-?mail|mail|cccd|cmnd|cmt|can cuoc|dia chi|d/c|dc|address|ho ten|ho va ten"
    r"|ten|nguoi gui|lien he|facebook|fb|website|web|fax|cong dan|ky ten))\b"
    r"\s*(?:so\s*)?[:.\-–]?\s*\S"
)
HOME = re.compile(
    r"(?:so|so nha|nha|k|kiet|ngo|hem|to|thon|xom|ap|buon|ban|duong|phong|can ho"
    r"|chung cu|phuong|xa|khu|khu pho|tdp|p\.|q\.)\s*\d|\d+[a-z]?(?:[/-]\d+)*\s+\w"
    r"|(?:phuong|xa|thon|ap|buon|xom|duong)\s+\w"
)
OF_HOMES = frozenset(
    (
        *(
            "so",
            "nha",
            "duong",
            "ngo",
            "ngach",
            "hem",
            "kiet",
            "pho",
            "khu",
            "to",
            "tp",
        ),
        *("phuong", "xa", "thon", "xom", "ap", "buon", "ban", "quan", "huyen", "thi"),
        *(
            "tinh",
            "thanh",
            "dan",
            "chung",
            "cu",
            "can",
            "ho",
            "tang",
            "lo",
            "tap",
            "the",
        ),
    )
)
NUMBER = re.compile(r"\+?\(?\d[\d\s.()\-]{6,}|\S+@\S+\.\S+")
SENTENCE = re.compile(r"[?!;]\s*$|\w{3}\.\s+\S|\.{2,}|[^.]{40,}\.\s*$")
FAMILY_NAMES = frozenset(
    (
        *("nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang"),
        *("bui", "do", "ho", "ngo", "duong", "ly", "dinh", "trinh", "mai", "dao"),
        *("doan", "luong", "truong", "lam", "ta", "to", "ha", "cao", "thai", "quach"),
        *("ton", "la", "chau", "phung"),
    )
)
# What begins so is a place, in capitals as a name is.
NO_NAMES = ("đường", "phố", "ngã", "chợ", "trường", "cầu", "công viên", "khu", "tổ")
WORD = re.compile(r"[^\W\d_]+")


def signatures(text: str) -> Iterable[tuple[int, int]]:
    """Tell where a text is signed.

    :return: start and end of what stands below or after each valediction
    """
    lines = _lines(text)
    number = 0
    while number < len(lines):
        start, line = lines[number]
        number += 1
        rest = _after_valediction(line)
        if rest is None:
            continue
        signed = []
        if rest < len(line):
            if not _is_name(line[rest:]) and not _is_told(line[rest:], True):
                continue
            signed.append((start + rest, start + len(line.rstrip())))
        while number < len(lines) and len(signed) < MAX_LINES:
            start, line = lines[number]
            bare = line.strip(" \t*_>-–—•|,")
            if bare:
                is_first = not signed
                if not (_is_told(bare, is_first) or _is_name(bare, is_first)):
                    break
                inset = line.index(bare)
                signed.append((start + inset, start + inset + len(bare)))
            number += 1
        if signed:
            yield signed[0][0], signed[-1][1]


def _lines(text):
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _after_valediction(line):
    """Where a line goes on after its valediction; None where it has none."""
    if len(line) > MAX_LINE or not line.strip(" \t*_").startswith(FIRST_LETTERS):
        return None
    if VALEDICTION.fullmatch(fold(line).strip(" *_,.!:;-–")):
        return len(line)
    head = re.match(r"[^,.!:\n–-]{3,40}[,.!:–-]+\s*", line)
    if head and VALEDICTION.fullmatch(fold(head[0]).strip(" *_,.!:;-–")):
        return head.end()
    return None


def _is_told(line, is_first=False):
    """Whether a line is a label with its value or a number; or, below a name, an
    address: "Số 5 Trần Phú" alone may be where it is."""
    if len(line) > MAX_LINE:
        return False
    folded = fold(line)
    if LABEL.match(folded) or NUMBER.fullmatch(line.strip()):
        return True
    if SENTENCE.search(line):
        return False
    is_home = not is_first and HOME.match(folded)
    return _is_capital(line) and bool(NUMBER.search(line) or is_home)


def _is_capital(line):
    """Whether only words of addresses begin small, as in no sentence."""
    small = [fold(word) for word in WORD.findall(line) if word[:1].islower()]
    return all(word in OF_HOMES or len(word) == 1 for word in small)


def _is_name(line, is_first=True):
    """Whether a line is somebody's name, with or without capitals."""
    line = line.strip(" .,*_()-–")
    words = WORD.findall(line)
    if not words or len(words) > MAX_WORDS or re.search(r"[\d?!:;]", line):
        return False
    if line.lower().startswith(NO_NAMES):
        return False
    if line.isupper() or line.islower():
        return is_first and len(words) > 1 and fold(words[0]) in FAMILY_NAMES
    return all(word[:1].isupper() for word in words)


__all__ = ["signatures"]
