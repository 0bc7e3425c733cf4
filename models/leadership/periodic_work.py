import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# As many reports are counted in well under a second: whoever asks for it waits.
AT_ONCE = 5000
# Jobs of one pass.
BATCH = 10
BUS = "civic_periodic"


class CivicPeriodicReport(models.Model):
    """What takes longer than a person waits is done by a worker, which shows how far it
    is on the screens of the Centre's managers."""

    _inherit = "civic.periodic.report"

    job = fields.Selection(
        [("count", "Being counted"), ("print", "Files being made")], readonly=True
    )
    job_by_id = fields.Many2one("res.users", "Asked By", readonly=True)
    progress = fields.Integer(readonly=True, aggregator=None, default=0)
    job_failure = fields.Char("Failed", readonly=True)

    _waiting = models.Index("(id) WHERE job IS NOT NULL")

    def draft(self):
        """Count, and draw the report up: at once where that is quick, else by a worker
        that shows how far it is. A draft that is there is counted anew."""
        self.ensure_one()
        report = self._enter("draft")
        report._walk("draft", {"drafted_by_id": self.env.uid, "job_failure": False})
        if report._is_quick():
            report._fill()
            report._walk("fill")
        else:
            report._ask_for("count")
        return True

    def _is_quick(self):
        """Whether there is little to count."""
        self.env["civic.report"].flush_model(["company_id"])
        [(number,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM civic_report WHERE company_id = %s LIMIT %s) few
                """,
                self.company_id.id,
                AT_ONCE + 1,
            )
        )
        return number <= AT_ONCE

    def _guard_nothing_going_on(self):
        if self.job:
            return self.env._("It is being worked on: wait until that is done.")
        return None

    def _ask_for(self, job):
        """Have a worker do something, soon after the commit."""
        self.write(
            {
                "job": job,
                "job_by_id": self.env.uid,
                "progress": 0,
                "job_failure": False,
            }
        )
        # sudo: who asks has no rights on the scheduler
        cron_sudo = self.env.ref("civic_report.cron_periodic_work").sudo()
        cron_sudo._trigger()

    # ------------------------------------------------------------------
    # The worker
    # ------------------------------------------------------------------

    @api.model
    def _cron_work_off(self, batch=BATCH):
        """Do what waits, each job in a transaction of its own."""
        waiting = self.search([("job", "!=", False)], order="id", limit=batch)
        cron = self.env["ir.cron"]
        for left, report in enumerate(waiting.ids, start=1 - len(waiting)):
            job = self._elevated().browse(report)
            if job.try_lock_for_update():
                job._work_off(commit=True)
            if not cron._commit_progress(1, remaining=-left):
                break

    def _work_off(self, commit=False):
        """Do one job; what fails is said on the report, and nothing of it stays.

        :param commit: whether others may see how far it is meanwhile
        """
        self.ensure_one()
        tell = self._tell_progress if commit else None
        job = self.job
        try:
            with self.env.cr.savepoint():
                self._do_job(tell)
        except UserError as error:
            self._end_job(str(error))
        except Exception as error:  # whatever it is, the report says so
            _logger.exception("Periodic report %s: %s has failed", self.id, job)
            self._end_job(self.env._("Something unforeseen: %s.", type(error).__name__))
        else:
            self._end_job(False)

    def _do_job(self, tell):
        if self.job == "count":
            self._fill(tell)
            self._walk("fill")
        elif self.job == "print":
            self._keep_files(tell)
            self._tell_issued()

    def _end_job(self, failure):
        self.write({"job": False, "progress": 0, "job_failure": failure})
        self._show_progress(100)

    def _tell_progress(self, share):
        """Show how far a job is to whoever has the report before them.

        In a transaction of its own: the job's may fail, and is not to be seen in parts.
        """
        with self.env.registry.cursor() as cr:
            self.with_env(self.env(cr=cr))._show_progress(share)

    def _show_progress(self, share):
        """Tell the Centre's managers, on whose screens the report may be open."""
        officers = self.env["res.users"]._civic_officers(
            "centre_manager", self.company_id
        )
        officers._bus_send(
            BUS, {"id": self.id, "progress": share, "failed": self.job_failure or ""}
        )
