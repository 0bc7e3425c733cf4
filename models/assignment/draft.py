from odoo import fields, models
from odoo.exceptions import UserError


class CivicAssignment(models.Model):
    """Two drafts of one result never overwrite each other silently.

    Whoever saves names the version that was on the screen; screens do so by
    themselves. Who names none may go on with the own draft alone.
    """

    _inherit = "civic.assignment"

    draft_version = fields.Integer(
        readonly=True,
        copy=False,
        help="How often the draft was saved. Name it when you write a result: another "
        "draft that was saved since is then not overwritten.",
    )
    drafted_by_id = fields.Many2one(
        "res.users", "Draft Saved By", readonly=True, copy=False
    )

    def _next_draft(self, vals):
        """Check that nobody else saved a draft since, and count this one.

        :param vals: what is written, with `draft_version` where the writer knows it
        :return: the values without it
        :raises UserError: with the words of the other draft
        """
        vals = dict(vals)
        known = vals.pop("draft_version", None)
        for assignment in self:
            stale = (
                assignment.drafted_by_id not in (self.env.user, self.env["res.users"])
                if known is None
                else known != assignment.draft_version
            )
            if stale and not assignment._is_same_draft(vals):
                raise UserError(assignment._draft_words())
        for assignment in self._elevated():
            assignment.write(
                {
                    "draft_version": assignment.draft_version + 1,
                    "drafted_by_id": self.env.uid,
                }
            )
        return vals

    def _is_same_draft(self, vals):
        """Whether nothing of the other draft would be lost."""
        if "result" in vals and (vals["result"] or "") != (self.result or ""):
            return not self.result
        # Pictures are added and taken away one by one.
        return True

    def _draft_words(self):
        # sudo: the name of a colleague of the same agency
        author = self.sudo().drafted_by_id
        return self.env._(
            "%(author)s has saved another draft of this result since you opened it. "
            "Nothing that you typed is lost: compare both, keep what is right, then "
            "save again.\n\nThe other draft (version %(version)s):\n%(result)s",
            author=author.name or "",
            version=self.draft_version,
            result=self.result or "",
        )
