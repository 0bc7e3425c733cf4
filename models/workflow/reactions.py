"""What a transition does, in this order.

`civic.door._walk` goes through the plan of its row. Each reaction is one method of the
record, `_react_NAME(act)`, in the wing that knows what follows. What a verb does with
what it was given stays in the verb.

What follows an event of the history, the beginning of an assignment and the opening of
a duty stands below, in the same way.

Plain data: which reactions follow which transition, and in what order, needs no
database to be known.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

REPORT = frozenset({"civic.report"})
ASSIGNMENT = frozenset({"civic.assignment"})
DISCLOSURE = frozenset({"civic.disclosure"})
DATA_REQUEST = frozenset({"civic.data.request"})
EXTENSION = frozenset({"civic.extension"})
DIRECTIVE = frozenset({"civic.directive"})
EXPLANATION = frozenset({"civic.explanation"})
# Whoever asked about the answer to another person's report.
ASKER = frozenset({"civic.question", "civic.violation"})


def _by(*verbs):
    """Whether a row is one of these verbs'."""
    return lambda row: row.verb in verbs


# What may bring another track: by itself, by the category, by who took the call.
_CHANGES_TRACK = _by("set_track", "classify", "transfer")


@dataclass(frozen=True)
class Reaction:
    """One thing that a transition does.

    :param words: what it does, for the documentation
    :param models: whose transitions have it; empty for those of every model
    :param when: which of their transitions, by the row of the table
    :param watches: fields whose values before the transition it wants to know
    """

    name: str
    words: str
    models: frozenset = frozenset()
    when: Callable = lambda row: True
    watches: tuple = ()


@dataclass(frozen=True)
class Act:
    """A transition being made.

    :param transition: its row of the table
    :param values: dict written with the state
    :param note: what the event says, or None
    :param event_values: more values of the event
    :param about: the record that the verb was about, where a reaction asks
    :param before: dict of record → dict of what its reactions watch, as it was
    """

    transition: object
    values: dict = field(default_factory=dict)
    note: str | None = None
    event_values: dict = field(default_factory=dict)
    about: object = None
    before: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Followed:
    """That what is written is a transition's, whose reactions see to what a change of
    these fields does; no context that RPC can send has it."""

    names: frozenset


