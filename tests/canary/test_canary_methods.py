from pathlib import Path

from odoo.tests import tagged

from ..rig.asked import is_asked
from .methods import Matrix, Reach
from .oracle import Oracle
from .planted import CanaryCase
from .policy import ACTORS, FULL
from .reviewed import NEVER_CALLED, UNCALLABLE
from .wings import asked_methods, asked_models, wings_of

# Others' models know nothing of our roles: one actor of each kind asks them.
STRANGERS = ("other_citizen", "other_handler")


@tagged("-at_install", "post_install")
class TestCanaryMethods(CanaryCase):
    """Every public method of every model tells each actor only what is allowed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reach = Reach(cls.env)

    def run_matrix(self, ours, actors):
        methods = [
            row
            for row in self.reach.methods(full=FULL)
            if (row[0] in self.reach.own) == ours
        ]
        if ours:
            methods = asked_methods(self.env, methods)
        elif not is_asked():
            methods = []
        matrix = Matrix(self, actors, full=FULL).run(methods)
        matrix.note()
        self.assertFalse(matrix.leaks, matrix.told())
        return matrix

    def test_our_models(self):
        """As everybody."""
        matrix = self.run_matrix(True, ACTORS)
        self.assertLessEqual(
            matrix.uncallable,
            set(UNCALLABLE),
            "tests/canary/guess.py knows no argument for these",
        )

    def test_models_of_others(self):
        matrix = self.run_matrix(False, ACTORS if FULL else STRANGERS)
        if is_asked():
            self.assertEqual(matrix.uncallable, set(UNCALLABLE))

    def test_searching(self):
        """What may not be read may not be found, ordered or counted by either."""
        oracle = Oracle(self, ACTORS, full=FULL).run(
            asked_models(self.env, self.reach.own)
        )
        oracle.note()
        self.assertFalse(oracle.leaks, oracle.told())

    def test_every_method_belongs_to_a_wing(self):
        """Else a run that names wings would never ask it."""
        models = Path(__file__).parents[2] / "models"
        for model, name, _method in self.reach.methods():
            if model in self.reach.own:
                wings = wings_of(self.env, model, name)
                self.assertTrue(wings, f"{model}.{name}")
                missing = [wing for wing in wings if not (models / wing).is_dir()]
                self.assertFalse(missing, f"{model}.{name}")

    def test_review_is_of_what_exists(self):
        known = {(model, name) for model, name, _method in self.reach.methods(True)}
        self.assertLessEqual(set(NEVER_CALLED), known)

    def test_nothing_of_ours_has_messages_or_followers(self):
        """Who is told by Odoo's own means gives away who is concerned."""
        for model, field in (
            ("mail.message", "model"),
            ("mail.followers", "res_model"),
        ):
            rows = self.env[model].sudo().search([(field, "=like", "civic.%")])
            self.assertFalse(rows.mapped(field), model)
