"""An HTML text in words, by `inscriptis`.

The tree is made simple first: what is hidden goes, cells become words side by side,
links say where they lead. Nothing of it can make the layout grow beyond its source:
styles and tables are the page's own no more.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as InvalidBase64
from html import unescape
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

MAX_HTML = 1_000_000
MAX_LINK = 2_000
# Longer pages are no letters: their words alone are taken, as of deeper ones.
MAX_ELEMENTS = 20_000
MAX_DEPTH = 200
PICTURE = re.compile(
    r"(?i)(\bsrc\s*=\s*[\"']?\s*)data:[\w/+.-]+;base64,([A-Za-z0-9+/=\s]+)"
)
# What follows the end of a page is shown as well: the parser would leave it out.
ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
# Stands for a picture that was taken out of the page.
TAKEN = "data:,"
LEFT_OUT = frozenset({"script", "style", "template", "title"})
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
LEADS = re.compile(r"(?:https?|ftp|geo|tel|mailto):\S", re.I)
TABLES = frozenset({"table", "tbody", "thead", "tfoot", "tr", "caption"})
BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "center", "font", "span"})
# Stands between two cells until the lines are written.
CELL = "\ue000"
# What mailers put around the message that is answered; the words go on after it.
QUOTES = (
    "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')"
    " or contains(concat(' ', @class, ' '), ' gmail_quote_container ')"
    " or contains(concat(' ', @class, ' '), ' yahoo_quoted ')"
    " or contains(concat(' ', @class, ' '), ' protonmail_quote ')"
    " or contains(concat(' ', @class, ' '), ' moz-cite-prefix ')"
    " or contains(concat(' ', @class, ' '), ' gmail_attr ')]"
    "|//blockquote[@type='cite' or @cite]"
)
SIGNATURES = (
    "//*[contains(concat(' ', @class, ' '), ' gmail_signature ')"
    " or contains(concat(' ', @class, ' '), ' gmail_signature_prefix ')"
    " or contains(concat(' ', @class, ' '), ' moz-signature ')"
    " or contains(concat(' ', @class, ' '), ' protonmail_signature_block ')"
    " or @id='Signature' or @id='ms-outlook-mobile-signature'"
    " or @id='AppleMailSignature']"
)
# The line that Outlook draws above what it repeats.
RULE = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)", re.I)
REPEATS = "data-repeats"
# Where Outlook and Zimbra begin to repeat: all that follows is repeated.
BEGINS = (
    "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='stopSpelling'"
    f" or @data-marker='__DIVIDER__' or @{REPEATS}]"
)
# No head: where it was never closed, the body stands within.
STYLES = {
    **{name: kept for name, kept in CSS_PROFILES["strict"].items() if name != "head"},
    **{
        name: HtmlElement(display=Display.block)
        for name in ("ul", "ol", "dl", "dt", "dd", "center", "form", "section", "hr")
    },
}
CONFIG = ParserConfig(css=STYLES)


class Page(NamedTuple):
    """What an HTML text says.

    :param text: all its words
    :param body: its words without the signature that is marked as such
    :param said: its words without that and what is marked as repeated
    :param pictures: bytes of those that lie within it
    :param problems: see `Mail`
    """

    text: str
    body: str
    said: str
    pictures: list
    problems: set


def read_page(html: str) -> Page:
    """Read an HTML text."""
    pictures, problems = [], set()

    def keep(match):
        try:
            pictures.append(b64decode(re.sub(r"\s", "", match[2])))
        except (InvalidBase64, ValueError):
            problems.add("broken")
        return match[1] + TAKEN

    html = PICTURE.sub(keep, html.replace("\0", ""))
    if len(html) > MAX_HTML:
        problems.add("long")
    tree = _tree(ENDS.sub("<br>", html[:MAX_HTML]))
    if tree is None:
        bare = _bare(html)
        return Page(bare, bare, bare, pictures, problems)
    _leave_out(tree)
    for image in tree.iter("img"):
        source = image.get("src", "")
        if source.startswith("http"):
            problems.add("elsewhere")
        elif source.startswith("data:") and source != TAKEN:
            pictures.append(unquote_to_bytes(source.partition(",")[2]))
    _simplify(tree)
    text = body = _words(tree)
    if not text:
        text = body = _bare(html)
        return Page(text, body, text, pictures, problems)
    if _drop(tree, SIGNATURES):
        body = _words(tree)
    if _drop_after(tree, BEGINS) | _drop(tree, QUOTES):
        return Page(text, body or text, _words(tree), pictures, problems)
    return Page(text, body or text, body, pictures, problems)


def html_text(html: str) -> str:
    """Return the words of an HTML text, line by line."""
    return read_page(html).text


def _tree(html):
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    # Where a page is too deep, the parser leaves out the rest of it.
    too_deep = etree.ErrorTypes.ERR_RESOURCE_LIMIT
    is_cut = any(error.type == too_deep for error in parser.error_log)
    return None if is_cut else tree


def _leave_out(tree):
    """Take out what a reader does not see."""
    unseen = [
        element
        for element in tree.iter(etree.Element)
        if element.tag in LEFT_OUT
        or element.get("hidden") is not None
        or UNSEEN.search(element.get("style") or "")
    ]
    for element in unseen:
        if element.getparent() is not None:
            element.drop_tree()


def _simplify(tree):
    """Make cells, links and pictures words, and styles none of the page's business."""
    for element in list(tree.iter(etree.Element)):
        if element.tag in ("td", "th"):
            _simplify_cell(element)
        elif element.tag in TABLES:
            element.tag = "div"
        elif element.tag == "a":
            _say_where(element)
        elif element.tag == "img" and _is_sign(element.get("alt") or ""):
            element.tail = element.get("alt") + (element.tail or "")
    for element in tree.iter(etree.Element):
        if RULE.search(element.attrib.pop("style", "")):
            element.set(REPEATS, "")
        element.attrib.pop("align", None)
        element.attrib.pop("valign", None)


