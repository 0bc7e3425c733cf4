"""Words of senders who were forgotten before leave their reports' history, too."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    forgotten = env["civic.reporter"].search([("anonymised_at", "!=", False)])
    forgotten.report_ids._forget_notes()
