"""What small faults a file may hold, and which of them are drawn.

Pure: text in, edits out. Those of Python are found by :mod:`.mutants_python`, those of
rules and rights here, in their text.
"""

import hashlib
import re
from collections.abc import Iterator

from .mutant import Mutant
from .mutants_python import Finder

RULE_FAULTS = (
    (r"'in'", "'not in'"),
    (r"'not in'", "'in'"),
    (r"'='", "'!='"),
    (r"'!='", "'='"),
    (r"\bTrue\b", "False"),
    (r"\bFalse\b", "True"),
    (r"\('\w[\w.]*', '[\w =!<>]+', [^()\[\]]+\)(?=,|\])", "(1, '=', 1)"),
    (r"\(4, ref\('[\w.]+'\)\), ", ""),
)


def find(path: str, source: str) -> list[Mutant]:
    """All faults that a file may hold, in its order."""
    if path.endswith(".py"):
        return Finder(path, source).found
    if path.endswith(".csv"):
        return _rights(path, source)
    return _rules(path, source)


def sample(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Choose lines, each as likely as another, and one fault of each.

    A line keeps its lot while the others change: the same seed names the same faults
    after a mend elsewhere.
    """
    lines: dict[tuple, list[Mutant]] = {}
    for mutant in mutants:
        lines.setdefault((mutant.path, mutant.line), []).append(mutant)
    drawn, seen = [], {}
    for (path, _line), found in lines.items():
        text = f"{seed} {path} {found[0].code}"
        seen[text] = seen.get(text, 0) + 1
        lot = hashlib.sha256(f"{text} {seen[text]}".encode()).digest()
        drawn.append((lot, found[lot[-1] % len(found)]))
    drawn.sort(key=lambda pair: pair[0])
    return [mutant for _lot, mutant in drawn[:count]]


def _mutants(path: str, source: str, faults) -> Iterator[Mutant]:
    """:param faults: triples (kind, span in the text, what stands there instead)"""
    encoded = source.encode()
    for kind, (start, end), new in faults:
        first, last = (len(source[:at].encode()) for at in (start, end))
        line = source.count("\n", 0, start) + 1
        place = (path, line, line, first, last, new, kind, "")
        yield Mutant(*place, source=encoded)


def _rights(path: str, source: str) -> list[Mutant]:
    """Each right given that was not, and the other way round."""
    flags = re.finditer(r"(?<=,)[01](?=,|$)", source, re.MULTILINE)
    faults = (("right", found.span(), str(1 - int(found[0]))) for found in flags)
    return list(_mutants(path, source, faults))


def _rules(path: str, source: str) -> list[Mutant]:
    """Faults of conditions and groups, outside of comments and names."""
    blank = re.sub(r"(?s)<!--.*?-->", lambda found: " " * len(found[0]), source)
    faults = [
        ("rule", found.span(), new)
        for pattern, new in RULE_FAULTS
        for found in re.finditer(pattern, blank)
        if "<record" not in blank[blank.rfind("\n", 0, found.start()) : found.end()]
    ]
    return list(_mutants(path, source, sorted(faults, key=lambda fault: fault[1])))
