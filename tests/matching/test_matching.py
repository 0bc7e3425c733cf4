"""Whether two reports are about the same matter: by tables of examples, by properties,
and in the database."""

import math
import unittest
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.matching import same_matter as matching_model
from ...tools import matching
from ...tools.matching import LIKELY, VERY_LIKELY, Matter
from ..rig.common import CivicCase
from ..rig.media import drawing, saved

properties = settings(max_examples=150, deadline=None, derandomize=True, database=None)

NOON = datetime(2026, 11, 20, 5)
HUE = (16.4637, 107.5909)
ROADS, LIGHTS, WASTE, NOISE, FLOODS = (1,), (2,), (3,), (4,), (5,)
METRE = 1 / 111_195  # of latitude


def told(subject, text="", metres=None, days=0, **values):
    """A matter so many metres north of one place, so many days after one noon."""
    if metres is not None:
        values["latitude"], values["longitude"] = HUE[0] + metres * METRE, HUE[1]
    return Matter(subject, text, at=NOON + timedelta(days=days), **values)


HOLE = told(
    "Ổ gà lớn trên đường Lê Lợi", "Ổ gà sâu 20 cm giữa làn đường.", 0, line=ROADS
)
RUBBISH = told(
    "Rác thải bốc mùi đầu kiệt 42",
    "Rác sinh hoạt chất đống ba ngày chưa ai thu gom, bốc mùi hôi thối.",
    0,
    line=WASTE,
)
SAME = [
    (HOLE, told("O ga tren duong Le Loi", "o ga rat sau", 20, 1, line=ROADS)),
    (HOLE, told("Mặt đường Lê Lợi hư hỏng", "Có ổ gà nguy hiểm.", 35, 3, line=ROADS)),
    (HOLE, told("Đường hỏng, ổ gà giữa làn xe chạy", "", 10, 2)),
    (HOLE, HOLE),
    (RUBBISH, told("Bãi rác tự phát kiệt 42", "Mùi hôi thối", 30, 1, line=WASTE)),
    (RUBBISH, told("Đống rác không ai thu gom", "", 45, 2, line=WASTE)),
    (
        told("Đèn đường không sáng", "Cột đèn số 15 tắt hai đêm nay.", 0, line=LIGHTS),
        told("Cột đèn chiếu sáng bị hỏng", "Tối om, cột số 15", 40, 2, line=LIGHTS),
    ),
    (
        told(
            "Karaoke loa kéo quá ồn", "Sau 22 giờ vẫn hát.", 0, line=NOISE, radius=300
        ),
        told("Karaoke loa kéo gây ồn", "Đêm khuya", 180, 1, line=NOISE, radius=300),
    ),
    (
        told("Ổ gà trước số 10", "Ổ gà sâu", line=ROADS, ward=7, address="10 Lê Lợi"),
        told("Ổ gà sâu", "Ổ gà lớn", line=ROADS, ward=7, address="Số 10 đường Lê Lợi"),
    ),
    (
        told("Xe đậu lấn vỉa hè", "", 0, pictures=frozenset({"a", "b"})),
        told("Ô tô chắn lối đi", "", 60, 1, pictures=frozenset({"b"})),
    ),
]
OTHER = [
    (HOLE, told("Ổ gà trên đường Nguyễn Huệ", "Ổ gà sâu", 900, 1, line=ROADS)),
    (HOLE, HOLE._replace(latitude=HUE[0] + 2000 * METRE)),
    (HOLE, RUBBISH),
    (HOLE, told("Đèn đường Lê Lợi không sáng", "", 30, 1, line=LIGHTS)),
    (RUBBISH, told("Nước thải chảy ra cống", "Cống nghẹt", 40, 3, line=FLOODS)),
    (HOLE, HOLE._replace(at=NOON + timedelta(days=500), is_open=False, subject="Hỏng")),
    (
        told("Ổ gà trước số 10", "", line=ROADS, ward=7, address="10 Lê Lợi"),
        told("Ổ gà trước số 210", "", line=ROADS, ward=7, address="210 Lê Lợi"),
    ),
    (
        told("Ổ gà", "Ổ gà lớn", line=ROADS, ward=7, address="10 Lê Lợi"),
        told("Ổ gà", "Ổ gà lớn", line=ROADS, ward=8, address="10 Trần Phú"),
    ),
    (told("Ổ gà", line=ROADS), told("Ổ gà", line=ROADS)),
    (told("Đề nghị kiểm tra"), told("Đề nghị kiểm tra")),
    (Matter(), Matter()),
]

