import threading
from collections import Counter
from datetime import timedelta

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from odoo import fields
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL, file_path

from ...controllers.portal import ACTS
from ...models.ground.paths import ACCOUNT_PAGE, CITIZENS_PAGES
from ..canary.routes import rules_of
from ..rig.asked import ROUTES, trial
from ..rig.ledger import SealCase
from ..rig.outbox import OutboxCase
from ..rig.push import device
from ..rig.site import ASKER, EMPTY, LOOKUP, WHERE, LookupCase
from ..rig.walks import written_notice

PASSWORD = "civic-no-account-password"
# Odoo's own notes about an account, which say nothing of reports.
BESIDE_REPORTS = {
    "res_users_log": "when somebody signed in",
    "res_device_log": "from which devices",
    "res_users_settings": "how the account wants its screens",
}


@tagged("-at_install", "post_install")
@trial("ground", ROUTES)
class TestNoAccount(OutboxCase, SealCase, LookupCase):
    """Whoever is signed in does all that citizens can: no row bears the account.

    An operator would read who sent a report without a look, and a copy of the database
    would join accounts and reports.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.write(
            {
                "verify_first_time": True,
                "extension_allowed": True,
                "anyone_follows_up": True,
            }
        )

    def setUp(self):
        super().setUp()
        self.asked = Counter()
        # So long ago is a day that each round closes, the earlier one last.
        self.days = [1, 2]
        threading.current_thread().dbname = self.env.cr.dbname

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------

    def columns(self):
        """(table, column) of all that can name an account or its contact."""
        return self.env.execute_query(
            SQL(
                """
                SELECT tables.table_name, columns.column_name, 'res_users'
                  FROM information_schema.columns
                  JOIN information_schema.tables USING (table_schema, table_name)
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                   AND columns.column_name IN ('create_uid', 'write_uid')
                 UNION
                SELECT source.relname, attribute.attname, target.relname
                  FROM pg_constraint
                  JOIN pg_class source ON source.oid = conrelid
                  JOIN pg_class target ON target.oid = confrelid
                  JOIN pg_attribute attribute
                    ON attrelid = conrelid AND attnum = ANY(conkey)
                 WHERE contype = 'f' AND target.relname IN ('res_users', 'res_partner')
                """
            )
        )

    def rows_of(self, user):
        """Counts of the rows that name an account.

        :return: Counter of (table, column)
        """
        self.env.flush_all()
        ids = {"res_users": user.id, "res_partner": user.partner_id.id}
        found = Counter()
        for table, column, target in self.columns():
            if table not in BESIDE_REPORTS:
                query = SQL(
                    "SELECT count(*) FROM %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    ids[target],
                )
                [[found[table, column]]] = self.env.execute_query(query)
        return found

    # ------------------------------------------------------------------
    # Routes
    # ------------------------------------------------------------------

    def routes(self):
        """(rule, method) of all that citizens can ask."""
        return {
            (rule.rule, method)
            for rule in rules_of(self.env)
            if rule.rule.startswith(CITIZENS_PAGES)
            for method in (rule.methods or {"POST"}) & {"GET", "POST"}
        }

    def url_open(self, url, *args, **kwargs):
        answer = super().url_open(url, *args, **kwargs)
        for response in (*answer.history, answer):
            if response.status_code < 400:
                self.asked[response.request.path_url, response.request.method] += 1
        return answer

    def asked_routes(self):
        website = self.env["website"].get_current_website()
        adapter = self.env["ir.http"].routing_map(key=website.id).bind("localhost")
        found = set()
        for path, method in self.asked:
            try:
                rule, _values = adapter.match(
                    path.partition("?")[0], method, return_rule=True
                )
            except (HTTPException, RequestRedirect):
                continue
            found.add((rule.rule, method))
        return found

    # ------------------------------------------------------------------
    # What citizens do
    # ------------------------------------------------------------------

    def do(self, path, status=200, **form):
        page = self.page("/my/du-lieu")
        answer = self.post(path, page, **form)
        self.assertEqual(answer.status_code, status, f"{path}: {answer.text[-2000:]}")
        return answer

    def own(self, report, act, **form):
        """One form of the own page; each leads back to the page."""
        answer = self.do(f"{self.own_path}/{report.name.lower()}/{act}", **form)
        self.assertTrue(answer.history, f"{act}: {answer.text[-3000:]}")
        self.acts.add(act)

    def send_report(self, user):
        for help_ in ("goi-y", "trung"):
            sketch = {"params": {"subject": "Ổ gà", "description": "Ổ gà sâu."}}
            self.url_open(f"/phan-anh/gui/{help_}", json=sketch)
        answer = self.send({"key": f"first-{user.id}"})
        report = self.sent_report(answer)
        self.sent = f"/phan-anh/da-gui/{report.name.lower()}"
        self.do(f"{self.sent}/ma-moi")
        self.forget_counts()
        self.do(f"{self.sent}/xac-minh", digits=self.digits(report, "verify"))
        return report

    def send_emergency(self):
        """What and where first, and who it was after it."""
        form = {**EMPTY, **WHERE, "danger": "1"}
        report = self.sent_report(self.send(form, photos=[]))
        sent = f"/phan-anh/da-gui/{report.name.lower()}"
        self.do(f"{sent}/nguoi-gui", **ASKER, consent="1")
        self.assertTrue(report.sudo().reporter_id)
        self.forget_counts()

    def act_on(self, report):
        """Everything that the own page offers, as the report goes its way."""
        operator = report.with_user(self.operator).sudo(False)
        self.own(report, "sua", message="Làn bên phải.", address="Số 12 Lê Lợi")
        self.own(report, "rieng-tu", wish="private")
        self.own(report, "rieng-tu", wish="public")
        self.own(report, "bao-tin", tell_by="email")
        # As an anonymous form would say it in the sender's name.
        said = {"address": f"{report.id} Lê Lợi"}
        self.env["civic.statement"].sudo()._keep(report.sudo(), said)
        self.own(report, "xac-nhan")
        operator.request_supplement("Ở đoạn nào?")
        self.own(report, "bo-sung", message="Trước cổng trường.")
        operator.receive()
        if operator.sender_unverified:
            operator.verify_sender("call")
        operator.dispatch([self.agency.id], incomplete_reason="Rõ rồi.")
        assignment = report.assignment_ids.sudo(False)
        assignment.with_user(self.handler).accept()
        self.extend(assignment)
        self.own(report, "rut-lai", reason="Đã tự khắc phục.")
        disclosure = self.forwarded(assignment)
        self.own(report, "danh-tinh", disclosure=disclosure.id, answer="agree")
        self.page(disclosure._link_path())
        self.do(disclosure._link_path(), answer="withdraw")
        self.forget_counts()
        self.submit(assignment)
        assignment.with_user(self.leader).approve()
        report.public_result = "Đã vá."
        operator.publish()
        level = self.procedure.scale_id.level_ids[:1]
        self.own(report, "danh-gia", level=level.id, comment="Cảm ơn.")
        self.own(report, "hoi-them", body="Bao giờ sơn vạch?", part=assignment.id)
        operator.mark_violation("wording", "Lời lẽ.")
        violation = self.env["civic.violation"].search([], order="id desc", limit=1)
        self.own(report, "xem-lai", violation=violation.id, body="Không đúng.")
        self.forget_counts()

    def forwarded(self, assignment):
        """A request of the agency that the Centre has passed on to the sender."""
        assignment.with_user(self.handler).request_disclosure(
            "Cùng đo đạc.", "Luật Đất đai 2024", ["name"], self.handler.ids, 7
        )
        disclosure = self.env["civic.disclosure"].search([], order="id desc", limit=1)
        disclosure.with_user(self.manager).ask_citizen()
        return disclosure

    def extend(self, assignment):
        """More time for an agency, with a notice to the sender."""
        files = written_notice(self.env(user=self.handler))
        until = fields.Date.today() + timedelta(days=21)
        assignment.with_user(self.handler).request_extension(
            "12/CV", until, "Chờ vật tư.", files
        )
        assignment.extension_ids.with_user(self.operator).sudo(False).grant()

    def look_at(self, report):
        """The pages of a published report, and the own ones."""
        self.open_all(report, "", "/tep/0", "/gia-han/0", "/thu")

    def open_all(self, report, *ends):
        path = f"{self.own_path}/{report.name.lower()}"
        for end in ends:
            self.assertEqual(self.url_open(f"{path}{end}").status_code, 200, end)

    def ask_about(self, report):
        """A question about an answer to somebody else, and what becomes of it."""
        form = {**ASKER, "body": "Bao giờ sơn vạch?", "consent": "1"}
        page = self.page(report._website_path())
        [key] = page.xpath("//form[contains(@action, '/hoi#')]//*[@name='key']/@value")
        path = self.post(f"{report._website_path()}/hoi", page, key=key, **form).url
        question = self.env["civic.question"].search([("report_id", "=", report.id)])
        question.with_user(self.operator).mark_violation("wording", "Lời lẽ.")
        self.assertEqual(self.url_open(path).status_code, 200)
        self.url_open(path, data={"body": "Tôi chỉ hỏi."})
        self.assertEqual(question.violation_ids.state, "appealed")
        self.forget_counts()

    def visit(self, report):
        """Everything that visitors do with a published report."""
        public = report._website_path()
        self.do(f"{public}/toi-cung-gap", wish="on")
        self.do(f"{public}/theo-doi", wish="on")
        self.do(f"{public}/theo-doi-thiet-bi", wish="on", **device())
        self.page(f"/phan-anh/anh/{report.name.lower()}/0")
        support = self.env["civic.support"]
        address = "theo.doi@example.com"
        report._follow_by_email(address)
        path = support._find_sudo(report, "email", address)._link_path()
        self.page(path)
        self.do(path, wish="on")

    def look_up(self):
        """Others' reports, by one-time codes while signed in."""
        self.own_path = LOOKUP
        self.report = self.make_report(reporter_id=self.sender.id).sudo()
        self.open_by_code()
        for act, form in {
            "sua": {"message": "Làn bên trái.", "address": "Số 14 Lê Lợi"},
            "rut-lai": {"reason": "Đã tự khắc phục."},
        }.items():
            self.do(f"{self.path}/{act}", **form)
        self.report = self.published("accepted", reporter_id=self.sender.id)
        self.extend(self.report.assignment_ids)
        self.open_by_code()
        self.open_all(self.report, "/gia-han/0")
        self.report = self.published(reporter_id=self.sender.id)
        self.open_by_code()
        self.open_all(self.report, "", "/thu", "/tep/0")

    def take_receipts(self, account_report):
        """What proves later that nothing was changed, once a day is closed."""
        self.close(self.days.pop())
        self.open_all(self.report, "/bien-nhan.json")
        self.own_path = ACCOUNT_PAGE
        self.open_all(account_report, "/bien-nhan.json")

    def open_by_code(self):
        self.path = f"{LOOKUP}/{self.report.name.lower()}"
        self.prove()
        self.forget_counts()

    def ask_about_data(self):
        self.do("/my/du-lieu", kind="withdrawal", message="Xin rút.")
        self.do("/my/du-lieu/ban-sao")

    def test_everything_while_signed_in(self):
        for user in (self.citizen, self.plain):
            with self.subTest(user=user.login):
                self.go_round(user)

    def test_rows_of_earlier_versions_are_cleared(self):
        """By the migration; the officers' own work keeps their names."""
        officers, theirs = self.make_report(), self.make_report()
        table = SQL.identifier("civic_report")
        for report, user in ((officers, self.operator), (theirs, self.citizen)):
            self.env.flush_all()
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET create_uid = %s, write_uid = %s WHERE id = %s"
                    " RETURNING id",
                    *(table, user.id, user.id, report.id),
                )
            )
        path = file_path("civic_report/migrations/19.0.1.4.0/post-account.py")
        load_script(path, "post_account").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        technical = self.env.ref("civic_report.user_citizen")
        self.assertEqual(theirs.sudo().create_uid, technical)
        self.assertEqual(theirs.sudo().write_uid, technical)
        self.assertEqual(officers.sudo().write_uid, self.operator)
        self.assertFalse(self.rows_of(self.citizen)["civic_report", "write_uid"])

    def go_round(self, user):
        user.password = PASSWORD
        self.forget_counts()
        self.authenticate(user.login, PASSWORD)
        self.page("/my/du-lieu")
        before = self.rows_of(user)
        self.acts = set()
        self.own_path = ACCOUNT_PAGE
        report = self.send_report(user)
        self.act_on(report)
        self.look_at(report)
        self.send_emergency()
        self.ask_about(self.published(reporter_id=self.sender.id))
        self.visit(self.published("accepted"))
        self.look_up()
        self.take_receipts(report)
        self.do(f"{LOOKUP}/ket-thuc")
        self.ask_about_data()
        for path in sorted(rule for rule, method in self.routes() if method == "GET"):
            if "<" not in path:
                self.url_open(path)
        self.env.invalidate_all()
        new = self.rows_of(user) - before
        self.assertFalse(new)
        self.assertEqual(self.acts, set(ACTS))
        self.assertFalse(self.routes() - self.asked_routes())
