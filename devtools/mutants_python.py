"""What small faults a Python source may hold: one edit each, found in its syntax.

What is only words (labels, help, messages, logs) is left alone, and so is what the
interpreter refuses at once.
"""

import ast
import re

from .mutant import Mutant

COMPARISONS = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
}
# The same, and Odoo's own, as the second part of a domain's condition.
CONDITIONS = {
    **{old: new for old, new in COMPARISONS.items() if not old.startswith("is")},
    "=": "!=",
    "!=": "=",
    "any": "not any",
    "child_of": "=",
    "=like": "=",
    "ilike": "=",
}
SWAPPED_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}
ARITHMETIC = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "//")}
ARITHMETIC |= {ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|")}
# What a field or a search says beside its name. What only draws (readonly, tracking) or
# only speeds up (index) changes nothing that a test of behaviour could see.
KEYWORDS = {"default", "required", "copy", "groups", "ondelete", "domain", "limit"}
KEYWORDS |= {"order", "key", "active_test", "check_company", "reverse"}
DECORATORS = {"constrains", "ondelete", "depends", "depends_context", "onchange"}
DECORATORS |= {"autovacuum", "private"}
# Calls that only say something.
WORDS = {"_", "_t", "_lt", "debug", "info", "warning", "error", "exception"}
WORDS |= {"ensure_one"}  # an assertion
MODEL_WORDS = {"_description", "_rec_name", "_log_access", "__slots__"}
SQL_FAULTS = (
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\bNOT (?=EXISTS|IN\b|ANY)", ""),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT TRUE\b", "IS TRUE"),
    (r"(?<=[ \w)])<=(?= )", "<"),
    (r"(?<=[ \w)])>=(?= )", ">"),
    (r"(?<=[ \w)])<(?= )", "<="),
    (r"(?<=[ \w)])>(?= )", ">="),
    (r"(?<= )!=(?= )", "="),
    (r"(?<= )=(?= [%'\d])", "!="),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bDISTINCT\b(?! ON)", ""),
    (r"\bDESC\b", "ASC"),
    (r"(?i)\bmin\(", "max("),
    (r"(?i)\bmax\(", "min("),
    (r"\bCOALESCE\([\w.]+, (?=[\w.]+\))", "COALESCE("),
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def called_on_loading(source: str) -> set[str]:
    """Names of what is called when a file is loaded: decorators and what makes them,
    what makes constants. What such functions do is done before a test begins."""
    found = set()

    def walk(node):
        if isinstance(node, ast.Call):
            found.add(_called(node))
        for decorator in getattr(node, "decorator_list", ()):
            found.add(_called(decorator))
            walk(decorator)
        if isinstance(node, FUNCTIONS):
            return
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(ast.parse(source))
    return found


def around(source: str, line: int) -> str:
    """Text of the innermost function that has a line, or of nothing."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, FUNCTIONS) and node.lineno <= line <= node.end_lineno
    ]
    if not functions:
        return ""
    inner = max(functions, key=lambda node: node.lineno)
    return "\n".join(source.split("\n")[inner.lineno - 1 : inner.end_lineno])


class Finder:
    """Walks a module's syntax; positions there are in bytes of a line."""

    def __init__(self, path: str, source: str):
        self.path = path
        self.source = source.encode()
        self.found: list[Mutant] = []
        lines = self.source.split(b"\n")
        self.offsets = [0]
        for line in lines:
            self.offsets.append(self.offsets[-1] + len(line) + 1)
        self.function, self.anchor, self.names, self.scope = "", 1, (), []
        self._body(ast.parse(self.source).body)
        self.found.sort(key=lambda mutant: (mutant.start, mutant.end, mutant.new))

    # Positions

    def _at(self, line: int, column: int) -> int:
        return self.offsets[line - 1] + column

    def _start(self, node) -> int:
        return self._at(node.lineno, node.col_offset)

    def _end(self, node) -> int:
        return self._at(node.end_lineno, node.end_col_offset)

    def _text(self, node) -> str:
        return self.source[self._start(node) : self._end(node)].decode()

    def _add(self, kind: str, start: int, end: int, new: str) -> None:
        if self.source[start:end] == new.encode():
            return
        line = self.source.count(b"\n", 0, start) + 1
        anchor = min(self.anchor, line)
        names = () if self.function else self.names
        place = (self.path, line, anchor, start, end, new, kind, self.function, names)
        self.found.append(Mutant(*place, source=self.source))

    def _replace(self, kind: str, node, new: str) -> None:
        self._add(kind, self._start(node), self._end(node), new)

    # Statements

    def _body(self, statements) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node) -> None:
        before = self.anchor, self.names
        self.anchor = node.lineno
        if isinstance(node, FUNCTIONS):
            self._definition(node)
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif not _is_words(node):
            if not self.function:
                self.names = (*self.scope, *_bound(node))
            self._faults_of_statement(node)
            self._children(node)
        self.anchor, self.names = before

    def _class(self, node) -> None:
        self.scope.append(node.name)
        self._body(node.body)
        self.scope.pop()

    def _definition(self, node) -> None:
        """Decorators and defaults belong to what surrounds the function."""
        arguments = node.args
        if not self.function and not isinstance(node, ast.Lambda):
            self.names = (*self.scope, node.name)
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._expression(default)
        if isinstance(node, ast.Lambda):
            self._inside("<lambda>", lambda: self._expression(node.body))
            return
        for decorator in node.decorator_list:
            name = _called(decorator)
            if name in DECORATORS:
                at = self.source.rindex(b"@", 0, self._start(decorator))
                self._add("decorator dropped", at, self._end(decorator), "")
        self._inside(node.name, lambda: self._body(node.body))

    def _inside(self, name: str, walk) -> None:
        outer = self.function
        self.function = outer or ".".join((*self.scope, name))
        walk()
        self.function = outer

    def _children(self, node) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child)
            elif isinstance(child, ast.expr):
                self._expression(child)
            else:  # handlers, with items, cases
                self._children(child)

    def _faults_of_statement(self, node) -> None:
        if isinstance(node, (ast.If, ast.While)):
            self._negate(node.test)
        if isinstance(node, ast.While) and not _jumps(node.body):
            start = self._start(node)
            self._add("loop runs once", start, start + len("while"), "if")
        elif isinstance(node, ast.For):
            self._replace("first only", node.iter, f"list({self._text(node.iter)})[:1]")
        elif isinstance(node, ast.Return):
            self._faults_of_return(node)
        elif isinstance(node, (ast.Raise, ast.Continue, ast.Break, ast.AugAssign)):
            self._replace("statement dropped", node, "pass")
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if self.function:
                self._replace("statement dropped", node, "pass")
        elif isinstance(node, ast.Assign) and self.function:
            if isinstance(node.targets[0], (ast.Attribute, ast.Subscript)):
                self._replace("statement dropped", node, "pass")

    def _faults_of_return(self, node) -> None:
        value = node.value
        if value is None or isinstance(value, ast.Constant):
            return
        if isinstance(value, ast.Name) and value.id == "NotImplemented":
            return
        self._replace("nothing returned", value, "None")

    # Expressions

    def _expression(self, node) -> None:
        if isinstance(node, FUNCTIONS):
            self._definition(node)
            return
        if isinstance(node, ast.Call):
            self._call(node)
            return
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method:
            method(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child)
            elif isinstance(child, ast.comprehension):
                self._comprehension(child)

    def _comprehension(self, node) -> None:
        for test in node.ifs:
            self._negate(test)
            self._expression(test)
        self._expression(node.iter)

    def _negate(self, node) -> None:
        # Else it is the same as another fault.
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            if not isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                return
        self._replace("condition negated", node, f"(not ({self._text(node)}))")

    def _ifexp(self, node) -> None:
        self._negate(node.test)

    def _compare(self, node) -> None:
        operands = [node.left, *node.comparators]
        for left, right in zip(operands, node.comparators, strict=False):
            start, end = self._end(left), self._start(right)
            gap = self.source[start:end].decode()
            found = re.search(r"not\s+in|is\s+not|in|is|[<>=!]+", gap)
            if found:
                new = COMPARISONS[" ".join(found[0].split())]
                self._add("comparison", *_span(gap, found, start), new)

    def _boolop(self, node) -> None:
        swap = {"and": "or", "or": "and"}
        for left, right in zip(node.values, node.values[1:], strict=False):
            start, end = self._end(left), self._start(right)
            gap = self.source[start:end].decode()
            found = re.search(r"\b(and|or)\b", gap)
            if found:
                self._add("and, or", *_span(gap, found, start), swap[found[0]])

    def _unaryop(self, node) -> None:
        # What stands before it may end in a letter, what follows be in brackets.
        if isinstance(node.op, ast.Not):
            start = self._start(node)
            self._add("not", start, start + len("not"), "")
        elif isinstance(node.op, ast.Invert):
            start = self._start(node)
            self._add("not", start, start + len("~"), "")

    def _binop(self, node) -> None:
        if type(node.op) not in ARITHMETIC or _is_text(node):
            return
        old, new = ARITHMETIC[type(node.op)]
        start, end = self._end(node.left), self._start(node.right)
        gap = self.source[start:end].decode()
        found = re.search(re.escape(old), gap)
        if found:
            self._add("arithmetic", *_span(gap, found, start), new)

    def _constant(self, node) -> None:
        if isinstance(node.value, bool):
            self._replace("constant", node, str(not node.value))
        elif isinstance(node.value, int):
            self._replace("constant", node, str(node.value + 1))
        elif isinstance(node.value, str):
            self._sql(node)

    def _sql(self, node) -> None:
        text = self._text(node)
        if not re.search(r"\b(SELECT|WHERE|JOIN|AND|EXISTS|UPDATE|IS NULL)\b", text):
            return
        for pattern, new in SQL_FAULTS:
            for found in re.finditer(pattern, text):
                self._add("SQL", *_span(text, found, self._start(node)), new)

    def _subscript(self, node) -> None:
        cut = node.slice
        if isinstance(cut, ast.Slice):
            for bound in filter(None, (cut.lower, cut.upper)):
                self._replace("slice without limit", bound, "")

    def _list(self, node) -> None:
        self._drop_elements(node.elts)

    def _set(self, node) -> None:
        self._drop_elements(node.elts)

    def _tuple(self, node) -> None:
        elements = node.elts
        if _is_condition(elements):
            operator = elements[1]
            new = CONDITIONS.get(operator.value)
            if new:
                self._replace("condition", operator, f'"{new}"')
        elif all(map(_is_one_of_many, elements)):
            if len(elements) == 2 and _is_load(elements):
                self._drop_first_of_two(*elements)
                self._drop(elements[1])
            else:
                self._drop_elements(elements)

    def _drop_first_of_two(self, first, second) -> None:
        """What is left is a tuple still, not what it holds."""
        start, end = self._start(first), self._end(second)
        comma = "" if re.match(rb"\s*,", self.source[end:]) else ","
        self._add("element dropped", start, end, f"{self._text(second)}{comma}")

    def _drop_elements(self, elements) -> None:
        if len(elements) < 2 or not _is_load(elements):
            return
        if any(_prefix(element) for element in elements):
            return  # of a domain in prefix notation: it would not parse
        for element in elements:
            self._drop(element)

    def _drop(self, node) -> None:
        start, end = self._start(node), self._end(node)
        follows = re.match(rb"\s*,[ ]?", self.source[end:])
        if follows:
            self._add("element dropped", start, end + follows.end(), "")
            return
        before = re.search(rb",\s*$", self.source[:start])
        if before:
            # The comma stays: a tuple of one needs it.
            self._add("element dropped", start, end, "")

    def _dict(self, node) -> None:
        if len(node.keys) < 2:
            return
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None or _is_message(value):
                continue
            start, end = self._start(key), self._end(value)
            follows = re.match(rb"\s*,[ ]?", self.source[end:])
            after = end + follows.end() if follows else end
            self._add("item dropped", start, after, "")

    def _call(self, node) -> None:
        name = _called(node)
        if name in WORDS:
            return
        self._expression(node.func)
        if isinstance(node.func, ast.Name) and name in SWAPPED_CALLS:
            self._replace("call", node.func, SWAPPED_CALLS[name])
        if isinstance(node.func, ast.Attribute) and name in ("filtered", "exists"):
            start = self.source.rindex(b".", 0, self._end(node.func))
            self._add("call dropped", start, self._end(node), "")
        is_field = _is_field(node)
        for argument in node.args:
            # Of a field these are its label and its choices.
            if not (is_field and not isinstance(argument, FUNCTIONS)):
                self._expression(argument)
        required = any(keyword.arg == "required" for keyword in node.keywords)
        for keyword in node.keywords:
            # What Odoo does with a required link anyway.
            if not (required and keyword.arg == "ondelete" and _restricts(keyword)):
                self._keyword(keyword)

    def _keyword(self, keyword) -> None:
        if keyword.arg in ("string", "help", "name", "selection", "index", "readonly"):
            return
        if keyword.arg in KEYWORDS:
            start = self._at(keyword.lineno, keyword.col_offset)
            end = self._end(keyword.value)
            follows = re.match(rb"\s*,[ ]?", self.source[end:])
            after = end + follows.end() if follows else end
            self._add("argument dropped", start, after, "")
            if isinstance(keyword.value, ast.Constant):
                if keyword.value.value is False or keyword.value.value is True:
                    return  # the other value is mostly what stands without it
        self._expression(keyword.value)


