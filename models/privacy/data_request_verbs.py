from functools import partial

from odoo import models

from ...tools.text import clean
from ..ground.guard import required_text
from .disclosure import IDENTITY_FIELDS


class CivicDataRequest(models.Model):
    """What the Centre does with what a citizen asks."""

    _inherit = "civic.data.request"

    def acknowledge(self, message=None):
        """Give the first answer: the request has come in, this happens next.

        :param message: more words for the citizen
        """
        self.ensure_one()
        request = self._enter("acknowledge")
        now = self._now()
        request._walk(
            "acknowledge",
            {
                "acknowledged_at": now,
                "answered_late": now > request.answer_due,
                "answer": clean(message or "") or False,
                "deadline": request.fulfil_due,
                "overdue_from": request.fulfil_due,
            },
        )
        return True

    def extend(self, reason):
        """Take more time, once, as long as the law allows.

        :param reason: what the citizen is told: why it takes longer
        """
        self.ensure_one()
        request = self._enter("extend")
        reason = required_text(self.env, reason, self.env._("why it takes longer"))
        limit = self.env["civic.data.limit"]._of(request.kind)
        days = limit.third_party_days if request.third_party else limit.days
        # From the beginning: a day of work that the first term waited for adds none.
        [due] = self.env["civic.step"]._deadlines(
            [request.received_at],
            [(days + limit.extension_days, "day")],
            [request.company_id._civic_calendar()],
        )
        values = {
            "extended_at": self._now(),
            "extension_reason": reason,
            "fulfil_due": due,
        }
        if request.state == "acknowledged":
            values |= {"deadline": due, "overdue_from": due}
        request._walk("extend", values, note=reason)
        return True

    def _react_end_reminders(self, act):
        self._end_reminders()

    def _react_remind_managers(self, act):
        for request in self:
            request._remind_managers(request.deadline)

    def _guard_not_extended(self):
        if self.extended_at:
            return self.env._("The time has been extended already.")
        return None

    def _guard_time_left(self):
        if self.fulfil_due < self._now():
            return self.env._("The time is over: it cannot be extended now.")
        return None

    def fulfil(self, message=None):
        """Do what is asked for, and say so.

        A correction takes over what the citizen wrote; a deletion deletes, where
        nothing stands against it; a withdrawal ends what rests on consent; restriction
        and objection stop that the identity is given to anybody.

        :param message: what the citizen is told
        :raises UserError: why the data cannot be deleted now, and until when
        """
        self.ensure_one()
        request = self._enter("fulfil")
        getattr(request, f"_fulfil_{request.kind}")()
        request._finish("fulfil", clean(message or "") or False)
        return True

    def refuse_request(self, reason, legal_basis):
        """Do not do what is asked for.

        :param reason: what the citizen is told
        :param legal_basis: the law that stands against it (duty to keep, open case)
        """
        self.ensure_one()
        request = self._enter("refuse_request")
        text = partial(required_text, self.env)
        reason = text(reason, self.env._("a reason"))
        legal_basis = text(legal_basis, self.env._("the legal basis"))
        request._finish("refuse_request", reason, {"legal_basis": legal_basis})
        return True

    def _finish(self, verb, answer, values=None):
        now = self._now()
        self._walk(
            verb,
            {
                "ended_at": now,
                "ended_by_id": self.env["civic.report"]._event_user().id,
                "ended_late": now > self.fulfil_due,
                "answer": answer,
                # Fulfilled before it was acknowledged: the one answer is both.
                "acknowledged_at": self.acknowledged_at or now,
                "answered_late": self.answered_late
                or (not self.acknowledged_at and now > self.answer_due),
                "deadline": False,
                "overdue_from": False,
                "details_sealed": False,
                "has_details": False,
                **(values or {}),
            },
            note=answer or None,
        )

    def _join_earlier(self, earlier):
        """End this one: an earlier one of the same person and kind goes on for both.

        What was written in either stays with the earlier one; of two new values of a
        field the later one holds.

        :param earlier: the request that goes on
        """
        self.ensure_one()
        if later := self._details():
            known = earlier._details()
            messages = (known.get("message"), later.get("message"))
            both = {**known, **later}
            if message := "\n\n".join(filter(None, messages)):
                both["message"] = message
            earlier._seal_details(both)
        self.write(
            {
                "state": "joined",
                "ended_at": self._now(),
                "answer": self.env._(
                    "This goes on as your request %s, which came first.", earlier.id
                ),
                "deadline": False,
                "overdue_from": False,
                "details_sealed": False,
                "has_details": False,
            }
        )
        self._end_reminders()
        self.env["civic.data.event"]._log(
            "join", self.company_id, self.reporter_id, self, note=str(earlier.id)
        )

    def action_copy(self):
        """Open the copy of the person's data, to be printed and handed over.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/civic/du-lieu/{self.id}",
            "target": "new",
        }

    def _fulfil_copy(self):
        """The copy is made when the citizen opens it, and never kept."""

    def _fulfil_correction(self):
        changed = {
            name: value
            for name, value in self._details().items()
            if name in IDENTITY_FIELDS and value
        }
        if changed:
            self.reporter_id.write(changed)
            self.env["civic.data.event"]._log(
                "corrected",
                self.company_id,
                self.reporter_id,
                self,
                note=", ".join(sorted(changed)),
            )

    def _guard_deletable(self):
        """What stands against it; the page of the request says it, too."""
        if self.kind != "deletion":
            return None
        return self.reporter_id._deletion_obstacle() or None

    def _fulfil_deletion(self):
        self.reporter_id._anonymise(self.env._("At the person's own request."))

    def _fulfil_withdrawal(self):
        self.reporter_id._end_disclosures()

    def _fulfil_restriction(self):
        self.reporter_id._restrict()

    def _fulfil_objection(self):
        self.reporter_id._restrict()
