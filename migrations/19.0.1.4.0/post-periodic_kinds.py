from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

FORMER = "month_due_day"


def migrate(cr, version):
    """Copies of the shipped procedures get the reports of their regulation; a due day
    that a province had set for its monthly report stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    procedures = env["civic.procedure"].with_context(active_test=False)
    known = {
        procedure.decision_number: procedure
        for procedure in procedures.search([("periodic_kind_ids", "!=", False)])
        if procedure.decision_number and not procedure.company_id
    }
    copies = procedures.search(
        [
            ("periodic_kind_ids", "=", False),
            ("decision_number", "in", list(known)),
        ]
    )
    for copy in copies:
        for kind in known[copy.decision_number].periodic_kind_ids:
            kind.copy({"procedure_id": copy.id})
        tells = copy.periodic_kind_ids.filtered("tells_agencies")
        copy.figures_to_leaders = copy.figures_to_leaders and not tells
        _keep_due_day(env, copy)


def _keep_due_day(env, copy):
    """The column is dropped only after the migrations."""
    found = env.execute_query(
        SQL(
            """
            SELECT 1 FROM information_schema.columns
             WHERE table_name = 'civic_procedure' AND column_name = %s
            """,
            FORMER,
        )
    )
    if not found:
        return
    [(day,)] = env.execute_query(
        SQL(
            "SELECT %s FROM civic_procedure WHERE id = %s",
            SQL.identifier(FORMER),
            copy.id,
        )
    )
    kinds = copy.periodic_kind_ids.filtered(lambda kind: kind.code == "month")
    if day and copy.period_cutoff_day < day - 1:
        kinds.write({"due_before_day": day})
