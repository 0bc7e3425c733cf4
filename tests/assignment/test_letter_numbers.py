import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestLetterNumbers(CivicCase):
    """Numbers by agency and year, given at approval."""

    def setUp(self):
        super().setUp()
        self.procedure.letter_form = "official"

    def approved(self, text, agency=None):
        with self.at(text):
            return self.walk_to("resolved").assignment_ids

    def test_from_01_each_year(self):
        numbers = [
            self.approved(text).letter_number
            for text in ("2026-11-16 10:00", "2026-12-31 16:00", "2027-01-04 09:00")
        ]
        self.assertEqual(numbers, ["01/SXD", "02/SXD", "01/SXD"])

    def test_plain_forms_have_no_number(self):
        self.procedure.letter_form = "plain"
        self.assertFalse(self.approved("2026-11-16 10:00").letter_number)

    def test_a_corrected_letter_keeps_its_number(self):
        assignment = self.approved("2026-11-16 10:00")
        with self.at("2026-11-16 11:00"):
            assignment.report_id.request_fix([assignment.id], "Sai mẫu.")
            assignment.with_user(self.handler).submit("Đã xong.")
            assignment.with_user(self.leader).approve()
        self.assertEqual(assignment.letter_number, "01/SXD")
        self.assertEqual(self.approved("2026-11-16 12:00").letter_number, "02/SXD")

    def test_a_batch_is_numbered_in_a_row(self):
        with self.at("2026-11-16 10:00"):
            reports = self.env["civic.report"].with_user(self.operator)
            reports = reports.create([self.report_values() for _index in range(5)])
            self.walk_to("resolved", reports)
        sequences = reports.assignment_ids.mapped("letter_sequence")
        self.assertEqual(sorted(sequences), [1, 2, 3, 4, 5])

    def test_after_a_savepoint_that_was_undone(self):
        """The lock is still held then: nobody waits for oneself, no number is lost."""
        with self.assertRaises(ValueError):
            self.approved("2026-11-16 10:00")
            raise ValueError("undone")
        self.assertEqual(self.approved("2026-11-16 11:00").letter_number, "01/SXD")


@tagged("-at_install", "post_install")
class TestLetterNumbersTogether(BaseCase):
    """Twenty real sessions number letters of one agency at the same moment."""

    SESSIONS = 20

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.session() as env:
            agency = env["civic.agency"].create({"name": "Sở mẫu", "code": "SM"})
            reports = (
                env["civic.report"]
                .create(
                    [
                        {
                            "subject": "Ổ gà",
                            "description": "Ổ gà sâu.",
                            "channel_id": env.ref("civic_report.channel_web").id,
                        }
                        for _index in range(self.SESSIONS)
                    ]
                )
                ._elevated()
            )
            reports.write({"procedure_id": env.ref("civic_report.procedure_st").id})
            assignments = reports.assignment_ids.create(
                [
                    {
                        "report_id": report.id,
                        "agency_id": agency.id,
                        "company_id": report.company_id.id,
                        "role": "lead",
                    }
                    for report in reports
                ]
            )
            self.ids = {
                "civic_assignment": assignments.ids,
                "civic_report": reports.ids,
                "civic_agency": agency.ids,
            }
        self.addCleanup(self.delete)

    @contextmanager
    def session(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def delete(self):
        """These rows were committed: they would be found by other tests."""
        with self.session() as env:
            reports = tuple(self.ids["civic_report"])
            for table in ("civic_event", "civic_step"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE report_id IN %s",
                        SQL.identifier(table),
                        reports,
                    )
                )
            for table, ids in self.ids.items():
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id IN %s",
                        SQL.identifier(table),
                        tuple(ids),
                    )
                )

    def test_no_gaps_no_doubles(self):
        together = threading.Barrier(self.SESSIONS)
        failures = []

        def approve(index, assignment_id):
            try:
                with self.session() as env:
                    assignment = (
                        env["civic.assignment"].browse(assignment_id)._elevated()
                    )
                    env.cr.execute("SELECT 1")  # the transaction reads as of now
                    together.wait(timeout=30)
                    assignment._number_letters()
                    if index % 5 == 0:
                        env.cr.rollback()  # this number must not be lost
            except Exception as error:  # reported below, in the test's own thread
                failures.append(error)

        threads = [
            threading.Thread(target=approve, args=row)
            for row in enumerate(self.ids["civic_assignment"])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertFalse(failures)
        with self.session() as env:
            assignments = env["civic.assignment"].browse(self.ids["civic_assignment"])
            given = sorted(filter(None, assignments.mapped("letter_sequence")))
        self.assertEqual(given, list(range(1, 17)))
