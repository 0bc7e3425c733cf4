from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .limit import has_passed


class CivicReport(models.Model):
    """The sender's rating: one, which may be changed for some days; each change is kept
    in the history, and figures count the last."""

    _inherit = "civic.report"

    rating_open_until = fields.Datetime(
        "Rating May Be Changed Until", readonly=True, copy=False
    )

    def _check_rating(self, level, comment):
        """:raises UserError: once the rating is fixed, and for a second click"""
        self.ensure_one()
        if not self._is_rated():
            return
        if not self._rating_is_open():
            raise UserError(
                self.env._(
                    "You have rated this report already; since %s the rating is fixed.",
                    self.company_id._civic_moment_text(self.rating_open_until),
                )
                if self.rating_open_until
                else self.env._("You have rated this report already.")
            )
        earlier = self._whole_words().rating_comment or ""
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
            comment = report._whole_words().rating_comment
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
        return self.state == "done" and not self._is_rated()

    def _own_rating_values(self):
        """What the sender sees of the own rating.

        :return: dict: level_id, comment, whether it may be changed and until when,
            and where the matter is reported again by who is not satisfied
        """
        level = self.rating_level_id
        may_change = (
            self.state == "done" and self._is_rated() and self._rating_is_open()
        )
        return {
            "level_id": level.id,
            "comment": self.rating_comment or "",
            "can_change": may_change,
            "open_until": self.rating_open_until,
            "again_path": self._again_path()
            if level and not level.is_satisfied
            else "",
        }


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
