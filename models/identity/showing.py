from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.text import phone_national
from ..ground.guard import check_visible, id_of, missing
from ..province.upload import MOST_FILES
from .reporter import IDENTITY

# Reporters whose identity is shown at once: more is an export, not a look.
MAX_SHOWN = 10


class CivicReporter(models.Model):
    """Operators are shown identities for a reason, and the look stays on record."""

    _inherit = "civic.reporter"

    def show(self, reason, report_id=None, words=None):
        """Show who the reporters are, and keep on record who looked and why.

        HUE Điều 5.5: identity is used for handling alone.

        :param reason: why it is needed now: code or id of a ground of the list
            (`civic.reason` for looks); other words are “another reason”
        :param report_id: the report because of which it is needed, sent by the one
            reporter
        :param words: what it is about, where the ground needs words
        :return: list of dicts, one for each reporter: id, name, phone, phone_text,
            email_from, address, citizen_id, account, and files, the originals of the
            report's or of all reports: list of dicts id, name; and said, what the
            report says of its sender otherwise, see `civic.statement`
        :raises MissingError: for reporters and reports that are not the caller's to see
        :raises AccessError: for all but the operators of the intake centre
        :raises UserError: without a reason, for too many at once, without the key
        :raises TooManyLooks: this person may not open as many today
        """
        report = self._check_show(report_id)
        accesses = self.env["civic.access"]
        given = accesses._read_reason(reason, words)
        shown = [reporter._shown(report) for reporter in self]
        accesses._log_all(
            "show",
            [
                {
                    **given,
                    "reporter_id": reporter.id,
                    "report_id": report.id,
                    "company_id": reporter.company_id.id,
                    "shown": ", ".join(sorted(filter(values.get, IDENTITY))),
                }
                for reporter, values in zip(self, shown, strict=True)
            ],
        )
        return shown

    def _check_show(self, report_id=None):
        """Check that the current user may look.

        :return: the report because of which it is, or empty
        """
        check_visible(self)
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(
                self.env._("Identities are for operators of the intake centre only.")
            )
        if len(self) > MAX_SHOWN:
            raise UserError(
                self.env._("At most %s identities are shown at once.", MAX_SHOWN)
            )
        report = self.env["civic.report"]
        if report_id:
            report = report.browse(id_of(report_id))
            check_visible(report)
            if report.reporter_id != self:
                raise missing(self.env)
        return report

    @api.model
    def _identity_labels(self):
        """Words for the identity fields as people read them."""
        _ = self.env._
        return {
            "name": _("Full name"),
            "phone": _("Telephone number"),
            "email_from": _("E-mail address"),
            "address": _("Home address"),
            "citizen_id": _("Citizen identity number"),
        }

    def _shown(self, report):
        # sudo: the caller has been checked, and the look is kept on record
        row = self.sudo()
        return {
            "id": row.id,
            **{name: row[name] or False for name in IDENTITY if name != "user_id"},
            "phone_text": phone_national(row.phone or ""),
            "user_id": row.user_id.id,
            "account": row.user_id.login,
            "files": row._originals(report).read(["name"]),
        }

    def _originals(self, report):
        """Files as they came in with a report, or with any."""
        files = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        if report:
            files &= Domain("name", "=like", f"{escape_psql(report.name)}-%")
        return self.env["ir.attachment"].search(
            files, order="id desc", limit=MOST_FILES
        )
