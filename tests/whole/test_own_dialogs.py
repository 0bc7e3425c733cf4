"""A dialog is its user's alone: others of the same role neither read nor run it."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.ground.ours import our_models
from ..rig.acts import ActsCase


@tagged("-at_install", "post_install")
class TestOwnDialogs(ActsCase):
    def dialogs(self):
        names = {cls._name for cls in our_models(self.env) if cls._transient}
        return [self.env[name] for name in sorted(names)]

    def test_each_has_the_rule(self):
        found = self.dialogs()
        self.assertGreater(len(found), 50)
        rules = self.env["ir.rule"].with_user(self.manager)
        for model in found:
            for mode in ("read", "write", "create", "unlink"):
                with self.subTest(model._name, mode=mode):
                    domain = rules._compute_domain(model._name, mode)
                    asked = [
                        (condition.field_expr, condition.operator, condition.value)
                        for condition in domain.iter_conditions()
                    ]
                    self.assertIn(("create_uid", "=", self.manager.id), asked)

    def test_another_of_the_same_role(self):
        directive = self.drafted()
        other = self.make_user("leader_two", "civic_report.group_province_leader")
        dialogs = self.env["civic.wizard.end.directive"]
        mine = dialogs.with_user(self.province_leader).create(
            {"directive_id": directive.id, "verb": "withdraw", "reason": "Chưa nói ra."}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = mine.with_user(other)
        self.assertFalse(theirs.search([]))
        self.assertFalse(theirs.search_count([("reason", "ilike", "Chưa")]))

        for act in (
            lambda: theirs.read(["reason"]),
            lambda: theirs.write({"reason": "Khác."}),
            theirs.unlink,
            theirs.action_confirm,
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(mine.search([]), mine)
        mine.write({"reason": "Vẫn của tôi."})
