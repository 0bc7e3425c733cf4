from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean, says_something

MAX_WORDS = 500
MOST_GROUNDS = 200


class CivicReason(models.Model):
    """Grounds for a look at an identity."""

    _inherit = "civic.reason"

    use = fields.Selection(
        selection_add=[("look", "Look at an identity")],
        ondelete={"look": "cascade"},
    )
    needs_words = fields.Boolean(
        "With Words", help="Whoever chooses it says in words what it is about."
    )


class CivicAccess(models.Model):
    """The reason of a look: a ground of the list, with words where it needs them."""

    _inherit = "civic.access"

    ground_id = fields.Many2one("civic.reason", readonly=True, ondelete="restrict")

    @api.model
    def _read_reason(self, reason, words=None):
        """Values of a look's reason.

        :param reason: id or code of a ground of the list; anything else is taken as
            the words of “another reason”
        :param words: what it is about, where the ground needs words
        :return: dict: ground_id and reason
        :raises UserError: no such ground; no words, or words that say nothing
        """
        ground = self._ground(reason)
        if not ground and isinstance(reason, str) and not words:
            ground, words = self._ground("other"), reason
        if not ground:
            raise UserError(self.env._("Choose from the list why you need to know."))
        words = clean(words if isinstance(words, str) else "", multiline=False)
        if ground.needs_words:
            words = self._checked_words(words)
        return {"ground_id": ground.id, "reason": words[:MAX_WORDS] or ground.name}

    @api.model
    def _ground(self, reason):
        """The ground of this id or code, or empty."""
        # sudo: why somebody looks is chosen from a list for everybody who may look
        grounds = self.env["civic.reason"].sudo()
        if isinstance(reason, models.BaseModel):
            reason = reason.id
        if type(reason) not in (int, str):
            return grounds
        name = "id" if isinstance(reason, int) else "code"
        found = grounds.search([("use", "=", "look")], limit=MOST_GROUNDS)
        return found.filtered(lambda ground: ground[name] == reason)

    @api.model
    def _checked_words(self, words):
        words = clean(words if isinstance(words, str) else "", multiline=False)
        if not says_something(words):
            raise UserError(
                self.env._(
                    "Say in a few words of your own why: at least two words, not one "
                    "letter over and over."
                )
            )
        return words[:MAX_WORDS]
