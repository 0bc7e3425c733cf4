"""Whether the events of a log were recorded when they say that they happened.

Whoever writes the database can add an event and date it back, "answered in time". What
gives it away is its place: after what was recorded or closed later. An event may be
older than its record only where a whole older case was entered: its first event is
old, and an `import` event of the same hour ends what may be so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .event_log import Event

# By how much an entry may be older than one before it: long transactions, crons that
# stood still.
TOLERANCE = timedelta(hours=1)
# Written by one transaction over a whole province, and recorded as of its begin.
LONG, LONG_TOLERANCE = frozenset({"merge"}), timedelta(days=1)
# What ends the history of an older case that was entered whole.
IMPORTED = "import"

Say = Callable[[str, "Event", str], None]


@dataclass(slots=True)
class Story:
    """When a report was begun, and its events that wait for an `import` event.

    :param held: none where no event may be older than its record (any more)
    """

    begun: datetime
    held: list[Event] | None


class Times:
    """Compares moments while a log is read.

    Memory grows with the number of reports, and with events that nothing explains.

    :param say: what is told of a fault: kind, event, words
    :param begun: when the first event of the log was recorded, where that is not read
    """

    def __init__(self, say: Say, begun: datetime | None = None):
        self.imported = 0  # events of older cases,
        self.cases = 0  # and how many these are
        self.first: list[Event] = []  # late ones, from before work began
        self._say = say
        self._begun = begun
        self._newest = datetime.min
        self._stories: dict[int, Story] = {}

    def closed(self, when: datetime) -> None:
        """What follows was recorded after this moment: a root was closed."""
        self._newest = max(self._newest, when)

    def add(self, event: Event, horizon: datetime | None = None) -> None:
        """Compare the moments of the next event.

        :param horizon: when the first root that holds it was closed
        """
        recorded = event.create_date
        tolerance = LONG_TOLERANCE if event.code in LONG else TOLERANCE
        if self._begun is None:
            self._begun = recorded
        is_late = event.at < recorded - TOLERANCE
        story = self._stories.get(event.report_id)
        if not story:
            story = Story(recorded, [] if is_late else None)
            self._stories[event.report_id] = story
        if horizon and recorded > horizon + TOLERANCE:
            self._say(
                "ahead",
                event,
                f"recorded {_text(recorded)}, it says, but it is under a root that "
                f"was closed {_text(horizon)}",
            )
            return  # a clock that was wrong makes nothing else wrong
        if self._newest > recorded + tolerance:
            self._say(
                "backdated",
                event,
                f"recorded {_text(recorded)}, it says, but its place is after what "
                f"was recorded or closed {_text(self._newest)}",
            )
        elif is_late:
            self._hold(event, story)
        elif event.at > recorded + tolerance:
            self._say(
                "ahead",
                event,
                f"at {_text(event.at)}, it says, but it was recorded before, "
                f"{_text(recorded)}",
            )
        elif event.code == IMPORTED:
            self._release(event, story)
        self._newest = max(self._newest, recorded)

    def _hold(self, event: Event, story: Story) -> None:
        if story.held is not None and event.create_date <= story.begun + TOLERANCE:
            story.held.append(event)
        else:
            self._unexplained(event)

    def _release(self, event: Event, story: Story) -> None:
        if story.held and event.create_date <= story.begun + TOLERANCE:
            self.imported += len(story.held)
            self.cases += 1
            story.held = None

    def _unexplained(self, event: Event) -> None:
        # Demo data are told in the past, before anybody works.
        if self._begun and event.create_date <= self._begun + TOLERANCE:
            self.first.append(event)
            return
        self._say(
            "backdated",
            event,
            f"at {_text(event.at)}, it says, but it was recorded "
            f"{_text(event.create_date)}, and is of no older case brought in whole",
        )

    def finish(self) -> None:
        """Tell what nothing has explained."""
        for story in self._stories.values():
            for event in story.held or ():
                self._unexplained(event)
            story.held = None


class PartTimes(Times):
    """Compares the moments of a part of a log, of which the begin is not at hand.

    What is older than its record is not judged: `doubtful` has its reports.
    """

    def __init__(self, say: Say):
        super().__init__(say)
        self.doubtful: set[int] = set()

    def _hold(self, event: Event, _story: Story) -> None:
        self.doubtful.add(event.report_id)


def _text(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"
