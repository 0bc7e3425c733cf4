"""The table of transitions: who may do what, from which state, to which state.

Plain data. The door reads it, the tests generate their cases from it and the state
diagrams in the documentation are drawn from it.
"""

from dataclasses import dataclass

OPEN_REPORT_STATES = (
    "new",
    "supplementing",
    "received",
    "consulting",
    "designating",
    "processing",
    "resolved",
    "concurring",
)
FINAL_REPORT_STATES = ("done", "forwarded", "refused", "cancelled")
# Not ended, yet nobody's work: the matter is handled in another person's report.
UNFINISHED_REPORT_STATES = (*OPEN_REPORT_STATES, "joined")
REPORT_STATES = UNFINISHED_REPORT_STATES + FINAL_REPORT_STATES
OPEN_ASSIGNMENT_STATES = ("pending", "accepted", "assigned", "processing", "submitted")
ENDED_WITHOUT_RESULT = ("returned", "dropped")
WORKING_ASSIGNMENT_STATES = ("accepted", "assigned", "processing")

# Duties of the Centre until the report is in an agency's hands. The whole is timed
# everywhere, its parts where a regulation times them apart.
INTAKE = ("intake", "intake_receive", "intake_classify", "intake_forward")
# Asking 113, 114 or 115 what became of a call that was put through.
OUTCOME = "outcome"
CENTRE_CODES = (*INTAKE, "publish", OUTCOME)
# What the same duty is called on a co-agency's assignment.
CO_CODES = {
    "process": "co_process",
    "approve": "co_approve",
    "return_wrong": "co_return",
}
# Roles of agencies that answer to the Centre with a result of their own.
ANSWERING = ("lead", "parallel")
HANDLING = ("process", "co_process", "consolidate")
APPROVING = ("approve", "co_approve")
RETURNING = ("return_wrong", "co_return")
PENALTY = ("confirm_penalty", "execute_penalty")


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
    (
        "receive",
        {"new"},
        "received",
        {"operator"},
        {"ends": ("intake_receive",), "opens": ("intake_classify",), "is_public": True},
    ),
    (
        "classify",
        {"received"},
        None,
        {"operator"},
        {"ends": ("intake_classify",), "opens": ("intake_forward",)},
    ),
    (
        "request_supplement",
        {"new", "received"},
        "supplementing",
        {"operator"},
        {"ends": INTAKE, "opens": ("supplement",), "is_public": True},
    ),
    (
        "supply",
        {"supplementing"},
        "new",
        {"reporter", "operator"},
        {
            "ends": ("supplement",),
            "opens": ("intake", "intake_receive"),
            "is_public": True,
        },
    ),
    # What the sender thinks of later, until an agency has it.
    ("amend", {"new", "supplementing", "received"}, None, {"reporter"}, {}),
    (
        "withdraw",
        {"new", "supplementing", "received", "joined"},
        "cancelled",
        {"reporter"},
        {"drops": (*INTAKE, "supplement", OUTCOME), "is_public": True},
    ),
    (
        "ask_withdrawal",
        {"consulting", "designating", "processing", "resolved", "concurring"},
        None,
        {"reporter"},
        {},
    ),
    # Who sent it: by calling back, or by a one-time code.
    ("verify_sender", {"new", "supplementing", "received"}, None, {"operator"}, {}),
    ("sender_verified", {"new", "supplementing", "received"}, None, (), {}),
    (
        "refuse",
        {"new", "received", "supplementing"},
        "refused",
        {"operator", "system"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    (
        "cancel",
        {"new", "received", "supplementing"},
        "cancelled",
        {"operator", "system"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    # The call was put through to 113, 114 or 115: the Centre's part is done.
    (
        "transfer",
        {"new", "received"},
        "received",
        {"operator"},
        {"ends": INTAKE, "opens": (OUTCOME,), "is_public": True},
    ),
    # What it said became of it; the Centre publishes it.
    (
        "record_outcome",
        {"received"},
        "resolved",
        {"operator"},
        {"ends": (OUTCOME, *INTAKE), "opens": ("publish",), "is_public": True},
    ),
    (
        "mark_duplicate",
        {"new", "received", "supplementing"},
        "cancelled",
        {"operator"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    # Another person's report of the same matter follows the first one.
    (
        "join",
        {"new", "received", "supplementing"},
        "joined",
        {"operator"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    (
        "unjoin",
        {"joined"},
        "received",
        {"operator"},
        {"opens": ("intake", "intake_forward"), "is_public": True},
    ),
    ("answer_joined", {"joined"}, "done", (), {"is_public": True}),
    # The first one's answer is for its sender alone.
    ("answer_apart", {"joined"}, "resolved", (), {"opens": ("publish",)}),
    ("forward_joined", {"joined"}, "forwarded", (), {"is_public": True}),
    (
        "join_again",
        {"resolved", "done", "forwarded"},
        "joined",
        (),
        {"drops": ("publish",), "is_public": True},
    ),
    # Sensitive matters: the coordinating agency says who is competent.
    (
        "consult",
        {"received"},
        "consulting",
        {"operator"},
        {"ends": INTAKE, "opens": ("consult",)},
    ),
    (
        "answer_consult",
        {"consulting"},
        "received",
        {"coordinator"},
        {"ends": ("consult",), "opens": ("intake", "intake_forward")},
    ),
    # Competence unknown or disputed: the provincial People's Committee decides.
    (
        "ask_designation",
        {"received"},
        "designating",
        {"operator"},
        {"ends": INTAKE, "opens": ("designate",)},
    ),
    (
        "escalate",
        {"received", "processing"},
        "designating",
        {"operator"},
        {"ends": INTAKE, "opens": ("designate",)},
    ),
    (
        "designate",
        {"designating"},
        "received",
        {"province_leader"},
        {"ends": ("designate",), "opens": ("intake", "intake_forward")},
    ),
    (
        "dispatch",
        {"received"},
        "processing",
        {"operator"},
        {"ends": (*INTAKE, OUTCOME), "is_public": True},
    ),
    (
        "forward",
        {"received"},
        "forwarded",
        {"operator"},
        {"ends": (*INTAKE, OUTCOME), "is_public": True},
    ),
    # Made by the module when the assignments allow it.
    (
        "take_back",
        {"processing"},
        "received",
        (),
        {"ends": INTAKE, "opens": ("intake", "intake_forward")},
    ),
    # To other agencies than those that the province named.
    ("dispatch_otherwise", {"received", "processing"}, None, (), {}),
    # One of several agencies returned its part while others keep theirs.
    (
        "part_returned",
        {"processing"},
        None,
        (),
        {"opens": ("intake", "intake_forward")},
    ),
    ("redispatch", {"processing"}, None, {"operator"}, {"ends": INTAKE}),
    ("resolve", {"processing"}, "resolved", (), {"opens": ("publish",)}),
    (
        "request_fix",
        {"resolved"},
        "processing",
        {"operator"},
        {"ends": ("publish",)},
    ),
    (
        "ask_concurrence",
        {"resolved"},
        "concurring",
        {"operator"},
        {"ends": ("publish",), "opens": ("concur",)},
    ),
    (
        "concur",
        {"concurring"},
        "resolved",
        {"coordinator"},
        {"ends": ("concur",), "opens": ("publish",)},
    ),
    (
        "disagree",
        {"concurring"},
        "received",
        {"coordinator"},
        {"ends": ("concur",), "opens": ("intake", "intake_forward")},
    ),
    (
        "publish",
        {"resolved"},
        "done",
        {"operator"},
        {"ends": ("publish",), "is_public": True},
    ),
    (
        "reopen",
        set(FINAL_REPORT_STATES),
        "received",
        {"operator"},
        {"opens": ("intake", "intake_forward"), "is_public": True},
    ),
    ("follow_up", {"done"}, None, {"reporter"}, {"is_public": True}),
    # What turns out later to be an emergency, to be sensitive, or to be neither.
    (
        "set_track",
        {"consulting", "designating", "processing", "resolved", "concurring"},
        None,
        {"operator"},
        {},
    ),
    # Who may see it, and the Centre's edited version of it: at any time.
    ("set_visibility", REPORT_STATES, None, {"operator"}, {}),
    ("ask_private", REPORT_STATES, None, {"reporter"}, {}),
    ("allow_publication", REPORT_STATES, None, {"reporter"}, {}),
    ("redact", REPORT_STATES, None, {"operator"}, {}),
    ("leave_identity", REPORT_STATES, None, (), {}),
    # What it says of its sender, who has not proved to be the known one.
    ("confirm_statement", REPORT_STATES, None, {"operator"}, {}),
    ("dismiss_statement", REPORT_STATES, None, {"operator"}, {}),
    ("prove_statement", REPORT_STATES, None, (), {}),
    ("rate", {"done"}, None, {"reporter"}, {"is_public": True}),
    # A finding about the sender's conduct; the report goes its own way.
    (
        "mark_violation",
        REPORT_STATES,
        None,
        {"operator"},
        {},
    ),
)

_ASSIGNMENT = _rows(
    "civic.assignment",
    (
        "accept",
        {"pending"},
        "accepted",
        {"handler"},
        {"ends": ("accept",), "opens": ("assign", "process"), "is_public": True},
    ),
    (
        "assign",
        {"accepted"},
        "assigned",
        {"leader"},
        {"ends": ("assign",), "opens": ("process",)},
    ),
    ("draft", {"accepted", "assigned"}, "processing", {"handler"}, {}),
    (
        "return_wrong",
        {"pending", *WORKING_ASSIGNMENT_STATES},
        "returned",
        {"handler"},
        {
            "ends": RETURNING,
            "drops": ("accept", "assign", "invite", *HANDLING, *PENALTY),
        },
    ),
    (
        "invite",
        {"pending", *WORKING_ASSIGNMENT_STATES},
        None,
        {"handler"},
        {"ends": ("accept", "invite"), "drops": ("process", "consolidate")},
    ),
    # The co-agencies have answered, or none of them is left.
    (
        "gather",
        {"pending", *WORKING_ASSIGNMENT_STATES},
        None,
        (),
        {"opens": ("consolidate",)},
    ),
    (
        "work_alone",
        {"pending", *WORKING_ASSIGNMENT_STATES},
        None,
        (),
        {"opens": ("process",)},
    ),
    (
        "submit",
        set(WORKING_ASSIGNMENT_STATES),
        "submitted",
        {"handler"},
        {
            "ends": HANDLING,
            "drops": ("assign", "invite", "confirm_penalty", *RETURNING),
            "opens": ("approve",),
            "is_public": True,
        },
    ),
    (
        "approve",
        {"submitted"},
        "approved",
        {"leader"},
        {"ends": APPROVING, "is_public": True},
    ),
    (
        "send_back",
        {"submitted"},
        "processing",
        {"leader"},
        {"ends": APPROVING, "opens": ("process",)},
    ),
    # Of an emergency, sent by letter, e-mail or telephone (ST Điều 19, bước 3).
    (
        "record_result",
        {"pending", *WORKING_ASSIGNMENT_STATES, "submitted"},
        "approved",
        {"operator"},
        {
            "ends": (*HANDLING, *APPROVING),
            "drops": ("accept", "assign", "invite", *RETURNING),
            "is_public": True,
        },
    ),
    # The Centre's request for a correction, made through the report.
    ("fix", {"approved"}, "processing", (), {"opens": ("process",)}),
    # Work that came to nothing: the province or the coordinating agency decided so.
    (
        "drop",
        {*OPEN_ASSIGNMENT_STATES, "approved"},
        "dropped",
        (),
        {
            "drops": (
                "accept",
                "assign",
                "invite",
                *HANDLING,
                *APPROVING,
                *RETURNING,
                *PENALTY,
                "interaction",
            )
        },
    ),
    # By the body to which a report was forwarded: it owes no result (ST Điều 21).
    (
        "note_follow_up",
        {"pending", "accepted"},
        "accepted",
        {"handler", "leader"},
        {},
    ),
    ("request_extension", set(WORKING_ASSIGNMENT_STATES), None, {"handler"}, {}),
    # An administrative penalty: its law sets the time, where the procedure says so.
    (
        "ask_penalty",
        set(WORKING_ASSIGNMENT_STATES),
        None,
        {"handler"},
        {"opens": ("confirm_penalty",)},
    ),
    (
        "confirm_penalty",
        set(WORKING_ASSIGNMENT_STATES),
        None,
        {"leader"},
        {"ends": ("confirm_penalty",), "is_public": True},
    ),
    (
        "end_penalty",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {"drops": ("confirm_penalty",), "is_public": True},
    ),
    (
        "record_penalty_decision",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {"opens": ("execute_penalty",)},
    ),
    (
        "record_penalty_execution",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {"ends": ("execute_penalty",)},
    ),
    (
        "report_progress",
        {*WORKING_ASSIGNMENT_STATES, "submitted"},
        None,
        {"handler", "leader"},
        {"is_public": True},
    ),
    ("answer", {"approved"}, None, {"handler", "leader"}, {"is_public": True}),
    # The work to which a result committed is done (HUE Phụ lục 1).
    ("keep_promise", {"approved"}, None, {"handler", "leader"}, {"is_public": True}),
)

# Who sent a report: an agency asks, or an authority through the Centre. A complaint or
# denunciation goes to the body that the law names for it.
_PERSONAL_DATA = (
    *_rows(
        "civic.report",
        (
            "request_disclosure_for",
            REPORT_STATES,
            None,
            {"operator"},
            {},
        ),
        (
            "divert",
            {"new", "received", "supplementing", "refused"},
            "refused",
            {"operator"},
            {"ends": INTAKE, "drops": ("supplement", OUTCOME)},
        ),
    ),
    *_rows(
        "civic.assignment",
        (
            "request_disclosure",
            {*OPEN_ASSIGNMENT_STATES, "approved"},
            None,
            {"handler", "leader"},
            {},
        ),
    ),
)

TRANSITIONS = {
    (row.model, row.verb): row for row in (*_REPORT, *_ASSIGNMENT, *_PERSONAL_DATA)
}

# Cases of personal data go through the same door by a table of their own.
_DISCLOSURE = _rows(
    "civic.disclosure",
    ("ask_citizen", {"requested", "asked"}, "asked", {"centre_manager"}, {}),
    ("decline", {"requested"}, "declined", {"centre_manager"}, {}),
    ("decide_by_law", {"requested"}, "granted", {"centre_manager"}, {}),
    ("give_consent", {"asked"}, "granted", {"reporter", "operator"}, {}),
    ("refuse_consent", {"asked"}, "refused", {"reporter", "operator"}, {}),
    ("lapse_consent", {"asked"}, "refused", (), {}),
    ("withdraw_consent", {"granted"}, "withdrawn", {"reporter", "operator"}, {}),
    (
        "end_disclosure",
        {"requested", "asked", "granted"},
        "ended",
        {"centre_manager", "asker"},
        {},
    ),
    ("look", {"granted"}, None, {"named"}, {}),
)
_DATA_REQUEST = _rows(
    "civic.data.request",
    ("acknowledge", {"new"}, "acknowledged", {"operator"}, {}),
    ("extend", {"new", "acknowledged"}, None, {"centre_manager"}, {}),
    ("fulfil", {"new", "acknowledged"}, "fulfilled", {"centre_manager"}, {}),
    ("refuse_request", {"new", "acknowledged"}, "refused", {"centre_manager"}, {}),
)
_DIVERSION = _rows(
    "civic.diversion",
    ("take_out", {"prepared"}, "handed", {"operator"}, {}),
    ("take_out_again", {"handed"}, "prepared", {"centre_manager"}, {}),
    ("wipe", {"handed"}, "wiped", {"operator"}, {}),
)
CASE_TRANSITIONS = {
    (row.model, row.verb): row for row in (*_DISCLOSURE, *_DATA_REQUEST, *_DIVERSION)
}
