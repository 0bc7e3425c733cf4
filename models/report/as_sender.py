from odoo import models
from odoo.exceptions import MissingError

from ..ground.citizen import CITIZEN, as_citizen
from ..ground.key import CitizenGrant

SENDER = frozenset({"reporter"})


class CivicReport(models.Model):
    """Acts of senders, without their accounts."""

    _inherit = "civic.report"

    def _allowed_as_sender(self):
        """What the sender may do with this report now: what the door lets in. Pages
        and channels ask it, and know no states of their own.

        :return: set of verbs
        """
        return self._verbs_of(SENDER)

    def _may_as_sender(self, verb):
        """Whether one verb is among `_allowed_as_sender`."""
        return self._lets(SENDER, verb)

    def _supply_read_as(self, proof, message, read_files):
        """Complete the own report with words and files (HUE Điều 13.3).

        :param proof: see `_as_sender`
        :param message: what is added
        :param read_files: as `_civic_read` gives them
        :raises UserError: in words for the citizen
        """
        self.ensure_one()
        report = self._as_sender(proof)
        report.supply(message)
        report._attach_sent(read_files)

    def _attach_sent(self, read_files):
        """Hang files on the report after a verb of its sender."""
        report = self.sudo()  # the verb has checked whose report it is
        attachments = self.env["ir.attachment"].with_env(report.env)
        attachments._civic_attach(report, read_files, report.reporter_id)
        report._flush_as_citizen()

    def _sender_grant(self):
        """The right of whoever has proved to be the sender of these reports: by a
        one-time code, or by answering a message of ours."""
        return CitizenGrant(frozenset(self.ids))

    def _as_sender(self, proof):
        """These reports with the rights of their sender, without the sender's account.

        Officers who report as citizens are senders like any other.

        :param proof: the `res.users` who is signed in, or the grant of who has proved
            it otherwise, see `_sender_grant`
        :raises MissingError: when somebody else sent one of them
        """
        if isinstance(proof, CitizenGrant):
            is_proved = proof.report_ids.issuperset(self.ids)
        else:
            # sudo: the link to the sender is the intake centre's to read
            sent = (report._is_sent_by(proof) for report in self.sudo())
            is_proved = bool(proof) and all(sent)
        if not is_proved:
            raise MissingError(self.env._("Not found: it is not a report of yours."))
        return as_citizen(self).with_context(civic_grant=self._sender_grant())

    def _is_sent_by(self, user):
        """Whether this account sent the report; the door's to ask, nobody's to read."""
        reporter = self.reporter_id
        return bool(reporter) and reporter._belongs_to(user)

    def _react_leave_no_account(self, act):
        self._flush_as_citizen()

    def _flush_as_citizen(self):
        """Write now what is left to compute, if the technical user acts.

        At the end of the request it would be written in the name of the account that
        made the request, which is to stay unknown.
        """
        if self.env.user == self.env.ref(CITIZEN):
            self.env.flush_all()
