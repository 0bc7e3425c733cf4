from odoo import fields, models

# Printed where a place is not known, to be filled in by hand.
BLANK_PLACE = "………"


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    letter_recipients = fields.Text(
        "Recipients of Letters",
        help="Who has a copy of every official letter by this regulation's form, one a "
        "line, under “Như trên”.",
    )


class CivicAgency(models.Model):
    """What an agency's official letters show of it (Nghị định 30/2020/NĐ-CP)."""

    _inherit = "civic.agency"

    letter_superior = fields.Char(
        "Superior in Letters",
        help="Above the agency's name, such as UBND TỈNH; empty: its superior's.",
    )
    letter_place = fields.Char(
        "Place of Issue",
        help="Before the date; empty: the superior's, then the company's province.",
    )
    letter_authority = fields.Text(
        "Signs For",
        help="Such as KT. GIÁM ĐỐC or TM. ỦY BAN NHÂN DÂN, one a line; empty: the "
        "signatory signs in the own right.",
    )
    letter_office = fields.Char(
        "Office of the Signatory",
        help="Such as PHÓ GIÁM ĐỐC; empty: the words of the form.",
    )
    letter_signatory = fields.Char(
        "Name of the Signatory", help="Without titles; empty: written by hand."
    )
    letter_recipients = fields.Text(
        "Further Recipients", help="Under “Nơi nhận”, one a line."
    )

    def _letter_name(self):
        """The agency's name as letters show it."""
        return self.letter_heading or self.name

    def _letter_superior(self):
        """The body that stands above the agency in a letter, "" for none."""
        return self.letter_superior or (
            self.parent_id._letter_name() if self.parent_id else ""
        )

    def _letter_place(self):
        """Where the agency's letters are issued."""
        if self.letter_place or self.parent_id:
            return self.letter_place or self.parent_id._letter_place()
        # sudo: officers have no rights on the company's address
        company = self.company_id.sudo()
        return company.state_id.name or company.city or BLANK_PLACE
