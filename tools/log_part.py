"""Checking a part of a log by itself: rows against their hashes, hashes against tiles.

A log of millions is not read whole each night. A part begins at a tile; what came
before it is asked for, report by report.
"""

from __future__ import annotations

from collections.abc import Iterable

from .event_log import Checker, Event, Found, Root, horizons
from .log_times import PartTimes, Times
from .merkle import TILE, Frontier


class PartChecker(Checker):
    """Reads the events of a part in the order of their places.

    :param first: its first place, a multiple of `TILE`
    :param begun: the first event of the log
    :param before: the event before the part, where there is one
    :param roots: kept roots that hold it, for the moments at which they were closed
    """

    def __init__(
        self,
        first: int,
        begun: Event,
        before: Event | None,
        roots: Iterable[Root] = (),
        most: int = 20,
    ):
        super().__init__(most=most)
        self._horizons = horizons(roots)
        self._told: set[tuple[str, int]] = set()
        self._times = self._part_times = PartTimes(self._fault_of)
        self._begun = begun.create_date
        if before:
            self._times.closed(before.create_date)
        self._first = self._place = first
        self._tile = Frontier()
        self._tiles: dict[int, str] = {}

    def unknown(self, events: Iterable[Event]) -> set[int]:
        """Reports of events of which nothing was read yet."""
        return {event.report_id for event in events} - self._last.keys()

    def know(self, last: dict[int, str], tiles: dict[int, str]) -> None:
        """Take in what the next events are compared with.

        :param last: report → hash of its last event before them
        :param tiles: number of a tile → its root, as it is kept
        """
        self._last |= last
        self._tiles |= tiles

    def add(self, events: Iterable[Event]) -> None:
        """Check the next events."""
        for event in events:
            self._add(event)

    def _fault_of(self, kind: str, event: Event, words: str) -> None:
        if (kind, event.id) in self._told:
            return None
        self._told.add((kind, event.id))
        return super()._fault_of(kind, event, words)

    def _append(self, hashed: bytes) -> None:
        self._place += 1
        self._tile.append(hashed)
        number, rest = divmod(self._place, TILE)
        if rest:
            return
        if self._tile.root().hex() != self._tiles.get(number - 1):
            self._fault(
                "root",
                f"the hashes from place {self._place - TILE} up to {self._place} are "
                "not those under their kept root",
            )
        self._tile = Frontier()

    def wanting(self) -> set[int]:
        """Reports of which notes are gone, and no deletion was read yet."""
        return set(self._wanting)

    def explain(self, later: Iterable[Event]) -> None:
        """Take in what stands after the part, of reports that are `wanting`."""
        for event in later:
            bare = event._replace(note=None, note_salt=None, note_digest=None)
            self._check_note(bare)

    def doubtful(self) -> set[int]:
        """Reports of which events are older than their record."""
        return self._part_times.doubtful

    def judge(self, whole: Iterable[Event]) -> None:
        """Take in all events of reports that are `doubtful`, report by report."""

        def say(kind: str, event: Event, words: str) -> None:
            # The others are told of with their own parts.
            index = event.leaf_index
            if index is not None and self._first <= index < self._place:
                self._fault_of(kind, event, words)

        report, times = None, None
        for event in whole:
            if event.report_id != report:
                if times:
                    times.finish()
                report, times = event.report_id, Times(say, self._begun)
            times.add(event)
        if times:
            times.finish()

    def finish(self) -> Found:
        """What was found."""
        return self._finish()
