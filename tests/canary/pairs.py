"""Records that are named by a model and an id: pairs, as messages, activities, files
and many forms of Odoo and of other apps have them.

Whoever may write such a pair, even in a form that is never saved, chooses the record;
names of it and fields computed from it are often read past the rights of who asks.
Each pair of the registry is set to foreign records of each model of ours, and to
citizens' accounts: what comes back has no canary, and is what a missing id gives.
"""

import re
import time
import warnings
import zlib
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass

from odoo.tools import mute_logger

from .guess import X2MANY, Guess
from .methods import Matrix, rights
from .policy import forbidden, is_ours
from .reviewed import KEPT_NAMES
from .words import kinds_in

# Beside an id's name, the names of fields that may say of which model it is.
_ID = re.compile(r"^(?P<stem>.*?)(?P<kind>res|record|thread|document)_(?P<many>ids?)$")
_BESIDE = ("{stem}{kind}_model", "{stem}model", "{stem}{kind}_model_name")
_OF_MODEL = ("{stem}{kind}_model_id", "{stem}model_id")
_PLAIN = {"integer", "char", "text", "json"}
# Citizens' accounts: names that are not ours, and say who has written.
PEOPLE = ("res.partner", "res.users")
# No row has it.
MISSING = 2**31 - 11
# What is made anew counts on, also where it is refused.
_COUNTED = re.compile(r"(Operation: create\)[\\n]+Records?: )\d+")


@dataclass(frozen=True)
class Pair:
    """Fields of a model that together name a record of any model.

    :param model: the model that has the fields
    :param ref: field with the id, with a list of ids, or with model and id in one
    :param names: fields with the other model's name
    :param links: fields that link to its row in ir.model
    :param kind: "reference", "id" or "ids"
    """

    model: str
    ref: str
    names: tuple = ()
    links: tuple = ()
    kind: str = "id"

    def vals(self, env, model_name, id_):
        """Values that name a record."""
        if self.kind == "reference":
            return {self.ref: f"{model_name},{id_}"}
        model_id = env["ir.model"]._get_id(model_name)
        return {
            **dict.fromkeys(self.names, model_name),
            **dict.fromkeys(self.links, model_id),
            self.ref: id_ if self.kind == "id" else str([id_]),
        }


def pairs_of(env):
    """All pairs of the registry, but those of abstract models and of our own tables.

    :return: list of Pair, ordered
    """
    return [
        pair
        for name in sorted(env.registry)
        if not env[name]._abstract and env[name]._auto
        for pair in _pairs(env[name])
    ]


def _pairs(model):
    fields = model._fields
    for name, field in sorted(fields.items()):
        if field.type == "reference":
            yield Pair(model._name, name, kind="reference")
            continue
        parts = _ID.match(name)
        parts = parts.groupdict() if parts else {"stem": "", "kind": "res"}
        names = {form.format(**parts) for form in _BESIDE}
        links = {form.format(**parts) for form in _OF_MODEL}
        if field.type == "many2one_reference":
            names.add(field.model_field)
        elif field.type not in _PLAIN or not parts.get("many"):
            continue
        names = {
            sub
            for sub in names & set(fields)
            if fields[sub].type in ("char", "selection")
        }
        links = {
            sub for sub in links & set(fields) if fields[sub].comodel_name == "ir.model"
        }
        if names or links:
            yield Pair(
                model._name,
                name,
                tuple(sorted(names)),
                tuple(sorted(links)),
                "id" if field.type in ("integer", "many2one_reference") else "ids",
            )


