from odoo import api, fields, models
from odoo.tools import SQL

from .civic_report import TURNED_AWAY

# A matter can happen again once it was answered or passed on.
ANSWERED = ("done", "forwarded")
# What a new report of the same matter starts with.
KEPT = ("category_id", "ward_id", "address", "latitude", "longitude")


class CivicReport(models.Model):
    """The same matter reported again (ST Điều 17.2): linked to the first report of it,
    and counted there."""

    _inherit = "civic.report"

    recurrence_of_id = fields.Many2one(
        "civic.report",
        "Again After",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="civic_report.group_operator",
        help="The first report of the same matter; it may be private.",
    )
    recurrence_count = fields.Integer(
        "Reported Again",
        readonly=True,
        copy=False,
        default=0,
        aggregator="sum",
        help="How often the matter was reported again after it had been answered; what "
        "was not taken in does not count.",
    )

    # Matters that came again, by the agency that had answered (ST Điều 17.2).
    _recurring = models.Index(
        "(agency_id, recurrence_count) WHERE recurrence_count > 0"
    )

    # ------------------------------------------------------------------
    # Reporting again
    # ------------------------------------------------------------------

    @api.model
    def _find_recurring_sudo(self, code, company, user):
        """The answered report that somebody says is happening again, or empty.

        :param code: code of a published report, or of one that the user sent
        :param user: res.users who is signed in, or empty
        """
        code = (code or "").strip()[:40]
        report = self._find_published_sudo(code, company)
        if not report and user and code:
            report = self._find_own_sudo(code, user)
        return report.filtered(
            lambda row: row.state in ANSWERED and row.company_id == company
        )

    @api.model
    def _recurrence_form_sudo(self, code, company, user):
        """What the form starts with that reports a matter again.

        :return: dict of strings by the names of the form; empty for an unknown code
        """
        report = self._find_recurring_sudo(code, company, user)
        if not report:
            return {}
        position = report.latitude or report.longitude
        # What has been split since is for the sender to say.
        category, ward = (
            now if len(now) == 1 else now.browse()
            for now in (report.category_id._in_force(), report.ward_id._in_force())
        )
        return {
            "recurrence_of": report.name,
            "subject": report.subject,
            "address": report.address or "",
            "category_id": str(category.id or ""),
            "ward_id": str(ward.id or ""),
            "latitude": f"{report.latitude:.7f}" if position else "",
            "longitude": f"{report.longitude:.7f}" if position else "",
        }

    def _recurs_after(self, code, user):
        """Link a new report to the first one of its matter, and count it there.

        A code that is no longer known stops nobody from reporting.

        :param code, user: see `_find_recurring_sudo`
        """
        self.ensure_one()
        before = self._find_recurring_sudo(code, self.company_id, user)
        if before:
            # Three reports of one matter all hang on the first.
            first = before.recurrence_of_id or before
            self._elevated().recurrence_of_id = first
            first._count_recurrences(1)

    def _walk(self, verb, values=None, note=None, event_values=None):
        counted = self.filtered(lambda report: report.state not in TURNED_AWAY)
        reports = super()._walk(verb, values, note, event_values)
        for report in reports.filtered("recurrence_of_id"):
            counts = report.state not in TURNED_AWAY
            change = counts - (report in counted)
            if change:
                report.recurrence_of_id._count_recurrences(change)
        return reports

    def _count_recurrences(self, change):
        """Add to the figure in one statement: two at once both count."""
        self.ensure_one()
        self.flush_recordset(["recurrence_count"])
        self.env.execute_query(
            SQL(
                """
                UPDATE civic_report
                   SET recurrence_count = greatest(
                           COALESCE(recurrence_count, 0) + %s, 0)
                 WHERE id = %s
             RETURNING id
                """,
                change,
                self.id,
            )
        )
        self.invalidate_recordset(["recurrence_count"])

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _recurrence_values(self):
        """What everybody may know of the same matter before and since.

        :return: dict: path of the form to report it again (empty while it is open),
            count as words, path and code of the first report
        """
        self.ensure_one()
        count = self.recurrence_count
        first = self.sudo().recurrence_of_id.filtered("is_published")
        return {
            "again_path": self._again_path(),
            "again_words": self.env._("Reported again %s time(s)", count)
            if count
            else "",
            "first_path": first._website_path() if first else "",
            "first_code": first.name or "",
        }

    def _nearby_values(self):
        """Published reports of what may be the same matter, the likeliest first.

        :return: list of dicts: see `_similar_published_sudo`, and distance_words
        """
        self.ensure_one()
        # What everybody reads of it, never the original text.
        values = {
            "subject": self.subject,
            "description": self.standardised_description,
            "address": self.address,
            "category_id": self.category_id.id,
            "ward_id": self.ward_id.id,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "exclude_id": self.id,
        }
        return [
            {**row, "distance_words": self._distance_words(row["distance"])}
            for row in self._similar_published_sudo(self.company_id, values)
        ]

    @api.model
    def _distance_words(self, metres):
        """“120 m”, “1.4 km”; nothing for an unknown distance."""
        if metres is None:
            return ""
        if metres < 1000:
            # No device knows its place to the metre.
            return self.env._("%s m away", max(10, round(metres, -1)))
        return self.env._("%.1f km away", metres / 1000)

    def _again_path(self):
        """Where the same matter is reported again; empty while it is open."""
        if self.state not in ANSWERED:
            return ""
        return f"/phan-anh/gui?tai-dien={self.name.lower()}"
