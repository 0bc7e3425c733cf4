"""The databases of developers: what tests see is what the code says now."""

import json
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from ...devtools import databases


class TestPrepared(unittest.TestCase):
    """A database is made ready without PostgreSQL: what Odoo is told is what counts."""

    def setUp(self):
        super().setUp()
        self.told = []
        self.code = "one"
        self.there = set()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, value in {
            "STATE": Path(folder.name),
            "template": lambda: "template",
            "installed_hash": lambda: self.code,
            "exists": lambda database: database in self.there,
            "clone": lambda _source, target: self.there.add(target),
            "cursor": self.cursor,
            "say": lambda _words: None,
            "_forget_lost_checkouts": lambda: None,
        }.items():
            self.enterContext(patch.object(databases, name, value))
        self.enterContext(patch.object(databases.odoo, "logged", self.logged))

    @contextmanager
    def cursor(self, _database):
        yield unittest.mock.Mock()

    def logged(self, _name, *options):
        self.told.append("-u" if "-u" in options else "-i")

    def prepare(self, kind, **options):
        self.told.clear()
        databases.prepare(kind, **options)
        return self.told

    def test_tests_see_what_only_a_new_database_shows(self):
        """A changed default of a field, for one."""
        self.assertEqual(self.prepare("test"), ["-i"])
        self.assertEqual(self.prepare("test"), [], "the same code")
        self.code = "another"
        self.assertEqual(self.prepare("test"), ["-i"])
        self.assertEqual(self.prepare("test", fresh=True), ["-i"])

    def test_a_demo_keeps_what_was_done_in_it(self):
        self.assertEqual(self.prepare("demo", demo=True), ["-i"])
        self.code = "another"
        self.assertEqual(self.prepare("demo", demo=True), ["-u"])
        self.assertEqual(self.prepare("demo", demo=True, fresh=True), ["-i"])

    def test_what_failed_half_way_is_begun_again(self):
        def fail(*_arguments):
            raise databases.Failure("half-way")

        failing = patch.object(databases.odoo, "logged", fail)
        with failing, self.assertRaises(databases.Failure):
            databases.prepare("demo", demo=True)
        self.assertEqual(self.prepare("demo", demo=True), ["-i"])
        written = json.loads((databases.STATE / "demo.json").read_text())
        self.assertEqual(written["code"], "one")
