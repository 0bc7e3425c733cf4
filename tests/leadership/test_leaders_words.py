"""What leaders type: kept without tricks, whole or not at all, and naming nobody."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.acts import ActsCase
from ..rig.periodic_files import FilesCase

LONG = "x" * 2001
NAMING = "Đã gọi ông Hùng, 0912 345 678."


@tagged("-at_install", "post_install")
class TestActs(ActsCase):
    def test_one_document_counts_once(self):
        """However its number is typed: more than three bar an agency (ST Điều 17.3)."""
        self.issued(number="7/CT-UBND")
        for number in (
            *("7/CT-UBND ", "\u200b7/CT-UBND", "7 /ct-ubnd", "07/CT-UBND"),
            *("7/CT\u2011UBND", "７/CT–UBND"),
        ):
            draft = self.drafted(number=number)
            with self.subTest(number), self.assertRaisesRegex(UserError, "already"):
                draft.issue()
        for number in ("70/CT-UBND", "7/QĐ-UBND", "17/CT-UBND"):
            self.assertEqual(self.issued(number=number).state, "issued")

    def test_kept_without_tricks(self):
        directive = self.drafted(
            number="8/CT\u202e-UBND\n",
            subject=" Chấn\u200b chỉnh\n gấp\x00",
            body="Một.\r\nHai.\u202e ",
            issuer="UBND  tỉnh",
        )
        self.assertEqual(
            [directive[name] for name in ("number", "subject", "body", "issuer")],
            ["8/CT-UBND", "Chấn chỉnh gấp", "Một.\nHai.", "UBND tỉnh"],
        )
        directive.subject = "Việc\u202e khác\ud800"
        self.assertEqual(directive.subject, "Việc khác")
        reward = self.rewarded(merit="Giỏi\x00\u202e ")
        self.assertEqual(reward.merit, "Giỏi")
        with self.assertRaises(UserError):
            self.rewarded(merit="\u202e\u200b")

    def rewarded(self, **values):
        model = self.env["civic.reward"].with_user(self.manager)
        values = {"kind": "agency", "agency_id": self.agency.id, **values}
        return model.create({"merit": "Xử lý nhanh.", **values})

    def evaluated(self):
        inside = self.env["civic.report"]._elevated().env
        row = inside["civic.evaluation"].create(
            {
                "company_id": self.company.id,
                "procedure_id": self.procedure.id,
                "agency_id": self.agency.id,
                "year": 2026,
                "date_from": "2025-12-15",
                "date_to": "2026-12-14",
                "counted_at": "2026-12-15 00:00:00",
            }
        )
        return row.with_env(self.env).with_user(self.manager)

    def test_reasons(self):
        """They go into histories, notices and documents: nothing is cut unsaid, and of
        what agencies read nothing names who sent a report."""
        evaluation, reward, directive = (
            self.evaluated(),
            self.rewarded(),
            self.issued(),
        )
        verbs = {
            "decide": (lambda why: evaluation.decide("barred", why), evaluation),
            "decline": (reward.decline_reward, reward),
            "close": (directive.close, directive),
            "withdraw": (directive.withdraw, directive),
        }
        for verb, (act, record) in verbs.items():
            for reason, refusal in ((LONG, "2001 letters"), (NAMING, "names somebody")):
                with self.subTest(verb, refusal=refusal):
                    with self.assertRaisesRegex(UserError, refusal):
                        act(reason)
                    self.assertTrue(record.is_open)
        with self.assertRaisesRegex(UserError, "2001 letters"):
            self.walk_to("received").with_user(self.operator).mark_initiative(LONG)


@tagged("-at_install", "post_install")
class TestDocuments(FilesCase):
    def test_reasons(self):
        report = self.approved()
        with self.assertRaisesRegex(UserError, "2001 letters"):
            report.send_back(LONG)
        report.issue()
        with self.assertRaisesRegex(UserError, "2001 letters"):
            report.replace(LONG)

    def test_a_cell_of_notes_is_whole(self):
        """A spreadsheet cuts a cell after 32,767 letters, an emoji counts as two."""
        report = self.drafted(**self.with_late())
        line = self.lines(report, "late")
        with self.assertRaisesRegex(UserError, "letters"):
            report.note_line(line.id, LONG)
        told = []
        with self.assertRaisesRegex(UserError, "has its fill"):
            for number in range(20):
                told.append(f"{number}{'😀' * 1990}")
                report.note_line(line.id, told[-1])
        self.assertGreater(len(told), 7)
        rows = self.sheets(report._make_xlsx())["PL3"]
        cells = [cell for row in rows for cell in row]
        self.assertIn("; ".join(told[:-1]), cells)

    def test_a_long_scope(self):
        nobody = self.env["res.users"]
        agencies = [
            self.make_agency(f"Cơ quan {number:02d}", f"C{number}", nobody, nobody)
            for number in range(33)
        ]
        ids = [agency.id for agency in agencies]
        report = self.demand("2026-11-01", "2026-11-10", agency=ids)
        self.assertTrue(report.scope.endswith("Cơ quan 29 và 3 mục khác"))
        self.assertEqual(len(report.filters["agency"]), 33)

    def test_rows_add_up_to_the_whole(self):
        """What nothing came in of before has grown by all that came in."""
        counted = self.counted_of()
        earlier = self.counted_of()
        del earlier["category"][0]
        report = self.drafted(counted=counted, earlier=earlier)
        rows = self.lines(report, "category")
        self.assertEqual([row.figures["before"] for row in rows], [21, 0])
        [table] = [t for t in report._tables() if t.dimension == "category"]
        at = [column.title for column in table.columns].index("So với kỳ trước (±)")
        self.assertEqual([row[at] for row in table.rows], [0, 5])
