from odoo import fields, models
from odoo.exceptions import MissingError

from ..ground.guard import required_text


class CivicReport(models.Model):
    """Rules of conduct for those who send reports (ST Điều 17.1)."""

    _inherit = "civic.report"

    conduct_flag = fields.Selection(
        [
            ("emergency", "Emergency sent by a locked sender"),
            ("contact", "From the telephone or e-mail of a locked sender"),
        ],
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
    )
    violation_ids = fields.One2many(
        "civic.violation",
        "report_id",
        "Violations",
        groups="civic_report.group_operator",
    )

    # ------------------------------------------------------------------
    # Finding violations
    # ------------------------------------------------------------------

    def mark_violation(self, kind, note):
        """Find that reports break the rules of conduct (ST Điều 17.1).

        After more than the procedure's number of them the sender's account is locked.

        :param kind: key of `civic.violation.kind`
        :param note: what was found, as the sender is told
        """
        reports = self._enter("mark_violation")
        for report in reports:
            report._find_violation(
                kind, note, {"about": "report", "sent_at": report.received_at}
            )
        return True

    def _guard_sender_known(self):
        if not self.reporter_id:
            return self.env._("%s: nobody is known to have sent it.", self.name)
        return None

    def _guard_no_violation(self):
        found = self.violation_ids.filtered(
            lambda row: row.about == "report" and row.state != "lifted"
        )
        if found:
            return self.env._("%s was found in violation already.", self.name)
        return None

    def _find_violation(self, kind, note, values):
        """Keep a finding about something that was sent; call it on what `_enter` gave.

        :param values: what it is about
        """
        note = required_text(self.env, note, self.env._("what was found"))
        self._walk("mark_violation", note=note)
        self.env["civic.violation"].with_env(self.env)._find(
            [
                {
                    "report_id": self.id,
                    "reporter_id": self.reporter_id.id,
                    "company_id": self.company_id.id,
                    "kind": kind,
                    "note": note,
                    "source": self.procedure_id._conduct_words(),
                    **values,
                }
            ]
        )

    # ------------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------------

    def _admission_values(self, reporter, values):
        """Refuse a report of a locked sender; emergencies are taken in from anybody."""
        admitted = super()._admission_values(reporter, values)
        category = self.env["civic.category"].browse(values.get("category_id") or [])
        tracks = (category.track, values.get("track"))
        flag = reporter and reporter._admission(is_emergency="emergency" in tracks)
        return {**admitted, "conduct_flag": flag} if flag else admitted

    def _guard_may_ask(self):
        return self.reporter_id._asking_lock_words()

    # ------------------------------------------------------------------
    # What the sender is told
    # ------------------------------------------------------------------

    def _conduct_values(self):
        """What the sender has to know of the own conduct: locks in force, and what was
        found of this report.

        :return: dict: locks, violations
        """
        return {
            "locks": self.reporter_id._lock_notices(),
            "violations": [
                {
                    "id": row.id,
                    "about": row.about,
                    "text": row.interaction_id.body or "",
                    "kind": row._kind_label(),
                    "note": row.note,
                    "source": row.source,
                    "found_at": row.found_at,
                    "state": row.state,
                    "can_appeal": row._lets({"reporter"}, "appeal"),
                    "appeal": row.appeal_text or "",
                    "appealed_at": row.appealed_at,
                    "decided_at": row.decided_at,
                    "decision": row.decision_note or "",
                }
                for row in self.violation_ids.sorted(lambda row: (row.found_at, row.id))
                if row.about != "call"
            ],
        }

    def _appeal_as(self, proof, violation_id, body):
        """Appeal against a finding about the own report, see `civic.violation.appeal`.

        :param proof: see `_as_sender`
        """
        self.ensure_one()
        violation = self.violation_ids.filtered(lambda row: row.id == violation_id)
        if not violation:
            raise MissingError(self.env._("Not found: it is not about what you sent."))
        violation.with_env(self._as_sender(proof).env).appeal(body)
