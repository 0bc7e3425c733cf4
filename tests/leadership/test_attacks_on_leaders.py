"""What is tried against the leaders' work by accounts of each role."""

from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.periods import Period
from ..rig.acts import ActsCase
from ..rig.media import pdf

HUGE = 10**30


@tagged("-at_install", "post_install")
class TestAttack(ActsCase):
    def setUp(self):
        super().setUp()
        self.set_up_above()
        self.set_up_neighbour()

    def given(self, agency, **options):
        report = self.make_report()
        report.receive()
        report.dispatch([agency.id], incomplete_reason="Rõ rồi.")
        return report

    def board(self, user):
        board = self.env["civic.board"].with_user(user).sudo(False)
        return board.with_context(allowed_company_ids=user.company_id.ids)

    # A unit's list names nothing of other units, not even by ids.
    def test_late_lists_of_a_unit_name_own_parts_alone(self):
        own, others = self.given(self.agency), self.given(self.other_agency)
        later = self.company._civic_today() + timedelta(days=90)
        with self.at(f"{later} 09:00"):
            for figure in ("overdue_end", "late"):
                action = self.board(self.leader).open_list("unit", figure)
                named = {
                    id_
                    for term in action["domain"]
                    if isinstance(term, list) and term[0] == "id"
                    for id_ in term[2]
                }
                self.assertFalse(named & set(others.sudo().assignment_ids.ids), figure)
            action = self.board(self.leader).open_list("unit", "overdue_end")
            found = self.env["civic.assignment"].with_user(self.leader).sudo(False)
            found = found.with_context(allowed_company_ids=self.company.ids)
            self.assertEqual(
                found.search(action["domain"]).sudo(), own.sudo().assignment_ids
            )

    # Where a secret report lies nobody reads off the map.
    def test_kept_counts_place_no_secret_report(self):
        report = self.given(self.agency)
        ward = self.env["civic.ward"].create({"name": "Phường thử", "code": "99999"})
        report._elevated().ward_id = ward
        report.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        self.env["civic.now"]._cron_count()
        whole = self.env["civic.now"].search(
            [("company_id", "=", self.company.id), ("agency_id", "=", False)]
        )
        self.assertNotIn(str(ward.id), whole.counts["wards"])

    def test_narrowed_counts_leave_out_what_is_secret(self):
        report = self.given(self.agency)
        ward = self.env["civic.ward"].create({"name": "Phường thử", "code": "99999"})
        report._elevated().ward_id = ward
        today = self.company._civic_today()
        now = self.env["civic.door"]._now() + timedelta(minutes=1)
        period = Period("demand", today, today)

        def received(domain):
            counted = self.env["civic.facts"]._count(
                self.company, period, domain=domain, now=now
            )
            return counted["whole"]["received"]

        self.assertEqual(received({"ward": ward.ids}), 1)
        before = received({})
        report.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        self.assertEqual(received({}), before)
        for domain in (
            {"ward": ward.ids},
            {"category": report.category_id.ids},
            {"channel": report.sudo().channel_id.ids},
        ):
            self.assertEqual(received(domain), 0, domain)

    def test_odd_arguments(self):
        leader, operator = self.board(self.leader), self.board(self.operator)
        for period in (
            "",
            "month:",
            "month:x",
            "x" * 10**6,
            "month:2026-10-20' OR 1=1",
            "month:0001-01-01",
            "month:9999-12-31",
            None,
            5,
            ["month"],
            {"a": 1},
            "week:2000-01-01",
            "day",
            "demand:2026-01-01",
        ):
            for board, kind in ((leader, "unit"), (operator, "province")):
                with self.subTest(period=str(period)[:30]), suppress(UserError):
                    board.read_page(kind, period)
                    board.open_list(kind, "done", period)
        for kind in (None, 5, ["unit"], {"unit": 1}, "x", "unit'"):
            with self.subTest(kind=kind), self.assertRaises(UserError):
                leader.read_page(kind)
        labels = {**leader._tile_labels(), **leader._figure_labels()}
        odd = ("x", None, 5, ["open"], {}, "agency_x", "__class__", "states")
        for figure in (*labels, *odd):
            for place in (
                None,
                {},
                {"agency": HUGE},
                {"agency": "1 OR 1"},
                {"ward": HUGE, "category": [1], "user": True},
                {"agency": -1, "user": HUGE},
                [1],
                "x",
            ):
                for board, kind in ((leader, "unit"), (operator, "province")):
                    with self.subTest(figure=figure, place=place, kind=kind):
                        try:
                            action = board.open_list(kind, figure, "month", place)
                        except UserError:
                            continue
                        rows = board.env[action["res_model"]]
                        rows.search(action["domain"])
        for args in (
            ("civic.report", HUGE),
            ("res.users", 1),
            (None, None),
            (["civic.report"], 1),
            ("civic.report", "1; DROP"),
        ):
            with self.subTest(args=args), suppress(UserError):
                leader.open_matter("unit", *args)
        for id_ in (HUGE, "x", None, [1], True):
            with self.subTest(id=id_), suppress(UserError):
                operator.open_urging("province", id_)
        reports = self.env["civic.periodic.report"].with_user(self.manager).sudo(False)
        kind = self.env["civic.periodic.kind"].search(
            [("code", "=", "demand")], limit=1
        )
        for filters in (
            {"agency": [HUGE]},
            {"agency": "abc"},
            {"x": [1]},
            [1],
            "x",
            {"ward": {"a": 1}},
            {"agency": [[1]]},
            {"agency": list(range(10**5))},
        ):
            with self.subTest(filters=str(filters)[:30]), suppress(UserError):
                reports.open_demand(kind.id, "2026-01-01", "2026-01-31", filters)
        for days in (
            ("x", "y"),
            (5, 6),
            (None, None),
            ([], {}),
            ("0001-01-01", "9999-12-31"),
        ):
            with self.subTest(days=days), self.assertRaises(UserError):
                reports.open_demand(kind.id, *days)
        for kind_id in (HUGE, "x", None, [kind.id], True):
            with self.subTest(kind=kind_id), self.assertRaises(UserError):
                reports.open_demand(kind_id, "2026-01-01", "2026-01-31")

    def test_who_has_no_screen(self):
        wall = self.make_user("wall", "civic_report.group_wall")
        for user in (
            self.handler,
            self.citizen,
            self.plain,
            self.env.ref("base.public_user"),
        ):
            for kind in ("province", "unit", "wall"):
                with self.subTest(user=user.login, kind=kind):
                    with self.assertRaises(AccessError):
                        self.board(user).read_page(kind)
                    if kind != "unit":
                        with self.assertRaises(AccessError):
                            self.board(user).read_map(kind)
        with self.assertRaises(AccessError):
            self.board(wall).read_page("province")
        with self.assertRaises(AccessError):
            self.board(wall).count_figures("wall")
        for model in (
            "civic.now",
            "civic.period.figures",
            "civic.periodic.line",
            "civic.directive",
            "civic.sight",
            "civic.report",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(wall).sudo(False).search([])

    # Files of drafts.
    def test_files_of_others_cannot_be_claimed(self):
        """What another has uploaded and not yet linked."""
        loose = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create(
                {
                    "name": "a.pdf",
                    "raw": pdf(),
                    "res_model": "civic.directive",
                    "res_id": 0,
                }
            )
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.drafted(attachment_ids=[Command.set(loose.ids)])
        draft = self.drafted(number="13")
        with self.assertRaises(UserError):
            draft.write({"attachment_ids": [Command.link(loose.id)]})
        self.assertFalse(loose.sudo().res_id)

    def test_files_of_no_act_are_not_linked(self):
        """They would be nobody's to keep."""
        files = self.env["ir.attachment"].with_user(self.province_leader).sudo(False)
        for res_model in (False, "civic.wizard.answer.directive", "res.partner"):
            loose = files.create(
                {"name": "a.pdf", "raw": pdf(), "res_model": res_model, "res_id": 0}
            )
            with self.subTest(res_model=res_model), self.assertRaises(UserError):
                self.drafted(attachment_ids=[Command.set(loose.ids)])

    def test_an_agency_that_was_directed_stays(self):
        lone = self.make_agency("Sở lẻ", "SL", self.env["res.users"], self.leader)
        directive = self.issued(agency_ids=[Command.set(lone.ids)])
        self.env.flush_all()
        with (
            self.assertRaises(ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            lone.with_user(self.administrator).sudo(False).unlink()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(directive.sudo().agency_ids, lone)

    def test_explanation_lines_of_others(self):
        door = self.env["civic.explanation"]._elevated()
        made = {}
        today = self.company._civic_today()
        for agency in (self.agency, self.other_agency):
            explanation = door.create(
                {
                    "agency_id": agency.id,
                    "company_id": self.company.id,
                    "period_from": today,
                    "period_to": today,
                }
            )
            line = door.env["civic.explanation.line"].create(
                {
                    "explanation_id": explanation.id,
                    "company_id": self.company.id,
                    "agency_id": agency.id,
                    "code": "X-1",
                }
            )
            made[agency] = (explanation, line)
        mine = self.env["civic.explanation"].browse(made[self.agency][0].id)
        mine = mine.with_user(self.leader).sudo(False)
        own, theirs = made[self.agency][1], made[self.other_agency][1]
        self.env.flush_all()
        for command in (
            [1, theirs.id, {"cause": "x"}],
            [4, theirs.id, 0],
            [2, own.id, 0],
            [3, own.id, 0],
            [5, 0, 0],
            [6, 0, [theirs.id]],
            [0, 0, {"code": "Y", "agency_id": self.agency.id}],
            [1, own.id, {"code": "Z"}],
            [1, own.id, {"explanation_id": made[self.other_agency][0].id}],
        ):
            with self.subTest(command=command):
                self.env.invalidate_all()
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    mine.write({"line_ids": [command]})
                    self.env.flush_all()
        mine.write({"line_ids": [[1, own.id, {"cause": "Mưa."}]]})
        self.assertEqual(own.sudo().cause, "Mưa.")

    def test_a_copy_of_a_decided_reward_decides_nothing(self):
        reward = (
            self.env["civic.reward"]
            .with_user(self.manager)
            .create({"kind": "agency", "agency_id": self.agency.id, "merit": "Tốt."})
        )
        reward.decide_reward("1/QĐ", self.company._civic_today())
        try:
            with self.env.cr.savepoint():
                copied = reward.sudo(False).copy()
        except UserError:
            return
        self.assertEqual(copied.sudo().state, "proposed")
        self.assertFalse(copied.sudo().decision_number)

    def test_files_of_an_issued_report_stay(self):
        kind = self.env["civic.periodic.kind"].search(
            [("code", "=", "demand"), ("procedure_id", "=", self.procedure.id)], limit=1
        )
        self.assertTrue(kind)
        reports = self.env["civic.periodic.report"].with_user(self.manager).sudo(False)
        report = reports.browse(
            reports.open_demand(kind.id, "2026-01-01", "2026-01-31")
        )
        report._elevated().write(
            {"pdf": b"JVBERi0=", "xlsx": b"UEs=", "has_files": True, "state": "issued"}
        )
        self.env.flush_all()
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", report._name),
                    ("res_id", "=", report.id),
                    ("res_field", "!=", False),
                ]
            )
        )
        self.assertEqual(len(files), 2)
        system = self.env.ref("base.user_admin")
        for user in (
            self.manager,
            self.administrator,
            self.operator,
            self.leader,
            system,
        ):
            mine = files.with_user(user).sudo(False)
            for act in (
                lambda m: m.write({"raw": b"x"}),
                lambda m: m.unlink(),
                lambda m: m.write({"res_field": False}),
                lambda m: m.write({"public": True}),
                lambda m: m.write({"res_id": 0}),
            ):
                with self.subTest(user=user.login):
                    self.env.invalidate_all()
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        act(mine)
            if user in (self.leader,):
                with self.assertRaises(AccessError):
                    mine.read(["raw"])
