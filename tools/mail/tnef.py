"""``winmail.dat``: texts and files that Outlook packed in a way of its own (MS-OXTNEF).

`tnefparse` believes the counts that it reads: one number of a forged file keeps it busy
for hours. It works in a process of its own, with little memory and little time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import NamedTuple

KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
NAME = "winmail.dat"
SECONDS = 60
READER = str(Path(__file__).with_name("tnef_reader.py"))


class Packed(NamedTuple):
    """What such a file holds.

    :param text: "" where there is none that can be read
    :param html: "" likewise
    :param files: list of (name, bytes)
    """

    text: str
    html: str
    files: list


def unpack(data: bytes) -> Packed | None:
    """Read such a file.

    :return: None where it cannot be read, or holds words in a form that is not read
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", READER],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        read = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    files = [(name, b64decode(content)) for name, content in read["files"]]
    if not (read["text"] or read["html"] or files) or read["unread"]:
        return None
    return Packed(read["text"], read["html"], files)
