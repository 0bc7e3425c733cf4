from odoo import models
from odoo.exceptions import UserError, ValidationError

from .civic_step import OPTIONAL_CODES
from .door import is_inside
from .transitions import APPROVING, HANDLING, INTAKE

# What the history repeats, from → to. The old words of a subject may be what nobody was
# to read: of these it says only that they were corrected.
TOLD = ("category_id", "ward_id", "address")
PLACE = ("latitude", "longitude")
# Duties that no track times otherwise: those of the citizen, and after the answer.
UNTOUCHED = ("supplement", "interaction")


class CivicReport(models.Model):
    """What the Centre corrects is on record, and has the same consequences whenever it
    is found out (HUE Điều 6.1a, 10, 11)."""

    _inherit = "civic.report"

    def write(self, vals):
        if "category_id" in vals and "track" not in vals:
            vals = self._with_track_of_category(vals)
        tracks = {row: row.track for row in self} if "track" in vals else {}
        notes = {} if is_inside(self.env) else self._correction_values(vals)
        result = super().write(vals)
        for report, before in notes.items():
            report._log_corrections(before)
        if vals.get("category_id") and not is_inside(self.env):
            self._classified()
        for report, track in tracks.items():
            if report.track != track:
                report._track_changed(track)
        return result

    # ------------------------------------------------------------------
    # The history
    # ------------------------------------------------------------------

    def _correction_values(self, vals):
        """What is about to be corrected, as one reads it now.

        :return: dict of record → dict of label → words
        """
        if not {*TOLD, *PLACE, "subject"} & set(vals):
            return {}
        return {report: report._corrected_words(vals) for report in self}

    def _corrected_words(self, names):
        words = {
            self._fields[name]._description_string(self.env): self._shown(name)
            for name in TOLD
            if name in names
        }
        if set(PLACE) & set(names):
            words[self.env._("Position")] = self._position_words()
        if "subject" in names:
            label = self._fields["subject"]._description_string(self.env)
            words[label] = self._whole_words().subject or ""
        return words

    def _shown(self, name):
        value = self._whole_words()[name]
        # sudo: names of wards and categories that are in use no more
        shown = value.sudo().display_name if self._fields[name].relational else value
        return shown or "–"

    def _position_words(self):
        if not (self.latitude or self.longitude):
            return "–"
        return f"{self.latitude:.6f}, {self.longitude:.6f}"

    def _log_corrections(self, before):
        """Write one event of all that differs from before."""
        self.ensure_one()
        subject = self._fields["subject"]._description_string(self.env)
        names = [*TOLD, *PLACE, "subject"]
        after = self._corrected_words(names)
        lines = [
            label if label == subject else f"{label}: {was} → {after[label]}"
            for label, was in before.items()
            if was != after[label]
        ]
        if lines:
            self._log_note("correct", "\n".join(lines))

    def _classified(self):
        """Choosing the category is the act of classifying, where that is timed."""
        timed = self.filtered(
            lambda report: (
                report.state == "received" and "intake_classify" in report._open_codes()
            )
        )
        if timed:
            timed._enter("classify")._walk("classify")

    def _open_codes(self):
        # sudo: only the codes, to know whose turn it is and which buttons to show
        steps = self.sudo().step_ids
        return {step.code for step in steps if step.state == "open"}

    # ------------------------------------------------------------------
    # The track
    # ------------------------------------------------------------------

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
        reason = reports._required_text(reason, self.env._("a reason"))
        for report in reports:
            if report.track == track:
                raise UserError(self.env._("%s: that is so already.", report.name))
            report._walk("set_track", {"track": track}, note=reason)
        return True

    def _with_track_of_category(self, vals):
        """A category brings its track while no agency is at work yet; what is sensitive
        is so at any time (HUE Điều 6.1a)."""
        category = self.env["civic.category"].browse(vals["category_id"])
        early = all(report.state in ("new", "received") for report in self)
        if category and (early or category.track == "sensitive"):
            return {**vals, "track": category.track}
        return vals

    def _track_changed(self, before):
        """Time what is owed by the limits of the new track.

        :param before: the track so far
        :raises ValidationError: for what needs a reason, see `set_track`
        """
        self.ensure_one()
        is_early = self.state in ("new", "received")
        if not (is_early or self.track == "sensitive" or is_inside(self.env)):
            raise ValidationError(
                self.env._(
                    "An agency is at work on %s: use “Change Track…” and give the "
                    "reason.",
                    self.name,
                )
            )
        report = self._elevated()
        if is_early:
            report._time_intake_anew()
        else:
            report._time_anew(before)
        event = report._log_note("track", report._track_words(before))
        if self.track == "emergency":
            report._tell_raised(event)
        report._refresh_clock()
        if self.track == "sensitive" and self.visibility == "public":
            report._hide_sensitive()

    def _track_words(self, before):
        labels = dict(self._fields["track"]._description_selection(self.env))
        return f"{labels.get(before, '–')} → {labels.get(self.track, '–')}"

    def _time_intake_anew(self):
        """Time the intake by the limits of the new track, from the same start."""
        steps = self.env["civic.step"]
        old = steps.search([*self._step_domain(), ("code", "in", INTAKE)])
        old._close("dropped", was_owed=False)
        started = {step.code: step.started_at for step in old}
        if self.state == "new" and "intake" in started:
            # the new track may time it apart where the old one did not
            started.setdefault("intake_receive", started["intake"])
        steps._open(
            [
                {**self._prepare_step(code), "started_at": started[code]}
                for code in self._due_steps(started)
            ]
        )

    def _time_anew(self, before):
        """Let what is owed go on, by the limits of the new track.

        An emergency counts from now. What is none any more counts as if it had never
        been one, from when each duty began: raising and lowering earn no time. What
        both tracks limit alike, or not at all, keeps its clock; by its track it is
        told and warned of otherwise.
        """
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
