from odoo import api, models
from odoo.exceptions import MissingError, UserError

from ..tools.text import clean
from .citizen import as_citizen
from .door import CitizenGrant
from .transitions import CENTRE_CODES


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
                ("state", "in", ("new", "received", "resolved")),
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
        reports.filtered(
            lambda report: (
                report.track == "emergency"
                and report.procedure_id.emergency_from_verification
            )
        )._restart_intake()
        return True

    def _restart_intake(self):
        """Time the intake from now on: what came in has been found true. Until then
        its time is an alarm, by which nothing is late."""
        self._end_alarm("done")
        self._open_steps(("intake",))
        self._refresh_clock()

    def classify(self, category_id):
        """Put reports under a category (BG Phần 2, mục 1, bước 2).

        :param category_id: id of a civic.category that is taken in
        """
        reports = self._enter("classify")
        category = self.env["civic.category"].search(
            [("id", "=", getattr(category_id, "id", category_id))]
        )
        if not category:
            raise MissingError(self.env._("Not found: there is no such category."))
        reports._check_not_classified(category)
        reports._walk("classify", {"category_id": category.id}, note=category.name)
        return True

    def _check_not_classified(self, category):
        """Refuse a second click: the same category, confirmed before."""
        for report in self:
            confirmed = "classify" in report.event_ids.mapped("code")
            if confirmed and report.category_id == category:
                raise UserError(
                    self.env._(
                        "%(report)s is classified as “%(category)s” already.",
                        report=report.name,
                        category=category.name,
                    )
                )

    def request_supplement(self, message):
        """Ask the citizen to verify, complete or correct (HUE Điều 13.3–4).

        :param message: what is missing, as the citizen is to read it
        """
        reports = self._enter("request_supplement")
        message = reports._required_text(
            message, self.env._("what the citizen must add")
        )
        reports._walk("request_supplement", reports._operator_values(), note=message)
        return True

    def supply(self, message):
        """Answer a request for a supplement, as the citizen or on the citizen's word.

        :param message: what is added
        """
        reports = self._enter("supply")
        message = reports._required_text(message, self.env._("what you want to add"))
        for report in reports:
            earlier = report._whole_words().supplied_text
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
        reason = reports._required_text(reason, self.env._("a reason"))
        ground = reports._ground(reason)
        message = (message or "").strip() or ground.message
        message = reports._required_text(
            message, self.env._("what the citizen is told")
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
    # Dispatch
    # ------------------------------------------------------------------

    def dispatch(
        self,
        agency_ids,
        lead_id=None,
        note=None,
        identity_reason=None,
        other_reason=None,
        incomplete_reason=None,
    ):
        """Give reports to the agencies that are to handle them (HUE Điều 6.1b).

        From then on everybody sees those that are public (HUE Điều 14.2).

        :param agency_ids: ids of civic.agency
        :param lead_id: id of the one that leads, where the procedure knows leads
        :param note: what the agencies should know
        :param identity_reason: why what names somebody stays in the public text
        :param other_reason: why it goes to others than those that the province named;
            the province reads it
        :param incomplete_reason: why it goes on though its category, or what the
            procedure demands of the sender, is missing
        """
        # An emergency is checked and dispatched in one act (HUE Điều 10.1–10.2).
        self._check_found()
        at_once = self.filtered(
            lambda report: report.state == "new" and report.track == "emergency"
        )
        if at_once:
            at_once.receive()
        reports = self._enter("dispatch")
        agencies = self._known_agencies(agency_ids)
        reports._check_dispatch(agencies, lead_id)
        reports._check_designated(agencies, other_reason)
        reports._check_complete(incomplete_reason)
        shown = reports.filtered(lambda report: report.visibility == "public")
        shown._check_identity(identity_reason)
        now = self._now()
        reports._walk(
            "dispatch",
            {
                **reports._operator_values(),
                "dispatched_at": now,
                "agency_id": lead_id or agencies[0].id,
            },
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        Assignment = self.env["civic.assignment"].with_env(reports.env)
        Assignment._dispatch(reports, agencies, lead_id, note)
        reports._refresh_clock()
        return True

    def _known_agencies(self, agency_ids):
        """The agencies of these ids that the user may see and that can be given work.

        :raises MissingError: for the others
        """
        ids = [getattr(agency, "id", agency) for agency in agency_ids or []]
        # RPC may send anything in their place.
        known = {id_ for id_ in ids if type(id_) is int}
        agencies = self.env["civic.agency"].search([("id", "in", list(known))])
        if len(agencies) != len(known) or not all(type(id_) is int for id_ in ids):
            raise MissingError(
                self.env._("Not found: an agency does not exist or is closed.")
            )
        # in the order given: the first is the main one
        return agencies.browse(dict.fromkeys(ids)).sudo()

    def _check_dispatch(self, agencies, lead_id):
        if not agencies:
            raise UserError(self.env._("Choose at least one agency."))
        if agencies.company_id - self.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        if lead_id and lead_id not in agencies.ids:
            raise UserError(self.env._("The lead must be one of the agencies chosen."))
        for report in self:
            if len(agencies) > 1 and report.procedure_id.lead_and_co and not lead_id:
                raise UserError(
                    self.env._(
                        "Choose which agency leads: under %s one answers for all.",
                        report.procedure_id.name,
                    )
                )
            if report._needs_coordination() and not report.consulted_at:
                raise UserError(
                    self.env._(
                        "%s is sensitive: consult the coordinating agency before you "
                        "dispatch it.",
                        report.name,
                    )
                )
            if report.category_id and not report.category_id.accepted:
                raise UserError(
                    self.env._(
                        "%(report)s: matters of “%(category)s” are not taken in. "
                        "Refuse it and tell the citizen where to turn.",
                        report=report.name,
                        category=report.category_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Result
    # ------------------------------------------------------------------

    def _resolve(self):
        """All results are in: the Centre's turn to publish."""
        if not self:
            return
        self._lock_rows()
        for report in self:
            report.public_result = report._joined_results()
        self._walk("resolve", {"resolved_at": self._now()})

    def _joined_results(self):
        """The agencies' results as the draft of what is published."""
        approved = self.assignment_ids.filtered(
            lambda row: row.state == "approved" and row.role != "co"
        )
        if len(approved) == 1:
            return approved.result
        return "\n\n".join(f"{row.agency_id.name}:\n{row.result}" for row in approved)

    def request_fix(self, assignment_ids, reason):
        """Have agencies correct results that do not follow the form (HUE Điều 9.1a).

        :param assignment_ids: ids of approved assignments of this report
        :param reason: what must be corrected
        """
        self.ensure_one()
        report = self._enter("request_fix")
        reason = report._required_text(reason, self.env._("what must be corrected"))
        ids = [getattr(row, "id", row) for row in assignment_ids or []]
        assignments = report.assignment_ids.filtered(
            lambda row: row.id in ids and row.role != "co"
        )
        if not ids or len(assignments) != len(set(ids)):
            raise MissingError(
                self.env._("Not found: choose results of this report to send back.")
            )
        # What changes after the coordinating agency agreed needs its agreement again.
        report._walk(
            "request_fix", {"resolved_at": False, "concurred_at": False}, note=reason
        )
        assignments._fix(reason)
        report._refresh_clock()
        return True

    def publish(self, identity_reason=None):
        """Publish the result, or answer the citizen alone where it is not public
        (HUE Điều 9).

        :param identity_reason: why what names somebody stays in the public text
        """
        reports = self._enter("publish")
        now = self._now()
        for report in reports:
            if report._needs_coordination() and not report.concurred_at:
                raise UserError(
                    self.env._(
                        "%s is sensitive: ask the coordinating agency to agree with "
                        "the result before you publish it.",
                        report.name,
                    )
                )
            if not (report.public_result or "").strip():
                raise UserError(
                    self.env._("%s: write the result to publish first.", report.name)
                )
        shown = reports.filtered(lambda report: report.visibility == "public")
        shown._check_identity(identity_reason, with_result=True)
        reports._walk("publish", {"published_at": now, "closed_at": now})
        return True

    # ------------------------------------------------------------------
    # Rating
    # ------------------------------------------------------------------

    def rate(self, level_id, comment=None):
        """Rate the handling, or change the rating while it may be changed
        (HUE Điều 12.3).

        :param level_id: id of a level of the procedure's scale
        :param comment: free text
        """
        reports = self._enter("rate")
        for report in reports:
            levels = report.procedure_id.scale_id.level_ids
            level = levels.filtered(
                lambda row: row.id == getattr(level_id, "id", level_id)
            )
            if not level:
                raise UserError(self.env._("Choose one of the levels of the scale."))
            comment = clean(comment or "")[:2000]
            report._check_rating(level, comment)
            report._walk(
                "rate", report._prepare_rating(level, comment), note=level.name
            )
        return True

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

    def _required_text(self, text, what):
        # RPC may send anything in its place.
        text = clean(text) if isinstance(text, str) else ""
        if not text:
            raise UserError(self.env._("Write %s.", what))
        return text
