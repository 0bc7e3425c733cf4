from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.text import fold
from .civic_report_search import CODE_AT_END


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
    def _report_ids_sudo(self, code, company=None):
        """Ids of the reports that had a code.

        :param company: res.company of which they are now; None: of any
        """
        domain = Domain("name", "=", (code or "").upper())
        if company:
            domain &= Domain("company_id", "=", company.id)
        # sudo: only whose code it was; whether the report may be seen is asked apart
        return self.sudo().search(domain).report_id.ids


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
        # sudo: as in super
        for report in self.sudo().filtered("former_code_ids"):
            codes = fold(" ".join(report.former_code_ids.mapped("name")))
            report.search_text = f"{report.search_text}\n{codes}"
        return result

    @api.model
    def _find_by_code_sudo(self, code, company):
        """On the site of a province that has become part of this one its own codes are
        meant first; elsewhere those of this one.

        One query, whatever is found: the time it takes tells nothing. Hence not super.
        """
        self.flush_model(["name", "company_id"])
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
        site = company.env.context.get("civic_former_company")
        rows.sort(key=lambda row: (row[1] != site if site else False, row[1]))
        # sudo: as in super, the proof is the caller's
        return self.sudo().browse([id_ for id_, _former in rows[:1]])

    @api.model
    def _find_published_sudo(self, slug, company):
        """Addresses with a former code lead on to the one of today."""
        found = super()._find_published_sudo(slug, company)
        match = CODE_AT_END.search(slug.lower())
        if not match:
            return found
        code = match[1]
        ids = self.env["civic.report.former.code"]._report_ids_sudo(
            code, company=company
        )
        if not ids:
            return found
        # sudo: as in super; the domain is the guard
        others = self.sudo().browse(ids).filtered_domain(self._public_domain(company))
        if found and slug.lower() == found._address_words() + found.name.lower():
            return found
        words = slug.lower().removesuffix(code)
        others = others._masked_words()
        same = others.filtered(lambda report: report._address_words() == words)
        former = company.env.context.get("civic_former_company")
        return same[:1] or (others[:1] if former or not found else found)

    def _address_words(self):
        """What stands in the address before the code."""
        path = self._website_path().rpartition("/")[2]
        return path.removesuffix(self.name.lower())

    @api.model
    def _find_own_sudo(self, code, user):
        found = super()._find_own_sudo(code, user)
        if found or user._is_public():
            return found
        ids = self.env["civic.report.former.code"]._report_ids_sudo(code)
        # sudo: as in super; the domain is the guard
        return self.sudo().search(
            self._own_domain(user) & Domain("id", "in", ids), limit=1
        )

    @api.model
    def _search_domain(self, text):
        domain = super()._search_domain(text)
        code = text.strip()
        if not CODE_AT_END.match(code.lower()):
            return domain
        ids = self.env["civic.report.former.code"]._report_ids_sudo(code)
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
