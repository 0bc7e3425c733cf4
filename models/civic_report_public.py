import re
from collections import defaultdict
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools.text import fold
from .civic_report_submission import is_id
from .ir_attachment import CIVIC_MODELS
from .transitions import FINAL_REPORT_STATES, OPEN_REPORT_STATES, TRANSITIONS

# Events that are on the sender's own page and nowhere else.
SENDER_EVENTS = (
    *("mark_violation", "violation_appealed", "violation_upheld", "violation_lifted"),
    *("lock", "unlock"),
)
# Events whose words the sender may read there.
SENDER_NOTES = ("request_supplement", "supply", "refuse", "cancel", *SENDER_EVENTS)
CODE_AT_END = re.compile(r"(?:^|-)([a-z]{1,8}-\d{2}-\d{6,9})$")
CURSOR = re.compile(r"(\d{1,10})-(\d{1,9})")
PUBLIC_STATES = {"open": OPEN_REPORT_STATES, "done": FINAL_REPORT_STATES}
MAX_SEARCH_WORDS = 8
# Documents may hold names on every page: they are not published.
PUBLIC_KINDS = ("image/", "video/", "audio/")
SAME_MOMENT = timedelta(minutes=1)
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

    public_search_text = fields.Text(
        compute="_compute_public_search_text",
        store=True,
        groups="base.group_system",
        help="What visitors can find a published report by; empty for any other.",
    )

    # Accent-blind search: the words are folded before they are stored.
    _public_search = models.Index("USING gin (public_search_text gin_trgm_ops)")
    # The public list, filtered.
    _published_by_category = models.Index(
        "(category_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _published_by_ward = models.Index(
        "(ward_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )

    @api.depends(
        "is_published",
        "name",
        "subject",
        "standardised_description",
        "address",
        "ward_id.name",
    )
    def _compute_public_search_text(self):
        """Never the original text: what is not shown must not be found either."""
        for report in self:
            report.public_search_text = report.is_published and fold(
                "\n".join(
                    filter(
                        None,
                        (
                            report.name,
                            report.subject,
                            report.standardised_description,
                            report.address,
                            report.ward_id.name,
                        ),
                    )
                )
            )

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
    def _search_published_sudo(self, company, query, older=None, limit=20):
        """One page of published reports, the latest first.

        :param query: dict of strings: search (words, accents or not), state (a key of
            `PUBLIC_STATES`), category_id, ward_id; what makes no sense is ignored
        :return: see `_page`
        """
        domain = self._public_domain(company) & self._public_query_domain(query)
        return self.sudo()._page(domain, older, limit)  # sudo: as above

    @api.model
    def _filter_choices_sudo(self, company):
        """What the public list can be filtered by.

        :return: dict: categories and wards as lists of (id, name)
        """
        # sudo: lists for everybody, whatever the visitor's account may read
        model = self.sudo().with_company(company)
        domain = model._choice_domain()
        return {
            "categories": [
                (row.id, row.name)
                for row in model.env["civic.category"].search(domain)
                if row.accepted and row.track != "sensitive"
            ],
            "wards": [
                (row.id, row.name) for row in model.env["civic.ward"].search(domain)
            ],
        }

    @api.model
    def _page(self, domain, older, limit):
        """One page of a list by key: the thousandth costs what the first costs.

        :param older: key that the page before gave; what is none of ours is ignored
        :return: (reports, key of the next page or None)
        """
        match = CURSOR.fullmatch(older or "")
        if match:
            moment = datetime.fromtimestamp(int(match[1]), timezone.utc)
            moment = moment.replace(tzinfo=None)
            # The first condition is the one that an index can start from.
            domain &= Domain("received_at", "<=", moment) & (
                Domain("received_at", "<", moment) | Domain("id", "<", int(match[2]))
            )
        found = self.search(domain, limit=limit + 1)
        reports = found[:limit]
        return reports, reports[-1:]._page_key() if len(found) > limit else None

    def _page_key(self):
        """Where this report stands in the lists."""
        self.ensure_one()
        moment = self.received_at.replace(tzinfo=timezone.utc)
        return f"{int(moment.timestamp())}-{self.id}"

    @api.model
    def _public_query_domain(self, query):
        domain = self._search_domain(query.get("search") or "")
        if query.get("state") in PUBLIC_STATES:
            domain &= Domain("state", "in", PUBLIC_STATES[query["state"]])
        for name in ("category_id", "ward_id"):
            raw = query.get(name) or ""
            if is_id(raw):
                domain &= Domain(name, "=", int(raw))
        return domain

    @api.model
    def _search_domain(self, text):
        """Reports found by what a visitor typed: a whole code, or words."""
        code = text.strip().lower()
        if CODE_AT_END.match(code):
            return Domain("name", "=", code.upper())
        return self._words_domain("public_search_text", text)

    @api.model
    def _words_domain(self, field, text):
        """Every word of `text` is in a folded field, in any order, taken literally."""
        words = fold(text or "").split()[:MAX_SEARCH_WORDS]
        return Domain.AND(Domain(field, "like", escape_psql(word)) for word in words)

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

    @api.model
    def _find_by_code_sudo(self, code, company):
        """Any report, for callers that have proved that they may know of it."""
        # sudo: the proof is the caller's
        return self.sudo().search(
            [("name", "=", code.upper()), ("company_id", "=", company.id)], limit=1
        )

    def _website_path(self):
        """Address on the public site, readable and without database ids."""
        self.ensure_one()
        words = re.sub(r"[^a-z0-9]+", "-", fold(self.subject)).strip("-")[:60]
        return "/phan-anh/" + "-".join(
            filter(None, (words.strip("-"), self.name.lower()))
        )

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

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
        }

    def _public_card_values(self):
        """What the public list shows: a card with the first picture."""
        pictures = self._public_file_values()["pictures"]
        return {**self._card_values(), "pictures": pictures[:1]}

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
            ],
            "levels": [
                {"id": level.id, "name": level.name}
                for level in self.procedure_id.scale_id.level_ids
            ],
            "rating_comment": self.rating_comment or "",
            "own_files": self._own_file_values(),
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
        pictures = [row["path"] for row in self._own_file_values() if row["is_picture"]]
        return {
            **self._card_values(),
            "path": self._own_path(),
            "pictures": pictures[:1],
            "todo": todo,
        }

    def _own_path(self):
        """Address of the sender's own page."""
        self.ensure_one()
        return f"/my/phan-anh/{self.name.lower()}"

    def _can_be_rated(self):
        return self.state == "done" and not self.rating_level_id

    def _own_file_values(self):
        return [
            {
                "path": f"{self._own_path()}/tep/{index}",
                "name": file.name,
                "is_picture": (file.mimetype or "").startswith("image/"),
            }
            for index, file in enumerate(self._own_files())
        ]

    def _public_file_values(self):
        """Addresses of what everybody may see and hear.

        :return: dict of lists: pictures, evidence (those by which an agency shows what
            was done), recordings (dicts: path, kind)
        """
        values = {"pictures": [], "evidence": [], "recordings": []}
        for index, (source, file) in enumerate(self._public_files()):
            path = f"/phan-anh/anh/{self.name.lower()}/{index}"
            kind = file.mimetype.split("/")[0]
            if kind != "image":
                values["recordings"].append({"path": path, "kind": kind})
                continue
            values["pictures"].append(path)
            if source.res_model != self._name:
                values["evidence"].append(path)
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

    def _own_files(self):
        """What the sender sent, in the order sent."""
        files = self.attachment_ids.filtered(
            lambda file: file.res_model in CIVIC_MODELS
        )
        return (files - files._civic_quarantined()).sorted("id")

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

    def _supplement_request(self):
        """The last words by which the Centre asked for more."""
        asked = self.event_ids.filtered(
            lambda event: event.code == "request_supplement"
        )
        return asked[:1].note or ""

    # ------------------------------------------------------------------
    # Timeline
    # ------------------------------------------------------------------

    def _timeline(self, own=False):
        """Public events, the first one first, each with the deadline it met or missed.

        :param own: for the sender: with the words said between sender and Centre
        :return: list of dicts: code, label, at, agency, deadline, is_late, note
        """
        self.ensure_one()
        ended = defaultdict(list)
        for step in self.step_ids.filtered(lambda step: step.state == "done"):
            ended[step.assignment_id.id, step.code].append(step)
        events = self.event_ids.sorted(lambda event: (event.at, event.id))
        rows = [(event, event._timeline_row(ended, own)) for event in events]
        return [
            row
            for event, row in rows
            if event.is_public or (own and event.code in SENDER_EVENTS)
        ]


class CivicEvent(models.Model):
    _inherit = "civic.event"

    def _timeline_row(self, ended, own):
        step = self._ended_step(ended)
        return {
            "code": self.code,
            "label": self._code_label(self.code),
            "at": self.at,
            "agency": self.assignment_id.agency_id.name or "",
            "deadline": step.deadline if step else False,
            "is_late": bool(step and step.is_late),
            "note": (self.note or "") if own and self.code in SENDER_NOTES else "",
        }

    def _ended_step(self, ended):
        """The timed duty that this event fulfilled, taken out of `ended`.

        :param ended: dict of (assignment id, code) → list of steps in order
        """
        model = "civic.assignment" if self.assignment_id else "civic.report"
        transition = TRANSITIONS.get((model, self.code))
        found = None
        for code in transition.ends if transition else ():
            steps = ended[self.assignment_id.id, code]
            # A slow transaction writes step and event some seconds apart.
            near = [
                step for step in steps if abs(step.ended_at - self.at) < SAME_MOMENT
            ]
            if near:
                steps.remove(near[0])
                found = found or (near[0] if near[0].deadline else None)
        return found
