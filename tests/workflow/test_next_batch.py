"""What is done in batches goes on to the end: the second batch, and past a bad row.

A batch is one or two rows here, as a thousand are in a province.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.common import CivicCase


class BatchCase(CivicCase):
    @contextmanager
    def cron(self, model):
        """The model in a pass of the scheduler, and what it tells that is left."""
        progress = []
        crons = type(self.env["ir.cron"])
        commit = crons._commit_progress

        def watched(cron, processed=0, *, remaining=None, deactivate=False):
            if remaining is not None:
                progress.append(remaining)
            return commit(cron, processed, remaining=remaining, deactivate=deactivate)

        with (
            patch.object(crons, "_commit_progress", watched),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            yield self.env(cr=cr)[model], progress
        self.env.invalidate_all()


@tagged("-at_install", "post_install")
class TestNextBatch(BatchCase):
    def asked(self, count):
        """Reports whose citizens did not answer, the oldest first."""
        reports = self.env["civic.report"]
        for hour in range(count):
            with self.at(f"2026-11-02 {8 + hour:02}:00"):
                report = self.make_report()
                report.request_supplement("Ở đâu?")
                reports |= report
        return reports

    def lapse(self, **options):
        with self.at("2026-11-20 08:00"), self.cron("civic.report") as (model, left):
            model._cron_lapse_supplements(**options)
        return left

    def test_supplements_lapse(self):
        reports = self.asked(3)
        self.assertEqual(self.lapse(limit=2), [1, 0])
        self.assertEqual(
            reports.mapped("state"), ["cancelled", "cancelled", "supplementing"]
        )
        self.assertEqual(self.lapse(limit=2), [0])
        self.assertEqual(set(reports.mapped("state")), {"cancelled"})

    def test_one_that_cannot_be_ended_keeps_no_other(self):
        reports = self.asked(3)
        model = type(reports)
        end = model._lapse

        def fail(report):
            if report.id == reports[0].id:
                raise UserError(report.name)
            return end(report)

        with (
            patch.object(model, "_lapse", fail),
            mute_logger("odoo.addons.civic_report.models.report.clock"),
        ):
            self.lapse()
        self.assertEqual(
            reports.mapped("state"), ["supplementing", "cancelled", "cancelled"]
        )

    def test_who_answered_meanwhile_does_not_lapse(self):
        first, second = self.asked(2)
        with self.at("2026-11-02 10:00"):
            first.with_user(self.operator).supply("Trước số 12.")
        self.lapse()
        self.assertEqual((first.state, second.state), ("new", "cancelled"))

    def test_alerts_climb(self):
        with self.at("2026-11-16 10:00"):
            reports = self.walk_to("accepted")
            for _ in range(2):
                reports |= self.walk_to("accepted")
        steps = reports.sudo().assignment_ids.step_ids.filtered(
            lambda step: step.code == "process"
        )
        with self.at("2026-11-25 17:01"), self.cron("civic.alert") as (model, left):
            model._cron_pass(batch=2)
        self.assertEqual(left, [2, 0])
        self.assertEqual(set(steps.mapped("alert_level")), {3})
        with self.at("2026-11-25 17:02"), self.cron("civic.alert") as (model, left):
            model._cron_pass(batch=2)
        self.assertEqual(left, [0], "each once")
