"""The plan of the house holds: see docs/architecture.md."""

import re

from odoo.tests import BaseCase, TransactionCase, tagged

from ..rig.house import MODELS, House
from ..rig.house_exceptions import MOST_USES_UP, ORDERED, REPLACED, USES_UP

ROOT = MODELS.parent
ROOMS = {path.name for path in ROOT.iterdir() if path.is_dir()}
PLANT = """
class Planted(models.Model):
    _inherit = "%s"

    def _planted(self, record):
        %s
"""
RECEIVE = "civic.report.receive"
TRANSFERRED = "civic.report.transferred_to"
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")


class TestHouse(BaseCase):
    """Imports and private calls run downward only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = House()

    def test_every_wing_is_in_the_plan(self):
        folders = {path.parent.name for path in MODELS.glob("*/__init__.py")}
        self.assertEqual(folders, set(self.house.wings))
        self.assertGreater(len(self.house.trees), 200)
        loose = {path.name for path in MODELS.glob("*.py")}
        self.assertEqual(loose, {"__init__.py"}, "files belong to a wing")

    def test_imports_run_downward(self):
        self.assertFalse(self.house.imports_up())

    def test_calls_and_reads_run_downward(self):
        """Private methods, and of records whose model is known public ones and fields;
        names in texts (domains, `depends`, SQL) are not seen."""
        found = {(wing, name) for wing, name, _home in self.house.uses_up()}
        known = {key for keys in USES_UP.values() for key in keys}
        self.assertFalse(
            found - known, "use what is below, or say in house_exceptions.py why not"
        )
        self.assertFalse(known - found, "mended: take these off house_exceptions.py")
        self.assertLessEqual(len(known), MOST_USES_UP, "the list can only shrink")

    def test_models_of_receivers_are_known(self):
        """Where nobody knows the model, a name that lower wings have too hides what is
        used from above."""
        known, unknown = self.house.told()
        self.assertGreater(known, 15 * unknown)

    def test_each_exception_stands_once_and_has_a_reason(self):
        keys = [key for keys in USES_UP.values() for key in keys]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertTrue(all(len(reason.split()) > 3 for reason in USES_UP))

    def test_no_method_replaces_another_unsaid(self):
        """Of two methods with one name by chance, one would be lost."""
        self.assertEqual(set(self.house.replaced()), set(REPLACED))

    def test_what_is_planted_is_found(self):
        """Each way in which the sources tell of which model a record is; lower wings
        have methods called `_words`, too, on other models."""
        outbox = 'self.env["civic.outbox"]'
        words = ("civic.outbox._words", "messages")
        danger = ("civic.report._mark_danger", "emergency")
        plants = (
            ("province", f"{outbox}._words()", words),
            ("province", f"{outbox}.sudo().search([])[:1]._words()", words),
            ("province", f"row = {outbox}.sudo(); row._words()", words),
            ("province", f"[row._words() for row in {outbox}.browse(1)]", words),
            ("province", f"{outbox}.filtered(lambda row: row._words())", words),
            ("report", "self.assignment_ids._walk('accept')", None),
            ("report", "self._mark_danger()", danger),
            ("report", "super()._mark_danger()", danger),
            ("report", "self.receive()", None),
            ("agencies", 'self.env["civic.report"].receive()', (RECEIVE, "report")),
            # Fields, also those of a record behind another one.
            ("report", "self.transferred_to", (TRANSFERRED, "telephone")),
            ("files", "self.report_id.transferred_to", (TRANSFERRED, "telephone")),
            # Of nobody knows what: by the name alone.
            ("province", "record._people_of(1)", ("_people_of", "messages")),
            ("province", "record.transferred_to", None),
        )
        models = {"report": "civic.report", "files": "civic.media"}
        files = {
            f"{wing}/plant{row}.py": PLANT % (models.get(wing, "civic.ward"), line)
            for row, (wing, line, _use) in enumerate(plants)
        }
        files["province/upward.py"] = "from ..messages.outbox import EMERGENCY"
        files["telephone/twice.py"] = PLANT % ("civic.report", "pass")
        one = "    def _planted_twice(self):\n        super()._planted_twice()\n\n"
        files["conduct/twice.py"] = f"{PLANT % ('civic.lock', 'pass')}\n{one}{one}"
        house = House(more=files)
        self.assertEqual(house.imports_up(), {("province/upward.py", "messages")})
        found = {
            (path, use)
            for use, paths in house.uses_up().items()
            for path in paths & set(files)
        }
        expected = {
            (f"{wing}/plant{row}.py", (wing, *use))
            for row, (wing, _line, use) in enumerate(plants)
            if use
        }
        self.assertEqual(found, expected)
        replaced = set(house.replaced()) - set(REPLACED)
        self.assertIn(("civic.report", "_planted"), replaced)
        self.assertIn(("civic.lock", "_planted_twice"), replaced)

    def test_pages_draw_the_wings_as_they_stand(self):
        text = (ROOT / "docs" / "architecture.md").read_text()
        picture = text.split("```")[1]
        drawn = re.findall(r"^ (\w+) ", picture, re.MULTILINE)
        self.assertEqual(drawn, self.house.wings[::-1])
        text = (ROOT / "CONTRIBUTING.md").read_text()
        walk = text.split("2. `models/`")[1].split("3. `controllers/`")[0]
        named = re.findall(r"`(\w+)`", walk)
        self.assertEqual(named, self.house.wings)

    def test_pages_name_what_exists(self):
        for page in PAGES:
            words = re.findall(r"`([a-z_]+/[a-z0-9_./-]*)`", (ROOT / page).read_text())
            named = [name for name in words if name.split("/")[0] in ROOMS]
            self.assertTrue(named, page)
            missing = {name for name in named if not (ROOT / name).exists()}
            self.assertFalse(missing, page)

    def test_answers_name_what_the_files_have(self):
        """Where a row of the questions names a file and a name, the file has it."""
        text = (ROOT / "docs" / "architecture.md").read_text()
        rows = text.split("## Where is the rule that")[1].split("\n## ")[0]
        rows = [row for row in rows.splitlines() if row.startswith("| ")][1:]
        self.assertGreater(len(rows), 14)
        for row in rows:
            words = re.findall(r"`([^`]+)`", row)
            files = [ROOT / word for word in words if "/" in word]
            have = "".join(file.read_text() for file in files if file.is_file())
            names = [word for word in words if "/" not in word and "." not in word]
            missing = [name for name in names if name not in have]
            self.assertFalse(missing, row)


@tagged("-at_install", "post_install")
class TestOrder(TransactionCase):
    """Overrides of one method follow each other in a stated order where it matters."""

    def test_order(self):
        for (model, name), files in ORDERED.items():
            with self.subTest(model=model, name=name):
                self.assertEqual(self.order(model, name), files)

    def order(self, model, name):
        """Files of the model's classes that have the name, the first one called
        first."""
        prefix = "odoo.addons.civic_report.models."
        return [
            cls.__module__.removeprefix(prefix)
            for cls in type(self.env[model]).__mro__
            if name in vars(cls) and cls.__module__.startswith(prefix)
        ]
