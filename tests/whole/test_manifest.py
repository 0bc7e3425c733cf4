"""What the add-on needs is said in two places, to pip and to Odoo: the same."""

import unittest

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from odoo.modules import Manifest
from odoo.tools.misc import file_open


class TestManifest(unittest.TestCase):
    def test_what_pip_installs_odoo_asks_for(self):
        with file_open("civic_report/requirements.txt") as lines:
            lines = [line.strip() for line in lines]
        wanted = [Requirement(line) for line in lines if line and line[0] != "#"]
        declared = Manifest.for_addon("civic_report")["external_dependencies"]["python"]
        self.assertEqual(
            sorted(canonicalize_name(requirement.name) for requirement in wanted),
            sorted(map(canonicalize_name, declared)),
        )
        for requirement in wanted:
            with self.subTest(requirement=requirement.name):
                operators = {part.operator for part in requirement.specifier}
                self.assertEqual(operators, {">=", "<"}, "pinned by a range")
