"""The table of transitions: who may do what, from which state, to which state.

Plain data. The door reads it, the tests generate their cases from it and the state
diagrams in the documentation are drawn from it.
"""

from .case_transitions import CASE_TRANSITIONS
from .row import rows as _rows

# Until the Centre has decided what comes of the report.
INTAKE_STATES = ("new", "supplementing", "received")
# The Centre's turn, before anybody else has had it.
AT_CENTRE = ("new", "received")
# Others have it or had it, and it has not ended.
PAST_INTAKE = ("consulting", "designating", "processing", "resolved", "concurring")
OPEN_REPORT_STATES = (*INTAKE_STATES, *PAST_INTAKE)
# Ended with an answer, the Centre's own or the promise of another body's.
ANSWERED_STATES = ("done", "forwarded")
# Ended without anybody having handled it.
TURNED_AWAY = ("refused", "cancelled")
FINAL_REPORT_STATES = (*ANSWERED_STATES, *TURNED_AWAY)
# What the Centre has not found in order: not yet, or not at all.
NOT_TAKEN_IN = ("new", "supplementing", *TURNED_AWAY)
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

# Nothing is done any more with what was passed on; who sent it may be asked for.
_OF_REPORT = {"everywhere": "not_passed_on", "but": {"request_disclosure_for"}}
# All that is done with a report that was forwarded for follow-up.
_OF_ASSIGNMENT = {
    "everywhere": "owes_result",
    "but": {"note_follow_up", "request_disclosure"},
}

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
        {
            "ends": ("intake_classify",),
            "opens": ("intake_forward",),
            "guards": ("classification_due",),
        },
    ),
    (
        "request_supplement",
        set(AT_CENTRE),
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
    ("amend", set(INTAKE_STATES), None, {"reporter"}, {}),
    (
        "withdraw",
        {*INTAKE_STATES, "joined"},
        "cancelled",
        {"reporter"},
        {"drops": (*INTAKE, "supplement", OUTCOME), "is_public": True},
    ),
    (
        "ask_withdrawal",
        set(PAST_INTAKE),
        None,
        {"reporter"},
        {"guards": ("withdrawal_not_asked",)},
    ),
    # Who sent it: by calling back, or by a one-time code.
    (
        "verify_sender",
        set(INTAKE_STATES),
        None,
        {"operator"},
        {"guards": ("sender_to_verify",)},
    ),
    ("sender_verified", set(INTAKE_STATES), None, (), {}),
    (
        "refuse",
        set(INTAKE_STATES),
        "refused",
        {"operator", "system"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    (
        "cancel",
        set(INTAKE_STATES),
        "cancelled",
        {"operator", "system"},
        {"ends": INTAKE, "drops": ("supplement", OUTCOME), "is_public": True},
    ),
    # The call was put through to 113, 114 or 115: the Centre's part is done. Whatever
    # it was taken for until then, it is an emergency with that.
    (
        "transfer",
        set(AT_CENTRE),
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
        {
            "ends": (OUTCOME, *INTAKE),
            "opens": ("publish",),
            "is_public": True,
            "guards": ("put_through",),
        },
    ),
    (
        "mark_duplicate",
        set(INTAKE_STATES),
        "cancelled",
        {"operator"},
        {
            "ends": INTAKE,
            "drops": ("supplement", OUTCOME),
            "is_public": True,
            "guards": ("ends_duplicates", "sender_known"),
        },
    ),
    # Another person's report of the same matter follows the first one.
    (
        "join",
        set(INTAKE_STATES),
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
        {"resolved", *ANSWERED_STATES},
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
        {
            "ends": INTAKE,
            "opens": ("consult",),
            "guards": ("sensitive", "not_consulted"),
        },
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
        {"ends": INTAKE, "opens": ("designate",), "guards": ("had_agency",)},
    ),
    (
        "designate",
        {"designating"},
        "received",
        {"province_leader"},
        {"ends": ("designate",), "opens": ("intake", "intake_forward")},
    ),
    # An emergency at once: it is received with it (HUE Điều 10.1–10.2, BG 4.1).
    (
        "dispatch",
        {"new", "received"},
        "processing",
        {"operator"},
        {
            "ends": (*INTAKE, OUTCOME),
            "is_public": True,
            "guards": ("received_first", "consulted"),
        },
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
    (
        "redispatch",
        {"processing"},
        None,
        {"operator"},
        {"ends": INTAKE, "guards": ("part_back",)},
    ),
    ("resolve", {"processing"}, "resolved", (), {"opens": ("publish",)}),
    (
        "request_fix",
        {"resolved"},
        "processing",
        {"operator"},
        {"ends": ("publish",), "guards": ("results_in",)},
    ),
    (
        "ask_concurrence",
        {"resolved"},
        "concurring",
        {"operator"},
        {
            "ends": ("publish",),
            "opens": ("concur",),
            "guards": ("sensitive", "not_agreed"),
        },
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
        {"ends": ("publish",), "is_public": True, "guards": ("agreed",)},
    ),
    (
        "reopen",
        set(FINAL_REPORT_STATES),
        "received",
        {"operator"},
        {"opens": ("intake", "intake_forward"), "is_public": True},
    ),
    (
        "follow_up",
        {"done"},
        None,
        {"reporter"},
        {"is_public": True, "guards": ("may_ask", "answered")},
    ),
    # What turns out later to be an emergency, to be sensitive, or to be neither.
    (
        "set_track",
        set(PAST_INTAKE),
        None,
        {"operator"},
        {},
    ),
    # Who may see it, and the Centre's edited version of it: at any time.
    (
        "set_visibility",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("not_secret",)},
    ),
    ("ask_private", REPORT_STATES, None, {"reporter"}, {"guards": ("not_private",)}),
    ("allow_publication", REPORT_STATES, None, {"reporter"}, {"guards": ("private",)}),
    ("redact", REPORT_STATES, None, {"operator"}, {}),
    ("leave_identity", REPORT_STATES, None, (), {}),
    # What it says of its sender, who has not proved to be the known one.
    (
        "confirm_statement",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("says_otherwise",)},
    ),
    (
        "dismiss_statement",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("says_otherwise",)},
    ),
    ("prove_statement", REPORT_STATES, None, (), {}),
    (
        "rate",
        {"done"},
        None,
        {"reporter"},
        {"is_public": True, "guards": ("rating_open",)},
    ),
    # What a citizen proposes is an initiative (ST Điều 29.1).
    (
        "mark_initiative",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("no_initiative",)},
    ),
    (
        "unmark_initiative",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("initiative",)},
    ),
    # A finding about the sender's conduct; the report goes its own way.
    (
        "mark_violation",
        REPORT_STATES,
        None,
        {"operator"},
        {"guards": ("sender_known", "no_violation")},
    ),
    **_OF_REPORT,
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
        {"ends": ("assign",), "opens": ("process",), "guards": ("assigned_first",)},
    ),
    # The first draft is work begun, the next ones go on with it.
    (
        "draft",
        set(WORKING_ASSIGNMENT_STATES),
        "processing",
        {"handler"},
        {"guards": ("assigned",)},
    ),
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
        {
            "ends": ("accept", "invite"),
            "drops": ("process", "consolidate"),
            "guards": ("leads",),
        },
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
            "guards": ("assigned", "co_answered", "province_silent"),
        },
    ),
    (
        "approve",
        {"submitted"},
        "approved",
        {"leader"},
        {
            "ends": APPROVING,
            "is_public": True,
            "guards": ("province_silent", "other_hand"),
        },
    ),
    (
        "send_back",
        {"submitted"},
        "processing",
        {"leader"},
        {"ends": APPROVING, "opens": ("process",)},
    ),
    # Of an emergency, sent by letter, e-mail or telephone (ST Điều 19, bước 3): by its
    # leaders, so that nobody need assign any more what is done.
    (
        "record_result",
        {"pending", *WORKING_ASSIGNMENT_STATES, "submitted"},
        "approved",
        {"operator"},
        {
            "ends": (*HANDLING, *APPROVING),
            "drops": ("accept", "assign", "invite", *RETURNING),
            "is_public": True,
            "guards": ("co_answered", "province_silent", "emergency"),
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
        {"guards": ("follows_up",)},
    ),
    (
        "request_extension",
        set(WORKING_ASSIGNMENT_STATES),
        None,
        {"handler"},
        {"guards": ("assigned", "extension_known", "no_extension_asked")},
    ),
    # An administrative penalty: its law sets the time, where the procedure says so.
    (
        "ask_penalty",
        set(WORKING_ASSIGNMENT_STATES),
        None,
        {"handler"},
        {
            "opens": ("confirm_penalty",),
            "guards": ("assigned", "penalty_known", "no_penalty"),
        },
    ),
    (
        "confirm_penalty",
        set(WORKING_ASSIGNMENT_STATES),
        None,
        {"leader"},
        {
            "ends": ("confirm_penalty",),
            "is_public": True,
            "guards": ("penalty_asked", "penalty_of_another"),
        },
    ),
    (
        "end_penalty",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {
            "drops": ("confirm_penalty",),
            "is_public": True,
            "guards": ("penalty_going",),
        },
    ),
    (
        "record_penalty_decision",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {"opens": ("execute_penalty",), "guards": ("penalty_undecided",)},
    ),
    (
        "record_penalty_execution",
        {*WORKING_ASSIGNMENT_STATES, "submitted", "approved"},
        None,
        {"handler", "leader"},
        {"ends": ("execute_penalty",), "guards": ("penalty_unexecuted",)},
    ),
    (
        "report_progress",
        {*WORKING_ASSIGNMENT_STATES, "submitted"},
        None,
        {"handler", "leader"},
        {"is_public": True},
    ),
    (
        "answer",
        {"approved"},
        None,
        {"handler", "leader"},
        {"is_public": True, "guards": ("question_open",)},
    ),
    # Leaders above, and the Centre, want it to go on (HUE Điều 15.3, 19.2).
    (
        "urge",
        set(OPEN_ASSIGNMENT_STATES),
        None,
        {"operator", "centre_manager", "province_leader", "superior"},
        {"guards": ("province_silent", "not_urged_today")},
    ),
    # The work to which a result committed is done (HUE Phụ lục 1).
    (
        "keep_promise",
        {"approved"},
        None,
        {"handler", "leader"},
        {"is_public": True, "guards": ("promise_open",)},
    ),
    **_OF_ASSIGNMENT,
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
            {"guards": ("sender_known", "data_kept")},
        ),
        (
            "divert",
            {*INTAKE_STATES, "refused"},
            "refused",
            {"operator"},
            {"ends": INTAKE, "drops": ("supplement", OUTCOME)},
        ),
        **_OF_REPORT,
    ),
    *_rows(
        "civic.assignment",
        (
            "request_disclosure",
            {*OPEN_ASSIGNMENT_STATES, "approved"},
            None,
            {"handler", "leader"},
            {"guards": ("sender_known", "data_kept", "identity_not_asked")},
        ),
        **_OF_ASSIGNMENT,
    ),
)

TRANSITIONS = {
    (row.model, row.verb): row for row in (*_REPORT, *_ASSIGNMENT, *_PERSONAL_DATA)
}


def rows_of(model):
    """Transitions of a model: dict verb → Transition."""
    return _BY_MODEL.get(model, {})


_BY_MODEL = {}
for _row in (*TRANSITIONS.values(), *CASE_TRANSITIONS.values()):
    _BY_MODEL.setdefault(_row.model, {})[_row.verb] = _row
