from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

# Rungs of the ladder: who is told at each, besides those told before.
HALF, MOST, OVERDUE, CENTRE, PROVINCE = range(1, 6)
BATCH = 10_000
# Moves the duties whose alert has come to their rung, and notes each alert.
CLIMB = """
    WITH due AS (
        SELECT id, alert_level AS before,
               CASE WHEN province_at < %(now)s THEN %(province)s
                    WHEN centre_at < %(now)s THEN %(centre)s
                    WHEN overdue_from < %(now)s THEN %(overdue)s
                    WHEN most_at < %(now)s THEN %(most)s
                    ELSE %(half)s END AS level
          FROM civic_step
         WHERE state = 'open' AND alert_at < %(now)s
         ORDER BY alert_at
         LIMIT %(limit)s
           FOR NO KEY UPDATE SKIP LOCKED
    ), climbed AS (
        UPDATE civic_step step
           SET alert_level = due.level,
               alert_at = CASE due.level
                          WHEN %(half)s THEN most_at
                          WHEN %(most)s THEN overdue_from
                          WHEN %(overdue)s THEN centre_at
                          WHEN %(centre)s THEN province_at END
          FROM due
         WHERE step.id = due.id
     RETURNING step.id, due.before, due.level
    ), told AS (
        INSERT INTO civic_alert (step_id, level, at)
        SELECT id, level, %(now)s FROM climbed
    )
    SELECT id, before, level FROM climbed
"""


class CivicAlert(models.Model):
    """A warning of a duty, or a rung of the ladder climbed: each happens once."""

    _name = "civic.alert"
    _inherit = ["civic.kept"]
    _description = "Alert"
    _order = "id desc"
    _rec_name = "level"
    _log_access = False

    step_id = fields.Many2one(
        "civic.step", "Duty", required=True, readonly=True, ondelete="restrict"
    )
    report_id = fields.Many2one(related="step_id.report_id")
    agency_id = fields.Many2one(related="step_id.agency_id")
    user_id = fields.Many2one(related="step_id.user_id")
    company_id = fields.Many2one(related="step_id.company_id")
    level = fields.Integer(required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    at = fields.Datetime("When", required=True, readonly=True)

    _once = models.UniqueIndex("(step_id, level)", "This alert was given already.")

    @api.depends("level")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = self._labels()
        for alert in self:
            alert.label = labels[alert.level]

    @api.model
    def _labels(self):
        _ = self.env._
        return {
            HALF: _("Half of the time has passed"),
            MOST: _("Most of the time has passed"),
            OVERDUE: _("Overdue: the holder and the leader are told"),
            CENTRE: _("Overdue: the Centre is told"),
            PROVINCE: _("Overdue: the province is told"),
        }

    # ------------------------------------------------------------------
    # The pass of every minute
    # ------------------------------------------------------------------

    @api.model
    def _cron_pass(self, batch=BATCH):
        """Mark what has passed, warn, climb the ladder.

        Each batch is committed for itself, so that no lock is held long. After an
        outage every duty climbs at once to the rung that it has come to: one alert
        each, the older warnings being moot.
        """
        cron = self.env["ir.cron"]
        while True:
            alerts = self._raise_due(self.env["civic.door"]._now(), batch)
            self._tell(alerts)
            remaining = batch if len(alerts) == batch else 0
            if not cron._commit_progress(len(alerts), remaining=remaining):
                break
            if not remaining:
                break

    @api.model
    def _raise_due(self, now, limit):
        """Move the duties whose alert has come to their rung, in one statement.

        Rows that a verb holds at this moment are left for the next pass.

        :return: list of (step id, level before, level now)
        """
        self.env["civic.step"].flush_model()
        rows = self.env.execute_query(
            SQL(
                CLIMB,
                now=now,
                limit=limit,
                half=HALF,
                most=MOST,
                overdue=OVERDUE,
                centre=CENTRE,
                province=PROVINCE,
            )
        )
        self.env["civic.step"].invalidate_model(["alert_level", "alert_at"])
        return rows

    # ------------------------------------------------------------------
    # Telling people
    # ------------------------------------------------------------------

    @api.model
    def _tell(self, alerts):
        """Tell each person once how many duties want attention.

        :return: dict of res.users → dict: late and soon, numbers of duties
        """
        counts = defaultdict(lambda: {"late": 0, "soon": 0})
        for user_id, level, count in self._audience(alerts):
            counts[user_id]["late" if level >= OVERDUE else "soon"] += count
        users = self.env["res.users"].browse(counts).exists()
        for user in users:
            user._bus_send("simple_notification", user._civic_digest(counts[user.id]))
        return {user: counts[user.id] for user in users}

    @api.model
    def _audience(self, alerts):
        """Who is told of what: the holder of every rung; from there up the agency's
        leader, the Centre's managers, the province's leaders.

        :param alerts: list of (step id, level before, level now)
        :return: list of (user id, level, number of duties)
        """
        if not alerts:
            return []
        holders = self.env.execute_query(
            SQL(
                """
                SELECT person.id, alert.level, count(*)
                  FROM unnest(%(steps)s::int[], %(before)s::int[], %(levels)s::int[])
                       AS alert (step_id, before, level)
                  JOIN civic_step step ON step.id = alert.step_id
             LEFT JOIN civic_assignment assignment
                    ON assignment.id = step.assignment_id
            CROSS JOIN LATERAL (
                         SELECT step.user_id AS id
                          WHERE alert.before < %(overdue)s
                          UNION
                         SELECT assignment.leader_id
                          WHERE alert.before < %(overdue)s
                            AND alert.level >= %(overdue)s
                       ) person
                 WHERE person.id IS NOT NULL
              GROUP BY person.id, alert.level
                """,
                steps=[step for step, _before, _level in alerts],
                before=[before for _step, before, _level in alerts],
                levels=[level for _step, _before, level in alerts],
                overdue=OVERDUE,
            )
        )
        return [*holders, *self._audience_above(alerts)]

    @api.model
    def _audience_above(self, alerts):
        """The Centre's managers and the province's leaders, each of their company."""
        groups = {
            CENTRE: "civic_report.group_centre_manager",
            PROVINCE: "civic_report.group_province_leader",
        }
        rungs = [
            (step, rung)
            for step, before, level in alerts
            for rung in groups
            if before < rung <= level
        ]
        if not rungs:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT step.company_id, alert.rung, count(*)
                  FROM unnest(%s::int[], %s::int[]) AS alert (step_id, rung)
                  JOIN civic_step step ON step.id = alert.step_id
              GROUP BY step.company_id, alert.rung
                """,
                [step for step, _rung in rungs],
                [rung for _step, rung in rungs],
            )
        )
        return [
            (user.id, rung, count)
            for company_id, rung, count in rows
            for user in self.env.ref(groups[rung]).all_user_ids
            if company_id in user.company_ids.ids
        ]


class ResUsers(models.Model):
    _inherit = "res.users"

    def _civic_digest(self, counts):
        """One notification for all of a pass's alerts.

        :param counts: dict: late and soon, numbers of duties
        """
        _ = self.with_context(lang=self.lang).env._
        late, soon = counts["late"], counts["soon"]
        words = [
            late and _("%s overdue", late),
            soon and _("%s due soon", soon),
        ]
        return {
            "type": "danger" if late else "warning",
            "title": _("Civic reports"),
            "message": ", ".join(word for word in words if word),
            "sticky": bool(late),
        }
