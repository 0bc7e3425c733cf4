"""A server of its own on a copy of the database, for what transactions cannot show:
clients that act at the same moment, processes that are killed, files that are full.
"""

import contextlib
import http.cookiejar
import itertools
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from lxml import html

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.db import _create_empty_database
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config, mute_logger
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from .common import UNTOUCHED, Province, local_text, quick_passwords

START_SECONDS = 90
# Database → sequences of its registry as it was loaded.
_LOADED = {}
PASSWORD = "civic-live-password"


# ----------------------------------------------------------------------
# Databases
# ----------------------------------------------------------------------


def dump(database, path):
    """What an administrator's backup does, while people work on."""
    _pg("pg_dump", "--no-owner", "-Fc", "-Z0", "-f", path, database)


def restore(path, database):
    """Put a backup into a new database, as the administrator's page says."""
    _create_empty_database(database)
    # The functions behind two indexes are made by the line above.
    _pg("pg_restore", "--no-owner", "-j2", "-d", database, path)


def copy(target):
    """Make a database like the one of the tests, and its filestore."""
    if UNTOUCHED:
        with _postgres() as cr:
            names = map(SQL.identifier, (target, UNTOUCHED))
            query = "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY"
            cr.execute(SQL(query, *names))
    else:
        backup = Path(config["data_dir"]) / f"{target}.dump"
        dump(get_db_name(), backup)
        restore(backup, target)
        backup.unlink()
    copy_filestore(UNTOUCHED or get_db_name(), target)


def load(database):
    """The registry of another database."""
    # Loading it must not run the tests of what it loads.
    with patch.dict(config.options, {"test_enable": False}):
        return Registry(database)


def copy_filestore(source, target):
    source, target = config.filestore(source), config.filestore(target)
    shutil.rmtree(target, ignore_errors=True)
    if os.path.isdir(source):
        shutil.copytree(source, target, copy_function=os.link)


def as_loaded(registry):
    """A registry whose database was replaced by another copy, as if it was new."""
    found = registry.registry_sequence, dict(registry.cache_sequences)
    registry.registry_sequence, sequences = _LOADED.setdefault(registry.db_name, found)
    registry.cache_sequences = dict(sequences)
    registry.registry_invalidated = False
    with mute_logger("odoo.orm.registry"):
        registry.clear_all_caches()
    registry.cache_invalidated.clear()
    return registry


def drop(database):
    Registry.delete(database)
    drop_rows(database)


def drop_rows(database):
    """Drop a database; its registry stays, for another copy of the same name."""
    sql_db.close_db(database)
    with _postgres() as cr:
        cr.execute(SQL("DROP DATABASE IF EXISTS %s (FORCE)", SQL.identifier(database)))
    shutil.rmtree(config.filestore(database), ignore_errors=True)


@contextlib.contextmanager
def _postgres():
    """A cursor outside all databases of ours, that commits each statement."""
    with contextlib.closing(sql_db.db_connect("postgres").cursor()) as cr:
        cr.rollback()
        cr._cnx.autocommit = True
        yield cr


