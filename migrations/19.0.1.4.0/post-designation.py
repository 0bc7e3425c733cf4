"""While the province decides, agencies may neither submit nor approve: what is open of
that ends, as it does now when the province is asked. All months are counted anew, with
what was late before it was given back or taken away."""

from odoo import SUPERUSER_ID, api

from odoo.addons.civic_report.models.assignment.designation import FORBIDDEN
from odoo.addons.civic_report.models.figures.figure import SEEN


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # The key: duties are ended by the workflow alone.
    deciding = env["civic.report"].search([("state", "=", "designating")])._elevated()
    asked_at = {
        step.report_id: step.started_at
        for step in deciding.step_ids
        if step.code == "designate" and step.state == "open"
    }
    # What has become overdue since was no delay.
    deciding.assignment_ids.step_ids.filtered(
        lambda step: (
            step.state == "open"
            and step.code in FORBIDDEN
            and step.overdue_from
            and step.overdue_from >= asked_at.get(step.report_id, env.cr.now())
        )
    )._close("dropped", was_owed=False)
    deciding._end_forbidden()
    deciding.assignment_ids._refresh_clock()
    env["ir.config_parameter"].set_param(SEEN, False)
