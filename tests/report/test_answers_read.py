"""Answers to the questions of a category: what is read of what was typed."""

from odoo.tests import tagged

from ..rig.common import CivicCase

# kind: what is typed → what is kept; None: refused.
READ = {
    "integer": {
        "0": 0,
        "12": 12,
        "١٢": 12,
        "999999999": 999_999_999,
        "1000000000": None,
        "-1": None,
        "3.5": None,
        "ba": None,
        "1" * 11: None,
    },
    "float": {
        "3.5": 3.5,
        "3,5": 3.5,
        "-2": -2.0,
        "999999999999": 999_999_999_999.0,
        "1000000000000": None,
        "nan": None,
        "inf": None,
    },
    "date": {"2026-11-20": "2026-11-20", "2026-02-30": None, "hôm qua": None},
    "selection": {"ngap": "ngap", "khac": None, "Ngập": None},
    "boolean": {"1": True, "on": True},
    "char": {"Gần cống": "Gần cống", "a" * 300: "a" * 300, "a" * 301: None},
    "text": {"Hai\ndòng": "Hai\ndòng", "a" * 2000: "a" * 2000, "a" * 2001: None},
}


@tagged("-at_install", "post_install")
class TestAnswersRead(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.report_properties_definition = [
            {
                "name": kind,
                "string": f"Hỏi {kind}",
                "type": kind,
                **({"selection": [["ngap", "Ngập"]]} if kind == "selection" else {}),
            }
            for kind in READ
        ]

    def answers(self, category=None, **form):
        errors = {}
        category = self.category if category is None else category
        answers = self.env["civic.form"]._read_answers(category, form, errors)
        return answers, errors

    def test_by_kind(self):
        for kind, rows in READ.items():
            for typed, kept in rows.items():
                with self.subTest(kind, typed=typed[:20]):
                    answers, errors = self.answers(**{f"answer_{kind}": typed})
                    if kept is None:
                        self.assertEqual(answers, {})
                        self.assertEqual(list(errors), [f"answer_{kind}"])
                    else:
                        self.assertEqual(errors, {})
                        self.assertEqual(answers, {kind: kept})

    def test_one_that_is_wrong_keeps_the_others(self):
        answers, errors = self.answers(answer_integer="ba", answer_char="Gần cống")
        self.assertEqual(answers, {"char": "Gần cống"})
        self.assertEqual(list(errors), ["answer_integer"])

    def test_what_must_be_answered(self):
        definition = self.category.report_properties_definition
        definition[0]["string"] += " *"
        self.category.report_properties_definition = definition
        [first, *others] = self.category._questions()
        self.assertTrue(first.required)
        self.assertNotIn("*", first.label)
        self.assertFalse([row.name for row in others if row.required])
        self.assertEqual(list(self.answers()[1]), [first.field])
        self.assertEqual(self.answers(answer_integer="0"), ({"integer": 0}, {}))
        self.category.track = "emergency"
        self.assertEqual(self.answers(), ({}, {}), "nobody in danger is kept waiting")

    def test_without_a_category_nothing_is_asked(self):
        nothing = self.env["civic.category"]
        self.assertEqual(self.answers(nothing, answer_char="x"), ({}, {}))
