"""While the province decides, agencies may neither submit nor approve: what is open of
that ends, as it does now when the province is asked. All months are counted anew, with
what was late before it was given back or taken away."""

from odoo import SUPERUSER_ID, api

from odoo.addons.civic_report.models.civic_figure import SEEN


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # The key: duties are ended by the workflow alone.
    deciding = env["civic.report"].search([("state", "=", "designating")])._elevated()
    deciding._end_forbidden()
    env["ir.config_parameter"].set_param(SEEN, False)
