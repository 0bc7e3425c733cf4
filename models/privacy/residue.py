from odoo import fields, models
from odoo.tools import SQL

# Where a sender may have written about persons.
TEXTS = (
    *("subject", "description", "supplied_text", "standardised_description"),
    "rating_comment",
)
# Events whose notes are the words of who has sent the report, or of who has answered a
# message about it: they stand nowhere else, or twice.
SENDERS_NOTES = (
    *("amend", "supply", "add", "thanks", "sender_wrote", "other_wrote"),
    *("withdraw", "ask_withdrawal", "follow_up"),
)
FORGET = "forget"


class CivicReport(models.Model):
    """Words that still tell of a person after the sender was forgotten.

    The original text is never rewritten: a manager looks at it, strikes out what the
    public sees, and keeps the rest among what the Centre alone reads.
    """

    _inherit = "civic.report"

    has_residue = fields.Boolean(
        "Personal Data in the Text",
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="The sender was forgotten, but the text looks as if it named somebody.",
    )

    def _texts_of_sender(self):
        """What the sender has written, where it stays."""
        kept = self.event_ids.filtered(lambda event: event.code == "rating_kept")
        asked = self.interaction_ids.filtered(lambda row: not row.by_other)
        answers = dict(self.report_properties._values or {}).values()
        texts = [
            *(self[name] for name in TEXTS),
            *(answer for answer in answers if isinstance(answer, str)),
            *kept.mapped("note"),
            *asked.mapped("body"),
        ]
        return [text for text in texts if text]

    def _mark_residue(self):
        """Mark those of these reports in whose words personal data is found.

        While it is still known who the sender is: the name is looked for, too.
        """
        found = self._whole_words().filtered(
            lambda report: any(
                report._personal_spans(text) for text in report._texts_of_sender()
            )
        )
        if found:
            found._elevated().write({"has_residue": True})


class CivicEvent(models.Model):
    _inherit = "civic.event"

    def _forget_notes(self):
        """Delete what these events say; that they were is on record.

        The hashes of the events stay right: their notes are committed to apart, and the
        salt goes with the note, so that nobody can guess it. See `tools.event_log`.
        """
        self.flush_model()
        rows = self.env.execute_query(
            # SQL: the guard of events lets nobody rewrite them, this included
            SQL(
                """
                UPDATE civic_event
                   SET note = NULL, note_masked = NULL, note_salt = NULL
                 WHERE id IN %s AND note IS NOT NULL
             RETURNING report_id
                """,
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_model(["note", "note_masked", "note_salt"])
        reports = self.env["civic.report"].browse({id_ for (id_,) in rows})
        for report in reports.sorted("id"):
            report._log_note(FORGET, None)
