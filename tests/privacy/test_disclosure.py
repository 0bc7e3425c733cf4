from datetime import timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.workflow.transitions import CASE_TRANSITIONS
from ...tools import secret_link
from ..rig.privacy import DisclosureCase


@tagged("-at_install", "post_install")
class TestDisclosure(DisclosureCase):
    """HUE Điều 5.5, ST Điều 4.5: with consent, for named people, for a time."""

    def test_consent_opens_the_named_fields_to_the_named_people(self):
        disclosure = self.given()
        shown = self.as_user(disclosure, self.handler).look()
        self.assertEqual(
            {row["field"]: row["value"] for row in shown},
            {"name": "Người phản ánh", "phone": "+84912345678"},
        )
        look = self.looks(disclosure)
        self.assertEqual(look.user_id, self.handler)
        self.assertEqual(look.report_id, disclosure.report_id)
        self.assertEqual(look.shown, "name, phone")
        self.as_user(disclosure, self.handler).look()
        self.assertEqual(len(self.looks(disclosure)), 2, "each look is written down")

    def test_nobody_else_looks(self):
        disclosure = self.given()
        for user in (
            self.colleague,
            self.leader,
            self.other_handler,
            self.operator,
            self.manager,
            self.administrator,
            self.province_leader,
            self.plain,
            self.citizen,
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaises(UserError),
            ):
                self.as_user(disclosure, user).look()
        self.assertFalse(self.looks(disclosure))

    def test_ordinary_reads_stay_closed_while_it_is_in_force(self):
        disclosure = self.given()
        with self.assertRaises(AccessError):
            self.reporter.with_user(self.handler).read(["phone"])
        for field in ("reporter_id", "link_hash"):
            with self.assertRaises(AccessError):
                self.as_user(disclosure, self.handler).read([field])
        values = self.as_user(disclosure, self.handler).read()[0]
        self.assertNotIn("912345678", str(values))

    def test_expiry_to_the_second(self):
        disclosure = self.given(days=7)
        self.go(days=7, seconds=-1)
        self.assertTrue(disclosure.is_in_force)
        self.as_user(disclosure, self.handler).look()
        self.go(seconds=1)
        self.assertFalse(disclosure.is_in_force)
        with self.assertRaisesRegex(UserError, "over"):
            self.as_user(disclosure, self.handler).look()
        self.assertNotIn(disclosure, self.in_force())

    def in_force(self):
        return self.env["civic.disclosure"].search([("is_in_force", "=", True)])

    def test_withdrawal_works_at_once(self):
        disclosure = self.given()
        self.assertIn(disclosure, self.in_force())
        disclosure._answer_as_citizen("withdraw")
        self.assertEqual((disclosure.state, disclosure.consent), ("withdrawn",) * 2)
        with self.assertRaises(UserError):
            self.as_user(disclosure, self.handler).look()
        self.assertFalse(self.looks(disclosure))
        self.assertFalse(disclosure._link_path(), "the link is void")

    def test_who_leaves_the_report_or_the_agency_looks_no_more(self):
        disclosure = self.given(people=self.handler | self.colleague)
        self.agency.handler_ids = [Command.unlink(self.colleague.id)]
        with self.assertRaises(UserError):
            self.as_user(disclosure, self.colleague).look()
        disclosure.assignment_id.with_user(self.handler).return_wrong("Không phải.")
        with self.assertRaises(AccessError):
            self.as_user(disclosure, self.handler).look()
        self.assertFalse(self.looks(disclosure))

    def test_silence_is_a_refusal(self):
        disclosure = self.forwarded()
        self.assertEqual(disclosure.deadline - disclosure.decided_at, timedelta(5))
        path = disclosure._link_path()
        self.go(days=5)
        # At the very second of a deadline it is not over.
        self.env["civic.disclosure"]._cron_lapse()
        self.assertEqual(disclosure.state, "asked")
        self.assertTrue(self.by_path(path))
        self.assertTrue(disclosure._citizen_values()["is_asked"])
        disclosure.with_user(self.manager).ask_citizen()
        path = disclosure._link_path()
        self.go(seconds=1)
        self.assertFalse(self.by_path(path))
        self.assertFalse(disclosure._citizen_values()["is_asked"])
        with self.assertRaisesRegex(UserError, "passed"):
            disclosure.with_user(self.manager).ask_citizen()
        with self.assertRaisesRegex(UserError, "passed"):
            disclosure._answer_as_citizen("agree")
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_lapse_disclosures").method_direct_trigger()
        self.assertEqual((disclosure.state, disclosure.consent), ("refused",) * 2)
        self.assertFalse(disclosure.answered_at)

    def test_refusal_gives_nothing_and_the_report_goes_on(self):
        disclosure = self.forwarded()
        disclosure._answer_as_citizen("refuse")
        with self.assertRaises(UserError):
            self.as_user(disclosure, self.handler).look()
        disclosure.assignment_id.with_user(self.handler).submit("Đã làm.")

    def test_the_centre_refuses_without_troubling_the_citizen(self):
        disclosure = self.asked()
        self.as_user(disclosure, self.manager).decline("Không cần danh tính để xử lý.")
        self.assertEqual(disclosure.state, "declined")
        self.assertFalse(disclosure.link_hash)
        self.assertFalse(disclosure.consent)
        self.assertNotIn(
            disclosure.id,
            [row["id"] for row in disclosure.report_id._own_values()["disclosures"]],
        )

    def test_what_is_asked_for_is_checked(self):
        assignment = self.in_hand().with_user(self.handler)
        good = ["Đo đạc.", "Luật Đất đai", ["name"], self.handler.ids, 7]
        for index, bad in (
            (0, " "),
            (1, ""),
            (2, []),
            (2, ["name", "user_id"]),
            (2, ["vault_blob"]),
            (3, []),
            (3, self.other_handler.ids),
            (3, [10**8]),
            (4, 0),
            (4, -1),
            (4, 31),
            (4, "7"),
        ):
            arguments = [*good[:index], bad, *good[index + 1 :]]
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                assignment.request_disclosure(*arguments)
        assignment.request_disclosure(*good)
        with self.assertRaisesRegex(UserError, "already"):
            assignment.request_disclosure(*good)

    def test_consent_by_telephone_needs_evidence(self):
        disclosure = self.forwarded()
        as_operator = self.as_user(disclosure, self.operator)
        with self.assertRaises(UserError):
            as_operator.give_consent()
        as_operator.give_consent("Cuộc gọi 09:10, ghi âm số 3.")
        self.assertEqual(disclosure.evidence, "Cuộc gọi 09:10, ghi âm số 3.")
        self.assertTrue(disclosure.is_in_force)

    def test_without_consent_is_an_exception_of_its_own(self):
        agency_asks = self.asked()
        with self.assertRaisesRegex(UserError, "consent"):
            self.as_user(agency_asks, self.manager).decide_by_law("Điều 19.1b", "Vụ án")
        disclosure = self.by_authority()
        as_manager = self.as_user(disclosure, self.manager)
        for law, note in (("", "Vụ án"), ("Điều 19.1b", "")):
            with self.assertRaises(UserError):
                as_manager.decide_by_law(law, note)
        as_manager.decide_by_law("Luật 91/2025/QH15, Điều 19.1b", "Vụ án đã khởi tố.")
        self.assertTrue(disclosure.without_consent)
        self.assertFalse(disclosure.consent)
        self.assertEqual(disclosure.decided_by_id, self.manager)
        self.assertIn("decide_by_law", disclosure.report_id.event_ids.mapped("code"))
        own = disclosure.report_id._own_values()["disclosures"][0]
        self.assertTrue(own["without_consent"])
        self.assertFalse(own["can_withdraw"])
        with self.assertRaisesRegex(UserError, "law"):
            disclosure._answer_as_citizen("withdraw")
        shown = self.as_user(disclosure, self.operator).look()
        self.assertEqual([row["field"] for row in shown], ["name", "address"])

    def test_who_wrote_the_request_down_does_not_decide_without_consent(self):
        report = self.walk_to("received").with_user(self.manager)
        disclosure_id = report.request_disclosure_for(
            "Tòa án", "5/TA", "Xét xử.", "BLTTHS", ["name"], self.manager.ids, 3
        )
        disclosure = self.env["civic.disclosure"].browse(disclosure_id)
        with self.assertRaises(AccessError):
            disclosure.with_user(self.manager).decide_by_law("Điều 19.1b", "Vụ án.")
        disclosure.with_user(self.second_manager).decide_by_law("Điều 19.1b", "Vụ án.")
        self.assertEqual(disclosure.sudo().state, "granted")

    def test_an_authority_names_its_document(self):
        report = self.walk_to("received")
        good = ["Tòa án", "5/TA", "Xét xử.", "BLTTHS", ["name"], self.operator.ids, 3]
        for index in (0, 1):
            arguments = [*good[:index], " ", *good[index + 1 :]]
            with self.assertRaises(UserError):
                report.request_disclosure_for(*arguments)
        with self.assertRaises(MissingError):
            report.request_disclosure_for(*good[:5], self.handler.ids, 3)

    def test_a_restriction_closes_what_is_open(self):
        disclosure = self.given()
        other = self.asked(self.in_hand())
        self.reporter._restrict()
        self.assertEqual(disclosure.state, "withdrawn")
        self.assertEqual(other.state, "ended")
        third = self.asked(self.in_hand())
        with self.assertRaisesRegex(UserError, "restricted"):
            self.as_user(third, self.manager).ask_citizen()
        self.as_user(third, self.manager).decline("Người dân hạn chế.")

    def test_events_and_reminders_tell_nothing(self):
        disclosure = self.given()
        self.as_user(disclosure, self.handler).look()
        self.env.flush_all()
        words = ("Người phản ánh", "912345678", "nguoi.phan.anh", self.citizen.login)
        for model in ("civic.event", "mail.activity", "civic.disclosure"):
            text = str(self.env[model].search([]).read())
            for word in words:
                self.assertNotIn(word, text, model)
        events = disclosure.report_id.event_ids
        asked = events.filtered(lambda row: row.code == "give_consent")
        self.assertFalse(asked.user_id)
        self.assertFalse(asked.is_public)
        self.assertNotEqual(asked.create_uid, self.citizen)
        self.assertNotEqual(disclosure.write_uid, self.citizen)

    def test_managers_are_reminded_until_it_is_decided(self):
        disclosure = self.asked()
        reminders = self.env["mail.activity"].search(
            [("res_model", "=", "civic.disclosure"), ("res_id", "=", disclosure.id)]
        )
        self.assertIn(self.manager, reminders.user_id)
        self.assertNotIn(self.operator, reminders.user_id)
        with self.assertRaises(UserError):
            reminders[:1].action_feedback()
        self.as_user(disclosure, self.manager).ask_citizen()
        self.assertFalse(reminders.exists().filtered("active"))

    def test_the_row_is_written_by_verbs_alone(self):
        disclosure = self.asked()
        forged = {
            "report_id": disclosure.report_id.id,
            "company_id": self.company.id,
            "reason": "x",
            "legal_basis": "x",
            "field_names": "name",
            "days": 9,
            "state": "granted",
            "requested_at": "2026-11-20 00:00:00",
        }
        for user in (self.handler, self.manager, self.administrator):
            row = self.as_user(disclosure, user)
            with self.assertRaises(UserError):
                row.write({"state": "granted"})
            with self.assertRaises(UserError):
                row.create(forged)
            with self.assertRaises(UserError):
                row.unlink()
            with self.assertRaises(UserError):
                row.with_context(civic_grant=[disclosure.report_id.id]).give_consent()
        self.assertEqual(disclosure.state, "requested")

    # ------------------------------------------------------------------
    # The link
    # ------------------------------------------------------------------

    def by_path(self, path):
        return self.env["civic.disclosure"]._by_code_sudo(
            path.rsplit("/", 1)[-1], self.company
        )

    def test_the_link_is_kept_as_a_hash(self):
        disclosure = self.forwarded()
        path = disclosure._link_path()
        self.assertEqual(self.by_path(path), disclosure)
        code = path.rsplit("/", 1)[-1]
        secret = code[secret_link.KEY_LENGTH :]
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT disclosure::text FROM civic_disclosure disclosure WHERE id = %s",
            [disclosure.id],
        )
        self.assertNotIn(secret, self.env.cr.fetchone()[0])

    def test_the_link_is_told_by_e_mail(self):
        disclosure = self.forwarded()
        message = self.env["civic.outbox"].search(
            [
                ("report_id", "=", disclosure.report_id.id),
                ("notice_id.event", "=", "ask_citizen"),
            ]
        )
        self.assertEqual(message.audience, "reporter")
        self.assertTrue(message._link().endswith(disclosure._link_path()))
        code = disclosure._link_path().rsplit("/", 1)[-1]
        self.assertNotIn(code, str(message.read()))
        disclosure._answer_as_citizen("refuse")
        self.assertNotIn("danh-tinh", message._link())

    def test_wrong_links_open_nothing(self):
        disclosure = self.forwarded()
        code = disclosure._link_path().rsplit("/", 1)[-1]
        key = code[: secret_link.KEY_LENGTH]
        last = "0" if code[-1] != "0" else "1"
        for wrong in ("", "x", key, code[:-1], code + "0", code[:-1] + last, key * 4):
            with self.subTest(code=wrong):
                self.assertFalse(self.by_path(wrong))
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.assertFalse(self.env["civic.disclosure"]._by_code_sudo(code, other))

    def test_a_new_link_voids_the_old_one(self):
        disclosure = self.forwarded()
        first, until = disclosure._link_path(), disclosure.deadline
        self.go(days=1)
        self.as_user(disclosure, self.manager).ask_citizen()
        self.assertFalse(self.by_path(first))
        self.assertEqual(self.by_path(disclosure._link_path()), disclosure)
        self.assertEqual(disclosure.deadline, until)

    def test_the_link_lasts_as_long_as_there_is_something_to_withdraw(self):
        disclosure = self.forwarded(days=30)
        path = disclosure._link_path()
        self.by_path(path)._answer_as_citizen("agree")
        self.go(days=30, seconds=-1)
        self.assertEqual(self.by_path(path), disclosure)
        self.go(seconds=2)
        self.assertFalse(self.by_path(path))

    # ------------------------------------------------------------------
    # Everybody × every verb × every state
    # ------------------------------------------------------------------

    WALKS = {
        "requested": (),
        "asked": ("ask_citizen",),
        "granted": ("ask_citizen", "agree"),
        "declined": ("decline",),
        "refused": ("ask_citizen", "refuse"),
        "withdrawn": ("ask_citizen", "agree", "withdraw"),
        "ended": ("end_disclosure",),
    }
    ARGUMENTS = {
        "decline": ("Không cần.",),
        "decide_by_law": ("Điều 19.1b", "Vụ án."),
        "give_consent": ("Ghi âm số 1.",),
        "refuse_consent": ("Ghi âm số 1.",),
        "withdraw_consent": ("Ghi âm số 1.",),
    }
    HOLDERS = {
        "centre_manager": {"manager", "administrator"},
        "operator": {"operator", "manager", "administrator"},
        # The operator wrote the authority's request down and is the one named.
        "asker": {"operator"},
        "named": {"operator"},
    }

    def test_matrix(self):
        roles = (
            *("operator", "manager", "administrator", "handler", "leader"),
            *("coordinator", "province_leader", "plain", "citizen", "other_citizen"),
        )
        tried = 0
        for state, walk in self.WALKS.items():
            disclosure = self.by_authority()
            for step in walk:
                if step in ("agree", "refuse", "withdraw"):
                    disclosure._answer_as_citizen(step)
                else:
                    verb = getattr(self.as_user(disclosure, self.manager), step)
                    verb(*self.ARGUMENTS.get(step, ()))
            self.assertEqual(disclosure.state, state)
            for row in CASE_TRANSITIONS.values():
                if row.model != "civic.disclosure" or not row.actors:
                    continue
                allowed = set().union(
                    *(self.HOLDERS.get(actor, set()) for actor in row.actors)
                )
                for role in roles:
                    tried += 1
                    with self.subTest(verb=row.verb, state=state, role=role):
                        may = role in allowed and state in row.sources
                        self.try_one(disclosure, row, role, may)
        self.assertGreater(tried, 500)

    def try_one(self, disclosure, row, role, may):
        before = disclosure.state
        acting = self.as_user(disclosure, getattr(self, role))
        savepoint = self.env.cr.savepoint()
        try:
            getattr(acting, row.verb)(*self.ARGUMENTS.get(row.verb, ()))
        except (UserError, AccessError, MissingError) as error:
            self.assertFalse(may, error)
            self.assertEqual(disclosure.state, before)
        else:
            self.assertTrue(may, "should have been refused")
            self.assertEqual(disclosure.state, row.target or before)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
