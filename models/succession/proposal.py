from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .succession import DIVIDED, EDITABLE


class CivicSuccession(models.Model):
    """Who is likely to stand in the place of what ends."""

    _inherit = "civic.succession"

    def action_propose(self):
        """Say what is in hand and where each part would go, in place of the lines so
        far."""
        for row in self:
            row._check_may_decide()
            if row.state not in EDITABLE:
                raise UserError(
                    self.env._("%s: this succession has ended.", row.display_name)
                )
            row.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in row._proposals()),
            ]
        if self.line_ids:
            return True
        # Nothing on the screen would say that the button did its work.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "There is nothing to divide: all that is in hand passes to the one "
                    "that goes on."
                )
                if self[:1]._successors()
                else self.env._("Choose who goes on in its place."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _proposals(self):
        """Lines where there is a choice: none for a sole successor."""
        successors = self._successors()
        if self.kind not in DIVIDED or len(successors) < 2:
            return []
        return [*self._propose_work(), *self._propose_people()]

    def _propose_people(self):
        """Lines for the people of an agency."""
        return ()

    def _propose_work(self):
        to = DIVIDED[self.kind]
        for role, domain in self._work_domains().items():
            for ward, category, number in self._open_by_place(domain):
                yield {
                    "kind": "work",
                    "role": role,
                    "ward_id": ward.id,
                    "category_id": category.id,
                    "number": number,
                    to: self._most_fitting(ward, category, role).id,
                }

    def _work_domains(self):
        """Reports with work in hand that is divided.

        :return: dict of role → domain; a person's work alone is told apart by roles
        """
        return {False: Domain("assignment_ids", "any", self._assignment_domain())}

    def _open_by_place(self, domain, limit=1000):
        """How much is in hand by ward and category.

        :param domain: of reports
        :return: list of (civic.ward, civic.category, number), either may be empty
        """
        # sudo: counts for the administrator, who need not see the reports
        reports = self.env["civic.report"].sudo()
        return reports._read_group(
            domain,
            ["ward_id", "category_id"],
            ["__count"],
            order="__count desc",
            limit=limit,
        )

    def _most_fitting(self, ward, category, role=False):
        """Where work of this place and matter goes, if no line says otherwise: where
        competence and area fit best, else to the first.

        :param role: in which a person has it, see `_work_domains`
        """
        successors = self._successors()
        if self.kind != "agency":
            return (self._fit(role) or successors)[:1]
        # sudo: of the report's model only its way to rate is used
        reports = self.env["civic.report"].sudo()
        rated = {
            agency: reports._rate_agency(agency, category, ward)[0]
            for agency in successors
        }
        return max(successors, key=rated.get)