REACTIONS = (
    Reaction("change", "the state and what goes with it is written"),
    Reaction(
        "track",
        "what is owed is timed by the track that it has now, if that is another",
        REPORT,
        _CHANGES_TRACK,
        watches=("track", "state"),
    ),
    Reaction(
        "end_alarm",
        "what reminded the Centre to verify an emergency ends, and was owed to nobody",
        REPORT,
        lambda row: "intake" in (*row.ends, *row.drops),
        watches=("state",),
    ),
    Reaction("end_duties", "the duties that it fulfils end", when=lambda row: row.ends),
    Reaction("drop_duties", "those that it makes void end", when=lambda row: row.drops),
    Reaction(
        "halt_agencies",
        "what agencies may not do while the province decides ends as it stands",
        REPORT,
        lambda row: row.target == "designating",
    ),
    Reaction("open_duties", "new duties begin", when=lambda row: row.opens),
    Reaction(
        "start_intake",
        "where an emergency is timed from its verification, its time begins",
        REPORT,
        _by("receive"),
        watches=("state",),
    ),
    Reaction(
        "record",
        "the history gets its event, and whom it concerns is told",
        watches=("state",),
    ),
    Reaction(
        "tell_track",
        "the history says which track it had and has; what is sensitive is hidden",
        REPORT,
        _CHANGES_TRACK,
        watches=("track",),
    ),
    Reaction(
        "show_clock",
        "the record shows the duty that is due first",
        # A dispatch opens the agencies' duties after it, and shows those.
        when=lambda row: row.verb != "dispatch",
    ),
    Reaction(
        "leave_no_account",
        "what a citizen did is written now, in nobody's name",
        REPORT,
    ),
    Reaction(
        "count_recurrence",
        "a matter reported again counts with its first report, or no longer",
        REPORT,
        watches=("state",),
    ),
    Reaction(
        "leave_first",
        "a joined report that goes its own way is counted no more",
        REPORT,
    ),
    Reaction("lead", "those that are joined to it follow", REPORT),
    Reaction(
        "end_following",
        "followers of what is public no longer are told so, and forgotten",
        REPORT,
        watches=("is_published",),
    ),
    Reaction(
        "forget_published",
        "search engines are given no list any more that names it",
        REPORT,
        watches=("is_published",),
    ),
    Reaction(
        "remind_operator",
        "whoever has it at the Centre is reminded that its sender has written",
        REPORT,
        _by("amend", "withdraw", "ask_withdrawal"),
    ),
    Reaction(
        "alert_grave",
        "of a grave case the commander on duty is alerted, once",
        REPORT,
        _by("transfer"),
    ),
    Reaction(
        "keep_deadline",
        "what its agency as a whole has time for is kept, and whether it was late",
        ASSIGNMENT,
        lambda row: (
            row.verb in ("invite", "fix")
            or row.target in ("approved", "returned", "dropped")
        ),
    ),
    Reaction(
        "keep_rating",
        "what its sender thinks of the answer is kept, as figures count it",
        REPORT,
        _by("rate"),
    ),
    Reaction(
        "lift_limit",
        "where a penalty lifts the limit, that stops or runs again",
        ASSIGNMENT,
        _by("confirm_penalty", "end_penalty"),
        watches=("penalty_procedure",),
    ),
    Reaction(
        "number_letter",
        "an official letter gets its number",
        ASSIGNMENT,
        lambda row: row.target == "approved",
    ),
    Reaction(
        "remind_promise",
        "its handler is reminded, on the day, of what the result commits to",
        ASSIGNMENT,
        _by("approve"),
    ),
    Reaction(
        "end_promise",
        "what the result committed to is reminded of no longer",
        ASSIGNMENT,
        _by("send_back", "fix", "drop", "keep_promise"),
    ),
    Reaction(
        "tell_centre",
        "the Centre is told that it decides on more time",
        ASSIGNMENT,
        _by("request_extension"),
    ),
    Reaction(
        "tell_of_answer",
        "whoever asked and is not the sender is told of the answer",
        ASSIGNMENT,
        _by("answer"),
    ),
    Reaction(
        "release_co",
        "co-agencies work for a lead, not without one: their parts end",
        ASSIGNMENT,
        _by("return_wrong"),
    ),
    Reaction(
        "settle",
        "the lead or the report moves on, if this was what it waited for",
        ASSIGNMENT,
        lambda row: row.target in ("approved", "returned"),
    ),
    Reaction(
        "tell_lead",
        "the lead is told that a co-agency gave its part back",
        ASSIGNMENT,
        _by("return_wrong"),
    ),
    Reaction(
        "end_reminders",
        "what reminded the Centre's managers to decide ends",
        DISCLOSURE | DATA_REQUEST,
        lambda row: {"requested", "new"} & row.sources,
    ),
    Reaction(
        "remind_managers",
        "they are reminded of what is due now",
        DATA_REQUEST,
        _by("acknowledge", "extend"),
    ),
    Reaction(
        "send_link",
        "the citizen gets a new link to the question; an older one is void",
        DISCLOSURE,
        _by("ask_citizen"),
    ),
    Reaction(
        "tell_decided",
        "the Centre is reminded no more, and the agency told that its deadline stays",
        EXTENSION,
    ),
    Reaction(
        "unmark",
        "what was found in violation bears no mark of it any more",
        frozenset({"civic.violation"}),
        lambda row: row.target == "lifted",
    ),
    Reaction(
        "tell_asker",
        "whoever asked about another person's report is told what became of it",
        ASKER,
        _by("decline", "mark_violation", "uphold", "lift"),
    ),
    Reaction(
        "tell_addressed",
        "the leaders of the agencies are told and reminded, the reports say so",
        DIRECTIVE,
        _by("issue"),
    ),
    Reaction(
        "tell_answered",
        "the Centre and the province's leaders are told; who answered is reminded no "
        "more",
        DIRECTIVE,
        _by("answer"),
    ),
    Reaction(
        "end_addressed",
        "nobody is reminded any more; of what is withdrawn the agencies are told",
        DIRECTIVE,
        _by("close", "withdraw"),
    ),
    Reaction(
        "tell_signed",
        "the Centre is told, and the leader reminded no more",
        EXPLANATION,
        _by("sign"),
    ),
    Reaction(
        "tell_excused",
        "the leader is told that nothing is asked any more, and reminded no more",
        EXPLANATION,
        _by("excuse"),
    ),
)


@dataclass(frozen=True)
class EventReaction:
    """One thing that follows an event of the history, be it of a transition or of a
    note; `_react_NAME` of the events.

    :param words: what it does, for the documentation
    :param codes: of which events; empty for all
    """

    name: str
    words: str
    codes: frozenset = frozenset()

    def concerns(self, event):
        return not self.codes or event.code in self.codes


# What is put onto an event (`_sign_NAME`) before it is kept.
SIGNATURES = {
    "stand_in": "for whom a deputy acted",
    "actor": "the officer who acted, never a citizen",
}
EVENT_REACTIONS = (
    EventReaction("tell", "messages to whom it concerns are queued"),
    EventReaction(
        "tell_raised",
        "agencies at work are told of an emergency as of a new assignment, the Centre "
        "of those that no call reaches",
        frozenset({"track"}),
    ),
)
# An assignment that begins: `_begin_NAME`.
BEGINNINGS = {
    "duties": "its first duties open",
    "tell": "its agency is told of it, and of those duties not besides",
    "warn": "the Centre is reminded of an emergency's agency that no call reaches",
}
# A duty that opens: `_react_NAME` of the duties.
OPENINGS = {
    "remind": "an activity reminds its holder",
    "tell": "its holder is told by the ways that there are, unless told otherwise",
}


@cache
def reactions_to(row):
    """The reactions to a transition, in order.

    :param row: of the table of transitions
    :return: tuple of :class:`Reaction`
    """
    return tuple(
        reaction
        for reaction in REACTIONS
        if row.model in (reaction.models or {row.model}) and reaction.when(row)
    )


def plan(row):
    """Their names; see `reactions_to`."""
    return tuple(reaction.name for reaction in reactions_to(row))


def watched(row):
    """Fields of which the reactions to a transition know the values before it."""
    return {name for reaction in reactions_to(row) for name in reaction.watches}
