from odoo import fields, models
from odoo.exceptions import UserError

# Reminders of these end by the verbs of the case.
CASES = ("civic.disclosure", "civic.data.request")
SILENT = ("civic.report", "civic.look.day")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    civic_step_id = fields.Many2one(
        "civic.step",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="The duty that this activity reminds of; it ends with the duty.",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Duties end by what is done on the report, not by ticking a reminder."""
        if any(
            activity.civic_step_id or activity.res_model in CASES for activity in self
        ):
            raise UserError(
                self.env._(
                    "This reminder goes away by itself when the duty is done: open the "
                    "report and use its buttons."
                )
            )
        # They have no thread in which it could be written that it is done.
        silent = self.filtered(lambda activity: activity.res_model in SILENT)
        silent.action_archive()
        return super(MailActivity, self - silent)._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
