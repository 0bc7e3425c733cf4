import base64

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..models.ground.guard import missing
from ..tools.letters import enumeration, long_date, paragraphs
from ..tools.working_time import local_date

MAX_LETTERS = 50
MAX_PICTURES = 8
# Sharp on half a page, small in a mail.
PICTURE_SIZE = (1000, 1000)
# wkhtmltopdf without the patched Qt, as Debian has it, draws everything this much
# smaller than it was told, and cannot be asked not to.
UNPATCHED_SCALE = 0.768
# Templates by the form that a procedure prescribes.
TEMPLATES = {
    "plain": "civic_report.letter_plain",
    "official": "civic_report.letter_official",
    "official_qn": "civic_report.letter_official_qn",
    "display": "civic_report.letter_display",
}


class CivicLetter(models.AbstractModel):
    """Result letters (HUE Phụ lục 1, ST Phụ lục I, QN Phụ lục II, BG's display form):
    what the named and the anonymous variant of all forms share.

    `/report/…` asks nobody's rights: the models below are the guard. Templates get
    plain values and no records, so that no template can show more than it is given.
    """

    _name = "civic.letter"
    _description = "Result letter"

    # Whose letter it is.
    _letter_model = None
    # Words of pages with which the numbers of pages begin anew.
    _numbered_from = None

    @api.model
    def _get_report_values(self, docids, data=None):
        """Values of the letters, for readers who may have them.

        :raises MissingError: for ids that do not exist or that the user may not see
        :raises UserError: when there is no result to tell yet
        """
        records = self._checked(docids)
        self._log_prints(records)
        is_pdf = (data or {}).get("report_type") == "pdf"
        return {
            "letters": [self._prepare_letter(record) for record in records],
            "scale": 1 / UNPATCHED_SCALE
            if is_pdf and not _wkhtml().is_patched_qt
            else 1,
        }

    def _checked(self, docids):
        """The records of these ids: all of them to be read by this user, or none.

        :raises MissingError, UserError: for one that is not this user's, for too many
        """
        docids = docids or []
        if len(docids) > MAX_LETTERS:
            raise UserError(
                self.env._("Print at most %s letters at once.", MAX_LETTERS)
            )
        # Rights are the user's, whoever calls.
        records = self.sudo(False).env[self._letter_model].browse(docids)
        if not records or self._allowed(records.exists()) != records:
            raise missing(self.env)
        self._check_decided(records)
        return records

    def _allowed(self, records):
        """Those of the records whose letter the current user may read."""
        raise NotImplementedError

    def _check_decided(self, records):
        """:raises UserError: unless all results are approved"""
        raise NotImplementedError

    def _log_prints(self, records):
        """Keep on record whose identities are opened, before any is printed."""

    def _prepare_letter(self, record):
        """Plain values of one letter."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Pieces
    # ------------------------------------------------------------------

    def _compose(self, report, parts, text, moment):
        """Values of a letter in any form.

        :param parts: the approved assignments that answer, the main one first
        :param text: the result
        :param moment: when the result came to be known
        """
        # sudo: co-agencies report to the lead (ST Điều 14.2), who need not see them
        helpers_sudo = parts.sudo().co_ids.filtered(lambda row: row.state == "approved")
        agencies = parts.agency_id or report.agency_id
        # sudo: the form of address tells nothing about who it is
        is_organisation = report.sudo().reporter_id.is_organisation
        return {
            "template": self._template(report.procedure_id),
            "code": report.name,
            "date": self._long_date(report.company_id, moment),
            "heading": [agency._letter_name() for agency in agencies],
            "agency": enumeration(agencies.mapped("name")),
            "addressee": "tổ chức" if is_organisation else "cá nhân",
            "is_organisation": is_organisation,
            "name": "",
            "is_secret": report.visibility == "secret",
            "paragraphs": [
                *paragraphs(text),
                *self._contributions(helpers_sudo, [text, *parts.mapped("result")]),
            ],
            **self._evidence([*self._files(parts), *self._files(helpers_sudo)]),
        }

    def _contributions(self, helpers, texts):
        """Paragraphs of the co-agencies' results, the agency named.

        :param texts: what is not said again when the lead has consolidated it in there
        """
        said = [" ".join((text or "").split()) for text in texts]
        return [
            line
            for helper in helpers
            if not any(" ".join((helper.result or "").split()) in text for text in said)
            for line in (
                f"{helper.agency_id.name} phối hợp xử lý:",
                *paragraphs(helper.result),
            )
        ]

    def _template(self, procedure):
        """Forms without a template of their own are printed as the plain one."""
        return TEMPLATES.get(procedure.letter_form, TEMPLATES["plain"])

    def _long_date(self, company, moment):
        return long_date(local_date(moment, company._civic_calendar().tz))

    def _files(self, assignments):
        """Evidence that was uploaded to the assignments themselves: an id of something
        else must not bring it into a letter."""
        files = assignments.result_attachment_ids.filtered(
            lambda file: (
                file.res_model == "civic.assignment"
                and file.res_id in (0, *assignments.ids)
            )
        )
        # A letter is handed on: what was covered for the public is covered in it too.
        return [shown for _file, shown in files._civic_shown()]

    def _evidence(self, files):
        """Pictures as data URIs, and the names of the files beside them."""
        pictures = [file for file in files if file.mimetype.startswith("image/")]
        shown = pictures[:MAX_PICTURES]
        return {
            "pictures": [self._data_uri(picture) for picture in shown],
            "files": [file.name for file in files if file not in shown],
        }

    def _data_uri(self, picture):
        small = image_process(
            picture.raw, size=PICTURE_SIZE, quality=80, output_format="JPEG"
        )
        return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"


class CivicLetterNamed(models.AbstractModel):
    """The Centre's letter to the citizen, by name.

    For operators, and for the citizen once the report is done.
    """

    _name = "report.civic_report.letter_named"
    _inherit = ["civic.letter"]
    _description = "Result letter to the citizen"

    _letter_model = "civic.report"

    def _allowed(self, reports):
        roles = reports._door_roles()
        senders = reports.filtered(lambda report: "reporter" in roles[report])
        operators = reports.filtered(lambda report: "operator" in roles[report])
        # HUE Điều 9.1c: answers that hold state secrets go another way.
        # sudo: senders have no rights on the record
        senders = senders.filtered(lambda row: row.sudo().visibility != "secret")
        return reports & (senders | operators._filtered_access("read"))

    def _log_prints(self, reports):
        # sudo: the reader was let in; whose reports they are is compared
        looks = [
            {
                "reporter_id": row.reporter_id.id,
                "report_id": row.id,
                "company_id": row.company_id.id,
                "shown": "name",
            }
            for row in reports.sudo()
            if row.reporter_id
            and not (row.reporter_id._belongs_to(self.env.user) or row._has_grant())
        ]
        if looks:
            self.env["civic.access"]._log_all("letter", looks)

    def _check_decided(self, reports):
        for report, roles in reports._door_roles().items():
            states = ("resolved", "done") if "operator" in roles else ("done",)
            # sudo: the sender has no rights on the record, and was let in above
            if report.sudo().state not in states:
                raise UserError(
                    self.env._(
                        "%s: there is a letter once the result is approved and "
                        "published.",
                        report.sudo().name,
                    )
                )

    def _prepare_letter(self, report):
        # sudo: the reader was let in; the name is shown in this variant alone
        report_sudo = report.sudo()
        approved = report_sudo.assignment_ids.filtered(
            lambda row: row.state == "approved" and row.role != "co"
        )
        main = approved.filtered(lambda row: row.agency_id == report_sudo.agency_id)
        published = report_sudo.published_at or report_sudo.resolved_at
        return {
            **self._compose(
                report_sudo, main | approved, report_sudo.public_result, published
            ),
            "name": report_sudo.reporter_id.name or "",
        }


class CivicLetterAnonymous(models.AbstractModel):
    """An agency's own letter, without the citizen's name.

    For whoever may read the assignment, once its leader has approved the result.
    """

    _name = "report.civic_report.letter_anonymous"
    _inherit = ["civic.letter"]
    _description = "Result letter without a name"

    _letter_model = "civic.assignment"

    def _allowed(self, assignments):
        return assignments._filtered_access("read")

    def _check_decided(self, assignments):
        for assignment in assignments:
            if assignment.state != "approved":
                raise UserError(
                    self.env._(
                        "%s: there is a letter once the leader approves the result.",
                        assignment.display_name,
                    )
                )
            if assignment.role == "co":
                raise UserError(
                    self.env._(
                        "%s: the result of a co-agency stands in the letter of the "
                        "lead.",
                        assignment.display_name,
                    )
                )

    def _prepare_letter(self, assignment):
        return self._compose(
            assignment.report_id,
            assignment,
            assignment.result,
            assignment.approved_at,
        )
