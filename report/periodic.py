from odoo import models

from ..models.leadership.periodic_annex import OVERVIEW_NAME
from ..tools import paging
from ..tools import periodic_words as words
from ..tools.letters import long_date, paragraphs
from .letter_official import BLANK_NUMBER

# What a page of each paper holds, in points, with some room: width, height.
UPRIGHT = (453, 716)
ACROSS = (757, 488)
# What stands above the first table: of an annex, and of the quick report.
ABOVE_ANNEX = 88
ABOVE_DAY = 385
BEGINS_ANNEX = "(Kèm theo Báo cáo số"


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
        name, about, span = report_sudo._head_words()
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
            "name": name,
            "title": about,
            "span": span,
            "scope": report_sudo.scope or "",
            "replaces": report_sudo.replaces_id.number or "",
            "addressees": paragraphs(report_sudo.recipients),
            "recipients": paragraphs(report_sudo.copies),
            **self._prepare_body(report_sudo),
        }

    def _prepare_body(self, report):
        """What says something: sentences, tables, and who signs them."""
        sections = report._sections()
        tables = self._prepare_tables(report)
        if sections and not tables.get("tables"):
            heading, said = sections[-1]
            sections[-1] = (heading, [*said[:-1], *map(words.closed, said[-1:])])
        # The quick report sends itself: nobody signs it.
        signed = report.form != "day"
        return {
            "sections": sections,
            "signers": [self._periodic_signer(report.kind_id)] if signed else [],
            **tables,
        }

    def _prepare_tables(self, report):
        """What stands in the body itself: of the quick report, which has no annexes."""
        if report.form != "day":
            return {"tables": []}
        lines = report._lines_by_dimension()
        tables = [
            self._plain_table(report._make_table(name, 0, lines[name], lines))
            for name in ("late", "stuck")
            if name in lines
        ]
        return {"tables": paging.paged(tables, *UPRIGHT, used=ABOVE_DAY)}

    def _plain_table(self, table):
        """A table as templates get it: texts alone."""
        parts = paging.shares([column.width for column in table.columns])
        return {
            "title": table.title,
            "titles": [column.title for column in table.columns],
            "shares": parts,
            "columns": [
                {
                    "title": column.title,
                    "is_text": column.kind in ("text", "day"),
                    "style": f"width: {part:.2%}",
                }
                for column, part in zip(table.columns, parts, strict=True)
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

    _numbered_from = BEGINS_ANNEX

    def _prepare_tables(self, report):
        annexes = {}
        for table in report._tables():
            annexes.setdefault(table.number, []).append(self._plain_table(table))
        return {
            "annexes": [
                self._prepare_annex(number, tables, len(annexes))
                for number, tables in annexes.items()
            ]
        }

    def _prepare_annex(self, number, tables, of_how_many):
        """An annex: numbered where there are several; of one table it has the name."""
        name = tables[0]["title"] if len(tables) == 1 else OVERVIEW_NAME
        if len(tables) == 1:
            tables = [{**tables[0], "title": ""}]
        return {
            "label": f"Phụ lục {words.roman(number)}" if of_how_many > 1 else "Phụ lục",
            "name": name.upper(),
            "tables": paging.paged(tables, *ACROSS, used=ABOVE_ANNEX),
        }
