"""Mail as it comes in, read without trusting any of it.

Whatever is wrong with a mail, reading it gives what can be read and says what could
not; nothing is ever fetched from elsewhere.

``head``      who writes to whom about what, and whether a person does
``body``      its parts: texts to choose from, files
``page``      an HTML text in words
``quotes``    what an answer repeats, and the signature below it
``delivery``  what a mail server says of a message of ours
``tnef``      ``winmail.dat``, into which Outlook packs texts and files
"""

from __future__ import annotations

from email import message_from_bytes

from .body import Body, MailFile
from .delivery import Delivery
from .head import (
    GIVES_UP,
    OWN,
    REPORT_CODE,
    TOKEN,
    Head,
    Mail,
    is_unanswerable,
    read_head,
    tokens_within,
)
from .page import html_text
from .quotes import answer_of, without_signature


def read(raw: bytes) -> Mail:
    """Read a mail, however it is made."""
    mail = read_head(raw)
    try:
        message = message_from_bytes(raw)
        Body(mail).gather(message)
        mail.deliveries = Delivery.all_of(message)
    except GIVES_UP:
        # The parser of Python gives up in many ways on what is made to break it.
        mail.problems.add("broken")
    return mail
