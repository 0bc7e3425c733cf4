from odoo import api, fields, models
from odoo.fields import Domain

from .transitions import rows_of


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
        for record, roles in self._door_roles().items():
            # "read" keeps the list from being empty, which Json would turn into False.
            record.allowed_verbs = ["read", *sorted(record._verbs_of(roles))]

    def _verbs_of(self, roles):
        """What whoever is this to the record may do now, by the rows of the table and
        their guards, as the door asks them.

        :param roles: set of names of actors
        :return: set of verbs
        """
        return {verb for verb in rows_of(self._name) if self._lets(roles, verb)}

    def _lets(self, roles, verb):
        """Whether one verb is among `_verbs_of`."""
        row = self._transition(verb)
        return bool(
            roles & row.actors and self.state in row.sources and not self._refusal(row)
        )

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
