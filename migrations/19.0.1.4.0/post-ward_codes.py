"""Codes of wards that were loaded from a draft become the official ones."""

from odoo import api
from odoo.api import SUPERUSER_ID
from odoo.fields import Date

from odoo.addons.civic_report.tools.administrative_units import province_of, units
from odoo.addons.civic_report.tools.text import fold


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    wards = env["civic.ward"].search([("code", "!=", False)])
    for loaded in wards.grouped("company_id").values():
        _correct(loaded.filtered(lambda ward: ward.code.isdecimal()))


def _correct(wards):
    """Pad the codes with zeros; those that are not of the table are found by name.

    Both names and codes are the company's own to change: a name that is not found in
    the province, or a code that is taken, stays as it is.
    """
    padded = {ward: ward.code.zfill(5) for ward in wards}
    province = province_of(set(padded.values()))
    official = units(province, Date.today()) if province else []
    by_code = {unit.code for unit in official}
    by_name = {fold(unit.name): unit.code for unit in official}
    taken = {code for code in padded.values() if code in by_code}
    for ward, code in padded.items():
        if official and code not in by_code:
            found = by_name.get(fold(ward.name))
            if found and found not in taken:
                code = found
                taken.add(code)
        if code != ward.code:
            ward.code = code
