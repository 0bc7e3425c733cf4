from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# People who are reminded of one thing; a Centre has fewer.
MAX_REMINDED = 20


class MailActivity(models.Model):
    _inherit = "mail.activity"

    civic_step_id = fields.Many2one(
        "civic.step",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="The duty that this activity reminds of; it ends with the duty.",
    )

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------

    @api.model
    def _civic_reminder(self, record, kind, user, day, name):
        """Values of a reminder that goes away by itself.

        :param record: what it is of
        :param kind: of what, as its type is called: "activity_sender"
        :param user: who is reminded
        :param day: until when it should be done
        :param name: of the record, as the list of reminders shows it
        """
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            # Given here so that it is not computed once per record.
            "res_name": name,
            "activity_type_id": self._civic_kind_id(kind),
            "summary": name,
            "user_id": user.id,
            "date_deadline": day,
            "automated": True,
        }

    @api.model
    def _civic_remind(self, vals_list):
        """Remind people, in one insert.

        :param vals_list: see `_civic_reminder`
        """
        if vals_list:
            # Quick update: no mail one by one; who must be told is told in a digest.
            self.with_context(mail_activity_quick_update=True).create(vals_list)

    @api.model
    def _civic_reminders(self, records, kind=None):
        """Open reminders of these records.

        :param kind: of this alone, see `_civic_reminder`
        """
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        if kind:
            domain.append(("activity_type_id", "=", self._civic_kind_id(kind)))
        return self.search(domain)

    @api.model
    def _civic_kind_id(self, kind):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            f"civic_report.{kind}", raise_if_not_found=True
        )

    def _civic_hand_over(self, user):
        """Remind somebody else; who is reminded of the same already is so once."""
        known = {
            (row.res_model, row.res_id, row.activity_type_id)
            for row in self.search(
                Domain("user_id", "=", user.id)
                & Domain("res_model", "in", self.mapped("res_model"))
                & Domain("res_id", "in", self.mapped("res_id"))
            )
        }
        moving = self.filtered(lambda row: row.user_id != user)
        again = moving.filtered(
            lambda row: (row.res_model, row.res_id, row.activity_type_id) in known
        )
        again.action_archive()
        # Quick update: no mails one by one.
        (moving - again).with_context(mail_activity_quick_update=True).write(
            {"user_id": user.id}
        )

    # ------------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------------

    def _action_done(self, feedback=False, attachment_ids=None):
        """Duties end by what is done on the report, not by ticking a reminder."""
        if any(activity._civic_ends_by_verb() for activity in self):
            raise UserError(
                self.env._(
                    "This reminder goes away by itself when the duty is done: open the "
                    "report and use its buttons."
                )
            )
        # There is no thread in which it could be written that it is done.
        silent = self.filtered(
            lambda activity: (
                activity.res_model
                and not hasattr(
                    self.env[activity.res_model], "message_post_with_source"
                )
            )
        )
        silent.action_archive()
        return super(MailActivity, self - silent)._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )

    def _civic_ends_by_verb(self):
        """Whether an act on its record ends it: see `_reminders_end_by_verbs` there."""
        record = self.env[self.res_model or "base"]
        return bool(
            self.civic_step_id or getattr(record, "_reminders_end_by_verbs", False)
        )
