from odoo import models

from ..workflow.step import OPTIONAL_CODES
from ..workflow.transitions import APPROVING, HANDLING

# Duties that no track times otherwise: those of the citizen, and after the answer.
UNTOUCHED = ("supplement", "interaction")


class CivicReport(models.Model):
    """What a change of track does to duties that agencies owe."""

    _inherit = "civic.report"

    def _time_anew(self, before):
        """Let what is owed go on, by the limits of the new track.

        An emergency counts from now. What is none any more counts as if it had never
        been one, from when each duty began: raising and lowering earn no time. What
        both tracks limit alike, or not at all, keeps its clock; by its track it is
        told and warned of otherwise.
        """
        result = super()._time_anew(before)
        old, new = map(self.procedure_id._limits, (before, self.track))
        is_urgent = "emergency" in (before, self.track)
        going = self.step_ids.filtered(
            lambda step: (
                step.state == "open"
                and step.code not in UNTOUCHED
                and (is_urgent or not self._keeps_clock(step, old, new))
            )
        )
        kept = going.filtered(lambda step: self._keeps_clock(step, old, new))
        specs = [
            (step, self._prepare_anew(step, step in kept))
            for step in going
            if step.code not in OPTIONAL_CODES or step.code in new
        ]
        kept._close("dropped", was_owed=False)
        (going - kept)._close("dropped")
        self._open_anew(specs, kept)
        going.assignment_id._refresh_clock()
        return result

    def _keeps_clock(self, step, old, new):
        """Whether a duty is the same on both tracks, and limited alike.

        :param old, new: limits of the tracks, as of `civic.procedure._limits`
        """
        return (
            old.get(step.code) == new.get(step.code)
            and step.assignment_id._code_anew(step.code) == step.code
        )

    def _open_anew(self, specs, kept):
        """Open duties under the new track.

        Whoever hears of the emergency as of a new assignment, and whoever only goes on
        as before, is not told of the duty besides.

        :param specs: list of (duty so far, dict as of `civic.step._open`)
        :param kept: duties that keep their clock
        """
        known, news = [], []
        for step, spec in specs:
            if self.track == "emergency":
                is_known = spec["code"] in ("accept", *HANDLING)
            else:
                is_known = step in kept
            (known if is_known else news).append(spec)
        steps = self.env["civic.step"]
        steps._open_untold(known)
        steps._open(news)

    def _prepare_anew(self, step, keeps_clock):
        """What opens a duty again under the track that the report has now, or the duty
        that this track has in its place.

        :param keeps_clock: as of `_keeps_clock`
        """
        spec = step._prepare_again()
        if keeps_clock:
            return {**spec, **step._clock_as_it_was()}
        code = step.assignment_id._code_anew(step.code)
        if code != step.code:
            holder = step.assignment_id._step_holder(code)
            spec = {**spec, "code": code, "holder": holder}
        return {**spec, **self._clock_anew(step, code)}

    def _clock_anew(self, step, code):
        """What times a duty under the track that the report has now.

        :param code: of the duty that goes on in place of the step
        :return: dict of what differs from a limit that counts from now
        """
        if self.track == "emergency":
            return {}
        if code in APPROVING:
            # Not from the completion, as that of an emergency does.
            return {"counted_from": step.assignment_id.submitted_at}
        granted = step.assignment_id._granted_clock() if code in HANDLING else {}
        same = self.step_ids.filtered(
            lambda row: row.code == code and row.assignment_id == step.assignment_id
        )
        # The last one knows what stood still, and what an extension came to by that.
        before = same.filtered(lambda row: row.track != "emergency")[-1:] or same[:1]
        if before.is_extended and granted.get("deadline", True):
            return step.assignment_id._clock_going_on(before)
        return {
            "counted_from": before.counted_from or step.started_at,
            "held": before.held,
            **granted,
        }
