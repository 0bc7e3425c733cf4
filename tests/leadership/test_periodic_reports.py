"""A report from its opening to its issue, and what never changes afterwards."""

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..rig.agreement import offered
from ..rig.case_verbs import CaseVerbs
from ..rig.counted import MONTH, PeriodicCase

WORDS = "Sai số liệu của một cơ quan."


@tagged("-at_install", "post_install")
class TestPeriodicReports(PeriodicCase):
    def test_from_opening_to_issue(self):
        report = self.opened()
        self.assertEqual(
            report.title,
            "Kết quả tiếp nhận, xử lý phản ánh hiện trường tháng 11 năm 2026",
        )
        self.assertEqual(report.recipients, "UBND tỉnh")
        self.assertEqual(str(report.due_date), "2026-11-19")
        self.fake_facts()
        report.draft()
        self.assertEqual(report.state, "drafted")
        self.assertEqual(report.drafted_by_id, self.manager)
        self.assertTrue(report.counted_at)
        report.save_words(difficulties="Thiếu người.\nThiếu xe.", proposals="Thêm xe.")
        report.with_user(self.second_manager).approve()
        report.issue()
        self.assertEqual(report.state, "issued")
        self.assertEqual(report.number, "01/BC-STTTT")
        self.assertFalse(report.was_late)
        self.assertEqual(report.job, "print")
        verbs = report.event_ids.sorted("id").mapped("verb")
        self.assertEqual(
            verbs, ["open", "draft", "fill", "save_words", "approve", "issue"]
        )
        self.assertEqual(report.event_ids.user_id, self.manager | self.second_manager)

    def test_rows_are_those_that_were_counted(self):
        report = self.drafted()
        [whole] = self.lines(report, "whole")
        self.assertEqual(whole.figures["total"], 26)
        self.assertEqual(whole.figures["before"], 17)
        self.assertEqual(whole.figures["pleased"], 8)
        [agency] = self.lines(report, "agency")
        self.assertEqual(agency.agency_id, self.agency)
        self.assertEqual(agency.label, self.agency.name)
        self.assertEqual(agency.figures["timed"], 9)
        self.assertEqual(
            self.lines(report, "category").mapped("key"), [self.category.id, 0]
        )
        levels = self.lines(report, "level")
        scale = self.procedure.scale_id.level_ids
        self.assertEqual(levels.mapped("key"), scale.ids, "also those of nobody")
        counts = [line.figures["rated"] for line in levels]
        self.assertEqual(counts, [6, *[0] * (len(scale) - 2), 3])
        # The period itself, then the one before it.
        periods = [row[1] for row in self.asked if row[0] == "count"]
        self.assertEqual(periods, [MONTH, MONTH.previous()])

    def test_labels_stay_what_they_were(self):
        report = self.drafted()
        self.agency.name = "Sở mới"
        self.env.invalidate_all()
        self.assertEqual(self.lines(report, "agency").label, "Sở Xây dựng")

    def test_figures_that_do_not_balance_are_refused(self):
        counted = self.counted_of()
        counted["category"][self.category.id]["done"] += 1
        report = self.opened()
        self.fake_facts(counted=counted)
        with self.assertRaisesRegex(UserError, "do not balance"):
            report.draft()
        self.assertEqual(report.state, "open")

    def test_drafted_anew(self):
        """New rows, the same texts and notes."""
        report = self.drafted()
        report.save_words(opening="Mở đầu.")
        line = self.lines(report, "agency")
        report.note_line(line.id, "Đề nghị nhắc nhở.")
        report.draft()
        [again] = self.lines(report, "agency")
        self.assertNotEqual(again, line)
        self.assertFalse(line.exists())
        self.assertEqual(report.opening, "Mở đầu.")
        [table] = [row for row in report._tables() if row.dimension == "agency"]
        self.assertEqual(len(table.rows), 1)
        notes = report._lines_by_dimension()["agency"][0][1]["note"]
        self.assertEqual(notes, "Đề nghị nhắc nhở.")

    def test_words_that_are_not_given_stay(self):
        report = self.drafted()
        report.save_words(opening="A", difficulties="B")
        report.save_words(difficulties="")
        self.assertEqual((report.opening, report.difficulties), ("A", False))
        report.save_words(opening=["no", "text"], proposals={"x": 1})
        self.assertEqual((report.opening, report.proposals), ("A", False))

    def test_approved_by_another_person(self):
        """D16: not by whose hand was the last."""
        report = self.drafted()
        self.assertNotIn("approve", offered(report))
        with self.assertRaisesRegex(AccessError, "another manager"):
            report.approve()
        second = report.with_user(self.second_manager)
        second.save_words(opening="Thêm.")
        self.assertNotIn("approve", offered(second))
        report.approve()
        self.assertEqual(report.approved_by_id, self.manager)

    def test_sent_back(self):
        report = self.approved()
        with self.assertRaises(UserError):
            report.send_back("  ")
        report.send_back("Thiếu phụ lục.")
        self.assertEqual(report.state, "drafted")
        self.assertFalse(report.approved_by_id)
        self.assertEqual(report.event_ids.sorted("id")[-1].note, "Thiếu phụ lục.")

    def test_notes_of_other_reports_lines(self):
        report = self.drafted()
        other = self.opened(self.env.ref("civic_report.periodic_hue_month_centre"))
        other.draft()
        foreign = other.line_ids[:1]
        for line_id in (foreign.id, 0, "1", None, [foreign.id]):
            with self.assertRaises(MissingError):
                report.note_line(line_id, "x")

    # ------------------------------------------------------------------
    # What never changes
    # ------------------------------------------------------------------

    def test_what_was_issued_stays(self):
        report = self.issued()
        inside = report._elevated()
        for lines in (report.line_ids, report.line_ids.sudo(), inside.line_ids):
            with self.assertRaises(UserError):
                lines.write({"figures": {}})
            with self.assertRaises(UserError):
                lines.unlink()
        for records in (report, report.event_ids):
            with self.assertRaises(UserError):
                records.sudo().unlink()
        for user in (self.manager, self.administrator):
            with self.assertRaises(UserError):
                report.with_user(user).write({"opening": "x"})
        for verb, arguments in (
            ("draft", ()),
            ("save_words", ("x",)),
            ("approve", ()),
            ("send_back", (WORDS,)),
            ("issue", ()),
        ):
            with self.subTest(verb), self.assertRaises(UserError):
                getattr(report, verb)(*arguments)

    def test_a_correction_is_a_new_report(self):
        old = self.issued()
        with self.assertRaises(UserError):
            old.replace("")
        new = old.browse(old.replace(WORDS))
        self.assertEqual(new.replaces_id, old)
        self.assertEqual(new._period(), old._period())
        self.assertFalse(new.due_date, "what was due is done")
        self.assertEqual(old.state, "issued", "in force until then")
        self.assertNotIn("replace", offered(old))
        new.draft()
        new.with_user(self.second_manager).approve()
        new.issue()
        self.assertEqual(new.number, "02/BC-STTTT")
        self.assertEqual(old.state, "replaced")
        self.assertEqual(old.number, "01/BC-STTTT")
        # Leaders read rows of both: of the old one it is said.
        self.assertIn("(replaced)", old.line_ids[:1].report_title)
        self.assertNotIn("(replaced)", new.line_ids[:1].report_title)
        again = new.browse(new.replace(WORDS))
        self.assertEqual(again.replaces_id, new)
        with self.assertRaises(UserError):
            old.replace(WORDS)

    # ------------------------------------------------------------------
    # On demand
    # ------------------------------------------------------------------

    def test_any_days_agencies_and_categories(self):
        asked = self.fake_facts()
        report = self.demand(
            "2026-11-01",
            "2026-11-10",
            agency=[self.agency.id],
            category=[self.category.id],
        )
        self.assertFalse(report.due_date)
        self.assertIn("từ ngày 01/11/2026 đến ngày 10/11/2026", report.title)
        self.assertIn(self.agency.name, report.scope)
        report.draft()
        filters = {"agency": [self.agency.id], "category": [self.category.id]}
        self.assertEqual(asked[0][2], filters)
        # Twice the same: nothing forbids to ask again.
        self.demand("2026-11-01", "2026-11-10")

    def test_what_a_caller_sends(self):
        for days in (
            ("2026-11-10", "2026-11-01"),
            ("2026-11-10", "2027-01-01"),
            ("2010-01-01", "2026-11-10"),
            ("x", "2026-11-10"),
            (None, None),
            (True, 5),
        ):
            with self.subTest(days), self.assertRaises(UserError):
                self.demand(*days)
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        foreign = self.make_agency(
            "Sở khác", "SK", self.handler, self.leader, company_id=other.id
        )
        for ids in ([foreign.id], [99999999]):
            with self.assertRaises(MissingError):
                self.demand("2026-11-01", "2026-11-10", agency=ids)
        # What names nothing is no whole province.
        for filters in ({"agency": "x"}, {"ward": [True]}):
            with self.assertRaises(MissingError):
                self.demand("2026-11-01", "2026-11-10", **filters)
        for user in (self.operator, self.province_leader, self.leader, self.plain):
            with self.assertRaises(AccessError):
                self.demand("2026-11-01", "2026-11-10", user=user)
        kind = self.env.ref("civic_report.periodic_st_demand_centre")
        for kind_id in (kind.id, 0, "x", None):
            with self.assertRaises(MissingError):
                self.reports().open_demand(kind_id, "2026-11-01", "2026-11-10")

    # ------------------------------------------------------------------
    # What is told of matters
    # ------------------------------------------------------------------

    def test_of_private_matters_the_category_alone(self):
        public = self.walk_to("accepted").assignment_ids
        private = self.walk_to("accepted").assignment_ids
        private.report_id._elevated().write({"visibility": "private"})
        secret = self.walk_to("accepted").assignment_ids
        secret.report_id._elevated().write({"visibility": "secret"})
        rows = [self.late_row(part.sudo()) for part in (public, private, secret)]
        report = self.drafted(late=rows)
        lines = self.lines(report, "late")
        told = {line.key: line.figures["subject"] for line in lines}
        self.assertEqual(set(told), {public.id, private.id})
        self.assertEqual(told[public.id], "Ổ gà lớn trên đường Lê Lợi")
        self.assertEqual(told[private.id], report._vietnamese(self.category).name)

    def test_subjects_are_those_that_everybody_may_read(self):
        self.reporter.write({"name": "Nguyễn Văn Hùng"})
        report = self.make_report(subject="Ổ gà, gọi 0912 345 678")
        report.receive()
        report.dispatch(
            [self.agency.id],
            identity_reason="Số của người khác.",
            incomplete_reason="Rõ rồi.",
        )
        report._elevated().write({"identity_shown": False})
        self.env.flush_all()
        drafted = self.drafted(late=[self.late_row(report.sudo().assignment_ids)])
        self.assertNotIn("345", str(self.lines(drafted, "late").mapped("figures")))

    def test_of_the_centres_own_delays(self):
        part = self.walk_to("accepted").assignment_ids.sudo()
        row = self.late_row(part, assignment_id=None, agency_id=0, leader_id=None)
        report = self.drafted(late=[row])
        [line] = self.lines(report, "late")
        self.assertEqual(line.figures["agency"], "Trung tâm tiếp nhận")
        self.assertFalse(line.agency_id)

    def test_what_waits_for_the_province(self):
        report = self.walk_to("processing")
        stuck = {
            "report_id": report.id,
            "since": report.received_at,
            "what": "disagree",
            "agencies": [self.agency.id, self.other_agency.id],
        }
        drafted = self.drafted(stuck=[stuck])
        [line] = self.lines(drafted, "stuck")
        self.assertIn(self.other_agency.name, line.figures["agencies"])
        self.assertIn("Không thống nhất từ ngày 16/11/2026", line.figures["waits"])
        self.assertEqual(self.lines(drafted, "whole").figures["stuck"], 1)


