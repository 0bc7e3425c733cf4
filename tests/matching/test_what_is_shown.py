"""What officers are shown of a report that may be about the same matter."""

from odoo.tests import tagged

from ...tools.matching import Match
from ..rig.common import CivicCase

HERE = {"latitude": 16.4637, "longitude": 107.5909}


@tagged("-at_install", "post_install")
class TestWhatIsShown(CivicCase):
    def test_of_each(self):
        with self.at("2026-11-16 08:15"):
            report = self.walk_to("done")
        shown = report._similar_values(
            Match(similarity=0.456, score=0.789, metres=12.6, reasons=("picture",))
        )
        self.assertEqual(
            shown,
            {
                "id": report.id,
                "code": report.name,
                "subject": "Ổ gà lớn trên đường Lê Lợi",
                "state": "Done",
                "is_open": False,
                "received_at": shown["received_at"],
                "distance": 13,
                "similarity": 46,
                "score": 79,
                "same_picture": True,
            },
        )
        self.assertIn("08:15", shown["received_at"])
        other = self.make_report()
        shown = other._similar_values(
            Match(similarity=0.456, score=0.789, metres=None, reasons=("words",))
        )
        self.assertIsNone(shown["distance"])
        self.assertFalse(shown["same_picture"])
        self.assertTrue(shown["is_open"])

    def test_each_report_its_own(self):
        """A board shows many at once."""
        first, twin = self.make_report(**HERE), self.make_report(**HERE)
        alone = self.make_report(
            subject="Đèn đường không sáng",
            description="Cả dãy đèn tắt từ hôm qua.",
            address="Kiệt 42 Nguyễn Huệ",
            category_id=False,
        )
        rows = first | twin | alone
        rows.invalidate_recordset()
        self.assertEqual(
            [[row["code"] for row in each.likely_duplicates or ()] for each in rows],
            [[twin.name], [first.name], []],
        )
