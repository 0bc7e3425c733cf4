import threading

from odoo.tests import tagged

from ..rig.asked import ROUTES, is_asked
from .planted import CanaryCase
from .policy import ACTORS, FULL
from .reviewed import NEVER_ASKED, UNASKED
from .routes import Routes, rules_of

# Addresses that lead to records whatever module they are of.
LEADING = ("/report/", "/web/content", "/web/export", "/json/", "/mail/data")


@tagged("-at_install", "post_install")
class TestCanaryRoutes(CanaryCase):
    """Every route of the routing map tells each actor only what is allowed."""

    def setUp(self):
        super().setUp()
        # The routing map of whichever database the thread is at work on.
        threading.current_thread().dbname = self.env.cr.dbname
        self.rules = rules_of(self.env)

    def test_routes(self):
        rules = self.rules if is_asked(ROUTES) else []
        routes = Routes(self, ACTORS).run(rules, self.is_for_everybody)
        routes.note()
        self.assertFalse(routes.leaks, routes.told())
        if rules:
            self.assertEqual(
                routes.unasked, set(UNASKED), "tests/canary/routes.py knows no value"
            )

    @staticmethod
    def is_for_everybody(rule):
        """Others' routes that lead nowhere in particular are asked by two actors, other
        ones for each route."""
        return FULL or "phan-anh" in rule.rule or rule.rule.startswith(LEADING)

    def test_review_is_of_what_exists(self):
        known = {rule.rule for rule in self.rules}
        self.assertLessEqual({*NEVER_ASKED, *(rule for rule, _name in UNASKED)}, known)
