from odoo import api, fields, models
from odoo.tools import SQL

from ..workflow.alert import OVERDUE


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    tells_superior = fields.Boolean(
        "Superior Bodies Hear of Late Work",
        help="When a branch's duty is late, the leaders of the body above it are told "
        "at the same time, to urge and direct (ST Điều 13.4).",
    )


class CivicAlert(models.Model):
    _inherit = "civic.alert"

    @api.model
    def _audience_above(self, alerts):
        """And the leaders of the body above an agency that is late, where the text
        has them told."""
        above = super()._audience_above(alerts)
        late = [step for step, before, level in alerts if before < OVERDUE <= level]
        return [*above, *self._audience_superior(late)]

    @api.model
    def _audience_superior(self, steps):
        """:param steps: ids of duties that have become overdue
        :return: list of (user id, level, number of duties)
        """
        if not steps:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT leader.res_users_id, %(overdue)s, count(DISTINCT step.id)
                  FROM civic_step step
                  JOIN civic_report report ON report.id = step.report_id
                  JOIN civic_procedure procedure ON procedure.id = report.procedure_id
                  JOIN civic_agency agency ON agency.id = step.agency_id
                  JOIN civic_agency_leader_rel leader
                    ON leader.civic_agency_id = agency.parent_id
                  JOIN res_users person ON person.id = leader.res_users_id
             LEFT JOIN civic_assignment part ON part.id = step.assignment_id
                 WHERE step.id = ANY(%(steps)s) AND procedure.tells_superior
                   AND person.active AND report.visibility <> 'secret'
                   -- Whoever holds it, or leads it already, is told as such.
                   AND leader.res_users_id IS DISTINCT FROM part.leader_id
                   AND leader.res_users_id IS DISTINCT FROM step.user_id
                 GROUP BY leader.res_users_id
                """,
                overdue=OVERDUE,
                steps=steps,
            )
        )
