"""Words of courtesy: an answer that only thanks asks for nothing."""

from __future__ import annotations

from .text import words

# Folded: without accents.
COURTESY = frozenset(
    {
        *("a", "anh", "ba", "ban", "bo", "cac", "cam", "can", "chan", "chao", "chi"),
        *("chu", "chuc", "co", "con", "cong", "da", "dan", "duoc", "em", "kinh"),
        *("khoe", "lanh", "loi", "nhan", "nhe", "nhieu", "nguoi", "on", "ong", "phan"),
        *("qua", "quan", "quy", "rat", "roi", "su", "suc", "ta", "tam", "tan", "thanh"),
        *("the", "thong", "thu", "tin", "toi", "tot", "tran", "trong", "trung"),
        *("tuyet", "va", "vang", "voi", "xin", "ok", "oke", "okay", "all", "and"),
        *("best", "dear", "for", "kind", "much", "noted", "regards", "sincerely"),
        *("team", "thank", "thanks", "very", "with", "you", "your", "yours"),
    }
)
THANKS = (("cam", "on"), ("thank",), ("thanks",), ("cam", "ta"))
MOST_WORDS = 30


def is_thanks(text: str) -> bool:
    """Tell whether a text thanks and says nothing else; in doubt it does not."""
    said = words(text)
    if not said or len(said) > MOST_WORDS or "?" in text:
        return False
    joined = f" {' '.join(said)} "
    thanks = any(f" {' '.join(form)} " in joined for form in THANKS)
    return thanks and COURTESY.issuperset(said)
