"""A draft tried on histories: by hand, and on random ones."""

import unittest
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...tools import rehearsal as engine
from ...tools.rehearsal import (
    IN_TIME,
    LATE,
    NONE,
    UNKNOWN,
    Limit,
    Tally,
    Terms,
    differences,
    joined,
)
from ..rig.hours import at, properties
from ..rig.rehearsal import AGENCY, CALENDAR, History, calendars, judged, terms

HUE = {
    "intake": (4, "working_hour"),
    "accept": (4, "working_hour"),
    "process": (6, "working_day"),
    "approve": (1, "working_day"),
    "publish": (4, "working_hour"),
}
# 2026-03-02 is a Monday.
MONDAY = at("2026-03-02 08:00")


def verdicts(rows, *codes):
    return [(row.then, row.draft) for row in rows if row.duty.code in codes]


def usual(old, days_to_handle=3):
    """A report that goes its way without trouble."""
    history = History(old, MONDAY).receive().later(1).dispatch().later(1)
    if old.accept_step:
        history.accept()
    if old.assigns("normal"):
        history.later(0.25).assign()
    return history.later(24 * days_to_handle).submit().later(2).approve()


class TestRehearsal(unittest.TestCase):
    def test_codes_are_those_of_the_table(self):
        from ...models.workflow import step, transitions  # noqa: PLC0415

        for name in ("HANDLING", "APPROVING", "RETURNING"):
            self.assertEqual(
                getattr(engine, name), set(getattr(transitions, name)), name
            )
        self.assertEqual(engine.OPTIONAL, step.OPTIONAL_CODES)

    def test_a_shorter_limit(self):
        history = usual(terms(HUE), 4)
        rows = judged(history, terms({**HUE, "process": (3, "working_day")}))
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, LATE)])
        self.assertEqual(verdicts(rows, "intake", "accept"), [(IN_TIME, IN_TIME)] * 2)

    def test_at_the_very_second_it_is_in_time(self):
        old = terms({"intake": (10, "hour")})
        for seconds, verdict in ((0, IN_TIME), (1, LATE)):
            history = History(old, MONDAY).receive()
            history.later(2 + seconds / 3600).end("intake")
            rows = judged(history, terms({"intake": (2, "hour")}))
            self.assertEqual(rows[0].draft, verdict)

    def test_grace_of_the_draft(self):
        history = History(terms({"intake": (1, "hour")}), MONDAY).receive().later(1.5)
        history.end("intake")
        for grace, verdict in ((0, LATE), (29, LATE), (30, IN_TIME)):
            rows = judged(history, terms({"intake": (1, "hour", grace)}))
            self.assertEqual(verdicts(rows, "intake"), [(LATE, verdict)])

    def test_what_one_of_both_does_not_limit(self):
        history = usual(terms({"process": (6, "working_day")}))
        rows = judged(history, terms({"intake": (30, "minute")}))
        self.assertEqual(verdicts(rows, "intake"), [(NONE, LATE)])
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, NONE)])

    def test_delay_in_taking_in_earns_no_time_by_the_draft_either(self):
        """Taken in after two days: by a draft of one hour for it, handling has counted
        since that hour."""
        old = terms(
            {**HUE, "accept": (3, "working_day"), "process": (2, "working_day")}
        )
        history = History(old, MONDAY).receive().dispatch().later(48).accept()
        history.later(47).submit()
        rows = judged(
            history, terms({**old.of("normal"), "accept": (1, "working_hour")})
        )
        self.assertEqual(verdicts(rows, "accept"), [(IN_TIME, LATE)])
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, LATE)])

    def test_handling_from_the_dispatch(self):
        old = terms({**HUE, "process": (2, "working_day")})
        history = History(old, MONDAY).receive().dispatch().later(3).accept()
        history.later(55).submit()  # on Wednesday at 18:00
        same = judged(history, old)
        self.assertEqual(verdicts(same, "process"), [(LATE, LATE)])
        history = History(old, at("2026-03-02 16:59")).receive().dispatch()
        history.later(16).accept().later(30).submit()
        rows = judged(history, terms(old.of("normal"), process_from_dispatch=True))
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, IN_TIME)])

    def test_without_taking_in_handling_counts_from_the_dispatch(self):
        old = terms(
            {**HUE, "accept": (3, "working_day"), "process": (2, "working_day")}
        )
        history = History(old, MONDAY).receive().dispatch().later(24).accept()
        history.later(46).submit()
        rows = judged(history, terms(old.of("normal"), accept_step=False))
        self.assertEqual(verdicts(rows, "accept"), [(IN_TIME, NONE)])
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, LATE)])

    def test_taking_in_that_nobody_did(self):
        """In time if handling is counted from the dispatch; late even if it is counted
        from the end of the time to take in; else it is not known."""
        old = terms(HUE, accept_step=False)
        draft = terms(
            {**HUE, "accept": (1, "working_day"), "process": (2, "working_day")}
        )
        for hours, verdict in ((50, IN_TIME), (74, UNKNOWN), (98, LATE)):
            history = History(old, MONDAY).receive().dispatch().later(hours).submit()
            rows = judged(history, draft)
            self.assertEqual(verdicts(rows, "process"), [(IN_TIME, verdict)], hours)

    def test_an_assignment_that_nobody_made(self):
        old = terms(HUE)
        draft = terms(
            {**HUE, "assign": (1, "working_day"), "process": (2, "working_day")},
            assign_step=True,
        )
        for hours, verdict in ((50, IN_TIME), (74, UNKNOWN), (98, LATE)):
            history = History(old, MONDAY).receive().dispatch().accept()
            history.later(hours).submit()
            rows = judged(history, draft)
            self.assertEqual(verdicts(rows, "process"), [(IN_TIME, verdict)], hours)

    def test_an_extension_stays_where_the_draft_knows_it(self):
        old = terms(HUE, extension_allowed=True)
        history = History(old, MONDAY).receive().dispatch().accept().later(72)
        history.extend(20).later(24 * 15).submit()
        tight = {**HUE, "process": (5, "working_day")}
        rows = judged(history, terms(tight, extension_allowed=True))
        # What was dropped in time by both is no duty fulfilled.
        self.assertEqual(verdicts(rows, "process"), [(NONE, NONE), (IN_TIME, IN_TIME)])
        rows = judged(history, terms(tight))
        self.assertEqual(verdicts(rows, "process"), [(NONE, NONE), (IN_TIME, LATE)])

    def test_late_before_it_was_extended(self):
        """What is late by now stays late, whatever ends it."""
        old = terms(HUE, extension_allowed=True)
        history = History(old, MONDAY).receive().dispatch().accept().later(72)
        history.extend(20).later(24).submit()
        draft = terms({**HUE, "process": (1, "working_day")}, extension_allowed=True)
        rows = judged(history, draft)
        self.assertEqual(
            verdicts(rows, "process"), [(IN_TIME, LATE), (IN_TIME, IN_TIME)]
        )

    def test_sent_back_goes_on_with_the_clock_that_it_had(self):
        history = History(terms(HUE), MONDAY).receive().dispatch().accept()
        history.later(24).submit().later(1).send_back().later(72).submit()
        rows = judged(history, terms({**HUE, "process": (2, "working_day")}))
        self.assertEqual(
            verdicts(rows, "process"), [(IN_TIME, IN_TIME), (IN_TIME, LATE)]
        )

    def test_what_stood_still_is_given_back(self):
        """A week with the Centre does not count against the agency."""
        history = usual(terms(HUE), 1).later(24 * 7).fix().later(2).submit()
        for days, verdict in ((6, IN_TIME), (2, IN_TIME), (0, LATE)):
            rows = judged(history, terms({**HUE, "process": (days, "working_day")}))
            self.assertEqual(verdicts(rows, "process")[-1], (IN_TIME, verdict), days)

    def test_penalty(self):
        """While it ran there was no limit; a draft that lifts none counts on."""
        old = terms(HUE, penalty_lifts_limit=True)
        history = History(old, MONDAY).receive().dispatch().accept().later(24)
        history.end("process", "dropped")
        history.open("process", 1)
        lifted = history.duties[-1]._replace(deadline=None, overdue_from=None)
        history.duties[-1] = lifted
        history.later(24 * 20).end("process")
        self.assertEqual(verdicts(judged(history, old), "process")[-1], (NONE, NONE))
        rows = judged(history, terms(HUE))
        self.assertEqual(verdicts(rows, "process")[-1], (NONE, LATE))

    def test_open_duties(self):
        """What is open and not due yet says nothing."""
        history = History(terms(HUE), MONDAY).receive().dispatch().accept().later(24)
        rows = judged(history, terms({**HUE, "process": (5, "working_day")}))
        self.assertEqual(verdicts(rows, "process"), [(NONE, NONE)])
        rows = judged(history, terms({**HUE, "process": (1, "hour")}))
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, LATE)])
        history.later(24 * 30)
        rows = judged(history, terms({**HUE, "process": (90, "working_day")}))
        self.assertEqual(verdicts(rows, "process"), [(LATE, IN_TIME)])

    def test_what_ends_after_the_moment_of_counting_is_open(self):
        history = usual(terms(HUE), 8)
        moment = history.duties[-3].started + timedelta(hours=1)
        rows = judged(history, terms({**HUE, "process": (1, "minute")}), at=moment)
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, LATE)])

    def test_not_owed_is_not_late(self):
        """An alarm, or a duty that only went on in another's place."""
        history = History(terms(HUE), MONDAY).receive().later(24)
        history.end("intake", "dropped")
        history.duties[-1] = history.duties[-1]._replace(late=False)
        rows = judged(history, terms({"intake": (1, "minute")}))
        self.assertEqual(verdicts(rows, "intake"), [(NONE, NONE)])

    def test_own_limits(self):
        history = usual(terms(HUE), 4)
        draft = terms({**HUE, "process": (10, "working_day")})
        own = {AGENCY: {0: (8, "working_day"), 5: (2, "working_day")}}
        trial = engine.Rehearsal(
            draft, calendars(), history.now, own_limits=own, trust=False
        )
        process = next(d for d in history.duties if d.code == "process")
        self.assertEqual(trial._limit(process, 0).amount, (8, "working_day"))
        # Of this category it would have been in force then: it was set later.
        self.assertEqual(
            engine.Rehearsal(
                draft, calendars(), history.now, own_limits=own, lines={5: (5,)}
            )
            ._limit(process, 5)
            .amount,
            (10, "working_day"),
        )
        mine = process._replace(own=True, value=4.0)
        self.assertEqual(trial._limit(mine, 0).amount, (4.0, "working_day"))
        hours = terms({**HUE, "process": (60, "working_hour")})
        trial = engine.Rehearsal(hours, calendars(), history.now, own_limits=own)
        self.assertEqual(trial._limit(mine, 0).amount, (60, "working_hour"))

    def test_a_calendar_without_work(self):
        """What cannot be counted is not late."""
        idle = engine.WorkingTime((), "Asia/Ho_Chi_Minh")
        office = calendars()
        none = engine.Calendars(
            lambda *_args: idle, {CALENDAR: "Asia/Ho_Chi_Minh"}, *_days(office)
        )
        history = usual(terms(HUE))
        draft = terms({**HUE, "process": (1, "working_day")})
        trial = engine.Rehearsal(draft, none, history.now)
        rows = trial.judge(history.duties, history.old)
        self.assertEqual(verdicts(rows, "process"), [(IN_TIME, NONE)])

    def test_terms_as_json(self):
        draft = terms(HUE, assign_step=True)
        self.assertEqual(Terms.from_json(draft.to_json()), draft)

    # ------------------------------------------------------------------
    # Emergencies
    # ------------------------------------------------------------------

    def urgent(self, **flags):
        limits = {"normal": {}, "emergency": {"intake": Limit(1, "hour")}}
        return Terms(limits, CALENDAR, **flags)

    def test_timed_from_verification(self):
        old = self.urgent()
        history = History(old, MONDAY)
        history.open("intake")
        history.duties[0] = history.duties[0]._replace(
            track="emergency",
            deadline=MONDAY + timedelta(hours=1),
            overdue_from=MONDAY + timedelta(hours=1),
            value=1,
            unit="hour",
        )
        history.later(3).end("intake")
        rows = judged(history, self.urgent(emergency_from_verification=True))
        self.assertEqual(verdicts(rows, "intake"), [(LATE, UNKNOWN)])
        self.assertEqual(
            verdicts(judged(history, self.urgent()), "intake"), [(LATE, LATE)]
        )


