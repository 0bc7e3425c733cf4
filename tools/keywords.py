"""Which subject a text is about, by words that stand for it; plain Python.

Vietnamese changes its meaning with its accents: "ổ gà" is a hole in the road and "ở ga"
is at the station. Words typed with accents count where the accents agree; those typed
without any count almost as much; accents that differ count a little, since people
mistype them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from .matching import WORD
from .text import clean, fold

# A text is read up to so many words; a key phrase has at most so many.
MAX_WORDS = 400
MAX_PHRASE = 5
EXACT, UNACCENTED, MISTYPED = 1.0, 0.8, 0.2
# Below that a word says too little to suggest anything.
ENOUGH = 0.75


class Guess(NamedTuple):
    """What a text may be about.

    :param score: larger is likelier
    :param words: phrases of the text that say so, as they were typed, the most telling
        first
    """

    key: Hashable
    score: float
    words: tuple[str, ...]


Table = dict[tuple[str, ...], list[tuple[Hashable, tuple[str, ...]]]]


def split_keywords(text: str | None) -> list[str]:
    """Return the phrases of a field that holds one on each line or between commas."""
    phrases = (text or "").replace("\n", ",").split(",")
    return [phrase.strip() for phrase in phrases if phrase.strip()]


def make_table(keywords: Mapping[Hashable, Iterable[str]]) -> Table:
    """Make ready what stands for what.

    :param keywords: key → phrases
    """
    table = defaultdict(list)
    for key, phrases in keywords.items():
        for phrase in phrases:
            typed = tuple(_words(phrase)[:MAX_PHRASE])
            if typed:
                table[tuple(map(fold, typed))].append((key, typed))
    return dict(table)


def guess(text: str | None, table: Table) -> list[Guess]:
    """Return what a text may be about, the likeliest first.

    A phrase counts once, and more the more words it has; a phrase inside a longer one
    that was found does not count by itself.
    """
    typed = _words(text)[:MAX_WORDS]
    folded = [fold(word) for word in typed]
    found: dict[Hashable, dict[tuple[str, ...], tuple[float, str]]] = defaultdict(dict)
    at = 0
    while at < len(typed):
        at += _take(typed, folded, at, table, found)
    guesses = [_guess(key, phrases) for key, phrases in found.items()]
    enough = [row for row in guesses if row.score >= ENOUGH]
    return sorted(enough, key=lambda row: -row.score)


def _words(text: str | None) -> list[str]:
    return WORD.findall(clean(text, multiline=False).lower())


def _take(typed, folded, at, table, found):
    """Look for the longest phrase that begins here.

    :return: how many words it has, 1 where there is none
    """
    for count in range(min(MAX_PHRASE, len(typed) - at), 0, -1):
        phrase = tuple(folded[at : at + count])
        here = tuple(typed[at : at + count])
        rows = [
            (key, _weight(here, phrase, keyword) * (1 + count) / 2)
            for key, keyword in table.get(phrase, ())
        ]
        for key, weight in rows:
            if weight > found[key].get(phrase, (0.0, ""))[0]:
                found[key][phrase] = (weight, " ".join(here))
        # A mistyped phrase may hide a right one that is shorter.
        if any(weight >= UNACCENTED for _key, weight in rows):
            return count
    return 1


def _weight(here, phrase, keyword):
    if here == keyword:
        return EXACT
    return UNACCENTED if here == phrase else MISTYPED


def _guess(key, phrases):
    rows = sorted(phrases.values(), reverse=True)
    return Guess(
        key,
        sum(weight for weight, _words in rows),
        tuple(text for _weight, text in rows),
    )
