"""What an unproved sender says of itself changes nothing that is known, and is not
lost: it stays with its report until the Centre or a one-time code confirms it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.site.submission import Sending
from ..rig.inbox import ChatCase
from ..rig.site import LookupCase, SubmissionCase

KNOWN = {
    "name": "Người gửi thử",
    "phone": "+84912345678",
    "email_from": "nguoi.gui@example.com",
    "address": "12 Nguyễn Huệ",
    "citizen_id": "046080000001",
}
SAID = {"address": "Số 1 nhà kẻ mạo danh", "citizen_id": "046099999999"}


class StatementCase(SubmissionCase):
    def setUp(self):
        super().setUp()
        self.procedure.write({"require_address": True, "require_citizen_id": True})
        self.first = self.sent("khoa-1")
        self.known = self.first.reporter_id
        self.identity = self.known._identity()

    def sent(self, key, **changes):
        return self.env["civic.form"]._submit_sudo(
            Sending(
                self.form(
                    key=key,
                    **{
                        "reporter_address": KNOWN["address"],
                        "citizen_id": KNOWN["citizen_id"],
                        **changes,
                    },
                ),
                [self.photo],
                user=self.anonymous,
                company=self.company,
            )
        )

    def mimicked(self, **changes):
        """A report by somebody who knows name, telephone and e-mail address."""
        said = {"reporter_address": SAID["address"], "citizen_id": SAID["citizen_id"]}
        return self.sent("khoa-2", **{**said, **changes})

    def as_operator(self, record):
        return record.with_user(self.operator).sudo(False).with_context(civic_door=None)

    def assertUnchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.known._identity(), self.identity)
        self.assertEqual(self.known._identity(), KNOWN)


@tagged("-at_install", "post_install")
class TestForm(StatementCase):
    def test_a_form_changes_nothing_that_is_known(self):
        other = self.mimicked()
        self.assertEqual(other.reporter_id, self.known, "who it is said to be")
        self.assertUnchanged()
        self.assertFalse(self.known.access_ids)
        report = self.as_operator(other)
        self.assertEqual(report.statement_ids.state, "open")
        self.assertEqual(report.said_otherwise, "Home address, Citizen identity number")
        self.assertFalse(self.as_operator(self.first).said_otherwise)

    def test_nor_fills_in_what_is_not_known(self):
        self.procedure.write({"require_address": False, "require_citizen_id": False})
        first = self.sent("a", phone="0987654321", reporter_address="", citizen_id="")
        other = self.mimicked(phone="0987654321")
        self.assertEqual(first.reporter_id, other.reporter_id)
        self.assertNotIn("citizen_id", first.reporter_id._identity())
        self.assertEqual(
            self.as_operator(other).said_otherwise,
            "Home address, Citizen identity number",
        )

    def test_nor_whether_it_is_an_organisation_nor_the_language(self):
        self.known.lang = "en_US"
        other = self.mimicked(is_organisation="1")
        self.assertFalse(self.known.is_organisation)
        self.assertEqual(self.known.lang, "en_US")
        self.assertIn("organisation", self.as_operator(other).said_otherwise)

    def test_the_same_in_other_letters_is_the_same(self):
        other = self.mimicked(
            name="NGƯỜI  GỬI THỬ",
            reporter_address="12  nguyễn huệ",
            citizen_id=KNOWN["citizen_id"],
        )
        self.assertEqual(other.reporter_id, self.known)
        self.assertFalse(other.statement_ids)
        self.assertUnchanged()

    def test_a_name_with_other_accents_stays_with_its_report(self):
        other = self.mimicked(name="nguoi gui thu")
        self.assertEqual(other.reporter_id, self.known)
        self.assertIn("Full name", self.as_operator(other).said_otherwise)
        self.assertUnchanged()

    def test_nothing_said_is_lost_and_it_is_sealed(self):
        other = self.mimicked()
        statement = other.statement_ids
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM civic_statement WHERE id = %s", statement.ids
        )
        row = str(self.env.cr.dictfetchone())
        for value in SAID.values():
            self.assertNotIn(value, row)
        (shown,) = self.as_operator(self.known).show("verify", other.id)
        self.assertEqual(shown["said"], SAID)
        self.assertEqual(shown["address"], KNOWN["address"])
        (shown,) = self.as_operator(self.known).show("verify", self.first.id)
        self.assertFalse(shown["said"])
        with self.assertRaises(AccessError):
            self.as_operator(statement).read(["vault_blob"])
        for user in (self.handler, self.province_leader, self.citizen):
            self.assertFalse(statement.with_user(user).sudo(False).has_access("read"))

    def test_an_account_speaks_for_itself_and_it_is_on_record(self):
        own = self.reporter
        report = self.env["civic.form"]._submit_sudo(
            Sending(
                self.form(
                    key="k",
                    name="Tên mới",
                    reporter_address="2 Lê Lợi",
                    citizen_id=SAID["citizen_id"],
                ),
                [self.photo],
                user=self.citizen,
                company=self.company,
            )
        )
        self.assertEqual(report.reporter_id, own)
        self.assertEqual(own.name, "Tên mới")
        self.assertFalse(report.statement_ids)
        look = own.access_ids
        self.assertEqual(look.kind, "change")
        self.assertEqual(look.user_id, self.env.ref("civic_report.user_citizen"))
        self.assertIn("address", look.shown)
        self.assertEqual(own._look_values()[0]["who"], "Yourself")

    def test_by_telephone(self):
        form = self.form(
            key="desk",
            reporter_address=SAID["address"],
            citizen_id=SAID["citizen_id"],
        )
        # E-mail is seldom given: name and number are all that a caller knows.
        form.pop("email")
        made = self.env["civic.report"].with_user(self.operator).take_down(form)
        report = self.env["civic.report"].browse(made["id"])
        self.assertEqual(report.sudo().reporter_id, self.known)
        self.assertUnchanged()
        self.assertTrue(self.as_operator(report).said_otherwise)

    def test_what_is_kept_for_a_deleted_person(self):
        other = self.mimicked()
        statement = other.statement_ids
        (self.first | other)._elevated().write({"state": "cancelled"})
        self.known._anonymise("Thử")
        self.assertFalse(statement._said())
        self.assertFalse(statement.vault_blob)

    def test_sealed_anew_with_a_new_key(self):
        statement = self.mimicked().statement_ids
        before = statement.vault_blob
        statement._vault_write(statement._vault_again())
        self.assertNotEqual(statement.vault_blob, before)
        self.assertEqual(statement._said(), SAID)
        self.assertIn(
            "civic.statement",
            [home._name for home in self.env["civic.vault.key"]._homes()],
        )


@tagged("-at_install", "post_install")
class TestConfirming(StatementCase):
    def test_the_centre_takes_it_over_by_one_click(self):
        other = self.as_operator(self.mimicked())
        self.assertIn("confirm_statement", other.allowed_verbs)
        other.confirm_statement()
        self.assertEqual(self.known._identity(), {**KNOWN, **SAID})
        statement = other.statement_ids
        self.assertEqual(statement.state, "confirmed")
        self.assertEqual(statement.decided_by_id, self.operator)
        look = self.known.access_ids
        self.assertEqual((look.kind, look.user_id), ("change", self.operator))
        self.assertEqual(look.report_id, other)
        self.assertEqual(look.shown, "address, citizen_id")
        self.assertIn("confirm_statement", other.sudo().event_ids.mapped("code"))
        self.assertFalse(other.said_otherwise)
        self.assertNotIn("confirm_statement", other.allowed_verbs)
        with self.assertRaises(UserError):
            other.confirm_statement()

    def test_or_leaves_what_is_known(self):
        other = self.as_operator(self.mimicked())
        other.dismiss_statement()
        self.assertUnchanged()
        self.assertEqual(other.statement_ids.state, "dismissed")
        self.assertFalse(other.said_otherwise)
        (shown,) = self.as_operator(self.known).show("verify", other.id)
        self.assertEqual(shown["said"], SAID, "it is not lost")
        with self.assertRaises(UserError):
            other.dismiss_statement()

    def test_nobody_else_does(self):
        other = self.mimicked()
        for user in (self.handler, self.leader, self.province_leader, self.citizen):
            for verb in ("confirm_statement", "dismiss_statement"):
                report = other.with_user(user).sudo(False).with_context(civic_door=None)
                with (
                    self.subTest(f"{user.login} {verb}"),
                    self.assertRaises(UserError),
                ):
                    getattr(report, verb)()
        self.assertUnchanged()

    def test_a_one_time_code_proves_it(self):
        other = self.mimicked()
        codes = self.env["civic.code"]
        codes._issue_sudo(other, "verify")
        right = codes.search([("report_id", "=", other.id)])._digits()
        wrong = f"{(int(right) + 1) % 10**6:06}"
        self.assertFalse(other._verify_by_code_sudo(wrong))
        self.assertUnchanged()
        self.assertTrue(other._verify_by_code_sudo(right))
        self.assertEqual(self.known._identity(), {**KNOWN, **SAID})
        statement = other.statement_ids
        self.assertEqual(statement.state, "confirmed")
        self.assertFalse(statement.decided_by_id)
        self.assertEqual(self.known.access_ids.kind, "change")
        citizen = self.env.ref("civic_report.user_citizen")
        self.assertEqual(self.known.access_ids.user_id, citizen)


@tagged("-at_install", "post_install")
class TestChannels(ChatCase):
    """Chats and SMS know nobody's address; what they bring changes no reporter."""

    def test_chats_and_sms_change_no_reporter(self):
        for keep in (self.zalo, self.sms):
            keep("Ổ gà trước chợ") and keep("gửi")
            self.read_at("2026-11-16 10:30")
            reports = self.env["civic.report"].search([], order="id desc", limit=1)
            known = reports.reporter_id
            known.write({"address": "12 Nguyễn Huệ"})
            before = known._identity()
            keep("Đèn đường hỏng") and keep("gửi")
            self.read_at("2026-11-16 11:30")
            self.assertEqual(known._identity(), before)


