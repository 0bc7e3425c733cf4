"""How long an identity is kept, and the nightly pass that deletes those kept enough.

The figure is the procedure's (`civic.procedure.retention_years`). Other keeping times
stand where their rows are made; docs/personal-data.md lists them all.
"""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..workflow.transitions import UNFINISHED_REPORT_STATES

# Reporters whose data one pass deletes; each is committed for itself.
RETENTION_BATCH = 200
# Whose time is over.
OVER_RETENTION = """
    (SELECT reporter.id
       FROM civic_reporter reporter
      WHERE reporter.company_id = %(company)s
        AND reporter.anonymised_at IS NULL
        AND reporter.legal_hold IS NOT TRUE
        AND reporter.create_date <= %(cutoff)s
        AND NOT EXISTS (
                SELECT 1 FROM civic_report report
                 WHERE report.reporter_id = reporter.id
                   AND (report.state IN %(open)s
                        OR COALESCE(report.closed_at, report.received_at)
                           > %(cutoff)s))
        AND NOT EXISTS (
                SELECT 1 FROM civic_question question
                 WHERE question.reporter_id = reporter.id
                   AND (question.state = 'new'
                        OR question.sent_at > %(cutoff)s))
        AND NOT EXISTS (
                SELECT 1 FROM civic_data_request request
                 WHERE request.reporter_id = reporter.id
                   AND request.state IN %(requested)s)
        AND NOT EXISTS (
                SELECT 1 FROM civic_disclosure disclosure
                 WHERE disclosure.reporter_id = reporter.id
                   AND disclosure.state = 'granted'
                   AND disclosure.expires_at > %(now)s))
"""


class CivicReporter(models.Model):
    """Whose time is over, see :mod:`.forgetting` for what then becomes of it."""

    _inherit = "civic.reporter"

    is_over_retention = fields.Boolean(
        "Kept Long Enough",
        compute="_compute_is_over_retention",
        search="_search_is_over_retention",
        help="The time for which the data is kept is over and nothing holds it.",
    )
    last_closed_at = fields.Datetime(
        "Last Report Closed", compute="_compute_last_closed_at"
    )
    report_count = fields.Integer("Reports Sent", compute="_compute_last_closed_at")

    @api.depends("report_ids.closed_at")
    def _compute_last_closed_at(self):
        rows = self.env["civic.report"]._read_group(
            [("reporter_id", "in", self.ids)],
            ["reporter_id"],
            ["closed_at:max", "__count"],
        )
        known = {reporter.id: (closed, count) for reporter, closed, count in rows}
        for reporter in self:
            closed, count = known.get(reporter.id, (False, 0))
            reporter.last_closed_at = closed
            reporter.report_count = count

    def action_begin_retention(self):
        """Begin with the list as it stands; see `res.company`.

        :return: action
        """
        count = self.env.company.action_civic_begin_retention()
        return self._retention_notice(
            self.env._("%s identities are deleted from the next night on.", count)
        )

    def action_pause_retention(self):
        """Delete nothing until a manager begins again.

        :return: action
        """
        count = self.env.company.action_civic_pause_retention()
        return self._retention_notice(self.env._("Paused: %s identities wait.", count))

    @api.model
    def _retention_notice(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }

    @api.depends("legal_hold", "anonymised_at", "report_ids.state")
    def _compute_is_over_retention(self):
        over = self.search([("id", "in", self.ids), ("is_over_retention", "=", True)])
        for reporter in self:
            reporter.is_over_retention = reporter in over

    def _search_is_over_retention(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        over = Domain.OR(
            Domain("id", "in", self._over_retention_query(company))
            for company in self.env.companies
        )
        return over if True in wanted else ~over

    @api.model
    def _over_retention_query(self, company):
        """Ids of reporters whose time is over, as a query.

        Counted from when the last of their reports was closed, or what they asked about
        another's was sent; whoever never sent any from when the row was made.
        """
        years = company.sudo()._civic_procedure().retention_years
        cutoff = self.env["civic.door"]._now() - relativedelta(years=years)
        counted = ("civic.reporter", "civic.report", "civic.data.request")
        for model in (*counted, "civic.question"):
            self.env[model].flush_model()
        return SQL(
            OVER_RETENTION,
            company=company.id,
            cutoff=cutoff,
            open=UNFINISHED_REPORT_STATES,
            requested=self.env["civic.data.request"]._open_states,
            now=self.env["civic.door"]._now(),
        )

    @api.model
    def _cron_retention(self, batch=RETENTION_BATCH):
        """Delete the identity of those whose time is over, where a manager has begun
        with it; see `res.company.civic_retention_begun`."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("civic_retention_begun", "=", True)]
        )
        due = self.search(
            Domain.OR(
                Domain("id", "in", self._over_retention_query(company))
                for company in companies
            ),
            order="id",
            limit=batch,
        )
        for done, reporter in enumerate(due, start=1):
            locked = reporter.try_lock_for_update()
            if locked and not locked._deletion_obstacle():
                locked._anonymise(self.env._("The time for which it is kept is over."))
            if not cron._commit_progress(1, remaining=len(due) - done):
                break


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_retention_begun = fields.Boolean(
        "Identities Are Deleted After Retention",
        readonly=True,
        help="A Centre manager begins with it, having looked at the list.",
    )

    def action_civic_begin_retention(self):
        """Delete, from the next night on, identities that were kept long enough.

        :return: how many would be deleted now
        """
        return self._civic_switch_retention(True)

    def action_civic_pause_retention(self):
        """Delete no identity until a manager begins again.

        :return: how many wait
        """
        return self._civic_switch_retention(False)

    def _civic_switch_retention(self, begun):
        self.ensure_one()
        user = self.env.user
        if (
            not user.has_group("civic_report.group_centre_manager")
            or self not in user.company_ids
        ):
            raise AccessError(
                self.env._("Only Centre managers decide how long data is kept.")
            )
        # sudo: officers write nothing on companies; the manager has been checked
        company = self.sudo()
        count = company.env["civic.reporter"].search_count(
            [("id", "in", company.env["civic.reporter"]._over_retention_query(self))]
        )
        if company.civic_retention_begun != begun:
            company.civic_retention_begun = begun
            self.env["civic.data.event"]._log(
                "retention_begun" if begun else "retention_paused",
                self,
                note=self.env._("%s identities are due.", count),
            )
        return count
