from odoo import fields, models

from ..ground.guard import reason_text


class CivicReport(models.Model):
    """Proposals and ideas that bring something are marked, so that they can be rewarded
    (ST Điều 29.1)."""

    _inherit = "civic.report"

    is_initiative = fields.Boolean(
        "Initiative",
        readonly=True,
        copy=False,
        help="A proposal or an idea that brings something (ST Điều 29.1).",
    )
    initiative_note = fields.Text(
        "What It Brings",
        readonly=True,
        copy=False,
        groups="civic_report.group_operator,civic_report.group_province_leader",
    )

    _initiatives = models.Index("(company_id, id) WHERE is_initiative")

    def mark_initiative(self, note):
        """Mark what a citizen proposes as an initiative.

        :param note: what it brings
        """
        return self._set_initiative("mark_initiative", True, note)

    def unmark_initiative(self, note):
        """Take the mark off again.

        :param note: why it is none
        """
        return self._set_initiative("unmark_initiative", False, note)

    def _set_initiative(self, verb, value, note):
        reports = self._enter(verb)
        note = reason_text(self.env, note, self.env._("what it brings, or why not"))
        values = {"is_initiative": value, "initiative_note": note if value else False}
        reports._walk(verb, values, note=note)
        return True

    def _guard_no_initiative(self):
        if self.is_initiative:
            return self.env._("%s is marked as an initiative already.", self.name)
        return None

    def _guard_initiative(self):
        if not self.is_initiative:
            return self.env._("%s is not marked as an initiative.", self.name)
        return None
