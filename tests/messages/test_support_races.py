from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.asked import trial
from ..rig.live import LiveCase, Server, together

CLIENTS = 12


@tagged("-at_install", "post_install")
@trial("messages")
class TestSupportRaces(LiveCase):
    """Many press “me too” on one report at the same moment: each counts, once."""

    @classmethod
    def set_up_live(cls):
        report = cls.env["civic.report"].with_user(cls.operator)
        report = report.create(cls.report_values())
        cls.report = cls.walk_to(cls, "processing", report).sudo()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.database)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()

    def press(self, client, token, wish):
        path = f"{self.path}/toi-cung-gap"
        return client.post_form(path, {"csrf_token": token, "wish": wish})[0]

    def test_each_counts_and_nobody_is_told_off(self):
        self.path = self.report._website_path()
        clients = [self.server.client() for _index in range(CLIENTS)]
        tokens = [client.open_form()["csrf_token"] for client in clients]

        def act(wish):
            def press(index, wait):
                wait()
                # Every second one presses twice.
                for _again in range(1 + index % 2):
                    status = self.press(clients[index], tokens[index], wish)
                return status

            return together(CLIENTS, press)

        self.assertEqual(set(act("on")), {200})
        self.assertEqual(self.figures(), (CLIENTS, CLIENTS))
        self.assertEqual(set(act("off")), {200})
        self.assertEqual(self.figures(), (0, 0))

    def figures(self):
        """What the report says, and the rows behind it."""
        query = SQL(
            """
            SELECT support_count,
                   (SELECT count(*) FROM civic_support
                     WHERE report_id = report.id AND is_support)
              FROM civic_report report
             WHERE id = %s
            """,
            self.report.id,
        )
        return self.query(query)[0]
