"""The plan of the house, read from its sources: which wing uses what of which other."""

import ast
import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from .receivers import Receivers, is_private

MODELS = Path(__file__).resolve().parents[2] / "models"
# Names that Odoo has as well: what is called need not be ours.
OF_ODOO = frozenset({"_origin", "_connect__"})


class House:
    """The wings of `models/`, from the ground up.

    A wing may use itself and those that `models/__init__.py` names before it: import
    their names, call their methods, read their fields. What a lower wing calls and an
    upper one extends is a hook of the lower one, which has the name too.

    Not seen: names in texts (domains, `depends`, SQL, views) and public names of
    records of which nobody knows the model.

    :param models: folder with one package a wing
    :param more: dict path → text of files that stand there as well
    """

    def __init__(self, models=MODELS, more=()):
        self.models = models
        self.more = {Path(path): text for path, text in dict(more).items()}
        text = (models / "__init__.py").read_text()
        self.wings = re.findall(r"^    (\w+),$", text, re.MULTILINE)
        self.rank = {wing: rank for rank, wing in enumerate(self.wings)}

    @cached_property
    def trees(self):
        """dict path → (wing, syntax tree), paths from the folder of the models."""
        found = {
            path.relative_to(self.models): path.read_text()
            for path in sorted(self.models.rglob("*.py"))
            if path.parent != self.models
        }
        return {
            path: (path.parts[0], ast.parse(text))
            for path, text in {**found, **self.more}.items()
        }

    @cached_property
    def homes(self):
        """dict private name → the lowest wing that defines it."""
        found = defaultdict(set)
        for wing, tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and is_private(node.name):
                    found[node.name].add(wing)
        return {
            name: min(wings, key=self.rank.__getitem__)
            for name, wings in found.items()
            if name not in OF_ODOO
        }

    def imports_up(self):
        """set of (path, wing): what imports from a wing above its own."""
        return {
            (str(path), other)
            for path, (wing, tree) in self.trees.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (other := self._imported(path, node)) in self.rank
            and self.rank[other] > self.rank[wing]
        }

    @cached_property
    def receivers(self):
        return Receivers(self.trees)

    def uses_up(self):
        """dict (wing, name, wing above) → paths of the wing that use a method or field
        which only wings above define.

        The name is “model.name” where the model is known (see `Receivers`). Where it is
        not, private names count by themselves, as of the lowest wing that has them.
        """
        found = defaultdict(set)
        for path, (wing, tree) in self.trees.items():
            for node, function in self._attributes(tree):
                name, home = self._home(node, function)
                if home and self.rank[home] > self.rank[wing]:
                    found[wing, name, home].add(str(path))
        return dict(found)

    def told(self):
        """Of how many uses of private names the model is known, and of how many not."""
        found = {True: 0, False: 0}
        for _wing, tree in self.trees.values():
            for node, function in self._attributes(tree):
                if node.attr in self.homes:
                    models = self.receivers.models_of(node.value, function)
                    found[bool(models)] += 1
        return found[True], found[False]

    def _home(self, node, function):
        """(name, the lowest wing that defines it or None) of an attribute."""
        models = self.receivers.models_of(node.value, function)
        if not models:
            return node.attr, self.homes.get(node.attr)
        wings = self.receivers.wings_of(models, node.attr)
        if not wings or node.attr in OF_ODOO:
            return node.attr, None
        home = min(wings, key=self.rank.__getitem__)
        return f"{min(models)}.{node.attr}", home

    def _attributes(self, tree):
        """Yield the attributes of a file, each with the function or method in which it
        stands, or None."""
        rest = [(tree, None)]
        while rest:
            node, function = rest.pop()
            if isinstance(node, ast.Attribute):
                yield node, function
            for child in ast.iter_child_nodes(node):
                is_one = child in self.receivers.known
                rest.append((child, child if is_one else function))

    def replaced(self):
        """dict (model, method) → paths, where more than one class of a model has the
        method and does not call the one below: the one loaded last is the only one.
        Likewise where one class has it twice."""
        found = defaultdict(list)
        for path, (_wing, tree) in self.trees.items():
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    model, _parents = self.receivers.model_of(node)
                    for name in _final(node):
                        found[model, name].append(str(path))
        return {key: paths for key, paths in found.items() if len(paths) > 1}

    @staticmethod
    def _imported(path, node):
        """The wing that a relative import names; the folder's own name otherwise."""
        up = len(path.parts) - node.level
        parts = [*path.parts[: max(up, 0)], *(node.module or "").split(".")]
        return parts[0] if up >= 0 else None


def _final(node):
    """Yield methods of a class after which no other one is called: they do not go on,
    or stand before another one of the name. Plain classes have bases of their own."""
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    is_model = any(isinstance(base, ast.Attribute) for base in node.bases)
    last = {method.name: method for method in methods}
    for method in methods:
        if last[method.name] is not method and not method.decorator_list:
            yield method.name
            yield method.name
        elif is_model and not _goes_on(method):
            yield method.name


def _goes_on(method):
    """Whether a method calls the one below."""
    return any(
        isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(method)
    )
