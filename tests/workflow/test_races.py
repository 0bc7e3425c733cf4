import base64

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.workflow.transitions import TRANSITIONS
from ..rig.asked import trial
from ..rig.live import PASSWORD, LiveCase, Refused, Server, together
from ..rig.media import WAV, drawing, saved
from ..rig.walks import Walks

CLIENTS = 10
# Which test user makes a transition of the table.
ACTORS = {
    "operator": "operator",
    "handler": "handler",
    "leader": "leader",
    "coordinator": "coordinator",
    "province_leader": "province_leader",
    "reporter": "citizen",
}


@tagged("-at_install", "post_install")
@trial("workflow", "assignment", "report")
class TestRaces(Walks, LiveCase):
    """Ten real clients use the same action on the same record at the same moment."""

    @classmethod
    def set_up_live(cls):
        cls.set_up_walks()
        cls.photo = saved(drawing())

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.database)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.clients = {}

    def clients_of(self, role):
        """Sessions of one person: a double click, a second tab, a slow network."""
        if role not in self.clients:
            user = getattr(self, role)
            self.clients[role] = [
                self.server.client(user.login) for _index in range(CLIENTS)
            ]
        return self.clients[role]

    def race(self, role, record, verb, *arguments):
        """
        :return: number of clients that were told that it was done
        """
        clients = self.clients_of(role)

        def act(index, wait):
            wait()
            return clients[index].call(record, verb, *arguments)

        results = together(CLIENTS, act)
        errors = [result for result in results if isinstance(result, Exception)]
        for error in errors:
            # Refused in words: no conflict of the database comes through.
            self.assertIsInstance(error, Refused)
            self.assertIn(error.name, ("UserError", "ValidationError"), error)
        self.refresh()
        return len(results) - len(errors)

    def test_every_transition_once(self):
        raced = 0
        for row in TRANSITIONS.values():
            role = next((ACTORS[key] for key in ACTORS if key in row.actors), None)
            if not role or row.verb in ("draft", "redispatch"):
                continue
            with self.subTest(verb=row.verb):
                with self.committed():
                    record = self.record_for(row)
                    report = record if row.model == "civic.report" else record.report_id
                    arguments = self.arguments(row.verb, report)
                    before = self.events(record, row.verb)
                done = self.race(role, record, row.verb, *arguments)
                self.assertEqual(self.events(record, row.verb), before + 1)
                # Who has taken a report is not told off for taking it.
                self.assertTrue(done == 1 or row.verb in ("take", "redact"), done)
                raced += 1
        self.assertGreater(raced, 30)

    def test_parallel_looks_never_pass_the_limit(self):
        with self.committed():
            self.company.write({"civic_look_limit": 5, "civic_look_burst": 1000})
            senders = self.env["civic.reporter"].create(
                [
                    {"name": f"Người gửi {n}", "phone": f"0912999{n:03}"}
                    for n in range(3 * CLIENTS)
                ]
            )
        clients = self.clients_of("operator")
        shown = []

        def act(index, wait):
            wait()
            for sender in senders[3 * index : 3 * index + 3]:
                try:
                    shown.append(clients[index].call(sender, "show", "call_back"))
                except Refused:
                    continue

        together(CLIENTS, act)
        self.refresh()
        day = self.env["civic.look.day"].search([("user_id", "=", self.operator.id)])
        self.assertEqual((day.looks, len(shown)), (5, 5))
        self.assertEqual(len(senders.access_ids), 5)
        self.assertGreater(day.refused, 0)
        with self.committed():
            self.company.write({"civic_look_limit": 30, "civic_look_burst": 10})

    def test_an_extension_is_decided_once(self):
        for verb, arguments in (("grant", ()), ("reject", ("Chưa đủ căn cứ.",))):
            with self.subTest(verb=verb), self.committed():
                assignment = self.assignment_in("processing")
                assignment.with_user(self.handler).request_extension(
                    *self.arguments("request_extension", assignment.report_id)
                )
            done = self.race("manager", assignment.extension_ids, verb, *arguments)
            self.assertEqual(done, 1)
            events = assignment.event_ids.mapped("code")
            wanted = {"grant": "extension_granted", "reject": "extension_rejected"}
            self.assertEqual(events.count(wanted[verb]), 1)

    def test_a_finding_is_appealed_and_decided_once(self):
        with self.committed():
            report = self.walk_to("received")
            report.mark_violation("wording", "Lời lẽ xúc phạm.")
            violation = report.sudo().violation_ids
        for role, verb, code in (
            ("citizen", "appeal", "violation_appealed"),
            ("manager", "uphold", "violation_upheld"),
        ):
            done = self.race(role, violation, verb, "Xem lại.")
            self.assertEqual((verb, done), (verb, 1))
            self.assertEqual(self.events(report, code), 1)

    def test_a_sender_is_locked_and_unlocked_once(self):
        basis = "Nghị định 15/2020/NĐ-CP"
        for verb, left, *rest in (("lock", 1, "account", basis), ("unlock", 0)):
            said = ("Gửi tin sai nhiều lần.", *rest)
            done = self.race("manager", self.reporter, verb, *said)
            self.assertEqual((verb, done), (verb, 1))
            locks = self.env["civic.lock"].search(
                [("reporter_id", "=", self.reporter.id)]
            )
            self.assertEqual(len(locks), 1)
            self.assertEqual(len(locks.filtered(lambda row: not row.ended_at)), left)

    def test_a_harassing_call_is_followed_up_once(self):
        with self.committed():
            call = self.env["civic.call"].with_user(self.operator)
            call = call.create({"number": "0912000001", "duration": 42})
        recording = base64.b64encode(WAV).decode()
        today = str(self.company._civic_today())
        for verb, arguments, state in (
            ("verify", ("insult", "Lời lẽ xúc phạm."), "verified"),
            ("extract_recording", (recording, "1.wav"), "extracted"),
            ("pass_on", (self.agency.id, "12/TT", today), "passed"),
            ("record_result", ("Đã nhắc nhở.",), "closed"),
        ):
            done = self.race("operator", call, verb, *arguments)
            self.assertEqual((verb, done, call.state), (verb, 1, state))
        self.assertEqual(len(call.violation_ids), 1)

    def test_a_disclosure_is_answered_once(self):
        with self.committed():
            assignment = self.assignment_in("accepted")
            report = assignment.report_id
            assignment.with_user(self.handler).request_disclosure(
                *self.arguments("request_disclosure", report)
            )
            disclosure = self.env["civic.disclosure"].search(
                [("report_id", "=", report.id)]
            )
            disclosure.with_user(self.manager).ask_citizen()
        for verb, state in (
            ("give_consent", "granted"),
            ("withdraw_consent", "withdrawn"),
        ):
            done = self.race("operator", disclosure, verb, "Ghi âm cuộc gọi.")
            self.assertEqual((verb, done, disclosure.state), (verb, 1, state))
            self.assertEqual(self.events(report, verb), 1)

    def test_a_request_about_personal_data_is_handled_once(self):
        with self.committed():
            requests = self.env["civic.data.request"].with_user(self.operator)
            request = requests.browse(
                requests.open_for(self.reporter.id, "copy", "paper", "Xem giấy tờ.")
            )
        for verb, arguments in (
            ("acknowledge", ()),
            ("extend", ("Nhiều hồ sơ.",)),
            ("fulfil", ("Đã gửi.",)),
        ):
            done = self.race("manager", request, verb, *arguments)
            self.assertEqual((verb, done), (verb, 1))
        self.assertEqual(request.state, "fulfilled")

    def test_a_form_sent_ten_times_is_one_report(self):
        clients = [self.server.client() for _index in range(CLIENTS)]
        hidden = [client.open_form() for client in clients]
        form = self.filled_form(subject="Gửi mười lần")

        def act(index, wait):
            wait()
            fields = {**hidden[index], **form, "key": hidden[0]["key"]}
            return clients[index].send_report(fields, [self.photo])

        codes = together(CLIENTS, act)
        found = self.query(
            SQL("SELECT name FROM civic_report WHERE subject = 'Gửi mười lần'")
        )
        self.assertEqual(len(found), 1)
        # A telephone's limit may have stopped some; nobody was told another code.
        self.assertEqual(set(codes) - {None}, {found[0][0]})

    def test_ten_operators_take_ten_reports(self):
        with self.committed():
            people = [
                self.make_user(f"operator_{index}", "civic_report.group_operator")
                for index in range(CLIENTS)
            ]
            for person in people:
                person.password = PASSWORD
            for _index in people:
                self.make_report()
        clients = [self.server.client(person.login) for person in people]

        def act(index, wait):
            wait()
            return clients[index].call_model("civic.report", "take_next")

        taken = together(CLIENTS, act)
        self.assertEqual(len(set(taken)), CLIENTS, taken)
        self.refresh()
        reports = self.env["civic.report"].browse(taken)
        self.assertEqual(reports.operator_id, self.env["res.users"].union(*people))

    def test_findings_at_once_lock_once(self):
        """Four operators find four reports of one sender in violation: each counts, one
        lock."""
        with self.committed():
            self.procedure.violation_limit = 3
            reporter = self.reporter.create({"name": "A", "phone": "0912 345 670"})
            reports = [self.make_report(reporter_id=reporter.id) for _index in range(4)]
        clients = self.clients_of("operator")

        def act(index, wait):
            wait()
            arguments = ("wording", "Lời lẽ xúc phạm.")
            return clients[index].call(reports[index], "mark_violation", *arguments)

        self.assertEqual(together(4, act), [True] * 4)
        self.refresh()
        self.assertEqual(reporter.violation_count, 4)
        self.assertEqual(len(reporter.lock_ids), 1)
        self.assertTrue(reporter.is_locked)
        locks = [self.events(report, "lock") for report in reports]
        self.assertEqual(sum(locks), 1)

    def events(self, record, verb):
        return len(record.sudo().event_ids.filtered(lambda event: event.code == verb))
