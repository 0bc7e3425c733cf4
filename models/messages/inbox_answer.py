from odoo import models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...tools.courtesy import is_thanks
from ...tools.text import clean
from ..conduct.reporter import SenderLocked
from ..report.report import MAX_DESCRIPTION

# Who is told by a message, where it is no citizen.
OFFICERS = ("agency", "user")


class CivicInbox(models.Model):
    """Mails that answer a message of ours: they join its report, whoever sends them.

    They name our message, which only its recipient knows. Who answers from the sender's
    own address besides completes the report, as on its page. Anybody else's words are
    put beside the report, where the Centre alone reads them. What an agency answers
    stands with its assignment. None of it is a report, starts a clock of intake or is
    acknowledged.
    """

    _inherit = "civic.inbox"

    def _hear(self, mail, told):
        """Take in what answers a message of ours.

        :param mail: `tools.mail.Mail`
        :param told: civic.outbox row
        """
        report = told.report_id
        if not report:
            if self.forced or told.audience not in OFFICERS:
                self._take_in(mail)
                return
            words = self.env._("An officer's answer to what is about no one report.")
            self._settle("ignored", words)
            return
        if told.audience in OFFICERS:
            self._put_beside(mail, told.assignment_id or report, "agency_wrote")
        elif not self._is_senders(mail, told):
            self._put_beside(mail, report, "other_wrote")
        elif (
            not report._may_as_sender("supply")
            and is_thanks(mail.said)
            and not mail.files
        ):
            report._elevated()._log_note("thanks", clean(mail.said)[:MAX_DESCRIPTION])
        elif not self._added(mail, report):
            self._put_beside(mail, report, "sender_wrote")
        self._settle("done", report=report)

    def _take_in(self, mail):
        """Make a report of a mail, unless its sender may send none."""
        try:
            with self.env.cr.savepoint():
                report = self._reported(mail)
        except SenderLocked as error:
            self._settle("ignored", error.args[0][:500])
        else:
            self._settle("done", report=report)

    def _is_senders(self, mail, told):
        """Whether a mail comes from where its report's sender is told."""
        known = told.report_id.reporter_id.email_from or ""
        return (
            told.audience == "reporter"
            and bool(mail.sender and known)
            and consteq(known.encode(), mail.sender.encode())
        )

    # ------------------------------------------------------------------
    # The sender goes on
    # ------------------------------------------------------------------

    def _added(self, mail, report):
        """Do what the sender may do now: a supplement that was asked for, words and
        files that are added, a question about the answer.

        :return: whether it could be done; else it is for the Centre to look at
        """
        report = self._citizen_reports().browse(report.id)
        files, refused, notes = self._read_files(mail)
        text = clean(mail.said)[:MAX_DESCRIPTION]
        if files and not text:
            text = self.env._("See the files.")
        if not text:
            return False
        try:
            with self.env.cr.savepoint():
                allowed = report._allowed_as_sender()
                if "supply" in allowed:
                    report._supply_read_as(report._sender_grant(), text, files)
                elif "amend" in allowed:
                    report._amend_read_as(report._sender_grant(), text, files)
                elif "follow_up" in allowed and not files:
                    report._follow_up_as(report._sender_grant(), text)
                else:
                    return False
        except UserError:
            # It was closed a moment ago, or says what was said before.
            return False
        notes = [*self._problem_notes(mail), *notes, *self._cut_notes(mail)]
        known = report.intake_note or ""
        notes = [note for note in notes if note not in known]
        report._elevated()._note_intake("\n".join(notes), refused)
        report._flush_as_citizen()
        return True

    def _cut_notes(self, mail):
        if mail.said == mail.text:
            return []
        return [
            self.env._(
                "What its answer repeats of our message, and a signature, were left "
                "out: the message as it came has them."
            )
        ]

    # ------------------------------------------------------------------
    # For the Centre to look at
    # ------------------------------------------------------------------

    def _put_beside(self, mail, record, code):
        """Keep a mail beside its report or assignment, and remind the Centre.

        :param record: civic.report, or civic.assignment for an agency's
        :param code: of the event
        """
        files, refused, notes = self._read_files(mail)
        report = record.report_id if record._name == "civic.assignment" else record
        text = clean(mail.said or mail.text)[:MAX_DESCRIPTION]
        lines = [
            text or self.env._("(The e-mail has no text.)"),
            "",
            self._unproved_words(code),
            *self._problem_notes(mail),
            *notes,
            *(self._cut_notes(mail) if mail.said else ()),
            refused,
        ]
        if files:
            lines.append(self.env._("Files: %s.", len(files)))
        event = record._log_note(code, clean("\n".join(lines)))
        self.env["ir.attachment"]._civic_attach_to(event, files)
        kind = "activity_agency" if code == "agency_wrote" else "activity_sender"
        report._elevated()._remind_operator(kind)

    def _unproved_words(self, code):
        _ = self.env._
        return {
            "agency_wrote": _("By e-mail: nobody has proved to be the agency."),
            "other_wrote": _(
                "By e-mail, in answer to our message, from another address than the "
                "sender's: nobody has proved who it is."
            ),
            "sender_wrote": _("By e-mail, in answer to our message."),
        }[code]
