from odoo.tests import tagged

from .canary.methods import Reach
from .canary.pairs import Pairs, Twins, pairs_of
from .canary.planted import CanaryCase
from .canary.policy import ACTORS, is_ours
from .canary.words import IDENTITY, kinds_in
from .test_canary_methods import FULL

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
        matrix = Pairs(self, ACTORS, full=FULL).run(pairs_of(self.env))
        matrix.note()
        self.assertFalse(matrix.leaks, matrix.told())

    def test_foreign_and_missing_records(self):
        reach = Reach(self.env)
        methods = [row for row in reach.methods() if row[0] in reach.own]
        matrix = Twins(self, ACTORS, full=FULL).run(methods)
        matrix.note()
        self.assertFalse(matrix.leaks, matrix.told())
