"""Reports that were forwarded for follow-up stand on the list of the body that has
them."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # The key: assignments are made by the workflow alone.
    reports = (
        env["civic.report"]
        .search(
            [
                ("state", "=", "forwarded"),
                ("agency_id", "!=", False),
                ("assignment_ids", "not any", [("role", "=", "follow_up")]),
            ]
        )
        ._elevated()
    )
    for agency, given in reports.grouped("agency_id").items():
        given._give_to_follow_up(agency)
