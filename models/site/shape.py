"""What is shown of a report, and to whom: decided here and nowhere else.

Public ones, the same for everybody, are made of masked words, each wider than the one
before it: `Line` (the map), `Card` (lists), `Entry` (feeds, previews) and `Public` (the
page). What stands beside it on a page is public, too, or the visitor's own: `Page`, and
`Offer` on the form. Whoever holds a link, and may be anybody, sees `Following` or
`Asked`. The sender's own are made of whole words: `OwnCard` and `Own`.

Wings give parts of them by methods of their own; a part that is not named here is shown
nowhere. Pages, feeds and interfaces read the shapes, never a report's fields; what
citizens read over RPC is `CITIZEN_FIELDS`, which follows from `Public`.

Values are plain: `tools.plain.as_json` writes them as JSON.
"""

from datetime import date, datetime
from typing import TypedDict

from odoo import models

from ..workflow.transitions import OPEN_REPORT_STATES
from .share import share_of


class Place(TypedDict):
    """Where it is (WGS 84), to the metre: enough to find it."""

    latitude: float
    longitude: float


class Recording(TypedDict):
    path: str
    kind: str  # video or audio


class Happened(TypedDict):
    """A row of the history."""

    code: str  # of civic.event
    label: str
    at: datetime
    agency: str
    deadline: datetime | None  # of the duty that this ended, where it had one
    is_late: bool
    late_by: str  # in words
    note: str  # words between sender and Centre; always "" in public


class Duty(TypedDict):
    """What is to be done now."""

    label: str
    holder: str  # an agency, the Centre or the sender; never a person's name
    deadline: datetime | None
    time_left: str
    is_late: bool
    counted: str  # how the deadline was counted


class Promise(TypedDict):
    """To what the published answer commits."""

    agency: str
    date: date
    kept_at: datetime | None
    is_passed: bool


class Line(TypedDict):
    """For everybody: what a map says of a report."""

    code: str
    path: str  # of its public page, on the province's site
    subject: str  # as the Centre published it
    state: str  # key of civic.report.state
    state_label: str
    is_open: bool
    is_overdue: bool
    category: str
    agency: str  # "" before it is dispatched
    ward: str
    position: Place | None
    received_at: datetime


class Card(Line):
    """For everybody: what a list shows."""

    kind: str  # in words; "" for the usual report from the spot
    category_icon: str  # class of Font Awesome
    address: str
    published_at: datetime | None
    duration: str  # how long it took, or has been taking
    pictures: list[str]  # addresses; a card has the first alone


class Entry(Card):
    """For everybody: what feeds and previews say."""

    text: str  # as the Centre edited it, never what was sent
    state_sentence: str
    begun_at: datetime  # when it was dispatched, or came in
    changed_at: datetime  # when what everybody sees last changed


class Public(Entry):
    """For everybody: all that is public of a report."""

    deadline: datetime | None
    result: str  # the published answer
    before: list[str]  # those of the pictures that came with the report
    evidence: list[str]  # those by which an agency shows what was done
    recordings: list[Recording]
    rating: str  # the sender's, by its name
    is_satisfied: bool
    timeline: list[Happened]
    duties: list[Duty]
    letters: list[str]  # number and date; a letter bears the sender's name
    promises: list[Promise]


class Near(Card):
    """For everybody: a report of what may be the same matter."""

    distance: float | None  # metres; None where one of them has no place
    distance_words: str
    score: float


class Offer(TypedDict):
    """For everybody: a report of what may be the same matter as what is written."""

    path: str
    code: str
    subject: str
    place: str
    state: str  # in words
    picture: str
    distance: str  # in words


class Again(TypedDict):
    """For everybody: the same matter before and since."""

    again_path: str  # of the form to report it again; "" while it is open
    again_words: str  # how often it was
    first_path: str  # of the first report, "" where it is not public
    first_code: str


class Standing(TypedDict):
    """How many met it too, and how one visitor stands to it."""

    count: int
    joined: int  # of them, who reported it themselves
    is_open: bool
    is_mine: bool  # the visitor's own
    is_followed: bool  # by the visitor


class Asking(TypedDict):
    """What a visitor needs in order to ask about the answer."""

    is_open: bool
    own_path: str  # where the sender, signed in, asks; "" for others
    known: dict  # name, email and phone of the visitor's own account
    most: int
    lengths: dict
    parts: list[dict]  # id and agency: whom a question can be put to


class Share(TypedDict):
    """For everybody: what is shown where somebody shares the page."""

    type: str
    title: str
    description: str
    url: str
    image: str
    site_name: str
    data: dict  # schema.org's, for JSON-LD


