from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vault.vault import VaultError

# Fields of a procedure → what of the sender it demands besides name and telephone.
DEMANDED = {"require_address": "address", "require_citizen_id": "citizen_id"}
# What has a column that tells whether it is known, without opening the vault.
HASHES = {"phone": "phone_hash", "citizen_id": "citizen_id_hash"}


class CivicReport(models.Model):
    """What is missing before a report is given to an agency: its category, and the
    sender that the procedure demands (HUE Điều 5.3, 6.1; ST Điều 10.5, 11).

    An emergency does not wait for it. Anything else goes on without it for a reason
    that the history keeps. A missing e-mail address stops nothing: it is asked for.
    """

    _inherit = "civic.report"

    dispatch_gaps = fields.Char(
        "Missing Before the Dispatch",
        compute="_compute_gaps",
        groups="civic_report.group_operator",
    )
    lacks_email = fields.Boolean(
        "The Sender's E-mail Is Missing",
        compute="_compute_gaps",
        groups="civic_report.group_operator",
    )

    @api.depends("category_id", "track", "procedure_id", "reporter_id.verified")
    @api.depends("reporter_id.phone_hash", "reporter_id.email_hash")
    @api.depends_context("lang")
    def _compute_gaps(self):
        for report in self:
            # sudo: only what is missing, never what is there
            report_sudo = report.sudo()
            report.dispatch_gaps = ", ".join(report_sudo._dispatch_gaps())
            report.lacks_email = bool(
                report_sudo.procedure_id.require_email
                and report_sudo.reporter_id
                and not report_sudo.reporter_id.email_hash
            )

    def _dispatch_gaps(self):
        """What has to be there before the dispatch and is not, in words."""
        self.ensure_one()
        if self.track == "emergency":
            return []
        gaps = [] if self.category_id else [self.env._("its category")]
        sender, procedure = self.reporter_id, self.procedure_id
        if not sender:
            return [*gaps, self.env._("who sent it")]
        demanded = ["name", "phone"]
        demanded += [name for flag, name in DEMANDED.items() if procedure[flag]]
        gaps += [
            self.env._(
                "the sender's data: %s",
                sender._fields[name]._description_string(self.env),
            )
            for name in demanded
            if not sender._is_known(name)
        ]
        if procedure.verify_first_time and not sender.verified:
            gaps.append(self.env._("the sender's verification"))
        return gaps

    def _check_complete(self, reason):
        """:raises UserError: while something is missing and nobody says why it goes on

        :param reason: why it is dispatched all the same
        """
        for report in self:
            gaps = ", ".join(report._dispatch_gaps())
            if not gaps:
                continue
            if not (reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(report)s lacks %(gaps)s. Complete it, or say why it is "
                        "dispatched all the same.",
                        report=report.name,
                        gaps=gaps,
                    )
                )
            report._log_note("dispatch_incomplete", f"{gaps}\n{reason.strip()}")


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    def _is_known(self, name):
        """Whether a personal field is filled in; work goes on without the key."""
        self.ensure_one()
        try:
            return bool(self[HASHES.get(name, name)])
        except VaultError:
            return True
