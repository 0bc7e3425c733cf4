from odoo import api, fields, models, tools

from ...tools.keywords import split_keywords
from ...tools.urgency import LISTS, judge, make_table


class CivicDangerList(models.Model):
    """Phrases by which a text tells of an emergency, or only sounds like it; see
    :mod:`..tools.urgency`."""

    _name = "civic.danger.list"
    _inherit = ["civic.cached"]
    _description = "Words of Emergencies"
    _order = "sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("sure", "Tell of an emergency"),
            ("perhaps", "May tell of one: the sender is asked"),
            ("harmless", "Only sound like one"),
            ("may", "Said before what may happen"),
            ("causes", "Said before what something leads to"),
            ("past", "Say that it is over, or usual"),
            ("now", "Say that it happens now"),
            ("no", "Say right before it that it is not so"),
        ],
        required=True,
        readonly=True,
    )
    phrases = fields.Text(
        help="Between commas or one on each line, with their accents; “…” stands for "
        "up to four words. A phrase that is moved to another list is judged by it from "
        "the next message on.",
    )
    sample = fields.Text(
        "Try a Message",
        store=False,
        help="Nothing of it is kept.",
    )
    verdict = fields.Char("What It Is Taken For", compute="_compute_verdict")

    _kind_once = models.UniqueIndex("(kind)", "There is such a list already.")

    @api.model_create_multi
    def create(self, vals_list):
        """A new list starts with what is known."""
        rows = [
            {"phrases": ", ".join(LISTS.get(vals.get("kind"), ())), **vals}
            for vals in vals_list
        ]
        return super().create(rows)

    @api.depends("sample", "phrases")
    @api.depends_context("lang")
    def _compute_verdict(self):
        labels = {
            "sure": self.env._("An emergency"),
            "perhaps": self.env._("Perhaps an emergency: the sender is asked"),
            "not": self.env._("No emergency"),
        }
        lists = self._lists()
        for row in self:
            tried = {**lists, row.kind: split_keywords(row.phrases)}
            found = judge(row.sample, make_table(tried))
            words = ", ".join(f"“{word}”" for word in found.words)
            row.verdict = row.sample and ": ".join(
                filter(None, (labels[found.level], words))
            )

    @api.model
    def _judge(self, text):
        """Whether a text tells of an emergency, by the lists of this database.

        :return: :class:`..tools.urgency.Verdict`
        """
        return judge(text, self._phrase_table())

    @api.model
    @tools.ormcache()
    def _phrase_table(self):
        return make_table(self._lists())

    @api.model
    def _lists(self):
        # sudo: whoever writes to the Centre is judged by them
        rows = self.sudo().search([], limit=len(LISTS))
        return {row.kind: split_keywords(row.phrases) for row in rows}
