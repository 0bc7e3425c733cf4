import ast
import unittest
from pathlib import Path
from unittest.mock import patch

from ..rig import asked

TESTS = Path(__file__).parents[1]


class TestRig(unittest.TestCase):
    """What test modules lend each other lies in tests/rig/."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports, cls.classes = [], []
        for path in TESTS.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom):
                    cls.imports.append((path.relative_to(TESTS), node))
                elif isinstance(node, ast.ClassDef):
                    cls.classes.append((path.relative_to(TESTS), node))

    def test_everything_was_read(self):
        self.assertGreater(len(self.imports), 800)
        self.assertGreater(len(self.classes), 300)

    def test_no_test_module_is_imported(self):
        found = [
            f"{path}:{node.lineno}"
            for path, node in self.imports
            for name in ((node.module or ""), *(alias.name for alias in node.names))
            if node.level and name.rpartition(".")[2].startswith("test_")
        ]
        self.assertFalse(found, "lend it from tests/rig/")

    def test_what_is_lent_has_no_tests(self):
        """They would run once for each class that inherits them."""
        found = [
            f"{path}: {node.name}.{member.name}"
            for path, node in self.classes
            if path.parts[0] == "rig"
            for member in node.body
            if getattr(member, "name", "").startswith("test")
        ]
        self.assertFalse(found)

    def test_the_add_on_is_imported_in_one_way(self):
        """Relatively, as its own modules do."""
        found = [
            f"{path}:{node.lineno}"
            for path, node in self.imports
            if (node.module or "").startswith("odoo.addons.civic_report")
        ]
        self.assertFalse(found)


class TestTrials(unittest.TestCase):
    """What is tried at length is left out where nothing that it tries has changed."""

    def is_tried(self, *wings, touched="", changed=""):
        with (
            patch.object(asked, "ASKED", touched.split(",")),
            patch.object(asked, "CHANGED", changed.split(",")),
        ):
            return asked.trial(*wings)(type("Trial", (), {})).__test__

    def test_by_wings(self):
        self.assertTrue(self.is_tried("site", "files", touched="vault,files"))
        self.assertFalse(self.is_tried("site", touched="vault,files"))
        self.assertFalse(self.is_tried("site"))

    def test_a_full_run_leaves_nothing_out(self):
        for wings in ((), ("site",)):
            self.assertTrue(self.is_tried(*wings, touched="all"))

    def test_one_that_has_changed_is_tried(self):
        self.assertTrue(self.is_tried(changed="a.py,whole/test_rig.py"))
        self.assertFalse(self.is_tried(changed="site/test_rig.py"))

    def test_a_wing_that_is_not_there(self):
        with self.assertRaisesRegex(ValueError, "cellar"):
            asked.trial("cellar")
