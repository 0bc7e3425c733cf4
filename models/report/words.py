import re

from odoo import models

from ...tools.text import fold
from ..files.names import CIVIC_MODELS
from ..ground.paths import ACCOUNT_PAGE
from ..ground.words_field import masked_words


class CivicReport(models.Model):
    """How a report is called wherever people are told of it: addresses, the state in
    words, its files by number."""

    _inherit = "civic.report"

    def _website_path(self):
        """Address on the public site, readable and without database ids."""
        self.ensure_one()
        # The same address for everybody, and it is found in lists of pages.
        subject = masked_words(self).subject
        words = re.sub(r"[^a-z0-9]+", "-", fold(subject)).strip("-")[:60]
        return "/phan-anh/" + "-".join(
            filter(None, (words.strip("-"), self.name.lower()))
        )

    def _named_values(self):
        """This report for whoever holds a link about it; of none nothing.

        :return: `Named`, see `site/shape.py`
        """
        shown = masked_words(self.filtered("is_published"))
        return {
            "code": self.name or "",
            "subject": shown.subject or "",
            "path": shown._website_path() if shown else "",
        }

    def _own_path(self):
        """Address of the own page of a sender with an account."""
        self.ensure_one()
        return f"{ACCOUNT_PAGE}/{self.name.lower()}"

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _duration_text(self):
        """How long it took, or has been taking."""
        end = self.published_at or self._now()
        minutes = int((end - self.received_at).total_seconds() // 60)
        return self.env["civic.step"]._duration_words(max(minutes, 0))

    def _state_sentence(self):
        """The state in one sentence: who is at work on it, and until when."""
        self.ensure_one()
        words = self._state_words()
        if not self.deadline:
            return words
        until = self.company_id._civic_deadline_text(self.deadline)
        if self.is_overdue:
            return self.env._(
                "%(what_happens)s It was due on %(moment)s and is late.",
                what_happens=words,
                moment=until,
            )
        return self.env._(
            "%(what_happens)s Due: %(moment)s.", what_happens=words, moment=until
        )

    def _state_words(self):
        """What is happening: of its own course, or of the report that it follows."""
        return self._joined_words() or self._course_words()

    def _course_words(self):
        _ = self.env._
        agency = self.agency_id.name or ""
        if self.state == "processing":
            duties = {
                "accept": _(
                    "%s has been given the report and is to take it in.", agency
                ),
                "approve": _(
                    "%s has handled the matter; its answer is approved.", agency
                ),
            }
            return duties.get(self.clock_code) or _(
                "%s is handling the report.", agency
            )
        if self.clock_code == "interaction":
            return _("%s has answered and is to answer a question about it.", agency)
        return {
            "new": _("The intake centre is checking the report."),
            "supplementing": _("Waiting for the sender to complete the report."),
            "received": _("The intake centre is choosing the competent agency."),
            "consulting": _("The intake centre is asking which agency is competent."),
            "designating": _("The province is naming the agency that is to handle it."),
            "resolved": _("The answer is approved; the centre is about to publish it."),
            "concurring": _("The answer is being agreed before it is published."),
            "done": agency and _("%s has answered.", agency),
            "forwarded": agency and _("%s has been told of it.", agency),
            "refused": _("The report was not taken in."),
            "cancelled": _("The report was cancelled."),
        }[self.state] or self._state_label()

    # ------------------------------------------------------------------
    # What the sender sent
    # ------------------------------------------------------------------

    def _own_file_values(self):
        return [
            {
                "index": index,
                "name": file.name,
                "is_picture": (file.mimetype or "").startswith("image/"),
            }
            for index, file in enumerate(self._own_files())
        ]

    def _own_files(self):
        """What the sender sent, in the order sent."""
        files = self.attachment_ids.filtered(
            lambda file: file.res_model in CIVIC_MODELS
        )
        return (files - files._civic_quarantined()).sorted("id")

    def _sealed_file_count(self):
        """How many of the sender's files nobody but the Centre can fetch."""
        # sudo: what is known of files is the Centre's; their number is no secret
        rows = self.attachment_ids.sudo().civic_media_ids
        return len(rows.filtered("withheld"))
