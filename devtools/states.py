"""./dev states: draw docs/states.md from the table of transitions."""

import importlib
import sys
from types import ModuleType

from .machine import CHECKOUT

PAGE = CHECKOUT / "docs" / "states.md"
WORKFLOW = CHECKOUT / "models" / "workflow"
TITLES = {
    "civic.report": "Report",
    "civic.assignment": "Assignment",
    "civic.disclosure": "Disclosure of identity",
    "civic.data.request": "Request about personal data",
    "civic.diversion": "Complaint or denunciation passed on",
    "civic.extension": "Request for more time",
    "civic.violation": "Finding of a violation",
    "civic.call": "Call",
    "civic.question": "Question about an answer",
    "civic.interaction": "Follow-up on an answer",
    "civic.look.day": "Looks at identities on a day",
    "civic.evaluation": "Evaluation of an agency",
    "civic.directive": "Directive to agencies",
    "civic.explanation": "Explanation of delays",
    "civic.reward": "Proposed reward",
    "civic.periodic.report": "Periodic report",
}
FIRST = {
    "civic.report": "new",
    "civic.assignment": "pending",
    "civic.disclosure": "requested",
    "civic.data.request": "new",
    "civic.diversion": "prepared",
    "civic.extension": "asked",
    "civic.violation": "found",
    "civic.call": "logged",
    "civic.question": "new",
    "civic.interaction": "open",
    "civic.look.day": "today",
    "civic.evaluation": "draft",
    "civic.directive": "draft",
    "civic.explanation": "open",
    "civic.reward": "proposed",
    "civic.periodic.report": "open",
}
INTRO = """\
# States and transitions

Drawn from `models/workflow/transitions.py` and `case_transitions.py` beside it by
`./dev states`; the checks compare them. What a line does not allow is refused, and no
screen offers it: the state, who acts, and the guards, each explained below its table:
one method (`_guard_…`) that gives the door its words and the screens their buttons.
“module” is what happens by itself when the others allow it. What depends on what is
typed is checked by the verb.
"""
FOLLOWS = """
## What follows

A transition does all this, in this order; what a verb does with what it was given
stays there. “each” is after every transition, “as its row says” where the tables above
have something to end or to open.

| reaction | of | after | what it does |
|---|---|---|---|
"""
# More verbs than these have it for what stands in their rows.
MOST_VERBS = 8
OTHERS = """
An event of the history, be it of a transition or of a note, is signed, kept and
followed up; an assignment begins, whoever gave it; a duty opens, whatever opened it:

| what follows | of | what it does |
|---|---|---|
"""


def main(arguments: list[str]) -> int:
    drawn = page()
    if arguments == ["--check"]:
        same = PAGE.exists() and PAGE.read_text() == drawn
        print("" if same else f"{PAGE.name} is not what the table says: ./dev states")
        return 0 if same else 1
    PAGE.write_text(drawn)
    print(f"{PAGE.relative_to(CHECKOUT)} drawn")
    return 0


def page() -> str:
    table = read("transitions")
    rows = [*table.TRANSITIONS.values(), *table.CASE_TRANSITIONS.values()]
    models = dict.fromkeys(row.model for row in rows)
    sections = "".join(_section(model, rows) for model in models)
    return INTRO + sections + _reactions(read("reactions"), rows)


def read(name: str) -> ModuleType:
    """A module of the workflow that is plain data, read without Odoo."""
    package = ModuleType("civic_workflow")
    package.__path__ = [str(WORKFLOW)]  # its __init__ would load the models
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


def _reactions(table: ModuleType, rows: list) -> str:
    lines = [
        (row.name, _of(row.models), _after(table, row, rows), row.words)
        for row in table.REACTIONS
    ]
    others = [(name, "event", words) for name, words in table.SIGNATURES.items()]
    others += [
        (row.name, ", ".join(sorted(row.codes)) or "event", row.words)
        for row in table.EVENT_REACTIONS
    ]
    others += [(name, "assignment", words) for name, words in table.BEGINNINGS.items()]
    others += [(name, "duty", words) for name, words in table.OPENINGS.items()]
    drawn = (
        "".join(f"| `{name}` | {' | '.join(cells)} |\n" for name, *cells in table_)
        for table_ in (lines, others)
    )
    return OTHERS.join((FOLLOWS + next(drawn), next(drawn)))


def _of(models: frozenset) -> str:
    return ", ".join(TITLES[name].lower() for name in TITLES if name in models) or "all"


def _after(table: ModuleType, reaction: object, rows: list) -> str:
    """After which verbs a reaction follows, in words."""
    models = reaction.models
    mine = [row for row in rows if not models or row.model in models]
    verbs = [row.verb for row in mine if reaction in table.reactions_to(row)]
    if len(verbs) == len(mine):
        return "each"
    if len(verbs) > MOST_VERBS:
        return "as its row says"
    return ", ".join(f"`{verb}`" for verb in verbs)


def _section(model: str, rows: list) -> str:
    mine = [row for row in rows if row.model == model]
    drawn = f"{_diagram(model, mine)}\n{_table(mine)}{_guards(mine)}"
    return f"\n## {TITLES[model]}\n\n{drawn}"


def _diagram(model: str, rows: list) -> str:
    lines = [f"    [*] --> {FIRST[model]}"]
    for row in rows:
        for source in sorted(row.sources):
            if row.target and row.target != source:
                lines.append(f"    {source} --> {row.target}: {row.verb}")
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _table(rows: list) -> str:
    lines = [
        "| verb | from | to | who | guards | ends | opens |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"`{row.verb}`",
            ", ".join(sorted(row.sources)),
            row.target or "the same",
            ", ".join(sorted(row.actors)) or "module",
            ", ".join(row.guards),
            ", ".join((*row.ends, *(f"({code})" for code in row.drops))),
            ", ".join(row.opens),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _guards(rows: list) -> str:
    words = read("guards").GUARDS
    named = [name for name in words if any(name in row.guards for row in rows)]
    if not named:
        return ""
    lines = ["", "| guard | possible where |", "|---|---|"]
    lines += [f"| `{name}` | {words[name]} |" for name in named]
    return "\n".join([*lines, ""])
