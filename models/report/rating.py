from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import id_of
from ..ground.words_field import whole_words
from ..province.limit import has_passed


class CivicReport(models.Model):
    """The sender's rating: one, which may be changed for some days; each change is kept
    in the history, and figures count the last."""

    _inherit = "civic.report"

    rating_open_until = fields.Datetime(
        "Rating May Be Changed Until", readonly=True, copy=False
    )

    def _guard_rating_open(self):
        if self._rating_is_open():
            return None
        if not self.rating_open_until:
            return self.env._("You have rated this report already.")
        return self.env._(
            "You have rated this report already; since %s the rating is fixed.",
            self.company_id._civic_moment_text(self.rating_open_until),
        )

    def _check_rating(self, level, comment):
        """:raises UserError: for a second click"""
        self.ensure_one()
        if not self._is_rated():
            return
        earlier = whole_words(self).rating_comment or ""
        if self.rating_level_id == level and earlier == comment:
            raise UserError(self.env._("You have rated this report so already."))

    def _prepare_rating(self, level, comment):
        """Values of a rating; the first one says until when it may be changed."""
        now = self._now()
        until = self.rating_open_until
        if not self._is_rated():
            until = now + timedelta(days=self.procedure_id.rating_change_days)
        return {
            "rating_level_id": level.id,
            "rating_comment": comment,
            "rated_at": now,
            "rating_open_until": until,
        }

    def _keep_ratings(self):
        """Put the ratings of the answers so far into the history, where they stay: the
        next answer is rated anew."""
        for report in self.filtered("rating_level_id"):
            comment = whole_words(report).rating_comment
            words = [report.rating_level_id.name, comment]
            report._log_note("rating_kept", "\n".join(filter(None, words)))

    @api.model
    def _no_rating(self):
        names = (
            "rating_level_id",
            "rating_comment",
            "rated_at",
            "rating_open_until",
        )
        return dict.fromkeys(names, False)

    def _is_rated(self):
        """Whether the answer that stands has been rated; one that came after the
        report was reopened is rated anew."""
        rated, answered = self.rated_at, self.published_at
        return bool(self.rating_level_id and (not answered or rated >= answered))

    def _rating_is_open(self):
        """Whether the rating may be given or changed now."""
        until = self.rating_open_until
        # No time to change it ends when it is given.
        is_some = until and until > self.rated_at
        changeable = is_some and not has_passed(until, self._now())
        return not self._is_rated() or bool(changeable)

    def _can_be_rated(self):
        """Whether the sender is asked for a rating."""
        return not self._is_rated() and self._may_as_sender("rate")

    def _own_rating_values(self):
        """What the sender sees of the own rating.

        :return: dict: level_id, comment, whether it may be changed and until when,
            and where the matter is reported again by who is not satisfied
        """
        level = self.rating_level_id
        return {
            "level_id": level.id,
            "comment": self.rating_comment or "",
            "can_change": self._is_rated() and self._may_as_sender("rate"),
            "open_until": self.rating_open_until,
            "again_path": self._again_path() if level.grade == "negative" else "",
        }

    def rate(self, level_id, comment=None):
        """Rate the handling, or change the rating while it may be changed
        (HUE Điều 12.3).

        :param level_id: id of a level of the procedure's scale
        :param comment: free text
        """
        reports = self._enter("rate")
        for report in reports:
            levels = report.procedure_id.scale_id.level_ids
            level = levels.filtered(lambda row: row.id == id_of(level_id))
            if not level:
                raise UserError(self.env._("Choose one of the levels of the scale."))
            comment = clean(comment or "")[:2000]
            report._check_rating(level, comment)
            report._walk(
                "rate", report._prepare_rating(level, comment), note=level.name
            )
        return True


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    rating_change_days = fields.Integer(
        "Rating May Be Changed For (days)",
        default=7,
        help="After the first rating; then it is fixed.",
    )

    _rating_figures = models.Constraint(
        "CHECK (rating_change_days BETWEEN 0 AND 366)",
        "A rating may be changed for at most a year.",
    )
