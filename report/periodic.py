from odoo import models

from ..tools import periodic_words as words
from ..tools.letters import long_date, paragraphs
from .letter_official import BLANK_NUMBER


class CivicPeriodicDocument(models.AbstractModel):
    """Periodic reports as documents: “Báo cáo”, a văn bản có tên loại (Nghị định
    30/2020/NĐ-CP).

    Whoever may read a report may print it; who may read only own rows prints nothing.
    """

    _name = "report.civic_report.periodic"
    _inherit = ["civic.letter"]
    _description = "Periodic report as a document"

    _letter_model = "civic.periodic.report"

    def _allowed(self, reports):
        return reports._filtered_access("read")

    def _check_decided(self, reports):
        """Drafts are printed, too: without a number, and saying so."""

    def _prepare_letter(self, report):
        # sudo: the reader was let in; names of the issuing body stand in settings
        report_sudo = report.sudo()
        day = report_sudo.issued_at and report_sudo.company_id._civic_date(
            report_sudo.issued_at
        )
        return {
            "superior": (report_sudo.kind_id.superior_name or "").upper(),
            "issuers": [report_sudo._issuer_name().upper()],
            "code": "",
            "is_secret": False,
            "is_draft": not report_sudo.issued_at,
            "has_number": report_sudo.form != "day",
            "number": report_sudo.number
            or f"{BLANK_NUMBER}/BC-{report_sudo._number_symbol()}",
            "place": report_sudo._place_of_issue(),
            "issued": long_date(day) if day else "ngày      tháng      năm",
            "title": report_sudo.title,
            "span": words.span(report_sudo.period_from, report_sudo.period_to),
            "scope": report_sudo.scope or "",
            "replaces": report_sudo.replaces_id.number or "",
            "addressees": paragraphs(report_sudo.recipients),
            "sections": report_sudo._sections(),
            "tables": [],
            "recipients": paragraphs(report_sudo.copies),
            "signers": [self._periodic_signer(report_sudo.kind_id)],
            **self._prepare_tables(report_sudo),
        }

    def _prepare_tables(self, report):
        """What stands in the body itself: of the quick report, which has no annexes."""
        if report.form != "day":
            return {"tables": []}
        lines = report._lines_by_dimension()
        return {
            "tables": [
                self._plain_table(report._make_table(name, 0, lines[name], lines))
                for name in ("late", "stuck")
                if name in lines
            ]
        }

    def _plain_table(self, table):
        """A table as templates get it: texts alone."""
        return {
            "title": table.title,
            "columns": [
                {"title": column.title, "is_text": column.kind in ("text", "day")}
                for column in table.columns
            ],
            "rows": table.texts(),
            "has_total": table.total is not None,
        }

    def _periodic_signer(self, kind):
        return {
            "authority": paragraphs((kind.authority or "").upper()),
            "office": (kind.office or "").upper(),
            "name": kind.signatory or "",
        }


class CivicPeriodicAnnexes(models.AbstractModel):
    """The annexes of a periodic report, across."""

    _name = "report.civic_report.periodic_annexes"
    _inherit = ["report.civic_report.periodic"]
    _description = "Annexes of a periodic report"

    def _prepare_tables(self, report):
        annexes = {}
        for table in report._tables():
            annexes.setdefault(table.number, []).append(self._plain_table(table))
        return {
            "annexes": [
                {"number": number, "tables": tables}
                for number, tables in annexes.items()
            ]
        }
