"""Every public method of the registry, called as everybody."""

import gc
import inspect
import logging
import time
import warnings
import zlib
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.orm.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tools import SQL, OrderedSet

from ...models.ground.ours import is_our_model
from .guess import AUDIT, Guess
from .policy import forbidden, is_ours
from .reviewed import NEVER_CALLED
from .words import IDENTITY, KINDS, PREFIX, kinds_in

_figures = logging.getLogger("civic_report.figures")
# Rows by which something leaves the database or tells somebody.
OUTGOING = {
    *("mail.message", "mail.mail", "mail.notification", "mail.tracking.value"),
    *("mail.push", "bus.bus", "sms.sms", "ir.logging", "mail.activity"),
}
# What forms call before there is a record.
UNSAVED = {"onchange", "web_save"}
# All fields at once: asked by each actor, however alike others are.
BY_EACH = {"read"}
# Whose methods all models share, or all of ours that link to something.
SHARING = ("base", "civic.links")
SECRET = {*IDENTITY, "account"}


def public_methods(env, model_name):
    """Names and functions that remote calls reach, by Odoo's own rule."""
    model = env[model_name]
    for name in dir(type(model)):
        if name.startswith("_"):
            continue
        try:
            method = get_public_method(model, name)
        except (UserError, AttributeError):
            continue
        if inspect.isclass(method):
            continue
        yield name, method


def is_generic(env, name, method):
    """Whether a method is the one that all models share."""
    shared = getattr(type(env["base"]), name, None)
    return shared is not None and inspect.unwrap(shared) is inspect.unwrap(method)


def is_shared(env, name, method):
    """Whether a method is one that many models have from the same place."""
    found = (getattr(type(env[model]), name, None) for model in SHARING)
    method = inspect.unwrap(method)
    return any(shared and inspect.unwrap(shared) is method for shared in found)


class Reach:
    """Which models can give out what is ours, seen from the registry and the rows."""

    def __init__(self, env):
        self.env = env
        self.own = {
            name
            for name, model in env.registry.items()
            if is_our_model(model) or is_ours(name)
        }
        self.holding = set(self._holding())
        core = self.own | self.holding
        self.linked = {
            name
            for name, model in env.registry.items()
            if any(
                field.relational and field.comodel_name in core
                for field in model._fields.values()
                if field.name not in AUDIT and field.comodel_name not in _EVERYWHERE
            )
        }
        self.models = core | self.linked

    def _holding(self):
        """Models whose rows hold a canary."""
        for name, model in self.env.registry.items():
            if model._auto and not model._abstract:
                query = SQL(
                    "SELECT 1 FROM %s AS t WHERE t::text ILIKE %s LIMIT 1",
                    SQL.identifier(model._table),
                    f"%{PREFIX}%",
                )
                if self.env.execute_query(query):
                    yield name

    def methods(self, full=False):
        """(model, method name, function) of all that is to be called."""
        for model in sorted(self.env.registry):
            for name, method in public_methods(self.env, model):
                if (
                    full
                    or model in self.models
                    or not is_generic(self.env, name, method)
                ):
                    yield model, name, method


# Links to these are in most models and lead to no report.
_EVERYWHERE = {"res.users", "res.partner", "res.company", "ir.attachment"}


class _Log(logging.Handler):
    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def take(self):
        taken, self.lines = self.lines, []
        return taken


@contextmanager
def watched_log():
    """See what Odoo logs from INFO on, which goes nowhere else meanwhile."""
    handler, logger = _Log(), logging.getLogger("odoo")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


