from odoo import api, fields, models

from ...tools.urgency import PERHAPS, SURE
from ..ground.sql_states import sql_states
from ..messages.outbox import EMERGENCY
from ..workflow.transitions import AT_CENTRE, INTAKE_STATES

# What happens when somebody's words leave it open whether anybody is in danger.
ASK_DANGER = "ask_danger"
# Nobody has said yet whether anybody is in danger.
UNDECIDED = ("marked", "asked")


class CivicReport(models.Model):
    """Reports whose words may tell of an emergency: the sender is asked where that is
    quick, and the Centre sees it; the words do not decide."""

    _inherit = "civic.report"

    danger_state = fields.Selection(
        [
            ("marked", "Its words may tell of an emergency"),
            ("asked", "The sender was asked whether anybody is in danger"),
            ("confirmed", "The sender says that somebody is in danger"),
            ("denied", "The sender says that nobody is in danger"),
        ],
        "Danger",
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
    )
    may_be_emergency = fields.Boolean(
        compute="_compute_may_be_emergency",
        search="_search_may_be_emergency",
        groups="civic_report.group_operator",
        help="By its words, and nobody has said yet whether it is one.",
    )

    # Few at a time, looked for in lists of a million.
    _danger_open = models.Index(f"(id) WHERE danger_state IN {sql_states(UNDECIDED)}")

    @api.depends("danger_state", "track", "state")
    def _compute_may_be_emergency(self):
        for report in self:
            report.may_be_emergency = (
                report.danger_state in UNDECIDED
                and report.track != "emergency"
                and report.state in INTAKE_STATES
            )

    def _search_may_be_emergency(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [
            ("danger_state", "in", UNDECIDED),
            ("track", "!=", "emergency"),
            ("state", "in", INTAKE_STATES),
        ]

    @api.model
    def _create_submitted(self, values, identity, media, sender, key, channel):
        """Whatever the way by which it came: its words are looked at."""
        report = super()._create_submitted(
            values, identity, media, sender, key, channel
        )
        report._mark_danger(values.get("description"), values.get("subject"))
        return report

    def _mark_danger(self, *texts):
        """Show the Centre that words of a sender may tell of an emergency."""
        if self.track == "emergency" or self.danger_state:
            return
        text = "\n".join(filter(None, texts))
        if self.env["civic.danger.list"]._judge(text).level in (SURE, PERHAPS):
            self._elevated().danger_state = "marked"

    def _ask_danger(self, words):
        """Ask whoever wrote, in the conversation, whether somebody is in danger.

        :param words: list of phrases that leave it open
        """
        report = self._elevated()
        report.danger_state = "asked"
        report._log_note(ASK_DANGER, ", ".join(words))

    def _answer_danger(self, somebody):
        """Take in what the sender says about it.

        :param somebody: whether somebody is in danger now
        """
        report = self._elevated()
        state = "confirmed" if somebody else "denied"
        if report.danger_state == state:
            return
        report.danger_state = state
        if somebody:
            report._become_emergency(self.env._("The sender says so."))
        else:
            report._log_note("add", self.env._("The sender says: nobody is in danger."))

    def _become_emergency(self, words):
        """Time a report as an emergency, while it is at the Centre.

        :param words: what says so, for the history
        """
        report = self._elevated()
        if report.state in AT_CENTRE:
            report.track = "emergency"
        report._log_note("danger", words)


class CivicEvent(models.Model):
    _inherit = "civic.event"

    @api.model
    def _selection_code(self):
        return [
            *super()._selection_code(),
            (ASK_DANGER, self.env._("Asked whether anybody is in danger")),
        ]


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _prepare_for_reporter(self, row, report, assignment):
        """Who may be in danger is asked at once, also in quiet hours and whoever
        wishes to hear nothing."""
        rows = super()._prepare_for_reporter(row, report, assignment)
        if self.env["civic.notice"]._event_of(row["notice_id"]) == ASK_DANGER:
            for prepared in rows:
                prepared.update(priority=EMERGENCY, asked=True)
        return rows


class CivicInbox(models.Model):
    """Who writes in a conversation is asked there whether somebody is in danger."""

    _inherit = "civic.inbox"

    def _answered_danger(self, message):
        if message.answer is None:
            return super()._answered_danger(message)
        report = self._told_lately(message).filtered(
            lambda report: report.danger_state in ("asked", "confirmed", "denied")
        )[:1]
        if not report:
            return super()._answered_danger(message)
        report._answer_danger(message.answer)
        report._flush_as_citizen()
        self._settle("done", report=report)
        return True

    def _after_reported(self, report, found):
        if found.level == PERHAPS:
            report._ask_danger(found.words)
        return super()._after_reported(report, found)

    @api.model
    def _is_urgent(self, report):
        return report.danger_state == "asked" or super()._is_urgent(report)

    def _added_urgently(self, message, draft, files):
        report = super()._added_urgently(message, draft, files)
        if report.danger_state == "asked":
            found = self._judged(draft)
            if found.level == SURE:
                report._become_emergency(", ".join(found.words))
        return report
