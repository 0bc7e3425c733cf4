"""./dev states: draw docs/states.md from the table of transitions."""

import importlib.util
import sys

from .machine import CHECKOUT

PAGE = CHECKOUT / "docs" / "states.md"
TABLE = CHECKOUT / "models" / "transitions.py"
TITLES = {
    "civic.report": "Report",
    "civic.assignment": "Assignment",
    "civic.disclosure": "Disclosure of identity",
    "civic.data.request": "Request about personal data",
    "civic.diversion": "Complaint or denunciation passed on",
}
FIRST = {
    "civic.report": "new",
    "civic.assignment": "pending",
    "civic.disclosure": "requested",
    "civic.data.request": "new",
    "civic.diversion": "prepared",
}
INTRO = """\
# States and transitions

Drawn from `models/transitions.py` by `./dev states`; continuous integration compares
the two. What a line does not allow is refused. “module” is what happens by itself when
the others allow it.
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
    rows = list(_transitions())
    return INTRO + "".join(_section(model, rows) for model in TITLES)


def _transitions():
    # The table is plain data: read without Odoo.
    spec = importlib.util.spec_from_file_location("civic_transitions", TABLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return [*module.TRANSITIONS.values(), *module.CASE_TRANSITIONS.values()]


def _section(model: str, rows: list) -> str:
    mine = [row for row in rows if row.model == model]
    return f"\n## {TITLES[model]}\n\n{_diagram(model, mine)}\n{_table(mine)}"


def _diagram(model: str, rows: list) -> str:
    lines = [f"    [*] --> {FIRST[model]}"]
    for row in rows:
        for source in sorted(row.sources):
            if row.target and row.target != source:
                lines.append(f"    {source} --> {row.target}: {row.verb}")
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _table(rows: list) -> str:
    lines = [
        "| verb | from | to | who | ends | opens |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"`{row.verb}`",
            ", ".join(sorted(row.sources)),
            row.target or "the same",
            ", ".join(sorted(row.actors)) or "module",
            ", ".join((*row.ends, *(f"({code})" for code in row.drops))),
            ", ".join(row.opens),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
