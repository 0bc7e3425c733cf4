from odoo import api, models
from odoo.fields import Domain


class CivicReport(models.Model):
    """What the sender sees of the own reports."""

    _inherit = "civic.report"

    def _own_result(self):
        """The answer, unless the law on state secrets has it go another way."""
        is_secret = self.visibility == "secret"
        shown = self.published_at and not is_secret
        return {"result": self.public_result if shown else "", "is_secret": is_secret}

    def _has_own_letter(self):
        """Whether a letter to the sender stands behind the answer: an agency's alone
        has one, and one that holds state secrets goes another way."""
        return (
            self.state == "done"
            and self.visibility != "secret"
            and bool(self._answered_parts())
        )

    def _own_todo(self):
        """What waits for the sender, in words; "" for nothing."""
        if self._may_as_sender("supply"):
            return self.env._("Your answer is needed")
        if self._can_be_rated():
            return self.env._("Please rate the answer")
        if self._awaits_disclosure_answer():
            return self.env._("An agency asks who you are")
        return ""

    def _own_pictures(self):
        """Addresses of the pictures that the sender sent."""
        return [
            f"{self._own_path()}/tep/{file['index']}"
            for file in self._own_file_values()
            if file["is_picture"]
        ]

    def _supplement_request(self):
        """The last words by which the Centre asked for more."""
        asked = self.event_ids.filtered(
            lambda event: event.code == "request_supplement"
        )
        return asked[:1].note or ""


class CivicSiteList(models.AbstractModel):
    _inherit = "civic.site.list"

    @api.model
    def _own_domain(self, user):
        return Domain("reporter_id.user_id", "=", user.id)

    @api.model
    def _find_own_sudo(self, code, user):
        """The report of this code that this user sent, or empty."""
        # sudo: the link to the sender is hidden from citizens; the domain is the guard
        reports = self.env["civic.report"].sudo()
        if user._is_public():
            return reports
        own = self._own_domain(user) & Domain("name", "=", code.upper())
        return reports.search(own, limit=1)

    @api.model
    def _search_own_sudo(self, user, older=None, limit=20):
        """One page of the reports that this user sent, the latest first.

        :return: see `_page`
        """
        # sudo: citizens read no reports; the domain lets this account's own through
        reports = self.env["civic.report"].sudo()
        if user._is_public():
            return reports, None
        return self._page(reports, self._own_domain(user), older, limit)

    @api.model
    def _count_own_sudo(self, user, limit=100):
        """How many reports this user sent, counted up to `limit`."""
        # sudo: citizens read no reports; the domain lets this account's own through
        reports = self.env["civic.report"].sudo()
        return reports.search_count(self._own_domain(user), limit=limit)
