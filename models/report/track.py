from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..ground.guard import required_text
from ..ground.key import is_inside
from ..workflow.transitions import AT_CENTRE, INTAKE


class CivicReport(models.Model):
    """Which track a report is on, and what follows when that changes."""

    _inherit = "civic.report"

    def set_track(self, track, reason):
        """Find out that a report in hand is an emergency, or sensitive, or neither.

        What is owed from now on is timed by the track that it has now; the agencies at
        work are told as of a new one. What was late stays late.

        :param track: normal, emergency or sensitive
        :param reason: why; the history keeps it
        """
        reports = self._enter("set_track")
        labels = dict(self._fields["track"]._description_selection(self.env))
        if not isinstance(track, str) or track not in labels:
            raise UserError(self.env._("Choose one of the tracks."))
        reason = required_text(self.env, reason, self.env._("a reason"))
        for report in reports:
            if report.track == track:
                raise UserError(self.env._("%s: that is so already.", report.name))
            report._walk("set_track", {"track": track}, note=reason)
        return True

    def _with_track_of_category(self, vals):
        """A category brings its track while no agency is at work yet; what is sensitive
        is so at any time (HUE Điều 6.1a)."""
        category = self.env["civic.category"].browse(vals["category_id"])
        early = all(report.state in AT_CENTRE for report in self)
        if category and (early or category.track == "sensitive"):
            return {**vals, "track": category.track}
        return vals

    def _correct_track(self, before):
        """See to what another track does, where no transition brought it.

        :param before: the track so far
        :raises ValidationError: for what needs a reason, see `set_track`
        """
        self.ensure_one()
        is_free = self.state in AT_CENTRE or self.track == "sensitive"
        if not is_free and not is_inside(self.env):
            raise ValidationError(
                self.env._(
                    "An agency is at work on %s: use “Change Track…” and give the "
                    "reason.",
                    self.name,
                )
            )
        report = self._elevated()
        report._time_by_track(before, report.state)
        report._tell_track(before)
        report._refresh_clock()

    def _react_track(self, act):
        for report in self:
            was = act.before[report]
            if report.track != was["track"]:
                report._time_by_track(was["track"], was["state"])

    def _react_tell_track(self, act):
        for report in self:
            before = act.before[report]["track"]
            if report.track != before:
                report._tell_track(before)

    def _time_by_track(self, before, state):
        """Time what is owed by the limits of the track that it has now.

        :param before: the track so far
        :param state: the one in which it was raised or lowered
        """
        self._check_followers(before)
        if state in AT_CENTRE:
            self._time_intake_anew(state)
        else:
            self._time_anew(before)

    def _time_anew(self, before):
        """Let what others owe by now go on, by the limits of the new track.

        :param before: the track so far
        """

    def _tell_track(self, before):
        """What the history says of it; agencies at work hear of that event."""
        self._log_note("track", self._track_words(before))
        if self.track == "sensitive" and self.visibility == "public":
            self._hide_sensitive()

    def _track_words(self, before):
        labels = dict(self._fields["track"]._description_selection(self.env))
        return f"{labels.get(before, '–')} → {labels.get(self.track, '–')}"

    def _time_intake_anew(self, state):
        """Time the intake by the limits of the new track, from the same start.

        :param state: the one so far
        """
        steps = self.env["civic.step"]
        old = steps.search([*self._step_domain(), ("code", "in", INTAKE)])
        old._close("dropped", was_owed=False)
        started = {step.code: step.started_at for step in old}
        if state == "new" and "intake" in started:
            # the new track may time it apart where the old one did not
            started.setdefault("intake_receive", started["intake"])
        steps._open(
            [
                {**self._prepare_step(code), "started_at": started[code]}
                for code in self._due_steps(started)
            ]
        )
