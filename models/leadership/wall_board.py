from odoo import api, models

# What a wall shows of a matter: never words of anybody, never a person.
SHOWN = ("code", "since", "deadline", "agency", "category", "ward", "duty")
# Figures that count secret matters, and the list of those that are not.
LISTED = {"emergency": "emergencies", "designating": "waiting"}
MOST_AGENCIES = 10
MOST_MATTERS = 8


class CivicBoard(models.AbstractModel):
    """The Centre's wall: seen by whoever walks by, so counts and codes alone."""

    _inherit = "civic.board"

    @api.model
    def _wall_page_sudo(self, company, period):
        """The province in large type.

        :return: dict as of `_province_page`, without ids, people, choices and lists
        """
        # sudo: the screen's account reads no table; counts and codes may be seen by all
        board = self.sudo()
        now_rows = board._now_rows(company)
        last = period.previous()
        kept = board._figure_rows(company, [period, last], "all")
        whole, before = (
            board._province_row(kept[period.first]),
            board._province_row(kept[last.first]),
        )
        names = board._name_rows(company, now_rows, kept[period.first])
        agencies = board._agency_rows(
            names, now_rows, kept[period.first], kept[last.first], company
        )
        matters = board._matter_rows(
            names, board._province_row(now_rows), with_people=False
        )
        return {
            "kind": "wall",
            "company": company.name,
            **board._moment_values(board._province_row(now_rows)),
            "period": board._period_values(company, period, whole),
            "last": board._period_values(company, last, before),
            "tiles": board._wall_tiles(
                board._tiles("province", board._province_row(now_rows)), matters
            ),
            "figures": board._figure_values(
                (whole.figures or {}).get("whole"),
                (before.figures or {}).get("whole"),
                is_running=self._goes_on(company, period),
            ),
            "trend": board._trend_values(company, period),
            "agencies": board._wall_agencies(agencies),
            "wards": board._place_rows(
                names["ward"], whole, board._province_row(now_rows)
            ),
            "matters": {
                name: [
                    {key: matter[key] for key in SHOWN}
                    for matter in rows[:MOST_MATTERS]
                ]
                for name, rows in matters.items()
            },
        }

    @api.model
    def _wall_tiles(self, tiles, matters):
        """Since when an emergency has lasted, or a decision is awaited, is said of what
        is not secret: whoever knows the hour knows the matter."""
        return [
            {**tile, "since": self._first_since(matters[LISTED[tile["key"]]])}
            if tile["key"] in LISTED
            else tile
            for tile in tiles
        ]

    @api.model
    def _first_since(self, rows):
        return min((row["since"] for row in rows if row["since"]), default=None)

    @api.model
    def _wall_agencies(self, rows):
        """Those with most overdue now, then the largest; without ids and marks."""
        rows = sorted(
            rows,
            key=lambda row: (
                -row["overdue"],
                row["overdue_since"] or "",
                -row["open"],
                row["name"],
            ),
        )
        names = (
            *("name", "open", "overdue", "overdue_since", "due_today", "done"),
            "on_time",
        )
        return [{name: row[name] for name in names} for row in rows[:MOST_AGENCIES]]
