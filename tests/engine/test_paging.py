"""Tables cut into pages."""

from odoo.tests.common import BaseCase

from ...tools.paging import LINE, TITLE, paged, row_height, shares

PAGE = (500, 300)


class TestPaging(BaseCase):
    def table(self, rows, title="Tổng hợp", text="x"):
        return {
            "title": title,
            "titles": ["TT", "Nội dung"],
            "shares": [0.1, 0.9],
            "rows": [[str(number), text] for number in range(rows)],
            "kind": "any",
        }

    def test_shares(self):
        self.assertEqual(shares([5, 15]), [0.25, 0.75])
        self.assertEqual(shares([0, 0]), [0, 0])

    def test_a_row_is_as_high_as_its_highest_cell(self):
        one = row_height(["1", ""], [20, 100])
        self.assertEqual(row_height(["", ""], [20, 100]), one)
        long = row_height(["1", "mười chữ cái đó " * 5], [20, 100])
        self.assertGreater(long, one + 3 * LINE)
        self.assertGreaterEqual(row_height(["1\n2\n3", ""], [20, 100]), one + 2 * LINE)
        # A column too narrow for a letter still ends.
        self.assertGreater(row_height(["abc", ""], [1, 100]), one)

    def test_every_row_once_and_in_order(self):
        for count in (0, 1, 14, 15, 16, 17, 100):
            with self.subTest(count):
                parts = paged([self.table(count)], *PAGE)
                rows = [row[0] for part in parts for row in part["rows"]]
                self.assertEqual(rows, [str(number) for number in range(count)])
                ends = [part["ends"] for part in parts]
                self.assertEqual(ends, [False] * (len(parts) - 1) + [True])
                titles = [part["title"] for part in parts]
                self.assertEqual(titles, ["Tổng hợp", *[""] * (len(parts) - 1)])
                breaks = [part["breaks"] for part in parts]
                self.assertEqual(breaks, [False] + [True] * (len(parts) - 1))
                self.assertEqual({part["kind"] for part in parts}, {"any"})

    def test_no_page_holds_more_than_it_can(self):
        width, height = PAGE
        tables = [self.table(rows, text="chữ " * 60) for rows in (3, 20, 7)]
        left = height - 100
        for part in paged(tables, width, height, used=100):
            widths = [width * share for share in part["shares"]]
            left = height if part["breaks"] else left
            left -= row_height(part["titles"], widths)
            left -= TITLE if part["title"] else 0
            left -= sum(row_height(row, widths) for row in part["rows"])
            self.assertGreaterEqual(left, 0)

    def test_what_fits_nowhere_stands_alone(self):
        parts = paged([self.table(2, text="dài " * 3000)], *PAGE)
        self.assertEqual([len(part["rows"]) for part in parts], [1, 1])

    def test_a_table_that_would_begin_at_the_foot_begins_a_page(self):
        first, second = paged([self.table(14), self.table(3)], *PAGE)
        self.assertEqual((first["breaks"], second["breaks"]), (False, True))
        self.assertEqual(second["title"], "Tổng hợp")
