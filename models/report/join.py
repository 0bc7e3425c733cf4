from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..ground.guard import check_visible, id_of, required_text
from ..workflow.transitions import ANSWERED_STATES, OPEN_REPORT_STATES, TURNED_AWAY

# Where a joined report may stand and still belong to the first one.
FOLLOWING = ("joined", "resolved", *ANSWERED_STATES)
# Events of an agency's work on the first report that its followers are shown, too.
COURSE = (
    *("dispatch", "accept", "submit", "approve"),
    *("extension_granted", "confirm_penalty", "end_penalty", "report_progress"),
)


class CivicReport(models.Model):
    """The same matter, reported by several people: each report stays its sender's own
    and follows the first (MATRIX §4).

    Neither sender learns anything of the other: what is passed on of the first report
    is what everybody may read of it.
    """

    _inherit = "civic.report"

    joined_to_id = fields.Many2one(
        "civic.report",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="civic_report.group_operator",
        help="The report of somebody else that brought the same matter first. The "
        "Centre's alone: it may be private.",
    )
    joined_ids = fields.One2many(
        "civic.report",
        "joined_to_id",
        "Joined Reports",
        groups="civic_report.group_operator",
    )
    joined_count = fields.Integer(
        "Reports Joined To It",
        readonly=True,
        copy=False,
        default=0,
        aggregator="sum",
        help="Reports of the same matter by others, which follow this one.",
    )

    @api.depends("joined_to_id")
    def _compute_is_published(self):
        """The first report stands for all of its matter on the public pages."""
        answer = super()._compute_is_published()
        # sudo: whether it is joined decides, to whom is the Centre's
        self.filtered(lambda report: report.sudo().joined_to_id).is_published = False
        return answer

    # ------------------------------------------------------------------
    # Verbs
    # ------------------------------------------------------------------

    def mark_duplicate(self, of_id):
        """Cancel what the same person sent twice (HUE Điều 13.1, ST Điều 10.5b).

        :param of_id: id of the report that goes on
        :raises UserError: for another person's report, and where the regulation has no
            such ground: those are joined instead; for an emergency behind what is none
        """
        reports = self._enter("mark_duplicate")
        original = reports._lock_original(self._find_original(of_id))
        reports._check_goes_on(original)
        reports._check_urgency(original)
        strangers = reports.filtered(lambda row: not row._is_of_same_sender(original))
        if strangers:
            raise UserError(
                self.env._(
                    "%(report)s: another person sent it than %(original)s. Only what "
                    "the same person sends twice is cancelled: join it instead.",
                    report=strangers[0].name,
                    original=original.name,
                )
            )
        reason = self.env.ref("civic_report.reason_duplicate").sudo()
        reports._walk(
            "mark_duplicate",
            {
                "duplicate_of_id": original.id,
                "reason_id": reason.id,
                "reason": reason.name,
                "reason_message": reason.message,
                "closed_at": self._now(),
            },
            note=original.name,
        )
        return True

    def join(self, of_id):
        """Join reports to the one by which another person brought their matter first.

        They stay their senders' own, who are told of its course and result.

        :param of_id: id of the report that is handled
        :raises UserError: for a report of the same person, where the regulation cancels
            it as a duplicate
        """
        reports = self._enter("join")
        original = reports._lock_original(self._find_original(of_id))
        reports._check_joinable(original)
        for report in reports:
            report._walk("join", {"joined_to_id": original.id}, note=original.name)
            report._bring_along(original, own=1)
            original._log_note("joined_here", report.name)
        if original.state == "done":
            reports._follow(original)
        return True

    def unjoin(self, reason):
        """Take up on their own reports that turn out to be about something else.

        :param reason: what is different
        """
        reports = self._enter("unjoin")
        reason = required_text(self.env, reason, self.env._("what is different"))
        reports._walk("unjoin", note=reason)
        return True

    # ------------------------------------------------------------------
    # Which report goes on
    # ------------------------------------------------------------------

    def _find_original(self, of_id):
        """The report in which the matter of this id goes on.

        :raises MissingError: where it is not the user's to see
        """
        original = self.search([("id", "=", id_of(of_id))])
        if not original or original in self:
            raise MissingError(self.env._("Not found: choose another report."))
        return original._goes_on_in()

    def _goes_on_in(self):
        """The report in which this one's matter goes on: itself, or the end of the
        chain of those that it is a duplicate of or joined to.

        :raises MissingError: where that is not the user's to see
        """
        self.ensure_one()
        # sudo: the chain may lead through reports that the operator does not see
        report, seen = self.sudo(), self.sudo().browse()
        while report not in seen and (report.duplicate_of_id or report.joined_to_id):
            seen |= report
            report = report.duplicate_of_id or report.joined_to_id
        report = report.sudo(False)
        check_visible(report, self.env._("Not found: choose another report."))
        return report

    def _lock_original(self, original):
        """Hold it from here on: two that are found to be each other's would both end.

        :return: the original, elevated
        :raises UserError: where it is one of these, or of another province
        """
        if original in self.sudo(False):
            raise UserError(
                self.env._(
                    "%s is a duplicate of this very report: it is this one that goes "
                    "on.",
                    original.name,
                )
            )
        if original.company_id != self.company_id:
            raise UserError(self.env._("Choose a report of the same province."))
        original = original._elevated()
        original._lock_rows()
        return original

    def _check_goes_on(self, original):
        """:raises UserError: unless `original` is being handled"""
        if original.state in OPEN_REPORT_STATES:
            return
        if original.state in ANSWERED_STATES:
            raise UserError(
                self.env._(
                    "%s has been answered already: what happens again is a report of "
                    "its own. Choose a report that goes on.",
                    original.name,
                )
            )
        raise UserError(
            self.env._(
                "%s has ended without an answer: choose the report that goes on.",
                original.name,
            )
        )

    def _check_joinable(self, original):
        """:raises UserError: unless these can follow `original`"""
        answered = original.published_at if original.state == "done" else False
        # What had come in before the answer is answered by it.
        if not answered or any(row.received_at > answered for row in self):
            self._check_goes_on(original)
        self._check_urgency(original)
        for report in self:
            if report._is_duplicate_of(original):
                raise UserError(
                    self.env._(
                        "%(report)s and %(original)s are of the same person: mark it "
                        "as a duplicate instead.",
                        report=report.name,
                        original=original.name,
                    )
                )

    def _guard_ends_duplicates(self):
        for procedure in self.procedure_id:  # none while it is being typed
            if not procedure._ends_duplicates():
                return self.env._(
                    "%s does not say that what is sent twice ends: join it instead.",
                    procedure.name,
                )
        return None

    def _check_urgency(self, original):
        """:raises UserError: for an emergency that would wait behind what is none"""
        for report in self:
            if report.is_emergency and not original.is_emergency:
                raise UserError(
                    self.env._(
                        "%(report)s is an emergency and %(original)s is not: change "
                        "the track of %(original)s first.",
                        report=report.name,
                        original=original.name,
                    )
                )

    def _is_duplicate_of(self, other):
        """Whether it ends as a duplicate of that one, rather than to follow it."""
        return self.procedure_id._ends_duplicates() and self._is_of_same_sender(other)

    def _is_of_same_sender(self, other):
        """Whether one person is known to have sent both; of an unknown nothing is."""
        # sudo: the answer alone is given, to operators, who may know the senders
        sender = self.sudo().reporter_id
        return bool(sender) and sender == other.sudo().reporter_id

    def _check_followers(self, before):
        """An emergency does not come to follow what is none any more.

        :param before: the track so far
        :raises UserError: naming the one that does
        """
        if before != "emergency":
            return
        # sudo: only whether one follows
        joined = self.sudo()._joined("joined").filtered("is_emergency")
        if joined:
            raise UserError(
                self.env._(
                    "%(joined)s follows %(report)s and is an emergency: take it up "
                    "on its own first.",
                    joined=joined[0].name,
                    report=self.name,
                )
            )

    # ------------------------------------------------------------------
    # Following
    # ------------------------------------------------------------------

    def _react_leave_first(self, act):
        self.filtered(
            lambda report: report.joined_to_id and report.state not in FOLLOWING
        )._leave_first()

    def _react_lead(self, act):
        for first in self.filtered("joined_count"):
            first._lead(act.transition.verb)

    def _lead(self, verb):
        """Let those that are joined to this one follow what became of it.

        :param verb: the transition that it made
        """
        if self.state in TURNED_AWAY:
            self._hand_on_lead()
        elif self.state in ANSWERED_STATES:
            self._joined("joined")._follow(self)
        elif verb == "reopen":
            again = self._joined(*self._transition("join_again").sources)
            again._keep_ratings()
            again._walk(
                "join_again",
                {
                    **again._no_rating(),
                    "public_result": False,
                    "resolved_at": False,
                    "published_at": False,
                    "closed_at": False,
                },
                note=self.name,
            )

    def _joined(self, *states):
        return self.joined_ids.filtered(lambda row: row.state in states).sorted("id")

    def _follow(self, first):
        """End these as the first ended.

        An answer that is not for everybody is its sender's alone: these get one of
        their own, which the Centre writes.
        """
        if not self:
            return
        now = self._now()
        if first.state == "forwarded":
            self._walk("forward_joined", {"closed_at": now}, note=first.name)
        elif not first.is_published:
            self._walk("answer_apart", {"resolved_at": now}, note=first.name)
        else:
            self._walk(
                "answer_joined",
                {
                    "public_result": first.public_result,
                    "published_at": now,
                    "closed_at": now,
                },
                note=first.name,
            )

    def _hand_on_lead(self):
        """This one ended without an answer: the matter goes on without it.

        In the report that it is a duplicate of; else in the eldest that was joined,
        which the Centre takes up.
        """
        following = self._joined(*FOLLOWING)
        heir = self.duplicate_of_id
        if not heir:
            heir = self._joined("joined")[:1]
            following -= heir
            heir._walk("unjoin", note=self.name)
        if heir and following:
            self._bring_along(heir)
        self.write({"joined_count": 0})

    def _bring_along(self, first, own=0):
        """Have those that are joined to these follow `first`, and count them there.

        :param own: 1 where these themselves are joined to it
        """
        following = self.joined_ids
        following.write({"joined_to_id": first.id})
        number = len(following) + own * len(self)
        # Who met it counts once, by whatever way it was said.
        others = self.filtered(lambda row: not row._is_of_same_sender(first))
        met = sum(self.mapped("support_count")) + own * len(others)
        first.write(
            {
                "joined_count": first.joined_count + number,
                "support_count": first.support_count + met,
            }
        )
        self.write({"joined_count": 0, "support_count": 0})

    def _leave_first(self):
        """These go their own way, or ended; they are counted no more."""
        for report in self:
            first = report.joined_to_id
            first._lock_rows()
            met = 0 if report._is_of_same_sender(first) else 1
            first.write(
                {
                    "joined_count": max(first.joined_count - 1, 0),
                    "support_count": max(first.support_count - met, 0),
                }
            )
            report.joined_to_id = False

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _first_shown(self):
        """The report in which this one's matter goes on, if its sender may know it:
        the own one, or one that everybody may read."""
        self.ensure_one()
        # sudo: the sender may not read the link, nor the other report as such
        report = self.sudo()
        first = report.duplicate_of_id or report.joined_to_id
        if first and report._is_of_same_sender(first):
            return first
        return first.filtered("is_published")

    def _joined_values(self):
        """What its sender may know of the report that this one follows.

        :return: dict: is_joined, and code and path of the first report, "" where its
            sender may not know it
        """
        # sudo: whether it is joined, not to which one
        is_joined = bool(self.sudo().joined_to_id)
        first = self._first_shown()
        path = ""
        if first:
            path = first._website_path() if first.is_published else first._own_path()
        return {
            "is_joined": is_joined,
            "first_code": first.name or "",
            "first_path": path,
        }

    def _joined_words(self):
        """The state of a report that follows another; "" of any other."""
        # sudo: what everybody may read of it, if anything
        first = self.sudo().joined_to_id
        if self.state != "joined":
            if not first or self.state not in ANSWERED_STATES:
                return ""
            return self.env._(
                "Answered together with an earlier report of the same matter."
            )
        words = self.env._(
            "The same matter had been reported before; this report follows that one."
        )
        shown = self._first_shown()
        return f"{words} {shown._state_sentence()}" if shown else words