@tagged("-at_install", "post_install")
class TestOwnPage(LookupCase):
    """Whoever has the code that went to the known address confirms it there."""

    def test_confirmed_on_the_own_page(self):
        said = {"address": SAID["address"]}
        self.env["civic.statement"]._keep(self.report.sudo(), said)
        self.post(f"{self.path}/xac-nhan")
        self.env.invalidate_all()
        self.assertFalse(self.sender.address, "without the code nothing is confirmed")
        page = self.prove()
        self.assertIn("Home address", page.text_content())
        self.assertNotIn(
            SAID["address"], page.text_content(), "an impostor may read it"
        )
        self.post(f"{self.path}/xac-nhan", page)
        self.env.invalidate_all()
        self.assertEqual(self.sender.address, SAID["address"])
        self.assertEqual(self.report.sudo().statement_ids.state, "confirmed")
        page = self.page(self.path)
        self.assertNotIn("Is this you?", page.text_content())
        self.post(f"{self.path}/xac-nhan", page)
        self.assertEqual(len(self.sender.access_ids), 1, "once")


@tagged("-at_install", "post_install")
class TestWords(StatementCase):
    """What an unproved sender says of itself is masked in the own words."""

    def masked(self, decide=None):
        text = f"Rác. {SAID['citizen_id']}, {SAID['address']}. Hết."
        report = self.mimicked(description=text)
        self.assertEqual(report._whole_words().description, text)
        if decide:
            getattr(self.as_operator(report), decide)()
            report._mask_again()
            self.env.flush_all()
        self.env.invalidate_all()
        return report._masked_words().description

    def test_it_is_masked(self):
        self.assertEqual(self.masked(), "Rác. […], Số […]. Hết.")

    def test_it_is_masked_when_it_was_dismissed(self):
        self.assertEqual(self.masked("dismiss_statement"), "Rác. […], Số […]. Hết.")

    def test_it_is_masked_when_it_was_confirmed(self):
        self.assertEqual(self.masked("confirm_statement"), "Rác. […], Số […]. Hết.")

    def test_it_is_found_before_it_is_published(self):
        report = self.mimicked()
        report = self.as_operator(report)
        found = report.find_personal_data(f"Nhà {SAID['address']}")
        self.assertIn("sender", found[0]["label"])