class Pairs(Matrix):
    """Pairs set to foreign records.

    Whoever has the same rights on the model that holds a pair is asked in turn: `full`
    asks all of them.
    """

    def __init__(self, case, actors, full=False):
        super().__init__(case, actors, full)
        self.targets = sorted(
            name for name in self.planted if is_ours(name) or name in PEOPLE
        )
        self.names = {
            name: {record.id: record.display_name for record in self._records(name)}
            for name in self.targets
        }
        self.guesses = {}

    def _records(self, model):
        return self.case.env[model].sudo().browse(self.planted[model])

    def guess(self, actor, model):
        if (actor, model) not in self.guesses:
            env = self.case.env(user=self.actors[actor], su=False, context={})
            self.guesses[actor, model] = Guess(env[model], self.planted)
        return self.guesses[actor, model]

    def run(self, pairs):
        """Set each pair to foreign records as each actor."""
        began = time.monotonic()
        turns = {pair: list(self._turns(pair)) for pair in pairs}
        rows = {pair: self._plant_rows(pair, turns[pair]) for pair in pairs}
        self.case.env.flush_all()
        self.envs = list(self.case.env.transaction.envs.data)
        with (
            warnings.catch_warnings(),
            mute_logger("odoo.sql_db"),
            self._watching(),
            closing(self.case.env.cr.savepoint()) as self.savepoint,
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            for pair in pairs:
                self.counts["pairs"] += 1
                started = time.monotonic()
                for actor, target, id_ in turns[pair]:
                    self._ask(pair, actor, target, id_, rows[pair])
                for actor, planted in rows[pair].items():
                    self._read_rows(pair, actor, list(planted))
                self.slow[pair.model] += time.monotonic() - started
        self.seconds += time.monotonic() - began
        return self

    # ------------------------------------------------------------------
    # Whose turn it is
    # ------------------------------------------------------------------

    def _turns(self, pair):
        """(actor, model, id) of foreign records, for each group of equal rights."""
        for actors in self._by_rights(pair.model):
            for index, target in enumerate(self.targets):
                turn = index + zlib.crc32(f"{pair.model}{target}".encode())
                asking = actors if self.full else [actors[turn % len(actors)]]
                for actor in asking:
                    for id_ in self.strangers(actor, target):
                        yield actor, target, id_

    def _by_rights(self, model):
        """Actors in groups of equal rights on a model, without those who have none."""
        groups = defaultdict(list)
        for actor in self.actors:
            may = rights(self.guess(actor, model))
            if any(may[:3]):
                groups[may].append(actor)
        return groups.values()

    def strangers(self, actor, target):
        """Id of a record that the actor may not read: that whose name tells most."""
        records = self.case.env[target].browse(self.planted[target])
        ids = set(records.ids) - set(self.guess(actor, target).allowed(target))
        return sorted(
            ids, key=lambda id_: (-len(self.told_by_name(actor, target, id_)), id_)
        )[:1]

    def told_by_name(self, actor, target, id_):
        """Kinds in the name of a record that the actor may not be told."""
        return forbidden(actor, kinds_in(self.names[target][id_]), target)

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def _ask(self, pair, actor, target, id_, rows):
        user = self.actors[actor]
        calls = list(self._calls(pair, actor, target, rows))
        if not self.full:
            # What is never saved in both ways, the others in turn.
            turn = zlib.crc32(f"{pair.ref}{target}{actor}".encode()) % len(calls)
            calls = [*calls[:2], *calls[2:][turn : turn + 1]]
        for model, name, ids, kwargs in calls:
            method = getattr(type(self.case.env[model]), name)
            _refused, foreign = self.answer(
                actor, user, model, name, method, ids, kwargs(id_)
            )
            _refused, missing = self.answer(
                actor, user, model, name, method, ids, kwargs(MISSING)
            )
            if said(foreign, id_) != said(missing, id_):
                self.leaks[model, name, f"that {target} is there"].add(actor)

    def _calls(self, pair, actor, target, rows):
        """Ways to set a pair: (model, method, ids, function of an id → arguments)."""
        guess = self.guess(actor, pair.model)
        env = guess.env(su=True)
        spec = self._specification(pair, guess)

        def vals(id_):
            return pair.vals(env, target, id_)

        def form(id_):
            values = vals(id_)
            names = list(values)
            return {"values": values, "field_names": names, "fields_spec": spec}

        def defaults(id_):
            return {
                **{f"default_{name}": value for name, value in vals(id_).items()},
                **{"active_model": target, "active_id": id_, "active_ids": [id_]},
            }

        def opened(id_):
            empty = {"values": {}, "field_names": [], "fields_spec": spec}
            return {**empty, "context": defaults(id_)}

        def default(id_):
            return {"fields": list(guess.model._fields), "context": defaults(id_)}

        def saved(id_):
            return {"vals": {**guess.filled(), **vals(id_)}, "specification": spec}

        def changed(id_):
            return {"vals": vals(id_), "specification": spec}

        yield pair.model, "onchange", [], form
        yield pair.model, "onchange", [], opened
        yield pair.model, "default_get", [], default
        if guess.model.has_access("create"):
            yield pair.model, "web_save", [], saved
        others = [row for row, about in rows.get(actor, {}).items() if about != target]
        if others:
            yield pair.model, "web_save", others[:1], changed
        for model, field in self._parents(pair.model, actor):

            def line(id_, field=field):
                return {
                    "values": {field: [[0, 0, vals(id_)]]},
                    "field_names": [field],
                    "fields_spec": {field: {"fields": spec}},
                }

            yield model, "onchange", [], line

    def _specification(self, pair, guess):
        fields = guess.model._fields
        spec = {
            name: {}
            for name in guess.seen
            if fields[name].compute or fields[name].related or name in pair.names
        }
        if guess.model._fields[pair.ref].type in ("reference", "many2one_reference"):
            spec[pair.ref] = {"fields": {"display_name": {}}}
        return spec

    def _parents(self, model, actor, limit=2):
        """Models in whose forms rows of a model are lines."""
        found = 0
        for name in sorted(self.case.env.registry):
            asked = self.case.env(user=self.actors[actor], su=False)[name]
            if asked._abstract or found == limit:
                continue
            for field in asked._fields.values():
                if field.type == "one2many" and field.comodel_name == model:
                    if asked.has_access("create"):
                        found += 1
                        yield name, field.name
                        break

    # ------------------------------------------------------------------
    # Rows that hold a pair
    # ------------------------------------------------------------------

    def _plant_rows(self, pair, turns):
        """Rows of the actors' own that name foreign records.

        :return: dict actor → dict id → name of the model that it is about
        """
        rows = defaultdict(dict)
        if self.case.env[pair.model]._transient or pair.model in KEPT_NAMES:
            return rows
        for actor, target, id_ in turns:
            if not self.told_by_name(actor, target, id_):
                continue
            user = self.actors[actor]
            model = self.case.env(user=user, su=True)[pair.model]
            own = {"author_id": user.partner_id.id, "user_id": user.id}
            vals = {
                **Guess(model, self.planted).filled(),
                **{name: value for name, value in own.items() if name in model._fields},
                **pair.vals(model.env, target, id_),
            }
            try:
                with model.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    rows[actor][model.create(vals).id] = target
            except Exception:  # noqa: BLE001 - the model does not take such a row
                model.env.transaction.clear()
        return rows

    def _read_rows(self, pair, actor, ids):
        """By searching, reading, finding and exporting."""
        guess = self.guess(actor, pair.model)
        seen = [name for name in guess.seen if guess._type(name) not in X2MANY]
        domain = [("id", "in", ids)]
        spec = self._specification(pair, guess)
        for name, on, kwargs in (
            ("search_read", [], {"domain": domain, "fields": seen}),
            ("web_search_read", [], {"domain": domain, "specification": spec}),
            ("name_search", [], {"name": "", "domain": domain}),
            ("export_data", ids, {"fields_to_export": seen}),
        ):
            method = getattr(type(guess.model), name)
            self.call(actor, self.actors[actor], pair.model, name, method, on, kwargs)

    def size(self):
        return (
            f"{len(self.actors)} actors × {self.counts['pairs']} pairs: "
            f"{self.counts['calls']} calls in {self.seconds:.0f} s"
        )


class Twins(Pairs):
    """Every public method of every model of ours, of a foreign record and of a missing
    one: the answers are the same."""

    def run(self, methods):
        began = time.monotonic()
        self.envs = list(self.case.env.transaction.envs.data)
        with (
            warnings.catch_warnings(),
            mute_logger("odoo.sql_db"),
            self._watching(),
            closing(self.case.env.cr.savepoint()) as self.savepoint,
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            for model, name, method in methods:
                if model in self.targets and not getattr(method, "_api_model", False):
                    self._compare(model, name, method)
        self.seconds += time.monotonic() - began
        return self

    def _compare(self, model, name, method):
        """As one of those who read some records of the model and others not."""
        actors = [
            actor
            for actor in self.actors
            if self.guess(actor, model).model.has_access("read")
            and self.strangers(actor, model)
        ]
        if not actors:
            return
        self.counts["pairs"] += 1
        actor = actors[zlib.crc32(f"{model}{name}".encode()) % len(actors)]
        [id_] = self.strangers(actor, model)
        try:
            [kwargs, *_others] = self.guess(actor, model).calls(name, method) or [{}]
        except KeyError:
            return
        foreign, missing = (
            self.answer(actor, self.actors[actor], model, name, method, [asked], kwargs)
            for asked in (id_, MISSING)
        )
        if said(foreign, id_) != said(missing, id_):
            self.leaks[model, name, "that it is there"].add(actor)


def said(output, id_):
    """An answer, as it would be about a record of this id."""
    words = re.sub(r"NewId_0x\w+", "NewId", repr(output))
    words = _COUNTED.sub(r"\1", words)
    return words.replace(str(MISSING), str(id_))
