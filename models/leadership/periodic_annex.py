from dataclasses import dataclass
from functools import partial

from odoo import api, models

from ...tools import periodic_columns as columns
from ...tools import periodic_words as words
from ...tools.letters import paragraphs

# Of a list of whose columns the first says what the row is about.
OVERVIEW_TITLES = {
    "category": ("Tổng hợp theo lĩnh vực", "Lĩnh vực"),
    "channel": ("Tổng hợp theo kênh tiếp nhận", "Kênh"),
    "ward": ("Tổng hợp theo địa bàn", "Địa bàn"),
}
TITLES = {
    "agency": "Kết quả theo cơ quan, đơn vị xử lý",
    "late": "Các trường hợp quá hạn, không dứt điểm",
    "rating": "Mức độ hài lòng theo cơ quan, đơn vị xử lý",
    "stuck": "Vướng mắc, chờ UBND tỉnh",
    "list": "Các cơ quan, đơn vị phải báo cáo",
    "evaluation": "Căn cứ đánh giá theo cơ quan, đơn vị",
    "explanation": "Giải trình của các cơ quan, đơn vị",
}
# Tables whose rows name themselves in a second column, and how that is called.
NAMED = {
    **dict.fromkeys(("agency", "rating", "list", "evaluation"), "Cơ quan"),
}
# Annexes of each document, in their order.
ANNEXES = {
    "day": (),
    "whole": (
        *("category", "channel", "ward", "agency"),
        *("late", "rating", "stuck", "explanation"),
    ),
    "rules": ("category", "channel", "ward", "agency", "late", "rating", "stuck"),
    "list": ("list", "late"),
    "evaluation": ("evaluation",),
    "slow": ("late",),
}
# A document shows these even when they are empty.
ALWAYS = ("category", "agency", "late", "list", "evaluation")
ORDER = columns.Column("order", "TT", "order", width=7)
OVERVIEW_NAME = "Tổng hợp tình hình tiếp nhận, xử lý phản ánh hiện trường"
DAY_NAME = "Báo cáo nhanh "
# Annexes that are one in the document: several tables under one number.
OVERVIEW = ("category", "channel", "ward")


@dataclass(frozen=True)
class Table:
    """One table of a document: what PDF and spreadsheet show alike.

    :param dimension: of its lines
    :param number: of the annex that it stands in
    :param title: of the table
    :param columns: tuple of columns
    :param rows: tuple of tuples of cells, as a spreadsheet has them
    :param total: the last row, or None
    """

    dimension: str
    number: int
    title: str
    columns: tuple
    rows: tuple
    total: tuple | None = None

    def texts(self):
        """Rows as they are printed, the total last."""
        rows = (*self.rows, self.total) if self.total else self.rows
        return [
            [
                columns.cell_text(column, value)
                for column, value in zip(self.columns, row, strict=True)
            ]
            for row in rows
        ]


