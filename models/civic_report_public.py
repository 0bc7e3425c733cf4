import re

from odoo import api, models

from ..tools.text import fold
from .ir_attachment import CIVIC_MODELS

# Documents may hold names on every page: they are not published.
PUBLIC_KINDS = ("image/", "video/", "audio/")
# All that citizens may read of a record over the API; their pages are made by the
# methods below, whatever the visitor's account may read.
CITIZEN_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "name",
        "subject",
        "standardised_description",
        "kind",
        "state",
        "track",
        "category_id",
        "ward_id",
        "address",
        "latitude",
        "longitude",
        "occurred_at",
        "agency_id",
        "deadline",
        "is_overdue",
        "is_open",
        "time_left",
        "received_at",
        "dispatched_at",
        "resolved_at",
        "published_at",
        "closed_at",
        "rating_level_id",
        "rated_at",
        "support_count",
        "is_published",
        "visibility",
    }
)


class CivicReport(models.Model):
    """What the website shows of a report: edited text, never who sent it."""

    _inherit = "civic.report"

    @api.model
    def _has_field_access(self, field, operation):
        """Citizens read what is listed for them: a field that is added later, and the
        names of officers, are not."""
        return super()._has_field_access(field, operation) and (
            self.env.su or field.name in CITIZEN_FIELDS or self.env.user._is_internal()
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Odoo groups by many2manys that the caller may not read."""
        field = self._fields.get(groupby_spec.split(":")[0].split(".")[0])
        if field:
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _website_path(self):
        """Address on the public site, readable and without database ids."""
        self.ensure_one()
        # The same address for everybody, and it is found in lists of pages.
        subject = self._masked_words().subject
        words = re.sub(r"[^a-z0-9]+", "-", fold(subject)).strip("-")[:60]
        return "/phan-anh/" + "-".join(
            filter(None, (words.strip("-"), self.name.lower()))
        )

    def _card_values(self):
        """What a list shows of this report.

        :return: dict of plain values, no records
        """
        self.ensure_one()
        return {
            "code": self.name,
            "path": self._website_path(),
            "subject": self.subject,
            "category": self.category_id.name or "",
            "category_icon": self.category_id.icon or "fa-flag",
            "ward": self.ward_id.name or "",
            "address": self.address or "",
            "agency": self.agency_id.name or "",
            "state": self.state,
            "state_label": self._state_label(),
            "is_overdue": self.is_overdue,
            "received_at": self.received_at,
            "published_at": self.published_at,
            "duration": self._duration_text(),
        }

    def _public_values(self):
        """What everybody may know of this report.

        :return: dict of plain values and lists of dicts, no records
        """
        self.ensure_one()
        return {
            **self._card_values(),
            "text": self.standardised_description or "",
            "state_sentence": self._state_sentence(),
            "deadline": self.deadline,
            "result": self.public_result if self.published_at else "",
            **self._public_file_values(),
            "rating": self.rating_level_id.name or "",
            "is_satisfied": self.rating_level_id.is_satisfied,
            "timeline": self._timeline(),
            "duties": self._open_duties(),
            "letters": self._letter_words(),
        }

    def _letter_words(self):
        """Number and date of the official letters behind the answer. The letter itself
        bears the sender's name: it is the sender's alone."""
        return [
            self.env._(
                "Official letter %(number)s of %(date)s",
                number=part.letter_number,
                date=part.letter_date.strftime("%d/%m/%Y"),
            )
            for part in self._answered_parts()
            if part.letter_number and self.published_at
        ]

    def _public_card_values(self):
        """What the public list shows: a card with the first picture."""
        pictures = self._public_file_values()["pictures"]
        return {**self._card_values(), "pictures": pictures[:1]}

    def _public_file_values(self):
        """Addresses of what everybody may see and hear.

        :return: dict of lists: pictures (all), before, evidence (those by which an
            agency shows what was done), recordings (dicts: path, kind)
        """
        values = {"pictures": [], "before": [], "evidence": [], "recordings": []}
        for index, (source, file) in enumerate(self._public_files()):
            path = f"/phan-anh/anh/{self.name.lower()}/{index}"
            kind = file.mimetype.split("/")[0]
            if kind != "image":
                values["recordings"].append({"path": path, "kind": kind})
                continue
            values["pictures"].append(path)
            is_evidence = source.res_model != self._name
            values["evidence" if is_evidence else "before"].append(path)
        return values

    def _public_files(self):
        """What the Centre has ticked, as the Centre has edited it, in the order sent;
        never an original.

        :return: list of (ir.attachment that was ticked, the one that is shown)
        """
        # All of them first: a list then reads those of all its reports at once.
        ticked = [
            (file, shown)
            for file, shown in self.public_attachment_ids._civic_shown()
            if file.res_model in CIVIC_MODELS
            and (file.mimetype or "").startswith(PUBLIC_KINDS)
        ]
        return sorted(ticked, key=lambda pair: pair[0].id)

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
