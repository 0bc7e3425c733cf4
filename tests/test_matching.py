"""Whether two reports are about the same matter: by tables of examples, by properties,
and in the database."""

import math
import unittest
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.civic_report.tools import matching
from odoo.addons.civic_report.tools.matching import LIKELY, VERY_LIKELY, Matter

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
