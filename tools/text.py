"""Text that people type: cleaned, folded for search, checked before it goes anywhere.

Nothing here trusts its input, and no error repeats it: a telephone number or an
address must not reach a log by way of a traceback.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

# Letters with a stroke do not decompose. Ð (eth) and Ɖ are typed for Đ by mistake.
STROKES = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})
LINE_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, bidirectional overrides and isolates, invisible letters, halves of
# surrogate pairs, noncharacters. Tabs, newlines and the joiner of emoji are left.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
JOINER = "\u200d"
# Vietnamese needs two marks on a letter, no language more than four.
MARKS_ON_A_LETTER = 4
# Categories that fold() drops: accents, what encloses a letter, what has no shape.
MARKS = ("Mn", "Me", "Cf")
WORD = re.compile(r"[^\W_]+")
# Categories of which emoji are made.
SYMBOLS = ("So", "Sm")
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# What another country's spreadsheet takes for the end of a cell, and a formula there.
FORMULA_INSIDE = re.compile(r"([;|\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,20})?(?:[eE]-?[0-9]{1,2})?")
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
BETWEEN_DIGITS = re.compile(r"[\s.\-]")
IDENTITY_NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}|(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6,15}")
PHONE = re.compile(r"\+?[0-9 ().\-/]{3,40}")
EMAIL_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
EMAIL_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Local parts in other letters (RFC 6531): letters and digits of any script.
EMAIL_INTERNATIONAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+")
EMAIL = re.compile(
    rf"(?P<local>{EMAIL_LOCAL})@(?:{EMAIL_LABEL}\.)+(?![0-9]+\Z){EMAIL_LABEL}"
)


class InvalidPhone(ValueError):
    """Not a telephone number that can be called."""

    code = "invalid_phone"

    def __init__(self) -> None:
        super().__init__("invalid telephone number")


class InvalidEmail(ValueError):
    """Not exactly one plain e-mail address."""

    code = "invalid_email"

    def __init__(self) -> None:
        super().__init__("invalid e-mail address")


class InvalidIdentityNumber(ValueError):
    """Not the number of an identity document."""

    code = "invalid_identity_number"

    def __init__(self) -> None:
        super().__init__("invalid identity number")


# --- cleaning ------------------------------------------------------------------------


def clean(text: str | None, multiline: bool = True) -> str:
    """Return what a person may have typed, in one form and without tricks.

    NFC; newlines as ``\\n``; without controls, bidirectional overrides, invisible
    characters and piles of accents; trimmed. ``None`` and ``False`` give "".

    :param multiline: False makes all white space single spaces.
    """
    if not text:
        return ""
    text = UNWANTED.sub("", LINE_BREAKS.sub("\n", text))
    text = _without_loose_joiners(_without_piles(text))
    text = unicodedata.normalize("NFC", text)
    return text.strip() if multiline else " ".join(text.split())


def _without_piles(text: str) -> str:
    """Keep the first few accents of each letter."""
    if not any(map(unicodedata.combining, text)):
        return text
    kept = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MARKS_ON_A_LETTER:
            kept.append(char)
    return "".join(kept)


def _without_loose_joiners(text: str) -> str:
    """Keep U+200D only inside an emoji, as in a family or a woman firefighter."""
    first, *rest = text.split(JOINER)
    for part in rest:
        if _ends_in_emoji(first) and unicodedata.category(part[:1] or " ") in SYMBOLS:
            first += JOINER
        first += part
    return first


def _ends_in_emoji(text: str) -> bool:
    last = text[-1:]
    # A variation selector or a skin tone may follow the symbol.
    return (
        last == "\ufe0f"
        or "\U0001f3fb" <= last <= "\U0001f3ff"
        or (bool(last) and unicodedata.category(last) in SYMBOLS)
    )


# --- searching -----------------------------------------------------------------------


def fold(text: str | None) -> str:
    """Return text for comparing and searching: lower case, no accents, đ as d.

    "Đường  Lê Lợi" and its decomposed twin both give "duong le loi". Compatibility
    forms (full-width letters, ligatures) are replaced, invisible characters dropped,
    white space collapsed. Folding twice changes nothing more.
    """
    text = clean(text, multiline=False)
    text = unicodedata.normalize("NFKD", text).casefold().translate(STROKES)
    text = "".join(char for char in text if unicodedata.category(char) not in MARKS)
    return " ".join(unicodedata.normalize("NFC", text).split())


def words(text: str | None) -> list[str]:
    """Return the folded words of a text, letters and digits alone.

    "Ổ gà, đường 30/4" gives ["o", "ga", "duong", "30", "4"].
    """
    return WORD.findall(fold(text))


# --- shortening and exporting --------------------------------------------------------


def shorten(text: str | None, length: int) -> str:
    """Return at most ``length`` characters on one line, with "…" if cut.

    Cuts between words where it can, never between a letter and its accent nor inside
    an emoji.

    :raise ValueError: length is below 1.
    """
    if length < 1:
        raise ValueError("length must be at least 1")
    text = " ".join((text or "").split())
    if len(text) <= length:
        return text
    cut = length - 1
    space = text.rfind(" ", 0, cut + 1)
    if space >= cut // 2 and space > 0:
        cut = space
    while cut and _continues(text, cut):
        cut -= 1
    return text[:cut].rstrip(" ,;:.–-") + "…"


def _continues(text: str, at: int) -> bool:
    """Tell whether the character at a position belongs to the one before it."""
    char = text[at]
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or JOINER in (char, text[at - 1])
    )


def spreadsheet_safe(value: object) -> object:
    """Return a cell value that no spreadsheet takes for a formula.

    Text that begins with ``= + - @``, a tab or a line break (white space before it
    apart) gets an apostrophe in front, and so does such a sign after a semicolon, a
    bar, a tab or a line break: where the decimal point is a comma, spreadsheets read a
    file of commas as one of semicolons, and quotes around a cell count for nothing. All
    that is not text stays. Source: OWASP, CSV Injection.
    """
    if not isinstance(value, str):
        return value
    safe = FORMULA_INSIDE.sub(r"\1'", value)
    if value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS):
        return f"'{safe}"
    return safe


# --- numbers ----------------------------------------------------------------------


def ascii_digits(text: str | None) -> str:
    """Return text with the digits of every script as 0–9; the rest stays.

    "٠٤٦" (Arabic-Indic) and "０４６" (full-width) give "046". Fractions and raised
    figures ("½", "²") are no digits.
    """
    return OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text or "")


def is_number(text: str) -> bool:
    """Tell whether text is 0–9 alone: what ``int`` takes besides is no number here."""
    return text.isascii() and text.isdecimal()


def decimal_number(text: str | None) -> float:
    """Return a number as people and programs write it: "16.46", "-107,59", "1e-7".

    Digits of other scripts are folded. What ``float`` takes besides ("1_6", "nan",
    "inf") is refused.

    :raise ValueError: anything else.
    """
    typed = ascii_digits(text).strip().replace(",", ".").replace("−", "-")
    if not DECIMAL.fullmatch(typed):
        raise ValueError("not a number")
    return float(typed)


def identity_number(raw: str | None) -> str:
    """Return the number of an identity document without its spaces and dots.

    Digits of other scripts are folded. Twelve digits (căn cước), nine (the older
    chứng minh nhân dân), or letters and digits as on a passport.

    :raise InvalidIdentityNumber: anything else.
    """
    typed = ascii_digits(clean(raw, multiline=False))
    number = BETWEEN_DIGITS.sub("", typed).upper()
    if not IDENTITY_NUMBER.fullmatch(number):
        raise InvalidIdentityNumber
    return number


# --- telephone and e-mail ------------------------------------------------------------


def phone_e164(raw: str | None, region: str = "VN") -> str:
    """Return a telephone number as E.164, "+84912345678".

    Digits with the usual punctuation only: letters, extensions and several numbers
    are refused. Short numbers (113, 1022) are not a person's and are refused too.

    :param region: where a number without a country code is dialled.
    :raise InvalidPhone: not a number in use.
    """
    number = ascii_digits(unicodedata.normalize("NFKC", clean(raw, multiline=False)))
    if not PHONE.fullmatch(number):
        raise InvalidPhone
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_valid_number(parsed):
        raise InvalidPhone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_national(e164: str | None, region: str = "VN") -> str:
    """Return a number as people of a region write it: "0912 345 678".

    Numbers of other countries keep their country code: "+49 1512 3456789". Nothing
    gives "".

    :raise InvalidPhone: not a number at all.
    """
    if not e164:
        return ""
    try:
        parsed = phonenumbers.parse(e164, region)
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    formats = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == phonenumbers.country_code_for_region(region)
    return phonenumbers.format_number(
        parsed, formats.NATIONAL if home else formats.INTERNATIONAL
    )


def email_normalized(raw: str | None, international: bool = False) -> str:
    """Return one e-mail address in lower case; spaces around it are forgiven.

    Names in front, comments, quoted parts, several addresses and line breaks are
    refused: the result is safe in a header.

    :param international: take letters beyond ASCII (RFC 6531): of a domain as its ASCII
        form (``xn--…``), of a mailbox as they are. Else they are refused.
    :raise InvalidEmail: anything else than ``local@domain.tld``.
    """
    address = (raw or "").strip(" ")
    letters = ""
    if not address.isascii():  # before lower(): the Kelvin sign would become a "k"
        if not international:
            raise InvalidEmail
        letters, address = _ascii_address(address)
    address = address.lower()
    match = EMAIL.fullmatch(address)
    if not match or len(address) > 254 or len(match["local"]) > 64:
        raise InvalidEmail
    return f"{letters}@{address.partition('@')[2]}" if letters else address


def _ascii_address(address: str) -> tuple[str, str]:
    """Take an address in letters of any script apart.

    :return: its mailbox where that is not ASCII, else ""; the address with the domain
        in ASCII, and a stand-in for such a mailbox
    :raise InvalidEmail: it is none
    """
    local, _at, domain = unicodedata.normalize("NFC", address).rpartition("@")
    if len(address) > 254 or clean(address, multiline=False) != address:
        raise InvalidEmail
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise InvalidEmail from None
    if local.isascii():
        return "", f"{local}@{domain}"
    if not EMAIL_INTERNATIONAL.fullmatch(local) or len(local.encode()) > 64:
        raise InvalidEmail
    return local.lower(), f"x@{domain}"


# Shorter than this, and made of fewer words, nothing is said.
LEAST_SAID = 10
LEAST_WORDS = 2
LEAST_LETTERS = 5
VOWELS = frozenset("aeiouy")
REPEATED = re.compile(r"(\w)\1{3}")


def says_something(text: str | None) -> bool:
    """Whether somebody took the trouble to write words: not “aaaaa”, not “asdfgh”, not
    one word over and over. It cannot tell whether they are true.
    """
    said = words(text)
    spoken = {word for word in said if VOWELS & set(word)}
    return (
        len((text or "").strip()) >= LEAST_SAID
        and len(spoken) >= LEAST_WORDS
        and 2 * len(spoken) >= sum(not word.isdecimal() for word in said)
        and len(set("".join(spoken))) >= LEAST_LETTERS
        and not REPEATED.search("".join(said))
    )
