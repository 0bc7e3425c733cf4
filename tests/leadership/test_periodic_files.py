"""Document and spreadsheet: the same numbers, kept as they were issued."""

import io
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools.periods import Period
from ..rig.asked import trial
from ..rig.periodic_files import FilesCase, PdfCase

FAILED = "The printing program did not answer."


@tagged("-at_install", "post_install")
class TestPeriodicXlsx(FilesCase):
    def test_every_cell_of_every_table(self):
        report = self.drafted(**self.with_late())
        sheets = self.sheets(report._make_xlsx())
        for table in report._tables():
            rows = sheets[f"PL{table.number}"]
            with self.subTest(table.dimension):
                self.assertIn([table.title], rows)
                at = rows.index([table.title])
                titles = [column.title for column in table.columns]
                self.assertEqual(rows[at + 1], titles)
                shown = (*table.rows, table.total) if table.total else table.rows
                for row, cells in zip(shown, rows[at + 2 :], strict=False):
                    self.assertEqual([each for each in row if each is not None], cells)

    def test_text_stays_text(self):
        """What begins like a formula or a link is neither."""
        self.agency.name = "=1+1"
        self.other_agency.name = "https://example.com"
        report = self.drafted(**self.with_late())
        book = load_workbook(io.BytesIO(report._make_xlsx()))
        cells = [cell for row in book["PL2"].iter_rows() for cell in row]
        values = {cell.value: cell for cell in cells}
        self.assertEqual(values["=1+1"].data_type, "s")
        self.assertFalse(values["https://example.com"].hyperlink)

    def test_columns_as_the_table_says(self):
        report = self.drafted(**self.with_late())
        titles = {
            table.dimension: [column.title for column in table.columns]
            for table in report._tables()
        }
        self.assertEqual(
            titles["category"],
            [
                *("TT", "Lĩnh vực", "Tồn kỳ trước", "Tiếp nhận trong kỳ", "Mở lại"),
                *("Tổng", "Không tiếp nhận", "Chuyển theo dõi", "Đã xử lý"),
                *("Đúng hạn", "Trễ hạn", "Tỷ lệ đúng hạn (%)", "Đang xử lý"),
                *("Quá hạn", "So với kỳ trước (±)", "So với kỳ trước (%)"),
            ],
        )
        self.assertEqual(
            titles["agency"],
            [
                *("TT", "Cơ quan", "Tồn", "Được giao", "Trả lại", "Trả lại trễ"),
                *("Đã có kết quả", "Đúng hạn", "Trễ hạn", "Tỷ lệ (%)"),
                *("Đang xử lý", "Quá hạn", "Gia hạn", "Quá cam kết"),
                *("Trung tâm trả lại", "Tương tác", "Chưa trả lời"),
                *("Phản ánh lại", "Số lần đôn đốc", "Văn bản chỉ đạo"),
                "Trễ khi thôi giao",
            ],
        )
        self.assertEqual(
            titles["late"],
            [
                *("TT", "Mã", "Nội dung", "Cơ quan", "Ngày giao", "Hạn"),
                *("Ngày có kết quả", "Số ngày trễ", "Gia hạn đến"),
                *("Giải trình", "Đề xuất"),
            ],
        )
        levels = report._vietnamese(self.procedure.scale_id.level_ids).mapped("name")
        self.assertEqual(
            titles["rating"],
            [
                *("TT", "Cơ quan", "Số lượt đánh giá", *levels),
                *("Tỷ lệ hài lòng (%)", "Tỷ lệ hài lòng và chấp nhận (%)"),
            ],
        )

    def test_body_says_what_the_rows_say(self):
        report = self.drafted(**self.with_late())
        body = dict(report._sections())
        intake = " ".join(body["I. Tình hình tiếp nhận"])
        for said in ("chuyển sang: 4", "trong kỳ: 21", "mở lại: 1", "tổng số: 26"):
            self.assertIn(said, intake)
        self.assertIn("tăng 4 (23,5 %)", intake)
        results = " ".join(body["II. Kết quả xử lý, phản hồi"])
        self.assertIn("đúng hạn: 11 (73,3 %)", results)
        self.assertIn("trung vị 12,3", results)
        rated = " ".join(body["IV. Mức độ hài lòng"])
        self.assertIn("hài lòng: 6 (66,7 %)", rated)
        self.assertIn("88,9 %", rated)
        self.assertEqual(body["V. Khó khăn, vướng mắc"], ["Không có."])
        report.save_words(difficulties="Thiếu xe.")
        self.assertEqual(
            dict(report._sections())["V. Khó khăn, vướng mắc"], ["Thiếu xe."]
        )


