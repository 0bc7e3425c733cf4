from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicDataLimit(models.Model):
    """How long the Centre has for one right of data subjects.

    Figures of the law as data: an administrator edits them when the law changes;
    requests that are open keep the deadlines that they were given.
    """

    _name = "civic.data.limit"
    _description = "Time limit of a right to one's data"
    _order = "sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection("_selection_kind", "Right", required=True)
    answer_days = fields.Integer(
        "First Answer (working days)",
        required=True,
        help="By when the citizen is told that the request has come in, and what "
        "happens next.",
    )
    days = fields.Integer("Fulfilled Within (days)", required=True)
    third_party_days = fields.Integer(
        "With a Third Party (days)",
        required=True,
        help="Where somebody else who has the data must act too.",
    )
    extension_days = fields.Integer(
        "Longest Extension (days)", required=True, help="Once, with a reason."
    )
    source = fields.Char(help="Article of the law.")

    _once = models.UniqueIndex("(kind)", "This right has its limits already.")
    _positive = models.Constraint(
        "CHECK (answer_days > 0 AND days > 0 AND third_party_days >= days "
        "AND extension_days >= 0)",
        "Give positive figures; with a third party it does not take less time.",
    )
    _bounded = models.Constraint(
        "CHECK (answer_days <= 366 AND third_party_days <= 3660 "
        "AND extension_days <= 3660)",
        "Give at most ten years.",
    )

    @api.model
    def _selection_kind(self):
        _ = self.env._
        labels = {
            "copy": _("See or copy"),
            "correction": _("Correct"),
            "deletion": _("Delete"),
            "withdrawal": _("Withdraw consent"),
            "restriction": _("Restrict the use"),
            "objection": _("Object to the use"),
        }
        return list(labels.items())

    @api.model
    def _of(self, kind):
        """The limits of a right.

        :raises UserError: when an administrator has deleted them
        """
        limit = self.sudo().search([("kind", "=", kind)], limit=1)
        if not limit:
            raise UserError(
                self.env._(
                    "No time limit is set for this right: an administrator enters it "
                    "under Configuration."
                )
            )
        return limit
