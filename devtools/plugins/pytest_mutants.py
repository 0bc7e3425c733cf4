"""Pytest plugin: Odoo, the registry and all tests are loaded once; then each fault is
tried in a fork of it.

One fault is a line of JSON on the descriptor CIVIC_FAULTS: `file`, `source` (with the
fault; null: none), `tests` (names of tests or of whole classes, in order) and `seconds`
that they may take. One answer is a line on CIVIC_ANSWERS: `result` (killed, survived,
late, or unfit: it cannot be put into what is loaded), `test` that saw it, `ran`,
`seconds`, and `wrote`: whether a transaction was committed, so that the database is
another one now.
"""

import gc
import json
import os
import signal
import threading
import time
import types
from collections import defaultdict

import pytest

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests.common import get_db_name

FAULTS = int(os.environ["CIVIC_FAULTS"])
ANSWERS = int(os.environ["CIVIC_ANSWERS"])
WROTE = threading.Event()


class Unfit(Exception):
    """The fault is not inside of a function that is loaded."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    if session.testsfailed:  # while they were collected
        return None
    threading.current_thread().testing = True
    Registry(get_db_name())
    server.load_server_wide_modules()
    tests = defaultdict(list)
    for item in session.items:
        tests[item.nodeid].append(item)
        tests[item.nodeid.rpartition("::")[0]].append(item)
    _answer({"ready": len(session.items)})
    for line in os.fdopen(FAULTS):
        _answer(_try(session, tests, json.loads(line)))
    return True


def _answer(values):
    os.write(ANSWERS, json.dumps(values).encode() + b"\n")


def _try(session, tests, fault):
    """Fork, and wait no longer than `seconds`."""
    sql_db.close_all()  # no two processes may speak on one connection
    started = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        try:
            said = _run(session, tests, fault)
        except Unfit as error:
            said = {"result": "unfit", "why": str(error)}
        except BaseException as error:
            said = {"result": "killed", "test": repr(error)}
        os.write(writing, json.dumps({**said, "wrote": WROTE.is_set()}).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = _wait(child, pipe, started + fault["seconds"])
    return {**said, "seconds": round(time.monotonic() - started, 1)}


def _wait(child, pipe, until):
    parent = os.getppid()
    while time.monotonic() < until and os.getppid() == parent:
        done, _status = os.waitpid(child, os.WNOHANG)
        if done:
            text = pipe.read()
            # Without a word: it crashed.
            return json.loads(text) if text else {"result": "killed", "wrote": True}
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return {"result": "late", "wrote": True}


def _run(session, tests, fault):
    _watch_commits()
    if fault["source"] is not None:
        _put(fault["file"], fault["source"])
    items = [item for name in fault["tests"] for item in tests.get(name, ())]
    for ran, item in enumerate(items, 1):
        following = items[ran] if ran < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return {"result": "killed", "test": item.nodeid, "ran": ran}
    return {"result": "survived", "ran": len(items)}


def _watch_commits():
    commit = sql_db.Cursor.commit

    def watched(cursor):
        cursor.execute("SELECT pg_current_xact_id_if_assigned()")
        if cursor.fetchone()[0]:
            WROTE.set()
        return commit(cursor)

    sql_db.Cursor.commit = watched


def _put(file, source):
    """Give the functions that are loaded from a file the code of the faulty source.

    :raises Unfit: where that would not be the whole fault
    """
    with open(file) as stream:
        sound = compile(stream.read(), file, "exec", dont_inherit=True)
    pairs = list(_differing(sound, compile(source, file, "exec", dont_inherit=True)))
    functions = [each for each in gc.get_objects() if type(each) is types.FunctionType]
    found = False
    for old, new in pairs:
        for function in functions:
            if function.__code__ == old:
                if old.co_freevars != new.co_freevars:
                    raise Unfit("it closes over other names")
                function.__code__ = new
                found = True
    if not found:
        raise Unfit("no such function is loaded")


def _differing(old, new):
    """Yield pairs of code that differ, from functions inwards.

    Of a module and a class only what is defined in them may differ.
    """
    inner, outer = _parts(old), _parts(new)
    is_function = bool(old.co_flags & 0x2)  # CO_NEWLOCALS
    if is_function:
        yield old, new
    if len(inner) != len(outer):
        if not is_function:
            raise Unfit("it defines something else")
        return
    for before, after in zip(inner, outer, strict=True):
        if before != after:
            yield from _differing(before, after)


def _parts(code):
    return [each for each in code.co_consts if isinstance(each, types.CodeType)]
