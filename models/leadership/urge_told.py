import uuid

from odoo import api, models

URGE = "urge"


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    def _known_gaps(self):
        known = super()._known_gaps()
        if self.event != URGE or self._is_short():
            return known
        return known | {"message"}


class CivicOutbox(models.Model):
    """Handler and leaders are told that they are urged, by the ways of an
    assignment."""

    _inherit = "civic.outbox"

    @api.model
    def _prepare_for_handler(self, row, report, assignment):
        if self.env["civic.notice"]._event_of(row["notice_id"]) != URGE:
            return self._prepare_for_officer(row, report, assignment)
        # Who has left holds nothing: whoever has it now is told.
        return self._prepare_for_people(row, assignment._step_holder("process"))

    @api.model
    def _prepare_for_leader(self, row, report, assignment):
        if self.env["civic.notice"]._event_of(row["notice_id"]) != URGE:
            return self._prepare_for_officer(row, report, assignment)
        handler = assignment._step_holder("process")
        leaders = assignment._step_holder("approve")
        leaders |= assignment.agency_id._leaders_told()
        return self._prepare_for_people(row, leaders - handler)

    @api.model
    def _prepare_for_people(self, row, people):
        """Rows of one message for several officers; nobody is told what they did."""
        told = people.filtered("active")._civic_deputies()
        return [
            {
                **row,
                # Each row is one message, with a name of its own.
                "external_id": uuid.uuid4().hex,
                "key": f"{row['key']}:{user.id}",
                "audience": "user",
                "user_id": user.id,
            }
            for user in told
            if user.id != self.env.uid
        ]

    def _officer_values(self):
        values = super()._officer_values()
        if self.notice_id.event != URGE:
            return values
        # The note as agencies read it: what names the sender is struck out.
        return {**values, "message": self.event_id.note or ""}
