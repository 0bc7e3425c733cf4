from odoo import api, models, tools
from odoo.fields import Domain

from .filter import Choice

ENDED = {
    "category": "civic.category",
    "agency": "civic.agency",
    "ward": "civic.ward",
}


class CivicSiteList(models.AbstractModel):
    """Stored addresses name wards, agencies and categories that have ended: they lead
    to those in their place, and never to the whole list without a word."""

    _inherit = "civic.site.list"

    @api.model
    @tools.ormcache("company_id", "self.env.lang")
    def _ended_choices(self, company_id):
        """What addresses may still name, though the lists do not offer it.

        :return: dict of name of `LINKS` → dict of id as text → `Choice`: of the one in
            its place; of its own reports and those of all of them, where there are
            several; of its own alone, where there is none
        """
        choices = self._filter_choices(company_id)
        return {
            name: self._ended_of(model, choices[name]) for name, model in ENDED.items()
        }

    @api.model
    def _ended_of(self, model, offered):
        offered = {choice.id: choice for choice in offered}
        records = self.env[model].with_context(active_test=False)
        found = {}
        for record in records.search(
            self.env["civic.form"]._choice_domain() & self._ended_domain(model),
            order="id",
        ):
            current = [
                offered[str(row)]
                for row in record._in_force().ids
                if str(row) in offered
            ]
            if len(current) == 1:
                found[str(record.id)] = current[0]
            else:
                ids = {record.id, *(id_ for row in current for id_ in row.ids)}
                found[str(record.id)] = Choice(
                    str(record.id), record.name, 0, tuple(sorted(ids))
                )
        return found

    @api.model
    def _ended_domain(self, model):
        domain = Domain("active", "=", False)
        if model == "civic.category":
            # What was never offered stays unknown to addresses.
            domain &= Domain("accepted", "=", True) & Domain("track", "!=", "sensitive")
        return domain

    @api.model
    def _choice_sudo(self, company, name, value):
        """The choice that an address names, offered or ended; None for anything else.

        :param name: one of `LINKS`
        :param value: an id as text, as a visitor typed it
        """
        if not value:
            return None
        for choice in self._filter_choices_sudo(company)[name]:
            if choice.id == value:
                return choice
        # sudo: as for the lists, whatever the visitor's account may read
        model = self.sudo().with_company(company)
        return model._ended_choices(company.id)[name].get(value)
