import base64
import uuid

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError, ValidationError

from ..tools import media
from ..tools.text import InvalidPhone, clean, phone_e164
from .civic_vault import VaultError
from .door import is_inside, lock_rows

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
    _inherit = ["civic.kept", "civic.sealed"]
    _description = "Call"
    _order = "called_at desc, id desc"

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
    operator_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
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
        "civic.agency", "Competent Body", readonly=True, copy=False
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
        return super(CivicCall, self._elevated_call()).create(rows).with_env(self.env)

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
        report = self.env["civic.report"].browse(vals.get("report_id") or [])
        foreign = vals.get("company_id", self.env.company.id) not in (
            self.env.companies.ids
        )
        if foreign or report != report.exists()._filtered_access("read"):
            raise MissingError(self.env._("Not found: choose another report."))

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
        vault = self.env["civic.vault"]
        sealed = vault._seal(number.encode(), f"{self._name}:{ref}:number")
        return {
            "number_sealed": base64.b64encode(sealed).decode(),
            "number_hash": vault._fingerprint("phone", number),
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
        sealed = self.env["civic.vault"]._seal(raw, f"{self._name}:{ref}:recording")
        return {"recording_sealed": base64.b64encode(sealed)}

    def _vault_again(self):
        values = {}
        if self.number_sealed:
            values.update(self._sealed_number(self._open_number(), self.vault_ref))
        if self.recording_sealed:
            values.update(self._seal_recording(self._open_recording(), self.vault_ref))
        return values

    def _vault_write(self, values):
        self._elevated_call().write(values)

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
        opened = self.env["civic.vault"]._open(
            base64.b64decode(row.number_sealed), f"{self._name}:{row.vault_ref}:number"
        )
        return opened.decode()

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
        return self.env["civic.vault"]._open(
            base64.b64decode(row.recording_sealed),
            f"{self._name}:{row.vault_ref}:recording",
        )

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
        known = self.sudo().number_hash  # sudo: as above
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
        self._elevated_call()._log("show", given["reason"])
        return self._open_number()

    # ------------------------------------------------------------------
    # Harassment (ST Điều 20)
    # ------------------------------------------------------------------

    def verify(self, kind, note):
        """Find, having checked, that a call was harassing (ST Điều 20.2, bước 1).

        :param kind: "harassment" (calling again and again) or "insult"
        :param note: what was found
        """
        call = self._enter({"logged"})
        if kind not in ("harassment", "insult"):
            raise UserError(self.env._("Choose what kind of violation it is."))
        note = self._reason(note, self.env._("what was found"))
        call.write({"state": "verified", "kind": "harassment"})
        self.env["civic.violation"].with_env(call.env)._find(
            [
                {
                    "about": "call",
                    "call_id": call.id,
                    "company_id": call.company_id.id,
                    "kind": kind,
                    "note": note,
                    "sent_at": call.called_at,
                    "source": call.company_id._civic_procedure()._conduct_words(
                        "harassment_source"
                    ),
                }
            ]
        )
        call._log("verify", note)
        return True

    def extract_recording(self, recording=None, recording_name=None):
        """Extract the recording of a harassing call (ST Điều 20.2, bước 1).

        :param recording: base64 of the file, where none was kept with the call
        :param recording_name: its name
        """
        call = self._enter({"verified"})
        values = {"state": "extracted"}
        if recording:
            values.update(self._sealed_recording(recording, call.vault_ref))
            values["recording_name"] = clean(recording_name or "", multiline=False)
        elif not call.has_recording:
            raise UserError(self.env._("Add the recording of the call."))
        call.write(values)
        call._log("extract", call.recording_name)
        return True

    def pass_on(self, agency_id, document, date):
        """Pass a harassing call to the competent body (ST Điều 20.2, bước 2).

        :param agency_id: id of the civic.agency that deals with it
        :param document: number of the letter
        :param date: its date
        """
        call = self._enter({"extracted"})
        agency = self.env["civic.report"]._known_agencies([agency_id])
        if not agency or agency.company_id != call.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        document = self._reason(document, self.env._("the number of the letter"))
        date = fields.Date.to_date(date)
        if not date or date > call.company_id._civic_today():
            raise UserError(self.env._("Give the date of the letter."))
        call.write(
            {
                "state": "passed",
                "agency_id": agency.id,
                "document": document,
                "passed_on": date,
            }
        )
        call._log("pass", f"{agency.name} · {document}")
        return True

    def record_result(self, result):
        """Record what the competent body has told (ST Điều 20.2, bước 3).

        :param result: its words
        """
        call = self._enter({"passed"})
        result = self._reason(result, self.env._("the result"))
        call.write({"state": "closed", "result": result})
        call._log("result", result)
        return True

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _enter(self, sources):
        """This call, locked and elevated, if it is in one of these states."""
        self.ensure_one()
        self._check_call()
        call = self._elevated_call()
        lock_rows(call)
        if call.state not in sources:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(call)s is “%(state)s”: this is possible only from %(states)s.",
                    call=call.display_name,
                    state=labels[call.state],
                    states=", ".join(f"“{labels[key]}”" for key in sources),
                )
            )
        return call

    def _check_call(self):
        """Calls are the operators' to see, and whoever sees one may follow it up.

        :raises MissingError: for everybody else, as if there were none
        """
        operates = self.env.user.has_group("civic_report.group_operator")
        if not operates or self != self.exists()._filtered_access("read"):
            raise MissingError(self.env._("Not found: there is no such call."))

    def _elevated_call(self):
        return self.with_env(self.env["civic.report"]._elevated().env)

    def _reason(self, text, what):
        return self.env["civic.report"]._required_text(text, what)

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
