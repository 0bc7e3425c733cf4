from odoo.tests import tagged

from ..rig.asked import is_asked
from .methods import Reach
from .pairs import Pairs, Twins, pairs_of
from .planted import CanaryCase
from .policy import ACTORS, FULL, is_ours
from .wings import asked_methods, wings_of
from .words import IDENTITY, kinds_in

# What citizens write of themselves and of the case.
CITIZENS_WORDS = {
    *IDENTITY,
    *("account", "own", "private", "sensitive", "secret", "new", "supplement"),
    *("message", "opinion", "question", "data"),
}


@tagged("-at_install", "post_install")
class TestCanaryPairs(CanaryCase):
    """A model's name and an id tell nobody more than a missing id."""

    def test_names(self):
        """No record of ours is named by what a citizen wrote, or by who it is."""
        told = {
            (model, kind)
            for model, names in Pairs(self, ()).names.items()
            if is_ours(model)
            for name in names.values()
            for kind in kinds_in(name) & CITIZENS_WORDS
        }
        self.assertFalse(told)
        named = {
            model: self.env[model]._rec_name
            for model in self.env.registry
            if is_ours(model)
        }
        self.assertFalse(set(named.values()) & {"body", "subject", "description"})

    def test_pairs(self):
        pairs = [
            pair
            for pair in pairs_of(self.env)
            if is_asked(*wings_of(self.env, pair.model))
        ]
        matrix = Pairs(self, ACTORS, full=FULL).run(pairs)
        matrix.note()
        self.assertFalse(matrix.leaks, matrix.told())

    def test_foreign_and_missing_records(self):
        reach = Reach(self.env)
        methods = [row for row in reach.methods() if row[0] in reach.own]
        methods = asked_methods(self.env, methods)
        matrix = Twins(self, ACTORS, full=FULL).run(methods)
        matrix.note()
        self.assertFalse(matrix.leaks, matrix.told())
