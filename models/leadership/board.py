from datetime import date, timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.periods import EARLIEST, period_of
from ...tools.plain import as_json
from .period_figures import KEPT_PERIODS

# Older counts than this are said to be old: the pass of a minute stands still.
STALE = timedelta(minutes=5)
# Rows of kept figures that a page reads; there are no more agencies in a province.
MOST_ROWS = 2000
PAGES = ("province", "unit", "wall")


class CivicBoard(models.AbstractModel):
    """The leaders' screens: what stands on them, and who may see it.

    A page costs the same whatever the tables hold: it reads what `civic.now` and
    `civic.period.figures` keep, with the rights of whoever looks.
    """

    _name = "civic.board"
    _description = "Screens of leaders"

    # ------------------------------------------------------------------
    # Doors
    # ------------------------------------------------------------------

    @api.model
    def read_page(self, kind, period="month"):
        """All that a screen shows.

        :param kind: "province", "unit" or "wall"
        :param period: a kind of period, "month", or one of them by a day in it,
            "month:2026-10-20"
        :return: dict of plain values, see `_province_page` and `_unit_page`
        :raises AccessError: for whoever has no such screen
        :raises UserError: for what is no period
        """
        self._check_page(kind)
        company = self.env.company
        chosen = self._read_period(company, period)
        if kind == "wall":
            return self._wall_page_sudo(company, chosen)
        if kind == "unit":
            return self._unit_page(company, chosen)
        return self._province_page(company, chosen)

    @api.model
    def read_map(self, kind):
        """Where the wards lie, for a screen that shows a map; it seldom changes.

        :return: dict: settings (see `res.company._civic_map`) and wards (see
            `civic.ward._map_rows`)
        :raises AccessError: for whoever has no such screen
        """
        self._check_page(kind)
        if kind == "unit":
            raise AccessError(self.env._("This screen has no map."))
        company = self.env.company
        # sudo: where wards lie is public
        wards = (
            self.env["civic.ward"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=MOST_ROWS)
        )
        return {"settings": company._civic_map(), "wards": wards._map_rows()}

    @api.model
    def count_figures(self, kind):
        """Have the figures of the periods counted now instead of within the hour.

        :raises AccessError: for whoever has no such screen
        """
        self._check_page(kind)
        if kind == "wall":
            raise AccessError(self.env._("A wall only shows."))
        self.env["civic.period.figures"]._ask_for_count()
        return True

    # ------------------------------------------------------------------
    # Who may look
    # ------------------------------------------------------------------

    @api.model
    def _check_page(self, kind):
        """:raises AccessError: for whoever has no such screen"""
        if kind not in PAGES:
            raise UserError(self.env._("There is no such screen."))
        if not self._may_see(kind):
            raise AccessError(
                self.env._(
                    "This screen is not yours: ask an administrator for the role that "
                    "it belongs to."
                )
            )

    @api.model
    def _may_see(self, kind):
        user = self.env.user
        if kind == "unit":
            return bool(user._civic_role_agency_ids("leader"))
        roles = {"province_leader", "operator"}
        if kind == "wall":
            roles.add("wall")
        return any(user.has_group(f"civic_report.group_{role}") for role in roles)

    # ------------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------------

    @api.model
    def _read_period(self, company, text):
        """The period that somebody names.

        :raises UserError: for what names none
        """
        kind, _colon, day = (text if isinstance(text, str) else "").partition(":")
        today = chosen = company._civic_today()
        try:
            chosen = date.fromisoformat(day) if day else today
        except ValueError:
            kind = ""
        if kind not in KEPT_PERIODS or chosen < EARLIEST or chosen > today:
            raise UserError(self.env._("There are no figures of such a period."))
        cutoff = self.env["civic.period.figures"]._cutoff_day(company)
        return period_of(kind, chosen, cutoff)

    @api.model
    def _period_values(self, company, period, row):
        """What a screen says of a period.

        :param row: its civic.period.figures of the province or agency, or empty
        """
        return {
            "kind": period.kind,
            "code": f"{period.kind}:{period.last.isoformat()}"
            if period.last < company._civic_today()
            else period.kind,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "label": self._period_label(period),
            "is_running": self._goes_on(company, period),
            "counted_at": as_json(row[:1].counted_at or None),
        }

    @api.model
    def _goes_on(self, company, period):
        return period.last >= company._civic_today()

    @api.model
    def _period_choices(self, company):
        """What the screens let choose: for each kind the present period, and those
        before it, the latest first."""
        figures = self.env["civic.period.figures"]
        labels = dict(figures._fields["kind"]._description_selection(self.env))
        return [
            {
                "kind": kind,
                "label": labels[kind],
                "periods": [
                    {
                        "code": kind
                        if place == 0
                        else f"{kind}:{period.last.isoformat()}",
                        "label": self._period_label(period),
                    }
                    for place, period in enumerate(
                        figures._shown_periods(company, kind)
                    )
                ],
            }
            for kind in KEPT_PERIODS
        ]

    @api.model
    def _period_label(self, period):
        """A period by the month, quarter or year in which it closes."""
        last = period.last
        if period.kind == "week":
            return self.env._(
                "Week %(week)s/%(year)s",
                week=last.isocalendar().week,
                year=last.isocalendar().year,
            )
        if period.kind == "month":
            return self.env._("Month %(month)s", month=f"{last:%m/%Y}")
        if period.kind == "quarter":
            return self.env._(
                "Quarter %(quarter)s/%(year)s",
                quarter=(last.month + 2) // 3,
                year=last.year,
            )
        return self.env._("Year %(year)s", year=last.year)

    # ------------------------------------------------------------------
    # Kept rows
    # ------------------------------------------------------------------

    @api.model
    def _now_rows(self, company, agency_ids=None):
        """Kept counts of open work, as far as the rules let whoever looks.

        :param agency_ids: of these agencies alone; by default the province and all
        :return: civic.now
        """
        domain = [("company_id", "=", company.id)]
        if agency_ids is not None:
            domain.append(("agency_id", "in", list(agency_ids)))
        return self.env["civic.now"].search_fetch(
            domain, ["agency_id", "counts", "matters", "counted_at"], limit=MOST_ROWS
        )

    @api.model
    def _figure_rows(self, company, periods, agency_ids=None):
        """Kept figures of periods, likewise.

        :param periods: tools.periods.Period, all of one kind
        :param agency_ids: of these agencies; None: of the province as a whole; "all":
            of all agencies and the province
        :return: dict of first day → civic.period.figures
        """
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", periods[0].kind),
            ("date_from", "in", [period.first for period in periods]),
        ]
        if agency_ids is None:
            domain.append(("agency_id", "=", False))
        elif agency_ids != "all":
            domain.append(("agency_id", "in", list(agency_ids)))
        rows = self.env["civic.period.figures"].search_fetch(
            domain,
            ["date_from", "agency_id", "figures", "place", "counted_at"],
            limit=MOST_ROWS,
        )
        found = rows.grouped("date_from")
        return {
            period.first: found.get(period.first, rows.browse()) for period in periods
        }

    @api.model
    def _province_row(self, rows):
        """The province's own row among its agencies'."""
        return rows.filtered(lambda row: not row.agency_id)

    @api.model
    def _moment_values(self, rows):
        """When what is shown as of now was counted, and whether that is long ago."""
        counted_at = max(rows.mapped("counted_at"), default=None)
        now = self.env["civic.door"]._now()
        return {
            "counted_at": as_json(counted_at),
            "is_stale": bool(counted_at and now - counted_at > STALE),
            "is_counted": bool(counted_at),
        }

    # ------------------------------------------------------------------
    # The province's page
    # ------------------------------------------------------------------

    @api.model
    def _province_page(self, company, period):
        """The province in one look.

        :return: dict: kind, company, counted_at, is_stale, is_counted, period, last,
            choices, tiles, figures, trend, agencies, may_see_officers, wards,
            categories, matters, thresholds
        """
        now_rows = self._now_rows(company)
        last = period.previous()
        kept = self._figure_rows(company, [period, last], "all")
        whole, before = (
            self._province_row(kept[period.first]),
            self._province_row(kept[last.first]),
        )
        names = self._name_rows(company, now_rows, kept[period.first])
        return {
            "kind": "province",
            "company": company.name,
            **self._moment_values(self._province_row(now_rows)),
            "period": self._period_values(company, period, whole),
            "last": self._period_values(company, last, before),
            "choices": self._period_choices(company),
            "tiles": self._tiles("province", self._province_row(now_rows)),
            "figures": self._figure_values(
                (whole.figures or {}).get("whole"),
                (before.figures or {}).get("whole"),
                is_running=self._goes_on(company, period),
            ),
            "trend": self._trend_values(company, period),
            "agencies": self._mark_urgeable(
                "province",
                self._agency_rows(
                    names, now_rows, kept[period.first], kept[last.first], company
                ),
            ),
            "may_see_officers": self._may_see_officers(),
            "wards": self._place_rows(
                names["ward"], whole, self._province_row(now_rows)
            ),
            "categories": self._category_rows(names["category"], whole),
            "matters": self._matter_rows(names, self._province_row(now_rows)),
            "thresholds": self._thresholds(company),
        }
