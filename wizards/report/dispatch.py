from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CivicWizardDispatch(models.TransientModel):
    """Standardise a report and give it to the agencies that are to handle it."""

    _name = "civic.wizard.dispatch"
    _inherit = ["civic.wizard.public.text"]
    _description = "Dispatch"
    _target = "report_id"
    _public_fields = ("subject", "standardised_description")

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    subject = fields.Char(required=True)
    standardised_description = fields.Text(
        "Standardised Text",
        required=True,
        help="The text as corrected for handling and for the public page; the original "
        "stays beside it.",
    )
    category_id = fields.Many2one("civic.category", required=True)
    ward_id = fields.Many2one("civic.ward")
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(), required=True
    )
    visibility = fields.Selection(
        selection=lambda self: (
            self.env["civic.report"]
            ._fields["visibility"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    visibility_changes = fields.Boolean(compute="_compute_visibility_changes")
    visibility_reason = fields.Text("Why Its Visibility Changes")
    line_ids = fields.One2many("civic.wizard.dispatch.line", "wizard_id", "Agencies")
    needs_lead = fields.Boolean(compute="_compute_needs_lead")
    unreachable = fields.Char(
        compute="_compute_unreachable",
        help="Agencies of an emergency that have no duty telephone to be called.",
    )
    ticked_agency_ids = fields.Many2many(
        "civic.agency", compute="_compute_ticked_agency_ids"
    )
    lead_id = fields.Many2one(
        "civic.agency", domain="[('id', 'in', ticked_agency_ids)]"
    )
    candidate_ids = fields.Many2many(
        "ir.attachment", compute="_compute_candidate_ids", string="Pictures"
    )
    public_attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_dispatch_attachment_rel",
        string="Pictures for the Public",
    )
    note = fields.Text("Note to the Agencies")
    is_otherwise = fields.Boolean(compute="_compute_is_otherwise")
    other_reason = fields.Text("Why Not As the Province Decided")
    gaps = fields.Char("Missing", compute="_compute_gaps")
    lacks_email = fields.Boolean(related="report_id.lacks_email")
    incomplete_reason = fields.Text("Why It Is Dispatched All the Same")

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def _prepare_default(self, record):
        pictures = record.public_attachment_ids or record._picture_candidates()
        return {
            **super()._prepare_default(record),
            "subject": record.subject,
            "standardised_description": record.standardised_description
            or record.description,
            "category_id": record.category_id.id,
            "ward_id": record.ward_id.id,
            "track": record.track,
            "visibility": record.visibility,
            "public_attachment_ids": [Command.set(pictures.ids)],
            "note": record.designation_note,
            "line_ids": self._prepare_lines(record, record.category_id, record.ward_id),
        }

    def _prepare_lines(self, report, category, ward):
        """A line per suggested agency; the best one ticked when it fits."""
        suggested = report._suggested_agencies(category, ward)
        best = next(iter(suggested), None)
        fits = best and report._rate_agency(best, category, ward)[0] >= 4
        return [
            Command.create(
                {"agency_id": agency.id, "is_ticked": bool(fits) and agency == best}
            )
            for agency in suggested
        ]

    @api.onchange("category_id")
    def _onchange_category_id(self):
        """The category brings its track, and sensitive matters are not shown."""
        if not self.category_id:
            return
        self.track = self.category_id.track
        if self.track == "sensitive" and self.visibility == "public":
            self.visibility = "sensitive"

    @api.onchange("category_id", "ward_id")
    def _onchange_suggestions(self):
        """Suggest anew; agencies that the operator ticked stay."""
        if not self.report_id:
            return
        kept = self.line_ids.filtered("is_ticked")
        fresh = [
            command
            for command in self._prepare_lines(
                self.report_id, self.category_id, self.ward_id
            )
            if command[2]["agency_id"] not in kept.agency_id.ids
        ]
        if kept:
            for command in fresh:
                command[2]["is_ticked"] = False
        dropped = [Command.unlink(line.id) for line in self.line_ids - kept]
        self.line_ids = [*dropped, *fresh]

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("line_ids.is_ticked", "line_ids.agency_id")
    def _compute_ticked_agency_ids(self):
        for wizard in self:
            wizard.ticked_agency_ids = wizard.line_ids.filtered("is_ticked").agency_id

    @api.depends("ticked_agency_ids", "report_id")
    def _compute_needs_lead(self):
        for wizard in self:
            wizard.needs_lead = (
                wizard.report_id.procedure_id.lead_and_co
                and len(wizard.ticked_agency_ids) > 1
            )

    @api.depends("ticked_agency_ids", "report_id")
    def _compute_is_otherwise(self):
        for wizard in self:
            named = wizard.report_id.designated_agency_ids
            wizard.is_otherwise = bool(
                named and wizard.ticked_agency_ids._origin - named
            )

    @api.depends("ticked_agency_ids", "track")
    def _compute_unreachable(self):
        for wizard in self:
            urgent = wizard.track == "emergency"
            silent = wizard.ticked_agency_ids.filtered(lambda row: not row.duty_phone)
            wizard.unreachable = urgent and ", ".join(silent.mapped("name"))

    @api.depends("report_id", "visibility", "track")
    def _compute_visibility_changes(self):
        """Sensitive matters are hidden by themselves; the rest is a decision."""
        for wizard in self:
            wizard.visibility_changes = (
                wizard.visibility != wizard.report_id.visibility
                and not (wizard.track == wizard.visibility == "sensitive")
            )

    @api.depends("report_id", "category_id", "track")
    def _compute_gaps(self):
        """By what is chosen here, before it is written."""
        for wizard in self:
            # sudo: only what is missing, never what is there
            gaps = wizard.report_id.sudo()._dispatch_gaps()
            if wizard.category_id and not wizard.report_id.category_id:
                gaps = gaps[1:]
            wizard.gaps = "" if wizard.track == "emergency" else ", ".join(gaps)

    @api.depends("report_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.report_id._picture_candidates()

    # ------------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------------

    def action_confirm(self):
        self.ensure_one()
        agencies = self.line_ids.filtered("is_ticked").agency_id
        if not agencies:
            raise UserError(
                self.env._("Tick at least one agency, or add the one that is missing.")
            )
        report = self.report_id
        changes = self._changes()
        if changes:
            report.write(changes)
        if self.visibility != report.visibility:
            reason = self.visibility_reason
            if not self.visibility_changes:
                reason = self.env._("A sensitive matter.")
            report.set_visibility(
                self.visibility, reason, identity_reason=self.identity_reason
            )
        if self.visibility == "public":
            report._show_pictures(self.public_attachment_ids)
        lead = self.lead_id if self.lead_id in agencies else self.env["civic.agency"]
        return report.dispatch(
            agencies.ids,
            lead.id or None,
            self.note,
            self.identity_reason,
            self.other_reason,
            self.incomplete_reason,
        )

    def _changes(self):
        """What the operator changed in the report."""
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in (
                "subject",
                "standardised_description",
                "category_id",
                "ward_id",
                "track",
            )
            if self[name] != self.report_id[name]
        }


class CivicWizardDispatchLine(models.TransientModel):
    """An agency that may be given the report."""

    _name = "civic.wizard.dispatch.line"
    _description = "Agency of a dispatch"

    wizard_id = fields.Many2one(
        "civic.wizard.dispatch", required=True, ondelete="cascade"
    )
    agency_id = fields.Many2one("civic.agency", required=True)
    is_ticked = fields.Boolean("Dispatch", default=True)
    why = fields.Char(compute="_compute_why")
    accept_deadline = fields.Datetime("Take In By", compute="_compute_deadlines")
    process_deadline = fields.Datetime(
        "Result By",
        compute="_compute_deadlines",
        help="If the agency takes it in at once.",
    )

    @api.depends("agency_id", "wizard_id.category_id", "wizard_id.ward_id")
    def _compute_why(self):
        for line in self:
            wizard = line.wizard_id
            line.why = (
                line.agency_id
                and wizard.report_id._rate_agency(
                    line.agency_id, wizard.category_id, wizard.ward_id
                )[1]
            )

    @api.depends("agency_id", "wizard_id.track", "wizard_id.category_id")
    def _compute_deadlines(self):
        self.accept_deadline = self.process_deadline = False
        for wizard, lines in self.filtered("agency_id").grouped("wizard_id").items():
            agencies = lines.agency_id._origin
            ends = wizard.report_id._preview_deadlines(
                agencies, wizard.track, wizard.category_id._origin
            )
            for line in lines:
                agency = line.agency_id._origin
                line.accept_deadline = ends.get((agency, "accept"))
                line.process_deadline = ends.get((agency, "process"))
