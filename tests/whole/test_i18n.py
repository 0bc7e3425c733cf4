import re
from collections import Counter

import polib

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools.misc import file_path

# What the code fills in, and the tags of templates.
KEPT = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")
# Attributes that people read; they are translated with their tag.
READ = re.compile(r'\b(title|alt|placeholder|aria-label)="[^"]*"')


def kept(text):
    return Counter(KEPT.findall(READ.sub(r"\1", text)))


@tagged("post_install", "-at_install")
class TestVietnamese(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("vi_VN")
        cls.env["ir.module.module"]._load_module_terms(
            ["civic_report"], ["vi_VN"], overwrite=True
        )
        cls.env = cls.env(context={**cls.env.context, "lang": "vi_VN"})

    def _label(self, model, value, field="state"):
        labels = self.env[model]._fields[field]._description_selection(self.env)
        return dict(labels)[value]

    def test_placeholders_and_tags_are_kept(self):
        terms = polib.pofile(file_path("civic_report/i18n/vi.po"))
        self.assertGreater(len(terms), 1000)
        for term in terms:
            with self.subTest(term=term.msgid):
                self.assertTrue(term.translated())
                self.assertEqual(kept(term.msgid), kept(term.msgstr))

    def test_states_are_the_words_of_the_boards(self):
        for state, words in {
            "new": "Mới gửi",
            "supplementing": "Chờ bổ sung",
            "received": "Đã tiếp nhận",
            "consulting": "Chờ phối hợp",
            "processing": "Đang xử lý",
            "resolved": "Chờ công khai",
        }.items():
            self.assertEqual(self._label("civic.report", state), words)
        self.assertEqual(self._label("civic.assignment", "submitted"), "Chờ duyệt")

    def test_records_speak_vietnamese(self):
        for xmlid, words in {
            "menu_root": "Phản ánh hiện trường",
            "menu_intake": "Tiếp nhận",
            "menu_work": "Việc của tôi",
            "category_roads": "Đường sá và vỉa hè",
        }.items():
            self.assertEqual(self.env.ref(f"civic_report.{xmlid}").name, words)

    def test_rating_levels_are_the_words_of_the_regulations(self):
        """HUE Điều 12.3, ST Điều 16.3, QN Điều 6."""
        levels = {
            "scale_hue": ["Hài lòng", "Chấp nhận được", "Không hài lòng"],
            "scale_st": ["Rất hài lòng", "Hài lòng", "Không hài lòng"],
            "scale_qn": [
                "Rất hài lòng",
                "Hài lòng",
                "Bình thường",
                "Không hài lòng",
                "Rất không hài lòng",
            ],
        }
        for xmlid, names in levels.items():
            scale = self.env.ref(f"civic_report.{xmlid}")
            self.assertEqual(scale.level_ids.mapped("name"), names)

    def test_code_speaks_vietnamese(self):
        step = self.env["civic.step"]
        self.assertEqual(step._duration_words(135), "2 giờ 15 phút")
        self.assertEqual(step._duration_words(27 * 60), "1 ngày 3 giờ")

    def test_what_the_set_up_makes_is_named_in_the_companys_language(self):
        company = self.env["res.company"].create({"name": "Tỉnh mẫu"})
        company.partner_id.lang = "vi_VN"
        english = self.env["res.company"].with_context(lang="en_US")
        english.with_company(company)._civic_set_up()
        self.assertEqual(company._civic_calendar().name, "Giờ hành chính")
        site = self.env["website"].create({"name": "Tỉnh mẫu", "civic_reports": True})
        send = site._civic_menu("send").with_context(lang="vi_VN")
        self.assertEqual(send.name, "Gửi phản ánh")


@tagged("post_install", "-at_install")
class TestVietnameseOfTheSite(HttpCase):
    def test_scripts_of_the_site_speak_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        answer = self.url_open("/website/translations?lang=vi_VN").json()
        words = {
            row["id"]: row["string"]
            for row in answer["modules"]["civic_report"]["messages"]
        }
        self.assertEqual(words["Show the map"], "Xem bản đồ")
        self.assertEqual(words["Looking for the position…"], "Đang xác định vị trí…")
