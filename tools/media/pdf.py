"""PDF files written anew, without who made them, when and with what."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from .kinds import MediaError, Withheld

_logger = logging.getLogger(__name__)

PDF = "application/pdf"
PROGRAM = Path(__file__).with_name("pdf_rewrite.py")
# Bytes and seconds that one file may take: a scan of 100 pages takes 2 seconds.
MEMORY = 1024 * 1024 * 1024
SECONDS = 20
# A file of pages without pictures may grow a little, one that grows more is a bomb.
MOST_GROWTH = 10 * 1024 * 1024
# What no file of pages is without.
OBJECT = b"endobj"
DONE, LOCKED, BROKEN, CHANGED = 0, 3, 4, 5


def clean_pdf(data: bytes) -> bytes:
    """Return the same pages without author, title, dates and programs.

    Gone are the document's information, XMP, embedded files, scripts, form data of XFA,
    signatures, authors and dates of annotations, earlier versions of changed pages, and
    what cameras noted in photographs. What is drawn on the pages stays as it was to the
    byte. A file that is locked only against changes is unlocked. It is done by a
    process of its own, with bounds on its memory and time.

    :raise MediaError: broken, where there is nothing of a document.
    :raise Withheld: locked, changed (or too damaged to tell), too_complex.
    """
    # The libraries lie where this process finds them.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, str(PROGRAM), str(MEMORY), str(SECONDS)],
            input=data,
            capture_output=True,
            env=environment,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Withheld("too_complex", PDF) from error
    if done.returncode == DONE and len(done.stdout) <= len(data) + MOST_GROWTH:
        return done.stdout
    if done.returncode == BROKEN and OBJECT not in data:
        raise MediaError("broken", PDF)
    if done.returncode == BROKEN:
        # Other programs may make more of it than ours.
        raise Withheld("changed", PDF)
    if done.returncode in (LOCKED, CHANGED):
        raise Withheld("locked" if done.returncode == LOCKED else "changed", PDF)
    _logger.warning(
        "A PDF of %d bytes could not be rewritten (exit %d): %s",
        len(data),
        done.returncode,
        done.stderr[-300:].decode("utf-8", "replace"),
    )
    raise Withheld("too_complex", PDF)
