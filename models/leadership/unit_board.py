from odoo import api, models

from .board_rows import FIGURES

# What a unit is shown of a period: its parts of reports, not whole ones.
UNIT_FIGURES = {
    "given": ("count", None),
    **{
        name: FIGURES[name]
        for name in ("done", "on_time_rate", "late", "satisfied_rate", "overdue_end")
    },
    "extended": ("count", None),
    "fixed": ("count", "down"),
    "unanswered_end": ("count", "down"),
    "recurred": FIGURES["recurred"],
    "urged": ("count", "down"),
}


class CivicBoard(models.AbstractModel):
    """The screen of who leads a unit: own agency and branches, and by person.

    HUE Điều 2.2c, BP Điều 2.2c; the leader of a superior body sees its branches on it
    (ST Điều 13.4).
    """

    _inherit = "civic.board"

    @api.model
    def _unit_page(self, company, period):
        """Own agencies and branches in one look.

        :return: dict: kind, company, units, counted_at, is_stale, is_counted, period,
            last, choices, tiles, figures, trend, agencies, may_see_officers, people,
            matters, thresholds
        """
        ids = self.env.user._civic_role_agency_ids("leader")
        # One that has ended is shown to who leads it as long as it has work.
        units = (
            self.env["civic.agency"]
            .with_context(active_test=False)
            .search([("id", "in", ids), ("company_id", "=", company.id)])
        )
        now_rows = self._now_rows(company, ids)
        last = period.previous()
        kept = self._figure_rows(company, [period, last], ids)
        names = self._name_rows(company, now_rows, kept[period.first])
        names["agency"].update(self._names_of(units))
        return {
            "kind": "unit",
            "company": company.name,
            "units": units.filtered(lambda row: row.parent_id not in units).mapped(
                "name"
            ),
            **self._unit_moment(company, now_rows),
            "period": self._period_values(company, period, kept[period.first]),
            "last": self._period_values(company, last, kept[last.first]),
            "choices": self._period_choices(company),
            "tiles": self._tiles("unit", now_rows),
            "figures": self._figure_values(
                self._summed_figures(kept[period.first]),
                self._summed_figures(kept[last.first]),
                UNIT_FIGURES,
                is_running=self._goes_on(company, period),
            ),
            "trend": self._trend_values(company, period, ids),
            "agencies": self._mark_urgeable(
                "unit",
                self._agency_rows(
                    names, now_rows, kept[period.first], kept[last.first], company
                ),
            ),
            "may_see_officers": self._may_see_officers(),
            "people": self._people_rows(now_rows),
            "matters": self._matter_rows(names, now_rows),
            "thresholds": self._thresholds(company),
        }

    @api.model
    def _unit_moment(self, company, now_rows):
        """When it was counted. An agency without open work has no row: the time of the
        pass stands on the province's, which its leader does not read."""
        # sudo: the moment alone, of a row that is the same for everybody
        whole = (
            self.env["civic.now"]
            .sudo()
            .search([("company_id", "=", company.id), ("agency_id", "=", False)])
        )
        return self._moment_values(now_rows or whole)

    @api.model
    def _people_rows(self, now_rows):
        """Open work by who handles it.

        :return: list of dicts: id (0: nobody yet), name and counts, those with most
            overdue first
        """
        found = {}
        for row in now_rows:
            for key, counted in ((row.counts or {}).get("people") or {}).items():
                total = found.setdefault(int(key), {})
                for name, number in counted.items():
                    total[name] = total.get(name, 0) + number
        names = self._person_names_sudo(found)
        rows = [
            {
                "id": id_,
                "name": names.get(id_) or self.env._("Nobody yet"),
                **counted,
            }
            for id_, counted in found.items()
        ]
        rows.sort(key=lambda row: (-row["overdue"], -row["open"], row["name"]))
        return rows
