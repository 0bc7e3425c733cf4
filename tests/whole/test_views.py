from datetime import date

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..rig.common import CivicCase

STAFF = (
    "operator",
    "handler",
    "leader",
    "manager",
    "administrator",
    "province_leader",
    "coordinator",
)
# Where each role lands when it opens the app.
HOME = {
    "operator": "menu_intake",
    "manager": "menu_intake",
    "administrator": "menu_intake",
    "handler": "menu_work",
    "leader": "menu_unit_board",
    "province_leader": "menu_board",
    "coordinator": "menu_coordination",
}
CENTRE = {"operator", "manager", "administrator"}


@tagged("-at_install", "post_install")
class TestViews(CivicCase):
    """Menus and views of the staff, as each role gets them."""

    def menus_of(self, user):
        """Names of the module's menus that this user can reach, in their order."""
        loaded = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        names = {
            row.res_id: row.name
            for row in self.env["ir.model.data"].search(
                [("module", "=", "civic_report"), ("model", "=", "ir.ui.menu")]
            )
        }

        def walk(menu_id):
            for child_id in loaded[menu_id]["children"]:
                if child_id in names:
                    yield names[child_id]
                    yield from walk(child_id)

        return list(walk("root"))

    def actions_of(self, user):
        for name in self.menus_of(user):
            action = self.env.ref(f"civic_report.{name}").action
            # A screen of its own has no views.
            if action and action.type == "ir.actions.act_window":
                yield action

    def test_outsiders_see_no_menu(self):
        self.assertEqual(self.menus_of(self.plain), [])

    def test_home_of_each_role(self):
        for role in STAFF:
            with self.subTest(role=role):
                root = self.env.ref("civic_report.menu_root")
                names = [
                    name
                    for name in self.menus_of(getattr(self, role))
                    if self.env.ref(f"civic_report.{name}").parent_id == root
                ]
                self.assertEqual(names[0], HOME[role])

    def test_identity_and_configuration_are_for_their_roles(self):
        for role in STAFF:
            with self.subTest(role=role):
                names = self.menus_of(getattr(self, role))
                self.assertEqual("menu_reporters" in names, role in CENTRE)
                self.assertEqual("menu_procedures" in names, role == "administrator")
                self.assertEqual("menu_approvals" in names, role == "leader")

    def test_views_load_for_each_role(self):
        self.walk_to("processing")
        for role in STAFF:
            user = getattr(self, role)
            for action in self.actions_of(user):
                with self.subTest(role=role, action=action.name):
                    self.load_views(user, action)

    def load_views(self, user, action):
        """Ask for what the browser asks for: the views, then rows with their fields."""
        model = self.env[action.res_model].with_user(user)
        views = [
            (view_id, kind) for view_id, kind in action.views if kind != "search"
        ] + [(action.search_view_id.id, "search")]
        loaded = model.get_views(views, {"action_id": action.id})
        for kind, view in loaded["views"].items():
            self.assertTrue(view["arch"], kind)
        names = loaded["models"][action.res_model]["fields"]
        if action.target != "new":
            model.search_read([], [name for name in names if name in model], limit=5)

    def test_handlers_get_no_identity_in_views(self):
        for role in ("handler", "leader", "province_leader"):
            with self.subTest(role=role):
                model = self.env["civic.report"].with_user(getattr(self, role))
                loaded = model.get_views([(False, "form"), (False, "list")])
                self.assertNotIn(
                    "reporter_id", loaded["models"]["civic.report"]["fields"]
                )
                self.assertNotIn("civic_reporter", loaded["views"]["form"]["arch"])

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def test_allowed_verbs_follow_state_and_role(self):
        report = self.make_report()
        self.assertEqual(
            set(report.allowed_verbs),
            {
                "read",
                "cancel",
                "divert",
                "join",
                "mark_duplicate",
                "mark_initiative",
                "mark_violation",
                "receive",
                "redact",
                "refuse",
                "request_disclosure_for",
                "request_supplement",
                "set_visibility",
                "take",
                "transfer",
            },
        )
        self.assertEqual(report.with_user(self.province_leader).allowed_verbs, ["read"])
        self.walk_to("processing", report)
        assignment = report.assignment_ids
        self.assertEqual(
            assignment.with_user(self.handler).allowed_verbs,
            ["read", "accept", "request_disclosure", "return_wrong"],
        )
        self.assertEqual(
            assignment.with_user(self.leader).allowed_verbs,
            ["read", "request_disclosure"],
        )
        self.assertEqual(assignment.allowed_verbs, ["read"])

    def test_approval_is_not_offered_to_the_hand_that_submitted(self):
        self.agency.leader_ids += self.handler
        self.handler.group_ids += self.env.ref("civic_report.group_leader")
        report = self.walk_to("submitted")
        assignment = report.assignment_ids
        own = assignment.with_user(self.handler).allowed_verbs
        self.assertEqual(
            own, ["read", "report_progress", "request_disclosure", "send_back"]
        )
        self.assertIn("approve", assignment.with_user(self.leader).allowed_verbs)
        self.procedure.handler_may_approve = True
        assignment.invalidate_recordset()
        self.assertIn("approve", assignment.with_user(self.handler).allowed_verbs)

    # ------------------------------------------------------------------
    # Forms
    # ------------------------------------------------------------------

    def test_operator_writes_down_a_call(self):
        action = self.env.ref("civic_report.civic_report_action_intake")
        reports = self.env["civic.report"].with_user(self.operator)
        telephone = self.env.ref("civic_report.channel_telephone")
        self.assertIn(f"'default_channel_id': {telephone.id}", action.context)
        with Form(reports.with_context(default_channel_id=telephone.id)) as form:
            form.subject = "Cột điện nghiêng"
            form.description = "Cột điện nghiêng về phía nhà dân."
            form.category_id = self.category
            form.reporter_id = self.reporter
        report = form.record
        self.assertEqual(report.state, "new")
        self.assertEqual(report.channel_id, telephone)
        with Form(report) as form, self.assertRaises(AssertionError):
            form.description = "Khác"

    def test_caller_is_found_by_telephone_however_it_is_typed(self):
        reporters = self.env["civic.reporter"].with_user(self.operator)
        for typed in (
            *("0912 345 678", "+84912345678", "0912.345.678"),
            *("Nguoi.Phan.Anh@example.com", str(self.reporter.id)),
        ):
            with self.subTest(typed=typed):
                found = [row[0] for row in reporters.name_search(typed)]
                self.assertIn(self.reporter.id, found)
        for typed in (
            "0912 345 679",
            "345 678",
            "Người phản ánh",
            "nguoi.phan.anh",
            "%",
        ):
            with self.subTest(typed=typed):
                self.assertFalse(reporters.name_search(typed))

    def test_handler_drafts_in_the_form_only_after_taking_in(self):
        report = self.walk_to("processing")
        assignment = report.assignment_ids.with_user(self.handler)
        with Form(assignment) as form, self.assertRaises(AssertionError):
            form.result = "Đã vá."
        assignment.accept()
        with Form(assignment) as form:
            form.result = "Đã vá."
        self.assertEqual(assignment.state, "processing")
        with (
            Form(assignment.with_user(self.leader)) as form,
            self.assertRaises(AssertionError),
        ):
            form.result = "Khác."

    # ------------------------------------------------------------------
    # Board
    # ------------------------------------------------------------------

    def test_board_puts_emergencies_first_then_what_is_due(self):
        with self.at("2026-11-20 08:00"):
            early = self.make_report()
        with self.at("2026-11-20 09:00"):
            late = self.make_report()
            emergency = self.make_report(
                category_id=self.env.ref("civic_report.category_emergency").id
            )
        board = self.env["civic.report"].search(
            [("id", "in", (early | late | emergency).ids)],
            order="is_emergency desc, deadline, id",
        )
        self.assertEqual(board.ids, [emergency.id, early.id, late.id])
        arch = self.env.ref("civic_report.civic_report_view_kanban").arch
        self.assertIn('default_order="is_emergency desc, deadline, id"', arch)

    def test_board_costs_the_same_for_many_cards(self):
        for name, user in (("report", self.operator), ("assignment", self.handler)):
            with self.subTest(model=name):
                few = self.board_queries(f"civic.{name}", user)
                for _again in range(10):
                    self.walk_to("processing")
                self.assertEqual(self.board_queries(f"civic.{name}", user), few)

    def board_queries(self, model, user):
        """Queries of reading every card, after reading them once."""
        self.walk_to("processing")
        records = self.env[model].with_user(user)
        arch = etree.fromstring(records.get_view(view_type="kanban")["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        links = {name for name in names if records._fields[name].relational}
        spec = {
            name: {"fields": {"display_name": {}}} if name in links else {}
            for name in names
        }
        counts = []
        for _again in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.web_search_read([("is_open", "=", True)], spec, limit=80)
            counts.append(self.cr.sql_log_count - before)
        return counts[-1]

    def test_assignments_know_emergencies(self):
        emergency = self.walk_to(
            "processing",
            self.make_report(
                category_id=self.env.ref("civic_report.category_emergency").id
            ),
        )
        self.assertTrue(emergency.assignment_ids.is_emergency)
        self.assertFalse(self.walk_to("processing").assignment_ids.is_emergency)

    def test_take_next_opens_the_report_due_first(self):
        reports = self.env["civic.report"].with_user(self.operator)
        self.env["civic.report"].search(
            [("operator_id", "=", False)]
        )._elevated().write({"operator_id": self.manager.id})
        self.assertEqual(
            reports.action_take_next()["tag"], "display_notification", "nothing waits"
        )
        report = self.make_report()
        action = reports.action_take_next()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (report._name, report.id)
        )
        self.assertEqual(report.operator_id, self.operator)

    def test_filters_of_the_search_views_work(self):
        with self.at("2026-11-20 08:00"):
            report = self.make_report()
        self.walk_to("processing", report)
        for model in ("civic.report", "civic.assignment", "civic.step"):
            records = self.env[model].with_user(self.manager)
            arch = records.get_view(view_type="search")["arch"]
            filters = self.filters(arch)
            self.assertTrue(filters, model)
            for node in filters:
                with self.subTest(model=model, filter=node.get("name")):
                    domain = self.evaluate(node.get("domain"))
                    records.search_count(domain, limit=10)

    def filters(self, arch):
        return [
            node
            for node in etree.fromstring(arch).iter("filter")
            if (node.get("domain") or "[]") != "[]"
        ]

    def evaluate(self, domain):
        return safe_eval(domain, {"uid": self.manager.id})

    def test_duties_open_what_they_are_about(self):
        report = self.walk_to("processing")
        step = self.step_of(report.assignment_ids, "accept")
        self.assertEqual(step.display_name, "Take in", "lists say it in words")
        action = step.with_user(self.operator).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("civic.assignment", report.assignment_ids.id),
        )

    # ------------------------------------------------------------------
    # Configuration without rights on Odoo's own settings
    # ------------------------------------------------------------------

    def test_administrator_keeps_the_calendar(self):
        self.assertFalse(self.administrator.has_group("base.group_system"))
        calendar = self.company._civic_calendar().with_user(self.administrator)
        calendar.global_leave_ids.unlink()
        calendar.action_civic_load_holidays()
        self.assertTrue(calendar.global_leave_ids)
        with Form(calendar) as form, form.civic_makeup_ids.new() as day:
            day.date = "2026-12-26"
            day.like_weekday = "4"
        days = calendar.civic_makeup_ids.mapped("date")
        self.assertIn(date(2026, 12, 26), days)

    def test_administrator_edits_a_procedure_and_its_limits(self):
        procedure = self.procedure.with_user(self.administrator)
        with Form(procedure) as form, form.limit_ids.edit(0) as limit:
            limit.value = 2
        self.assertEqual(procedure.limit_ids[0].value, 2)

    def test_return_window_is_shown_while_it_runs(self):
        with self.at("2026-11-20 08:00"):
            assignment = self.walk_to("processing").assignment_ids
            self.assertTrue(assignment.is_returnable)
        with self.at("2026-11-25 08:00"):
            assignment.invalidate_recordset()
            self.assertFalse(assignment.is_returnable)
            window = self.step_of(assignment, "return_wrong")
            self.assertEqual(window.time_left, "")
            self.assertTrue(window.is_optional)
            found = self.env["civic.step"].search(
                [("is_optional", "=", False), ("assignment_id", "=", assignment.id)]
            )
            self.assertEqual(found.mapped("code"), ["accept"])