class Page(TypedDict):
    """The page of one report, for one visitor."""

    report: Public
    support: Standing
    recurrence: Again
    similar: list[Near]
    account: str  # as which the visitor, signed in, follows; "" for others
    push_key: str  # by which browsers check our notifications
    civic_share: Share
    question: Asking


class Named(TypedDict):
    """For whoever holds a link about a report: what is public no more has a code."""

    code: str
    subject: str
    path: str


class Following(Named):
    """For whoever holds the link in a message to a follower."""

    state: str  # of civic.support, or stopped; "" for a link that is not valid


class Asked(Named):
    """For whoever asked about an answer: the own words, and what is public of it."""

    body: str
    sent_at: datetime
    state: str  # of civic.question
    reason: str  # why it was declined
    agency: str
    answer: str
    answered_at: datetime | None
    is_overtaken: bool
    finding: dict  # kind, note, source, state, appeal, decision; of the own words


class OwnCard(Card):
    """For the sender alone: a row of the own list. The path is the own page's."""

    todo: str  # what waits for the sender


class Own(Public):
    """For the sender alone: all that the sender may know of the own report."""

    # What was sent, and what became of it.
    description: str
    supplied_text: str
    visibility: str
    is_published: bool
    is_secret: bool  # the answer goes another way
    reason: str  # why it was not taken in, or ended
    reason_message: str
    own_files: list[dict]  # index, name, is_picture
    sealed_files: int  # files that the Centre alone can fetch
    notices: list[dict]  # index and name of notices of extensions
    has_letter: bool
    receipt: dict  # steps, day, short; empty until a day is closed
    said_otherwise: str  # what the report says of the sender otherwise than is known
    # What the sender can do now: what the door lets in.
    can_ask_private: bool
    can_allow_publication: bool
    supplement_request: str
    can_supply: bool
    can_amend: bool
    ward_id: int | None
    wards: list[tuple]  # id and name, to choose another
    can_withdraw: bool
    can_ask_withdrawal: bool
    withdrawal_asked_at: datetime | None
    # The rating.
    can_rate: bool
    levels: list[dict]  # id, name
    own_rating: dict  # level_id, comment, can_change, open_until, again_path
    rating_comment: str
    # Questions about the answer.
    can_follow_up: bool
    parts: list[dict]  # id and agency: whom a question can be put to
    interactions: list[dict]  # body, sent_at, agency, answer, answered_at
    # The report that this one follows.
    is_joined: bool
    first_code: str
    first_path: str
    # The sender's conduct.
    locks: list[dict]
    violations: list[dict]
    # How the sender is told.
    tell_by: str
    ways: list[tuple]  # way, label
    # Who asked who the sender is, and who looked.
    disclosures: list[dict]
    looks: list[dict]


# The fields that say the same as what is public, and no more, by its names in `Public`;
# "" for what stands beside it. These citizens read, search, sort and group by over RPC,
# of published reports and of their own.
PUBLIC_FIELDS = {
    "": ("id", "display_name", "is_published", "support_count"),
    "code": ("name",),
    "path": (),
    "subject": ("subject",),
    "state": ("state",),
    "state_label": (),
    "is_open": ("is_open",),
    "is_overdue": ("is_overdue",),
    "category": ("category_id",),
    "agency": ("agency_id",),
    "ward": ("ward_id",),
    "position": (),  # the fields are more exact than `Place`
    "received_at": ("received_at",),
    "kind": ("kind",),
    "category_icon": (),
    "address": ("address",),
    "published_at": ("published_at",),
    "duration": (),
    "pictures": (),  # files open by their page
    "text": ("standardised_description",),
    "state_sentence": (),
    "begun_at": ("dispatched_at",),
    "changed_at": ("resolved_at", "closed_at", "rated_at"),
    "deadline": ("deadline", "time_left"),
    "result": (),  # the field holds the Centre's draft before it is published
    "before": (),
    "evidence": (),
    "recordings": (),
    "rating": ("rating_level_id",),
    "is_satisfied": (),
    "timeline": (),
    "duties": (),
    "letters": (),
    "promises": (),
}
CITIZEN_FIELDS = frozenset().union(*PUBLIC_FIELDS.values())


