"""What happened is only added to, by what the door let in, and never deleted."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.common import CivicCase

# Operators write calls down themselves.
MADE_BY_PEOPLE = {"civic.call"}


@tagged("-at_install", "post_install")
class TestKept(CivicCase):
    def kept(self):
        """Empty recordsets of all models of that kind, for superusers."""
        kept = self.env.registry["civic.kept"]
        for name, model in self.env.registry.items():
            if issubclass(model, kept) and not model._abstract:
                yield self.env[name].sudo()

    def test_by_no_other_way_whoever_asks(self):
        models = list(self.kept())
        self.assertGreater(len(models), 15)
        for model in models:
            if model._name not in MADE_BY_PEOPLE:
                with self.subTest(model._name), self.assertRaises(UserError):
                    model.create([])
            with self.subTest(model._name), self.assertRaises(UserError):
                model.write({})
            with self.subTest(model._name), self.assertRaises(UserError):
                model._unlink_never()
