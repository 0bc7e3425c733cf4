"""The table of transitions: who may do what, from which state, to which state.

Plain data. The door reads it, the tests generate their cases from it and the state
diagrams in the documentation are drawn from it.
"""

from dataclasses import dataclass

OPEN_REPORT_STATES = ("new", "supplementing", "received", "processing", "resolved")
FINAL_REPORT_STATES = ("done", "refused", "cancelled")
OPEN_ASSIGNMENT_STATES = ("pending", "accepted", "assigned", "processing", "submitted")
WORKING_ASSIGNMENT_STATES = ("accepted", "assigned", "processing")


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    :param model: "civic.report" or "civic.assignment"
    :param verb: method and event code
    :param sources: states from which it is possible
    :param target: the state after it, None where it stays
    :param actors: roles that may do it; empty for what only the module itself does
    :param ends: codes of open steps that it fulfils
    :param drops: codes of open steps that it makes void
    :param opens: codes of steps that it starts
    :param is_public: whether the citizen's timeline shows it
    """

    model: str
    verb: str
    sources: frozenset
    target: str | None
    actors: frozenset
    ends: tuple = ()
    drops: tuple = ()
    opens: tuple = ()
    is_public: bool = False


def _rows(model, *rows):
    for verb, sources, target, actors, effects in rows:
        yield Transition(
            model,
            verb,
            frozenset(sources),
            target,
            frozenset(actors),
            **effects,
        )


_REPORT = _rows(
    "civic.report",
    ("take", OPEN_REPORT_STATES, None, {"operator"}, {}),
    ("receive", {"new"}, "received", {"operator"}, {"is_public": True}),
    (
        "request_supplement",
        {"new", "received"},
        "supplementing",
        {"operator"},
        {"ends": ("intake",), "opens": ("supplement",), "is_public": True},
    ),
    (
        "supply",
        {"supplementing"},
        "new",
        {"reporter", "operator"},
        {"ends": ("supplement",), "opens": ("intake",), "is_public": True},
    ),
    (
        "refuse",
        {"new", "received", "supplementing"},
        "refused",
        {"operator", "system"},
        {"ends": ("intake",), "drops": ("supplement",), "is_public": True},
    ),
    (
        "cancel",
        {"new", "received", "supplementing"},
        "cancelled",
        {"operator", "system"},
        {"ends": ("intake",), "drops": ("supplement",), "is_public": True},
    ),
    (
        "dispatch",
        {"received"},
        "processing",
        {"operator"},
        {"ends": ("intake",), "is_public": True},
    ),
    # Made by the module when the assignments allow it.
    (
        "take_back",
        {"processing"},
        "received",
        (),
        {"opens": ("intake",)},
    ),
    ("resolve", {"processing"}, "resolved", (), {"opens": ("publish",)}),
    (
        "request_fix",
        {"resolved"},
        "processing",
        {"operator"},
        {"ends": ("publish",)},
    ),
    (
        "publish",
        {"resolved"},
        "done",
        {"operator"},
        {"ends": ("publish",), "is_public": True},
    ),
    ("rate", {"done"}, None, {"reporter"}, {"is_public": True}),
)

_ASSIGNMENT = _rows(
    "civic.assignment",
    (
        "accept",
        {"pending"},
        "accepted",
        {"handler"},
        {"ends": ("accept",), "opens": ("process",), "is_public": True},
    ),
    ("draft", {"accepted", "assigned"}, "processing", {"handler"}, {}),
    (
        "return_wrong",
        {"pending", *WORKING_ASSIGNMENT_STATES},
        "returned",
        {"handler"},
        {"ends": ("accept", "return_wrong"), "drops": ("process",)},
    ),
    (
        "submit",
        set(WORKING_ASSIGNMENT_STATES),
        "submitted",
        {"handler"},
        {"ends": ("process",), "drops": ("return_wrong",), "opens": ("approve",)},
    ),
    (
        "approve",
        {"submitted"},
        "approved",
        {"leader"},
        {"ends": ("approve",), "is_public": True},
    ),
    (
        "send_back",
        {"submitted"},
        "processing",
        {"leader"},
        {"ends": ("approve",), "opens": ("process",)},
    ),
    # The Centre's request for a correction, made through the report.
    ("fix", {"approved"}, "processing", (), {"opens": ("process",)}),
)

TRANSITIONS = {(row.model, row.verb): row for row in (*_REPORT, *_ASSIGNMENT)}
