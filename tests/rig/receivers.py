"""Whose a name is: of which models a receiver is, as far as the sources tell."""

import ast
import re
from collections import defaultdict

# Of Odoo's methods those that give records of the model they are called on.
SAME = frozenset(
    {
        *("browse", "concat", "copy", "create", "ensure_one", "exists", "filtered"),
        *("filtered_domain", "new", "search", "search_fetch", "sorted", "sudo"),
        *("try_lock_for_update", "union", "with_company", "with_context", "with_env"),
        *("with_prefetch", "with_user"),
    }
)
# Functions that give what they are given, or its items, which for records is the same.
ITEMS = frozenset(
    {
        *("as_citizen", "elevated", "masked_words", "whole_words"),
        *("list", "reversed", "set", "sorted", "tuple"),
    }
)
ENV = {"company": "res.company", "user": "res.users"}
RELATIONS = frozenset({"Many2one", "One2many", "Many2many"})
PARAM = re.compile(r":param (\w+): (civic\.[a-z.]*[a-z])")
NONE = frozenset()
SUPER = "super()"
RETURN = "return"


class Receivers:
    """Models, what each has and from which wing, and what an expression holds.

    A receiver is told by `self` and `super()` in a class, by `env["…"]`, by fields
    whose model is known, by what methods return, by what a variable was bound to in
    the same function, and by what an argument is given or its docstring says. Of the
    others (`getattr`, values of dicts) nothing is known. Classes of plain Python go by
    their own names.

    :param trees: dict path → (wing, syntax tree)
    """

    def __init__(self, trees):
        self.parents = defaultdict(set)
        self.children = defaultdict(set)
        # (model, name) → wings of its classes that define it.
        self.wings = defaultdict(set)
        # (model, name of a field) → (model behind it or None, path it is related to)
        self.fields = {}
        # (model, name of a method), or (None, name of a function) → syntax trees
        self.functions = defaultdict(list)
        # (function, variable), (function, RETURN), (model, attribute) → models
        self.facts = defaultdict(set)
        self.constants = _constants(tree for _wing, tree in trees.values())
        self.known = set()  # functions and methods that stand by themselves
        self._lineages = {}
        self.plain = set()  # names of classes that are no models
        for wing, tree in trees.values():
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    self._read(wing, node)
                elif isinstance(node, ast.FunctionDef):
                    self._read_function(None, node)
        self._infer()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read(self, wing, node):
        model, parents = self.model_of(node)
        if model == node.name:
            self.plain.add(model)
        for parent in parents - {model}:
            self.parents[model].add(parent)
            self.children[parent].add(model)
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                self.wings[model, item.name].add(wing)
                self._read_function(model, item)
            elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                name = item.targets[0].id
                self.wings[model, name].add(wing)
                self._read_field(model, name, item.value)

    def model_of(self, node):
        """The model of a class, and those it inherits from."""
        given = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        name, value = self._text(given.get("_name")), given.get("_inherit")
        items = value.elts if isinstance(value, ast.List) else [value]
        parents = {text for item in items if (text := self._text(item))}
        if name or parents:
            return name or self._text(value), parents
        return node.name, {base.id for base in node.bases if isinstance(base, ast.Name)}

    def _text(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.constants.get(node.id) if isinstance(node, ast.Name) else None

    def _read_function(self, model, node):
        self.functions[model, node.name].append(node)
        self.known.add(node)
        for name, said in PARAM.findall(ast.get_docstring(node) or ""):
            self.facts[node, name].add(said)
        if model:
            self.facts[node, SUPER].add(model)
            if node.args.args:
                self.facts[node, node.args.args[0].arg].add(model)

    def _read_field(self, model, name, value):
        function = value.func if isinstance(value, ast.Call) else None
        if not (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id == "fields"
        ):
            return
        options = {keyword.arg: keyword.value for keyword in value.keywords}
        related, comodel = self._text(options.get("related")), None
        if function.attr in RELATIONS:
            first = value.args[0] if value.args else None
            comodel = self._text(options.get("comodel_name", first))
        known = self.fields.get((model, name), (None, None))
        self.fields[model, name] = (comodel or known[0], related or known[1])

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def lineage(self, model):
        """A model and those it inherits from."""
        if model not in self._lineages:
            self._lineages[model] = _closure(model, self.parents) | {"base"}
        return self._lineages[model]

    def wings_of(self, models, name):
        """Wings that define a name for one of these models; a private name that only
        heirs of a mixin have, theirs."""
        found = set()
        for model in models:
            wings = self._wings(self.lineage(model), name)
            if not wings and is_private(name):
                wings = self._wings(_closure(model, self.children), name)
            found |= wings
        return found

    def _wings(self, models, name):
        return set().union(*(self.wings.get((one, name), NONE) for one in models))

    def models_of(self, node, function=None):
        """The models of what an expression gives; empty: nobody knows.

        :param function: in which it stands
        """
        handle = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        return handle(node, function) if handle else NONE

    # ------------------------------------------------------------------
    # Inferring
    # ------------------------------------------------------------------

    def _infer(self):
        """Go through all functions until nothing new is found."""
        bound = [(node, list(_bindings(node))) for node in self.known]
        calls = [(node, list(_calls(node))) for node in self.known]
        before = -1
        while before != (before := sum(map(len, self.facts.values()))):
            for function, pairs in bound:
                for target, value in pairs:
                    if models := self.models_of(value, function):
                        self._learn(function, target, models)
            for function, nodes in calls:
                for node in nodes:
                    self._give(node, function)

    def _learn(self, function, target, models):
        if isinstance(target, str):
            self.facts[function, target] |= models
        elif isinstance(target, ast.Attribute):
            for model in self.models_of(target.value, function):
                if (model, target.attr) not in self.fields:
                    self.facts[model, target.attr] |= models

    def _give(self, call, function):
        """Tell the functions that a call may reach what they are given."""
        for node, skipped in self._reached(call, function):
            names = [argument.arg for argument in node.args.args[skipped:]]
            given = [
                *zip(names, call.args, strict=False),
                *((word.arg, word.value) for word in call.keywords),
            ]
            for name, value in given:
                if models := self.models_of(value, function):
                    self.facts[node, name] |= models

    def _reached(self, call, function):
        """Functions of ours that a call may reach, each with how many of its arguments
        are not the call's."""
        if isinstance(call.func, ast.Name):
            name = call.func.id
            made = self.functions.get((name, "__init__"), [])
            plain = self.functions.get((None, name), [])
            return [*((node, 1) for node in made), *((node, 0) for node in plain)]
        return [
            (node, 1)
            for model in self.models_of(call.func.value, function)
            for one in self.lineage(model)
            for node in self.functions.get((one, call.func.attr), ())
        ]

    # ------------------------------------------------------------------
    # Expressions
    # ------------------------------------------------------------------

    def _of_name(self, node, function):
        return self.facts.get((function, node.id), NONE)

    def _of_attribute(self, node, function):
        if _is_env(node.value):
            return {ENV[node.attr]} if node.attr in ENV else NONE
        return self._along(self.models_of(node.value, function), [node.attr])

    def _of_subscript(self, node, function):
        key = self._text(node.slice)
        if _is_env(node.value):
            return {key} if key else NONE
        models = self.models_of(node.value, function)
        return self._along(models, [key]) if key else models

    def _of_call(self, node, function):
        called = node.func
        if isinstance(called, ast.Name):
            if called.id == "super":
                return self.facts.get((function, SUPER), NONE)
            if called.id in ITEMS and node.args:
                return self.models_of(node.args[0], function)
            if called.id in self.plain:
                return {called.id}
            return self._returned(None, called.id)
        if not isinstance(called, ast.Attribute):
            return NONE
        models = self.models_of(called.value, function)
        if called.attr in SAME:
            return models
        if called.attr == "mapped" and (path := self._text(node.args[0])):
            return self._along(models, path.split("."))
        found = set()
        for model in models:
            for one in self.lineage(model):
                given = self._returned(one, called.attr)
                # What a mixin gives of itself is of the model that mixes it in.
                found |= {model if each == one else each for each in given}
        return found

    def _returned(self, model, name):
        nodes = self.functions.get((model, name), ())
        return set().union(*(self.facts.get((node, RETURN), NONE) for node in nodes))

    def _of_binop(self, node, function):
        left = self.models_of(node.left, function)
        return left | self.models_of(node.right, function)

    def _of_boolop(self, node, function):
        return set().union(*(self.models_of(value, function) for value in node.values))

    def _of_ifexp(self, node, function):
        body = self.models_of(node.body, function)
        return body | self.models_of(node.orelse, function)

    def _of_namedexpr(self, node, function):
        return self.models_of(node.value, function)

    def _of_listcomp(self, node, function):
        return self.models_of(node.elt, function)

    _of_generatorexp = _of_setcomp = _of_listcomp

    def _of_list(self, node, function):
        return set().union(*(self.models_of(item, function) for item in node.elts))

    def _of_starred(self, node, function):
        return self.models_of(node.value, function)

    def _along(self, models, path):
        """The models at the end of a path of fields."""
        for name in path:
            models = set().union(
                *(
                    self._behind(one, name)
                    for model in models
                    for one in self.lineage(model)
                )
            )
        return models

    def _behind(self, model, name):
        comodel, path = self.fields.get((model, name), (None, None))
        if comodel:
            return {comodel}
        if path:
            return self._along({model}, path.split("."))
        return self.facts.get((model, name), NONE)


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def _closure(start, steps):
    found, rest = {start}, [start]
    while rest:
        new = steps.get(rest.pop(), NONE) - found
        found |= new
        rest += new
    return found


def _constants(trees):
    """dict name → text of modules' constants, where there is one text of the name."""
    found = defaultdict(set)
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found[target.id].add(node.value.value)
    return {
        name: text
        for name, (text, *others) in found.items()
        if isinstance(text, str) and not others
    }


def _is_env(node):
    return (isinstance(node, ast.Attribute) and node.attr == "env") or (
        isinstance(node, ast.Name) and node.id == "env"
    )


def _bindings(function):
    """Yield (name, RETURN or attribute, expression) of what a function binds; to an
    item of an expression likewise, since records are their own items."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _pairs(target, node.value)
        elif isinstance(node, ast.NamedExpr):
            yield node.target.id, node.value
        elif isinstance(node, ast.For | ast.comprehension):
            yield from _items(node.target, node.iter)
        elif isinstance(node, ast.Return | ast.Yield) and node.value:
            yield RETURN, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # A lambda is given the items of what it filters, sorts or maps.
            for given in (*node.args, *(word.value for word in node.keywords)):
                if isinstance(given, ast.Lambda) and given.args.args:
                    yield given.args.args[0].arg, node.func.value


def _pairs(target, value):
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Attribute):
        yield target, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)


def _items(target, value):
    """The same for what a loop goes through."""
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    if called and value.func.id == "zip" and isinstance(target, ast.Tuple):
        for one, other in zip(target.elts, value.args, strict=False):
            yield from _pairs(one, other)
    elif called and value.func.id == "enumerate" and isinstance(target, ast.Tuple):
        yield from _pairs(target.elts[1], value.args[0])
    elif isinstance(value, ast.Tuple | ast.List):
        for item in value.elts:
            yield from _pairs(target, item)
    else:
        yield from _pairs(target, value)


def _calls(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute | ast.Name):
                yield node
