"""A report's whole way over HTTP, by two managers, with what is really counted."""

import json

from odoo.tests import tagged

from ...tools.periodic_columns import percent
from ..rig.asked import trial
from ..rig.periodic_files import PdfCase

REPORTS = "civic.periodic.report"
DIFFICULTIES = "Thiếu phương tiện đi lại ở vùng sâu."


@tagged("-at_install", "post_install")
@trial("leadership", "assignment")
class TestPeriodicWhole(PdfCase):
    def call(self, user, model, method, *arguments, **options):
        """What the server answers a user's screen."""
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        **{"model": model, "method": method},
                        **{"args": arguments, "kwargs": options},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()
        return response.json()

    def do(self, user, method, *arguments, model=REPORTS, **options):
        answer = self.call(user, model, method, *arguments, **options)
        self.assertNotIn("error", answer, answer.get("error"))
        return answer["result"]

    def refused(self, user, method, *arguments):
        answer = self.call(user, REPORTS, method, *arguments)
        return answer["error"]["data"]["name"]

    def a_month(self):
        """Three reports, one done, one late; one more after the cut-off."""
        self.env["civic.report"].search([])._elevated().write(
            {"received_at": "2030-01-01 00:00:00"}
        )
        self.move_to("2026-11-02 08:00")
        self.walk_to("done")
        self.late = self.walk_to("processing")
        self.move_to("2026-11-14 23:59")
        self.make_report()
        self.move_to("2026-11-15 00:00")
        self.make_report()
        self.move_to("2026-11-16 08:30")

    def test_from_opening_to_the_files(self):
        self.a_month()
        kind = self.env.ref("civic_report.periodic_hue_demand_department")
        first, second = self.manager, self.second_manager
        days = ("2026-10-15", "2026-11-14")
        for user in (self.operator, self.leader):
            refusal = self.refused(user, "open_demand", kind.id, *days)
            self.assertIn("AccessError", refusal)
        number = self.do(first, "open_demand", kind.id, *days)
        self.do(first, "draft", [number])
        self.do(first, "save_words", [number], difficulties=DIFFICULTIES)
        for user in (first, self.operator, self.province_leader):
            self.assertIn("Error", self.refused(user, "approve", [number]))
        self.assertIn("Error", self.refused(first, "issue", [number]))
        self.do(second, "approve", [number])
        self.do(first, "issue", [number])
        report = self.reports().browse(number)
        # What the worker does.
        report._elevated()._work_off()
        [row] = self.do(self.province_leader, "read", [number], ["number", "state"])
        self.assertEqual((row["number"], row["state"]), ("01/BC-STTTT", "issued"))
        self.look_at_files(report)

    def look_at_files(self, report):
        files = {}
        for kind in ("pdf", "xlsx"):
            path = f"/civic_report/periodic/{report.id}/{kind}"
            for user in (self.manager, self.second_manager):
                answer = self.open(user, path)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(files.setdefault(kind, answer.content), answer.content)
            self.assertEqual(self.open(self.leader, path).status_code, 404)
        [whole] = self.lines(report, "whole")
        counted = whole.figures
        self.assertEqual((counted["received"], counted["done"]), (3, 1))
        text = self.text(self.reader_of(files["pdf"]))
        for said in (
            "Số: 01/BC-STTTT",
            f"tiếp nhận trong kỳ: {counted['received']}",
            f"Đã xử lý, phản hồi: {counted['done']}",
            f"Quá hạn chưa xử lý xong: {counted['overdue']}",
            DIFFICULTIES,
            self.late.name,
        ):
            self.assertIn(said, text)
        rate = percent(counted["on_time"], counted["done"])
        self.assertIn(f"đúng hạn: {counted['on_time']} ({rate:.0f},0 %)", text)
        self.assertSameNumbers(report, files["pdf"], files["xlsx"])
        # An agency's leader reads the own rows of what was issued.
        lines = "civic.periodic.line"
        found = self.do(
            self.leader, "search_read", [], ["agency_id", "dimension"], model=lines
        )
        self.assertEqual({row["agency_id"][0] for row in found}, {self.agency.id})
        others = self.do(self.other_leader, "search_read", [], ["label"], model=lines)
        self.assertFalse(others)
