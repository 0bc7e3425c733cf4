"""What stands before a transition besides its states and its actors.

A row of the table names its guards. Each is one method of the record, `_guard_NAME`, in
the wing that owns the rule: it gives the words in which the act is refused, or nothing.
The door refuses with them and screens leave out what they refuse, so that a button and
the door cannot differ.

A guard knows the record, its procedure and who acts. What depends on what somebody
gives is checked by the verb; so is what the same screen asks to be filled in, since who
reads that must see the button. What has to be waited for is a guard, and the page says
in its words for whom (see `submit_waits` of assignments).

Plain data: the words below are those of the documentation, “possible where …”.
"""

GUARDS = {
    # civic.report
    "not_passed_on": "it was not passed on to the body competent for complaints",
    "classification_due": "its classification is timed apart, and due",
    "withdrawal_not_asked": "its sender has not asked for it already",
    "sender_to_verify": "the procedure has first-time senders verified, and this one "
    "is known and not verified yet",
    "sensitive": "it is on the sensitive track",
    "not_consulted": "the coordinating agency has not said yet who is competent",
    "not_agreed": "the coordinating agency has not agreed with the result yet",
    "consulted": "it needs no coordination, or the coordinating agency has said who "
    "is competent",
    "agreed": "it needs no coordination, or the coordinating agency has agreed with "
    "the result",
    "had_agency": "an agency has had it in hand",
    "part_back": "an agency has returned its part, which nobody has yet",
    "may_ask": "its sender is not locked",
    "answered": "an agency has answered it",
    "rating_open": "it is not rated yet, or the time to change the rating still runs",
    "not_private": "its sender has not asked for privacy already",
    "private": "its sender has asked for privacy",
    "says_otherwise": "it says of its sender what differs from what is known",
    "no_violation": "it was not found in violation already (follow-ups apart)",
    "put_through": "it was put through to 113, 114 or 115",
    "received_first": "it was received, or is an emergency, which is received and "
    "dispatched in one act",
    "ends_duplicates": "the procedure has what is sent twice end",
    "results_in": "an agency's approved result is there to be corrected",
    "no_initiative": "it is not marked as an initiative",
    "initiative": "it is marked as an initiative",
    "not_secret": "it is not secret, or a Centre manager decides",
    "sender_known": "somebody is known to have sent it",
    # civic.assignment
    "owes_result": "it was not passed on for follow-up alone",
    "follows_up": "it was passed on for follow-up alone",
    "province_silent": "the province is not deciding who handles it",
    "assigned_first": "the procedure has a leader assign the work on this track",
    "assigned": "a leader has assigned the work, where the procedure has that step",
    "co_answered": "no co-agency is at work on its part",
    "leads": "the procedure knows leads and co-agencies, and this agency leads",
    "other_hand": "somebody else submitted the result, or the procedure lets one "
    "person do both",
    "emergency": "its report is an emergency",
    "extension_known": "the procedure knows extensions",
    "no_extension_asked": "no extension waits for the Centre's answer",
    "penalty_known": "the procedure knows administrative penalties",
    "no_penalty": "none is under way or asked for",
    "penalty_asked": "one has been asked for",
    "penalty_of_another": "somebody else asked for it, or the procedure lets one "
    "person do both",
    "penalty_going": "one is under way or asked for",
    "penalty_undecided": "one was confirmed, and no decision is noted yet",
    "penalty_unexecuted": "its decision is noted, its execution is not",
    "promise_open": "its result commits to a date, and the work is not done yet",
    "question_open": "a question about its result waits for an answer",
    "identity_not_asked": "no earlier request of its agency waits for an answer",
    "not_urged_today": "nobody has urged it today",
    # Cases, see `case_transitions`
    "data_kept": "the citizen's data has not been deleted",
    "data_unrestricted": "the citizen has not had the use of the own data restricted",
    "lookable": "the citizen has not had the use of the own data restricted, or it "
    "rests on the law",
    "answer_in_time": "the citizen's time to answer, if asked, has not passed",
    "authority_asks": "an authority asked for it in writing",
    "asked_by_another": "somebody else wrote the request down",
    "by_consent": "it rests on the citizen's consent",
    "access_in_force": "the time to look still runs",
    "not_extended": "the time has not been extended already",
    "time_left": "the time to fulfil it has not passed",
    "consent_runs": "the time for which it was agreed to still runs",
    "work_goes_on": "the work that it is about has not ended",
    "found_by_another": "somebody else found it",
    "sent_by_another": "somebody else sent what it is about",
    "answer_public": "the answer that it is about is public",
    "question_unmarked": "it was not found in violation already",
    "follow_up_unmarked": "it was not found in violation already",
    "finding_possible": "its report, or the question that it was, allows a finding",
    "for_another": "somebody else looks",
    "answer_owed": "an agency that one leads has not answered it yet",
    "deletable": "it asks for no deletion, or nothing stands against it",
    # Periodic reports
    "nothing_going_on": "nothing of it is being counted or printed",
    "drafted_by_another": "somebody else counted or wrote last",
    "files_missing": "its files are not there, nor being made",
    "not_replaced": "no report that takes its place has been opened",
    "on_demand": "somebody opened it on demand: what opens by itself is owed",
}

# Those that ask who acts: refused as a matter of rights.
PERSONAL = frozenset(
    {
        *("other_hand", "penalty_of_another", "asked_by_another", "not_secret"),
        *("found_by_another", "sent_by_another", "for_another"),
        "drafted_by_another",
    }
)
