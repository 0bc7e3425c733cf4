"""./dev lint: check the sources, all checks, before reporting failure.

With paths it looks at these files only, as a hook before a commit does.
"""

import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path

import polib
from lxml import etree

from . import odoo, odoo_source
from .machine import CHECKOUT, LINK, PYTHON, Failure, files, say

# What Odoo's own test_pylint enables.
CORE_CHECKERS = (
    "_pylint_path_setup,pylint.extensions.bad_builtin,_odoo_checker_sql_injection,"
    "_odoo_checker_gettext,_odoo_checker_unlink_override"
)
CORE_MESSAGES = (
    "used-before-assignment,undefined-variable,eval-used,unreachable,"
    "function-redefined,sql-injection,missing-gettext,gettext-variable,"
    "gettext-placeholders,gettext-repr,raise-unlink-override"
)
TEXTS = (".xml", ".js", ".scss", ".css", ".md", ".toml", ".yaml", ".csv", ".tsv")
VENDORED = ("static/lib/", "static/src/lib/")
# Paths of the files that are looked at, relative to the checkout; all when empty.
_named: set[str] = set()
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdrf]|%%|\{\w*\}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev lint")
    parser.add_argument("--fix", action="store_true", help="repair what is safe to")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only these files")
    options = parser.parse_args(arguments)
    _named.update(_relative(path) for path in options.paths)
    checks = {
        "ruff": _ruff,
        "pylint-odoo": _pylint_odoo,
        "Odoo's checkers": _core_pylint,
        "texts": _texts,
        "XML": _xml,
        "translations": _translations,
        "JavaScript": _javascript,
    }
    failed = []
    for name, check in checks.items():
        problems = check(options.fix)
        if problems:
            failed.append(name)
            print(problems.strip())
    say(f"failed: {', '.join(failed)}" if failed else "all sources are clean")
    return 1 if failed else 0


def _relative(path: str) -> str:
    if not Path(path).resolve().is_relative_to(CHECKOUT) or not Path(path).is_file():
        raise Failure(f"{path} is no file of this checkout")
    return str(Path(path).resolve().relative_to(CHECKOUT))


def _files(*suffixes: str) -> list[str]:
    return [path for path in files(*suffixes) if not _named or path in _named]


def _output(command: list, **options) -> str:
    """What a checker prints when it finds fault, else nothing."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    return done.stdout if done.returncode else ""


def _ruff(fix: bool) -> str:
    ruff = PYTHON.parent / "ruff"
    quiet = {"cwd": CHECKOUT, "stdin": subprocess.DEVNULL}
    lint = [ruff, "check", "--quiet", "--output-format", "concise"]
    style = [ruff, "format", "--quiet"]
    if _named:
        python = [path for path in sorted(_named) if path.endswith((".py", "dev"))]
        if not python:  # it would look at all
            return ""
        lint, style = [*lint, *python], [*style, *python]
    if fix:
        return _output([*lint, "--fix"], **quiet) + _output(style, **quiet)
    return _output(lint, **quiet) + _output([*style, "--diff"], **quiet)


def _addon_python() -> list[Path]:
    ours = _files(".py")
    return [LINK / path for path in ours if not path.startswith("devtools/")]


def _pylint_odoo(_fix: bool) -> str:
    options = [f"--rcfile={CHECKOUT / 'pyproject.toml'}", "--score=n"]
    return _pylint(options, "")


def _core_pylint(_fix: bool) -> str:
    options = [
        *(f"--rcfile={os.devnull}", "--score=n", "--bad-functions=input"),
        *("--disable=all,useless-option-value", f"--enable={CORE_MESSAGES}"),
        f"--load-plugins={CORE_CHECKERS}",
    ]
    return _pylint(options, odoo_source.home() / "odoo/addons/test_lint/tests")


def _pylint(options: list, checkers: Path | str) -> str:
    environment = odoo.environment()
    environment["PYTHONPATH"] += f":{checkers}"
    environment["ADDONS_PATH"] = str(LINK.parent)
    command = [PYTHON, "-m", "pylint", "-j", os.cpu_count() or 1, *options]
    sources = _addon_python()
    if not sources:
        return ""
    return _output([*command, *sources], env=environment, cwd=LINK.parent)


def _own(*suffixes: str) -> list[Path]:
    names = [name for name in _files(*suffixes) if not name.startswith(VENDORED)]
    return [CHECKOUT / name for name in names]


def _texts(fix: bool) -> str:
    """No tabs, no blanks at line ends, a newline at the end."""
    problems = []
    for path in _own(*TEXTS):
        text = path.read_text()
        tabs = path.suffix == ".tsv"
        clean = "".join(
            (line.rstrip() if not tabs else line.rstrip(" \r\n")) + "\n"
            for line in text.rstrip("\n").split("\n")
        )
        clean = clean if tabs else clean.replace("\t", "    ")
        if clean == text or not text:
            continue
        if fix:
            path.write_text(clean)
            continue
        pairs = enumerate(zip(text.split("\n"), clean.split("\n"), strict=False), 1)
        line = next((n for n, (old, new) in pairs if old != new), "end")
        problems.append(f"{path.relative_to(CHECKOUT)}:{line}: blanks or tabs")
    return "\n".join(problems)


def _xml(_fix: bool) -> str:
    """Well-formed, and tags indented by fours."""
    problems = []
    for path in _own(".xml", ".svg"):
        name = path.relative_to(CHECKOUT)
        try:
            etree.parse(path)
        except etree.XMLSyntaxError as error:
            problems.append(f"{name}: {error}")
            continue
        if path.suffix == ".svg":
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            indent = len(line) - len(line.lstrip())
            if re.match(r" *</?[\w?!]", line) and indent % 4:
                problems.append(f"{name}:{number}: indented by {indent}, not by fours")
    return "\n".join(problems)


def _translations(_fix: bool) -> str:
    """Files of terms parse, without duplicates, and keep the placeholders."""
    problems = []
    for path in _own(".po", ".pot"):
        name = path.relative_to(CHECKOUT)
        try:
            entries = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            problems.append(f"{name}: {error}")
            continue
        for entry in entries:
            if not entry.msgstr or entry.obsolete:
                continue
            # Only terms of code are formatted; others may say "100 %".
            code = any(flag in entry.comment for flag in ("odoo-python", "odoo-js"))
            wanted, got = (
                sorted(PLACEHOLDER.findall(text))
                for text in (entry.msgid, entry.msgstr)
            )
            if code and wanted != got:
                problems.append(f"{name}:{entry.linenum}: {got} instead of {wanted}")
    return "\n".join(problems)


def _javascript(_fix: bool) -> str:
    node = shutil.which("node")
    if not node:
        return ""
    problems = ""
    for path in _own(".js"):
        with open(path) as source:
            command = [node, "--input-type=module", "--check"]
            if found := _output(command, stdin=source):
                problems += f"{path.relative_to(CHECKOUT)}: {found}"
    return problems