@tagged("-at_install", "post_install")
class TestPeriodicRights(PeriodicCase):
    def test_who_reads_what(self):
        report = self.issued(
            counted=self.counted_of({self.agency: {}, self.other_agency: {}})
        )
        for user in (self.operator, self.manager, self.province_leader):
            self.assertTrue(report.with_user(user).read(["title", "number"]))
        for user in (self.handler, self.leader, self.coordinator, self.plain):
            with self.assertRaises(AccessError):
                report.with_user(user).read(["title"])
        lines = self.env["civic.periodic.line"]
        own = lines.with_user(self.leader).search([])
        self.assertEqual(own.agency_id, self.agency)
        self.assertEqual(set(own.mapped("dimension")), {"agency", "rating"})
        self.assertIn("01/BC-STTTT", own[0].report_title)
        for user in (self.handler, self.plain, self.citizen):
            self.assertFalse(lines.with_user(user).has_access("read"))

    def test_a_draft_is_nobodys_outside(self):
        self.drafted()
        lines = self.env["civic.periodic.line"].with_user(self.leader)
        self.assertFalse(lines.search([]))

    def test_two_provinces(self):
        report = self.issued()
        other = self.env["res.company"].create(
            {"name": "Tỉnh khác", "civic_procedure_id": self.procedure.id}
        )
        self.second_manager.write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.env.invalidate_all()
        theirs = self.env["civic.periodic.report"].with_user(self.second_manager)
        theirs = theirs.with_company(other)
        with self.assertRaises(UserError) as caught:
            theirs.browse(report.id).read(["title"])
        self.assertIsInstance(caught.exception, (AccessError, MissingError))
        self.assertFalse(theirs.search([]))