class TestTally(unittest.TestCase):
    def test_a_matter_is_late_where_a_duty_is(self):
        self.assertEqual(joined([IN_TIME, LATE, UNKNOWN]), LATE)
        self.assertEqual(joined([IN_TIME, UNKNOWN]), UNKNOWN)
        self.assertEqual(joined([IN_TIME, NONE]), IN_TIME)
        self.assertEqual(joined([]), NONE)

    def test_counts(self):
        history = usual(terms(HUE), 4)
        tally = Tally()
        draft = terms({**HUE, "process": (3, "working_day")})
        tally.add(judged(history, draft), category=5)
        tally.add(judged(history, draft), category=5, is_secret=True)
        self.assertEqual(tally.rows["whole", "", 0], [2, 2, 2, 0, 2, 0, 0])
        self.assertEqual(tally.rows["category", "", 5], [1, 1, 1, 0, 1, 0, 0])
        self.assertEqual(tally.rows["agency", "", AGENCY], [1, 1, 1, 0, 1, 0, 0])
        self.assertEqual(tally.rows["agency", "", 0], [1, 1, 1, 1, 0, 0, 0])
        self.assertEqual(tally.rows["step", "normal", "process"][4], 2)
        self.assertEqual(tally.usual_limit("normal", "process"), (6, "working_day"))

    def test_merged(self):
        history = usual(terms(HUE), 4)
        rows = judged(history, terms({**HUE, "process": (3, "working_day")}))
        one, two = Tally(), Tally()
        one.add(rows)
        two.merge(one.to_json())
        two.merge(one.to_json())
        one.add(rows)
        self.assertEqual((one.rows, one.limits), (two.rows, two.limits))

    def test_differences(self):
        old = terms({"intake": (4, "hour"), "process": (6, "working_day")})
        draft = terms(
            {
                "process": (5, "working_day"),
                "approve": (1, "hour"),
                "assign": (1, "hour"),
            },
            assign_step=True,
        )
        rows = differences(old, draft, lambda _track, code: code == "approve")
        kinds = {(kind, code) for kind, _track, code, _was, _will in rows}
        self.assertEqual(
            kinds,
            {
                ("less", "intake"),
                ("shorter", "process"),
                ("more", "approve"),
                ("unknown", "assign"),
                ("flag", "assign_step"),
            },
        )
        self.assertFalse(differences(old, old, lambda *_args: True))


