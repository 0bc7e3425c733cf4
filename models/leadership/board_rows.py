from odoo import api, models

from ...tools.plain import as_json

# Tiles of each screen: key, and whether more than none wants attention.
TILES = {
    "province": (
        ("emergency", True),
        ("agency_overdue", True),
        ("centre_overdue", True),
        ("designating", True),
        ("directives", True),
        ("open", False),
        ("received_today", False),
        ("done_today", False),
    ),
    "unit": (
        ("agency_overdue", True),
        ("agency_due_today", True),
        ("agency_pending", False),
        ("agency_in_hand", False),
        ("agency_submitted", False),
        ("agency_sent_back", True),
        ("parts_given_today", False),
        ("parts_done_today", False),
        ("unanswered", True),
        ("explanations", True),
        ("directives", True),
    ),
}
# What is owed by a day: it wants attention once the nearest day has passed, and not for
# being there.
BY_DAY = ("explanations", "directives")
# Figures of a period: unit, and which way is the better one.
FIGURES = {
    "received": ("count", None),
    "done": ("count", "up"),
    "on_time_rate": ("percent", "up"),
    "satisfied_rate": ("percent", "up"),
    "open_end": ("count", None),
    "overdue_end": ("count", "down"),
    "late": ("count", "down"),
    "median_hours": ("hours", "down"),
    "recurred": ("count", "down"),
}
# What adds up from day to day: a period that goes on has less of it than a whole one,
# and that is neither better nor worse.
SUMS = ("done", "late", "recurred", "fixed", "urged")
# Where a figure of the screens stands in what `civic.facts` counts.
NAMED = {"open_end": "open", "overdue_end": "overdue", "unanswered_end": "unanswered"}
RATES = {
    "on_time_rate": ("on_time", ("on_time", "late")),
    "satisfied_rate": ("satisfied", ("rated",)),
}
# A rate of fewer says little (D14): it is marked, not left out.
FEW = 10
MOST_CATEGORIES = 30