def _span(text: str, found: re.Match, start: int) -> tuple[int, int]:
    """Where a match is, in bytes of the file that has the text from `start`."""
    first = start + len(text[: found.start()].encode())
    return first, first + len(found[0].encode())


def _called(node) -> str:
    """Last name of what is called: `constrains` of `@api.constrains("x")`."""
    node = node.func if isinstance(node, ast.Call) else node
    return getattr(node, "attr", getattr(node, "id", ""))


def _is_words(node) -> bool:
    """Whether a statement says something and does nothing."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, ast.Expr):
        value = node.value
        if isinstance(value, ast.Constant):
            return True
        return isinstance(value, ast.Call) and _called(value) in WORDS
    if isinstance(node, ast.Assign):
        return any(name in MODEL_WORDS for name in _bound(node))
    return False


def _bound(node) -> list[str]:
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _jumps(body) -> bool:
    jumps = (ast.Break, ast.Continue)
    return any(isinstance(each, jumps) for part in body for each in ast.walk(part))


def _is_text(node) -> bool:
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, (str, bytes)))
        for part in (node.left, node.right)
    )


def _string(node) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _is_condition(elements) -> bool:
    """Whether a tuple is a condition of a domain."""
    if len(elements) != 3 or _string(elements[0]) is None:
        return False
    return _string(elements[1]) in {*CONDITIONS, *CONDITIONS.values(), "=?", "like"}


def _is_one_of_many(element) -> bool:
    """Whether a tuple of such may be one longer or shorter: not what is unpacked."""
    if isinstance(element, ast.Starred) or _string(element) is not None:
        return True
    return isinstance(element, ast.Name) and element.id.isupper()


def _prefix(node) -> bool:
    return _string(node) in ("|", "&", "!")


def _is_load(elements) -> bool:
    return not any(isinstance(getattr(e, "ctx", None), ast.Store) for e in elements)


def _is_message(node) -> bool:
    return isinstance(node, ast.Call) and _called(node) in WORDS


def _restricts(keyword) -> bool:
    return _string(keyword.value) == "restrict"


def _is_field(node) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "fields"
        and function.attr[:1].isupper()
    )