@tagged("-at_install", "post_install")
class TestPeriodicCases(CaseVerbs, PeriodicCase):
    """Screens offer what the door and the verbs let in, in every state."""

    def test_every_state(self):
        self.fake_facts()
        report = self.drafted()
        people = (
            *(self.operator, self.manager, self.second_manager, self.administrator),
            *(self.province_leader, self.leader, self.citizen),
        )
        arguments = {
            **dict.fromkeys(("draft", "save_words", "approve", "issue"), ()),
            "make_files": (),
            "note_line": (report.line_ids[:1].id, WORDS),
            "send_back": (WORDS,),
            "replace": (WORDS,),
            "drop": (WORDS,),
        }
        case = report.sudo()
        self.walk_case(case, people, arguments)
        for values in ({"job": "count"}, {"job": False, "has_files": True}):
            case._elevated().write(values)
            self.walk_case(case, people, arguments)
        self.set_state(case, "issued")
        case.with_user(self.manager).sudo(False).replace(WORDS)
        self.walk_case(case, people, arguments)
        # What is dropped opened on demand.
        demand = self.demand("2026-11-01", "2026-11-10")
        demand.draft()
        arguments["note_line"] = (demand.line_ids[:1].id, WORDS)
        self.walk_case(demand.sudo(), people, arguments)
        self.assertSeenBothWays("civic.periodic.report")
        self.assert_all_called("civic.periodic.report")