def _simplify_cell(cell):
    """A cell is words on the line of its row, one or more lines where it has more."""
    inner = [child for child in cell if child.tag in BLOCKS]
    if len(inner) == len(cell) == 1 and not (cell.text or "").strip():
        inner[0].tag = "span"
    if cell.getprevious() is not None:
        cell.text = CELL + (cell.text or "")
    cell.tag = "span"


def _say_where(link):
    """Write behind its words where a link leads, if they do not say it."""
    address = (link.get("href") or "").strip()[:MAX_LINK]
    if not LEADS.match(address):
        return
    said = _bare_address("".join(islice(link.itertext(), 100))[:MAX_LINK])
    if _bare_address(address) not in said:
        where = address.removeprefix("mailto:").removeprefix("tel:")
        link.tail = f" ({where}){link.tail or ''}"


def _bare_address(address):
    bare = re.sub(r"^\s*(?:https?://|mailto:|tel:)?(?:www\.)?", "", address.lower())
    return re.sub(r"\s", "", bare).rstrip("/")


def _is_sign(words):
    """Whether a picture stands for a sign within a text, an emoji mostly."""
    return 0 < len(words) <= 4 and not words.isascii() and not words.isalnum()


def _words(tree):
    many = next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None
    try:
        text = "\n".join(tree.itertext()) if many else _Flat(tree, CONFIG).get_text()
    except RecursionError:
        text = "\n".join(tree.itertext())
    lines = []
    for line in text.split("\n"):
        cells = [re.sub(r"[ \t\xa0]+", " ", part).strip() for part in line.split(CELL)]
        lines.append(" | ".join(filter(None, cells)))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Flat(Inscriptis):
    """Gives up on depth by itself, long before the interpreter's stack does."""

    depth = 0

    def _parse_html_tree(self, state, tree):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        canvas = super()._parse_html_tree(state, tree)
        self.depth -= 1
        return canvas


def _bare(html):
    """Words where the parser finds none: too deep, or within what is never closed."""
    words, pieces = [], re.split(r"(?i)(</?(?:script|style)\b)", html)
    last = "</"
    for number, piece in enumerate(pieces):
        if number % 2:
            last = piece
        elif last.startswith("</") or number == len(pieces) - 1:
            words.append(piece)
    text = re.sub(r"<[^<>]{0,2000}>|^[^<>]{0,2000}>", " ", "<br>".join(words))
    return re.sub(r"\s+", " ", unescape(text)).strip()


def _drop(tree, path):
    """Take out these elements; whether there were any."""
    found = [element for element in tree.xpath(path) if element is not tree]
    for element in found:
        if element.getparent() is not None:
            element.drop_tree()
    return bool(found)


def _drop_after(tree, path):
    """Take out the first of these elements and all that follows it; whether there was
    one."""
    first = next((element for element in tree.xpath(path) if element is not tree), None)
    element = first
    while element is not None:
        for later in list(element.itersiblings()):
            element.getparent().remove(later)
        element.tail = None
        element = element.getparent()
    if first is not None:
        first.getparent().remove(first)
    return first is not None