def _pg(tool, *arguments):
    done = subprocess.run(
        [find_pg_tool(tool), *map(str, arguments)],
        env=exec_pg_environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{tool}: {done.stderr}")


# ----------------------------------------------------------------------
# Servers and clients
# ----------------------------------------------------------------------


class Server:
    """Odoo's server on a database, in a process of its own.

    :param workers: processes for requests; 0 for threads of one process
    :param crons: number of cron workers
    :param options: more options of the command line
    :param environment: more variables
    :param file_limit: largest file in bytes that it can write, as on a full disk
    """

    def __init__(
        self,
        database,
        *,
        workers=0,
        crons=0,
        options=(),
        environment=None,
        file_limit=None,
    ):
        self.database = database
        self.port = _free_port()
        self.log = Path(config["data_dir"]) / f"{database}-{self.port}.log"
        self.workers = workers
        self.crons = crons
        self.options = options
        self.environment = environment or {}
        self.file_limit = file_limit
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        arguments = {
            "addons-path": ",".join(config["addons_path"]),
            "data-dir": config["data_dir"],
            "db_host": config["db_host"],
            "db_port": config["db_port"],
            "db_user": config["db_user"],
            "database": self.database,
            "db-filter": f"^{self.database}$",
            "http-interface": "127.0.0.1",
            "http-port": self.port,
            "gevent-port": _free_port(),
            "workers": self.workers,
            "max-cron-threads": self.crons,
            "limit-time-real": 300,
            "logfile": self.log,
            "log-level": "warn",
        }
        command = [sys.executable, "-m", "odoo"]
        command += [f"--{name}={value}" for name, value in arguments.items() if value]
        command += [f"--max-cron-threads={self.crons}", "--no-database-list"]
        self.process = subprocess.Popen(
            [*map(str, command), "--unaccent", *self.options],
            env={**exec_pg_environ(), "PYTHONPATH": _odoo_home(), **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=self._limit_files if self.file_limit else None,
        )
        self._wait_until_up()

    def _limit_files(self):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_limit, self.file_limit))

    def _wait_until_up(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5),
            ):
                return
            time.sleep(0.1)
        log = self.log_text()[-3000:]
        self.stop()
        raise RuntimeError(f"the server did not start:\n{log}")

    def stop(self):
        """End it and everything it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.unlink(missing_ok=True)

    def kill_a_worker(self):
        """Kill one of the processes that answer requests, as a lack of memory does.

        :return: whether there was one
        """
        for pid in self._children():
            command = Path(f"/proc/{pid}/cmdline")
            with contextlib.suppress(OSError):
                if b"\0gevent\0" in command.read_bytes():
                    continue
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    def _children(self):
        parent = self.process.pid
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(pid) for pid in text.split()]

    def log_text(self):
        return self.log.read_text() if self.log.exists() else ""

    def client(self, login=None):
        return Client(self.url, self.database, login)


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _odoo_home():
    return os.pathsep.join(filter(None, sys.path))


class Refused(Exception):
    """The server's answer is an error.

    :param name: class of the error
    """

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class Client:
    """Somebody with a browser: a session over HTTP."""

    def __init__(self, url, database, login=None):
        self.url = url
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar)
        )
        if login:
            self.post_json(
                "/web/session/authenticate",
                {"db": database, "login": login, "password": PASSWORD},
            )

    def call(self, record, method, *arguments):
        """Call a method of a record as its buttons do.

        :raises Refused: with the server's words
        """
        return self.call_model(record._name, method, record.ids, *arguments)

    def call_model(self, model, method, *arguments):
        return self.post_json(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": {}},
        )

    def post_json(self, path, params):
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=json.dumps({"params": params}, default=str).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=120) as response:
            answer = json.load(response)
        if "error" in answer:
            data = answer["error"]["data"]
            raise Refused(data["name"].rpartition(".")[2], data["message"])
        return answer.get("result")

    def get(self, path):
        """
        :return: (status, body as bytes, address of the page that it led to)
        """
        return self._send(urllib.request.Request(f"{self.url}{path}"))

    def open_form(self):
        """Open the page for sending a report, as every browser does first.

        :return: dict of its hidden fields
        """
        _status, body, _url = self.get("/phan-anh/gui")
        page = html.fromstring(body)
        return {
            field.name: field.value
            for field in page.get_element_by_id("civic_form").inputs
            if field.get("type") == "hidden"
        }

    def send_report(self, fields, files=()):
        """Send a form that `open_form` began.

        :param files: iterable of bytes
        :return: the report's code, None when it was not acknowledged
        """
        files = [("files", f"{index}.jpg", data) for index, data in enumerate(files)]
        _status, _body, url = self.post_form("/phan-anh/gui", fields, files)
        found = re.search(r"/phan-anh/da-gui/([\w-]+)$", url)
        return found and found[1].upper()

    def post_form(self, path, fields, files=()):
        """Send a form as a browser does.

        :param files: iterable of (field, file name, bytes)
        :return: (status, body as bytes, address of the page that it led to)
        """
        boundary = "civic-boundary-3c1f"
        parts = []
        for name, value in fields.items():
            head = f'Content-Disposition: form-data; name="{name}"'
            parts.append(f"--{boundary}\r\n{head}\r\n\r\n{value}\r\n".encode())
        for name, file_name, data in files:
            head = (
                f'Content-Disposition: form-data; name="{name}"; '
                f'filename="{file_name}"\r\nContent-Type: application/octet-stream'
            )
            parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=body,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        return self._send(request)

    def _send(self, request):
        try:
            with self.opener.open(request, timeout=120) as response:
                return response.status, response.read(), response.url
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.url


def together(number, act):
    """Let clients act at the same moment.

    :param act: called with an index and a function that waits for the others
    :return: list of results or exceptions, in the order of the index
    """
    barrier = threading.Barrier(number)
    results = [None] * number

    def run(index):
        try:
            results[index] = act(index, lambda: barrier.wait(timeout=60))
        except Exception as error:  # the caller looks at it
            results[index] = error

    threads = [threading.Thread(target=run, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=180)
    return results


class LiveCase(Province, BaseCase):
    """The province committed to a copy of the test's database."""

    telephones = itertools.count(10000001)
    hashed = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_live"
        drop_rows(cls.database)
        copy(cls.database)
        cls.addClassCleanup(drop_rows, cls.database)
        # To load one takes longer than all the rest.
        cls.registry = as_loaded(load(cls.database))
        cls.cr = sql_db.db_connect(cls.database).cursor()
        cls.addClassCleanup(cls.cr.close)
        cls.env = api.Environment(cls.cr, SUPERUSER_ID, {})
        with quick_passwords():
            cls.set_up_province()
        cls.set_passwords()
        cls.set_up_live()
        cls.commit()

    @classmethod
    def commit(cls):
        """Let the server see it."""
        cls.env.flush_all()
        session = cls.cr
        session.commit()
        cls.env.invalidate_all()

    @classmethod
    def set_up_live(cls):
        """What else a case commits before its server starts."""

    @classmethod
    def set_passwords(cls):
        # As servers keep it, which takes its time.
        if not LiveCase.hashed:
            LiveCase.hashed = cls.env["res.users"]._crypt_context().hash(PASSWORD)
        for name in (
            *("operator", "manager", "handler", "leader", "coordinator"),
            *("province_leader", "citizen"),
        ):
            user = getattr(cls, name)
            user._set_encrypted_password(user.id, cls.hashed)

    @classmethod
    def filled_form(cls, **values):
        """What a citizen fills in; each a telephone of one's own."""
        return {
            "subject": "Ổ gà lớn trên đường Lê Lợi",
            "description": "Ổ gà sâu khoảng 20 cm giữa làn đường.",
            "category_id": cls.category.id,
            "address": "Trước số 10 Lê Lợi",
            "occurred_at": local_text(datetime.now() - timedelta(hours=1)).replace(
                " ", "T"
            ),
            "name": "Người phản ánh",
            "phone": f"09{next(cls.telephones):08}",
            "email": "nguoi.gui@example.com",
            "consent": "1",
            **values,
        }

    @contextlib.contextmanager
    def committed(self):
        """What is done inside is there for the server."""
        yield self.env
        self.commit()

    def refresh(self):
        """See what the server has committed meanwhile."""
        self.cr.rollback()
        self.env.invalidate_all()

    def query(self, query):
        """Rows as the server has committed them.

        :param query: SQL
        """
        self.refresh()
        return self.env.execute_query(query)
