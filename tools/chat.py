"""Chats: several short messages that together are one report.

A provider's module (:mod:`.zalo`, :mod:`.facebook`, :mod:`.sms_in`) reads one event
into a :class:`Message`; :func:`gather` makes a :class:`Draft` of those of one sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .text import clean, decimal_number, fold

# What a message says by which its sender ends the report, and nothing else.
ENDS = frozenset({"gui", "gui di", "xong", "xong roi", "het", "send", "done"})
# What it says, and nothing else, who is asked whether somebody is in danger.
ANSWERS = {
    **dict.fromkeys(("1", "co", "co a", "da co", "yes", "1 co"), True),
    **dict.fromkeys(("2", "khong", "khong a", "k", "ko", "no", "2 khong"), False),
}


@dataclass(frozen=True)
class Message:
    """One event of a chat.

    :param event_id: what the provider calls it
    :param kind: message, edited, retracted; "" for everything else (followed, seen …)
    :param sender: the provider's id of the person; "" where it names none
    :param about: id of the message that was edited or retracted
    :param media: addresses of pictures, recordings and files
    :param unread: what of it cannot be read: sticker, contact, link …
    """

    event_id: str
    kind: str = ""
    sender: str = ""
    sent_at: datetime | None = None
    text: str = ""
    media: tuple = ()
    latitude: float | None = None
    longitude: float | None = None
    about: str = ""
    unread: tuple = ()

    @property
    def ends(self) -> bool:
        """Whether it says no more than that the report is to be sent."""
        return not self.media and self._bare in ENDS

    @property
    def answer(self) -> bool | None:
        """What it answers to the question whether somebody is in danger, if it does."""
        return None if self.media else ANSWERS.get(self._bare)

    @property
    def _bare(self) -> str:
        words = re.sub(r"[^\w\s]", " ", fold(self.text))
        return " ".join(words.split())


@dataclass
class Draft:
    """What the messages of one sender say together."""

    texts: list = field(default_factory=list)
    media: list = field(default_factory=list)
    latitude: float | None = None
    longitude: float | None = None
    unread: set = field(default_factory=set)
    retracted: int = 0

    @property
    def text(self) -> str:
        return clean("\n".join(self.texts))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to report: a sticker, a message taken back."""
        return not (self.text or self.media or self.latitude is not None)


def conversations(
    messages: Iterable[Message], window: timedelta
) -> list[list[Message]]:
    """Part one sender's messages where they wrote that it is all, or were silent for
    longer than a while.

    :param window: for how long
    """
    parts: list[list[Message]] = []
    last = None
    for row in sorted(messages, key=_when):
        if last is None or last.ends or _when(row)[0] - _when(last)[0] > window:
            parts.append([])
        parts[-1].append(row)
        last = row
    return parts


def _when(message):
    return message.sent_at or datetime.min, message.event_id


def gather(messages: Iterable[Message]) -> Draft:
    """Put messages together as they were sent, whatever the order in which they came.

    What was edited stands as it is now; what was taken back is left out.
    """
    messages = sorted(messages, key=_when)
    gone = {row.about for row in messages if row.kind == "retracted"}
    edited = {row.about: row.text for row in messages if row.kind == "edited"}
    known = {row.event_id for row in messages if row.kind == "message"}
    draft = Draft(retracted=len(gone & known))
    for row in messages:
        # The message that was edited may have become a report before.
        late_edit = row.kind == "edited" and row.about not in known
        if row.event_id in gone or not (row.kind == "message" or late_edit):
            continue
        text = edited.get(row.event_id, row.text)
        if not row.ends and text:
            draft.texts.append(text)
        draft.media += [url for url in row.media if url not in draft.media]
        draft.unread.update(row.unread)
        if row.latitude is not None:
            draft.latitude, draft.longitude = row.latitude, row.longitude
    return draft


def coordinates(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Return a position on the map, or None: 0/0 is a device that did not know."""
    try:
        place = decimal_number(latitude), decimal_number(longitude)
    except ValueError:
        return None
    on_map = -90 <= place[0] <= 90 and -180 <= place[1] <= 180
    return place if on_map and place != (0, 0) else None
