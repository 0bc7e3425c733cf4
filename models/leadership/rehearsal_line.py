from odoo import api, fields, models
from odoo.tools import formatLang

from ..province.limit import UNITS


class CivicRehearsalLine(models.Model):
    """What a draft would have made of a duty, an agency's matters or a category's
    reports, beside what it was."""

    _name = "civic.rehearsal.line"
    _description = "Result of a Rehearsal"
    _order = "rehearsal_id desc, dimension, lost_count desc, draft_count desc, id"
    _rec_name = "label"

    rehearsal_id = fields.Many2one(
        "civic.rehearsal", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dimension = fields.Selection(
        [
            ("whole", "All reports"),
            ("step", "Duty"),
            ("agency", "Agency"),
            ("category", "Category"),
        ],
        required=True,
        readonly=True,
    )
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(), readonly=True
    )
    code = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_code(),
        string="Duty",
        readonly=True,
    )
    agency_id = fields.Many2one("civic.agency", readonly=True, ondelete="cascade")
    category_id = fields.Many2one("civic.category", readonly=True, ondelete="cascade")
    label = fields.Char("What", compute="_compute_label")
    then_value = fields.Float("Limit Then", readonly=True, aggregator=None)
    then_unit = fields.Selection(UNITS, "Unit Then", readonly=True)
    draft_value = fields.Float("Limit by the Draft", readonly=True, aggregator=None)
    draft_unit = fields.Selection(UNITS, "Unit by the Draft", readonly=True)
    limits = fields.Char("Limit", compute="_compute_limits")
    then_count = fields.Integer(
        "Limited Then",
        readonly=True,
        help="What had a limit, and was done or was late.",
    )
    then_on_time = fields.Integer("In Time Then", readonly=True)
    draft_count = fields.Integer("Limited by the Draft", readonly=True)
    draft_on_time = fields.Integer("In Time by the Draft", readonly=True)
    lost_count = fields.Integer(
        "Would Be Late",
        readonly=True,
        help="Late by the draft, and not late then.",
    )
    won_count = fields.Integer(
        "No Longer Late",
        readonly=True,
        help="Late then, and not late by the draft.",
    )
    unknown_count = fields.Integer(
        "Not Known",
        readonly=True,
        help="In time or late, by when a duty that there was not would have been done.",
    )
    then_rate = fields.Char("Then", compute="_compute_rates")
    draft_rate = fields.Char("By the Draft", compute="_compute_rates")
    would_miss = fields.Boolean(
        compute="_compute_would_miss", search="_search_would_miss"
    )

    @api.depends("dimension", "track", "code", "agency_id", "category_id")
    @api.depends_context("lang")
    def _compute_label(self):
        steps = self.env["civic.step"]
        codes = dict(steps._selection_code())
        tracks = dict(steps._selection_track())
        for row in self:
            if row.dimension == "step":
                words = codes.get(row.code) or row.code
                is_normal = row.track == "normal"
                row.label = words if is_normal else f"{words} ({tracks[row.track]})"
            elif row.dimension == "agency":
                row.label = row.agency_id.name or self.env._("The intake centre")
            elif row.dimension == "category":
                row.label = row.category_id.name or self.env._("Not stated")
            else:
                row.label = self.env._("All reports")

    @api.depends("then_value", "then_unit", "draft_value", "draft_unit", "dimension")
    @api.depends_context("lang")
    def _compute_limits(self):
        for row in self:
            then, draft = (
                row._amount_words(row[f"{side}_value"], row[f"{side}_unit"])
                for side in ("then", "draft")
            )
            if row.dimension != "step":
                row.limits = ""
            else:
                row.limits = then if then == draft else f"{then} → {draft}"

    @api.model
    def _amount_words(self, value, unit):
        """A limit as people read it: “6 working days”; “no limit” without a unit."""
        if not unit:
            return self.env._("no limit")
        units = dict(self._fields["then_unit"]._description_selection(self.env))
        return f"{value:g} {units[unit].lower()}"

    @api.depends("then_count", "then_on_time", "draft_count", "draft_on_time")
    @api.depends_context("lang")
    def _compute_rates(self):
        for row in self:
            row.then_rate = row._rate_words(row.then_on_time, row.then_count)
            row.draft_rate = row._rate_words(row.draft_on_time, row.draft_count)

    @api.model
    def _rate_words(self, part, whole):
        """A share in per cent; of nothing it is “–”, never 0 % or 100 %."""
        if not whole:
            return "–"
        return f"{formatLang(self.env, 100 * part / whole, digits=1)} %"

    @api.depends("lost_count")
    def _compute_would_miss(self):
        for row in self:
            row.would_miss = row.lost_count > 0

    def _search_would_miss(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return [("lost_count", ">" if True in wanted else "<=", 0)]


class CivicRehearsalBatch(models.Model):
    """What one batch of a rehearsal has counted, until all are counted: rows of their
    own, so that whoever stops the rehearsal need not wait for the job."""

    _name = "civic.rehearsal.batch"
    _description = "Batch of a Rehearsal"
    _order = "id"

    rehearsal_id = fields.Many2one(
        "civic.rehearsal", required=True, index=True, readonly=True, ondelete="cascade"
    )
    report_count = fields.Integer(readonly=True)
    tally = fields.Json(readonly=True)
    # Where the next one goes on: the moment to the microsecond, and the id.
    last = fields.Json(readonly=True)
