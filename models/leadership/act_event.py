from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicActEvent(models.Model):
    """What happened to a directive, an explanation or a proposal, once and for all."""

    _name = "civic.act.event"
    _inherit = ["civic.kept"]
    _description = "Event of an act of leaders"
    _order = "at desc, id desc"
    _rec_name = "code"

    directive_id = fields.Many2one(
        "civic.directive", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    explanation_id = fields.Many2one(
        "civic.explanation", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    reward_id = fields.Many2one(
        "civic.reward", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one("civic.agency", readonly=True, ondelete="restrict")
    code = fields.Selection("_selection_code", "Event", required=True, readonly=True)
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
    def _selection_code(self):
        return list(self._act_labels().items())

    @api.model
    def _act_labels(self):
        _ = self.env._
        return {
            "directive_drafted": _("Directive drafted"),
            "directive_issued": _("Directive issued"),
            "directive_answered": _("Directive answered"),
            "directive_late": _("Directive not answered in time"),
            "directive_closed": _("Directive closed"),
            "directive_withdrawn": _("Directive withdrawn"),
            "explanation_opened": _("Explanation asked for"),
            "explanation_signed": _("Explanation signed"),
            "explanation_missed": _("Explanation not handed in"),
            "explanation_excused": _("Explanation no longer asked for"),
            "reward_proposed": _("Reward proposed"),
            "reward_decided": _("Reward decided"),
            "reward_declined": _("Reward declined"),
        }

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))


class CivicEvent(models.Model):
    """Reports know of what is done about them, and doors the words of all acts."""

    _inherit = "civic.event"

    @api.model
    def _selection_code(self):
        _ = self.env._
        labels = {
            "urge": _("Urged"),
            "directive": _("Named in a directive"),
            "mark_initiative": _("Marked as an initiative"),
            "unmark_initiative": _("No initiative any more"),
            **self.env["civic.act.event"]._act_labels(),
        }
        return [*super()._selection_code(), *labels.items()]
