"""Which tests a fault is shown to, and in what order."""

import json
import re
from pathlib import Path

from . import likeness, reach
from .machine import CHECKOUT, STATE, files
from .mutant import Mutant
from .mutants_python import around, called_on_loading

TOPS = ("models/", "wizards/", "controllers/", "report/")
# What is asked of all models and all rules.
WHOLE = ("test_rights", "test_dialogs", "test_guards", "test_views")
WHOLE += ("test_access", "test_companies", "test_strangers")
# Beside what the tests took when they were measured, times this.
PATIENCE = 4
# Of those that were never measured.
SECONDS_OF_A_TEST = 3


class Seen:
    """Which test saw a fault the last time: it is the first to be asked again."""

    def __init__(self):
        self.file = STATE / "mutants.json"
        self.tests = json.loads(self.file.read_text()) if self.file.exists() else {}

    def last(self, mutant: Mutant) -> list[str]:
        return [test] if (test := self.tests.get(self._key(mutant))) else []

    def keep(self, mutant: Mutant, test: str) -> None:
        self.tests[self._key(mutant)] = test
        self.file.write_text(json.dumps(self.tests, ensure_ascii=False, indent=0))

    def _key(self, mutant: Mutant) -> str:
        return f"{mutant.path}: {mutant.code}: {mutant.edit}"


class Choice:
    """Which tests a fault is shown to, and in what order.

    :param budget: seconds of tests, as measured, for each fault
    """

    def __init__(self, known: reach.Reach, budget: int):
        self.known = known
        self.budget = budget
        self.sources = {
            path: (CHECKOUT / path).read_text()
            for path in files(".py")
            if path.startswith((*TOPS, "tools/"))
        }
        self.tests = {
            path: (CHECKOUT / path).read_text() for path in reach.test_files()
        }
        self.seen = Seen()
        self.on_loading = set()
        for text in self.sources.values():
            self.on_loading |= called_on_loading(text)
        unknown = {path: self.tests[path] for path in known.unknown}
        self.unknown = likeness.Tests(unknown)

    def is_live(self, mutant: Mutant) -> bool:
        """Whether it takes part when tests run, and not only when Odoo is loaded."""
        name = mutant.function.rpartition(".")[2]
        return bool(name) and name not in self.on_loading

    def of(self, mutant: Mutant) -> list[str]:
        if mutant.function:
            lines = {mutant.anchor, mutant.line}
            names = self.known.tests(mutant.path, lines)
            near = self._wing(mutant.path)
        else:
            names, near = self._concerned(mutant)
        measured = [*self.seen.last(mutant), *self._cut(names, near)]
        near.update(name.partition("::")[0] for name in self.seen.last(mutant))
        first = [name for name in measured if name.partition("::")[0] in near]
        rest = [name for name in measured if name.partition("::")[0] not in near]
        return [*first, *self._likely(mutant, near), *rest]

    def _likely(self, mutant: Mutant, near: set[str]) -> list[str]:
        """Classes that were never measured, the likest first; as many as may take
        about as long as the budget says."""
        chosen, left = [], self.budget / SECONDS_OF_A_TEST
        ranked = self.unknown.like(self._context(mutant), near)
        # What is named like the source, before what merely speaks of the same.
        ranked.sort(key=lambda name: not self._has_name_of(mutant.path, name))
        for name in ranked:
            if left <= 0:
                break
            chosen.append(name)
            left -= self.unknown.counts[name] + 3  # it is made ready, too
        return chosen

    def _context(self, mutant: Mutant) -> str:
        """What the fault is about: its line most, the function, the file's name."""
        text = mutant.source.decode()
        code = around(text, mutant.anchor) if mutant.function else ""
        name = f"{mutant.function.rpartition('.')[2]} {Path(mutant.path).stem}"
        line = f"{mutant.code} {' '.join(mutant.names)} {name}"
        return f"{line} {line} {code}"

    def _wing(self, path: str) -> set[str]:
        """Test files that mirror a source, in its wing or named like it."""
        parts = Path(path).parts
        wing = parts[1] if len(parts) > 2 else "site"
        return {
            test
            for test in self.tests
            if test.startswith(f"tests/{wing}/") or self._has_name_of(path, test)
        }

    @staticmethod
    def _has_name_of(path: str, test: str) -> bool:
        """Whether a test file, or one of its classes, is named like a source: the same,
        or longer (its plural, one topic of it)."""
        stem = Path(test.partition("::")[0]).stem.removeprefix("test_")
        return stem.replace("_", "").startswith(Path(path).stem.replace("_", ""))

    def _concerned(self, mutant: Mutant) -> tuple[set[str], set[str]]:
        """What uses the names that a line outside of functions binds."""
        words = [name for name in mutant.names if len(name) > 3] or list(mutant.names)
        words = words[-1:] or re.findall(r"civic_\w+", mutant.code)[:1]
        near = self._wing(mutant.path) if mutant.path.startswith(TOPS) else set()
        near |= {f"tests/whole/{name}.py" for name in WHOLE}
        names = set()
        for word in words:
            used = re.compile(rf"\b{re.escape(word)}\b")
            near |= {path for path, text in self.tests.items() if used.search(text)}
            if not mutant.path.startswith(TOPS):
                continue
            for path, text in self.sources.items():
                lines = {
                    number
                    for number, line in enumerate(text.split("\n"), 1)
                    if used.search(line)
                }
                if lines:
                    names |= self.known.tests(path, lines)
        names |= {
            name for name in self.known.seconds if name.partition("::")[0] in near
        }
        return names, near

    def _cut(self, names: set[str], near: set[str]) -> list[str]:
        """Class by class: those that mirror the source first, then the quick."""
        seconds = self.known.seconds
        classes: dict[str, list[str]] = {}
        for name in sorted(names):
            if name.count("::") < 2:  # what makes a class ready: all its tests
                inside = [each for each in seconds if each.startswith(f"{name}::")]
                classes[name] = inside
        for name in sorted(names):
            if name.count("::") == 2:
                owner = name.rpartition("::")[0]
                if name not in classes.setdefault(owner, []):
                    classes[owner].append(name)
        costs = {
            owner: seconds.get(owner, 1) + sum(seconds[name] for name in inside)
            for owner, inside in classes.items()
        }

        def order(owner):
            return owner.partition("::")[0] not in near, costs[owner]

        chosen, spent = [], 0
        for owner in sorted(classes, key=order):
            inside = sorted(classes[owner], key=seconds.get)
            spent += seconds.get(owner, 1)
            for name in inside:
                spent += seconds[name]
                if chosen and spent > self.budget:
                    return chosen
                chosen.append(name)
        return chosen

    def patience(self, names: list[str]) -> float:
        """Seconds after which a fault's tests count as hung."""
        owners = {name.rpartition("::")[0] for name in names}
        seconds = self.known.seconds
        names = names if len(names) > 1 else [*names, *owners]
        known = sum(seconds.get(each, 0) for each in {*names, *owners})
        counts = self.unknown.counts
        guessed = sum(SECONDS_OF_A_TEST * (counts.get(each, 0) + 3) for each in names)
        return 60 + PATIENCE * (known + guessed)
