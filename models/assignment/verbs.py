from odoo import api, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import id_of, required_text
from ..workflow.reactions import BEGINNINGS
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES, RETURNING


class CivicAssignment(models.Model):
    """What handlers and leaders do with an assignment."""

    _inherit = "civic.assignment"

    @api.model
    def _dispatch(self, reports, agencies, lead_id, note):
        """Create the assignments of a dispatch and start their first clocks.

        :param reports: elevated records
        :param lead_id: id of the agency that answers for all, or None for parallel ones
        :return: the assignments
        """
        self._leave_places()
        assignments = self.create(
            [
                self._prepare_assignment(report, agency, agencies, lead_id, note)
                for report in reports
                for agency in agencies
                if not lead_id
                or agency.id == lead_id
                or not report.procedure_id.lead_and_co
            ]
        )
        led = assignments.filtered("report_id.procedure_id.lead_and_co")
        others = agencies.filtered(lambda agency: lead_id and agency.id != lead_id)
        if led and others:
            # One lead answers for all: the others work for it.
            assignments |= led._add_co(others, note)
        assignments._start()
        return assignments

    @api.model
    def _prepare_assignment(self, report, agency, agencies, lead_id, note):
        alone = len(agencies) == 1 and not report._parts()
        single = alone or agency.id == lead_id
        return {
            "report_id": report.id,
            "agency_id": agency.id,
            "company_id": report.company_id.id,
            "role": "lead" if single else "parallel",
            "handler_id": agency.focal_handler_id.id,
            "leader_id": agency.focal_leader_id.id,
            "note": note,
            "dispatched_at": self._now(),
            "state": "pending" if report.procedure_id.accept_step else "accepted",
        }

    def _add_co(self, agencies, note):
        """Assignments of co-agencies under these leads; their clocks stand still."""
        self._leave_places()
        return self.create(
            [
                {
                    **self._prepare_assignment(
                        lead.report_id, agency, agencies, False, note
                    ),
                    "role": "co",
                    "parent_id": lead.id,
                }
                for lead in self
                for agency in agencies
            ]
        )

    @api.model
    def _leave_places(self):
        """Write that assignments have ended before the same agencies get new ones: in
        `_one_active` there is room for one."""
        self.flush_model(["state"])

    def _start(self):
        """Begin new assignments, in one batch: see `BEGINNINGS`."""
        for name in BEGINNINGS:
            getattr(self, f"_begin_{name}")()

    def _begin_duties(self):
        steps = self.env["civic.step"]
        steps._open_untold(
            [
                assignment._prepare_step(code)
                for assignment in self
                for code in assignment._first_steps()
            ]
        )
        steps._refresh_clocks(self)

    def _first_steps(self):
        """Codes of the duties that a dispatch starts.

        The time to return what is not theirs runs from the dispatch as well, beside the
        time to take in (HUE Điều 7.4); so does, for a lead, the time to invite others
        (ST Điều 14.2).
        """
        procedure = self.report_id.procedure_id
        codes = ["accept"] if self.state == "pending" else ["assign", "process"]
        if self.state == "pending" and procedure.process_from_dispatch:
            codes.append("process")
        limits = procedure._limits(self.report_id.track)
        windows = ["return_wrong"]
        if procedure.lead_and_co and self.role == "lead" and not self.co_ids:
            windows.append("invite")
        codes += [code for code in windows if self._own_code(code) in limits]
        return self._due_steps(codes)

    # ------------------------------------------------------------------
    # Handler
    # ------------------------------------------------------------------

    def _acting_user(self, role):
        """Who holds it after an act of the current user."""
        return self.env.user

    def accept(self):
        """Take assignments in (HUE Điều 7.1a); who does so is their handler."""
        assignments = self._enter("accept")
        acting = assignments.grouped(lambda row: row._acting_user("handler"))
        for handler, rows in acting.items():
            rows._walk("accept", {"handler_id": handler.id, "accepted_at": self._now()})
        return True

    def return_wrong(self, reason, suggested_agency_id=None):
        """Give back to the Centre what is not for this agency (HUE Điều 7.1b, 7.4).

        :param reason: why it is not
        :param suggested_agency_id: id of the right agency, if known
        """
        assignments = self._enter("return_wrong")
        Report = self.env["civic.report"]
        reason = required_text(self.env, reason, self.env._("why it is not yours"))
        suggested = (
            Report._known_agencies([suggested_agency_id])
            if suggested_agency_id
            else None
        )
        if suggested and suggested in assignments.agency_id:
            raise UserError(self.env._("Suggest another agency than your own."))
        # Where no time of its own is given to return, it is part of taking in (BG).
        timed = assignments.step_ids.filtered(
            lambda step: step.state == "open" and step.code in RETURNING
        ).assignment_id
        late = (assignments - timed)._time_return()
        steps = self.env["civic.step"].with_env(assignments.env)
        steps._end(assignments - timed, ("accept",), "done")
        for returned in filter(None, (assignments - late, late)):
            words = self.env._("Returned after the time to take in.")
            note = [reason, suggested and suggested.name, returned == late and words]
            returned._walk(
                "return_wrong",
                {
                    "return_reason": reason,
                    "suggested_agency_id": suggested.id if suggested else False,
                },
                note="\n".join(filter(None, note)),
            )
        return True

    def invite(self, agency_ids, note=None):
        """Bring in co-agencies, as the lead (ST Điều 14.2, bước 1).

        The lead's own time stops; it consolidates when they have answered.

        :param agency_ids: ids of the co-agencies
        :param note: what each is asked to do
        """
        self.ensure_one()
        lead = self._enter("invite")
        agencies = self.env["civic.report"]._known_agencies(agency_ids)
        lead._check_invitation(agencies)
        lead._walk(
            "invite",
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        lead._add_co(agencies, note)._start()
        lead._refresh_clock()
        return True

    def _guard_leads(self):
        if not self.report_id.procedure_id.lead_and_co:
            return self.env._(
                "Under this procedure the Centre dispatches to each agency."
            )
        if self.role != "lead":
            return self.env._(
                "%s: only the agency that leads invites others.", self.display_name
            )
        return None

    def _check_invitation(self, agencies):
        if not agencies:
            raise UserError(self.env._("Choose at least one agency."))
        at_work = self._active_co().agency_id | self.agency_id
        if agencies & at_work:
            raise UserError(
                self.env._(
                    "%s is at work on this report already.",
                    ", ".join((agencies & at_work).mapped("name")),
                )
            )

    def submit(self, result=None, completed_at=None):
        """Hand the result to the leader for approval.

        :param result: the text; by default the draft kept in the assignment
        :param completed_at: when the work on the spot was done, UTC: of an emergency,
            whose result is timed from then; by default the moment kept in the
            assignment
        """
        assignments = self._enter("submit")
        completed = assignments._read_completion(completed_at)
        values = {"submitted_at": self._now(), "submitted_by_id": self.env.uid}
        if result is not None:
            values["result"] = clean(result) if isinstance(result, str) else ""
        if completed:
            values["completed_at"] = completed
        for assignment in assignments:
            assignment._check_completed(completed)
            assignment._check_result(values.get("result", assignment.result))
            if result is not None:
                assignment._next_draft({"result": values["result"]})
        moments = assignments.grouped(lambda row: completed or row.completed_at)
        for moment, rows in moments.items():
            rows._walk("submit", values, note=rows._completion_words(moment))
        return True

    def _guard_co_answered(self):
        if waiting := self._active_co().agency_id:
            return self.env._(
                "%(assignment)s: wait for the results of %(agencies)s.",
                assignment=self.display_name,
                agencies=", ".join(waiting.mapped("name")),
            )
        return None

    # ------------------------------------------------------------------
    # Leader
    # ------------------------------------------------------------------

    def assign(self, user_id):
        """Name the person who handles it, in the agency or in one of its branches
        (BG Phần 2, mục 2, bước 2).

        :param user_id: id of a handler there
        """
        assignments = self._enter("assign")
        for assignment in assignments:
            user = assignment._assignable().filtered(
                lambda row: row.id == id_of(user_id)
            )
            if not user:
                raise UserError(
                    self.env._(
                        "Choose one of the handlers of the agency or of its branches."
                    )
                )
        assignments._walk("assign", {"handler_id": user.id})
        return True

    def _guard_assigned(self):
        """Nobody handles it before a leader has said who (BG Phần 2, mục 2, bước 2)."""
        if self.state == "accepted" and self._is_assigned_first():
            return self.env._("%s: a leader assigns the work first.", self.display_name)
        return None

    def _guard_assigned_first(self):
        if not self._is_assigned_first():
            return self.env._(
                "Under %s no leader assigns this work: whoever takes it in handles it.",
                self.report_id.procedure_id.name,
            )
        return None

    def approve(self, result=None):
        """Approve results, corrected on the way where the procedure allows it
        (HUE Điều 8.1).

        :param result: the corrected text
        """
        assignments = self._enter("approve")
        values = {
            "approved_at": self._now(),
            "approved_by_id": self.env.uid,
        }
        note = None
        if result is not None:
            values["result"] = assignments._corrected(result)
            note = self.env._("Corrected by the leader.")
        acting = assignments.grouped(lambda row: row._acting_user("leader"))
        for leader, rows in acting.items():
            rows._walk("approve", {**values, "leader_id": leader.id}, note=note)
        return True

    def _guard_other_hand(self):
        """Nobody approves what the same person wrote, unless the procedure allows."""
        is_own = self.submitted_by_id == self.env.user
        if is_own and not self.report_id.procedure_id.handler_may_approve:
            return self.env._(
                "%s: you submitted this result; another leader of the agency "
                "must approve it.",
                self.display_name,
            )
        return None

    def _corrected(self, result):
        for assignment in self:
            if not assignment.leader_may_edit:
                raise UserError(
                    self.env._(
                        "Under %s leaders do not correct results: send it back.",
                        assignment.report_id.procedure_id.name,
                    )
                )
        result = required_text(self.env, result, self.env._("the corrected result"))
        for assignment in self:
            assignment._check_result(result)
        return result

    def send_back(self, reason):
        """Send results back to the handler (HUE Điều 8.1a).

        :param reason: what must be done again
        """
        assignments = self._enter("send_back")
        reason = required_text(self.env, reason, self.env._("what must be done again"))
        assignments._back_to_work("send_back", reason)
        return True

    def _fix(self, reason):
        """The Centre sends approved results back; see reports."""
        self._lock_rows()
        self._check_state(self._transition("fix"))
        self._back_to_work("fix", reason)
        # Not before: the clock goes on from there.
        self.write({"approved_at": False})

    def _back_to_work(self, verb, reason):
        for assignment in self:
            assignment._walk(
                verb,
                {
                    "send_back_count": assignment.send_back_count + 1,
                    "send_back_reason": reason,
                },
                note=reason,
            )

    # ------------------------------------------------------------------
    # After an agency has finished
    # ------------------------------------------------------------------

    def _react_release_co(self, act):
        self.co_ids._drop(act.values["return_reason"])

    def _react_settle(self, act):
        """Leads and reports move on when these assignments have ended; one that was
        returned says why."""
        co = self.filtered(lambda row: row.role == "co")
        co.parent_id._after_co()
        reason = act.values.get("return_reason")
        (self - co).report_id._after_assignments(reason)

    def _after_co(self):
        """The lead's turn again: to consolidate, or to work alone."""
        for lead in self:
            sources = lead._transition("gather").sources
            if lead._active_co() or lead.state not in sources:
                lead._refresh_clock()
                continue
            lead._lock_rows()
            answered = "approved" in lead.co_ids.mapped("state")
            lead._walk("gather" if answered else "work_alone")

    def _drop(self, reason):
        """End these assignments without a result, those that have not ended."""
        going = self.filtered(lambda row: row.state in self._transition("drop").sources)
        if going:
            going._lock_rows()
            going._walk("drop", note=reason)
            going.interaction_ids.filtered(lambda row: row.state == "open").write(
                {"state": "overtaken"}
            )

    # ------------------------------------------------------------------
    # A focal person has changed
    # ------------------------------------------------------------------

    @api.model
    def _hand_over(self, agency, role, former, successor):
        """Give a focal person's open assignments and duties to the successor.

        :param role: "handler" or "leader"
        """
        assignments = self.search(
            [
                ("agency_id", "=", agency.id),
                (f"{role}_id", "=", former.id),
                ("state", "in", list(OPEN_ASSIGNMENT_STATES)),
            ]
        )._elevated()
        if not assignments:
            return
        assignments.write({f"{role}_id": successor.id})
        steps = assignments.step_ids.filtered(
            lambda step: step.state == "open" and step.user_id == former
        )
        steps._hand_over(successor)
        assignments._log_note("hand_over", f"{former.name} → {successor.name}")
