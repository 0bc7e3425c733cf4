from odoo import api, models
from odoo.fields import Domain

from .ir_attachment import CIVIC_MODELS
from .paths import ACCOUNT_PAGE


class CivicReport(models.Model):
    """What the sender sees of the own reports."""

    _inherit = "civic.report"

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _own_domain(self, user):
        return Domain("reporter_id.user_id", "=", user.id)

    @api.model
    def _find_own_sudo(self, code, user):
        """The report of this code that this user sent, or empty."""
        if user._is_public():
            return self.sudo().browse()
        # sudo: the link to the sender is hidden from citizens; the domain is the guard
        return self.sudo().search(
            self._own_domain(user) & Domain("name", "=", code.upper()), limit=1
        )

    @api.model
    def _search_own_sudo(self, user, older=None, limit=20):
        """One page of the reports that this user sent, the latest first.

        :return: see `_page`
        """
        if user._is_public():
            return self.sudo().browse(), None
        return self.sudo()._page(self._own_domain(user), older, limit)  # sudo: as above

    @api.model
    def _count_own_sudo(self, user, limit=100):
        """How many reports this user sent, counted up to `limit`."""
        # sudo: as above
        return self.sudo().search_count(self._own_domain(user), limit=limit)

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _own_values(self):
        """What the sender may know besides: the own words, reasons, what to do now."""
        return {
            **self._public_values(),
            **self._own_result(),
            "description": self.description,
            "supplied_text": self.supplied_text or "",
            "visibility": self.visibility,
            "asked_private": self.asked_private,
            "is_published": self.is_published,
            "reason": self.reason or "",
            "reason_message": self.reason_message or "",
            "supplement_request": self._supplement_request(),
            "can_supply": self.state == "supplementing",
            "can_rate": self._can_be_rated(),
            "own_rating": self._own_rating_values(),
            "can_follow_up": self.state == "done",
            "interactions": [
                {
                    "body": row.body,
                    "sent_at": row.sent_at,
                    "agency": row.agency_id.name,
                    "answer": "" if self.visibility == "secret" else row.answer or "",
                    "answered_at": row.answered_at,
                }
                for row in self.interaction_ids
                if not row.by_other
            ],
            # Whom a question can be put to, where several agencies answered.
            "parts": [
                {"id": part.id, "agency": part.agency_id.name}
                for part in self._answered_parts()
            ],
            "levels": [
                {"id": level.id, "name": level.name}
                for level in self.procedure_id.scale_id.level_ids
            ],
            "rating_comment": self.rating_comment or "",
            "own_files": self._own_file_values(),
            "notices": [
                {"index": index, "name": file.name}
                for index, file in enumerate(self._own_notices())
            ],
            "sealed_files": self._sealed_file_count(),
            "timeline": self._timeline(own=True),
        }

    def _own_result(self):
        """The answer, unless the law on state secrets has it go another way."""
        is_secret = self.visibility == "secret"
        shown = self.published_at and not is_secret
        return {"result": self.public_result if shown else "", "is_secret": is_secret}

    def _own_card_values(self):
        """What the sender's list shows: a card, and what the sender can do now."""
        todo = ""
        if self.state == "supplementing":
            todo = self.env._("Your answer is needed")
        elif self._can_be_rated():
            todo = self.env._("Please rate the answer")
        pictures = [
            f"{self._own_path()}/tep/{file['index']}"
            for file in self._own_file_values()
            if file["is_picture"]
        ]
        return {
            **self._card_values(),
            "path": self._own_path(),
            "pictures": pictures[:1],
            "todo": todo,
        }

    def _own_path(self):
        """Address of the own page of a sender with an account."""
        self.ensure_one()
        return f"{ACCOUNT_PAGE}/{self.name.lower()}"

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

    def _supplement_request(self):
        """The last words by which the Centre asked for more."""
        asked = self.event_ids.filtered(
            lambda event: event.code == "request_supplement"
        )
        return asked[:1].note or ""
