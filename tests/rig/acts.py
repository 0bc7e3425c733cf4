"""A province whose leaders direct, urge and ask for explanations."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from .media import pdf
from .outbox import OutboxCase


class ActsCase(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in (
            *("operator", "leader", "other_handler", "other_leader"),
            *("manager", "province_leader"),
        ):
            getattr(cls, name).email = f"{name}@example.com"
        cls.other_agency.email = "th@example.com"

    @classmethod
    def set_up_above(cls):
        """The agency above the first one, and who leads it."""
        cls.above_leader = cls.make_user("above_leader", "civic_report.group_leader")
        cls.above_leader.email = "above@example.com"
        nobody = cls.env["res.users"]
        cls.above = cls.make_agency("UBND huyện", "H", nobody, cls.above_leader)
        cls.agency.parent_id = cls.above

    @classmethod
    def set_up_neighbour(cls):
        """Another province in the same database."""
        cls.beyond = cls.env["res.company"].create({"name": "Tỉnh khác"})
        inside = cls.env(context={"allowed_company_ids": cls.beyond.ids})
        cls.beyond.with_env(inside)._civic_set_up()
        values = {
            "company_id": cls.beyond.id,
            "company_ids": [Command.set(cls.beyond.ids)],
        }
        for name, role in (
            ("beyond_leader", "leader"),
            ("beyond_manager", "centre_manager"),
            ("beyond_province", "province_leader"),
        ):
            user = cls.make_user(name, f"civic_report.group_{role}")
            user.write(values)
            setattr(cls, name, user)
        nobody = cls.env["res.users"]
        cls.beyond_agency = cls.make_agency(
            "Sở tỉnh khác", "TK", nobody, cls.beyond_leader, company_id=cls.beyond.id
        )

    @contextmanager
    def assertRefused(self, *errors):
        """One of several errors: what is not theirs is hidden, or refused."""
        self.env.invalidate_all()  # what was read before is not asked again
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIsInstance(caught.exception, errors)

    # ------------------------------------------------------------------
    # Directives
    # ------------------------------------------------------------------

    def drafted(self, user=None, **values):
        """A draft that can be issued."""
        user = user or self.province_leader
        today = self.company._civic_today()
        return (
            self.env["civic.directive"]
            .with_user(user)
            .create(
                {
                    "number": "12/CT-UBND",
                    "date": today,
                    "issuer": "UBND tỉnh",
                    "kind": "correct",
                    "subject": "Chấn chỉnh việc xử lý phản ánh",
                    "body": "Khắc phục ngay các trường hợp chậm xử lý.",
                    "agency_ids": [Command.set(self.agency.ids)],
                    **values,
                }
            )
        )

    def issued(self, **values):
        directive = self.drafted(**values)
        directive.issue()
        return directive

    def uploaded(self, user, model="civic.wizard.answer.directive", name="cv.pdf"):
        """Ids of a document that somebody has uploaded in a dialog."""
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": name, "raw": pdf(), "res_model": model, "res_id": 0})
            .ids
        )

    def told_of(self, event):
        """Who is told: logins of officers and codes of agencies, by channel."""
        rows = self.env["civic.outbox"].search([("notice_id.event", "=", event)])
        return {(row.user_id.login or row.agency_id.code, row.channel) for row in rows}

    def told_above(self, *roles):
        """Whom `told_of` names where all are told who have one of these roles:
        administrators are managers as well."""
        groups = self.env["res.groups"]
        for role in roles:
            groups |= self.env.ref(f"civic_report.group_{role}")
        people = groups.all_user_ids.filtered("active")
        return {(user.login, "email") for user in people}

    def queries_of(self, act):
        """How many queries an act makes that finds nothing in memory."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def led_agencies(self, number):
        """Agencies, each with a leader of its own who has an address."""
        agencies = self.env["civic.agency"]
        nobody = self.env["res.users"]
        for _index in range(number):
            name = f"led_{len(agencies)}_{number}"
            leader = self.make_user(name, "civic_report.group_leader")
            leader.email = f"{name}@example.com"
            agencies |= self.make_agency(f"Sở {name}", name.upper(), nobody, leader)
        return agencies

    def forget_messages(self):
        self.env["civic.outbox"].search([]).unlink()

    def pass_clock(self, model):
        """As the cron does, without its commit."""
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *_args, **_named: 1):
            self.env[model]._pass_clock()
        self.env.invalidate_all()
