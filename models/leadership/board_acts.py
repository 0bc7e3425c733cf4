from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..ground.guard import id_of
from .board_lists import OF_PART, OPEN_PART

# As many as are urged at once, those overdue longest first.
MOST_URGED = 500
# Officers of a unit that its screen shows; all of them are in the list behind.
MOST_OFFICERS = 100
OFFICERS = "civic_report.civic_officer_figure_action"


class CivicBoard(models.AbstractModel):
    """What is done from a screen: agencies are urged, officers' figures looked at."""

    _inherit = "civic.board"

    # ------------------------------------------------------------------
    # Doors
    # ------------------------------------------------------------------

    @api.model
    def open_urging(self, kind, agency_id):
        """The dialog that urges an agency to do what it has overdue.

        :param kind: of the screen, "province" or "unit"
        :param agency_id: id of a civic.agency
        :return: an action that opens it on those assignments
        :raises AccessError: for whoever has no such screen
        :raises UserError: there is nothing to urge it to
        """
        self._check_page(kind)
        if kind == "wall":
            raise UserError(self.env._("A wall opens nothing."))
        parts = self.env["civic.assignment"].search(
            OPEN_PART
            & OF_PART["overdue"]
            & Domain("company_id", "=", self.env.company.id)
            & Domain("agency_id", "in", [id_of(agency_id)]),
            order="overdue_from, id",
            limit=MOST_URGED,
        )
        if not parts:
            raise UserError(
                self.env._("This agency has nothing overdue any more: look again.")
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "civic_report.civic_wizard_urge_action"
        )
        return {
            **action,
            "context": {"active_model": parts._name, "active_ids": parts.ids},
        }

    @api.model
    def read_officers(self, period="month"):
        """What each of the own people did in a period, for who leads them.

        Read beside the page, which keeps no figures of persons: in three queries.

        :param period: see `read_page`
        :return: list of dicts: id, name, given, done, late, overdue, late_words,
            sent_back, rated, satisfied; those with most late first
        :raises AccessError: for whoever leads no unit
        """
        self._check_page("unit")
        company = self.env.company
        first, last = self._officer_days(company, period)
        # sudo: names of the own people
        people = self.env.user._civic_led_people().sudo()
        counted = self.env["civic.officer.figures"]._count_officers(
            people, company, first, last
        )
        labels = self._duty_labels()
        rows = [
            {
                **{name: value for name, value in figures.items() if name != "codes"},
                "id": person.id,
                "name": person.name,
                "late_words": ", ".join(
                    f"{labels[code]}: {number}"
                    for code, number in sorted(figures["codes"].items())
                ),
            }
            for person in people
            for figures in (counted[person.id],)
        ]
        rows.sort(key=lambda row: (-row["late"], -row["overdue"], row["name"]))
        return rows[:MOST_OFFICERS]

    @api.model
    def open_officers(self, kind, period="month"):
        """The list of officers' figures in a period, of whom the caller may see.

        :param kind: of the screen, "province" or "unit"
        :param period: see `read_page`
        :raises AccessError: for whoever leads nobody, and has no such screen
        """
        self._check_page(kind)
        if kind == "wall":
            raise UserError(self.env._("A wall opens nothing."))
        company = self.env.company
        first, last = self._officer_days(company, period)
        lines = self.env["civic.officer.figure"]._list_officers(company, first, last)
        label = self._period_label(self._read_period(company, period))
        words = self.env._("Figures of officers · %s", label)
        return self._list_action(OFFICERS, Domain("id", "in", lines.ids), words)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    @api.model
    def _officer_days(self, company, period):
        """First and last day; of a period that goes on, today: what is due later is not
        overdue yet."""
        chosen = self._read_period(company, period)
        return chosen.first, min(chosen.last, company._civic_today())

    @api.model
    def _may_see_officers(self):
        roles = ("leader", "centre_manager", "province_leader")
        user = self.env.user
        return any(user.has_group(f"civic_report.group_{role}") for role in roles)

    @api.model
    def _mark_urgeable(self, kind, rows):
        """Say of each agency's row whether whoever looks may urge it: the Centre and
        the province all of them, a superior those under it."""
        below = self.env.user._civic_below_ids() if kind == "unit" else None
        return [
            {
                **row,
                "can_urge": bool(row["overdue"])
                and (below is None or row["id"] in below),
            }
            for row in rows
        ]
