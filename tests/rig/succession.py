"""Agencies and wards that end, and who succeeds them."""

from odoo.fields import Command

from .common import CivicCase


class SuccessionCase(CivicCase):
    """The province, a department beside the two, and successions by its
    administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_handler = cls.make_user("new_handler", "civic_report.group_handler")
        cls.new_leader = cls.make_user("new_leader", "civic_report.group_leader")
        cls.new_agency = cls.make_agency(
            "Sở Xây dựng mới", "SXDM", cls.new_handler, cls.new_leader
        )
        cls.successions = cls.env["civic.succession"].with_user(cls.administrator)

    def end(self, record, *successors, confirm=True, **values):
        """A succession as the administrator enters it."""
        kinds = {
            "civic.agency": "agency",
            "civic.ward": "ward",
            "civic.category": "category",
            "res.users": "person",
        }
        kind = kinds[record._name]
        own = "user" if kind == "person" else kind
        row = self.successions.create(
            {
                "kind": kind,
                f"{own}_id": record.id,
                f"successor_{own}_ids": [
                    Command.set([successor.id for successor in successors])
                ],
                **values,
            }
        )
        if confirm:
            row.action_confirm()
        return row

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_successions").method_direct_trigger()
        self.env.invalidate_all()

    def dispatched(self, *agencies, **values):
        report = self.walk_to("received", self.make_report(**values))
        report.dispatch([agency.id for agency in agencies or (self.agency,)])
        return report