@tagged("-at_install", "post_install")
@trial("leadership", "assignment")
class TestPeriodicPdf(PdfCase):
    def test_the_same_numbers(self):
        report = self.issued(**self.with_late())
        report._elevated()._keep_files()
        self.assertSameNumbers(report, report._file("pdf"), report._file("xlsx"))

    def test_whole_text_with_its_accents(self):
        report = self.approved(**self.with_late())
        report.send_back("Thêm.")
        report.save_words(difficulties="Thiếu phương tiện đi lại ở vùng sâu.")
        report.with_user(self.second_manager).approve()
        report.issue()
        report._elevated()._keep_files()
        reader = self.reader_of(report._file("pdf"))
        text = self.text(reader)
        for said in (
            "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Số: 01/BC-STTTT",
            "BÁO CÁO",
            "Kết quả tiếp nhận, xử lý phản ánh hiện trường tháng 11 năm 2026",
            "(Số liệu từ ngày 15/10/2026 đến ngày 14/11/2026)",
            "Kính gửi: UBND tỉnh",
            "ngày 16 tháng 11 năm 2026",
            "Thiếu phương tiện đi lại ở vùng sâu.",
            "Nơi nhận:",
            "Phụ lục I TỔNG HỢP TÌNH HÌNH TIẾP NHẬN, XỬ LÝ PHẢN ÁNH HIỆN TRƯỜNG",
            "(Kèm theo Báo cáo số 01/BC-STTTT ngày 16 tháng 11 năm 2026",
        ):
            self.assertIn(said, text)
        self.assertNotIn("DỰ THẢO", text)
        self.assertNotIn("V/v", text)

    def test_body_upright_annexes_across(self):
        report = self.issued(**self.with_late())
        report._elevated()._keep_files()
        pages = self.reader_of(report._file("pdf")).pages
        sides = [
            float(page.mediabox.width) > float(page.mediabox.height) for page in pages
        ]
        self.assertEqual(sides, sorted(sides), "the body first")
        self.assertEqual(set(sides), {True, False})

    def test_each_annex_numbers_its_own_pages(self):
        """And has the heads of its columns on each of them."""
        facts = self.with_late()
        report = self.issued(**{**facts, "late": facts["late"] * 40})
        report._elevated()._keep_files()
        pages = [
            " ".join(page.extract_text().split())
            for page in self.reader_of(report._file("pdf")).pages
        ]
        [late] = [at for at, text in enumerate(pages) if "CÁC TRƯỜNG HỢP" in text]
        self.assertNotRegex(pages[late], r"^\d+ | \d+$")
        self.assertRegex(pages[late + 1], r"^2 | 2$")
        self.assertIn("Ngày giao", pages[late + 1])
        self.assertIn("Phụ lục III", pages[late])
        self.assertIn("Chi tiết tại Phụ lục III kèm theo.", " ".join(pages[:late]))

    def test_nobody_signs_the_day(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        facts = self.with_late()
        self.fake_facts(**facts)
        kind = self.env.ref("civic_report.periodic_st_day_centre")
        day = self.company._civic_today()
        reports = self.env["civic.periodic.report"]._elevated()
        reports._send_day(kind, Period("day", day, day), self.company)
        report = reports.search([("form", "=", "day")])
        text = self.text(self.reader_of(report._file("pdf")))
        self.assertIn("BÁO CÁO NHANH Kết quả tiếp nhận, xử lý", text)
        self.assertIn("hết giờ làm việc ngày 16/11/2026", text)
        self.assertIn(facts["late"][0]["code"], text)
        for said in ("THỦ TRƯỞNG", "Nơi nhận", "Số:"):
            self.assertNotIn(said, text)

    def test_over_the_route(self):
        report = self.issued(**self.with_late())
        report._elevated()._keep_files()
        kept = report._file("xlsx")
        self.env.flush_all()
        for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
            path = f"/civic_report/periodic/{report.id}/{kind}"
            for user in (self.manager, self.province_leader):
                answer = self.open(user, path)
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.content.startswith(begins))
                self.assertIn("no-store", answer.headers["Cache-Control"])
            for user in (self.leader, self.handler, self.plain, self.citizen):
                self.assertEqual(self.open(user, path).status_code, 404)
        self.assertEqual(
            self.open(self.manager, f"/civic_report/periodic/{report.id}/xlsx").content,
            kept,
        )
        for path in (f"{report.id}/exe", "999999999/pdf"):
            answer = self.open(self.manager, f"/civic_report/periodic/{path}")
            self.assertEqual(answer.status_code, 404)

    def test_a_draft_says_so(self):
        report = self.drafted(**self.with_late())
        text = self.text(self.reader_of(report._file("pdf")))
        self.assertIn("DỰ THẢO", text)

    def test_a_replacement_names_the_old(self):
        old = self.issued(**self.with_late())
        new = old.browse(old.replace("Sai."))
        new.draft()
        text = self.text(self.reader_of(new._file("pdf")))
        self.assertIn("Báo cáo này thay thế Báo cáo số 01/BC-STTTT.", text)


