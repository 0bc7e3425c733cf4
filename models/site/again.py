from odoo import api, models

from ..workflow.transitions import ANSWERED_STATES


class CivicSiteList(models.AbstractModel):
    _inherit = "civic.site.list"

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
            lambda row: row.state in ANSWERED_STATES and row.company_id == company
        )


class CivicForm(models.AbstractModel):
    _inherit = "civic.form"

    @api.model
    def _recurrence_form_sudo(self, code, company, user):
        """What the form starts with that reports a matter again.

        :return: dict of strings by the names of the form; empty for an unknown code
        """
        report = self.env["civic.site.list"]._find_recurring_sudo(code, company, user)
        if not report:
            return {}
        # The form is filled in for whoever asks, so with what everybody may know.
        place = report._public_position()
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
            "latitude": f"{place['latitude']:.7f}" if place else "",
            "longitude": f"{place['longitude']:.7f}" if place else "",
        }


class CivicReport(models.Model):
    """What the site says of the same matter before and since."""

    _inherit = "civic.report"

    def _recurs_after(self, code, user):
        """Link a new report to the first one of its matter, and count it there.

        A code that is no longer known stops nobody from reporting.

        :param code, user: see `_find_recurring_sudo`
        """
        self.ensure_one()
        before = self.env["civic.site.list"]._find_recurring_sudo(
            code, self.company_id, user
        )
        if before:
            # Three reports of one matter all hang on the first.
            first = before.recurrence_of_id or before
            self._elevated().recurrence_of_id = first
            first._count_recurrences(1)

    def _recurrence_values(self):
        """What everybody may know of the same matter before and since.

        :return: `Again`
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

        :return: list of `Near`
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
        matching = self.env["civic.matching"]
        return matching._similar_published_sudo(self.company_id, values)
