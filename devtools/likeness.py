"""Which tests speak of a piece of code: by the words they share, rare ones first.

Good enough where nobody has measured which tests run it.
"""

import ast
import math
import re
from collections import Counter
from pathlib import Path

WORD = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)*")
SHORTEST = 4
# Browsers, other programs, a whole day.
SLOW = re.compile(r"start_tour|browser_js|subprocess|CIVIC_CITIZENS")


def words(text: str) -> Counter:
    """Names in a text, whole and in parts: `_check_state` is check and state, too."""
    found = Counter()
    for name in WORD.findall(text.lower()):
        for word in {name, *re.split(r"[._]", name)}:
            if len(word) >= SHORTEST:
                found[word] += 1
    return found


class Tests:
    """Classes of tests and the words in them.

    :param sources: text of test files by path
    :ivar counts: how many tests each class has, by name (FILE::CLASS)
    """

    def __init__(self, sources: dict[str, str]):
        self.counts: dict[str, int] = {}
        self.words: dict[str, Counter] = {}
        self.slow = set()
        for path, text in sources.items():
            lines = text.split("\n")
            for node in ast.parse(text).body:
                if not isinstance(node, ast.ClassDef):
                    continue
                count = sum(
                    isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
                    for each in node.body
                )
                if not count:
                    continue
                name = f"{path}::{node.name}"
                own = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                self.counts[name] = count
                self.words[name] = words(f"{Path(path).stem} {own}")
                if SLOW.search(text):
                    self.slow.add(name)
        self.spread = Counter(word for own in self.words.values() for word in own)

    def like(self, text: str, near=frozenset()) -> list[str]:
        """Names of classes that share words with a text, the likest first.

        :param near: test files whose classes come before others, all but the likest
        """
        wanted = words(text)
        scores = {}
        for name, own in self.words.items():
            score = sum(
                math.log(len(self.words) / self.spread[word]) * min(count, 3)
                for word, count in wanted.items()
                if word in own
            )
            if score:
                # Long classes share words with everything.
                score /= math.sqrt(10 + self.counts[name])
                scores[name] = score / 10 if name in self.slow else score
        ranked = sorted(scores, key=scores.get, reverse=True)
        own = [name for name in ranked if name.partition("::")[0] in near]
        others = [name for name in ranked if name not in own]
        return [*own[:2], *others[:1], *own[2:], *others[1:]]
