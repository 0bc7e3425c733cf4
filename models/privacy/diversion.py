import base64
import io

from pypdf import PdfReader, PdfWriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text import clean
from ..ground.guard import required_text
from ..ground.words_field import SUFFIX
from .disclosure import IDENTITY_FIELDS

MIN_PASSPHRASE = 12
REASON = "civic_report.reason_out_of_scope"
# What is left of a report that was passed on, besides its code and its dates.
EMPTIED = (
    "standardised_description",
    "supplied_text",
    "public_result",
    "reason_message",
    "intake_note",
    "refused_files",
    "designation_note",
    "report_properties",
    "address",
    "ward_id",
    "category_id",
    "occurred_at",
    "rating_comment",
)
# Words about the report on other rows, by model.
EMPTIED_ELSEWHERE = {
    "civic.event": ("note", "note_salt"),
    "civic.interaction": ("body", "answer"),
    "civic.question": ("body", "reason"),
    "civic.assignment": (
        *("note", "result", "return_reason", "send_back_reason", "follow_up_note"),
    ),
    "civic.extension": ("reason", "decision_note"),
    "civic.disclosure": ("reason", "decision_note"),
    "civic.diversion": ("note",),
    "civic.violation": ("note", "appeal_text", "decision_note"),
}


class CivicDiversion(models.Model):
    """A complaint or denunciation handed to the body that the law names for it.

    This system does not take them in (ST Điều 1.1c, QN Điều 5.4). The Centre hands
    the file over by the channel of the law, then deletes its copy: who denounces is
    protected (Luật Tố cáo 25/2018/QH14), and so is who is denounced. It is the one
    exception to the rule that what came in is never rewritten, and goes in two steps.
    """

    _name = "civic.diversion"
    _inherit = ["civic.data.case"]
    _description = "Complaint or denunciation passed on"
    _order = "id desc"
    _open_states = ("prepared", "handed")

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one("civic.agency", readonly=True, ondelete="restrict")
    authority = fields.Char(
        "Competent Body", required=True, readonly=True, help="To whom it goes."
    )
    document_number = fields.Char(
        "Letter", required=True, readonly=True, help="Number and date of the letter."
    )
    note = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("prepared", "To hand over"),
            ("handed", "File taken out"),
            ("wiped", "Copy deleted"),
        ],
        required=True,
        default="prepared",
        readonly=True,
    )
    diverted_by_id = fields.Many2one("res.users", "Passed On By", readonly=True)
    diverted_at = fields.Datetime("Passed On", required=True, readonly=True)
    taken_out_by_id = fields.Many2one("res.users", "File Taken By", readonly=True)
    taken_out_at = fields.Datetime("File Taken", readonly=True)
    wiped_by_id = fields.Many2one("res.users", "Copy Deleted By", readonly=True)
    wiped_at = fields.Datetime("Copy Deleted", readonly=True)

    _once = models.UniqueIndex("(report_id)", "This report has been passed on already.")

    @api.depends("report_id.name")
    def _compute_display_name(self):
        for diversion in self:
            diversion.display_name = diversion.report_id.name

    # ------------------------------------------------------------------
    # Step 1: the file
    # ------------------------------------------------------------------

    def take_out(self, passphrase):
        """Take out the file for the competent body, once.

        :param passphrase: what opens the file; kept nowhere, told to the body by
            another way than the file
        :return: dict: name, and data in base64: a PDF under AES-256 with everything
            that was sent
        """
        name, data = self._take_out(passphrase)
        return {"name": name, "data": base64.b64encode(data).decode()}

    def _take_out(self, passphrase):
        self.ensure_one()
        diversion = self._enter("take_out")
        passphrase = (passphrase or "").strip()
        if len(passphrase) < MIN_PASSPHRASE:
            raise UserError(
                self.env._(
                    "Choose a passphrase of at least %s letters.", MIN_PASSPHRASE
                )
            )
        report = diversion.report_id
        if report.reporter_id:
            words = self.env._("File for %s", diversion.authority)
            given = report.reporter_id._given("authority", words)
            report.reporter_id._log_look(IDENTITY_FIELDS, given, report=report)
        data = diversion._sealed_file(passphrase)
        diversion._walk(
            "take_out", {"taken_out_by_id": self.env.uid, "taken_out_at": self._now()}
        )
        return f"{report.name}.pdf", data

    def take_out_again(self, reason):
        """Allow the file to be taken out once more: the first one was lost.

        :param reason: what became of it
        """
        self.ensure_one()
        diversion = self._enter("take_out_again")
        reason = required_text(self.env, reason, self.env._("a reason"))
        diversion._walk("take_out_again", note=reason)
        return True

    def _sealed_file(self, passphrase):
        report = self.report_id
        html = self.env["ir.qweb"]._render(
            "civic_report.diversion_file",
            {
                "diversion": self,
                "report": report,
                "reporter": report.reporter_id,
                "labels": self.env["civic.reporter"]._identity_labels(),
                "identity_fields": IDENTITY_FIELDS,
                "when": report.company_id._civic_moment_text,
                "files": self._files(),
            },
        )
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf([str(html)])
        writer = PdfWriter()
        writer.append(PdfReader(io.BytesIO(pdf)))
        for name, data in self._files():
            writer.add_attachment(name, data)
        writer.encrypt(passphrase, algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def _files(self):
        """Every file that was sent, as it was sent where that was kept.

        :return: list of (name, bytes)
        """
        return self.report_id._sent_files()

    def action_take_out(self):
        """Open the page on which the passphrase is chosen and the file comes.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/civic/ho-so-chuyen/{self.id}",
            "target": "new",
        }

    # ------------------------------------------------------------------
    # Step 2: the copy here
    # ------------------------------------------------------------------

    def wipe(self, code):
        """Delete the copy here, once the competent body has the file.

        What is left is a stub: code, dates, that it was passed on and to whom. Nothing
        brings the rest back.

        :param code: the code of the report, typed to confirm
        """
        self.ensure_one()
        diversion = self._enter("wipe")
        report = diversion.report_id
        if clean(code or "", multiline=False).upper() != report.name:
            raise UserError(
                self.env._(
                    "Type the code of the report to confirm that its content is to be "
                    "deleted."
                )
            )
        report._lock_rows()
        reporter = report.reporter_id
        report.disclosure_ids.filtered("is_open")._end_for_the_person()
        report._wipe_content()
        diversion._walk("wipe", {"wiped_by_id": self.env.uid, "wiped_at": self._now()})
        if reporter:
            reporter._unlink_from(report)
        return True

    def _event_target(self):
        self.ensure_one()
        return {"report_id": self.report_id.id, "company_id": self.company_id.id}


class CivicReport(models.Model):
    _inherit = "civic.report"

    diversion_ids = fields.One2many(
        "civic.diversion",
        "report_id",
        "Passed On",
        groups="civic_report.group_operator",
    )
    diverted_at = fields.Datetime("Passed On Since", readonly=True, copy=False)

    def divert(self, document_number, agency_id=None, authority=None, note=None):
        """Pass a complaint or denunciation on to the competent body.

        The report is refused with that ground; the Centre then takes the file out,
        hands it over, and deletes its copy: see `civic.diversion`.

        :param document_number: number and date of the letter with which it goes
        :param agency_id: id of the competent body, where it is one of the agencies
        :param authority: its name, where it is not
        :param note: for the file
        :return: id of the civic.diversion
        """
        self.ensure_one()
        report = self._enter("divert")
        document_number = required_text(
            self.env, document_number, self.env._("the number and date of the letter")
        )
        agency = self._known_agencies([agency_id]) if agency_id else None
        authority = required_text(
            self.env,
            agency.name if agency else authority,
            self.env._("the competent body"),
        )
        now = self._now()
        report._walk("divert", report._diverted_values(authority, now))
        diversions = self.env["civic.diversion"].with_env(report.env)
        diversion = diversions.create(
            {
                "report_id": report.id,
                "company_id": report.company_id.id,
                "agency_id": agency.id if agency else False,
                "authority": authority,
                "document_number": document_number,
                "note": clean(note or "") or False,
                "diverted_by_id": self.env.uid,
                "diverted_at": now,
            }
        )
        return diversion.id

    def _diverted_values(self, authority, now):
        """Refused, for that ground, and secret from now on."""
        reason = self.env.ref(REASON).sudo()
        return {
            **self._operator_values(),
            "reason_id": reason.id,
            "reason": reason.name,
            "reason_message": self.env._(
                "Complaints and denunciations are not handled by this system. It "
                "was passed on to the competent body: %s.",
                authority,
            ),
            "closed_at": now,
            "diverted_at": now,
            "visibility": "secret",
        }

    def _guard_not_passed_on(self):
        if self.diverted_at:
            return self.env._(
                "%s was passed on to the competent body: nothing is done with it "
                "here any more.",
                self.name,
            )
        return None

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    def _sent_files(self):
        """Files of the report, the originals where they were kept.

        :return: list of (name, bytes)
        """
        self.ensure_one()
        originals = {file.name: file for file in self._original_files()}
        sent = []
        for file in self.attachment_ids.sorted("id"):
            original = originals.get(f"{self.name}-{file.name}")
            sent.append((file.name, original._civic_opened() if original else file.raw))
        return sent

    def _original_files(self):
        reporter = self.reporter_id
        if not reporter:
            return self.env["ir.attachment"]
        return reporter._original_files(self)

    def _wipe_content(self):
        """Delete what a report says, wherever it says it; leave the stub."""
        self.ensure_one()
        self._wipe_files()
        forgetting = self.env["civic.forgetting"]
        calls = self.env["civic.call"].search([("report_id", "=", self.id)])
        calls._recordings()._civic_forget()
        forgetting._empty_rows(calls)
        forgetting._empty_rows(self.env["civic.inbox"]._of(self))
        stub = self.env._("Passed on to the competent body; the copy here is deleted.")
        self.write(
            {
                **dict.fromkeys(EMPTIED, False),
                "latitude": 0.0,
                "longitude": 0.0,
                "subject": stub,
                "description": stub,
                "submission_key": False,
            }
        )
        self._wipe_rows()
        self._wipe_dialogs()

    def _wipe_rows(self):
        """Empty the words about it on rows that are otherwise never changed."""
        self.env.flush_all()
        for name, columns in EMPTIED_ELSEWHERE.items():
            model = self.env[name]
            masked = [f"{column}{SUFFIX}" for column in columns]
            columns = [*columns, *(one for one in masked if one in model._fields)]
            emptied = SQL(", ").join(
                SQL(
                    "%s = %s",
                    SQL.identifier(column),
                    "…" if model._fields[column].required else None,
                )
                for column in columns
            )
            # SQL: the guards of these models let nobody rewrite them, this included
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE report_id = %s",
                    SQL.identifier(model._table),
                    emptied,
                    self.id,
                )
            )
            model.invalidate_model(columns)

    def _cut_links(self):
        """Let no other row tell who sent this report."""
        self.env.flush_all()
        for table, column in (
            ("civic_access", "report_id"),
            ("civic_call", "report_id"),
            ("civic_disclosure", "reporter_id"),
            ("civic_violation", "report_id"),
        ):
            # SQL: the guards of these models let nobody rewrite them
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = NULL WHERE report_id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    self.id,
                )
            )
        self.env.invalidate_all(flush=False)

    def _wipe_dialogs(self):
        """Delete what operators typed into dialogs about this report."""
        for model in self.env.registry.values():
            if (
                model._transient
                and not model._abstract
                and "report_id" in model._fields
            ):
                if model._fields["report_id"].comodel_name == self._name:
                    self.env[model._name].search([("report_id", "=", self.id)]).unlink()

    def _wipe_files(self):
        """Delete the files of this report and their originals, on the disk as well."""
        own = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        own |= Domain("res_model", "=", "civic.event") & Domain(
            "res_id", "in", self.event_ids.ids
        )
        files = self.env["ir.attachment"].search(own)
        (files | self.attachment_ids | self._original_files())._civic_forget()
