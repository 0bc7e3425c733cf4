"""Whose failure an error is, and what callers are told of ours.

Other apps' errors are nobody's business here: what they carry for their own screens
(tracebacks, arguments, the action of a redirection) is left to the byte.
"""

import json
from html import escape, unescape
from pathlib import Path

import psycopg2
from werkzeug.exceptions import HTTPException

from odoo.exceptions import RedirectWarning, UserError
from odoo.http import SessionExpiredException
from odoo.models import BaseModel

from ..ground.ours import is_our_model

HERE = str(Path(__file__).resolve().parents[2])
# Errors whose words are meant for whoever called.
TOLD = (UserError, RedirectWarning, HTTPException, SessionExpiredException)


def is_our_failure(error):
    """Whether a failure came out of this module: its models, its code, its tables.

    What merely passes through what this module adds to Odoo's models is not ours.
    """
    return any(_is_our_failure_itself(link) for link in _chain(error))


def cause(error):
    """The failure that a route has wrapped into an answer of its own, or itself."""
    is_wrapped = isinstance(error, HTTPException) and error.__cause__
    return error.__cause__ if is_wrapped else error


def plain(details, error, words):
    """Take out of the details of an error what is for developers.

    :param details: dict, as `odoo.http.serialize_exception` makes it
    :param words: what callers are told of a failure that has none for them
    :return: another dict
    """
    told = {} if isinstance(error, TOLD) else {"message": words, "arguments": [words]}
    return {**details, "debug": "", **told}


def plain_json(text, error, words):
    """The same for the body of an answer: JSON, escaped as HTML or not."""
    is_escaped = not text.lstrip().startswith('{"')
    body = json.loads(unescape(text) if is_escaped else text)
    nested = body.get("error", body)  # JSON-RPC has an envelope
    if "data" in nested:
        nested["data"] = plain(nested["data"], error, words)
    else:
        body = plain(body, error, words)
    text = json.dumps(body)
    return escape(text) if is_escaped else text


def _chain(error):
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden
    return seen


def _is_our_failure_itself(error):
    if isinstance(error, psycopg2.Error):
        table = error.diag.table_name or ""
        if table.startswith("civic_"):
            return True
    frame, step = None, error.__traceback__
    while step:
        frame, step = step.tb_frame, step.tb_next
        if _works_on_ours(frame):
            return True
    return bool(frame) and _is_our_code(frame)  # where it was raised


def _is_our_code(frame):
    return frame.f_code.co_filename.startswith(f"{HERE}/")


def _works_on_ours(frame):
    """Whether a step of the way worked on records of ours.

    In this module's own extensions of Odoo's models only the records that they were
    called on count: they look at our tables whoever's the work is.
    """
    values = frame.f_locals
    if _is_our_code(frame):
        return is_our_model(values.get("self"))
    # The values of a page or letter are one level deeper.
    given = values.get("values")
    found = [*values.values(), *(given.values() if isinstance(given, dict) else ())]
    return any(isinstance(value, BaseModel) and is_our_model(value) for value in found)
