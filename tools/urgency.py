"""Whether a text tells of an emergency, by words: surely, perhaps, or not.

What happens now to people, fire, gas, current and water is one; what may happen, what
happened and what only sounds like it is none. Vietnamese tells them apart by a few
words before or beside: "rất dễ gây tai nạn" may happen, "tháng trước đã có tai nạn" is
past, "bóng đèn cháy" is a lamp.

:func:`judge` reads a text by lists of phrases, :data:`LISTS` unless an administrator
has others. In a phrase "…" stands for up to four words of the same clause. A word typed
with accents counts where the accents agree; one typed without, for each accent that it
may have: so "chay" alone is no fire, it may run or flow, yet "nha dang chay" is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from .text import clean, fold

SURE, PERHAPS, NOT = "sure", "perhaps", "not"
GAP = "…"
MOST_IN_GAP = 4
# A text is read up to so many words.
MAX_WORDS = 1500
# How far before an event its "may", and how near its "not" stands.
MAY_REACHES, WEAK_REACHES, NO_REACHES = 7, 3, 2
WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"[.!?\n]+")
CLAUSE_END = re.compile(r"[,;:()\-–—\"“”]+|\b(?:nhưng|nhung|tuy nhiên)\b")
# What is past is only what these words are followed by: "nhà cháy, đã có người chết".
FORWARD = ("đã có", "đã xảy ra", "đã nhiều")
# How young people type on telephones.
SHORT_FORMS = {
    **dict.fromkeys(("k", "ko", "hk", "hok", "kh"), "không"),
    **dict.fromkeys(("ng", "ngừi", "ngta"), "người"),
    **dict.fromkeys(("dc", "đc", "đk", "dk"), "được"),
    **dict.fromkeys(("dag", "đag", "dang"), "đang"),
    **{"r": "rồi", "nc": "nước", "trc": "trước", "vs": "với", "mn": "người"},
    **{"j": "gì", "hnay": "hôm nay", "hqua": "hôm qua"},
}
# Between the words of a phrase they make it something else: water runs, so do cars.
NOT_IN_GAP = frozenset(
    {
        *("nước", "nuoc", "xe", "bóng", "bong", "đèn", "den", "phòng", "phong"),
        *("không", "khong", "chưa", "chua", "máy", "chữa", "chua", "vòi", "voi"),
    }
)

LISTS: dict[str, tuple[str, ...]] = {
    # Somebody is, or is about to be, hurt: an emergency.
    SURE: (
        # fire
        *("cháy nhà", "nhà … cháy", "cháy lớn", "cháy to", "cháy rồi", "đang cháy"),
        *("đám cháy", "vụ cháy", "hỏa hoạn", "hoả hoạn", "bốc cháy", "phát cháy"),
        *("bốc lửa", "lửa … bốc", "cháy chợ", "chợ … cháy", "cháy rừng"),
        *("rừng … cháy", "cháy xe", "cháy kho", "kho … cháy", "cháy quán"),
        *("quán … cháy", "cháy xưởng", "xưởng … cháy", "cháy phòng", "cháy chung cư"),
        *("chung cư … cháy", "cháy trạm", "trạm biến áp … cháy", "cháy bếp"),
        *("xe khách cháy", "xe tải cháy", "xe bồn cháy", "cháy lan", "cháy dữ"),
        *("cháy căn", "cháy tầng", "kẹt trong đám cháy", "khói … nghi ngút"),
        # gas, chemicals, explosions
        *("ga … xì", "ga … rò", "điện … rò", "điện rò", "cháy lò"),
        *("rò rỉ gas", "rò gas", "xì gas", "gas … rò", "gas … xì", "rò rỉ khí"),
        *("nổ bình gas", "bình gas … nổ", "bình ga … nổ", "rò rỉ ga", "xì ga"),
        *("rò rỉ hóa chất", "tràn hóa chất", "ngạt khí", "ngộ độc", "nổ súng"),
        *("phát nổ", "vụ nổ", "tiếng nổ lớn", "đánh bom", "có bom", "có mìn"),
        # current
        *("phóng điện", "điện giật", "giật điện", "dây điện … đứt", "đứt dây điện"),
        *("dây điện … rơi", "rò điện", "rò rỉ điện", "nhiễm điện", "dây điện … tóe"),
        *("chập điện", "cháy trụ điện", "trụ điện … cháy", "cột điện … cháy"),
        *("cột điện … đổ", "trụ điện … đổ", "dây điện … cháy"),
        # water and heights
        *("chết đuối", "đuối nước", "bị đuối", "sắp đuối", "nhảy cầu", "nhảy sông"),
        *("rơi xuống sông", "rơi xuống hồ", "rơi xuống cống", "ngã xuống sông"),
        *("ngã xuống hồ", "rớt xuống sông", "lọt xuống cống", "rơi xuống giếng"),
        *("nước cuốn", "lũ cuốn", "lũ quét", "vỡ đê", "vỡ đập", "lật thuyền"),
        *("thuyền … lật", "chìm đò", "đò … chìm", "chìm tàu", "nhảy lầu", "tự tử"),
        *("tự sát", "tự thiêu", "nhảy xuống sông", "đòi nhảy", "mắc kẹt", "bị kẹt"),
        *("người … kẹt", "kẹt trong thang máy", "người … chới với", "rơi từ tầng"),
        *("ngã từ tầng", "ngã giàn giáo", "rơi giàn giáo"),
        # collapses
        *("sập nhà", "nhà … sập", "sập cầu", "cầu … sập", "sạt lở … vùi", "vùi lấp"),
        *("đè người", "đè trúng người", "đè vào người", "đè lên người", "sập tường"),
        *("đổ trúng người", "rơi trúng người", "chôn vùi", "tường … đè", "đè … xe máy"),
        *("sập giàn giáo", "đất … vùi", "cây … đè", "đè chết", "đè bẹp"),
        # people hurt
        *("bị thương", "người chết", "chết người", "bất tỉnh", "ngất xỉu", "hôn mê"),
        *("co giật", "đột quỵ", "khó thở", "không thở", "ngừng thở", "ngưng thở"),
        *("chảy máu", "máu chảy", "gãy chân", "gãy tay", "nguy kịch", "hấp hối"),
        *("nằm bất động", "sắp chết", "sắp sinh", "đẻ rơi", "đau tim", "ngừng tim"),
        *("cần … cấp cứu", "gọi … cấp cứu", "cấp cứu gấp", "cấp cứu với"),
        *("cần xe cấp cứu", "gọi xe cấp cứu", "cần xe cứu thương", "cần … cứu hỏa"),
        *("gọi xe cứu thương", "cần xe cứu hỏa", "gọi xe cứu hỏa", "gọi cứu hỏa"),
        *("đâm xe", "đâm nhau", "tông nhau", "xe … đâm", "xe … tông", "lật xe"),
        *("xe … lật", "tông xe", "tông trúng", "đâm trúng", "xe … cán", "cán qua"),
        *("cán chết", "rắn cắn", "ong đốt", "nằm im", "xác người", "thi thể"),
        *("bị nhốt", "người bị tai nạn", "bị tai nạn", "người bị nạn", "bị bỏng"),
        *("nạn nhân", "uống thuốc sâu", "uống thuốc trừ sâu", "không lên được"),
        *("người bị giật", "rơi ban công", "rơi lầu", "té lầu", "té giếng"),
        *("té xuống sông", "té xuống hồ", "té xuống mương", "té xuống cống"),
        *("rơi xuống mương", "ngã xuống mương", "ngã xuống giếng", "ngã xuống cống"),
        *("lửa … lan", "lửa … cháy", "nổ lò", "lò hơi … nổ", "kẹt trên mái"),
        # crime and fights
        *("trộm đang", "đột nhập", "trộm vào nhà", "có trộm"),
        *("bị cướp", "đang cướp", "giết người", "bắt cóc", "chém nhau", "đâm chém"),
        *("chém người", "cầm dao", "hiếp dâm", "đánh nhau", "đánh người", "ẩu đả"),
        *("bị đánh", "cầm hung khí", "bạo hành", "bắn nhau", "khống chế"),
        *("hành hung", "đang đánh", "hỗn chiến", "con tin", "cướp giật", "cướp tiệm"),
        *("cướp ngân hàng", "dí dao"),
        # cries
        *("cứu với", "cứu tôi", "cứu mạng", "cứu người", "làm ơn cứu", "cứu em"),
        *("kêu cứu", "cứu giúp", "cứu hộ gấp", "nguy hiểm tính mạng", "sos"),
    ),
    # It may be one: asked of whoever wrote.
    PERHAPS: (
        *("cháy", "tai nạn", "cấp cứu", "cướp", "nổ", "khói", "mùi gas", "mùi ga"),
        *("hở điện", "sập", "sạt lở", "ngạt", "nguy hiểm tính mạng", "kẹt"),
        *("xô xát", "gây gổ", "đe dọa", "hung khí", "ngã xe", "té xe", "va chạm"),
        *("chết đuối", "nước dâng", "vỡ ống gas", "chó dại", "tông", "bom", "mất tích"),
        *("ngã xuống", "rơi xuống", "đứt dây", "cây đổ", "bỏng", "té xuống", "lửa"),
        *("chó … cắn người", "chó … cắn trẻ", "bị giật", "la hét", "cầu cứu"),
    ),
    # It sounds so and is none.
    "harmless": (
        *("như đánh nhau", "như cháy nhà", "chết người đi được", "chết người mất"),
        *("phòng cháy chữa cháy", "phòng cháy", "chữa cháy", "pccc", "cháy nắng"),
        *("bóng … cháy", "đèn … cháy", "cháy bóng", "cháy đèn", "cháy hàng"),
        *("bóng đèn … nổ", "bóng … nổ", "đèn … nổ", "nổ bóng", "nổ lốp", "cháy vé"),
        *("mùi cháy", "mùi khét", "đốt … cháy", "đốt rác", "khói xe", "khói bụi"),
        *("khói rác", "khói bếp", "khói thuốc", "khói … đốt", "đốt … khói"),
        *("khói than", "khói nhà máy", "khói lò", "ống khói", "cháy cầu chì"),
        *("xả khói", "xả … khói", "nhả khói", "cướp mất", "chiếm … cướp"),
        *("cầu chì … cháy", "cháy máy", "máy … cháy", "cháy phim", "cháy túi"),
        *("xe cấp cứu", "xe cứu thương", "phòng cấp cứu", "khoa cấp cứu", "nổ máy"),
        *("trạm cấp cứu", "xe cứu hỏa", "xe cứu hoả", "trụ cứu hỏa", "họng cứu hỏa"),
        *("cứu hộ", "cứu trợ", "nghiên cứu", "tra cứu", "cứu xét", "cứu tinh"),
        *("bùng nổ", "nổ tung", "tiếng nổ xe", "kẹt xe", "kẹt đường", "kẹt giấy"),
        *("bị kẹt xe", "sạt lở đường", "cây đổ chắn"),
        *("bảo hiểm tai nạn", "điểm đen tai nạn", "cướp đường", "cướp lòng đường"),
        *("bỏng ngô", "nước bỏng", "đánh bóng", "gas cũ", "đổi gas", "cửa hàng gas"),
        *("cướp cò", "khoá kẹt", "khóa kẹt", "cửa kẹt", "kẹt cửa", "khói nhang"),
        *("chó cắn nhau", "biển báo tai nạn", "bẫy chết người", "cháy thẻ"),
        *("nguy hiểm chết người", "máy lửa", "xe lửa", "tàu lửa", "đường lửa"),
    ),
    # Said before what has not happened.
    "may": (
        *("nguy cơ", "dễ", "rất dễ", "tránh", "sợ", "lo ngại", "lo sợ", "lo lắng"),
        *("sợ bị", "tránh bị", "tránh tai nạn", "tránh gây", "dễ bị", "lo bị"),
        *("có thể", "có khả năng", "kẻo", "nếu", "lỡ", "nhỡ", "đề phòng", "e rằng"),
        *("phòng chống", "phòng ngừa", "ngăn ngừa", "ngăn chặn", "hạn chế", "giảm"),
        *("khỏi bị", "để khỏi", "tiềm ẩn", "sẽ", "chực chờ", "có ngày", "khi có"),
        *("hay", "hay bị", "thường", "thường bị", "khi cháy", "khi … cháy"),
        *("khi xảy ra", "khi bị", "trường hợp", "diễn tập", "tập huấn", "tuyên truyền"),
        *("chống", "báo cháy", "chuông báo", "suýt", "xém", "mém", "cảnh báo"),
        *("chẳng may", "không may", "hiểm họa", "rình rập", "trước khi"),
    ),
    # Said before what follows from something: one knows no more than that it may.
    "causes": ("gây", "gây ra", "dẫn đến", "dẫn tới", "sắp"),
    # Said of what is over, or usual, anywhere in a sentence.
    "past": (
        *("tháng trước", "tuần trước", "năm ngoái", "năm trước", "hôm qua", "hôm kia"),
        *("hôm trước", "hôm nọ", "hôm rồi", "bữa trước", "bữa qua", "đêm qua"),
        *("tối qua", "chiều qua", "sáng qua", "lần trước", "trước đây", "hồi trước"),
        *("hồi năm", "năm kia", "ngày trước", "đã từng", "từng", "đã có", "đã xảy ra"),
        *("đã nhiều", "nhiều lần", "nhiều vụ", "mấy vụ", "mấy lần", "liên tục xảy ra"),
        *("hay xảy ra", "thường xảy ra", "thường xuyên", "dễ xảy ra", "vụ án"),
        *("có thể xảy ra", "xảy ra nhiều", "lâu nay", "bấy lâu", "xưa nay", "mỗi năm"),
        *("hằng năm", "hàng năm", "hàng ngày", "hằng ngày", "mỗi ngày", "ngày nào"),
        *("đêm nào", "tuần nào", "tháng nào", "tối nào", "sáng nào", "suốt ngày"),
        *("năm nào", "hoài", "lúc nào cũng", "quanh năm", "nhiều người đã"),
        *("đã được dập", "đã dập", "dập tắt", "đã đưa đi", "đã cứu", "đã xử lý"),
        *("cách đây … năm", "cách đây … tháng", "cách đây … tuần", "cách đây … ngày"),
        *("vài vụ", "hồi tháng", "hồi tuần", "hay có", "thỉnh thoảng", "mọi khi"),
    ),
    # Said of what happens as one writes.
    "now": (
        *("đang", "bây giờ", "ngay bây giờ", "hiện tại", "lúc này", "vừa", "vừa mới"),
        *("mới vừa", "mới bị", "gấp", "khẩn cấp", "khẩn", "cứu với", "ngay lập tức"),
        *("hôm nay", "sáng nay", "tối nay", "chiều nay", "trưa nay", "nhanh lên"),
        *("vừa xong", "mới đây", "nãy", "hồi nãy", "lúc nãy", "đêm nay"),
        *("còn người", "còn … người", "vẫn còn", "phút trước", "cứu tôi"),
    ),
    # Said right before what is not so.
    "no": (
        *("không", "không có", "không phải", "chưa", "chưa có", "chẳng", "hết"),
        *("không còn", "hết bị", "không ai", "chưa ai", "không có ai", "đâu có"),
    ),
}
KINDS = tuple(LISTS)


class Verdict(NamedTuple):
    """What a text says.

    :param level: SURE, PERHAPS or NOT
    :param words: the phrases that say so, as they are listed
    """

    level: str
    words: tuple[str, ...] = ()


class _Token(NamedTuple):
    typed: str
    folded: str
    clause: int
    sentence: int


class _Span(NamedTuple):
    start: int
    end: int
    phrase: str


Table = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]


def make_table(lists: Mapping[str, Iterable[str]]) -> Table:
    """Make lists of phrases ready to be looked for.

    :param lists: phrases by their kind, a key of :data:`LISTS`
    """
    return {
        kind: tuple(
            (" ".join(phrase.split()), tuple(_parts(phrase)))
            for phrase in dict.fromkeys(lists.get(kind, ()))
            if any(part != GAP for part in _parts(phrase))
        )
        for kind in KINDS
    }


def _parts(phrase: str) -> list[str]:
    phrase = clean(phrase, multiline=False).lower().replace("...", GAP)
    return re.findall(rf"\w+|{GAP}", phrase)


@lru_cache(maxsize=1)
def installed() -> Table:
    """The table of :data:`LISTS`."""
    return make_table(LISTS)


def judge(text: str | None, table: Table | None = None) -> Verdict:
    """Tell whether a text tells of an emergency.

    :param table: as of :func:`make_table`
    """
    table = installed() if table is None else table
    tokens = _tokens(text)
    places = _places(tokens)
    found = {kind: _find(tokens, places, table[kind]) for kind in KINDS}
    found["weak"] = _find_weak(tokens, places, table["may"])
    sure = _left(tokens, found, SURE)
    verdicts = [*sure, *_left(tokens, found, PERHAPS, sure)]
    for level in (SURE, PERHAPS):
        words = [span.phrase for one, span in verdicts if one == level]
        if words:
            return Verdict(level, tuple(dict.fromkeys(words)))
    return Verdict(NOT)


def _tokens(text: str | None) -> list[_Token]:
    tokens: list[_Token] = []
    clause = 0
    sentences = SENTENCE_END.split(clean(text).lower())
    for number, sentence in enumerate(sentences):
        for part in CLAUSE_END.split(sentence):
            for word in WORD.findall(part):
                for typed in SHORT_FORMS.get(word, word).split():
                    tokens.append(_Token(typed, fold(typed), clause, number))
            clause += 1
        clause += 1
    return tokens[:MAX_WORDS]


def _places(tokens: list[_Token]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, token in enumerate(tokens):
        places.setdefault(token.folded, []).append(index)
    return places


def _find(tokens, places, phrases) -> list[_Span]:
    spans = []
    for phrase, parts in phrases:
        for start in places.get(_fold_part(parts[0]), ()):
            end = _match(tokens, start, parts)
            if end:
                spans.append(_Span(start, end, phrase))
    return spans


def _find_weak(tokens, places, phrases) -> list[_Span]:
    """Single words without accents that may say what may happen: "so" is "sợ", or the
    number of a house."""
    words = {_fold_part(parts[0]): phrase for phrase, parts in phrases if not parts[1:]}
    return [
        _Span(at, at + 1, phrase)
        for folded, phrase in words.items()
        for at in places.get(folded, ())
        if tokens[at].typed == folded != phrase
    ]


@lru_cache(maxsize=4096)
def _fold_part(part: str) -> str:
    return fold(part)


def _match(tokens, start: int, parts: tuple[str, ...]) -> int:
    """:return: where a phrase that starts here ends, 0 if it does not stand here"""
    at, gap = start, 0
    clause = tokens[start].clause
    for part in parts:
        if part == GAP:
            gap = MOST_IN_GAP
            continue
        while True:
            if at >= len(tokens) or tokens[at].clause != clause:
                return 0
            if _is(tokens[at], part):
                break
            if not gap or tokens[at].typed in NOT_IN_GAP:
                return 0
            gap -= 1
            at += 1
        at, gap = at + 1, 0
    # A single word without accents may be any of several.
    if at - start == 1 and tokens[start].typed != parts[0]:
        return 0
    return at


def _is(token: _Token, part: str) -> bool:
    if token.typed == part:
        return True
    # Without accents it may be meant; with others it is another word.
    plain = token.typed == token.folded
    return plain and token.folded == _fold_part(part)


def _left(tokens, found, kind, besides=()) -> list[tuple[str, _Span]]:
    """Events of a kind with what is left of them beside the words around them."""
    left = []
    taken = [span for _level, span in besides]
    # The longest first: what stands in it does not count by itself.
    for span in sorted(found[kind], key=lambda one: (one.start - one.end, one.start)):
        if any(_overlap(span, other) for other in taken):
            continue
        taken.append(span)
        if any(_covers(other, span) for other in found["harmless"]):
            continue
        level = _weigh(tokens, found, kind, span)
        if level != NOT:
            left.append((level, span))
    return left


def _weigh(tokens, found, level, span) -> str:
    clause, sentence = tokens[span.start].clause, tokens[span.start].sentence
    in_clause = [one for one in found["now"] if tokens[one.start].clause == clause]
    if _before(tokens, found["no"], span, NO_REACHES):
        return NOT
    may = _before(tokens, found["may"], span, MAY_REACHES)
    weak = _before(tokens, found["weak"], span, WEAK_REACHES)
    if may:
        # "sợ quá, nhà đang cháy": what is said after it happens all the same.
        is_now = any(one.start >= may.end for one in in_clause)
        return _lower(level) if is_now else NOT
    if not in_clause and any(
        tokens[one.start].sentence == sentence
        and (one.start < span.start or not one.phrase.startswith(FORWARD))
        for one in found["past"]
    ):
        return NOT
    if weak:
        return PERHAPS
    causes = _before(tokens, found["causes"], span, NO_REACHES)
    if causes and not any(one.start < span.end for one in in_clause):
        return _lower(level)
    return level


def _lower(level: str) -> str:
    return PERHAPS if level == SURE else NOT


def _before(tokens, spans, span, reach: int) -> _Span | None:
    """The nearest of these that ends shortly before a span, in its clause."""
    clause = tokens[span.start].clause
    near = [
        one
        for one in spans
        if one.start < span.end - 1
        and one.start != span.start
        and one.end <= span.end
        and span.start - one.end < reach
        and tokens[one.start].clause == clause
    ]
    return max(near, key=lambda one: one.end, default=None)


def _overlap(one: _Span, other: _Span) -> bool:
    return one.start < other.end and other.start < one.end


def _covers(harmless: _Span, span: _Span) -> bool:
    """Whether an event is none because of what stands there; one that holds it and
    more, such as "cần xe cấp cứu", is one."""
    inside = span.start <= harmless.start and harmless.end <= span.end
    return _overlap(harmless, span) and not (
        inside and span.end - span.start > harmless.end - harmless.start
    )
