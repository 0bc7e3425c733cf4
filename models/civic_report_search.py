import re
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools.text import fold

CODE_AT_END = re.compile(r"(?:^|-)([a-z]{1,8}-\d{2}-\d{6,9})$")
CURSOR = re.compile(r"(\d{1,10})-(\d{1,9})")
MAX_SEARCH_WORDS = 8


class CivicReport(models.Model):
    """How visitors find published reports; the same for every visitor."""

    _inherit = "civic.report"

    public_search_text = fields.Text(
        compute="_compute_public_search_text",
        store=True,
        groups="base.group_system",
        help="What visitors can find a published report by; empty for any other.",
    )

    # Accent-blind search: the words are folded before they are stored.
    _public_search = models.Index("USING gin (public_search_text gin_trgm_ops)")

    @api.depends(
        "is_published",
        "name",
        "subject",
        "standardised_description",
        "address",
        "ward_id.name",
    )
    def _compute_public_search_text(self):
        """Never the original text: what is not shown must not be found either."""
        for report in self:
            report.public_search_text = report.is_published and fold(
                "\n".join(
                    filter(
                        None,
                        (
                            report.name,
                            report.subject,
                            report.standardised_description,
                            report.address,
                            report.ward_id.name,
                        ),
                    )
                )
            )

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
            return self.sudo().browse()
        # sudo: visitors of whatever account see the same; the domain is the guard
        return self.sudo().search(
            self._public_domain(company) & Domain("name", "=", match[1].upper()),
            limit=1,
        )

    @api.model
    def _page(self, domain, older, limit):
        """One page of a list by key: the thousandth costs what the first costs.

        :param older: key that the page before gave; what is none of ours is ignored
        :return: (reports, key of the next page or None)
        """
        match = CURSOR.fullmatch(older or "")
        if match:
            moment = datetime.fromtimestamp(int(match[1]), timezone.utc)
            moment = moment.replace(tzinfo=None)
            # The first condition is the one that an index can start from.
            domain &= Domain("received_at", "<=", moment) & (
                Domain("received_at", "<", moment) | Domain("id", "<", int(match[2]))
            )
        found = self.search(domain, limit=limit + 1)
        reports = found[:limit]
        return reports, reports[-1:]._page_key() if len(found) > limit else None

    def _page_key(self):
        """Where this report stands in the lists."""
        self.ensure_one()
        moment = self.received_at.replace(tzinfo=timezone.utc)
        return f"{int(moment.timestamp())}-{self.id}"

    @api.model
    def _search_domain(self, text):
        """Reports found by what a visitor typed: a whole code, or words."""
        code = text.strip().lower()
        if CODE_AT_END.match(code):
            return Domain("name", "=", code.upper())
        return self._words_domain("public_search_text", text)

    @api.model
    def _words_domain(self, field, text):
        """Every word of `text` is in a folded field, in any order, taken literally."""
        words = fold(text or "").split()[:MAX_SEARCH_WORDS]
        return Domain.AND(Domain(field, "like", escape_psql(word)) for word in words)

    @api.model
    def _find_by_code_sudo(self, code, company):
        """Any report, for callers that have proved that they may know of it."""
        # sudo: the proof is the caller's
        return self.sudo().search(
            [("name", "=", code.upper()), ("company_id", "=", company.id)], limit=1
        )