@tagged("-at_install", "post_install")
class TestPeriodicWork(FilesCase):
    def test_kept_as_issued(self):
        """Made once: what changes afterwards does not change them."""
        report = self.issued(**self.with_late())
        records = self.registry["civic.periodic.report"]
        with patch.object(records, "_make_pdf_sudo", lambda _r: b"%PDF first"):
            report._elevated()._keep_files()
        kept = report._file("xlsx")
        self.agency.name = "Sở mới"
        with patch.object(records, "_make_pdf_sudo", lambda _r: b"%PDF second"):
            report._elevated()._keep_files()
        self.assertEqual(report._file("pdf"), b"%PDF first")
        self.assertEqual(report._file("xlsx"), kept)
        self.assertNotIn("make_files", report.allowed_verbs)

    def test_the_worker_makes_them(self):
        report = self.issued(**self.with_late())
        records = self.registry["civic.periodic.report"]
        with patch.object(records, "_make_pdf_sudo", lambda _r: b"%PDF"):
            self.run_cron("cron_periodic_work")
        self.assertTrue(report.has_files)
        self.assertFalse(report.job)
        self.assertFalse(report.job_failure)
        told = self.env["civic.outbox"].search(
            [("notice_id.event", "=", "periodic_issued")]
        )
        self.assertTrue(told)

    def test_a_printer_that_fails(self):
        """The report says so, stays issued under its number, and is printed again."""
        report = self.issued()
        records = self.registry["civic.periodic.report"]

        def failing(_records):
            raise UserError(FAILED)

        with patch.object(records, "_make_pdf_sudo", failing):
            report._elevated()._work_off()
        self.assertEqual(report.state, "issued")
        self.assertFalse(report.job)
        self.assertIn("did not answer", report.job_failure)
        self.assertFalse(report.has_files)
        report.make_files()
        with patch.object(records, "_make_pdf_sudo", lambda _r: b"%PDF"):
            report._elevated()._work_off()
        self.assertTrue(report.has_files)
        self.assertFalse(report.job_failure)

    def test_what_takes_long_is_left_to_a_worker(self):
        self.fake_facts()
        report = self.opened()
        records = self.registry["civic.periodic.report"]
        with patch.object(records, "_is_quick", lambda _report: False):
            report.draft()
        self.assertEqual((report.state, report.job), ("open", "count"))
        self.assertNotIn("draft", report.allowed_verbs)
        told = []

        def sent(_users, kind, message, **_options):
            if kind == "civic_periodic":
                told.append(message["progress"])

        with patch.object(self.registry["res.users"], "_bus_send", sent):
            self.run_cron("cron_periodic_work")
        self.assertEqual(report.state, "drafted")
        self.assertFalse(report.job)
        self.assertEqual(told, sorted(told))
        self.assertEqual(told[-1], 100)
        self.assertGreater(len(told), 3)

    def test_little_is_counted_at_once(self):
        self.assertTrue(self.opened()._is_quick())


