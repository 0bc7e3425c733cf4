"""Texts of SMS: what they cost, and Vietnamese without its accents."""

from __future__ import annotations

import unicodedata

# Of the GSM alphabet (3GPP TS 23.038) what Vietnamese and English use; the last row
# counts twice.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
# Letters of one message, and of each part of a longer one.
GSM_PARTS, WIDE_PARTS = (160, 153), (70, 67)
REPLACED = str.maketrans(
    {
        **{"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"},
        **dict.fromkeys("“”«»„", '"'),
        **dict.fromkeys("‘’`´", "'"),
        **dict.fromkeys("–—−", "-"),
        **{"…": "...", "\u00a0": " ", "•": "-", "·": "-"},
    }
)


def plain(text: str) -> str:
    """Return text in letters that every SMS holds: "Đường Lê Lợi" as "Duong Le Loi".

    What has no such letter is left out.
    """
    text = unicodedata.normalize("NFKD", text.translate(REPLACED))
    return "".join(char for char in text if char in GSM or char in GSM_TWICE)


def parts(text: str) -> int:
    """Return how many messages a text is paid as."""
    if all(char in GSM or char in GSM_TWICE for char in text):
        one, each = GSM_PARTS
        length = len(text) + sum(char in GSM_TWICE for char in text)
    else:
        one, each = WIDE_PARTS
        # Letters outside the first plane take two places.
        length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= one else -(-length // each)
