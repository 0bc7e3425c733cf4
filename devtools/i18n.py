"""./dev i18n: the terms of the add-on, and their Vietnamese."""

import argparse

import polib

from . import databases, odoo, odoo_source, postgres
from .machine import CHECKOUT, MODULE, STATE, lock, run, say

TEMPLATE = CHECKOUT / "i18n" / f"{MODULE}.pot"
VIETNAMESE = CHECKOUT / "i18n" / "vi.po"
# They would change with every export.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev i18n")
    parser.add_argument("--check", action="store_true", help="only tell what misses")
    options = parser.parse_args(arguments)
    terms = _export()
    known = {}
    if VIETNAMESE.exists():
        known = {entry.msgid: entry for entry in polib.pofile(str(VIETNAMESE))}
    if not options.check:
        _write(terms, known)
        known = {entry.msgid: entry for entry in terms}
        say(f"{len(terms)} terms in {VIETNAMESE.relative_to(CHECKOUT)}")
    missing = [
        entry.msgid
        for entry in terms
        if entry.msgid not in known or not known[entry.msgid].translated()
    ]
    for term in missing:
        print(f"not translated: {term!r}")
    say(f"{len(missing)} of {len(terms)} terms are not translated")
    return 1 if missing and options.check else 0


def _export() -> polib.POFile:
    """The terms of the code as it is, from a database that matches it."""
    postgres.ensure()
    odoo.configure()
    target = STATE / f"{MODULE}.pot"
    with lock("test", STATE):
        database = databases.prepare("test")
        command = odoo.command(
            *("i18n", "export", "-c", odoo.CONFIG, "-d", database),
            *("-l", "pot", "-o", target, MODULE),
        )
        run(*command, env=odoo.environment())
    return polib.pofile(str(target))


def _write(terms: polib.POFile, known: dict[str, polib.POEntry]) -> None:
    TEMPLATE.parent.mkdir(exist_ok=True)
    for date in DATES:
        terms.metadata.pop(date, None)
    terms.save(str(TEMPLATE))
    terms.metadata["Language"] = "vi"
    for entry in terms:
        if old := known.get(entry.msgid):
            entry.msgstr, entry.flags = old.msgstr, old.flags
            entry.tcomment = old.tcomment
    _borrow([entry for entry in terms if not entry.msgstr])
    terms.save(str(VIETNAMESE))


def _borrow(entries: list[polib.POEntry]) -> None:
    """Call the fields that every model has what Odoo calls them."""
    if not entries:
        return
    base = odoo_source.home() / "odoo" / "addons" / "base" / "i18n" / "vi.po"
    words = {entry.msgid: entry.msgstr for entry in polib.pofile(str(base))}
    for entry in entries:
        entry.msgstr = words.get(entry.msgid, "")