class Matrix:
    """Calls, and what came out of them that should not have.

    :param case: a CanaryCase
    :param actors: names of the actors
    :param full: leave no call out that is known to be refused
    """

    def __init__(self, case, actors, full=False):
        self.case = case
        self.full = full
        self.actors = {name: case.actors[name] for name in actors}
        self.planted = planted_ids(case.env)
        self.leaks = defaultdict(set)
        self.counts = Counter()
        self.uncallable = set()
        self.crashes = Counter()
        self.outgoing = []
        self.seconds = 0.0
        self.slow = Counter()

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    def run(self, methods):
        """Call each method as each actor."""
        began = time.monotonic()
        by_model = defaultdict(list)
        for model, name, method in methods:
            if (model, name) not in NEVER_CALLED and ("*", name) not in NEVER_CALLED:
                by_model[model].append((name, method))
        gc.freeze()  # the registry is large, and looked through again and again
        self.envs = list(self.case.env.transaction.envs.data)
        with (
            warnings.catch_warnings(),
            self._watching(),
            closing(self.case.env.cr.savepoint()) as self.savepoint,
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            for model, entries in by_model.items():
                self._run_as_all(model, entries)
        self.counts["methods"] += sum(map(len, by_model.values()))
        self.counts["models"] += len(by_model)
        gc.unfreeze()
        self.seconds += time.monotonic() - began
        return self

    def _run_as_all(self, model, entries):
        """Methods that are a model's own are called by all.

        Those that models share answer by rights, records and fields: of actors who have
        and may know the same, one calls each, in turn. Who has no right on a model at
        all is refused by them, whoever it is: two of them try.
        """
        envs = {
            actor: self.case.env(user=user, su=False, context={})
            for actor, user in self.actors.items()
        }
        shut_out = [
            actor
            for actor, env in envs.items()
            if not any(env[model].has_access(mode) for mode in ("read", "create"))
        ]
        # Others for each model, so that everybody's turn comes.
        start = zlib.crc32(model.encode()) % (len(shut_out) or 1)
        trying = [*shut_out, *shut_out][start : start + 2]
        own = [row for row in entries if not is_shared(self.case.env, *row)]
        shared = [row for row in entries if row not in own]
        guesses = {
            actor: Guess(env[model], self.planted) for actor, env in envs.items()
        }
        called = {actor: [*own, *(shared if actor in trying else ())] for actor in envs}
        for actors in alike([name for name in envs if name not in shut_out], guesses):
            for row in shared:
                turn = zlib.crc32(f"{model}{row[0]}".encode()) % len(actors)
                for actor in actors if row[0] in BY_EACH else [actors[turn]]:
                    called[actor].append(row)
        for actor, guess in guesses.items():
            if self.full:
                self._run_model(actor, guess, entries, False)
            else:
                self._run_model(actor, guess, called[actor], actor in shut_out)

    def _run_model(self, actor, guess, entries, closed):
        env, user, model = guess.env, guess.env.user, guess.model._name
        id_sets = self._id_sets(guess)
        for name, method in entries:
            started = time.monotonic()
            try:
                calls = guess.calls(name, method)
            except KeyError as error:
                self.uncallable.add((name, error.args[0]))
                continue
            if closed and is_generic(env, name, method):
                calls = calls[:1]
            for kwargs in calls:
                call = partial(self.call, actor, user, model, name, method)
                all_ids, *parts = self._ids_for(name, method, id_sets)
                if call(all_ids, kwargs):
                    for ids in parts:
                        if call(ids, kwargs) and len(ids) > 1:
                            # It may be a method of one record.
                            call(ids[:1], kwargs)
            self.slow[model] += time.monotonic() - started

    @staticmethod
    def _ids_for(name, method, id_sets):
        if getattr(method, "_api_model", False):
            return [[]]
        return [*id_sets, []] if name in UNSAVED else id_sets

    @staticmethod
    def _id_sets(guess):
        """All planted records; when that is refused, those that the actor may read, and
        two of the others."""
        if not guess.ids:
            return [[]]
        readable = guess.allowed(guess.model._name)
        others = [id_ for id_ in guess.ids if id_ not in readable]
        kept = [guess.ids]
        for ids in (readable, others[:1], others[-1:]):
            if ids and ids not in kept:
                kept.append(ids)
        return kept

    def call(self, actor, user, model, name, method, ids, kwargs):
        """Call once and look at all that comes out; everything is undone.

        :return: whether it was refused, and other records may not be
        """
        return self.answer(actor, user, model, name, method, ids, kwargs)[0]

    def answer(self, actor, user, model, name, method, ids, kwargs):
        """As `call`.

        :return: whether it was refused, and all that came out
        """
        self.counts["calls"] += 1
        kwargs = dict(kwargs)
        context = kwargs.pop("context", {})
        env = self.case.env(user=user, su=False, context=context)
        queries = env.cr.sql_log_count
        refused = False
        failed = True
        try:
            result = method(env[model].browse(ids), **kwargs)
            env.flush_all()
            # Records go out as ids.
            output = "" if isinstance(result, BaseModel) else result
            failed = False
        except UserError as error:
            output = repr(error.args)
            refused = True
        except ValueError as error:
            output = repr(error.args)
            refused = "singleton" in output
            self.crashes[model, name, "ValueError"] += not refused
        except Exception as error:  # noqa: BLE001 - whatever it says goes out
            output = repr(error.args)
            self.crashes[model, name, type(error).__name__] += 1
        finally:
            # A statement that failed is not counted.
            self._undo(env, failed or env.cr.sql_log_count > queries)
        if not isinstance(output, (bool, int, type(None))):
            told = forbidden(actor, kinds_in(output) - kinds_in(kwargs), model, name)
            for kind in told:
                self.leaks[model, name, kind].add(actor)
        if self.outgoing or self.log.lines:
            self._look_beside(model, name)
        return refused, output

    def _undo(self, env, has_queried):
        env.transaction.clear()
        # Each call makes environments of its own; to look through all of them for the
        # next one would take longer and longer.
        env.transaction.envs.data = OrderedSet(self.envs)
        for callbacks in (env.cr.precommit, env.cr.postcommit):
            callbacks.clear()
        if has_queried:
            self.savepoint.rollback()
        env.cr.postrollback.run()
        if env.registry.cache_invalidated or env.registry.registry_invalidated:
            env.registry.reset_changes()

    def _look_beside(self, model, name):
        """What was written for others to read: no identity for anybody.

        An account's own messages to somebody else than us bear its name.
        """
        secret = SECRET if is_ours(model) else SECRET - {"account"}
        rows, self.outgoing = self.outgoing, []
        for where, values in [*rows, *(("log", line) for line in self.log.take())]:
            for kind in kinds_in(values) & secret:
                self.leaks[model, name, kind].add(where)

    @contextmanager
    def _watching(self):
        """See rows of outgoing models as they are made, and the log from INFO on."""
        create = BaseModel._create

        def watched(records, data_list):
            if records._name in OUTGOING:
                self.outgoing.append((records._name, [d["stored"] for d in data_list]))
            return create(records, data_list)

        with patch.object(BaseModel, "_create", watched), watched_log() as self.log:
            yield

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def size(self):
        return (
            f"{len(self.actors)} actors × {self.counts['methods']} methods of "
            f"{self.counts['models']} models: {self.counts['calls']} calls in "
            f"{self.seconds:.0f} s"
        )

    def note(self):
        """Say at the end of the run how large it was."""
        _figures.info("canary matrix: %s", self.size())

    def told(self):
        return "\n".join(
            f"{model}.{name} tells {kind} to {', '.join(sorted(actors))}"
            for (model, name, kind), actors in sorted(self.leaks.items())
        )


def rights(guess):
    """What an actor may do with a model, to be compared."""
    may = (
        guess.model.has_access(mode) for mode in ("read", "write", "create", "unlink")
    )
    return (*may, guess.env.user._is_internal(), tuple(guess.readable))


def alike(actors, guesses):
    """Actors in groups of those to whom a model's records are open alike, and who may
    know the same of them.

    :param guesses: dict of actor → Guess of the model
    :return: lists of actors
    """
    groups = defaultdict(list)
    for actor in actors:
        guess = guesses[actor]
        name = guess.model._name
        known = frozenset(forbidden(actor, KINDS, name))
        groups[rights(guess), tuple(guess.allowed(name)), known].append(actor)
    return list(groups.values())


def planted_ids(env):
    """Ids of all records of the models whose records hold or link what is ours."""
    planted = {}
    for name, model in env.registry.items():
        if model._abstract or not model._auto:
            continue
        own = is_ours(name)
        if own or name in _RELATED:
            domain = _RELATED.get(name) or []
            records = env[name].sudo().with_context(active_test=False)
            found = records.search(domain, limit=40 if own else 12, order="id desc")
            if found:
                planted[name] = found.ids
    return planted


_CIVIC = [("res_model", "like", "civic.%")]
_RELATED = {
    "ir.attachment": [*_CIVIC, ("res_id", "!=", 0)],
    "mail.activity": _CIVIC,
    "mail.message": [("model", "like", "civic.%")],
    "res.users": [("login", "=like", "civic%")],
    "res.partner": [("name", "ilike", PREFIX)],
    "res.company": [],
    "website": [],
}
