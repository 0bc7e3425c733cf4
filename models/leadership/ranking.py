from odoo import api, models

from ...tools.ranking import group_of, ranked, rate


class CivicFacts(models.AbstractModel):
    """Agencies beside each other; no text has a formula for it."""

    _inherit = "civic.facts"

    @api.model
    def _ranked(self, company, counted):
        """Agencies in the order of their rates, departments, communes and others apart.

        :param counted: as `_count` gives it
        :return: list of dicts: agency_id, group, place (None with few results),
            on_time_rate, satisfied_rate (per cent or None), number of results
        """
        figures = {key: row for key, row in counted["agency"].items() if key}
        # sudo: what kind of body an agency is, whoever counts
        agencies = self.env["civic.agency"].sudo().with_context(active_test=False)
        known = agencies.search_fetch([("id", "in", list(figures))], ["kind"])
        rows = ranked(
            {
                "key": agency.id,
                "agency_id": agency.id,
                "group": group_of(agency.kind),
                "number": figures[agency.id]["done"],
                "on_time_rate": rate(
                    figures[agency.id]["on_time"],
                    figures[agency.id]["on_time"] + figures[agency.id]["late"],
                ),
                "satisfied_rate": rate(
                    figures[agency.id]["satisfied"], figures[agency.id]["rated"]
                ),
            }
            for agency in known
        )
        return [{name: row[name] for name in row if name != "key"} for row in rows]
