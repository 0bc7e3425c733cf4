"""What a mail server says of a message of ours (RFC 3464)."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

# A permanent refusal, in the words of a server that writes no report: "550 …", "5.1.1".
PERMANENT = re.compile(r"(?<![\d.])(?:5\.\d{1,3}\.\d{1,3}|55[0-9])(?![\d.])")
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
MAX_WORDS = 20_000
MAX_RECIPIENTS = 20


class Delivery(NamedTuple):
    """What became of a message for one recipient.

    :param action: failed, delayed, delivered, relayed or expanded; "" if not said
    :param status: such as 5.1.1; "" if not said
    """

    action: str
    status: str

    @classmethod
    def all_of(cls, message: Message) -> list[Delivery]:
        """What a report of delivery says, empty for any other mail."""
        if message.get_content_type() != "multipart/report":
            return []
        return [
            cls(_word(block, "action"), _word(block, "status"))
            for part in message.walk()
            if part.get_content_type() == "message/delivery-status"
            and part.is_multipart()
            for block in part.get_payload()
            if block.get("action") or block.get("status")
        ][:MAX_RECIPIENTS]

    @property
    def has_failed(self) -> bool:
        if self.action in ACTIONS:
            return self.action == "failed"
        return self.status.startswith("5.")  # servers have words of their own


def is_permanent(text: str) -> bool:
    """Whether a mail server that writes no report refuses for good."""
    return bool(PERMANENT.search(text[:MAX_WORDS]))


def _word(block, name):
    """The first word of a field, without the comment that may follow."""
    return next(iter(re.findall(r"[\w.-]+", str(block.get(name) or ""))), "").lower()
