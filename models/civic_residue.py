from odoo import fields, models

# Where a sender may have written about persons.
TEXTS = ("subject", "description", "supplied_text", "standardised_description")
# Events of mails that were put beside a report.
MAILS = ("sender_wrote", "other_wrote")


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
        """What the sender has written, the mails beside the report among it."""
        mails = self.event_ids.filtered(lambda event: event.code in MAILS)
        texts = [*(self[name] for name in TEXTS), *mails.mapped("note")]
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
