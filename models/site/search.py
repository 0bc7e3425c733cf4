import re
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text import words
from ..ground.trigram import trigram_index
from ..report.report import MAX_SEARCH_WORDS

CODE_AT_END = re.compile(r"(?:^|-)([a-z]{1,8}-\d{2}-\d{6,9})$")
CURSOR = re.compile(r"(\d{1,10})-(\d{1,9})")
# Letters that an index needs to find a part of a word.
TRIGRAM = 3
# Latest reports among which words are looked for first.
MANY = 5000


class CivicReport(models.Model):
    """By what visitors find a published report; the same for every visitor."""

    _inherit = "civic.report"

    public_search_text = fields.Text(
        compute="_compute_public_search_text",
        store=True,
        groups="base.group_system",
        help="What visitors can find a published report by; empty for any other.",
    )

    # Accent-blind search: the words are folded before they are stored.
    _public_search = models.Index(trigram_index("public_search_text"))

    @api.depends(
        "is_published",
        "name",
        "subject_masked",
        "standardised_description_masked",
        "address_masked",
        "ward_id.name",
    )
    def _compute_public_search_text(self):
        """Never the original text: what is not shown must not be found either."""
        for report in self.sudo():  # columns that nobody reads by their names
            shown = (
                report.name,
                report.subject_masked,
                report.standardised_description_masked,
                report.address_masked,
                report.ward_id.name,
            )
            found = words(" ".join(filter(None, shown)))
            # A blank on each side of each word: the index finds short ones by them.
            report.public_search_text = report.is_published and f" {' '.join(found)} "

    def _cut(self, limit):
        """:return: (the first reports, key of the next page or None)"""
        reports = self[:limit]
        return reports, reports[-1:]._page_key() if len(self) > limit else None

    def _page_key(self):
        """Where this report stands in the lists."""
        self.ensure_one()
        moment = self.received_at.replace(tzinfo=timezone.utc)
        return f"{int(moment.timestamp())}-{self.id}"


class CivicSiteList(models.AbstractModel):
    """Finds reports for the site's pages: published ones, the same for every visitor,
    and those that a visitor sent."""

    _name = "civic.site.list"
    _description = "Lists of reports on the site"

    @api.model
    def _public_domain(self, company):
        return Domain("is_published", "=", True) & Domain("company_id", "=", company.id)

    @api.model
    def _find_published_sudo(self, slug, company):
        """The published report of an address; empty for any other, hidden or missing.

        :param slug: last part of the address, which ends with the code
        """
        match = CODE_AT_END.search(slug.lower())
        if not match:
            return self.env["civic.report"].sudo().browse()
        # sudo: visitors of whatever account see the same; the domain is the guard
        found = (
            self.env["civic.report"]
            .sudo()
            .search(
                self._public_domain(company) & Domain("name", "=", match[1].upper()),
                limit=1,
            )
        )
        return found._masked_words()

    @api.model
    def _page(self, reports, domain, older, limit):
        """One page of a list by key: the thousandth costs what the first costs.

        :param reports: civic.report in the environment of who reads it
        :param older: key that the page before gave; what is none of ours is ignored
        :return: (reports, key of the next page or None)
        """
        found = reports.search(domain & self._older_domain(older), limit=limit + 1)
        return found._cut(limit)

    @api.model
    def _page_of_words(self, reports, company, domain, older, limit):
        """As `_page`, for conditions of which PostgreSQL can only guess how many
        reports they find, and may look through all of them for a few.

        Words in use are among the latest; others are few enough to find all of them.
        """
        older_domain = self._older_domain(older)
        domain &= older_domain
        passed = reports.search(
            self._public_domain(company) & older_domain, offset=MANY, limit=1
        )
        recent = Domain.TRUE
        if passed:
            recent = Domain("received_at", ">", passed.received_at)
        found = reports.search(domain & recent, limit=limit + 1)
        if passed and len(found) <= limit:
            found = self._latest_of_all(reports, domain, limit + 1)
        return found._cut(limit)

    @api.model
    def _latest_of_all(self, reports, domain, limit):
        """The latest reports of a domain, by finding all of it first."""
        query = reports._search(domain)
        rows = self.env.execute_query(
            SQL(
                """
                WITH found AS MATERIALIZED (%s)
                SELECT id FROM found ORDER BY received_at DESC, id DESC LIMIT %s
                """,
                query.select("civic_report.id", "civic_report.received_at"),
                limit,
            )
        )
        return reports.browse(id_ for (id_,) in rows)

    @api.model
    def _older_domain(self, key):
        """What stands behind a key in the lists."""
        match = CURSOR.fullmatch(key or "")
        if not match:
            return Domain.TRUE
        moment = datetime.fromtimestamp(int(match[1]), timezone.utc)
        moment = moment.replace(tzinfo=None)
        # The first condition is the one that an index can start from.
        return Domain("received_at", "<=", moment) & (
            Domain("received_at", "<", moment) | Domain("id", "<", int(match[2]))
        )

    @api.model
    def _search_domain(self, text):
        """Reports found by what a visitor typed: a whole code, or words."""
        code = text.strip().lower()
        if CODE_AT_END.match(code):
            return Domain("name", "=", code.upper())
        return self._public_words_domain(text)

    @api.model
    def _public_words_domain(self, text):
        """Every word of `text`, in any order; short ones as whole words."""
        if not text:
            return Domain.TRUE
        found = words(text)[:MAX_SEARCH_WORDS]
        if not found:
            return Domain.FALSE  # signs alone are in no report
        return Domain.AND(
            Domain(
                "public_search_text",
                "like",
                word if len(word) >= TRIGRAM else f" {word} ",
            )
            for word in found
        )
