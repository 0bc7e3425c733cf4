from odoo import api, models
from odoo.exceptions import MissingError

from ..ground.citizen import as_citizen
from ..ground.guard import id_of, ids_of, required_text
from ..ground.key import CitizenGrant
from ..ground.words_field import whole_words
from ..workflow.transitions import AT_CENTRE, CENTRE_CODES


class CivicReport(models.Model):
    """What the Centre and the citizen do with a report."""

    _inherit = "civic.report"

    # ------------------------------------------------------------------
    # Intake
    # ------------------------------------------------------------------

    def take(self):
        """Put these reports into the current operator's hands."""
        reports = self._enter("take")
        reports = reports.filtered(lambda row: row.operator_id.id != self.env.uid)
        if not reports:
            return True  # a second click
        reports._walk("take", {"operator_id": self.env.uid})
        steps = (
            self.env["civic.step"].with_env(reports.env).search(reports._step_domain())
        )
        steps.filtered(lambda step: step.code in CENTRE_CODES)._hand_over(self.env.user)
        return True

    @api.model
    def take_next(self):
        """Take the free report that is due first.

        :return: id of the report, or False when nothing waits
        """
        for report in self.search(
            [
                ("operator_id", "=", False),
                ("state", "in", (*AT_CENTRE, "resolved")),
                ("company_id", "=", self.env.company.id),
            ],
            order="deadline, id",
            limit=10,
        ):
            if report.try_lock_for_update():
                report.take()
                return report.id
        return False

    def receive(self):
        """Find the report in order and take it in (HUE Điều 6.1a).

        That does not say who its sender is: see `verify_sender`.
        """
        reports = self._enter("receive")
        reports._walk("receive", reports._operator_values())
        return True

    def classify(self, category_id):
        """Put reports under a category (BG Phần 2, mục 1, bước 2).

        :param category_id: id of a civic.category that is taken in
        """
        reports = self._enter("classify")
        category = self.env["civic.category"].search([("id", "=", id_of(category_id))])
        if not category:
            raise MissingError(self.env._("Not found: there is no such category."))
        reports._walk("classify", {"category_id": category.id}, note=category.name)
        return True

    def _guard_classification_due(self):
        if "intake_classify" not in self._open_codes():
            return self.env._(
                "%s is classified already, or its classification is not timed apart: "
                "correct the category on its page.",
                self.name,
            )
        return None

    def request_supplement(self, message):
        """Ask the citizen to verify, complete or correct (HUE Điều 13.3–4).

        :param message: what is missing, as the citizen is to read it
        """
        reports = self._enter("request_supplement")
        message = required_text(
            self.env, message, self.env._("what the citizen must add")
        )
        reports._walk("request_supplement", reports._operator_values(), note=message)
        return True

    def supply(self, message):
        """Answer a request for a supplement, as the citizen or on the citizen's word.

        :param message: what is added
        """
        reports = self._enter("supply")
        message = required_text(self.env, message, self.env._("what you want to add"))
        for report in reports:
            earlier = whole_words(report).supplied_text
            text = "\n\n".join(filter(None, (earlier, message)))
            report._walk("supply", {"supplied_text": text}, note=message)
        return True

    def refuse(self, reason, message):
        """Refuse reports that cannot be taken in.

        :param reason: code or name of a ground of the procedure (civic.reason)
        :param message: what the citizen is told: the exact reason and how to complete
            the report (ST Điều 11.2, BP Điều 4.2)
        """
        return self._turn_away("refuse", reason, message)

    def cancel(self, reason, message):
        """Cancel reports sent twice, by mistake, or never completed (HUE Điều 13).

        :param reason: code or name of a ground of the procedure (civic.reason)
        :param message: what the citizen is told
        """
        return self._turn_away("cancel", reason, message)

    def _turn_away(self, verb, reason, message):
        reports = self._enter(verb)
        reason = required_text(self.env, reason, self.env._("a reason"))
        ground = reports._ground(reason)
        message = (message or "").strip() or ground.message
        message = required_text(
            self.env, message, self.env._("what the citizen is told")
        )
        reports._walk(
            verb,
            {
                "reason_id": ground.id,
                "reason": ground.name,
                "reason_message": message,
                "closed_at": self._now(),
            },
            note=f"{ground.name}: {message}",
        )
        return True

    # ------------------------------------------------------------------
    # Agencies
    # ------------------------------------------------------------------

    def _guard_received_first(self):
        """An emergency is checked and dispatched in one act (HUE Điều 10.1–10.2)."""
        if self.state == "new" and self.track != "emergency":
            return self.env._("%s: receive it before you dispatch it.", self.name)
        return None

    def _known_agencies(self, agency_ids):
        """The agencies of these ids that the user may see and that can be given work.

        :raises MissingError: for the others
        """
        ids = ids_of(agency_ids)
        agencies = self.env["civic.agency"].search([("id", "in", ids)])
        if len(agencies) != len(set(ids)):
            raise MissingError(
                self.env._("Not found: an agency does not exist or is closed.")
            )
        # in the order given: the first is the main one
        return agencies.browse(dict.fromkeys(ids)).sudo()

    # ------------------------------------------------------------------
    # Actors and arguments
    # ------------------------------------------------------------------

    def _own_roles(self):
        """Who sent a report is known to the door, and to nobody who reads it.

        Officers act on reports of their own by the website alone, which grants it: done
        in their own name it would stay on the row.
        """
        user = self.env.user
        coordinates = user.has_group("civic_report.group_coordinator")
        agencies = set(user._civic_agency_ids("coordinator")) if coordinates else set()
        roles = {report: set() for report in self}
        for report, mine in roles.items():
            # sudo: the link to the sender is the intake centre's to read
            report_sudo = report.sudo()
            sent = not user._is_internal() and report_sudo._is_sent_by(user)
            if sent or report in self._granted():
                mine.add("reporter")
            if report_sudo.coordinator_agency_id.id in agencies:
                mine.add("coordinator")
        return roles

    def _granted(self):
        grant = self.env.context.get("civic_grant")
        if not isinstance(grant, CitizenGrant):
            return self.browse()
        return self.filtered(lambda report: report.id in grant.report_ids)

    def _has_grant(self):
        return bool(self) and self._granted() == self

    def _as_actor(self):
        """Citizens write as the technical user: no uid of theirs stays on a row."""
        if self.env.user._is_internal():
            return self
        return as_citizen(self)

    def _operator_values(self):
        """The operator who acts takes the report, if nobody has."""
        if self.env.user.has_group("civic_report.group_operator") and not any(
            report.operator_id for report in self
        ):
            return {"operator_id": self.env.uid}
        return {}
