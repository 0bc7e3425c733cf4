"""Values that people and remote callers give leaders' dialogs by mistake."""

import random
import string
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.ground import numbering
from ...tools.periods import Period
from ..rig.acts import ActsCase

LONG = "".join(random.Random(7).choices(string.ascii_letters, k=10_000))


@tagged("-at_install", "post_install")
class TestLeadersBreakers(ActsCase):
    def test_a_number_of_ten_thousand_letters(self):
        """The index of numbers takes no such one: it is refused in words."""
        with self.assertRaises(UserError), self.cr.savepoint():
            self.drafted(number=LONG).issue()

    def test_a_long_urging_is_not_cut(self):
        part = self.walk_to("accepted").assignment_ids.with_user(self.operator)
        with self.assertRaises(UserError):
            part.sudo(False).urge("Đề nghị. " * 1500)

    def test_what_is_due_later_is_not_overdue_yet(self):
        """Of a period that goes on, officers have overdue what is so now."""
        with self.at("2026-11-02 08:00"):
            self.walk_to("accepted")
            counted = self.env["civic.officer.figures"]._count_officers(
                self.handler, self.company, date(2026, 11, 1), date(2026, 12, 31)
            )
        self.assertEqual(counted[self.handler.id]["overdue"], 0)

    def test_officers_of_the_last_day_there_is(self):
        for first, last in (
            (date(2026, 12, 31), date(2026, 12, 31)),
            (date(9999, 12, 31), date(9999, 12, 31)),
            (date(1, 1, 1), date(1, 1, 2)),
            (date(2026, 1, 1), date(9999, 12, 31)),
        ):
            wizard = (
                self.env["civic.wizard.officer.figures"]
                .with_user(self.manager)
                .create({"date_from": first, "date_to": last})
            )
            with self.subTest(first=first), self.assertRaises(UserError):
                wizard.action_confirm()

    def test_a_report_on_days_before_any_calendar(self):
        reports = self.env["civic.periodic.report"].with_user(self.manager)
        kind = self.env["civic.periodic.kind"]._known_to(self.company)
        kind = kind.filtered(lambda row: row.code == "demand")[:1]
        self.assertTrue(kind)
        for first, last in (
            ("0001-01-01", "0001-01-02"),
            ("1000-01-01", "1000-01-02"),
            ("9999-12-31", "9999-12-31"),
        ):
            with self.subTest(first=first), self.assertRaises(UserError):
                reports.open_demand(kind.id, first, last)

    def test_narrowed_to_nothing_that_there_is(self):
        """A slip in what it is narrowed to does not open one on the whole province."""
        reports = self.env["civic.periodic.report"].with_user(self.manager)
        kind = self.env["civic.periodic.kind"]._known_to(self.company)
        kind = kind.filtered(lambda row: row.code == "demand")[:1]
        days = ("2026-10-15", "2026-11-14")
        for filters in ({"agency": "x"}, [1], {"agencies": [1]}, {"ward": [True]}):
            with self.subTest(filters=filters), self.assertRaises(UserError):
                reports.open_demand(kind.id, *days, filters)

    def test_a_wall_has_no_spreadsheet(self):
        board = self.env["civic.board"].with_user(self.province_leader).sudo(False)
        with self.assertRaises(AccessError):
            board._sheets("wall", "month")

    def test_a_rehearsal_of_the_first_day_there_is(self):
        draft = self.company.civic_procedure_id
        with self.assertRaises(UserError):
            self.env["civic.rehearsal"].with_user(self.manager).create(
                {
                    "draft_id": draft.id,
                    "date_from": "0001-01-01",
                    "date_to": "0001-01-02",
                }
            )

    def test_decisions_of_no_day(self):
        reward = (
            self.env["civic.reward"]
            .with_user(self.manager)
            .create({"kind": "agency", "agency_id": self.agency.id, "merit": "Nhanh."})
        )
        for value in ([], {}, 5, "x", "2026-13-40"):
            with self.subTest(value=value), self.assertRaises(UserError):
                reward.decide_reward("1/QĐ", value)
        for value in (LONG, "  ", None, 4):
            with self.subTest(value=value), self.assertRaises(UserError):
                reward.decide_reward(value, "2026-01-01")

    def test_an_answer_names_no_sender(self):
        directive = self.issued()
        with self.assertRaises(UserError):
            directive.with_user(self.leader).sudo(False).answer(
                "Đã gọi ông A số 0905123456, CCCD 046090001234."
            )

    def test_a_report_names_no_sender(self):
        reports = self.env["civic.periodic.report"].with_user(self.manager)
        kind = self.env["civic.periodic.kind"]._known_to(self.company)
        kind = kind.filtered(lambda row: row.code == "demand")[:1]
        report = reports.browse(
            reports.open_demand(kind.id, "2026-10-15", "2026-11-14")
        )
        report.draft()
        words = "Người gửi có số 0905123456."
        with self.assertRaisesRegex(UserError, "strike it out"):
            report.save_words(difficulties=words)
        with self.assertRaisesRegex(UserError, "strike it out"):
            report.note_line(report.line_ids[:1].id, words)
        self.assertFalse(report.difficulties)

    def test_every_figure_opens_or_says_no(self):
        board = self.env["civic.board"].with_user(self.province_leader)
        for key in (*board._tile_labels(), *board._figure_labels()):
            for kind, user in (
                ("province", self.province_leader),
                ("unit", self.leader),
            ):
                mine = self.env["civic.board"].with_user(user).sudo(False)
                for period in ("week", "month", "quarter", "year", "month:2000-01-01"):
                    with self.subTest(key=key, kind=kind, period=period):
                        try:
                            action = mine.open_list(kind, key, period)
                        except UserError:
                            continue
                        model = self.env[action["res_model"]].with_user(user)
                        model.sudo(False).search(action["domain"], limit=1)

    def test_numbers_in_the_demo(self):
        """While the module is installed no other session has its tables."""
        asked = []

        def last(cr):
            asked.append(cr)
            return 4

        with (
            patch.object(self.env.registry, "ready", False),
            patch.object(numbering, "_is_installed", lambda _other: False),
        ):
            self.assertEqual(numbering.next_number(self.env, (-1, -1), last), 5)
        self.assertEqual(asked, [self.env.cr])

    def test_lists_show_what_the_figures_count(self):
        """Of the province: late at the Centre as at agencies, and what came again, not
        what it came again after."""
        with self.at("2026-11-02 08:00"):
            first = self.walk_to("done")
            again = self.walk_to("processing")
            again._elevated().recurrence_of_id = first
            waiting = self.make_report()
        with self.at("2026-11-12 16:00"):
            period = Period("month", date(2026, 10, 15), date(2026, 11, 14))
            whole = self.env["civic.facts"]._count(self.company, period)["whole"]
            self.assertTrue(whole["recurred"] and whole["overdue"])
            board = self.env["civic.board"].with_user(self.province_leader).sudo(False)
            for figure, name in (
                ("recurred", "recurred"),
                ("overdue_end", "overdue"),
                ("late", "late"),
            ):
                action = board.open_list("province", figure, "month:2026-11-12")
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(action["res_model"], "civic.report")
                self.assertEqual(len(found), whole[name], figure)
                if figure == "recurred":
                    self.assertEqual(found, again)
                if figure == "overdue_end":
                    self.assertIn(waiting, found)

    def test_sheets_in_vietnamese(self):
        board = self.env["civic.board"].with_user(self.province_leader)
        for title, _head, _rows in board.with_context(lang="vi_VN")._sheets(
            "province", "month"
        ):
            self.assertNotRegex(title, r"[\[\]:*?/\\]")
            self.assertLessEqual(len(title), 31)
