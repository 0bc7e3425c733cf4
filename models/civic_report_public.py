import re

from odoo import api, models
from odoo.fields import Domain

from ..tools.text import fold
from .transitions import TRANSITIONS

# Events whose words the sender may read on the own page.
SENDER_NOTES = ("request_supplement", "supply", "refuse", "cancel")
CODE_AT_END = re.compile(r"([a-z]{1,6}-\d{2}-\d{6,})$")


class CivicReport(models.Model):
    """What the website shows of a report: edited text, never who sent it."""

    _inherit = "civic.report"

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _public_domain(self, company):
        return Domain("is_published", "=", True) & Domain("company_id", "=", company.id)

    @api.model
    def _find_published_sudo(self, slug, company):
        """The published report of an address; empty for any other, hidden or missing.

        :param slug: last part of the address, which ends with the code
        """
        match = CODE_AT_END.search(slug.lower())
        if not match:
            return self.sudo().browse()
        # sudo: visitors of whatever account see the same; the domain is the guard
        return self.sudo().search(
            self._public_domain(company) & Domain("name", "=", match[1].upper()),
            limit=1,
        )

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
    def _search_own_sudo(self, user, offset=0, limit=20):
        """Reports that this user sent, the latest first."""
        if user._is_public():
            return self.sudo().browse()
        # sudo: as above
        return self.sudo().search(self._own_domain(user), offset=offset, limit=limit)

    def _website_path(self):
        """Address on the public site, readable and without database ids."""
        self.ensure_one()
        words = re.sub(r"[^a-z0-9]+", "-", fold(self.subject)).strip("-")[:60]
        return f"/phan-anh/{words.strip('-')}-{self.name.lower()}"

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _public_values(self):
        """What everybody may know of this report.

        :return: dict of plain values and lists of dicts, no records
        """
        self.ensure_one()
        return {
            "code": self.name,
            "path": self._website_path(),
            "subject": self.subject,
            "text": self.standardised_description or "",
            "category": self.category_id.name or "",
            "category_icon": self.category_id.icon or "fa-flag",
            "ward": self.ward_id.name or "",
            "address": self.address or "",
            "agency": self.agency_id.name or "",
            "state": self.state,
            "state_label": self._state_label(),
            "state_sentence": self._state_sentence(),
            "is_overdue": self.is_overdue,
            "deadline": self.deadline,
            "received_at": self.received_at,
            "published_at": self.published_at,
            "result": self.public_result if self.published_at else "",
            "pictures": [
                f"/phan-anh/anh/{self.name.lower()}/{index}"
                for index in range(len(self._public_pictures()))
            ],
            "rating": self.rating_level_id.name or "",
            "is_satisfied": self.rating_level_id.is_satisfied,
            "timeline": self._timeline(),
        }

    def _own_values(self):
        """What the sender may know besides: the own words, reasons, what to do now."""
        return {
            **self._public_values(),
            "description": self.description,
            "supplied_text": self.supplied_text or "",
            "visibility": self.visibility,
            "is_published": self.is_published,
            "result": self.public_result if self.published_at else "",
            "reason": self.reason or "",
            "reason_message": self.reason_message or "",
            "supplement_request": self._supplement_request(),
            "can_supply": self.state == "supplementing",
            "can_rate": self.state == "done" and not self.rating_level_id,
            "levels": [
                {"id": level.id, "name": level.name}
                for level in self.procedure_id.scale_id.level_ids
            ],
            "rating_comment": self.rating_comment or "",
            "own_pictures": [
                f"/my/phan-anh/{self.name.lower()}/tep/{index}"
                for index in range(len(self.attachment_ids))
            ],
            "timeline": self._timeline(own=True),
        }

    def _public_pictures(self):
        return self.public_attachment_ids.filtered(
            lambda file: (file.mimetype or "").startswith("image/")
        )

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _state_sentence(self):
        """The state in one sentence, with who is at work on it."""
        self.ensure_one()
        _ = self.env._
        agency = self.agency_id.name
        sentences = {
            "new": _("The intake centre is checking the report."),
            "supplementing": _("Waiting for the sender to complete the report."),
            "received": _("The intake centre is choosing the competent agency."),
            "processing": agency and _("%s is handling the report.", agency),
            "resolved": _("The result is approved; the centre is about to publish it."),
            "done": agency and _("%s has answered.", agency),
            "refused": _("The report was not taken in."),
            "cancelled": _("The report was cancelled."),
        }
        return sentences[self.state] or self._state_label()

    def _supplement_request(self):
        """The last words by which the Centre asked for more."""
        asked = self.event_ids.filtered(
            lambda event: event.code == "request_supplement"
        )
        return asked[:1].note or ""

    def _timeline(self, own=False):
        """Public events, the first one first, each with the deadline it met or missed.

        :param own: for the sender: with the words said between sender and Centre
        :return: list of dicts: code, label, at, agency, deadline, is_late, note
        """
        self.ensure_one()
        ended = {
            (step.assignment_id.id, step.code, step.ended_at): step
            for step in self.step_ids
            if step.state == "done"
        }
        return [
            event._timeline_row(ended, own)
            for event in self.event_ids.filtered("is_public").sorted(
                lambda event: (event.at, event.id)
            )
        ]


class CivicEvent(models.Model):
    _inherit = "civic.event"

    def _timeline_row(self, ended, own):
        model = "civic.assignment" if self.assignment_id else "civic.report"
        transition = TRANSITIONS.get((model, self.code))
        steps = [
            ended.get((self.assignment_id.id, code, self.at))
            for code in (transition.ends if transition else ())
        ]
        step = next((step for step in steps if step and step.deadline), None)
        return {
            "code": self.code,
            "label": self._code_label(self.code),
            "at": self.at,
            "agency": self.assignment_id.agency_id.name or "",
            "deadline": step.deadline if step else False,
            "is_late": bool(step and step.is_late),
            "note": (self.note or "") if own and self.code in SENDER_NOTES else "",
        }
