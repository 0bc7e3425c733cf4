from odoo import api, fields, models
from odoo.fields import Domain

from .transitions import TRANSITIONS


class CivicDoor(models.AbstractModel):
    """What screens ask of the door."""

    _inherit = "civic.door"

    # States in which somebody still has something to do.
    _open_states = ()

    is_open = fields.Boolean(
        "Open", compute="_compute_is_open", search="_search_is_open"
    )
    allowed_verbs = fields.Json(
        compute="_compute_allowed_verbs",
        help="What the current user may do now; screens show their buttons by it.",
    )

    @api.depends("state")
    def _compute_is_open(self):
        for record in self:
            record.is_open = record.state in self._open_states

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        # "in" both ways: indexes of open records name the states that they hold.
        states = [key for key, _label in self._fields["state"].selection]
        return Domain(
            "state",
            "in",
            [state for state in states if (state in self._open_states) in wanted],
        )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_allowed_verbs(self):
        roles = self._door_roles()
        for record in self:
            # "read" keeps the list from being empty, which Json would turn into False.
            record.allowed_verbs = [
                "read",
                *sorted(record._allowed_verbs(roles[record])),
            ]

    def _allowed_verbs(self, roles):
        """Verbs that the table of transitions grants to these roles in this state.

        :param roles: set of role names, see `_door_roles`
        :return: set of verbs
        """
        self.ensure_one()
        return {
            row.verb
            for row in TRANSITIONS.values()
            if row.model == self._name
            and self.state in row.sources
            and roles & row.actors
        }

    @api.model
    def _cover_urls(self, attachments_of):
        """Addresses of small pictures for cards.

        :param attachments_of: dict record → its ir.attachment, elevated
        :return: dict record → address, or False without a picture
        """
        covers = {}
        for record, attachments in attachments_of.items():
            picture = attachments.filtered(
                lambda file: (file.mimetype or "").startswith("image/")
            )[:1]
            covers[record] = bool(picture) and (
                f"/web/image/{picture.id}-{picture.checksum[:8]}/192x192?crop=1"
            )
        return covers
