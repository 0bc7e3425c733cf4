from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..canary.planted import PASSWORD, CanaryCase
from ..canary.policy import is_ours
from ..canary.words import TEXTS

# Models that belong to no province, each with the reason.
COMMON = {
    "civic.rating.scale": "scales of regulations, the same for all who adopt them",
    "civic.rating.level": "levels of those scales",
    "civic.channel": "ways in which reports come",
    "civic.reason": "ready-made words",
    "civic.procedure.limit": "read by its procedure, which is common or of a company",
    "civic.event.check": "what is found of the history of this database",
    "civic.event.root": "roots over the history of this database",
    "civic.duty.way": "who is told of which duty, common like the texts",
    "civic.notice": "texts of messages, common like the reasons",
    "civic.data.limit": "what the law on personal data says, for the whole country",
    "civic.queue.state": "how the queues of this database stand",
    "civic.throttle.limit": "limits against floods, of this server",
    "civic.danger.list": "words of the language, the same for all",
    "civic.vault.key": "the vault is the database's",
    "civic.makeup.day": "a day of a working calendar",
}


@tagged("-at_install", "post_install")
class TestCompanies(CanaryCase):
    """Two provinces in one database see nothing of each other."""

    def tables(self):
        return [
            name
            for name, model in self.env.registry.items()
            if is_ours(name)
            and model._auto
            and not (model._abstract or model._transient)
        ]

    def company_path(self, name, depth=3):
        """Dotted path from a model to its company, or None."""
        fields = self.env[name]._fields
        if "company_id" in fields:
            return "company_id"
        for field in fields.values() if depth else ():
            if (
                field.type == "many2one"
                and field.required
                and is_ours(field.comodel_name)
            ):
                path = self.company_path(field.comodel_name, depth - 1)
                if path:
                    return f"{field.name}.{path}"
        return None

    def test_every_model_belongs_to_a_company(self):
        readable = self.env["ir.model.access"].search([("perm_read", "=", True)])
        lost = [
            name
            for name in self.tables()
            if name in readable.mapped("model_id.model")
            and name not in COMMON
            and not self.company_path(name)
        ]
        self.assertFalse(lost, "whose is a record of these?")

    def test_nobody_finds_records_of_the_neighbour(self):
        people = {
            self.company: ("operator", "manager", "administrator", "province_leader"),
            self.company_beyond: ("operator_beyond", "administrator_beyond"),
        }
        for name in self.tables():
            path = self.company_path(name)
            if name in COMMON or not path:
                continue
            for own, actors in people.items():
                others = self.company | self.company_beyond
                foreign = [(path, "in", (others - own).ids)]
                for actor in actors:
                    records = self.env[name].with_user(getattr(self, actor))
                    if records.has_access("read"):
                        with self.subTest(model=name, actor=actor):
                            self.assertFalse(records.search(foreign))

    def test_a_forged_company_is_refused(self):
        reports = self.env["civic.report"].with_user(self.operator)
        forged = reports.with_context(allowed_company_ids=self.company_beyond.ids)
        with self.assertRaises(AccessError):
            forged.search([])

    def test_who_works_for_both_sees_one_at_a_time(self):
        self.operator.company_ids |= self.company_beyond
        reports = self.env["civic.report"].with_user(self.operator)
        for company in (self.company, self.company_beyond):
            chosen = reports.with_context(allowed_company_ids=company.ids)
            self.assertEqual(chosen.search([]).company_id, company)

    def test_codes_of_the_neighbour_look_up_as_missing(self):
        reports = self.env["civic.site.list"]
        beyond = self.report_beyond
        self.assertTrue(beyond.is_published)
        beyond._elevated().write({"name": "PA-26-999999"})
        self.assertFalse(reports._find_published_sudo(beyond.name, self.company))
        self.assertEqual(
            reports._find_published_sudo(beyond.name.lower(), self.company_beyond),
            beyond,
        )
        answers = [
            self.url_open(f"/phan-anh/{code}").status_code
            for code in ("pa-26-999999", "pa-26-888888")
        ]
        self.assertEqual(answers, [404, 404])

    def test_each_site_shows_its_own(self):
        site = self.env["website"].create(
            {"name": "Láng giềng", "company_id": self.company_beyond.id}
        )
        self.assertNotIn(TEXTS["beyond"], self.url_open("/phan-anh").text)
        self.authenticate(None, None, session_extra={"force_website_id": site.id})
        page = self.url_open("/phan-anh").text
        self.assertIn(TEXTS["beyond"], page)
        self.assertNotIn(self.reports["own"].subject, page)

    def test_codes_are_counted_apart(self):
        first = self.company_beyond._civic_report_codes(1, self.reporter.create_date)
        again = self.company_beyond._civic_report_codes(1, self.reporter.create_date)
        self.assertEqual(int(again[0][-6:]), int(first[0][-6:]) + 1)

    def test_agencies_do_not_mix(self):
        report = self.reports["new"].with_user(self.operator).sudo(False)
        report.receive()
        with self.assertRaises(UserError):
            report.dispatch([self.agency_beyond.id])
        with self.assertRaises(UserError):
            report.write({"ward_id": self.ward_beyond.id})

    def test_the_neighbour_signs_in(self):
        self.authenticate(self.operator_beyond.login, PASSWORD)
        answer = self.url_open(
            "/web/dataset/call_kw/civic.report/search_read",
            json={
                "params": {
                    "model": "civic.report",
                    "method": "search_read",
                    "args": [[], ["name", "company_id"]],
                    "kwargs": {},
                }
            },
        ).json()["result"]
        self.assertEqual([row["id"] for row in answer], self.report_beyond.ids)
