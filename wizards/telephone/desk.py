import base64
import json
import uuid

import pytz

from odoo import api, fields, models

from ...models.agencies.emergency_services import SERVICES
from ...models.report.answers import ANSWER
from ...models.telephone.report import answer_values
from ...tools.codes import spoken

# Who calls, as `civic.report.take_down` names it; sealed while it is being typed.
WHO = ("name", "phone", "email", "reporter_address", "citizen_id")
# What is passed on as it stands.
WHAT = ("subject", "description", "address")
LINKS = ("category_id", "ward_id")
PLACE = ("latitude", "longitude")
REQUIRED = ("name", "reporter_address", "citizen_id", "address", "occurred_at")


class CivicWizardDesk(models.TransientModel):
    """The form of the telephone desk: everything about a caller's report on one
    screen.

    Who calls is sealed in the row, as in the vault; a number that the switchboard has
    told is not shown, and used where the operator types no other one.
    """

    _name = "civic.wizard.desk"
    _inherit = ["civic.links"]
    _description = "Report taken down by telephone"
    _rec_name = "code"

    call_id = fields.Many2one("civic.call", readonly=True, ondelete="cascade")
    number = fields.Char(related="call_id.number", string="Calls From")
    earlier_report_ids = fields.Many2many(related="call_id.earlier_report_ids")
    name = fields.Char("Full Name", compute="_compute_who", inverse="_inverse_who")
    phone = fields.Char("Telephone", compute="_compute_who", inverse="_inverse_who")
    email = fields.Char("E-mail", compute="_compute_who", inverse="_inverse_who")
    reporter_address = fields.Char(
        "Home Address", compute="_compute_who", inverse="_inverse_who"
    )
    citizen_id = fields.Char(
        "Citizen Identity Number", compute="_compute_who", inverse="_inverse_who"
    )
    ref = fields.Char(groups=fields.NO_ACCESS, default=lambda self: str(uuid.uuid4()))
    sealed = fields.Text(groups=fields.NO_ACCESS)
    consent = fields.Boolean(
        "The Caller Agrees",
        help="That name and number are kept, and used for handling this report alone.",
    )
    private = fields.Boolean("Keep It Private")
    emergency = fields.Boolean()
    channel = fields.Selection(
        [("telephone", "The Centre's line"), *SERVICES],
        "Called",
        required=True,
        default="telephone",
    )
    has_lines = fields.Boolean(compute="_compute_has_lines")
    subject = fields.Char("What Is Wrong", required=True)
    description = fields.Text("In the Caller's Words", required=True)
    category_id = fields.Many2one(
        "civic.category", domain="[('accepted', '=', True)]", ondelete="cascade"
    )
    report_properties = fields.Properties(
        "Answers", definition="category_id.report_properties_definition"
    )
    ward_id = fields.Many2one("civic.ward", ondelete="cascade")
    address = fields.Char("Place")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    occurred_at = fields.Datetime(
        "Happened", default=lambda self: self.env["civic.door"]._now()
    )
    required = fields.Json(compute="_compute_required")
    similar = fields.Json(compute="_compute_similar")
    allowed_verbs = fields.Json(compute="_compute_allowed_verbs")
    report_id = fields.Many2one("civic.report", readonly=True, ondelete="cascade")
    code = fields.Char(related="report_id.name")
    spoken = fields.Char("Read It Aloud", compute="_compute_spoken")

    # ------------------------------------------------------------------
    # Who calls
    # ------------------------------------------------------------------

    @api.depends("sealed")
    def _compute_who(self):
        for wizard in self:
            known = wizard._who()
            for name in WHO:
                # What is being typed into a form must not be computed over.
                if wizard.id or not self.env.cache.contains(wizard, self._fields[name]):
                    wizard[name] = known.get(name, False)

    def _inverse_who(self):
        for wizard in self:
            known = {name: wizard[name] for name in WHO if wizard[name]}
            data = json.dumps(known).encode()
            row = wizard.sudo()  # sudo: the sealed columns are nobody's to write
            blob = self.env["civic.vault"]._seal(data, self._context_of(row.ref))
            row.sealed = base64.b64encode(blob).decode()

    def _who(self):
        row = self._origin.sudo()  # sudo: the sealed columns are nobody's to read
        if not row.sealed:
            return {}
        blob = base64.b64decode(row.sealed)
        opened = self.env["civic.vault"]._open(blob, self._context_of(row.ref))
        return json.loads(opened)

    def _context_of(self, ref):
        return f"{self._name}:{ref}"

    # ------------------------------------------------------------------
    # What the screen shows
    # ------------------------------------------------------------------

    @api.depends("call_id", "emergency", "category_id")
    def _compute_required(self):
        """Names of the fields that the regulation requires; in an emergency, where."""
        form = self.env["civic.form"]
        for wizard in self:
            company = wizard.call_id.company_id or self.env.company
            known = form._required_fields(company._civic_procedure())
            if wizard.emergency or wizard.category_id.track == "emergency":
                known = {"address"}
            wizard.required = [name for name in REQUIRED if name in known]

    @api.depends("call_id")
    def _compute_has_lines(self):
        """Whether calls to 113, 114, 115 come in at this desk."""
        reports = self.env["civic.report"]
        for wizard in self:
            company = wizard.call_id.company_id or self.env.company
            wizard.has_lines = len(reports._lines_of_call(company)) > 1

    @api.depends("subject", "description", "category_id", "ward_id", "address")
    @api.depends("latitude", "longitude")
    def _compute_similar(self):
        """Reports that may be about the same matter, as on the form of a report."""
        for wizard in self:
            found = []
            if wizard.subject or wizard.address or wizard.latitude:
                found = self.env["civic.matching"]._similar_while_written(
                    {
                        **{name: wizard[name] or "" for name in WHAT},
                        **{name: wizard[name].id for name in LINKS},
                        **{name: wizard[name] for name in PLACE},
                    }
                )
            wizard.similar = [
                other._similar_values(match)
                for other, match in found
                if other != wizard.report_id
            ]

    def _compute_allowed_verbs(self):
        """Nothing is done to similar reports from here but look at them."""
        self.allowed_verbs = ["read"]

    @api.depends("report_id")
    def _compute_spoken(self):
        for wizard in self:
            wizard.spoken = spoken(wizard.report_id.name)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_send(self):
        """Take the report down; the form then shows the code to read aloud.

        :return: action
        :raises UserError: with every error of the form at once
        """
        self.ensure_one()
        if not self.report_id:
            sent = self.env["civic.report"].take_down(
                self._prepare_form(), self.call_id.id
            )
            self.report_id = sent["id"]
            self.sudo().sealed = False  # sudo: nobody's column; it is in the vault now
        return self._reopen()

    def _prepare_form(self):
        """What was typed, as the form for citizens would send it."""
        tz = pytz.timezone(self.env.company._civic_calendar()._civic_tz())
        moment = self.occurred_at and pytz.utc.localize(self.occurred_at)
        place = self.latitude or self.longitude
        return {
            **{name: self[name] or "" for name in (*WHO, *WHAT)},
            **{name: str(self[name].id or "") for name in LINKS},
            **{name: str(self[name]) if place else "" for name in PLACE},
            **{
                name: "1" if self[name] else ""
                for name in ("consent", "private", "emergency")
            },
            "channel": self.channel,
            "occurred_at": moment.astimezone(tz).strftime("%Y-%m-%dT%H:%M:%S")
            if moment
            else "",
            # sudo: nobody's column; a name for what is typed, and nothing of it
            "key": f"desk:{self.sudo().ref}",
            **self._prepare_answers(),
        }

    def _prepare_answers(self):
        return {
            ANSWER + name: ("1" if value is True else str(value))
            for name, value in answer_values(self).items()
            if value not in (False, None)
        }

    def _reopen(self):
        return {
            **self._action(),
            "res_id": self.id,
        }

    @api.model
    def _action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "civic_report.civic_wizard_desk_action"
        )

    def action_open_report(self):
        """Open the report that was taken down.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "civic.report",
            "res_id": self.report_id.id,
            "views": [(False, "form")],
        }

    def action_next(self):
        """Begin another report, of the same call if it goes on.

        :return: action
        """
        self.ensure_one()
        call = self.call_id.filtered(lambda row: row.phase in ("ringing", "answered"))
        return {**self._action(), "context": {"default_call_id": call.id}}


class CivicWizardTransfer(models.TransientModel):
    """Note that a call was put through to 113, 114 or 115."""

    _name = "civic.wizard.transfer"
    _inherit = ["civic.wizard"]
    _description = "Transfer to an emergency service"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    track = fields.Selection(related="report_id.track")
    service = fields.Selection(SERVICES, required=True)
    note = fields.Text("What Was Said")

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.transfer(self.service, self.note)