@tagged("-at_install", "post_install")
class TestOtherDocuments(FilesCase):
    """The monthly list, the yearly evaluation, the report on delays."""

    def setUp(self):
        super().setUp()
        self.soc_trang = self.env.ref("civic_report.procedure_st")
        self.company.civic_procedure_id = self.soc_trang

    def test_monthly_list(self):
        """ST Điều 17.2: mechanical; a note can be added, no row taken off."""
        rows = [
            {
                **{"agency_id": self.agency.id, "a": 2, "b": 1, "c": (3, 5), "d": 0},
                "matters": [],
            },
            {
                **{"agency_id": self.other_agency.id, "a": 0, "b": 0, "c": None},
                **{"d": 1, "matters": []},
            },
        ]
        evaluation = self.registry["civic.evaluation"]
        answer = lambda _model, _company, _period: rows  # noqa: E731
        self.startPatcher(patch.object(evaluation, "_monthly_list", answer))
        report = self.drafted(
            self.env.ref("civic_report.periodic_st_list_centre_month"),
            **self.with_late(),
        )
        table, annex = report._tables()
        self.assertEqual(
            [column.title for column in table.columns],
            [
                *("TT", "Cơ quan", "a) Quá hạn (số)"),
                *("b) Gia hạn chưa có kết quả (số)", "c) Hài lòng (n/m)"),
                *("c) Hài lòng (%)", "d) Phản ánh lại quá 3 lần (số)"),
                *("Căn cứ", "Ghi chú"),
            ],
        )
        first, second = table.texts()
        self.assertEqual(
            first[2:], ["2", "1", "3/5 (ít hơn 10)", "60,0", "0", "a, b, c", ""]
        )
        self.assertEqual(second[2:], ["0", "0", "–", "–", "1", "d", ""])
        self.assertEqual(len(annex.rows), 1)
        self.assertIn("Lãnh đạo", [column.title for column in annex.columns])
        report.note_line(self.lines(report, "list")[0].id, "Đã nhắc nhở.")
        self.assertEqual(report._tables()[0].texts()[0][-1], "Đã nhắc nhở.")

    def test_evaluation(self):
        evaluations = (
            self.env["civic.evaluation"]
            ._elevated()
            .create(
                {
                    "company_id": self.company.id,
                    "procedure_id": self.soc_trang.id,
                    "agency_id": self.agency.id,
                    **{"year": 2026, "date_from": "2025-12-15"},
                    **{"date_to": "2026-12-14", "counted_at": "2026-12-15 01:00:00"},
                    **{"e1_part": 4, "e2_part": 5, "e2_whole": 8},
                    **{"e3_part": 0, "e3_whole": 0, "e4_part": 3, "e4_whole": 12},
                    "breaches": "E1, E2",
                }
            )
        )
        answer = lambda _model, _company, _period: evaluations  # noqa: E731
        evaluation = self.registry["civic.evaluation"]
        self.startPatcher(patch.object(evaluation, "_draft_year", answer))
        report = self.drafted(
            self.env.ref("civic_report.periodic_st_evaluation_centre_year")
        )
        [table] = report._tables()
        titles = [column.title for column in table.columns]
        self.assertEqual(
            titles[-3:], ["Vi phạm (E…)", "Xét HTXSNV", "Quyết định, lý do"]
        )
        [row] = table.texts()
        said = dict(zip(titles, row, strict=True))
        self.assertEqual(said["E1 Văn bản chấn chỉnh"], "4")
        self.assertEqual(said["E2 Hài lòng, chấp nhận (n/m)"], "5/8 (ít hơn 10)")
        self.assertEqual(said["E2 (%)"], "62,5")
        self.assertEqual(said["E3 (%)"], "–", "nothing arose")
        self.assertEqual(said["E4 (%)"], "25,0")
        self.assertEqual(said["Xét HTXSNV"], "Không")
        # Without thresholds the figures stand alone.
        report._elevated().procedure_id.write(
            {
                **dict.fromkeys(
                    ("unanswered_threshold", "late_return_threshold"), False
                ),
                **dict.fromkeys(("sent_back_threshold", "recurring_threshold"), False),
                **{"satisfaction_threshold": False, "directive_limit": False},
            }
        )
        [table] = report._tables()
        self.assertNotIn("Xét HTXSNV", [column.title for column in table.columns])

    def test_report_on_delays(self):
        """ST Điều 28.2, from a list of late matters."""
        facts = self.with_late()
        part = self.env["civic.assignment"].browse(facts["late"][0]["assignment_id"])
        other = self.walk_to("processing").assignment_ids.sudo()
        facts["late"].append(self.late_row(other))
        self.fake_facts(**facts)
        action = part.with_user(self.manager).sudo(False).action_report_slow()
        report = self.reports().browse(action["res_id"])
        self.assertEqual(report.form, "slow")
        self.assertEqual(report.state, "drafted")
        self.assertEqual(self.lines(report, "late").mapped("key"), part.ids)
        self.assertIn("Có 1 trường hợp", " ".join(report._sections()[0][1]))
        with self.assertRaises(UserError):
            part.with_user(self.leader).sudo(False).action_report_slow()
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_hue")
        with self.assertRaisesRegex(UserError, "knows no report on delays"):
            part.with_user(self.manager).sudo(False).action_report_slow()

    def test_explanations_are_annexed(self):
        """BP Điều 13.7: signed ones beside the matters, and those not handed in."""
        facts = self.with_late()
        part = self.env["civic.assignment"].browse(facts["late"][0]["assignment_id"])
        self.kind.wants_explanations = True
        self.company.civic_procedure_id = self.procedure
        with patch.object(
            self.registry["civic.explanation"], "_open_for", lambda *_args: None
        ):
            report = self.opened()
        explanations = self.env["civic.explanation"]._elevated()
        values = {
            "company_id": self.company.id,
            "period_from": report.period_from,
            "period_to": report.period_to,
            "periodic_report_id": report.id,
        }
        signed = explanations.create(
            {
                **values,
                "agency_id": self.agency.id,
                "state": "signed",
                "signed_at": "2026-11-16 03:00:00",
            }
        )
        explanations.create({**values, "agency_id": self.other_agency.id})
        explanations.env["civic.explanation.line"].create(
            {
                "explanation_id": signed.id,
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "assignment_id": part.id,
                "code": part.report_id.name,
                "cause": "Chờ vật tư.",
                "remedy": "Làm ca tối.",
            }
        )
        self.fake_facts(**facts)
        report.draft()
        tables = {table.dimension: table.texts() for table in report._tables()}
        self.assertIn("Chờ vật tư.; Làm ca tối.", tables["late"][0])
        self.assertEqual(len(tables["explanation"]), 2)
        self.assertIn("Chưa nộp giải trình", str(tables["explanation"]))
