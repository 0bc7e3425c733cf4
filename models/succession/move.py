from collections import defaultdict

from odoo import models
from odoo.fields import Command, Domain

from ..ground.key import lock_rows
from ..workflow.transitions import (
    ENDED_WITHOUT_RESULT,
    OPEN_ASSIGNMENT_STATES,
    OPEN_REPORT_STATES,
    WORKING_ASSIGNMENT_STATES,
)
from .succession import DIVIDED

IN_HAND = Domain("state", "in", list(OPEN_ASSIGNMENT_STATES))
OPEN_REPORTS = Domain("state", "in", list(OPEN_REPORT_STATES))


class CivicSuccession(models.Model):
    """How what is in hand moves: in batches, with an event each, clocks kept.

    All of it is called with the key of the door.
    """

    _inherit = "civic.succession"

    def _assignment_domain(self):
        """The assignments in hand that move."""
        return IN_HAND & Domain("agency_id", "=", self.agency_id.id)

    def _answered(self, domain):
        """Answers that committed to work which is still to be done."""
        return self.env["civic.assignment"].search(
            domain
            & Domain("state", "=", "approved")
            & Domain("promised_date", "!=", False)
            & Domain("promise_kept_at", "=", False)
        )

    def _place_router(self, role=False):
        """:param role: of a person, whose work is divided by it too
        :return: function of a ward and a category → the successor who gets that work
        """
        to, successors = DIVIDED[self.kind], self._successors()
        # What is said for a role alone comes after, and prevails.
        lines = self.line_ids.filtered(lambda line: line.role in (False, role))
        chosen = {
            (line.ward_id, line.category_id): line[to]
            for line in lines.sorted(lambda line: bool(line.role))
            # Whoever was struck out since gets nothing.
            if line.kind == "work" and line[to] in successors
        }

        def route(ward, category):
            place = (ward, category)
            if place not in chosen:
                chosen[place] = self._most_fitting(ward, category, role)
            return chosen[place]

        return route

    def _router(self, role=False):
        """:return: function of a report → the successor to whom it goes"""
        route = self._place_router(role)
        return lambda report: route(report.ward_id, report.category_id)

    def _note(self, former, successor):
        words = f"{former.display_name} → {successor.display_name}"
        return "\n".join(filter(None, [words, self.basis]))

    def _end(self, ended):
        """Put out of force what ends, and say in what it goes on."""
        ended.write(
            {
                "active": False,
                "ended_on": self.date,
                "successor_ids": [Command.set(self._successors().ids)],
            }
        )
        self.env["ir.filters"]._civic_follow(ended)

    # ------------------------------------------------------------------
    # An agency
    # ------------------------------------------------------------------

    def _succeed_agency(self):
        agency, route = self.agency_id, self._router()
        self._pass_roster(agency)
        self._pass_competence(agency)
        assignments = self.env["civic.assignment"].search(self._assignment_domain())
        lock_rows(assignments)
        moves = {row: route(row.report_id) for row in assignments}
        merged = self._merge_parts(agency, moves)
        for target, rows in by_value(moves).items():
            self._move_assignments(self.env["civic.assignment"].concat(*rows), target)
        merged._after_succession()
        self._move_coordination(agency, route)
        self._move_suggestions(agency, route)
        self._move_follow_ups(agency, route)
        self._pass_ready_answers(agency)
        self._pass_own_limits(agency)
        self._end(agency)
        self._move_duties(agency, route)
        self._answered(Domain("agency_id", "=", agency.id))._pass_promises()
        self._tell({target: len(rows) for target, rows in by_value(moves).items()})

    def _pass_roster(self, agency):
        """People go with the work; whoever has a line goes where it says."""
        focal = {name: agency[name] for name in ("focal_handler_id", "focal_leader_id")}
        for target, members in self._joining().items():
            ids = set(members.ids)
            values = {
                name: [Command.link(id_) for id_ in agency[name].ids if id_ in ids]
                for name in ("handler_ids", "leader_ids")
            }
            target.write(values)
            for name, person in focal.items():
                if person.id in ids and not target[name]:
                    target[name] = person
        agency.write(
            {
                **dict.fromkeys(focal, False),
                **dict.fromkeys(("handler_ids", "leader_ids"), [Command.clear()]),
            }
        )

    def _pass_competence(self, agency):
        """Matters and places go where lines send work of them, else to all; branches
        to the first."""
        successors = self._successors()
        for name, field in (("category_ids", "category_id"), ("ward_ids", "ward_id")):
            sent = defaultdict(successors.browse)
            for line in self.line_ids.filtered(lambda line: line.kind == "work"):
                sent[line[field]] |= line.to_agency_id
            for target in successors:
                # An empty area is the whole province: it stays the whole.
                if name == "ward_ids" and not target.ward_ids:
                    continue
                target[name] = [
                    Command.link(row.id)
                    for row in agency[name]
                    if target in (sent.get(row) or successors)
                ]
        service = agency.emergency_service
        if service and service not in successors.mapped("emergency_service"):
            # Somebody is told of grave cases, whatever else the first one does.
            successors[:1].emergency_service = service
        heads = successors.filtered(lambda row: row.parent_id == agency)
        heads.write({"parent_id": agency.parent_id.id})
        branches = agency.with_context(active_test=False).child_ids
        branches.write({"parent_id": successors[:1].id})

    def _pass_ready_answers(self, agency):
        """Words that it kept go to each in its place."""
        answers = (
            self.env["civic.ready.answer"]
            .with_context(active_test=False)
            .search([("agency_id", "=", agency.id)])
        )
        first, *others = self._successors()
        for other in others:
            answers.copy({"agency_id": other.id})
        answers.write({"agency_id": first.id})

    def _merge_parts(self, agency, moves):
        """Where one in its place has a part of the same report already, one part is
        enough: a lead stays the lead, and what is unanswered stays to be answered.

        :param moves: dict of assignment → target; parts that end are taken out
        :return: assignments that go on for two
        """
        parts = self.env["civic.assignment"].search(
            [
                ("report_id", "in", [row.report_id.id for row in moves]),
                ("agency_id", "in", [row.id for row in set(moves.values())]),
                ("state", "not in", list(ENDED_WITHOUT_RESULT)),
            ]
        )
        own = {(row.report_id, row.agency_id): row for row in parts}
        kept = self.env["civic.assignment"]
        for row, target in list(moves.items()):
            other = own.get((row.report_id, target))
            if not other:
                continue
            lead = row if row.role == "lead" else other
            lead._take_in_part(row + other - lead, self._note(agency, target))
            kept |= lead
            if lead != row:
                del moves[row]
        # What ends leaves its place in the index before another comes.
        self.env["civic.assignment"].flush_model()
        return kept

    def _move_assignments(self, assignments, target):
        """Another agency goes on; duties move apart, clocks stay as they are."""
        former = self.agency_id
        handlers, leaders = target.handler_ids, target.leader_ids
        people = by_value(
            {
                row: (
                    row.handler_id & handlers or target.focal_handler_id,
                    row.leader_id & leaders or target.focal_leader_id,
                )
                for row in assignments
            }
        )
        for (handler, leader), rows in people.items():
            assignments.browse().concat(*rows).write(
                {
                    "agency_id": target.id,
                    "handler_id": handler.id,
                    "leader_id": leader.id,
                }
            )
        reports = assignments.report_id.filtered(lambda row: row.agency_id == former)
        reports.write({"agency_id": target.id})
        assignments._log_passed_on(self._note(former, target))

    def _move_coordination(self, agency, route):
        reports = self.env["civic.report"].search(
            OPEN_REPORTS & Domain("coordinator_agency_id", "=", agency.id)
        )
        for target, rows in by_value({row: route(row) for row in reports}).items():
            rows = reports.browse().concat(*rows)
            rows.write({"coordinator_agency_id": target.id})
            rows._log_note("succeed", self._note(agency, target))

    def _move_suggestions(self, agency, route):
        """Who was said to be competent; what the province decided stays its words."""
        reports = self.env["civic.report"].search(
            OPEN_REPORTS & Domain("suggested_agency_ids", "in", agency.ids)
        )
        for target, rows in by_value({row: route(row) for row in reports}).items():
            reports.browse().concat(*rows).write(
                {"suggested_agency_ids": [Command.link(target.id)]}
            )

    def _move_follow_ups(self, agency, route):
        """Questions about answers of the ended agency; the answers keep its name."""
        asked = self.env["civic.interaction"].search(
            [("agency_id", "=", agency.id), ("state", "=", "open")]
        )
        moves = by_value({row: route(row.report_id) for row in asked})
        for target, rows in moves.items():
            asked.browse().concat(*rows).write({"agency_id": target.id})

    def _move_duties(self, agency, route):
        """Open duties, with their reminders, to who holds them now."""
        steps = self.env["civic.step"].search(
            [("agency_id", "=", agency.id), ("state", "=", "open")]
        )
        targets = {}
        for step in steps:
            moved = step.assignment_id.state in OPEN_ASSIGNMENT_STATES
            targets[step] = (
                step.assignment_id.agency_id if moved else route(step.report_id)
            )
        for target, rows in by_value(targets).items():
            steps.browse().concat(*rows).write({"agency_id": target.id})
        steps._find_holders()

    # ------------------------------------------------------------------
    # A ward, a category
    # ------------------------------------------------------------------

    def _succeed_ward(self):
        """Reports keep the name of their day; areas lead to what is in force."""
        ward = self.ward_id
        agencies = self.env["civic.agency"].search([("ward_ids", "in", ward.ids)])
        agencies.write({"ward_ids": self._replaced(ward)})
        self._end(ward)

    def _succeed_category(self):
        """Reports keep the name of their day; competence and subcategories go on."""
        category, successors = self.category_id, self._successors()
        agencies = self.env["civic.agency"].search(
            [("category_ids", "in", category.ids)]
        )
        agencies.write({"category_ids": self._replaced(category)})
        self._pass_limits(category)
        heads = successors.filtered(lambda row: row.parent_id == category)
        heads.write({"parent_id": category.parent_id.id})
        children = category.with_context(active_test=False).child_ids
        children.write({"parent_id": successors[:1].id})
        self._end(category)

    def _pass_limits(self, category):
        """An agency's own time to handle goes on, where it has set none there."""
        ids = (category | self._successors()).ids
        limits = self.env["civic.agency.limit"].search([("category_id", "in", ids)])
        taken = {(row.agency_id, row.category_id) for row in limits}
        # What is in force no longer is refused on copying, and binds nobody.
        for row in limits.filtered(
            lambda row: row.category_id == category and row.is_in_force
        ):
            for successor in self._successors():
                if (row.agency_id, successor) not in taken:
                    row.copy({"category_id": successor.id})

    def _replaced(self, ended):
        return [
            *(Command.link(row.id) for row in self._successors()),
            Command.unlink(ended.id),
        ]

    def _tell(self, numbers):
        """Tell those concerned how much moved.

        :param numbers: dict of successor → number of assignments
        """


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _take_in_part(self, other, note):
        """Answer for another part of the same report too; that part ends.

        What was written for it is not lost: it goes into the draft.
        """
        self.ensure_one()
        if other.result and self.state in ("pending", *WORKING_ASSIGNMENT_STATES):
            self.result = "\n\n".join(filter(None, [self.result, other.result]))
        is_answered = other.state == "approved"
        other._drop(note)
        self._log_note("succeed", note)
        if self.state == "approved" and not is_answered:
            self._fix(note)

    def _after_succession(self):
        """Leads and reports whose parts were put together move on."""
        leads = self.filtered(lambda row: row.role == "lead" and row.co_ids)
        leads._after_co()
        (self | self.parent_id).report_id._after_assignments()

    def _pass_on(self):
        """Work that comes back to an agency that has ended goes to the one in its
        place."""
        for row in self:
            former, target = row.agency_id, row._agency_in_charge()
            taken = row.report_id.assignment_ids.filtered(
                lambda part, target=target: (
                    part.agency_id == target and part.state not in ENDED_WITHOUT_RESULT
                )
            )
            if target == former or taken:
                continue
            row.write(
                {
                    "agency_id": target.id,
                    "handler_id": target.focal_handler_id.id,
                    "leader_id": target.focal_leader_id.id,
                }
            )
            if row.report_id.agency_id == former:
                row.report_id.agency_id = target
            row._log_passed_on(f"{former.name} → {target.name}")

    def _log_passed_on(self, note):
        """Say who goes on. The number of a letter that was sent back is the former
        agency's: whoever approves it anew takes one of its own."""
        self._pass_deadline_on()
        lettered = self.filtered("letter_number")
        (self - lettered)._log_note("succeed", note)
        for row in lettered:
            row._log_note("succeed", f"{note}\n{row.letter_number}")
        lettered.write(
            dict.fromkeys(
                ("letter_number", "letter_date", "letter_year", "letter_sequence"),
                False,
            )
        )

    def _fix(self, reason):
        self._pass_on()
        return super()._fix(reason)

    def _prepare_step(self, code):
        return {**super()._prepare_step(code), "agency": self._agency_in_charge()}


def by_value(values):
    """Keys of a dict by their values, in their order."""
    found = defaultdict(list)
    for key, value in values.items():
        found[value].append(key)
    return found
