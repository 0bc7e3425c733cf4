"""What a switchboard says of a call, in whatever order it comes."""

import unittest
from datetime import datetime, timedelta
from types import SimpleNamespace

from ...tools.pbx import Call, progress

NOW = datetime(2026, 3, 6, 9)
RANG, TOOK, HUNG = (NOW - timedelta(minutes=minutes) for minutes in (5, 4, 1))
RINGING = {"phase": "ringing", "extension": "101"}
ANSWERED = {"phase": "answered", "extension": "102", "answered_at": TOOK}
ENDED = {**ANSWERED, "phase": "ended", "ended_at": HUNG}


def call(**known):
    nothing = dict.fromkeys(("phase", "extension", "answered_at", "ended_at"), False)
    return SimpleNamespace(**{**nothing, **known})


def event(phase, **values):
    return Call("call-1", phase, **values)


class TestProgress(unittest.TestCase):
    def test_what_an_event_changes(self):
        rows = [
            # the call so far, the event, what changes
            ({}, event("ringing", extension="101"), RINGING),
            ({}, event("ringing"), {"phase": "ringing"}),
            (RINGING, event("ringing", extension="103"), {}),
            (
                RINGING,
                event("answered", extension="102", at=TOOK),
                ANSWERED,
            ),
            (RINGING, event("answered"), {"phase": "answered", "answered_at": NOW}),
            (
                RINGING,
                event("answered", answered_at=TOOK, at=HUNG),
                {"phase": "answered", "answered_at": TOOK},
            ),
            (ANSWERED, event("answered", at=HUNG), {}),
            (ANSWERED, event("ringing", extension="101", answered_at=HUNG), {}),
            (
                ANSWERED,
                event("ended", ended_at=HUNG, duration=180),
                {"phase": "ended", "ended_at": HUNG, "duration": 180},
            ),
            (ANSWERED, event("ended", at=HUNG), {"phase": "ended", "ended_at": HUNG}),
            # Nobody took it; when it ended is not told.
            (RINGING, event("ended"), {"phase": "ended", "ended_at": NOW}),
            # The end comes first, then what lay before it.
            (
                {},
                event("ended", answered_at=TOOK, ended_at=HUNG, extension="102"),
                ENDED,
            ),
            (ENDED, event("answered", at=RANG), {}),
            (ENDED, event("ringing", at=RANG), {}),
            (
                {"phase": "ended", "ended_at": HUNG},
                event("answered", at=TOOK, extension="102"),
                {"answered_at": TOOK, "extension": "102"},
            ),
            # The record of the call corrects its length alone.
            (ENDED, event("ended", ended_at=NOW, duration=175), {"duration": 175}),
        ]
        for number, (known, said, changes) in enumerate(rows):
            with self.subTest(number):
                self.assertEqual(progress(call(**known), said, NOW), changes)
