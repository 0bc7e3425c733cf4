from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicPeriodicEvent(models.Model):
    """What was done with a periodic report, by whom and when."""

    _name = "civic.periodic.event"
    _inherit = ["civic.kept"]
    _description = "History of a Periodic Report"
    _order = "at desc, id desc"
    _rec_name = "verb"
    _log_access = False

    report_id = fields.Many2one(
        "civic.periodic.report",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    verb = fields.Selection("_selection_verb", "What", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        ondelete="restrict",
        help="Empty for what the system did.",
    )
    at = fields.Datetime("When", required=True, readonly=True)
    note = fields.Text(readonly=True)

    @api.model
    def _periodic_labels(self):
        _ = self.env._
        return {
            "open": _("Opened"),
            "draft": _("Count and draft"),
            "fill": _("Figures counted"),
            "save_words": _("Write the texts"),
            "note_line": _("Add a note to a line"),
            "approve": _("Approve"),
            "send_back": _("Send back"),
            "issue": _("Issue"),
            "send_itself": _("Sent by itself"),
            "make_files": _("Make the files again"),
            "replace": _("Replace"),
            "supersede": _("Replaced by a new report"),
            "drop": _("Drop the report"),
            "late": _("Not issued in time"),
        }

    @api.model
    def _selection_verb(self):
        return [*self._periodic_labels().items()]

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))


class CivicPeriodicReport(models.Model):
    """What the door does goes into the history of the report itself."""

    _inherit = "civic.periodic.report"

    @api.model
    def _verb_label(self, verb):
        return self.env["civic.periodic.event"]._periodic_labels()[verb]

    def _react_record(self, act):
        """A history of its own: the events of reports are not of these."""
        for report in self:
            report._log_periodic(act.transition.verb, act.note)

    def _log_periodic(self, verb, note=None):
        self.ensure_one()
        user = self._event_user()
        self.env["civic.periodic.event"].create(
            {
                "report_id": self.id,
                "company_id": self.company_id.id,
                "verb": verb,
                "user_id": user.id,
                "at": self._now(),
                "note": note or False,
            }
        )
