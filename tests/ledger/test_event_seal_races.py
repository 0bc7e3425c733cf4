from psycopg2 import Error

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import event_log, verify
from ..rig.live import LiveCase, together

WRITERS, SEALERS, EACH = 6, 3, 15


@tagged("-at_install", "post_install")
class TestSealRaces(LiveCase):
    """Many write the history of one report while several seal it."""

    def test_one_chain(self):
        with self.committed():
            report_id = self.make_report().id

        def act(index, wait):
            done = 0
            for _number in range(EACH):
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    if index < WRITERS:
                        report = env["civic.report"].browse(report_id)
                        report._elevated()._log_note("add", f"Người ghi {index}.")
                        env.flush_all()
                        wait() if not done else None
                        done += 1
                    else:
                        wait() if not _number else None
                        done += self.seal(env)
            return done

        results = together(WRITERS + SEALERS, act)
        self.assertEqual(results[:WRITERS], [EACH] * WRITERS)
        self.refresh()
        # The cron comes again: nothing is left out, nothing stands twice.
        while self.env["civic.event"]._seal():
            pass
        self.commit()
        self.cr.execute(verify.SEALED)
        events = [event_log.Event(*row) for row in self.cr.fetchall()]
        found = event_log.Checker().check(events)
        self.assertFalse(found.faults)
        mine = [event for event in events if event.report_id == report_id]
        self.assertEqual(len(mine), WRITERS * EACH + 1)
        self.assertEqual(len({event.hash for event in mine}), len(mine))

    def seal(self, env):
        """Seal; of two that do it at once one may fail, as crons may."""
        try:
            # What the database says of it is no fault.
            with mute_logger("odoo.sql_db"), env.cr.savepoint():
                return env["civic.event"]._seal(limit=7)
        except Error:
            env.cr.rollback()
            return 0
