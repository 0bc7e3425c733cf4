"""Links in messages go on leading where they lead now, whoever signs in by another
name of the server."""

from odoo import api
from odoo.api import SUPERUSER_ID


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._civic_keep_base_url()