WORDS = st.sampled_from(
    [
        "ổ",
        "gà",
        "đường",
        "hỏng",
        "rác",
        "thải",
        "đèn",
        "tắt",
        "ngập",
        "nước",
        "ồn",
        "cây",
        "đổ",
        "Lê",
        "Lợi",
        "42",
        "kiệt",
        "vỉa",
        "hè",
    ]
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
MATTERS = st.builds(
    Matter,
    subject=TEXTS,
    text=TEXTS,
    address=TEXTS,
    line=st.sampled_from([(), ROADS, LIGHTS, (1, 10), (1, 11)]),
    ward=st.integers(0, 2),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    radius=st.floats(0, 5000),
    at=st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    is_open=st.booleans(),
    pictures=st.frozensets(st.sampled_from("abc")),
)


class TestMatching(unittest.TestCase):
    def test_the_same_matter(self):
        for one, other in SAME:
            with self.subTest(one=one.subject, other=other.subject):
                self.assertGreaterEqual(matching.match(one, other).score, LIKELY)

    def test_other_matters(self):
        for one, other in OTHER:
            with self.subTest(one=one.subject, other=other.subject):
                self.assertLess(matching.match(one, other).score, LIKELY)

    def test_the_same_words_at_the_same_place_are_very_likely_the_same(self):
        self.assertGreater(matching.match(HOLE, HOLE).score, VERY_LIKELY)

    def test_what_is_open_weighs_more(self):
        done = HOLE._replace(is_open=False)
        self.assertGreater(
            matching.match(HOLE, HOLE).score, matching.match(HOLE, done).score
        )

    def test_reasons_come_strongest_first(self):
        twin = HOLE._replace(pictures=frozenset("a"))
        found = matching.match(twin, twin)
        self.assertEqual(found.reasons[0], "picture")
        self.assertEqual(
            set(found.reasons), {"picture", "near", "words", "category", "time"}
        )
        far = matching.match(HOLE, HOLE._replace(latitude=HUE[0] + 2000 * METRE))
        self.assertNotIn("near", far.reasons)
        self.assertAlmostEqual(far.metres, 2000, delta=2)

    def test_the_likeliest_come_first_and_few(self):
        others = list(enumerate([OTHER[0][1], SAME[1][1], HOLE, SAME[0][1]]))
        found = matching.best(HOLE, others, LIKELY, 2)
        self.assertEqual([key for key, _match in found], [2, 3])

    @properties
    @given(MATTERS, MATTERS)
    def test_symmetric_and_between_0_and_1(self, one, other):
        there, back = matching.match(one, other), matching.match(other, one)
        self.assertTrue(math.isclose(there.score, back.score, abs_tol=1e-9))
        self.assertEqual(there.reasons, back.reasons)
        for value in (there.score, there.similarity):
            self.assertTrue(0 <= value <= 1)

    @properties
    @given(MATTERS, MATTERS, st.floats(0, 20000), st.floats(0, 20000))
    def test_nearer_is_never_less_likely(self, one, other, near, far):
        near, far = sorted((near, far))
        one = one._replace(latitude=HUE[0], longitude=HUE[1])
        scores = [
            matching.match(
                one, other._replace(latitude=HUE[0] + m * METRE, longitude=HUE[1])
            ).score
            for m in (near, far)
        ]
        self.assertGreaterEqual(scores[0], scores[1] - 1e-12)

    @properties
    @given(MATTERS, st.integers(0, 400), st.integers(0, 400))
    def test_later_is_never_likelier(self, one, soon, late):
        soon, late = sorted((soon, late))
        one = one._replace(at=NOON)
        scores = [
            matching.match(one, one._replace(at=NOON + timedelta(days=days))).score
            for days in (soon, late)
        ]
        self.assertGreaterEqual(scores[0], scores[1] - 1e-12)


@tagged("-at_install", "post_install")
class TestLikelyDuplicates(CivicCase):
    def placed(self, metres=0, **values):
        """A report so many metres north of one place."""
        return self.make_report(
            latitude=HUE[0] + metres * METRE, longitude=HUE[1], **values
        )

    def likely(self, report):
        return [row["id"] for row in report.likely_duplicates or ()]

    def test_operators_see_them_whether_published_or_not(self):
        first = self.placed()
        published = self.walk_to("processing", self.placed(20))
        private = self.placed(10, visibility="private")
        far = self.placed(3000)
        report = self.placed(5)
        self.assertEqual(
            set(self.likely(report)), set((first | published | private).ids)
        )
        self.assertNotIn(far.id, self.likely(report))
        row = next(row for row in report.likely_duplicates if row["id"] == published.id)
        self.assertEqual(row["distance"], 15)
        self.assertEqual(row["similarity"], 100)
        self.assertEqual(row["code"], published.name)

    def test_without_a_position_by_the_ward_or_the_words(self):
        ward = self.env["civic.ward"].create({"name": "Phường Thuận Hóa"})
        for values in ({"ward_id": ward.id}, {}):
            with self.subTest(values):
                one, other = (self.make_report(**values) for _index in range(2))
                self.assertIn(one.id, self.likely(other))
                elsewhere = self.make_report(
                    **values,
                    subject="Ổ gà",
                    description="Đường Nguyễn Trãi nhiều ổ gà.",
                    address="25 Nguyễn Trãi",
                )
                self.assertNotIn(one.id, self.likely(elsewhere))

    def test_the_same_picture_from_elsewhere(self):
        photo = self.env["ir.attachment"]._civic_read([saved(drawing())])
        one = self.placed(subject="Xe đậu chắn lối", description="Xe đậu chắn lối.")
        other = self.placed(
            400, subject="Ô tô trên vỉa hè", description="Ô tô cản trở."
        )
        self.assertNotIn(one.id, self.likely(other))
        for report in (one, other):
            self.env["ir.attachment"]._civic_attach(report.sudo(), photo, self.reporter)
        self.env.invalidate_all()
        found = {row["id"]: row for row in other.likely_duplicates}
        self.assertTrue(found[one.id]["same_picture"])

    def test_another_province_stays_unknown(self):
        company = self.env["res.company"].create(
            {"name": "Tỉnh khác", "civic_procedure_id": self.procedure.id}
        )
        report = self.placed()
        twin = (
            self.env["civic.report"]
            .sudo()
            .create(
                self.report_values(
                    company_id=company.id,
                    reporter_id=False,
                    latitude=HUE[0],
                    longitude=HUE[1],
                )
            )
        )
        self.assertNotIn(twin.id, self.likely(report))

    def test_the_mark_on_cards_while_the_centre_decides(self):
        first, report = self.placed(), self.placed(5)
        self.assertTrue(report.duplicate_suspected)
        self.walk_to("processing", report)
        self.assertFalse(report.duplicate_suspected)
        self.assertTrue(first.duplicate_suspected)

    def test_a_board_costs_as_many_queries_as_a_card(self):
        ward = self.env["civic.ward"].create({"name": "Phường Thuận Hóa"})
        reports = self.env["civic.report"]
        for index in range(12):
            reports |= self.placed(index * 5, ward_id=ward.id)
            reports |= self.make_report(ward_id=ward.id)
            reports |= self.make_report()
        counts = []
        for board in (reports[:3], reports):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            board.mapped("duplicate_suspected")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 10)

    def test_officers_of_agencies_are_not_told(self):
        self.placed()
        report = self.walk_to("processing", self.placed(5))
        for name in ("likely_duplicates", "duplicate_suspected"):
            with self.assertRaises(AccessError):
                report.with_user(self.handler).read([name])

    def test_citizens_are_offered_published_reports_alone(self):
        published = self.walk_to("processing", self.placed(10))
        published.standardised_description = "Ổ gà sâu, cần vá."
        hidden = self.placed(5)
        found = self.env["civic.matching"]._similar_published_sudo(
            self.company,
            {
                "subject": "Ổ gà trên đường Lê Lợi",
                "category_id": self.category.id,
                "latitude": HUE[0],
                "longitude": HUE[1],
            },
        )
        codes = [row["code"] for row in found]
        self.assertIn(published.name, codes)
        self.assertNotIn(hidden.name, codes)
        self.assertEqual(round(found[codes.index(published.name)]["distance"]), 10)

    def test_one_matter_reaches_as_far_as_its_category_says(self):
        one, other = self.placed(), self.placed(250)
        self.assertNotIn(one.id, self.likely(other))
        self.category.match_radius = 300
        self.env.invalidate_all()
        self.assertIn(one.id, self.likely(other))

    def test_candidates_are_bounded(self):
        self.patch(matching_model, "MAX_IN_CELL", 3)
        for _index in range(5):
            self.placed()
        report = self.placed()
        matching = self.env["civic.matching"].sudo()
        wanted = matching._wanted(report.company_id, report._position_values())
        found = matching._candidates({1: wanted}, public=False)
        self.assertEqual(len(found[1]), 3)