class CivicReport(models.Model):
    _inherit = "civic.report"

    # ------------------------------------------------------------------
    # For everybody: of masked words, whoever looks, operators too
    # ------------------------------------------------------------------

    def _line_values(self):
        """:return: `Line`"""
        return self._masked_words()._line_shape()

    def _public_card_values(self):
        """:return: `Card`"""
        report = self._masked_words()
        pictures = report._public_file_values()["pictures"]
        return {**report._card_shape(), "pictures": pictures[:1]}

    def _entry_values(self):
        """:return: `Entry`"""
        report = self._masked_words()
        return {
            **report._entry_shape(),
            "pictures": report._public_file_values()["pictures"],
        }

    def _public_values(self):
        """:return: `Public`"""
        report = self._masked_words()
        return {
            **report._page_shape(),
            "result": report.public_result if report.published_at else "",
            "timeline": report._timeline(),
        }

    # ------------------------------------------------------------------
    # Beside it: for one visitor, or for whoever holds a link
    # ------------------------------------------------------------------

    def _visitor_values(self, user, person, base_url):
        """:param user: res.users of the visitor
        :param person: see `_support_values`
        :param base_url: of the site
        :return: `Page`
        """
        public = self._public_values()
        return {
            "report": public,
            "support": self._support_values(person),
            "recurrence": self._recurrence_values(),
            "similar": self._nearby_values(),
            "account": "" if user._is_public() else user.email or user.name,
            "push_key": self._push_public_key(),
            "civic_share": share_of(public, base_url, self.company_id.name),
            "question": self._question_values(user),
        }

    def _following_values(self, support):
        """:param support: civic.support of the link; empty once it was stopped
        :return: `Following`
        """
        state = support.state or ("stopped" if self else "")
        return {**self._named_values(), "state": state}

    # ------------------------------------------------------------------
    # For the sender: of whole words
    # ------------------------------------------------------------------

    def _own_card_values(self):
        """:return: `OwnCard`"""
        report = self._whole_words()
        return {
            **report._card_shape(),
            "path": report._own_path(),
            "pictures": report._own_pictures()[:1],
            "todo": report._own_todo(),
        }

    def _own_values(self):
        """:return: `Own`"""
        report = self._whole_words()
        allowed = report._allowed_as_sender()
        return {
            **report._page_shape(),
            "timeline": report._timeline(own=True),
            **report._own_result(),
            "description": report.description,
            "supplied_text": report.supplied_text or "",
            "visibility": report.visibility,
            "is_published": report.is_published,
            "reason": report.reason or "",
            "reason_message": report.reason_message or "",
            "own_files": report._own_file_values(),
            "sealed_files": report._sealed_file_count(),
            "notices": [
                {"index": index, "name": file.name}
                for index, file in enumerate(report._own_notices())
            ],
            "has_letter": report._has_own_letter(),
            "receipt": report._receipt_values(),
            "said_otherwise": report.said_otherwise or "",
            "can_ask_private": "ask_private" in allowed,
            "can_allow_publication": "allow_publication" in allowed,
            "supplement_request": report._supplement_request(),
            "can_supply": "supply" in allowed,
            "can_amend": "amend" in allowed,
            "ward_id": report.ward_id.id or None,
            "wards": report._ward_choices() if "amend" in allowed else [],
            "can_withdraw": "withdraw" in allowed,
            "can_ask_withdrawal": "ask_withdrawal" in allowed,
            "withdrawal_asked_at": report.withdrawal_asked_at or None,
            "can_rate": report._can_be_rated(),
            "levels": [
                {"id": level.id, "name": level.name}
                for level in report.procedure_id.scale_id.level_ids
            ],
            "own_rating": report._own_rating_values(),
            "rating_comment": report.rating_comment or "",
            **report._interaction_values(),
            **report._joined_values(),
            **report._conduct_values(),
            **report._tell_values(),
            **report._disclosure_values(),
        }

    # ------------------------------------------------------------------
    # What both are made of: of the words that whoever asked may read
    # ------------------------------------------------------------------

    def _line_shape(self):
        self.ensure_one()
        return {
            "code": self.name,
            "path": self._website_path(),
            "subject": self.subject,
            "state": self.state,
            "state_label": self._state_label(),
            "is_open": self.state in OPEN_REPORT_STATES,
            "is_overdue": self.is_overdue,
            "category": self.category_id.name or "",
            "agency": self.agency_id.name or "",
            "ward": self.ward_id.name or "",
            "position": self._public_position(),
            "received_at": self.received_at,
        }

    def _card_shape(self):
        return {
            **self._line_shape(),
            "kind": self._kind_label(),
            "category_icon": self.category_id.icon or "fa-flag",
            "address": self.address or "",
            "published_at": self.published_at or None,
            "duration": self._duration_text(),
        }

    def _entry_shape(self):
        return {
            **self._card_shape(),
            "text": self.standardised_description or "",
            "state_sentence": self._state_sentence(),
            "begun_at": self.dispatched_at or self.received_at,
            "changed_at": self._public_moment(),
        }

    def _page_shape(self):
        return {
            **self._entry_shape(),
            **self._public_file_values(),
            "deadline": self.deadline or None,
            "rating": self.rating_level_id.name or "",
            # Who found it acceptable has not frowned.
            "is_satisfied": self.rating_level_id.grade in ("satisfied", "acceptable"),
            "duties": self._open_duties(),
            "letters": self._letter_words(),
            "promises": self._promise_values(),
        }
