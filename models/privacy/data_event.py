from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicDataEvent(models.Model):
    """What was done with a reporter's data, once and for all.

    Beside the history of reports, since it is about the person: which data, never
    what they were or are.
    """

    _name = "civic.data.event"
    _inherit = ["civic.kept"]
    _description = "Event about personal data"
    _order = "id desc"
    _rec_name = "code"

    reporter_id = fields.Many2one(
        "civic.reporter", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    request_id = fields.Many2one(
        "civic.data.request", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    code = fields.Selection("_selection_code", "Event", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        ondelete="restrict",
        help="Empty for what citizens and the system did.",
    )
    at = fields.Datetime("When", required=True, readonly=True)
    note = fields.Text(readonly=True)

    @api.model
    def _selection_code(self):
        _ = self.env._
        labels = {
            "open": _("Request received"),
            "acknowledge": _("First answer given"),
            "extend": _("Time extended"),
            "fulfil": _("Request fulfilled"),
            "refuse_request": _("Request refused"),
            "join": _("Request goes on with an earlier one"),
            "copied": _("Copy taken"),
            "corrected": _("Data corrected"),
            "restricted": _("Use restricted"),
            "unrestricted": _("Restriction lifted"),
            "held": _("Legal hold set"),
            "released": _("Legal hold lifted"),
            "anonymised": _("Identity deleted"),
            "retention_begun": _("Deletion after retention begun"),
            "retention_paused": _("Deletion after retention paused"),
            "unlinked": _("Identity taken off a diverted report"),
            "look_limit": _("Limit of looks at identities changed"),
        }
        return list(labels.items())

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))

    @api.model
    def _log(self, code, company, reporter=None, request=None, note=None):
        """Add an event; the actor is the current officer, never a citizen.

        :param code: see `_selection_code`
        """
        door = self.env["civic.report"]._elevated()
        return self.with_env(door.env).create(
            {
                "code": code,
                "company_id": company.id,
                "reporter_id": reporter.id if reporter else False,
                "request_id": request.id if request else False,
                "user_id": self.env["civic.report"]._event_user().id,
                "at": door._now(),
                "note": note,
            }
        )
