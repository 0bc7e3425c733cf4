from collections import namedtuple
from datetime import date, timedelta

from odoo import api, models, tools
from odoo.fields import Domain

from ...tools.text import clean
from ...tools.working_time import end_of_day, start_of_day
from ..ground.sql_states import sql_states
from ..workflow.transitions import FINAL_REPORT_STATES, OPEN_REPORT_STATES

PUBLIC_STATES = {"open": OPEN_REPORT_STATES, "done": FINAL_REPORT_STATES}
# Names in the address of the list → fields, each with branches below it or not.
LINKS = {"category": "category_id", "agency": "agency_id", "ward": "ward_id"}
# In the order in which the page shows what is in force.
FILTERS = ("search", *LINKS, "state", "overdue", "period", "from", "to")
DAYS = {"7": 7, "30": 30}
PERIODS = (*DAYS, "year")
MAX_SEARCH = 200
FIRST_YEAR = 2000

# One thing that the list can be filtered by.
# id: as in the address; ids: it and all below it; depth: how far below others it stands
Choice = namedtuple("Choice", "id name depth ids")


class CivicReport(models.Model):
    _inherit = "civic.report"

    # Each filter, and each pair of them, starts from an index in the list's order:
    # what is left to look through is a few hundred rows, whatever the table holds.
    _published_by_category = models.Index(
        "(category_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_ward = models.Index(
        "(ward_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_agency = models.Index(
        "(agency_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_ward_category = models.Index(
        "(ward_id, category_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_agency_category = models.Index(
        "(agency_id, category_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_agency_ward = models.Index(
        "(agency_id, ward_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    # Few are in hand, and fewer late, among all that there ever were; the last columns
    # leave out other agencies and wards without a look at the rows.
    _published_open = models.Index(
        "(company_id, received_at DESC, id DESC, agency_id, ward_id, category_id) "
        "WHERE is_published IS TRUE AND state IN "
        f"{sql_states(OPEN_REPORT_STATES)}"
    )
    _published_late = models.Index(
        "(company_id, overdue_from, agency_id, ward_id, category_id) "
        "WHERE is_published IS TRUE AND overdue_from IS NOT NULL"
    )


class CivicSiteList(models.AbstractModel):
    """What visitors may ask of the public list, map and feeds, by the address alone."""

    _inherit = "civic.site.list"

    @api.model
    def _read_filters_sudo(self, company, args):
        """What of an address makes sense as filters; the rest is ignored.

        :param args: dict of strings, as a visitor typed them
        :return: dict of name of `FILTERS` → text, without those that are not set
        """
        known = {"state": set(PUBLIC_STATES), "period": set(PERIODS), "overdue": {"1"}}
        filters = {"search": clean(args.get("search"), multiline=False)[:MAX_SEARCH]}
        for name in LINKS:
            choice = self._choice_sudo(company, name, args.get(name))
            filters[name] = choice.id if choice else ""
        for name, values in known.items():
            filters[name] = args.get(name) if args.get(name) in values else ""
        days = [_read_day(args.get(name)) for name in ("from", "to")]
        if all(days):
            days.sort()
        for name, day in zip(("from", "to"), days, strict=True):
            filters[name] = day.isoformat() if day else ""
        if any(days):
            filters["period"] = ""
        return {name: filters[name] for name in FILTERS if filters[name]}

    @api.model
    def _filter_choices_sudo(self, company):
        """What the public list can be filtered by.

        :return: dict of name of `LINKS` → tuple of `Choice`, those below others after
            them
        """
        # sudo: lists for everybody, whatever the visitor's account may read
        return self.sudo().with_company(company)._filter_choices(company.id)

    @api.model
    @tools.ormcache("company_id", "self.env.lang")
    def _filter_choices(self, company_id):
        domain = self.env["civic.form"]._choice_domain()
        offered = Domain("accepted", "=", True) & Domain("track", "!=", "sensitive")
        return {
            "category": self._branched_choices("civic.category", domain, offered),
            "agency": self._branched_choices("civic.agency", domain),
            "ward": tuple(
                Choice(str(ward.id), ward.name, 0, tuple(ward._with_ended(ward.ids)))
                for ward in self.env["civic.ward"].search(domain)
            ),
        }

    @api.model
    def _branched_choices(self, model, domain, offered=Domain.TRUE):
        """Choices of a model whose records stand below each other."""
        records = self.env[model].search(domain & offered)
        # What is no longer offered still counts with what it stands below.
        every = self.env[model].with_context(active_test=False).search(domain)
        children = records.grouped(
            lambda row: row.parent_id if row.parent_id in records else row.browse()
        )

        def walk(parent, depth):
            for record in children.get(parent, ()):
                ids = tuple(
                    row.id
                    for row in every
                    if row.parent_path.startswith(record.parent_path)
                )
                ids = tuple(record._with_ended(ids))
                yield Choice(str(record.id), record.name, depth, ids)
                yield from walk(record, depth + 1)

        return tuple(walk(records.browse(), 0))

    @api.model
    def _search_published_sudo(self, company, filters, older=None, limit=20):
        """One page of published reports, the latest first.

        :param filters: as `_read_filters_sudo` gives them
        :return: see `_page`
        """
        domain = self._filter_domain_sudo(company, filters)
        # sudo: the domain is the guard; the words are the same for everybody
        reports = self.env["civic.report"].sudo()._masked_words()
        if "search" in filters:
            return self._page_of_words(reports, company, domain, older, limit)
        return self._page(reports, domain, older, limit)

    @api.model
    def _filter_domain_sudo(self, company, filters):
        """Published reports of a company that pass the filters."""
        domain = self._public_domain(company)
        domain &= self._search_domain(filters.get("search", ""))
        for name, field in LINKS.items():
            choice = self._choice_sudo(company, name, filters.get(name))
            if choice:
                domain &= Domain(field, "in", choice.ids)
        if "state" in filters:
            domain &= Domain("state", "in", PUBLIC_STATES[filters["state"]])
        if "overdue" in filters:
            domain &= Domain("state", "in", OPEN_REPORT_STATES)
            domain &= Domain("is_overdue", "=", True)
        return domain & self._period_domain(company, filters)

    @api.model
    def _period_domain(self, company, filters):
        """Reports that arrived from one day to another, as the province counts days."""
        tz = company._civic_calendar()._civic_tz()
        domain = Domain.TRUE
        first, last = (_read_day(filters.get(name)) for name in ("from", "to"))
        if "period" in filters:
            first = _first_day(filters["period"], company._civic_today())
        if first:
            midnight = start_of_day(first, tz)
            domain &= Domain("received_at", ">=", midnight)
        if last:
            domain &= Domain("received_at", "<", end_of_day(last, tz))
        return domain

    @api.model
    def _filter_words_sudo(self, company, filters):
        """What is in force, in words.

        :return: list of (name, words)
        """
        _ = self.env._
        names = {
            "category": _("Category: %s"),
            "agency": _("Agency: %s"),
            "ward": _("Ward: %s"),
        }
        plain = {
            ("state", "open"): _("In hand"),
            ("state", "done"): _("Answered"),
            ("overdue", "1"): _("Late"),
            ("period", "7"): _("Last 7 days"),
            ("period", "30"): _("Last 30 days"),
            ("period", "year"): _("This year"),
        }
        words = []
        for name, value in filters.items():
            if name in LINKS:
                choice = self._choice_sudo(company, name, value)
                words.append((name, names[name] % choice.name))
            elif name == "search":
                words.append((name, _("Words: %s", value)))
            elif name in ("from", "to"):
                day = date.fromisoformat(value).strftime("%d/%m/%Y")
                said = _("From %s", day) if name == "from" else _("Until %s", day)
                words.append((name, said))
            else:
                words.append((name, plain[name, value]))
        return words


def _read_day(text):
    """A day of the calendar that reports can be of, or None."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < 2 * FIRST_YEAR else None


def _first_day(period, today):
    if period == "year":
        return today.replace(month=1, day=1)
    return today - timedelta(days=DAYS[period] - 1)
