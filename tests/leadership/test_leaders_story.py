"""The leaders' joint work, in browsers: a province leader finds the most overdue
agency, urges it and issues a directive; the agency answers; the report of the month,
drafted by one manager and issued by another, holds both, and is found by the leader.
"""

from datetime import date

from odoo.tests import tagged

from ..rig.asked import trial
from ..rig.board import BoardCase
from ..rig.periodic_files import Documents
from ..rig.tour import TourCase

WORDS = "Xử lý dứt điểm các trường hợp quá hạn trong tuần này."
ANSWER = "Đã kiểm điểm người phụ trách, khắc phục xong."
SAID = "Số lần đôn đốc: 2; số cơ quan nhận văn bản chỉ đạo trong kỳ: 1"
# Tuesday; the period of the month closes on the 14th.
DAY = "2026-12-01 09:00"
ISSUED = "2026-12-15 09:00"


@tagged("-at_install", "post_install")
@trial("leadership")
class TestLeadersStory(Documents, BoardCase, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls.make_user(
            "second_manager", "civic_report.group_centre_manager"
        )
        cls.procedure.period_cutoff_day = 14
        cls.procedure.periodic_kind_ids.since = date(2026, 12, 1)

    def setUp(self):
        super().setUp()
        # Taken in on the 16th, with six working days: overdue since the 24th.
        self.late = [self.given("2026-11-16 09:00") for _index in range(2)]
        other = self.given("2026-11-18 09:00", self.other_agency)
        self.assertEqual(other.assignment_ids.agency_id, self.other_agency)

    def given(self, moment, agency=None):
        """A report that an agency has taken in, by the verbs."""
        agency = agency or self.agency
        with self.at(moment):
            report = self.walk_to("received")
            report.dispatch([agency.id])
            part = report.assignment_ids
            part.with_user(part.handler_id).accept()
        return report

    def count(self, moment):
        with self.at(moment):
            self.count_now()

    def test_from_overdue_to_the_report_of_the_month(self):
        self.count(DAY)
        self.tour("story_province_leader", "/odoo", self.province_leader, DAY)
        directive = self.check_urged_and_directed()

        self.count("2026-12-02 08:00")
        self.tour("story_agency_leader", "/odoo", self.leader, "2026-12-02 08:00")
        answer = directive.answer_ids
        self.assertEqual(answer.agency_id, self.agency)
        self.assertEqual(answer.answered_by, self.leader)
        self.assertEqual(answer.text, ANSWER)
        self.assertFalse(answer.is_late)
        self.assertLocal(directive.answered_all_at, "2026-12-02 08:00")

        with self.at("2026-12-15 00:10"):
            self.env["civic.periodic.report"]._pass_company(self.company)
        reports = "/odoo/civic-periodic"
        self.tour("story_centre_drafts", reports, self.manager, "2026-12-15 08:00")
        report = self.check_report_of_the_month()

        self.tour("story_centre_issues", reports, self.second_manager, ISSUED)
        self.check_issued(report)
        self.make_files(report)
        pdf, xlsx = (self.fetch(report, kind) for kind in ("pdf", "xlsx"))
        self.check_document(report, pdf)
        self.check_spreadsheet(xlsx)
        reads = "2026-12-15 14:00"
        self.tour("story_province_reads", "/odoo", self.province_leader, reads)

    def check_urged_and_directed(self):
        for report in self.late:
            part = report.assignment_ids
            self.assertLocal(part.urged_at, DAY)
            event = report.event_ids.filtered(lambda row: row.code == "urge")
            self.assertEqual(event.user_id, self.province_leader)
            self.assertEqual(event.note, WORDS)
        directive = self.env["civic.directive"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(directive.number, "12/CT-UBND")
        self.assertEqual(directive.state, "issued")
        self.assertEqual(directive.kind, "correct")
        self.assertEqual(directive.agency_ids, self.agency)
        self.assertEqual(directive.issued_by_id, self.province_leader)
        self.assertFalse(directive.is_recorded)
        self.assertLocal(directive.due_at, "2026-12-08 17:00")
        return directive

    def check_report_of_the_month(self):
        report = self.env["civic.periodic.report"].search(
            [("state", "=", "drafted"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(report.period_kind, "month")
        self.assertEqual(report.drafted_by_id, self.manager)
        lines = report.line_ids.filtered(lambda line: line.dimension == "agency")
        figures = {line.agency_id: line.figures for line in lines}
        own, other = figures[self.agency], figures[self.other_agency]
        for name, number in {"urged": 2, "directives": 1, "directives_open": 0}.items():
            self.assertEqual((own[name], other[name]), (number, 0), name)
        said = " ".join(text for _title, texts in report._sections() for text in texts)
        self.assertIn(SAID, said)
        return report

    # ------------------------------------------------------------------
    # Issued
    # ------------------------------------------------------------------

    def check_issued(self, report):
        self.assertEqual(report.state, "issued")
        self.assertEqual(report.approved_by_id, self.second_manager)
        self.assertEqual(report.issued_by_id, self.second_manager)
        self.assertLocal(report.issued_at, ISSUED)
        self.assertTrue(report.number_sequence)
        self.assertRegex(report.number, rf"^0*{report.number_sequence}/BC-\w")
        self.assertFalse(report.was_late)
        self.assertFalse(report.has_files, "a worker makes them")

    def make_files(self, report):
        """What the worker does soon after the commit."""
        self.draw_pdfs()
        self.assertEqual(report.job, "print")
        with self.at(ISSUED):
            report._elevated()._work_off()
        self.env.invalidate_all()
        self.assertTrue(report.has_files, report.job_failure)

    def fetch(self, report, kind):
        """A file of the report, as the province leader's browser gets it."""
        self.authenticate(self.province_leader.login, self.province_leader.login)
        answer = self.url_open(f"/civic_report/periodic/{report.id}/{kind}")
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def check_document(self, report, pdf):
        words = self.words_of(pdf)
        self.assertNotIn("DỰ THẢO", words)
        self.assertIn(f"Số: {report.number}", words)
        self.assertIn(SAID, words)
        [table] = [row for row in report._tables() if row.dimension == "agency"]
        titles = [column.title for column in table.columns]
        self.assertIn(" ".join(titles), words, "no column is too narrow for a word")
        for row in table.texts():
            shown = dict(zip(titles, row, strict=True))
            own = row[1] == self.agency.name
            self.assertEqual(shown["Số lần đôn đốc"], "2" if own else "0")
            self.assertEqual(shown["Văn bản chỉ đạo"], "1" if own else "0")
            self.assertIn(" ".join(row), words, "the agency's row, as it is printed")
        self.assertEqual(len(table.rows), 2)

    def check_spreadsheet(self, xlsx):
        body = [row[0] for row in self.rows_of(xlsx, "Báo cáo")]
        self.assertIn(SAID, " ".join(filter(None, body)))
        rows = self.rows_of(xlsx, "PL2")
        [titles] = [row for row in rows if "Số lần đôn đốc" in row]
        shown = {row[1]: dict(zip(titles, row, strict=True)) for row in rows}
        for agency, urged, directed in (
            (self.agency, 2, 1),
            (self.other_agency, 0, 0),
        ):
            own = shown[agency.name]
            self.assertEqual(own["Số lần đôn đốc"], urged)
            self.assertEqual(own["Văn bản chỉ đạo"], directed)
