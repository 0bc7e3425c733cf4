from odoo import models

from ..tools.letters import long_date, paragraphs
from ..tools.working_time import local_date

# Room to write the number by hand where none was given.
BLANK_NUMBER = "\N{NO-BREAK SPACE}" * 8


class CivicLetter(models.AbstractModel):
    """What official letters show besides (Nghị định 30/2020/NĐ-CP, Phụ lục I).

    Agencies that answer together sign together, under the number of the main one.
    """

    _inherit = "civic.letter"

    def _compose(self, report, parts, text, moment):
        agencies = parts.agency_id or report.agency_id
        main, part = agencies[:1], parts[:1]
        issued = part.letter_date or local_date(
            moment, report.company_id._civic_calendar().tz
        )
        return {
            **super()._compose(report, parts, text, moment),
            "superior": main._letter_superior().upper(),
            "issuers": [agency._letter_name().upper() for agency in agencies],
            "number": part.letter_number or f"{BLANK_NUMBER}/{main._letter_mark()}",
            "issued": long_date(issued),
            "place": main._letter_place(),
            "signers": [self._signer(agency) for agency in agencies],
            "recipients": self._recipients(report.procedure_id, agencies, parts),
        }

    def _signer(self, agency):
        """Cells 7a and 7b of one agency."""
        return {
            "authority": paragraphs((agency.letter_authority or "").upper()),
            "office": (agency.letter_office or "").upper(),
            "name": agency.letter_signatory or "",
        }

    def _recipients(self, procedure, agencies, parts):
        """Who has a copy besides: whom the regulation's form names, the agencies' own
        lists, and co-agencies."""
        # sudo: as for the co-agencies' results
        helpers_sudo = parts.sudo().co_ids.filtered(lambda row: row.state == "approved")
        lines = [
            line.lstrip("-– ").rstrip(";. ")
            for listed in (procedure, *agencies)
            for line in paragraphs(listed.letter_recipients)
        ]
        names = helpers_sudo.agency_id.mapped("name")
        return list(dict.fromkeys(line for line in lines + names if line))
