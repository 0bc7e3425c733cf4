"""Runs alone: reads a ``winmail.dat`` from its input, writes JSON; see `tnef`."""

import json
import logging
import resource
import sys
from base64 import b64encode

MEMORY = 1024**3
SECONDS = 5


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable(logging.CRITICAL)
    from tnefparse import TNEF  # after the limits: it is what they are for

    packed = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    text, html = as_text(packed, packed.body), as_text(packed, packed.htmlbody)
    found = {
        "text": text,
        "html": html,
        "files": [
            (str(file.long_filename()), b64encode(file.data).decode())
            for file in packed.attachments
            if isinstance(file.data, bytes) and file.data
        ],
        # Compressed rich text: another format again.
        "unread": bool(packed._rtfbody) and not (text or html),
    }
    json.dump(found, sys.stdout)


def as_text(packed, words):
    """Words that may be a list, and bytes in the code page of the whole."""
    if isinstance(words, list):
        words = words[0] if words else ""
    if isinstance(words, bytes):
        for charset in ("utf-8", packed.codepage or "cp1258", "latin-1"):
            try:
                words = words.decode(charset)
                break
            except (LookupError, UnicodeError):
                continue
    return (words or "").rstrip("\0")


if __name__ == "__main__":
    main()