class CivicBoard(models.AbstractModel):
    """The rows of the screens, from kept counts."""

    _inherit = "civic.board"

    # ------------------------------------------------------------------
    # As of now
    # ------------------------------------------------------------------

    @api.model
    def _tiles(self, kind, rows):
        """The figures as of now, each with since when the oldest waits, or by when the
        first is owed.

        :param rows: civic.now: the province's, or those of the own agencies
        :return: list of dicts: key, label, value, is_bad, since and due (or None)
        """
        labels = self._tile_labels()
        if kind == "unit":
            labels["agency_overdue"] = self.env._("Overdue now")
        return [
            {"key": key, "label": labels[key], **self._tile_values(rows, key, is_bad)}
            for key, is_bad in TILES[kind]
        ]

    @api.model
    def _tile_values(self, rows, key, is_bad):
        value = self._sum_now(rows, key)
        moment = self._oldest_since(rows, key) if value else None
        if key in BY_DAY:
            now = as_json(self.env["civic.door"]._now())
            return {
                "value": value,
                "is_bad": bool(moment and moment < now),
                "since": None,
                "due": moment,
            }
        return {
            "value": value,
            "is_bad": is_bad and value > 0,
            "since": moment,
            "due": None,
        }

    @api.model
    def _now_key(self, row, key):
        """Under which name a row keeps a figure: an agency's parts are its all."""
        return key.removeprefix("agency_") if row.agency_id else key

    @api.model
    def _sum_now(self, rows, key):
        total = 0
        for row in rows:
            kept = row.counts or {}
            name = self._now_key(row, key)
            counts, states = kept.get("counts") or {}, kept.get("states") or {}
            total += counts.get(name) or states.get(name) or 0
        return total

    @api.model
    def _oldest_since(self, rows, key):
        moments = [
            ((row.counts or {}).get("since") or {}).get(self._now_key(row, key))
            for row in rows
        ]
        return min(filter(None, moments), default=None)

    @api.model
    def _matter_rows(self, names, rows, with_people=True):
        """What waits longest, in words, of one kept row or of several agencies'.

        :param names: as `_name_rows` gives them
        :return: dict of lists: emergencies, waiting, stuck, centre, directives
        """
        found = {}
        for name in ("emergencies", "waiting", "stuck", "centre", "directives"):
            matters = [
                matter for row in rows for matter in (row.matters or {}).get(name) or ()
            ]
            found[name] = [
                self._matter_values(matter, names, with_people)
                for matter in sorted(
                    matters, key=lambda row: row.get("since") or row.get("due_at") or ""
                )[:12]
            ]
        return found

    @api.model
    def _matter_values(self, matter, names, with_people):
        values = {
            "code": matter.get("code") or matter.get("number") or "",
            "since": matter.get("since") or matter.get("due_at"),
            "deadline": matter.get("deadline"),
            "agency": names["agency"].get(matter.get("agency"), ""),
            "category": names["category"].get(matter.get("category"), ""),
            "ward": names["ward"].get(matter.get("ward"), ""),
            "duty": names["duty"].get(matter.get("duty"), ""),
        }
        if with_people:
            values |= {
                "id": matter["id"],
                "report": matter.get("report"),
                "agency_id": matter.get("agency"),
                "holder": names["user"].get(matter.get("holder"), ""),
                "is_private": matter.get("visibility", "public") != "public",
            }
        return values

    # ------------------------------------------------------------------
    # Of a period
    # ------------------------------------------------------------------

    @api.model
    def _figure_values(self, figures, before, shown=None, *, is_running=False):
        """Figures of a period beside the same of the one before.

        :param figures: dict as `civic.facts` counts, or None: not counted yet
        :param before: likewise
        :param is_running: the period goes on, while the one before is whole
        :return: list of dicts: key, label, unit, better, value, last, and of rates
            part, whole and is_few
        """
        labels = self._figure_labels()
        if shown:  # parts of agencies are not answered by them
            labels["done"] = self.env._("Results")
        return [
            {
                "key": key,
                "label": labels[key],
                "unit": unit,
                "better": None if is_running and key in SUMS else better,
                "value": self._figure_of(figures, key),
                "last": self._figure_of(before, key),
                **self._rate_values(figures, key),
            }
            for key, (unit, better) in (shown or FIGURES).items()
        ]

    @api.model
    def _figure_of(self, figures, key):
        """One figure; None where there is none to be had."""
        if figures is None:
            return None
        if key in RATES:
            part, wholes = RATES[key]
            return self.env["civic.facts"]._rate(
                figures.get(part) or 0, sum(figures.get(name) or 0 for name in wholes)
            )
        return figures.get(NAMED.get(key, key))

    @api.model
    def _rate_values(self, figures, key):
        if key not in RATES or figures is None:
            return {}
        part, wholes = RATES[key]
        whole = sum(figures.get(name) or 0 for name in wholes)
        return {
            "part": figures.get(part) or 0,
            "whole": whole,
            "is_few": 0 < whole < FEW,
        }

    @api.model
    def _trend_values(self, company, period, agency_ids=None):
        """Figures of the periods up to this one, the earliest first.

        :param agency_ids: summed over these agencies; by default of the province
        :return: dict: labels, and lists received, done, on_time_rate, satisfied_rate
        """
        figures = self.env["civic.period.figures"]
        periods = figures._shown_periods(company, period.kind, period.last)[::-1]
        kept = self._figure_rows(company, periods, agency_ids)
        counted = [
            self._summed_figures(kept[period.first])
            if agency_ids is not None
            else (kept[period.first].figures or {}).get("whole")
            for period in periods
        ]
        first = "received" if agency_ids is None else "given"
        return {
            "labels": [self._period_label(period) for period in periods],
            "received": [self._figure_of(row, first) for row in counted],
            **{
                name: [self._figure_of(row, name) for row in counted]
                for name in ("done", "on_time_rate", "satisfied_rate")
            },
        }

    @api.model
    def _summed_figures(self, rows):
        """Figures of several agencies as one; None where nothing is counted."""
        if not rows:
            return None
        total = {}
        for row in rows:
            for name, value in (row.figures or {}).items():
                if name == "oldest_days":
                    total[name] = max(value or 0, total.get(name) or 0)
                elif type(value) in (int, float):
                    total[name] = total.get(name, 0) + value
        return total

    # ------------------------------------------------------------------
    # Agencies, wards, categories
    # ------------------------------------------------------------------

    @api.model
    def _agency_rows(self, names, now_rows, kept, before, company):
        """Agencies as D15 ranks them, with what they have overdue now.

        :param now_rows: civic.now of the agencies (the province's is left out)
        :param kept: civic.period.figures of the period, likewise before: of the last
        :return: list of dicts, ranked ones first in each group
        """
        present = {row.agency_id.id: row for row in now_rows if row.agency_id}
        figures = {row.agency_id.id: row for row in kept if row.agency_id}
        lasts = {row.agency_id.id: row.figures for row in before if row.agency_id}
        thresholds = self._thresholds(company)
        rows = [
            self._agency_values(
                id_,
                names["agency"].get(id_) or "",
                (present.get(id_) or now_rows.browse()),
                (figures.get(id_) or kept.browse()),
                lasts.get(id_),
                thresholds,
            )
            for id_ in {**figures, **present}
        ]
        order = list(self._group_labels())
        rows.sort(
            key=lambda row: (
                order.index(row["group"]) if row["group"] in order else len(order),
                row["place"] or 10_000,
                -row["done"],
                row["name"],
            )
        )
        return rows

    @api.model
    def _agency_values(self, id_, name, present, kept, last, thresholds):
        counts = (present.counts or {}).get("counts") or {}
        since = (present.counts or {}).get("since") or {}
        figures, place = kept.figures or {}, kept.place or {}
        overdue = counts.get("overdue") or 0
        return {
            "id": id_,
            "name": name,
            "group": place.get("group") or "other",
            "place": place.get("place"),
            "of": place.get("of") or 0,
            "given": figures.get("given") or 0,
            "done": figures.get("done") or 0,
            "late": figures.get("late") or 0,
            "open": counts.get("open") or 0,
            "overdue": overdue,
            "overdue_since": since.get("overdue"),
            "due_today": counts.get("due_today") or 0,
            "pending": counts.get("pending") or 0,
            "submitted": counts.get("submitted") or 0,
            "on_time": {
                "value": self._figure_of(figures, "on_time_rate"),
                "last": self._figure_of(last, "on_time_rate"),
                **self._rate_values(figures, "on_time_rate"),
            },
            "satisfied": {
                "value": self._figure_of(figures, "satisfied_rate"),
                "last": self._figure_of(last, "satisfied_rate"),
                **self._rate_values(figures, "satisfied_rate"),
            },
            "unanswered": counts.get("unanswered") or 0,
            "urged": figures.get("urged") or 0,
            "marks": self._mark_words(figures, overdue, thresholds),
        }

    @api.model
    def _place_rows(self, wards, whole, now_row):
        """Wards with something to tell: what is open there now, and what came in the
        period."""
        kept = (whole.figures or {}).get("ward") or {}
        present = (now_row.counts or {}).get("wards") or {}
        rows = []
        for id_, name in wards.items():
            figures = kept.get(str(id_))
            if not figures and str(id_) not in present:
                continue
            is_open, overdue = present.get(str(id_)) or (0, 0)
            rows.append(
                {
                    "id": id_,
                    "name": name,
                    "open": is_open,
                    "overdue": overdue,
                    "received": self._figure_of(figures, "received") or 0,
                    "done": self._figure_of(figures, "done") or 0,
                    "on_time": self._figure_of(figures, "on_time_rate"),
                }
            )
        rows.sort(key=lambda row: (-row["overdue"], -row["open"], row["name"]))
        return rows

    @api.model
    def _category_rows(self, categories, whole):
        kept = (whole.figures or {}).get("category") or {}
        rows = []
        for key, figures in kept.items():
            rows.append(
                {
                    "id": int(key),
                    "name": categories.get(int(key)) or self.env._("Not stated"),
                    "received": self._figure_of(figures, "received") or 0,
                    "done": self._figure_of(figures, "done") or 0,
                    "open": self._figure_of(figures, "open_end") or 0,
                    "overdue": self._figure_of(figures, "overdue_end") or 0,
                    "on_time": self._figure_of(figures, "on_time_rate"),
                }
            )
        rows.sort(key=lambda row: (-row["received"], row["name"]))
        return rows[:MOST_CATEGORIES]

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------

    @api.model
    def _name_rows(self, company, now_rows, kept):
        """Names of what the rows show by id.

        :return: dict of agency, ward, category, user, duty → dict of id → name
        """
        matters = [
            matter
            for row in now_rows
            for matters in (row.matters or {}).values()
            for matter in matters
        ]
        return {
            "agency": self._names_of(now_rows.agency_id | kept.agency_id),
            "ward": self._names_in(company, "civic.ward"),
            "category": self._names_in(company, "civic.category"),
            "user": self._person_names_sudo(
                {matter.get("holder") for matter in matters}
            ),
            "duty": self._duty_labels(),
        }

    @api.model
    def _names_of(self, records):
        return {record.id: record.name for record in records}

    @api.model
    def _names_in(self, company, model):
        """Names of all there are in a province; what has ended is named as well."""
        rows = (
            self.env[model]
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "in", [company.id, False])], ["name"], limit=2000
            )
        )
        return {row.id: row.name for row in rows}

    @api.model
    def _person_names_sudo(self, ids):
        # sudo: names of officers, for whoever may see what they hold
        people = self.env["res.users"].sudo().browse([id_ for id_ in ids if id_])
        return {person.id: person.name for person in people.exists()}