class CivicPeriodicReport(models.Model):
    """The tables and sentences of a report, made of its rows alone."""

    _inherit = "civic.periodic.report"

    def _tables(self):
        """The annexes, as PDF and spreadsheet show them.

        :return: list of `Table`
        """
        self.ensure_one()
        lines = self._lines_by_dimension()
        return [
            self._make_table(dimension, number, lines.get(dimension, ()), lines)
            for dimension, number in self._annex_numbers(lines).items()
        ]

    def _annex_numbers(self, lines):
        """dict of dimension → number of the annex in which its table stands"""
        number, found = 0, {}
        for dimension in ANNEXES[self.form]:
            if not lines.get(dimension) and dimension not in ALWAYS:
                continue
            if dimension not in OVERVIEW or dimension == OVERVIEW[0]:
                number += 1
            found[dimension] = number
        return found

    def _see_annexes(self, lines, *dimensions):
        """The sentence that names the annexes of some dimensions."""
        numbers = self._annex_numbers(lines)
        named = [numbers[name] for name in dimensions if lines.get(name)]
        return words.annex_words(named, max(numbers.values(), default=0))

    # ------------------------------------------------------------------
    # Head
    # ------------------------------------------------------------------

    def _head_words(self):
        """(name of the document, what it is about, of which days its figures are)"""
        if self.form != "day":
            return "BÁO CÁO", self.title, words.span(self.period_from, self.period_to)
        about = self.title.removeprefix(DAY_NAME)
        about = about[:1].upper() + about[1:]
        return DAY_NAME.strip().upper(), about, words.day_span(self.period_to)

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------

    def _lines_by_dimension(self):
        """dict of dimension → list of (line, its figures with notes)"""
        notes = self._notes_by_row()
        found = {}
        for line in self.line_ids:
            figures = dict(line.figures or {})
            figures["note"] = notes.get((line.dimension, line.key), "")
            found.setdefault(line.dimension, []).append((line, figures))
        return found

    def _notes_by_row(self):
        notes = {}
        for note in self.note_ids:
            notes.setdefault((note.dimension, note.key), []).append(note.text)
        return {row: "; ".join(texts) for row, texts in notes.items()}

    def _make_table(self, dimension, number, rows, lines):
        named = self._name_column(dimension)
        shown = self._columns_of(dimension, lines)
        title = OVERVIEW_TITLES.get(dimension, (TITLES.get(dimension),))[0]
        return Table(
            dimension,
            number,
            title,
            (ORDER, *named, *shown),
            tuple(
                (order, *([line.label] if named else []), *_cells(shown, figures))
                for order, (line, figures) in enumerate(rows, start=1)
            ),
            self._total_of(dimension, named, shown, lines),
        )

    @api.model
    def _name_column(self, dimension):
        title = OVERVIEW_TITLES.get(dimension, ("", NAMED.get(dimension)))[1]
        return (columns.Column("label", title, "text", width=24),) if title else ()

    def _columns_of(self, dimension, lines=None):
        """The columns of a table besides its number and name.

        :param lines: see `_lines_by_dimension`, for levels of the rating scale
        """
        if dimension == "rating":
            levels = (lines or {}).get("level", ())
            of_levels = (
                columns.Column(f"level_{line.key}", line.label) for line, _f in levels
            )
            return (*columns.RATED, *of_levels, *columns.RATES)
        if dimension == "evaluation":
            decided = columns.DECIDED if self._has_thresholds() else ()
            return (*columns.EVALUATION, *decided)
        if dimension == "late":
            special = {"list": columns.RESPONSIBLE, "day": columns.LATE_TODAY}
            return special.get(self.form, columns.LATE)
        return {
            **dict.fromkeys(OVERVIEW, columns.OVERVIEW),
            "whole": columns.OVERVIEW,
            "agency": columns.AGENCIES,
            "stuck": columns.STUCK,
            "list": columns.LIST,
            "explanation": columns.EXPLANATIONS,
        }.get(dimension, ())

    def _has_thresholds(self):
        """Whether the text says when an agency is barred (ST Điều 17.3)."""
        procedure = self.procedure_id
        names = ("unanswered", "late_return", "sent_back", "recurring")
        figures = [procedure[f"{name}_threshold"] for name in (*names, "satisfaction")]
        return any([*figures, procedure.directive_limit])

    def _total_of(self, dimension, named, shown, lines):
        """The last row of an overview: the whole, which each dimension adds up to."""
        whole = lines.get("whole")
        if dimension not in OVERVIEW or not whole:
            return None
        return (None, "Tổng cộng", *_cells(shown, whole[0][1]))

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------

    def _sections(self):
        """The body: list of (heading, paragraphs); every number is a row's."""
        self.ensure_one()
        return getattr(self, f"_periodic_body_{self.form}")()

    def _periodic_body_whole(self):
        lines = self._lines_by_dimension()
        whole = self._whole_figures(lines)
        channels = self._pairs(lines, "channel", "received")
        categories = self._pairs(lines, "category", "received")
        levels = self._pairs(lines, "level", "rated")
        see = partial(self._see_annexes, lines)
        return [
            *self._written("opening", ""),
            (
                "I. Tình hình tiếp nhận",
                [*words.intake(whole, channels, categories), *see("category")],
            ),
            ("II. Kết quả xử lý, phản hồi", [*words.results(whole), *see("agency")]),
            (
                "III. Quá hạn, không dứt điểm, tồn đọng",
                [*words.overdue(whole), *see("late", "stuck", "explanation")],
            ),
            (
                "IV. Mức độ hài lòng",
                [*words.satisfaction(whole, levels), *see("rating")],
            ),
            *self._written("difficulties", "V. Khó khăn, vướng mắc"),
            *self._written("proposals", "VI. Kiến nghị, đề xuất"),
        ]

    _periodic_body_rules = _periodic_body_whole

    def _periodic_body_day(self):
        rows = self._day_numbers()
        return [
            ("", [f"{number}. {what}: {said}."])
            for number, (what, said) in enumerate(rows, start=1)
        ]

    def _day_numbers(self):
        """The seven lines of the quick report, see `words.day_lines`."""
        lines = self._lines_by_dimension()
        [(_line, month)] = lines.get("month") or [(None, {})]
        return words.day_lines(self._whole_figures(lines), month)

    def _periodic_body_list(self):
        rows = self._lines_by_dimension().get("list", ())
        said = (
            f"Có {len(rows)} cơ quan, đơn vị để xảy ra một hoặc nhiều trường hợp sau: "
            "quá thời gian xử lý; đã gia hạn nhưng chưa có kết quả; tỉ lệ hài lòng "
            "thấp; bị phản ánh lại nhiều lần. Danh sách tại các phụ lục kèm theo."
            if rows
            else "Không có cơ quan, đơn vị nào phải báo cáo trong kỳ."
        )
        return [
            *self._written("opening", ""),
            ("", [said]),
            *self._written("proposals", "Kiến nghị, đề xuất"),
        ]

    def _periodic_body_evaluation(self):
        rows = self._lines_by_dimension().get("evaluation", ())
        said = f"Số cơ quan, đơn vị được giao xử lý phản ánh trong kỳ: {len(rows)}."
        barred = [line for line, figures in rows if figures.get("breaches")]
        sentences = [said]
        if self._has_thresholds():
            sentences.append(
                f"Số cơ quan, đơn vị có căn cứ không xét hoàn thành xuất sắc nhiệm vụ: "
                f"{len(barred)}."
            )
        return [
            *self._written("opening", ""),
            ("", sentences),
            *self._written("proposals", "Kiến nghị, đề xuất"),
        ]

    def _periodic_body_slow(self):
        whole = self._whole_figures(self._lines_by_dimension())
        said = (
            f"Có {whole.get('overdue') or 0} trường hợp chậm xử lý hoặc chưa xử lý của "
            f"{whole.get('late_agencies') or 0} cơ quan, đơn vị, theo danh sách tại "
            "phụ lục kèm theo."
        )
        return [
            *self._written("opening", ""),
            ("", [said]),
            *self._written("difficulties", "Khó khăn, vướng mắc"),
            *self._written("proposals", "Kiến nghị, đề xuất"),
        ]

    @api.model
    def _whole_figures(self, lines):
        found = lines.get("whole")
        return found[0][1] if found else {}

    @api.model
    def _pairs(self, lines, dimension, key):
        return [
            (line.label, figures.get(key) or 0)
            for line, figures in lines.get(dimension, ())
        ]

    def _written(self, name, heading):
        """A section that people write; the opening is left out where there is none."""
        said = paragraphs(self[name])
        if not said and not heading:
            return []
        return [(heading, said or [words.NONE_WRITTEN])]


class CivicPeriodicLine(models.Model):
    _inherit = "civic.periodic.line"

    def _cell_words(self, column):
        figures = self.figures or {}
        return columns.cell_text(column, columns.cell(column, figures))


def _cells(shown, figures):
    return tuple(columns.cell(column, figures) for column in shown)
