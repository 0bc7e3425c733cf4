from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text import fold
from .search import CODE_AT_END

# Of how many mergers in a row a site still knows its codes.
MAX_MERGERS = 20


class CivicReportFormerCode(models.Model):
    """A code that a report had in a province that has become part of another.

    Two provinces count alike: of two reports with one code the one that comes gets
    another, and is found by both. Rows are kept with the report.
    """

    _name = "civic.report.former.code"
    _inherit = ["civic.kept"]
    _description = "Former Code of a Report"
    _order = "id"

    name = fields.Char("Code", required=True, readonly=True, index=True)
    report_id = fields.Many2one(
        "civic.report", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    former_company_id = fields.Many2one(
        "res.company", "Former Province", required=True, readonly=True
    )

    _once = models.UniqueIndex(
        "(former_company_id, name)", "This code was given to another report before."
    )

    @api.model
    def _given_sudo(self, code, company=None):
        """Who had a code, and where.

        :param company: res.company of which the reports are now; None: of any
        """
        domain = Domain("name", "=", (code or "").upper())
        if company:
            domain &= Domain("company_id", "=", company.id)
        # sudo: only whose code it was; whether the report may be seen is asked apart
        return self.sudo().search(domain)


class CivicReport(models.Model):
    """Reports are found by the codes that they had, too."""

    _inherit = "civic.report"

    former_code_ids = fields.One2many(
        "civic.report.former.code",
        "report_id",
        "Former Codes",
        readonly=True,
        groups="civic_report.group_operator",
    )

    @api.depends("former_code_ids.name")
    def _compute_search_text(self):
        result = super()._compute_search_text()
        # sudo: written for everybody's search; who finds what is up to the domain
        for report in self.sudo().filtered("former_code_ids"):
            codes = fold(" ".join(report.former_code_ids.mapped("name")))
            report.search_text = f"{report.search_text}\n{codes}"
        return result

    def _address_words(self):
        """What stands in the address before the code."""
        path = self._website_path().rpartition("/")[2]
        return path.removesuffix(self.name.lower())


class CivicSiteList(models.AbstractModel):
    _inherit = "civic.site.list"

    @api.model
    def _find_by_code_sudo(self, code, company):
        """Any report, for callers that have proved that they may know of it.

        On the site of a province that has become part of this one its own codes are
        meant first; elsewhere those of this one. One query, whatever is found: the time
        it takes tells nothing.
        """
        reports = self.env["civic.report"]
        reports.flush_model(["name", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, 0 FROM civic_report
                 WHERE company_id = %(company)s AND name = %(code)s
             UNION ALL
                SELECT report_id, former_company_id FROM civic_report_former_code
                 WHERE company_id = %(company)s AND name = %(code)s
                """,
                company=company.id,
                code=code.upper(),
            )
        )
        line = self._site_line(company)
        rows.sort(key=lambda row: (line.get(row[1], len(line)), row[1]))
        # sudo: whoever has a code is no user; the proof is the caller's
        return reports.sudo().browse([id_ for id_, _former in rows[:1]])

    @api.model
    def _site_line(self, company):
        """The provinces whose codes a site means first, the nearest first.

        A site of a province that became part of another, and this of a third, means its
        own codes, then those of the other: reports may have kept theirs on the way.

        :param company: as of `website._civic_company_sudo`
        :return: dict of company id → rank; empty for the site of a province as it is
        """
        site = company.env.context.get("civic_former_company")
        if not site:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE line (id, place) AS (
                    SELECT %(site)s, 0
                     UNION
                    SELECT merger.company_id, line.place + 1
                      FROM civic_merger merger JOIN line ON line.id = merger.source_id
                     WHERE merger.state = 'done' AND line.place < %(most)s)
                SELECT id FROM line ORDER BY place
                """,
                site=site,
                most=MAX_MERGERS,
            )
        )
        ids = list(dict.fromkeys(id_ for (id_,) in rows))
        return {id_: rank for rank, id_ in enumerate(ids)}

    @api.model
    def _find_published_sudo(self, slug, company):
        """Addresses with a former code lead on to the one of today."""
        found = super()._find_published_sudo(slug, company)
        match = CODE_AT_END.search(slug.lower())
        if not match:
            return found
        code = match[1]
        given = self.env["civic.report.former.code"]._given_sudo(code, company=company)
        if not given:
            return found
        line = self._site_line(company)
        given = given.sorted(lambda row: line.get(row.former_company_id.id, len(line)))
        # sudo: visitors read no reports; the domain is the guard
        others = given.report_id.filtered_domain(self._public_domain(company))
        if found and slug.lower() == found._address_words() + found.name.lower():
            return found
        words = slug.lower().removesuffix(code)
        others = others._masked_words()
        same = others.filtered(lambda report: report._address_words() == words)
        meant = given.filtered(lambda row: row.former_company_id.id in line).report_id
        return same[:1] or (others & meant)[:1] or found or others[:1]

    @api.model
    def _find_own_sudo(self, code, user):
        found = super()._find_own_sudo(code, user)
        if found or user._is_public():
            return found
        given = self.env["civic.report.former.code"]._given_sudo(code)
        # sudo: citizens read no reports; the domain is the guard
        return (
            self.env["civic.report"]
            .sudo()
            .search(
                self._own_domain(user) & Domain("id", "in", given.report_id.ids),
                limit=1,
            )
        )

    @api.model
    def _search_domain(self, text):
        domain = super()._search_domain(text)
        code = text.strip()
        if not CODE_AT_END.match(code.lower()):
            return domain
        ids = self.env["civic.report.former.code"]._given_sudo(code).report_id.ids
        return domain | Domain("id", "in", ids) if ids else domain


class Website(models.Model):
    _inherit = "website"

    civic_former_company_id = fields.Many2one(
        "res.company",
        "Site of the Former Province",
        readonly=True,
        help="Codes that visitors of this site give are meant as this province's.",
    )

    def _civic_company_sudo(self):
        """The province whose site it is; it knows which one it was before."""
        # sudo: visitors read no companies; which one a website belongs to is public
        site = self.sudo()
        return site.company_id.with_context(
            civic_former_company=site.civic_former_company_id.id
        )
