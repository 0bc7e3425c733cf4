import io
import json
from datetime import datetime

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ...controllers.board import _workbook
from ..rig.board import BoardCase

ROLES = ("operator", "handler", "leader", "manager", "province_leader", "plain")
SEES = {
    "province": {"operator", "manager", "province_leader"},
    "wall": {"operator", "manager", "province_leader"},
    "unit": {"leader"},
}


@tagged("-at_install", "post_install")
class TestBoardRights(BoardCase):
    def test_who_has_which_screen(self):
        self.count_now()
        for kind, roles in SEES.items():
            for role in ROLES:
                with self.subTest(kind=kind, role=role):
                    board = self.as_of(getattr(self, role))
                    if role in roles:
                        self.assertEqual(board.read_page(kind)["kind"], kind)
                    else:
                        with self.assertRaises(AccessError):
                            board.read_page(kind)
                        with self.assertRaises(AccessError):
                            board.open_list(kind, "agency_overdue")

    def test_no_such_screen(self):
        for kind in ("", None, "x", ["province"], {"a": 1}):
            with self.subTest(kind), self.assertRaises(UserError):
                self.as_of(self.province_leader).read_page(kind)

    def test_a_leader_sees_nothing_of_another_agency(self):
        self.late_report()
        other = self.walk_to("received")
        other.dispatch([self.other_agency.id], incomplete_reason="Rõ rồi.")
        self.count_now()
        self.keep()
        for leader, own, foreign in (
            (self.leader, self.agency, self.other_agency),
            (self.other_leader, self.other_agency, self.agency),
        ):
            with self.subTest(own=own.name):
                told = json.dumps(self.page("unit", leader), ensure_ascii=False)
                self.assertIn(own.name, told)
                self.assertNotIn(foreign.name, told)
                for model in (self.now, self.figures):
                    seen = model.with_user(leader).search([])
                    self.assertEqual(seen.agency_id, own)
                    self.assertFalse(seen.filtered(lambda row: not row.agency_id))
        # Named in an argument, it is no more to be seen.
        place = {"agency": self.other_agency.id}
        self.assertFalse(self.listed("agency_open", "unit", self.leader, place))
        self.assertTrue(self.listed("agency_open", "unit", self.leader))

    def test_a_superior_sees_its_branches(self):
        self.other_agency.parent_id = self.agency
        other = self.walk_to("received")
        other.dispatch([self.other_agency.id], incomplete_reason="Rõ rồi.")
        self.count_now()
        page = self.page("unit", self.leader)
        self.assertEqual(page["units"], [self.agency.name])
        rows = [row["name"] for row in page["agencies"]]
        self.assertEqual(rows, [self.other_agency.name])

    def test_two_provinces(self):
        company = self.env["res.company"].create({"name": "Tỉnh láng giềng"})
        beyond = new_test_user(
            self.env,
            login="leader_beyond",
            groups="civic_report.group_province_leader",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        company.civic_procedure_id = self.procedure
        self.late_report()
        self.count_now()
        self.keep()
        page = self.board.with_user(beyond).with_company(company).read_page("province")
        self.assertEqual(page["company"], company.name)
        self.assertFalse(page["agencies"])
        self.assertFalse(any(tile["value"] for tile in page["tiles"]))
        self.assertFalse(
            self.now.with_user(beyond).search([("company_id", "=", self.company.id)])
        )
        # Whoever belongs to both sees the one that is chosen.
        self.province_leader.company_ids |= company
        page = (
            self.board.with_user(self.province_leader)
            .with_company(company)
            .read_page("province")
        )
        self.assertFalse(page["agencies"])

    def test_nothing_private_on_the_wall(self):
        planted = {
            "subject": "Chỉ riêng tôi biết",
            "description": "Con tôi học lớp 5A",
            "address": "Nhà số 7 ngõ kín",
        }
        self.late_report(**planted)
        self.make_report(track="emergency", **planted)
        secret = self.late_report(**planted)
        secret._elevated().write({"visibility": "secret"})
        waiting = self.walk_to("received", self.make_report(**planted))
        waiting._elevated().write({"state": "designating"})
        directive = self.env["civic.directive"].create(
            {
                **{"subject": "Trích yếu kín", "body": "Nội dung kín"},
                "agency_ids": [Command.set(self.agency.ids)],
            }
        )
        directive._elevated().write(
            {"state": "issued", "number": "9/KIN", "due_at": "2026-01-05 10:00:00"}
        )
        self.count_now()
        self.keep()
        screen = new_test_user(
            self.env, login="wall_screen", groups="civic_report.group_wall"
        )
        page = self.page("wall", screen)
        told = json.dumps(page, ensure_ascii=False)
        self.assertEqual(page["tiles"][1]["value"], 2, "what is secret is counted")
        people = self.handler | self.leader | self.operator | self.province_leader
        for word in (
            *("riêng tôi", "lớp 5A", "ngõ kín", "Trích yếu kín", "Nội dung kín"),
            *(self.reporter.name, self.reporter.phone, self.reporter.email_from),
            *(secret.name, *people.mapped("name"), *people.mapped("login")),
        ):
            with self.subTest(word):
                self.assertNotIn(word, told)
        self.assertTrue(page["matters"]["waiting"])
        self.assertTrue(page["matters"]["emergencies"])
        self.assertTrue(page["matters"]["directives"])
        self.assertNotIn('"id"', json.dumps(page["matters"]))
        self.assertNotIn("holder", told)
        self.assertTrue(page["matters"]["stuck"])
        # The screen's account reads no table, and no other page.
        self.assertEqual(
            self.as_of(screen).read_map("wall")["settings"]["zoom"],
            self.company._civic_map()["zoom"],
        )
        for kind in ("province", "unit"):
            with self.assertRaises(AccessError):
                self.as_of(screen).read_page(kind)
        for model in (self.now, self.figures, self.env["civic.report"]):
            with self.assertRaises(AccessError):
                model.with_user(screen).search([])
        with self.assertRaises(UserError):
            self.as_of(screen).open_list("wall", "emergency")
        with self.assertRaises(AccessError):
            self.as_of(screen).count_figures("wall")


@tagged("-at_install", "post_install")
class TestBoardFigures(BoardCase):
    def figure(self, key, page):
        return {row["key"]: row for row in page["figures"]}[key]

    def test_this_period_against_the_last(self):
        self.keep(back=1, counted=self.counted(whole={"received": 4, "done": 0}))
        self.keep()
        page = self.page()
        received = self.figure("received", page)
        self.assertEqual((received["value"], received["last"]), (10, 4))
        on_time = self.figure("on_time_rate", page)
        self.assertAlmostEqual(on_time["value"], 100 * 4 / 6)
        self.assertIsNone(on_time["last"], "a rate of nothing is none")
        self.assertEqual((on_time["part"], on_time["whole"]), (4, 6))
        self.assertTrue(on_time["is_few"])
        self.assertTrue(page["period"]["is_running"])
        self.assertEqual(page["trend"]["received"][-2:], [4, 10])

    def test_a_part_of_a_period_is_not_worse_than_a_whole_one(self):
        self.keep()
        self.keep(back=1)
        past = self.page()["last"]["code"]
        for period, better in (("month", None), (past, "up")):
            with self.subTest(period):
                page = self.page(period=period)
                self.assertEqual(self.figure("done", page)["better"], better)
                self.assertEqual(self.figure("on_time_rate", page)["better"], "up")

    def test_not_counted_yet_is_no_zero(self):
        page = self.page()
        self.assertIsNone(self.figure("received", page)["value"])
        self.assertIsNone(page["period"]["counted_at"])

    def test_agencies_ranked_and_marked(self):
        self.procedure.satisfaction_threshold = 70
        self.late_report()
        self.count_now()
        self.keep()
        first, second = self.page()["agencies"][:2]
        self.assertEqual((first["name"], first["place"]), (self.other_agency.name, 1))
        self.assertFalse(first["marks"])
        self.assertEqual(second["place"], 2)
        self.assertEqual(second["marks"], ["overdue now: 1", "satisfied: below 70 %"])
        self.procedure.satisfaction_threshold = 0
        self.assertEqual(self.page()["agencies"][1]["marks"], ["overdue now: 1"])

    def test_own_place_of_a_unit(self):
        self.keep()
        page = self.page("unit", self.leader)
        [own] = page["agencies"]
        self.assertEqual((own["place"], own["of"]), (2, 2))
        self.assertEqual(self.figure("given", page)["value"], 12)

    def test_periods_that_can_be_asked(self):
        for period in ("", "x", "day", "month:2026-99-01", "year:1066-10-14", 7, None):
            with self.subTest(period), self.assertRaises(UserError):
                self.page(period=period)
        with self.at("2026-11-16 08:00"):
            with self.assertRaises(UserError):
                self.page(period="month:2026-11-17")
            for kind, label in (
                ("week", "Week 47/2026"),
                ("quarter", "Quarter 4/2026"),
                ("year", "Year 2026"),
            ):
                self.assertEqual(self.page(period=kind)["period"]["label"], label)

    def test_a_period_is_counted_again_until_a_day_after_its_end(self):
        with self.at("2026-11-16 08:00"):
            period = self.keep("week")
            due = self.figures._due_periods(self.company)
            self.assertIn(period, due)
        with self.at("2026-11-24 08:00"):
            kept = self.keep("week", back=1)
            self.assertEqual(kept.first, period.first)
            self.assertNotIn(kept, self.figures._due_periods(self.company))

    def test_a_new_cut_off_replaces_what_overlaps(self):
        self.procedure.period_cutoff_day = 0
        before = self.keep()
        self.procedure.period_cutoff_day = 14
        after = self.keep()
        self.assertNotEqual(before.first, after.first)
        kept = self.figures.search([("agency_id", "=", False)])
        self.assertEqual(kept.mapped("date_from"), [after.first])

    def test_a_page_costs_the_same_for_many(self):
        def cost(kind, user):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.page(kind, user)
            return self.cr.sql_log_count - before

        self.late_report()
        self.count_now()
        self.keep()
        pages = (
            ("province", self.province_leader),
            ("wall", self.province_leader),
            ("unit", self.leader),
        )
        for kind, user in pages:
            cost(kind, user)  # rules and groups are kept in memory from now on
        few = [cost(kind, user) for kind, user in pages]
        agencies = [
            self.make_agency(
                f"Sở thứ {number}",
                f"S{number}",
                self.handler,
                self.leader,
                parent_id=self.agency.id,
            )
            for number in range(30)
        ]
        part = self.counted()["agency"][self.agency.id]
        self.keep(
            counted=self.counted(agency=dict.fromkeys([a.id for a in agencies], part))
        )
        for _number in range(5):
            self.late_report()
        self.count_now()
        for (kind, user), before in zip(pages, few, strict=True):
            with self.subTest(kind):
                cost(kind, user)
                self.assertLessEqual(cost(kind, user), before + 1)
                self.assertLessEqual(before, 22)

    def test_figures_of_a_period_open_their_lists(self):
        report = self.walk_to("done")
        self.assertIn(report.id, self.listed("received").ids)
        self.assertIn(report.id, self.listed("done").ids)
        own = self.listed("done", "unit", self.leader)
        self.assertIn(report.assignment_ids.id, own.ids)
        place = {"category": self.category.id}
        self.assertIn(report.id, self.listed("received", place=place).ids)
        odd = {"category": "1 OR 1=1", "agency": True, "ward": [1]}
        self.assertIn(report.id, self.listed("received", place=odd).ids)
        for figure in ("x", None, ["done"], "__class__"):
            with self.subTest(figure), self.assertRaises(UserError):
                self.listed(figure)

    def test_every_figure_of_the_pages_has_its_list(self):
        self.keep()
        for kind, user in (("province", self.province_leader), ("unit", self.leader)):
            page = self.page(kind, user)
            for row in [*page["tiles"], *page["figures"]]:
                with self.subTest(kind=kind, figure=row["key"]):
                    action = self.as_of(user).open_list(kind, row["key"])
                    json.dumps(action["domain"])
                    self.env[action["res_model"]].search_count(action["domain"])

    def test_figures_of_now_and_of_a_period_have_names_apart(self):
        labels = self.board._tile_labels().keys() & self.board._figure_labels().keys()
        self.assertFalse(labels, "one name would open the other one's list")

    def test_counting_on_demand(self):
        cron = self.env.ref("civic_report.cron_period_figures")
        self.as_of(self.province_leader).count_figures("province")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        cron.active = False
        with self.assertRaises(UserError):
            self.as_of(self.leader).count_figures("unit")


@tagged("-at_install", "post_install")
class TestBoardActs(BoardCase):
    def urge(self, user, kind, agency):
        return self.as_of(user).open_urging(kind, agency.id)

    def rows(self, user, kind):
        return {row["id"]: row["can_urge"] for row in self.page(kind, user)["agencies"]}

    def test_an_agency_is_urged_to_what_it_has_overdue(self):
        late = self.late_report().assignment_ids
        self.walk_to("accepted")
        self.count_now()
        for user in (self.province_leader, self.operator):
            with self.subTest(user.login):
                self.assertTrue(self.rows(user, "province")[self.agency.id])
                action = self.urge(user, "province", self.agency)
                wizard = Form(
                    self.env[action["res_model"]]
                    .with_user(user)
                    .with_context(**action["context"])
                )
                self.assertEqual(wizard.assignment_ids[:], late)
        wizard.message = "Xử lý xong trong hôm nay."
        wizard.save().action_confirm()
        self.assertTrue(late.urged_at)

    def test_a_superior_urges_its_branches_alone(self):
        self.other_agency.parent_id = self.agency
        self.late_report()
        other = self.walk_to("received")
        other.dispatch([self.other_agency.id], incomplete_reason="Rõ rồi.")
        other.assignment_ids._elevated().write({"overdue_from": "2026-01-05 10:00:00"})
        self.count_now()
        self.assertEqual(
            self.rows(self.leader, "unit"),
            {self.agency.id: False, self.other_agency.id: True},
        )
        action = self.urge(self.leader, "unit", self.other_agency)
        self.assertEqual(action["context"]["active_ids"], other.assignment_ids.ids)
        self.assertFalse(self.rows(self.other_leader, "unit")[self.other_agency.id])

    def test_nothing_of_others_is_urged(self):
        self.late_report()
        odd = self.agency.browse(0)
        for user, kind, agency, error in (
            (self.other_leader, "unit", self.agency, UserError),
            (self.province_leader, "province", self.other_agency, UserError),
            (self.province_leader, "province", odd, UserError),
            (self.province_leader, "wall", self.agency, UserError),
            (self.leader, "province", self.agency, AccessError),
            (self.handler, "unit", self.agency, AccessError),
        ):
            with self.subTest(user=user.login, kind=kind), self.assertRaises(error):
                self.urge(user, kind, agency)

    def test_officers_of_the_own_unit(self):
        self.walk_to("submitted")
        rows = {row["id"]: row for row in self.as_of(self.leader).read_officers()}
        self.assertTrue(rows[self.handler.id]["given"])
        self.assertEqual(rows[self.handler.id]["name"], self.handler.name)
        self.assertNotIn(self.other_handler.id, rows)
        others = self.as_of(self.other_leader).read_officers()
        self.assertNotIn(self.handler.id, [row["id"] for row in others])
        for user in (self.handler, self.operator, self.province_leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_of(user).read_officers()

    def test_what_is_due_later_is_not_overdue_yet(self):
        with self.at("2026-11-16 09:00"):
            self.walk_to("accepted")
            rows = self.as_of(self.leader).read_officers("year")
            self.assertFalse(any(row["overdue"] for row in rows))

    def test_the_list_of_officers(self):
        self.walk_to("submitted")
        for user, kind in (
            (self.leader, "unit"),
            (self.province_leader, "province"),
            (self.manager, "province"),
        ):
            with self.subTest(user.login):
                self.assertTrue(self.page(kind, user)["may_see_officers"])
                action = self.as_of(user).open_officers(kind)
                lines = self.env[action["res_model"]].with_user(user)
                lines = lines.search(action["domain"])
                self.assertIn(self.handler, lines.user_id)
        self.assertFalse(self.page("province", self.operator)["may_see_officers"])
        for user, kind in ((self.operator, "province"), (self.handler, "unit")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_of(user).open_officers(kind)
        with self.assertRaises(UserError):
            self.as_of(self.province_leader).open_officers("wall")


@tagged("-at_install", "post_install")
class TestLanding(BoardCase):
    def test_where_each_role_lands(self):
        for role, name in (
            ("province_leader", "civic_board_action_province"),
            ("leader", "civic_board_action_unit"),
            ("handler", "civic_assignment_action_work"),
            ("operator", "civic_report_action_intake"),
            ("manager", "civic_report_action_intake"),
            ("administrator", "civic_health_action"),
            ("coordinator", "civic_report_action_coordination"),
        ):
            with self.subTest(role):
                landing = getattr(self, role)._civic_landing_id()
                self.assertEqual(landing, self.env.ref(f"civic_report.{name}").id)
        self.assertIsNone(self.plain._civic_landing_id())

    def test_who_hears_of_changes(self):
        for role, hears in (
            ("province_leader", True),
            ("leader", True),
            ("operator", True),
            ("handler", False),
            ("plain", False),
        ):
            with self.subTest(role):
                board = self.as_of(getattr(self, role))
                self.assertEqual(board._may_hear(), hears)


@tagged("-at_install", "post_install")
class TestBoardSheets(BoardCase, HttpCase):
    def fetch(self, login, kind, period="month"):
        self.authenticate(login, login)
        return self.url_open(f"/civic_report/board/{kind}/xlsx?period={period}")

    def test_the_same_figures(self):
        self.late_report()
        self.count_now()
        self.keep()
        answer = self.fetch("civic_province_leader", "province")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        book = load_workbook(io.BytesIO(answer.content))
        page = self.page()
        cells = [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)]
        shown = [row["value"] for row in page["figures"]]
        self.assertEqual(cells, shown)
        rows = list(book.worksheets[2].iter_rows(min_row=2, values_only=True))
        self.assertEqual(
            [row[2] for row in rows], [row["name"] for row in page["agencies"]]
        )

    def test_since_when_and_by_which_day(self):
        """A day that is to come is not since when anything waits."""
        self.late_report()
        directive = self.env["civic.directive"].create(
            {"subject": "Chấn chỉnh", "agency_ids": [Command.set(self.agency.ids)]}
        )
        directive._elevated().write(
            {"state": "issued", "number": "1/CT", "due_at": "2026-01-05 10:00:00"}
        )
        self.count_now()
        answer = self.fetch("civic_province_leader", "province")
        book = load_workbook(io.BytesIO(answer.content))
        rows = book.worksheets[1].iter_rows(min_row=2, values_only=True)
        shown = {row[0]: row[1:] for row in rows}
        since = self.page()["tiles"][1]["since"]
        moment = datetime.fromisoformat(since.removesuffix("Z"))
        since = self.company._civic_moment_text(moment)
        self.assertEqual(shown["Overdue at agencies"], (1, since, None))
        due = "05/01/2026 17:00"  # as it is read in the province
        self.assertEqual(shown["Directives without an answer"], (1, None, due))
        head = [cell.value for cell in book.worksheets[1][1]]
        self.assertRegex(head[1], r"^\d\d/\d\d/\d{4} \d\d:\d\d$")
        about = book.worksheets[0]["A1"].value
        self.assertRegex(about, r"\(\d\d/\d\d/\d{4} – \d\d/\d\d/\d{4}\)")
        whole = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        texts = [str(cell.value) for cell in whole]
        self.assertFalse([text for text in texts if "T10:" in text or "UTC" in text])

    def test_rates_to_one_decimal(self):
        """Unrounded to reckon with, to one decimal to read."""
        workbook = _workbook([("A", ("B",), [(200 / 3,), (7,)])])
        rate, count = (
            load_workbook(io.BytesIO(workbook)).active[place] for place in ("A2", "A3")
        )
        self.assertAlmostEqual(rate.value, 200 / 3)
        self.assertEqual(rate.number_format, "0.0")
        self.assertEqual(count.number_format, "General")

    def test_names_are_no_formulas(self):
        self.agency.name = "=HYPERLINK(1)"
        self.keep()
        answer = self.fetch("civic_leader", "unit")
        book = load_workbook(io.BytesIO(answer.content))
        cell = book.worksheets[2]["C2"]
        self.assertEqual((cell.value, cell.data_type), ("=HYPERLINK(1)", "s"))

    def test_not_everybody_s(self):
        for login, kind in (
            ("civic_handler", "unit"),
            ("civic_leader", "province"),
            ("civic_plain", "wall"),
        ):
            with self.subTest(login=login, kind=kind):
                answer = self.fetch(login, kind)
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn(b"PK\x03\x04", answer.content[:4])
