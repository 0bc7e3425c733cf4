from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ground.guard import check_visible


class CivicMerger(models.Model):
    """A province becomes part of another: what is its own moves there as it is.

    Reports keep their procedure, their deadlines and their history. What will move is
    shown first; then all of it moves in one transaction, or nothing.
    """

    _name = "civic.merger"
    _inherit = ["civic.buttons", "civic.links"]
    _description = "Merger of Provinces"
    _order = "id desc"
    _kept_fields = frozenset({"state", "user_id", "done_at", "line_ids"})
    _rec_name = "source_id"

    source_id = fields.Many2one(
        "res.company", "Province That Ends", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        "Province That Goes On",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    basis = fields.Char("Decision", help="Number and date of what decides it.")
    state = fields.Selection(
        [("draft", "To be looked at"), ("looked", "Looked at"), ("done", "Merged")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    user_id = fields.Many2one("res.users", "Merged By", readonly=True, copy=False)
    done_at = fields.Datetime("Merged At", readonly=True, copy=False)
    line_ids = fields.One2many("civic.merger.line", "merger_id", "What Moves")

    _different = models.Constraint(
        "CHECK (source_id != company_id)", "Choose two different provinces."
    )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_look(self):
        """Show what will move, and what has to be known before; nothing moves."""
        merger = self._enter_merger(("draft", "looked"))
        merger.line_ids.unlink()
        merger.env["civic.merger.line"].create(
            [{"merger_id": merger.id, **line} for line in merger._lines()]
        )
        merger.state = "looked"
        return True

    def action_merge(self):
        """Move everything, in one transaction; again, what came in at that moment."""
        merger = self._enter_merger(("looked", "done"))
        merger._move()
        merger.write(
            {
                "state": "done",
                "user_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )
        self.env.ref("civic_report.cron_figures").sudo()._trigger()
        return True

    def _enter_merger(self, states):
        """Check that the user may do it now, for both provinces.

        :return: the row, locked and elevated
        """
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(self.env._("An administrator merges provinces."))
        check_visible(self, self.env._("Not found: there is no such merger."), "write")
        if (self.source_id | self.company_id) - self.env.user.company_ids:
            raise AccessError(
                self.env._("Only an administrator of both provinces can merge them.")
            )
        # sudo: the group and both provinces have been checked
        merger = self.sudo()
        if not merger.try_lock_for_update():
            raise UserError(
                self.env._("It is being worked on right now: wait a moment.")
            )
        merger.invalidate_recordset()
        if merger.state not in states:
            raise UserError(
                self.env._("Look at what moves first; what has moved stays.")
            )
        return merger

    def write(self, vals):
        chosen = {"source_id", "company_id"} & vals.keys()
        if chosen and self.sudo().filtered(lambda row: row.state == "done"):
            raise UserError(self.env._("These provinces have been merged."))
        result = super().write(vals)
        if chosen:
            self.sudo().filtered(lambda row: row.state == "looked").state = "draft"
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.filtered(lambda row: row.state == "done"):
            raise UserError(self.env._("A merger is kept for the record."))

    # ------------------------------------------------------------------
    # What moves
    # ------------------------------------------------------------------

    def _lines(self):
        """What is shown before: list of dicts of `civic.merger.line`."""
        self.env.flush_all()
        lines = [
            {"name": self._model_label(model), "number": count}
            for model in self._owned()
            if (count := self._count(model))
        ]
        lines += [
            {"name": words, "number": count, "is_note": True}
            for words, count in self._notes()
            if count
        ]
        return lines

    def _model_label(self, model):
        return self.env["ir.model"]._get(model).name

    def _count(self, model):
        return self._number(
            SQL(
                "SELECT count(*) FROM %s WHERE company_id = %s",
                SQL.identifier(self.env[model]._table),
                self.source_id.id,
            )
        )

    def _number(self, query):
        return self.env.execute_query(query)[0][0]

    @api.model
    def _owned(self):
        """Models of this module whose rows belong to a company, in a stated order."""
        return [
            name
            for name, model in sorted(self.env.registry.items())
            if name.startswith("civic.")
            and name not in ("civic.merger", "civic.figure", "civic.look.day")
            and model._auto
            and not (model._abstract or model._transient)
            and "company_id" in model._fields
            and model._fields["company_id"].store
            and not model._fields["company_id"].related
        ]


class CivicMergerLine(models.Model):
    _name = "civic.merger.line"
    _description = "What a Merger Moves"
    _order = "merger_id, is_note, id"

    merger_id = fields.Many2one(
        "civic.merger", required=True, index=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char("What", required=True, readonly=True)
    number = fields.Integer(readonly=True)
    is_note = fields.Boolean(
        "Changes", readonly=True, help="It does not stay quite as it is."
    )
