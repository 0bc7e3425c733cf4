"""What can be found out without being shown: by searching, ordering and grouping.

Who may not read a word may not find a record by it either, through any link; who may
not read a field may not order, group or count by it.
"""

import time
import zlib
from collections import Counter, defaultdict

from odoo.fields import Domain
from odoo.tools import mute_logger

from .guess import AUDIT, Guess
from .methods import _figures, alike, planted_ids
from .policy import CENTRE, FOUND_BY, IN_ADDRESS_BOOK, forbidden, is_ours
from .words import KINDS, NUMBERS, TOKENS

PEOPLE = {"res.users", "res.partner"}
TEXTS = {"char", "text", "html"}
NOWHERE = "a word that stands nowhere"


class Oracle:
    """Questions that must find nothing or be refused.

    Of actors to whom a model is open alike, one asks: `full` asks all of them.

    :param case: a CanaryCase
    :param actors: names of the actors
    """

    def __init__(self, case, actors, full=False):
        self.case = case
        self.actors = actors
        self.full = full
        self.planted = planted_ids(case.env)
        self.leaks = defaultdict(set)
        self.counts = Counter()

    def run(self, models):
        began = time.monotonic()
        with mute_logger("odoo.models"):  # some models have no names to search
            self._ask_all(models)
        self.seconds = time.monotonic() - began
        return self

    def _ask_all(self, models):
        env = self.case.env
        for model in sorted(models):
            if env[model]._abstract or env[model]._transient:
                continue
            paths = list(self.paths(model))
            for actor, asked in self._asking(model):
                kinds = forbidden(actor, KINDS, model)
                if actor in CENTRE:
                    kinds -= FOUND_BY.get(model, set())
                self._ask_words(actor, asked, paths, sorted(kinds))
                self._ask_hidden(actor, asked)
                env.transaction.clear()

    def _asking(self, model):
        """(actor, model as that actor sees it) of those who ask it."""
        guesses = {}
        for actor in self.actors:
            user = self.case.actors[actor]
            asked = self.case.env(user=user, su=False, context={})[model]
            if asked.has_access("read"):
                guesses[actor] = Guess(asked, self.planted)
        turn = zlib.crc32(model.encode())
        for actors in alike(guesses, guesses):
            for actor in actors if self.full else [actors[turn % len(actors)]]:
                yield actor, guesses[actor].model

    def paths(self, model):
        """Paths from a model to its texts, and to those of what it links to.

        One link is enough: where the second leads is asked of the model between, or
        that one is closed and so is the way.
        """
        for name, field in self.case.env[model]._fields.items():
            if field.type in TEXTS and field._description_searchable:
                yield name
            comodel = field.comodel_name if field.relational else ""
            if comodel and (is_ours(comodel) or comodel in PEOPLE):
                for sub, subfield in self.case.env[comodel]._fields.items():
                    if subfield.type in TEXTS and subfield.store:
                        yield f"{name}.{sub}"

    def _ask_words(self, actor, model, paths, kinds):
        """Ask by many paths at once; by fewer when that is refused or finds some."""
        if len(paths) > 40:
            for start in range(0, len(paths), 40):
                self._ask_words(actor, model, paths[start : start + 40], kinds)
            return
        found = self._passes(lambda: model.search(self._domain(paths, kinds), limit=1))
        if found is False or not paths:
            return
        if len(paths) > 1:
            half = len(paths) // 2
            self._ask_words(actor, model, paths[:half], kinds)
            self._ask_words(actor, model, paths[half:], kinds)
        elif found and not self._finds_all(model, paths):
            for kind in kinds:
                hits = model.search(self._domain(paths, [kind]), limit=1)
                # Names of officers as authors of rows stand in the address book too.
                known = IN_ADDRESS_BOOK - {"account"}
                if hits and not (paths[0].split(".")[0] in AUDIT and kind in known):
                    self.leaks[model._name, paths[0], kind].add(actor)

    @staticmethod
    def _finds_all(model, paths):
        """Whether a path finds records by whatever is asked: that tells nothing."""
        return bool(model.search(Domain(paths[0], "ilike", NOWHERE), limit=1))

    @staticmethod
    def _domain(paths, kinds):
        return Domain.OR(
            Domain(path, "ilike", TOKENS.get(kind) or NUMBERS[kind])
            for path in paths
            for kind in kinds
        )

    def _ask_hidden(self, actor, model):
        for name, field in model._fields.items():
            if not field.store or model._has_field_access(field, "read"):
                continue
            questions = {
                "order": lambda name=name: model.search([], order=name) or True,
                "group": lambda name=name: model.formatted_read_group(
                    [], [name], ["__count"]
                ),
                "count": lambda name=name: model.formatted_read_group(
                    [], [], [f"{name}:count_distinct"]
                ),
            }
            if not field.required:  # what all have tells nothing
                questions["find"] = lambda name=name: (
                    model.search([(name, "!=", False)]) or True
                )
            for way, question in questions.items():
                if self._passes(question):
                    self.leaks[model._name, name, way].add(actor)

    def _passes(self, question):
        """:return: whether something is found; None when the question is refused"""
        self.counts["questions"] += 1
        try:
            with self.case.env.cr.savepoint(flush=False):
                return bool(question())
        except Exception:  # noqa: BLE001 - refused, whatever the words
            return None

    def size(self):
        return (
            f"{len(self.actors)} actors × {self.counts['questions']} questions by "
            f"search, order and group in {self.seconds:.0f} s"
        )

    def note(self):
        """Say at the end of the run how large it was."""
        _figures.info("canary matrix: %s", self.size())

    def told(self):
        return "\n".join(
            f"{model}: {path} answers {kind} to {', '.join(sorted(actors))}"
            for (model, path, kind), actors in sorted(self.leaks.items())
        )
