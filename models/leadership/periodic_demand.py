from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError

from ...tools.periods import EARLIEST, Period
from ..ground.guard import check_visible, id_of, ids_of

# What a report on demand may be narrowed to: filter → model.
FILTERS = {
    "agency": "civic.agency",
    "ward": "civic.ward",
    "category": "civic.category",
    "channel": "civic.channel",
}
# How the document says it.
SCOPES = {
    "agency": "cơ quan",
    "ward": "địa bàn",
    "category": "lĩnh vực",
    "channel": "kênh",
}
MOST_FILTERED = 500
MOST_NAMED = 30  # of each kind; of the others it is said how many they are
# What is asked for at any time. The others are a period's own: a yearly evaluation of
# three days would stand among those that are decided on.
DEMANDED = ("demand", "rules")
LONGEST = 3660  # days of a period on demand


class CivicPeriodicReport(models.Model):
    """Reports on demand: any days, of all or of some of what came in."""

    _inherit = "civic.periodic.report"

    @api.model
    def open_demand(self, kind_id, date_from, date_to, filters=None):
        """Open a report on any days, of all or of some agencies, wards, categories.

        :param kind_id: id of a civic.periodic.kind of the own procedure
        :param date_from, date_to: first and last day
        :param filters: dict of agency, ward, category and channel → ids; none: of all
        :return: id of the report
        """
        kind = self._kind_of_manager(kind_id)
        if kind.code not in DEMANDED:
            raise UserError(
                self.env._(
                    "“%s” opens by itself: choose a report on demand.",
                    kind.display_name,
                )
            )
        first, last = (self._read_day(day) for day in (date_from, date_to))
        if not (first and last and first <= last):
            raise UserError(self.env._("Give a first and a last day, in this order."))
        if first < EARLIEST:
            raise UserError(self.env._("Choose days since the year 2000."))
        if (last - first).days > LONGEST:
            raise UserError(self.env._("Choose a period of at most ten years."))
        if last > self.env.company._civic_today():
            raise UserError(
                self.env._("The last day has not come yet: choose today or before.")
            )
        filters, scope = self._read_filters(filters)
        period = Period("demand", first, last)
        values = self._prepare_narrowed(kind, filters, scope)
        return self._open_periods([(kind, period)], self.env.company, values).id

    @api.model
    def _prepare_narrowed(self, kind, filters, scope):
        """What a report is narrowed to: by whoever asks for it, within what it is on.

        :param filters, scope: as `_read_filters` gives them
        """
        if kind._form() != "rules":
            return {"filters": filters or False, "scope": scope or False}
        own = self._prepare_rules()
        known = own["filters"]["category"]
        asked = filters.get("category")
        if asked:
            known = [id_ for id_ in known if id_ in asked] or [0]
        return {
            "filters": {**filters, "category": known},
            "scope": "; ".join(filter(None, [own["scope"], scope])),
        }

    @api.model
    def _kind_of_manager(self, kind_id):
        """The kind that a Centre manager names, elevated.

        :raises AccessError: for who is none
        :raises MissingError: for a kind of another procedure
        """
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(self.env._("Centre managers open reports."))
        known = self.env["civic.periodic.kind"]._known_to(self.env.company)
        kind = known.filtered(lambda row: row.id == id_of(kind_id) and row._form())
        if not kind:
            raise MissingError(
                self.env._("Not found: choose a report of the own procedure.")
            )
        return kind

    @api.model
    def _read_day(self, value):
        """:return: date, or None for what is none"""
        try:
            return fields.Date.to_date(value) or None
        except (TypeError, ValueError, AttributeError):
            return None

    @api.model
    def _read_filters(self, filters):
        """Check what a caller narrows a report to.

        :return: (dict of filter → ids, words)
        :raises MissingError: for records that the caller may not see
        """
        found, words = {}, []
        given = filters or {}
        if not isinstance(given, dict) or given.keys() - FILTERS.keys():
            raise UserError(
                self.env._("Narrow it to agencies, wards, categories or channels.")
            )
        for name, model in FILTERS.items():
            ids = list(dict.fromkeys(ids_of(given.get(name))))
            if not ids:
                continue
            if len(ids) > MOST_FILTERED:
                raise UserError(self.env._("Choose at most %s at once.", MOST_FILTERED))
            records = self.env[model].browse(ids)
            check_visible(records)
            found[name] = records.ids
            words.append((SCOPES[name], _named(records)))
        return found, "; ".join(f"{label}: {names}" for label, names in words)


def _named(records):
    """Names of records as a document says them."""
    said = ", ".join(records[:MOST_NAMED].mapped("display_name"))
    more = len(records) - MOST_NAMED
    return f"{said} và {more} mục khác" if more > 0 else said
