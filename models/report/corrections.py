from odoo import models

from ..ground.key import is_inside
from ..ground.words_field import whole_words

# What the history repeats, from → to. The old words of a subject may be what nobody was
# to read: of these it says only that they were corrected.
TOLD = ("category_id", "ward_id", "address")
PLACE = ("latitude", "longitude")


class CivicReport(models.Model):
    """What the Centre corrects is on record, and has the same consequences whenever it
    is found out (HUE Điều 6.1a, 10, 11)."""

    _inherit = "civic.report"

    def write(self, vals):
        if "category_id" in vals and "track" not in vals:
            vals = self._with_track_of_category(vals)
        tracks = {}
        if "track" in vals and not self._is_followed_up("track"):
            tracks = {report: report.track for report in self}
        notes = {} if is_inside(self.env) else self._correction_values(vals)
        result = super().write(vals)
        for report, before in notes.items():
            report._log_corrections(before)
        if vals.get("category_id") and not is_inside(self.env):
            self._classified()
        for report, track in tracks.items():
            if report.track != track:
                report._correct_track(track)
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
            words[label] = whole_words(self).subject or ""
        return words

    def _shown(self, name):
        value = whole_words(self)[name]
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
