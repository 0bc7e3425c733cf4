from odoo import api, models

from ...tools.text import clean
from ..ground.guard import required_text
from ..province.limit import has_passed


class CivicDisclosure(models.Model):
    """The citizen agrees or does not, and those who are let in look."""

    _inherit = "civic.disclosure"

    # ------------------------------------------------------------------
    # The citizen answers
    # ------------------------------------------------------------------

    def give_consent(self, evidence=None):
        """Agree: the persons named may look until the time is over.

        :param evidence: how an operator knows, who writes the answer down (call and
            its recording, letter); citizens give none
        """
        disclosure = self._answer("give_consent", evidence)
        expires_at = disclosure._end_of_access()
        disclosure._walk(
            "give_consent",
            {
                **disclosure._answer_values("given", evidence),
                "expires_at": expires_at,
                "deadline": False,
                # The link goes on as long as there is something to withdraw.
                "link_expires_at": expires_at,
            },
        )
        return True

    def refuse_consent(self, evidence=None):
        """Do not agree: nobody learns anything, the report goes on.

        :param evidence: see `give_consent`
        """
        disclosure = self._answer("refuse_consent", evidence)
        disclosure._walk(
            "refuse_consent",
            {
                **disclosure._answer_values("refused", evidence),
                **self._no_link(),
                "closed_at": self._now(),
            },
        )
        return True

    def withdraw_consent(self, evidence=None):
        """Withdraw the consent: nobody may look from this moment on.

        :param evidence: see `give_consent`
        """
        disclosure = self._answer("withdraw_consent", evidence)
        disclosure._walk(
            "withdraw_consent",
            {
                **disclosure._answer_values("withdrawn", evidence),
                **self._no_link(),
                "closed_at": self._now(),
            },
        )
        return True

    def _answer(self, verb, evidence):
        """Let the citizen in, or an operator who can show the citizen's word."""
        self.ensure_one()
        disclosure = self._enter(verb)
        if not self._has_grant():
            required_text(self.env, evidence, self.env._("how the citizen answered"))
        return disclosure

    def _guard_by_consent(self):
        if self.without_consent:
            return self.env._(
                "It rests on the law, not on consent: %s.", self.law_basis
            )
        return None

    def _guard_consent_runs(self):
        if not self._is_in_force(self._now()):
            return self.env._("The time is over: nobody may look any more.")
        return None

    def _awaits_answer(self):
        """Whether the citizen was asked and may still answer."""
        return self.state == "asked" and not has_passed(self.deadline, self._now())

    def _answer_values(self, consent, evidence):
        return {
            "consent": consent,
            "answered_at": self._now(),
            "evidence": clean(evidence or "", multiline=False) or False,
        }

    @api.model
    def _cron_lapse(self, limit=500):
        """Count silence as a refusal once the time to answer is over."""
        late = self.search(
            [("state", "=", "asked"), ("deadline", "<", self._now())],
            order="deadline",
            limit=limit,
        )
        cron = self.env["ir.cron"]
        for done, disclosure in enumerate(late, start=1):
            locked = disclosure.try_lock_for_update()
            if locked.state == "asked":
                locked._elevated()._lapse()
            if not cron._commit_progress(1, remaining=len(late) - done):
                break

    def _lapse(self):
        self._walk(
            "lapse_consent",
            {"consent": "refused", **self._no_link(), "closed_at": self._now()},
        )

    def _end_for_the_person(self):
        """End these at the person's word, given to the Centre as a request."""
        for disclosure in self:
            disclosure._lock_rows()
            verb = {"granted": "withdraw_consent", "asked": "refuse_consent"}.get(
                disclosure.state, "end_disclosure"
            )
            consent = {"granted": "withdrawn", "asked": "refused"}.get(disclosure.state)
            now = self._now()
            disclosure._walk(
                verb,
                {
                    **self._no_link(),
                    "consent": consent or disclosure.consent,
                    "answered_at": now if consent else disclosure.answered_at,
                    "closed_at": now,
                },
            )

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    def look(self):
        """Read the identity that was given, and nothing besides.

        Only for the persons named, while the disclosure is in force and they work on
        the report. Each look is written down and shown to the citizen.

        :return: list of dicts: field, label, value
        """
        self.ensure_one()
        disclosure = self._enter("look")
        shown = disclosure.reporter_id._disclosed(disclosure, disclosure._names())
        labels = self.env["civic.reporter"]._identity_labels()
        return [
            {"field": name, "label": labels[name], "value": value or ""}
            for name, value in shown.items()
        ]

    def _guard_access_in_force(self):
        if not self._is_in_force(self._now()):
            return self.env._("The time to look is over: ask again.")
        return None

    def _guard_lookable(self):
        if self.reporter_id.restricted_at and not self.without_consent:
            return self.env._("The citizen has had the use of the own data restricted.")
        return None
