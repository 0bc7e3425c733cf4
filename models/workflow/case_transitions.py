"""Rows of what goes through the door beside reports and assignments, see
:mod:`.transitions`: each is a case of its own that belongs to one."""

from .row import rows

_DISCLOSURE = rows(
    "civic.disclosure",
    (
        "ask_citizen",
        {"requested", "asked"},
        "asked",
        {"centre_manager"},
        {"guards": ("data_kept", "data_unrestricted", "answer_in_time")},
    ),
    ("decline", {"requested"}, "declined", {"centre_manager"}, {}),
    (
        "decide_by_law",
        {"requested"},
        "granted",
        {"centre_manager"},
        {"guards": ("authority_asks", "asked_by_another", "data_kept")},
    ),
    (
        "give_consent",
        {"asked"},
        "granted",
        {"reporter", "operator"},
        {"guards": ("answer_in_time", "data_kept", "data_unrestricted")},
    ),
    (
        "refuse_consent",
        {"asked"},
        "refused",
        {"reporter", "operator"},
        {"guards": ("answer_in_time",)},
    ),
    ("lapse_consent", {"asked"}, "refused", (), {}),
    (
        "withdraw_consent",
        {"granted"},
        "withdrawn",
        {"reporter", "operator"},
        {"guards": ("by_consent", "consent_runs")},
    ),
    (
        "end_disclosure",
        {"requested", "asked", "granted"},
        "ended",
        {"centre_manager", "asker"},
        {},
    ),
    ("look", {"granted"}, None, {"named"}, {"guards": ("access_in_force", "lookable")}),
)
_DATA_REQUEST = rows(
    "civic.data.request",
    ("acknowledge", {"new"}, "acknowledged", {"operator"}, {}),
    (
        "extend",
        {"new", "acknowledged"},
        None,
        {"centre_manager"},
        {"guards": ("not_extended", "time_left")},
    ),
    (
        "fulfil",
        {"new", "acknowledged"},
        "fulfilled",
        {"centre_manager"},
        {"guards": ("deletable",)},
    ),
    ("refuse_request", {"new", "acknowledged"}, "refused", {"centre_manager"}, {}),
)
_DIVERSION = rows(
    "civic.diversion",
    ("take_out", {"prepared"}, "handed", {"operator"}, {}),
    ("take_out_again", {"handed"}, "prepared", {"centre_manager"}, {}),
    ("wipe", {"handed"}, "wiped", {"operator"}, {}),
)
# More time for an agency; the Centre decides while there is work to give it for.
_EXTENSION = rows(
    "civic.extension",
    (
        "grant",
        {"asked"},
        "granted",
        {"operator"},
        {"guards": ("work_goes_on",), "event": "extension_granted"},
    ),
    (
        "reject",
        {"asked"},
        "rejected",
        {"operator"},
        {"event": "extension_rejected"},
    ),
)
# A finding about what somebody sent, and its appeal.
_VIOLATION = rows(
    "civic.violation",
    ("appeal", {"found"}, "appealed", {"reporter"}, {"event": "violation_appealed"}),
    (
        "uphold",
        {"appealed"},
        "upheld",
        {"centre_manager"},
        {
            "guards": ("found_by_another", "sent_by_another"),
            "event": "violation_upheld",
        },
    ),
    (
        "lift",
        {"found", "appealed"},
        "lifted",
        {"centre_manager"},
        {
            "guards": ("found_by_another", "sent_by_another"),
            "event": "violation_lifted",
        },
    ),
)
# A harassing call.
_CALL = rows(
    "civic.call",
    ("verify", {"logged"}, "verified", {"operator"}, {}),
    (
        "extract_recording",
        {"verified"},
        "extracted",
        {"operator"},
        {"event": "extract"},
    ),
    ("pass_on", {"extracted"}, "passed", {"operator"}, {"event": "pass"}),
    ("record_result", {"passed"}, "closed", {"operator"}, {"event": "result"}),
)
# What anybody asks about a published answer; the Centre looks at it first.
_QUESTION = rows(
    "civic.question",
    (
        "pass_on",
        {"new"},
        "passed",
        {"operator"},
        {"guards": ("answer_public",), "event": "question_passed"},
    ),
    ("decline", {"new"}, "declined", {"operator"}, {"event": "question_declined"}),
    # A finding about who asked: the history is that of another person's report.
    (
        "mark_violation",
        {"new", "passed", "declined"},
        None,
        {"operator"},
        {"guards": ("question_unmarked",), "event": None},
    ),
)
# What the sender asks about the answer: that it is answered is the assignment's row.
_INTERACTION = rows(
    "civic.interaction",
    (
        "mark_violation",
        {"open", "answered", "overtaken"},
        None,
        {"operator"},
        {"guards": ("follow_up_unmarked", "finding_possible"), "event": None},
    ),
)
# How many identities a person opens on a day; what is allowed has rows of its own.
_LOOK_DAY = rows(
    "civic.look.day",
    (
        "allow_more",
        {"today"},
        None,
        {"centre_manager"},
        {"guards": ("for_another",), "event": None},
    ),
)
# What a year says of an agency; whoever decides on it writes why.
_EVALUATION = rows(
    "civic.evaluation",
    (
        "decide",
        {"draft"},
        "decided",
        {"centre_manager", "province_leader"},
        {"event": None},
    ),
)
# Documents that direct agencies: leaders of the province issue them, or the Centre
# enters what was issued on paper; each agency answers once.
_DIRECTIVE = rows(
    "civic.directive",
    (
        "issue",
        {"draft"},
        "issued",
        {"province_leader", "centre_manager"},
        {"event": "directive_issued"},
    ),
    (
        "answer",
        {"issued"},
        None,
        {"leader"},
        {"guards": ("answer_owed",), "event": "directive_answered"},
    ),
    (
        "close",
        {"issued"},
        "closed",
        {"province_leader", "centre_manager"},
        {"event": "directive_closed"},
    ),
    (
        "withdraw",
        {"draft", "issued"},
        "withdrawn",
        {"province_leader", "centre_manager"},
        {"event": "directive_withdrawn"},
    ),
)
# Why an agency was late in a period; late is better than not at all.
_EXPLANATION = rows(
    "civic.explanation",
    ("sign", {"open", "missed"}, "signed", {"leader"}, {"event": "explanation_signed"}),
    ("miss", {"open"}, "missed", (), {"event": "explanation_missed"}),
    # The report that it was to go with is dropped.
    ("excuse", {"open", "missed"}, "excused", (), {"event": "explanation_excused"}),
)
_REWARD = rows(
    "civic.reward",
    (
        "decide_reward",
        {"proposed"},
        "decided",
        {"province_leader", "centre_manager"},
        {"event": "reward_decided"},
    ),
    (
        "decline_reward",
        {"proposed"},
        "declined",
        {"province_leader", "centre_manager"},
        {"event": "reward_declined"},
    ),
)
# A report that a regulation orders: counted, approved by another person, issued; what
# was issued stays, and a new one takes its place.
_PERIODIC = rows(
    "civic.periodic.report",
    (
        "draft",
        {"open", "drafted"},
        None,
        {"centre_manager"},
        {"guards": ("nothing_going_on",)},
    ),
    # Counted, be it at once or by a worker.
    ("fill", {"open", "drafted"}, "drafted", (), {}),
    ("save_words", {"open", "drafted"}, None, {"centre_manager"}, {}),
    ("note_line", {"drafted"}, None, {"centre_manager"}, {}),
    (
        "approve",
        {"drafted"},
        "approved",
        {"centre_manager"},
        {"guards": ("nothing_going_on", "drafted_by_another")},
    ),
    ("send_back", {"approved"}, "drafted", {"centre_manager"}, {}),
    ("issue", {"approved"}, "issued", {"centre_manager"}, {}),
    # The quick report of the day, at the close of work.
    ("send_itself", {"open"}, "issued", (), {}),
    (
        "make_files",
        {"issued", "replaced"},
        None,
        {"centre_manager"},
        {"guards": ("files_missing",)},
    ),
    (
        "replace",
        {"issued"},
        None,
        {"centre_manager"},
        {"guards": ("not_replaced",)},
    ),
    ("supersede", {"issued"}, "replaced", (), {}),
    (
        "drop",
        {"open", "drafted", "approved"},
        "dropped",
        {"centre_manager"},
        {"guards": ("on_demand", "nothing_going_on")},
    ),
)
CASE_TRANSITIONS = {
    (row.model, row.verb): row
    for row in (
        *(*_DISCLOSURE, *_DATA_REQUEST, *_DIVERSION),
        *(*_EXTENSION, *_VIOLATION, *_CALL, *_QUESTION, *_INTERACTION, *_LOOK_DAY),
        *_EVALUATION,
        *(*_DIRECTIVE, *_EXPLANATION, *_REWARD),
        *_PERIODIC,
    )
}
