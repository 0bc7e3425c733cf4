from odoo import api, fields, models
from odoo.exceptions import UserError

from ..agencies.emergency_services import SERVICES

# Ways by which somebody sends a form; whoever writes freely is heard in any case.
BY_FORM = ("web", "app")


class CivicProcedure(models.Model):
    """Which ways are open is the regulation's to say; closed ones say where to turn."""

    _inherit = "civic.procedure"

    channel_guidance = fields.Text(
        "Where to Turn",
        translate=True,
        help="What somebody reads who comes by a way that is closed: the open ones, "
        "with their addresses and numbers. Empty: their names.",
    )

    responsibility = fields.Text(
        "Responsibility of Senders",
        translate=True,
        help="What the regulation says senders answer for; the form says it before "
        "they agree. Empty: nothing is said.",
    )

    def _is_open_way(self, code):
        """Whether reports come in by a channel; no channels at all: by every one.

        :param code: of a civic.channel
        """
        self.ensure_one()
        channels = self.sudo().channel_ids  # sudo: asked for whoever comes
        return not channels or code in channels.mapped("code")

    def _where_to_turn(self):
        """The ways that are open, in words for citizens."""
        self.ensure_one()
        procedure = self.sudo()  # sudo: told to whoever comes
        ways = ", ".join(procedure.channel_ids.mapped("name"))
        return procedure.channel_guidance or self.env._("Open ways: %s.", ways)

    def _closed_way_words(self, code):
        """Why nothing is taken in by this way and where to turn; "" for an open one."""
        if self._is_open_way(code):
            return ""
        return self.env._(
            "Reports are not taken in by this way under %(regulation)s. %(turn)s",
            regulation=self.sudo().decision_number or self.sudo().name,
            turn=self._where_to_turn(),
        )


class CivicReport(models.Model):
    _inherit = "civic.report"

    closed_way = fields.Char(
        compute="_compute_closed_way",
        groups="civic_report.group_operator",
        help="It came by a way that the regulation does not open: where its sender is "
        "to turn from now on.",
    )

    @api.depends("channel_id", "procedure_id", "track")
    @api.depends_context("lang")
    def _compute_closed_way(self):
        for report in self:
            report.closed_way = (
                report.procedure_id._closed_way_words(report.channel_id.code)
                if report._came_by_closed_way()
                else ""
            )

    def _came_by_closed_way(self):
        """Whether its sender is to turn elsewhere from now on.

        No way is closed to somebody in danger; 113, 114 and 115 no regulation closes.
        """
        procedure, code = self.procedure_id, self.channel_id.code
        return bool(
            procedure
            and code
            and self.track != "emergency"
            and code not in dict(SERVICES)
            and not procedure._is_open_way(code)
        )

    def _closed_way_told(self):
        """Where the sender is to turn from now on; "" for who came by an open way."""
        if not self._came_by_closed_way():
            return ""
        # sudo: what a regulation says is no secret
        procedure = self.procedure_id.sudo()
        return self.env._(
            "%(regulation)s does not name the way by which this report came; it is "
            "handled all the same. From now on: %(turn)s",
            regulation=procedure.decision_number or procedure.name,
            turn=procedure._where_to_turn(),
        )

    def _kind_label(self):
        """What a page calls it; "" for the usual report from the spot."""
        if self.kind == "field_report":
            return ""
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]


class CivicForm(models.AbstractModel):
    """The form says what the regulation says of ways and senders."""

    _inherit = "civic.form"

    @api.model
    def _form_choices_sudo(self, company):
        procedure = company._civic_procedure()
        return {
            **super()._form_choices_sudo(company),
            "closed": procedure._closed_way_words("web"),
            "responsibility": procedure.sudo().responsibility or "",
            "opinions": procedure.sudo().opinions_accepted,
        }

    @api.model
    def _check_way(self, form, company, channel):
        """Let a form in by an open way, or in an emergency.

        :raises UserError: where the way is closed, with where to turn
        """
        if channel not in BY_FORM:
            return
        closed = company._civic_procedure()._closed_way_words(channel)
        if closed and not self._tells_of_emergency(form):
            raise UserError(closed)

    @api.model
    def _tells_of_emergency(self, form):
        """Whether a form is taken in at any time and by every way (MATRIX: tracks)."""
        id_ = self._read_link("civic.category", form, "category_id", {})
        category = self.env["civic.category"].browse(id_ or [])
        return self._is_urgent_form(form, category)

    # ------------------------------------------------------------------
    # Opinions (QN Điều 2.1)
    # ------------------------------------------------------------------

    @api.model
    def _read_form(self, form, files, procedure):
        values, identity, errors = super()._read_form(form, files, procedure)
        if form.get("kind") != "opinion":
            return values, identity, errors
        if not procedure.opinions_accepted:
            errors["kind"] = self.env._(
                "Opinions are not taken in under %s.",
                procedure.decision_number or procedure.name,
            )
            return values, identity, errors
        # It is about rules: there is no spot, no moment and no picture of it.
        for name in ("address", "occurred_at", "files"):
            if not form.get(name) and not (name == "files" and files):
                errors.pop(name, None)
        return {**values, "kind": "opinion"}, identity, errors
