"""Which category a text is about, and what a category asks besides."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...tools import keywords
from ..rig.site import SubmissionCase

TABLE = keywords.make_table(
    {
        "roads": keywords.split_keywords("ổ gà, mặt đường\nvỉa hè hỏng, đường"),
        "lights": ["đèn đường", "tối om"],
        "order": ["lấn chiếm vỉa hè"],
        "station": ["ở ga"],
    }
)
properties = settings(max_examples=100, deadline=None, derandomize=True, database=None)


class TestKeywords(unittest.TestCase):
    def test_what_texts_are_about(self):
        for text, key, words in (
            ("Có ổ gà rất lớn", "roads", ("ổ gà",)),
            ("Ổ GÀ", "roads", ("ổ gà",)),
            ("co o ga rat lon tren mat duong", "roads", ("mat duong", "o ga")),
            ("đèn đường tắt, tối om", "lights", ("tối om", "đèn đường")),
            ("hàng quán lấn chiếm vỉa hè", "order", ("lấn chiếm vỉa hè",)),
            ("tôi đứng ở ga đợi tàu", "station", ("ở ga",)),
        ):
            with self.subTest(text):
                found = keywords.guess(text, TABLE)
                self.assertEqual(found[0].key, key)
                self.assertEqual(set(found[0].words), set(words))

    def test_a_longer_phrase_leaves_nothing_to_a_shorter_one(self):
        found = keywords.guess("đèn đường hỏng", TABLE)
        self.assertEqual([row.key for row in found], ["lights"])

    def test_other_accents_are_other_words(self):
        found = keywords.guess("tôi đứng ở ga", TABLE)
        self.assertEqual([row.key for row in found], ["station"])

    def test_nothing_to_go_by(self):
        for text in ("", None, "xin chào", "!!! …", "x" * 10_000):
            with self.subTest(text and text[:20]):
                self.assertEqual(keywords.guess(text, TABLE), [])

    @properties
    @given(st.text(max_size=200))
    def test_any_text(self, text):
        for row in keywords.guess(text, TABLE):
            self.assertGreaterEqual(row.score, keywords.ENOUGH)
            self.assertTrue(row.words)


@tagged("-at_install", "post_install")
class TestSuggestions(SubmissionCase):
    def suggest(self, text, **values):
        return self.env["civic.matching"]._suggest_category_sudo(
            self.company, {"subject": text, **values}
        )

    def test_the_words_of_every_category_find_it(self):
        """What citizens write about each of the module's categories."""
        for text, name in (
            ("Ổ gà lớn trước cổng trường", "roads"),
            ("Đèn đường kiệt 10 không sáng ba đêm nay", "lighting"),
            ("Nước máy đục, vỡ ống nước", "water"),
            ("Bãi rác tự phát bốc mùi hôi thối", "environment"),
            ("Quán cà phê lấn chiếm vỉa hè, đỗ xe bừa bãi", "urban_order"),
            ("Hàng xóm hát karaoke loa kéo ồn ào", "noise"),
            ("Cây xanh gãy đổ chắn lối, cành cây rơi", "trees"),
            ("Quán ăn bẩn gây ngộ độc thực phẩm", "food"),
            ("Thanh niên đua xe lạng lách, đánh nhau", "security"),
            ("Chèo kéo du khách ở khu di tích", "culture"),
            ("Cán bộ một cửa hẹn nhiều lần, thái độ hách dịch", "services"),
            ("Tai nạn giao thông, sạt lở", "emergency"),
            ("Có kẻ cướp giật, có vũ khí", "emergency_police"),
            ("Cháy nhà, có người mắc kẹt", "emergency_fire"),
            ("Có người bất tỉnh, cần xe cứu thương", "emergency_medical"),
            ("Tranh chấp đất đai, lấn đất", "land"),
            ("Tôi gửi đơn khiếu nại, tố cáo", "petition"),
        ):
            category = self.env.ref(f"civic_report.category_{name}")
            with self.subTest(name):
                found = self.suggest(text)
                self.assertEqual(found.get("category_id"), category.id)
                self.assertEqual(found["is_emergency"], category.track == "emergency")
                self.assertIn("because you wrote “", found["reason"])

    def test_matters_not_taken_in_come_with_guidance(self):
        found = self.suggest("Đơn tố cáo")
        self.assertFalse(found["accepted"])
        self.assertIn("citizen reception", found["guidance"])

    def test_what_the_centre_decided_about_similar_reports(self):
        text = "Bùng binh Nam Sông Hương vỡ gạch"
        self.assertEqual(self.suggest(text), {})
        for _index in range(2):
            report = self.make_report(subject=text, description=text)
            self.walk_to("processing", report)
            report.standardised_description = text
        found = self.suggest(text)
        self.assertEqual(found.get("category_id"), self.category.id)
        self.assertEqual(found["reason"], "because similar reports are about it")

    def test_another_provinces_words_do_not_count(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.env["civic.category"].create(
            {"name": "Riêng", "company_id": other.id, "keywords": "bùng binh"}
        )
        self.assertEqual(self.suggest("bùng binh"), {})

    def test_operators_use_it_with_one_click(self):
        report = self.make_report(category_id=False)
        self.assertEqual(report.suggested_category_id, self.category)
        self.assertIn("ổ gà", report.suggested_category_reason)
        report.use_suggested_category()
        self.assertEqual(report.category_id, self.category)


@tagged("-at_install", "post_install")
class TestAnswers(SubmissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.report_properties_definition = [
            {"name": "depth", "string": "Sâu bao nhiêu cm?*", "type": "integer"},
            {"name": "where", "string": "Bên nào?", "type": "selection",
             "selection": [["left", "Trái"], ["right", "Phải"]]},
            {"name": "hurt", "string": "Có người bị ngã?", "type": "boolean"},
            {"name": "note", "string": "Ghi chú", "type": "char"},
            {"name": "since", "string": "Từ ngày", "type": "date"},
            {"name": "width", "string": "Rộng (m)", "type": "float"},
        ]  # fmt: skip

    def test_answers_arrive(self):
        report = self.send_form(
            self.form(
                answer_depth="20",
                answer_where="left",
                answer_hurt="1",
                answer_note=" Gần\u200b cống ",
                answer_since="2026-01-02",
                answer_width="1,5",
                answer_stranger="x",
            )
        )
        self.assertEqual(
            dict(report.report_properties),
            {
                "depth": 20,
                "where": "Trái",
                "hurt": True,
                "note": "Gần cống",
                "since": report.report_properties["since"],
                "width": 1.5,
            },
        )
        self.assertEqual(str(report.report_properties["since"]), "2026-01-02")

    def test_wrong_answers_are_told_beside_the_question(self):
        for name, value in (
            ("depth", ""),
            ("depth", "sâu"),
            ("depth", "-1"),
            ("depth", "9" * 11),
            ("where", "up"),
            ("note", "x" * 301),
            ("since", "hôm qua"),
            ("width", "nan"),
            ("width", "1e99"),
        ):
            with self.subTest(name=name, value=value[:12]):
                form = {"answer_depth": "20", f"answer_{name}": value}
                self.assertEqual(set(self.errors(**form)), {f"answer_{name}"})

    def test_another_category_asks_other_questions(self):
        lights = self.env.ref("civic_report.category_lighting")
        report = self.send_form(self.form(category_id=str(lights.id), answer_depth="2"))
        self.assertFalse(dict(report.report_properties or {}))

    def test_citizens_never_read_answers(self):
        report = self.send_form(self.form(answer_depth="20"), user=self.citizen)
        with self.assertRaises(AccessError):
            report.with_user(self.citizen).sudo(False).read(["report_properties"])

    def test_operators_correct_them(self):
        report = self.send_form(self.form(answer_depth="20"))
        report.with_user(self.operator).sudo(False).report_properties = {"depth": 30}
        self.assertEqual(report.report_properties["depth"], 30)

    def test_questions_link_to_no_records(self):
        for kind in ("many2one", "many2many"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.category.report_properties_definition = [
                    {"name": "x", "type": kind, "comodel": "civic.reporter"}
                ]
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.category.report_properties_definition = [
                {"name": f"q{index}", "type": "char"} for index in range(21)
            ]

    def test_the_forms_of_113_114_and_115_never_stand_in_the_way(self):
        for name in ("police", "fire", "medical"):
            category = self.env.ref(f"civic_report.category_emergency_{name}")
            self.assertEqual(category.track, "emergency")
            self.assertTrue(category._questions())
            self.assertFalse([row for row in category._questions() if row.required])
