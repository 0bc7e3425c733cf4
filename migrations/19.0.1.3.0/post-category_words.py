"""The words, reaches and questions of the module's categories, in databases that have
the categories already: their records are not updated otherwise."""

from odoo import api
from odoo.api import SUPERUSER_ID
from odoo.tools.convert import convert_file


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    path = "data/province/category_words.xml"
    convert_file(env, "civic_report", path, {}, mode="init", noupdate=True)
