"""A province whose leaders direct, urge and ask for explanations."""

from unittest.mock import patch

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

    def forget_messages(self):
        self.env["civic.outbox"].search([]).unlink()

    def pass_clock(self, model):
        """As the cron does, without its commit."""
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *_args, **_named: 1):
            self.env[model]._pass_clock()
        self.env.invalidate_all()
