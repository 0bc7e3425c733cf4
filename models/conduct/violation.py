from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.citizen import as_citizen
from ..ground.guard import required_text
from ..ground.words_field import MODE

MAX_APPEAL = 5000


class CivicViolation(models.Model):
    """A finding of the Centre: what somebody sent breaks the rules of conduct
    (ST Điều 17.1, 20).

    Findings are told to the sender, who may appeal once. Somebody else than the finder
    decides.
    """

    _name = "civic.violation"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Violation"
    _order = "found_at desc, id desc"
    # What the sender may appeal against, and the Centre decide on.
    _open_states = ("found", "appealed")

    reporter_id = fields.Many2one(
        "civic.reporter",
        "Sender",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    about = fields.Selection(
        [("report", "Report"), ("follow_up", "Follow-up"), ("call", "Call")],
        required=True,
        readonly=True,
    )
    report_id = fields.Many2one(
        "civic.report", index="btree_not_null", ondelete="restrict", readonly=True
    )
    interaction_id = fields.Many2one(
        "civic.interaction",
        "Follow-up",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    call_id = fields.Many2one(
        "civic.call", index="btree_not_null", ondelete="restrict", readonly=True
    )
    text = fields.Text("What Was Sent", compute="_compute_text")
    sent_at = fields.Datetime("Sent", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("wording", "Improper wording"),
            ("unconstructive", "Not constructive"),
            ("untrue", "Untrue, or only a test"),
            ("harassment", "Harassing calls"),
            ("insult", "Insults to the operator"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Text("What Was Found", required=True, readonly=True)
    source = fields.Char("Article", readonly=True)
    found_by_id = fields.Many2one("res.users", required=True, readonly=True)
    found_at = fields.Datetime("Found", required=True, readonly=True)
    state = fields.Selection(
        [
            ("found", "Found"),
            ("appealed", "Appealed"),
            ("upheld", "Upheld"),
            ("lifted", "Lifted"),
        ],
        required=True,
        default="found",
        readonly=True,
    )
    appeal_text = fields.Text("Appeal", readonly=True)
    appealed_at = fields.Datetime("Appealed", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided", readonly=True)
    decision_note = fields.Text("Decision", readonly=True)

    _once_per_report = models.UniqueIndex(
        "(report_id) WHERE about = 'report' AND state != 'lifted'",
        "This report was found in violation already.",
    )
    _once_per_follow_up = models.UniqueIndex(
        "(interaction_id) WHERE interaction_id IS NOT NULL AND state != 'lifted'",
        "This follow-up was found in violation already.",
    )
    _once_per_call = models.UniqueIndex(
        "(call_id) WHERE call_id IS NOT NULL AND state != 'lifted'",
        "This call was found in violation already.",
    )

    @api.depends("about", "report_id", "interaction_id", "call_id")
    @api.depends_context("uid", MODE)
    def _compute_text(self):
        for violation in self:
            violation.text = {
                "report": violation.report_id.description,
                "follow_up": violation.interaction_id.body,
                "call": violation.call_id.note,
            }.get(violation.about)

    @api.depends("kind", "report_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for violation in self:
            violation.display_name = ": ".join(
                filter(None, [violation.report_id.name, violation._kind_label()])
            )

    def _kind_label(self):
        return dict(self._fields["kind"]._description_selection(self.env)).get(
            self.kind
        )

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _find(self, vals_list):
        """Keep findings, mark what they are about and lock senders who have too many.

        :param vals_list: values; who, when and the article are added here
        """
        now = self.env["civic.door"]._now()
        kinds = dict(self._fields["kind"].selection)
        for vals in vals_list:
            if vals["kind"] not in kinds:
                raise UserError(self.env._("Choose what kind of violation it is."))
            vals.update(found_by_id=self.env.uid, found_at=now)
        self.flush_model()  # one that was lifted just now makes room for another
        violations = self.create(vals_list)
        violations._recount()
        return violations

    def _recount(self):
        """Lock or unlock the senders by what counts now."""
        for what in ("account", "follow_up"):
            abouts = {"account": "report", "follow_up": "follow_up"}
            concerned = self.filtered(lambda row: row.about == abouts[what])  # noqa: B023
            for reporter in concerned.reporter_id:
                last = concerned.filtered(lambda row: row.reporter_id == reporter)[:1]  # noqa: B023
                reporter._recount(what, last.report_id)

    # ------------------------------------------------------------------
    # Appeal and decision
    # ------------------------------------------------------------------

    def appeal(self, body):
        """Ask, as the sender, that somebody else look at the finding again.

        :param body: why it is wrong
        :raises MissingError: for findings about what somebody else sent
        """
        self.ensure_one()
        # An officer's own appeal bears no officer's name.
        violation = as_citizen(self._enter("appeal"))._elevated()
        body = required_text(
            self.env,
            clean(body or "")[:MAX_APPEAL],
            self.env._("why the finding is wrong"),
        )
        violation._walk(
            "appeal", {"appeal_text": body, "appealed_at": self._now()}, note=body
        )
        return True

    def uphold(self, note):
        """Keep a finding after an appeal.

        :param note: why, as the sender is told
        """
        self._decide("uphold", note)
        return True

    def lift(self, note):
        """Take a finding back: it counts no more, and a lock that came of it ends.

        :param note: why, as the sender is told
        """
        self._decide("lift", note)._recount()
        return True

    def _decide(self, verb, note):
        self.ensure_one()
        violation = self._enter(verb)
        note = required_text(self.env, note, self.env._("why, as the sender is told"))
        return violation._walk(
            verb,
            {
                "decided_by_id": self.env.uid,
                "decided_at": self._now(),
                "decision_note": note,
            },
            note=note,
        )

    def _guard_found_by_another(self):
        if self.found_by_id.id == self.env.uid:
            return self.env._(
                "You found this yourself: another Centre manager decides."
            )
        return None

    def _guard_sent_by_another(self):
        if self._is_senders(self.env):
            return self.env._("It is about what you sent: another manager decides.")
        return None

    def _react_unmark(self, act):
        self.interaction_id.write({"violation": False})

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _has_grant(self):
        # sudo: citizens read no findings; whose each is, is asked here
        found = self.exists().sudo()
        return bool(found) and all(row._is_senders(self.env) for row in found)

    def _is_senders(self, env):
        """Whether a finding is about what the caller sent.

        :param env: the caller's environment
        """
        account = self.reporter_id.user_id
        granted = self.report_id.with_env(env)._has_grant()
        return granted or (bool(account) and account == env.user)

    def _own_roles(self):
        return {row: {"reporter"} if row._has_grant() else set() for row in self}

    def _event_target(self):
        """What was found of calls and of others' questions is no report's affair."""
        self.ensure_one()
        if not self.report_id:
            return super()._event_target()
        return {"report_id": self.report_id.id, "company_id": self.company_id.id}


class CivicEvent(models.Model):
    _inherit = "civic.event"

    @api.model
    def _selection_code(self):
        _ = self.env._
        labels = {
            "mark_violation": _("Violation of the rules of conduct found"),
            "violation_appealed": _("Finding appealed"),
            "violation_upheld": _("Finding upheld"),
            "violation_lifted": _("Finding lifted"),
            "lock": _("Sender locked"),
            "unlock": _("Sender unlocked"),
        }
        return [*super()._selection_code(), *labels.items()]


class CivicInteraction(models.Model):
    _inherit = "civic.interaction"

    def mark_violation(self, kind, note):
        """Find that a follow-up breaks the rules of conduct (ST Điều 17.1).

        :param kind: key of `civic.violation.kind`
        :param note: what was found, as the sender is told
        """
        self.ensure_one()
        interaction = self._enter("mark_violation")
        # A finding about these words is none about the report.
        report = self.report_id._enter("mark_violation", besides={"no_violation"})
        report._find_violation(
            kind,
            note,
            {
                "about": "follow_up",
                "interaction_id": interaction.id,
                "sent_at": interaction.sent_at,
            },
        )
        interaction._walk("mark_violation", {"violation": True})
        return True

    def _guard_follow_up_unmarked(self):
        if self.violation:
            return self.env._("This follow-up was found in violation already.")
        return None

    def _guard_finding_possible(self):
        row = self.report_id._transition("mark_violation")
        refusal = self.report_id._refusal(row, besides={"no_violation"})
        return str(refusal) if refusal else None
