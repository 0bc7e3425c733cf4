import base64
import uuid

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError, ValidationError

from ...tools import media
from ...tools.text import InvalidPhone, clean, phone_e164
from ..ground.guard import check_visible
from ..ground.key import is_inside
from ..vault.vault import VaultError

# What an operator writes down of a call; the rest is written by the verbs.
WRITTEN = frozenset(
    {
        *("called_at", "duration", "direction", "kind", "note", "report_id"),
        *("company_id", "number", "recording", "recording_name"),
    }
)


class CivicCall(models.Model):
    """A call with the Centre's telephone desk, and what becomes of harassing ones
    (ST Điều 18.1, 20).

    The number and the recording are sealed. A number is found again by its keyed hash.
    """

    _name = "civic.call"
    _inherit = ["civic.kept", "civic.case", "civic.sealed"]
    _description = "Call"
    _order = "called_at desc, id desc"
    # What is followed up because it was found harassing.
    _open_states = ("verified", "extracted", "passed")

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    vault_ref = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: str(uuid.uuid4()),
    )
    called_at = fields.Datetime(
        "When", required=True, default=lambda self: self.env["civic.door"]._now()
    )
    duration = fields.Integer("Duration (seconds)")
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="in"
    )
    operator_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    report_id = fields.Many2one(
        "civic.report", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("report", "A report"),
            ("question", "A question"),
            ("silent", "Silent or wrong number"),
            ("harassment", "Harassing"),
        ],
        required=True,
        default="report",
    )
    note = fields.Text("What Was Said")
    number = fields.Char(
        "Telephone",
        compute="_compute_number",
        readonly=False,
        help="Sealed; its end is shown. Each look at the whole is kept on record.",
    )
    number_sealed = fields.Text(groups=fields.NO_ACCESS, readonly=True, copy=False)
    number_hash = fields.Char(
        groups=fields.NO_ACCESS, readonly=True, copy=False, index="btree_not_null"
    )
    harassing_count = fields.Integer(
        "Harassing Calls From It",
        compute="_compute_harassing_count",
        search="_search_harassing_count",
        help="Verified ones, of this number.",
    )
    recording = fields.Binary(
        compute="_compute_recording", readonly=False, attachment=False
    )
    recording_name = fields.Char()
    recording_sealed = fields.Binary(
        groups=fields.NO_ACCESS, readonly=True, copy=False, attachment=True
    )
    has_recording = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("logged", "Logged"),
            ("verified", "Harassment verified"),
            ("extracted", "Recording extracted"),
            ("passed", "Passed on"),
            ("closed", "Result recorded"),
        ],
        required=True,
        default="logged",
        readonly=True,
        copy=False,
    )
    agency_id = fields.Many2one(
        "civic.agency", "Competent Body", readonly=True, copy=False, ondelete="restrict"
    )
    document = fields.Char(readonly=True, copy=False, help="Its number.")
    passed_on = fields.Date(readonly=True, copy=False)
    result = fields.Text(readonly=True, copy=False)
    event_ids = fields.One2many("civic.call.event", "call_id", "History")
    violation_ids = fields.One2many("civic.violation", "call_id", "Violations")

    _duration_positive = models.Constraint(
        "CHECK (duration >= 0)", "A call cannot last less than no time."
    )

    # ------------------------------------------------------------------
    # Writing down
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Write calls down; operators, and later the telephone desk by itself.

        :raises UserError: for what the verbs write
        :raises ValidationError: for what is no number and no recording
        """
        self.browse().check_access("create")
        # Inside the door the caller has checked and sealed.
        inside = is_inside(self.env)
        rows = vals_list if inside else [self._prepare_call(vals) for vals in vals_list]
        # Elevated: the sealed columns are nobody's to write.
        return super(CivicCall, self._elevated()).create(rows).with_env(self.env)

    def _prepare_call(self, vals):
        if vals.keys() - WRITTEN:
            raise UserError(
                self.env._("A call is followed up through its actions: use them.")
            )
        self._check_links(vals)
        row = {name: vals[name] for name in vals.keys() - {"number", "recording"}}
        row.setdefault("company_id", self.env.company.id)
        row["vault_ref"] = str(uuid.uuid4())
        row["operator_id"] = self.env.uid
        if row.get("note"):
            row["note"] = clean(row["note"])
        if vals.get("number"):
            row.update(self._sealed_number(vals["number"], row["vault_ref"]))
        if vals.get("recording"):
            row.update(self._sealed_recording(vals["recording"], row["vault_ref"]))
        return row

    @api.model
    def _check_links(self, vals):
        """Refuse a report and a company that are not the operator's to see.

        :raises MissingError: as for what does not exist
        """
        words = self.env._("Not found: choose another report.")
        if vals.get("company_id", self.env.company.id) not in self.env.companies.ids:
            raise MissingError(words)
        if report := self.env["civic.report"].browse(vals.get("report_id") or []):
            check_visible(report, words)

    @api.model
    def _sealed_number(self, raw, ref):
        try:
            number = phone_e164(raw)
        except InvalidPhone as error:
            raise ValidationError(
                self.env._(
                    "“%s” is not a telephone number. Write it like 0912 345 678.", raw
                )
            ) from error
        return {
            "number_sealed": self._seal_text(number.encode(), ref, "number"),
            "number_hash": self.env["civic.vault"]._fingerprint("phone", number),
        }

    @api.model
    def _sealed_recording(self, data, ref):
        """A recording, known by its content, sealed."""
        raw = base64.b64decode(data)
        try:
            found = media.inspect(raw)
        except media.MediaError as error:
            raise ValidationError(
                self.env["ir.attachment"]._civic_media_message(error, 1)
            ) from error
        if found.kind not in ("audio", "video"):
            raise ValidationError(self.env._("This file is no recording of a call."))
        return {**self._seal_recording(raw, ref), "has_recording": True}

    @api.model
    def _seal_recording(self, raw, ref):
        return {"recording_sealed": self._seal_text(raw, ref, "recording")}

    def _vault_again(self):
        values = {}
        if self.number_sealed:
            values.update(self._sealed_number(self._open_number(), self.vault_ref))
        if self.recording_sealed:
            values.update(self._seal_recording(self._open_recording(), self.vault_ref))
        return values

    def _vault_write(self, values):
        self._elevated().write(values)

    @api.constrains("report_id", "company_id")
    def _check_companies(self):
        for call in self.sudo():
            if call.report_id and call.report_id.company_id != call.company_id:
                raise ValidationError(
                    self.env._("Choose a report of the same province.")
                )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.depends("number_sealed")
    @api.depends_context("uid")
    def _compute_number(self):
        """The end of the number; the whole only by `show_number`."""
        for call in self:
            try:
                number = call._open_number()
            except VaultError:
                number = False  # the list of calls goes on without the key
            call.number = number and f"••• ••• {number[-3:]}"

    def _open_number(self):
        row = self.sudo()  # the sealed columns are nobody's to read
        if not row.number_sealed:
            return False
        return self._open_text(row.number_sealed, row.vault_ref, "number").decode()

    @api.depends("recording_sealed", "state")
    def _compute_recording(self):
        """In clear once it has been extracted."""
        for call in self:
            row = call.sudo()  # the sealed columns are nobody's to read
            extracted = row.state in ("extracted", "passed", "closed")
            if not (row.recording_sealed and extracted):
                call.recording = False
                continue
            call.recording = base64.b64encode(row._open_recording())

    def _open_recording(self):
        row = self.sudo()  # the sealed columns are nobody's to read
        return self._open_text(row.recording_sealed, row.vault_ref, "recording")

    @api.depends("called_at", "number")
    def _compute_display_name(self):
        for call in self:
            when = call.company_id.sudo()._civic_moment_text(call.called_at)
            call.display_name = " · ".join(filter(None, [when, call.number]))

    @api.depends("number_hash", "state")
    def _compute_harassing_count(self):
        counts = self._harassing_counts(self.sudo().mapped("number_hash"))
        for call in self:
            call.harassing_count = counts.get(call.sudo().number_hash, 0)

    def _harassing_counts(self, hashes):
        # sudo: the hashes are nobody's to read; the companies are the reader's
        rows = self.sudo()._read_group(
            [
                ("number_hash", "in", [value for value in hashes if value]),
                ("state", "!=", "logged"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["number_hash"],
            ["__count"],
        )
        return dict(rows)

    def _search_harassing_count(self, operator, value):
        if operator not in (">", ">="):
            return NotImplemented
        rows = self.sudo()._read_group(
            [
                ("number_hash", "!=", False),
                ("state", "!=", "logged"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["number_hash"],
            having=[("__count", operator, value)],
        )
        found = self.sudo()._search([("number_hash", "in", [row[0] for row in rows])])
        return [("id", "in", found)]

    def action_same_number(self):
        """The calls from the same number."""
        self.ensure_one()
        self._check_call()
        # sudo: hashes are nobody's to read; whose calls may be seen was checked
        known = self.sudo().number_hash
        calls = self.sudo().search([("number_hash", "=", known)], limit=1000)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls From This Number"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", calls.ids if known else self.ids)],
        }

    def show_number(self, reason, words=None):
        """Show the number, and keep on record who looked and why.

        :param reason, words: why, see `civic.reporter.show`
        :return: the number as it is dialled
        :raises TooManyLooks: this person may not open another identity today
        """
        self.ensure_one()
        self._check_call()
        accesses = self.env["civic.access"]
        given = accesses._read_reason(reason, words)
        accesses._log(
            self.env["civic.reporter"],
            "number",
            report=self.report_id,
            call_id=self.id,
            company_id=self.company_id.id,
            **given,
        )
        self._elevated()._log("show", given["reason"])
        return self._open_number()

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _check_call(self):
        """Calls are the operators' to see, and whoever sees one may follow it up.

        :raises MissingError: for everybody else, as if there were none
        """
        words = self.env._("Not found: there is no such call.")
        if not self.env.user.has_group("civic_report.group_operator"):
            raise MissingError(words)
        check_visible(self, words)

    @api.model
    def _verb_label(self, verb):
        events = self.env["civic.call.event"]
        labels = dict(events._fields["code"]._description_selection(self.env))
        return labels[self._transition(verb).code]

    def _react_record(self, act):
        """A history of its own: few calls are about a report."""
        for call in self:
            call._log(act.transition.code, act.note)

    def _log(self, code, note):
        self.env["civic.call.event"].create(
            {
                "call_id": self.id,
                "code": code,
                "user_id": self.env.uid,
                "at": self.env["civic.door"]._now(),
                "note": note,
            }
        )


class CivicCallEvent(models.Model):
    """What was done about a call; rows are only ever added."""

    _name = "civic.call.event"
    _inherit = ["civic.kept"]
    _description = "Event of a call"
    _order = "at desc, id desc"
    _rec_name = "code"

    call_id = fields.Many2one(
        "civic.call", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(related="call_id.company_id")
    code = fields.Selection(
        [
            ("show", "Number shown"),
            ("take_down", "Report taken down"),
            ("link", "About an earlier report"),
            ("verify", "Harassment verified"),
            ("extract", "Recording extracted"),
            ("pass", "Passed to the competent body"),
            ("result", "Result recorded"),
            ("recording", "About the recording"),
        ],
        "Event",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True)
    note = fields.Text(readonly=True)

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))
