import base64

from odoo import models
from odoo.tools import SQL

from ..ground.numbering import next_number
from .periodic_report import ISSUED_STATES

# Which issuer's series a lock is on; below 0, so that it is no agency's letters.
ISSUERS = ("centre", "department", "office", "operator", "agency")


class CivicPeriodicReport(models.Model):
    """Issuing: the number is drawn, the files are made, whoever is to know is told."""

    _inherit = "civic.periodic.report"

    def issue(self):
        """Issue an approved report under the next number of its series."""
        self.ensure_one()
        report = self._enter("issue")
        report._walk("issue", report._prepare_issue())
        report._supersede()
        report._ask_for("print")
        return True

    def _prepare_issue(self):
        """Values of a report that is issued now, its number drawn."""
        now = self._now()
        year = self.company_id._civic_date(now).year
        sequence = self._next_in_series(year)
        return {
            "number_sequence": sequence,
            "number_year": year,
            "number": f"{sequence:02d}/BC-{self._number_symbol()}",
            "issued_at": now,
            "issued_by_id": self._event_user().id,
            "was_late": bool(self.due_at and now > self.due_at),
        }

    def _number_symbol(self):
        return self.kind_id.symbol or "PAHT"

    def _next_in_series(self, year):
        """The number after the last one that this issuer gave in a year."""
        series = self.number_series

        def last(cr):
            cr.execute(
                SQL(
                    """
                    SELECT max(number_sequence) FROM civic_periodic_report
                     WHERE number_series = %s AND number_year = %s
                    """,
                    series,
                    year,
                )
            )
            return cr.fetchone()[0] or 0

        self.flush_model(["number_sequence", "number_year", "number_series"])
        company, issuer = series.split(":")
        place = year * len(ISSUERS) + ISSUERS.index(issuer)
        return next_number(self.env, (int(company), -place), last)

    def _supersede(self):
        """The report in whose place this one comes is in force no more."""
        for report in self.filtered("replaces_id"):
            report.replaces_id._walk("supersede", note=report.number)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def make_files(self):
        """Make the files of an issued report, where that has failed."""
        self.ensure_one()
        report = self._enter("make_files")
        report._walk("make_files")
        report._ask_for("print")
        return True

    def _guard_files_missing(self):
        if self.has_files or self.job:
            return self.env._("The files are there, or being made.")
        return None

    def _keep_files(self, tell=None):
        """Make the files from the rows, once: they stay as they are."""
        self.ensure_one()
        if self.has_files or self.state not in ISSUED_STATES:
            return
        tell = tell or (lambda share: None)
        tell(10)
        xlsx = self._make_xlsx()
        tell(30)
        pdf = self._make_pdf_sudo()
        tell(90)
        self.write(
            {"pdf": _as_base64(pdf), "xlsx": _as_base64(xlsx), "has_files": True}
        )
        tell(100)

    def _file(self, kind):
        """A file of a report that the caller may read: as it was issued, or of a draft
        as it stands now.

        :param kind: pdf or xlsx
        :return: bytes
        """
        self.ensure_one()
        # sudo: the caller may read the report, and need not what it is made of
        report_sudo = self.sudo().with_context(bin_size=False)
        if report_sudo.has_files:
            return _from_base64(report_sudo[kind])
        return self._make_pdf_sudo() if kind == "pdf" else report_sudo._make_xlsx()

    def action_pdf(self):
        """Open the PDF.

        :return: action
        """
        return self._file_action("pdf")

    def action_xlsx(self):
        """Download the spreadsheet.

        :return: action
        """
        return self._file_action("xlsx")

    def _file_action(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/civic_report/periodic/{self.id}/{kind}",
            "target": "new" if kind == "pdf" else "download",
        }


def _as_base64(data):
    return base64.b64encode(data)


def _from_base64(data):
    return base64.b64decode(data or b"")
