"""Two provinces, each with reports in every stage."""

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import Province


class MergerMixin(Province):
    @classmethod
    def set_up_neighbour(cls):
        """Another province under another regulation, with a report in every stage."""
        cls.other = cls.env["res.company"].create({"name": "Tỉnh kết thúc"})
        cls.other_procedure = cls.env.ref("civic_report.procedure_st")
        beyond = cls.env(context={"allowed_company_ids": cls.other.ids})
        cls.other.with_env(beyond)._civic_set_up()
        cls.other.civic_procedure_id = cls.other_procedure
        for name in ("operator", "handler", "leader"):
            user = new_test_user(
                cls.env(context={"no_reset_password": True, "tracking_disable": True}),
                login=f"civic_{name}_of_other",
                groups=f"civic_report.group_{name}",
                company_id=cls.other.id,
                company_ids=[Command.set(cls.other.ids)],
            )
            setattr(cls, f"{name}_of_other", user)
        cls.agency_of_other = cls.make_agency(
            "Sở Giao thông",
            "SGT",
            cls.handler_of_other,
            cls.leader_of_other,
            company_id=cls.other.id,
        )
        cls.ward_of_other = cls.env["civic.ward"].create(
            {"name": "Phường Một", "code": "7", "company_id": cls.other.id}
        )
        cls.reporter_of_other = cls.env["civic.reporter"].create(
            {"name": "Người bên kia", "phone": "0912345999", "company_id": cls.other.id}
        )
        cls.administrator.company_ids |= cls.company | cls.other

    def make_other(self, **values):
        reports = self.env["civic.report"].with_user(self.operator_of_other)
        return reports.create(
            {
                **self.report_values(),
                "company_id": self.other.id,
                "reporter_id": self.reporter_of_other.id,
                "ward_id": self.ward_of_other.id,
                **values,
            }
        )

    def make_merger(self):
        mergers = self.env["civic.merger"].with_user(self.administrator)
        return mergers.create(
            {"source_id": self.other.id, "company_id": self.company.id}
        )

    def merge(self):
        merger = self.make_merger()
        merger.action_look()
        merger.action_merge()
        self.assertEqual(merger.state, "done")
        return merger