def _days(found):
    return found._first, found._last


# --- properties -----------------------------------------------------------------------

limit = st.one_of(
    st.tuples(st.integers(0, 8), st.just("working_day")),
    st.tuples(st.integers(0, 40), st.just("working_hour")),
    st.tuples(st.integers(0, 100), st.just("hour"), st.integers(0, 90)),
    st.tuples(st.integers(0, 9), st.just("day")),
)
limits = st.fixed_dictionaries({}, optional=dict.fromkeys([*HUE, "assign"], limit))
flags = st.fixed_dictionaries(
    dict.fromkeys(
        ("accept_step", "assign_step", "process_from_dispatch"), st.booleans()
    )
)
hours = st.integers(0, 200).map(lambda quarters: quarters / 4)
acts = st.lists(
    st.tuples(st.sampled_from(("extend", "send_back", "fix")), hours, hours, hours),
    max_size=3,
)


def play(old, start, waits, acts):
    """A random history: taking in, extensions, rounds with leader and Centre."""
    history = History(old, at("2026-03-02 00:00") + timedelta(hours=start))
    history.receive().later(waits[0]).dispatch()
    if old.accept_step:
        history.later(waits[1]).accept()
    if old.assigns("normal"):
        history.later(waits[2]).assign()
    for name, one, two, three in acts:
        if name == "extend":
            history.later(one).extend(5 + round(two) // 4)
        elif name == "send_back":
            history.later(one).submit().later(two).send_back()
        else:
            history.later(one).submit().later(two).approve().later(three).fix()
    return history.later(waits[3]).submit().later(waits[4]).approve().later(1).publish()


histories = (
    st.integers(0, 300).map(lambda quarters: quarters / 4),
    st.tuples(hours, hours, hours, hours, hours),
    acts,
)


class TestProperties(unittest.TestCase):
    @properties
    @given(limits, flags, *histories)
    def test_the_same_figures_give_the_same_lateness(
        self, figures, chosen, start, waits, acts
    ):
        """Counted anew, nothing taken as it was: the engine times as the door does."""
        old = terms(figures, extension_allowed=True, **chosen)
        for row in judged(play(old, start, waits, acts), old):
            self.assertEqual(row.draft, row.then, row.duty)

    @properties
    @given(limits, flags, *histories)
    def test_longer_limits_make_nothing_late(self, figures, chosen, start, waits, acts):
        old = terms(figures, extension_allowed=True, **chosen)
        longer = {code: (row[0] + 2, *row[1:]) for code, row in figures.items()}
        draft = terms(longer, extension_allowed=True, **chosen)
        for row in judged(play(old, start, waits, acts), draft):
            if row.then != LATE:
                self.assertNotEqual(row.draft, LATE, row.duty)

    @properties
    @given(limits, limits, flags, flags, *histories)
    def test_any_draft_can_be_tried(
        self, figures, others, chosen, changed, start, waits, acts
    ):
        """Counts fit together, whatever differs."""
        old = terms(figures, extension_allowed=True, **chosen)
        tally = Tally()
        tally.add(judged(play(old, start, waits, acts), terms(others, **changed)))
        for key, row in tally.rows.items():
            then, then_on, draft, draft_on, lost, won, unknown = row
            self.assertLessEqual(then_on, then, key)
            self.assertLessEqual(draft_on, draft, key)
            self.assertLessEqual(lost, draft - draft_on, key)
            self.assertLessEqual(won, then - then_on, key)
            self.assertTrue(any(row), key)
            self.assertGreaterEqual(unknown, 0)
