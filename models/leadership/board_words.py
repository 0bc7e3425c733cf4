from odoo import api, models

# Which figures of an agency a threshold is about: part and whole.
SHARES = {
    "unanswered": ("unanswered", "asked"),
    "late_return": ("returned_late", "returned"),
    "sent_back": ("fixed", "done"),
    "recurring": ("recurred", "done"),
}


class CivicBoard(models.AbstractModel):
    """What figures are called, and why one is marked. Dicts: of tuples the export
    would take the keys for terms."""

    _inherit = "civic.board"

    @api.model
    def _tile_labels(self):
        """What is counted as of now; `agency_…` counts the parts of agencies."""
        _ = self.env._
        return {
            "emergency": _("Emergencies in hand"),
            "agency_overdue": _("Overdue at agencies"),
            "centre_overdue": _("Overdue at the Centre"),
            "designating": _("Waiting for the province"),
            "directives": _("Directives without an answer"),
            "open": _("Reports in hand"),
            "received_today": _("Received today"),
            "done_today": _("Answered today"),
            "due_today": _("Due today"),
            "agency_open": _("Parts in hand"),
            "agency_pending": _("Waiting to be taken in"),
            "agency_in_hand": _("Being handled"),
            "agency_submitted": _("Waiting for approval"),
            "agency_due_today": _("Due today"),
            "agency_sent_back": _("Sent back, to be done again"),
            "parts_given_today": _("Given today"),
            "parts_done_today": _("Done today"),
            "unanswered": _("Follow-ups without an answer"),
            "explanations": _("Explanations to hand in"),
        }

    @api.model
    def _figure_labels(self):
        """What is counted of a period."""
        _ = self.env._
        return {
            "received": _("Received"),
            "done": _("Answered"),
            "on_time_rate": _("On time"),
            "satisfied_rate": _("Satisfied"),
            "refused": _("Not taken in"),
            "forwarded": _("Forwarded for follow-up"),
            "open_end": _("In hand at the end"),
            "overdue_end": _("Overdue at the end"),
            "late": _("Handled late"),
            "recurred": _("Reported again"),
            "median_hours": _("Half of them within (working hours)"),
            "given": _("Given to the agency"),
            "returned": _("Returned"),
            "extended": _("Extended"),
            "fixed": _("Sent back by the Centre"),
            "unanswered_end": _("Follow-ups without an answer"),
            "urged": _("Times urged"),
        }

    @api.model
    def _group_labels(self):
        _ = self.env._
        return {
            "department": _("Departments"),
            "local": _("Wards and communes"),
            "other": _("Other bodies"),
        }

    @api.model
    def _duty_labels(self):
        return dict(self.env["civic.step"]._selection_code())

    @api.model
    def _thresholds(self, company):
        """Figures of the regulation by which agencies are marked; None: it has none.

        :return: dict: satisfied, unanswered, late_return, sent_back, recurring (all in
            percent), recurrence, directives (numbers)
        """
        # sudo: leaders need not read the company's procedure
        procedure = company.sudo().civic_procedure_id
        names = {
            "satisfied": "satisfaction_threshold",
            "unanswered": "unanswered_threshold",
            "late_return": "late_return_threshold",
            "sent_back": "sent_back_threshold",
            "recurring": "recurring_threshold",
            "recurrence": "recurrence_limit",
            "directives": "directive_limit",
        }
        return {name: procedure[field] or None for name, field in names.items()}

    @api.model
    def _mark_words(self, figures, overdue, thresholds):
        """Why an agency is marked, in words; nothing where nothing is wrong.

        :param figures: dict of an agency's figures of the period
        :param overdue: what it has overdue now
        :return: list of texts
        """
        _ = self.env._
        rate = self.env["civic.facts"]._rate
        found = []
        if overdue:
            found.append(_("overdue now: %s", overdue))
        satisfied = rate(figures.get("satisfied") or 0, figures.get("rated") or 0)
        limit = thresholds["satisfied"]
        if limit and satisfied is not None and satisfied < limit:
            found.append(_("satisfied: below %s %%", _plain(limit)))
        # A dict: of tuples the export would take the codes for terms.
        shares = {
            "unanswered": _("follow-ups unanswered"),
            "late_return": _("returned late"),
            "sent_back": _("sent back by the Centre"),
            "recurring": _("reported again"),
        }
        for name, words in shares.items():
            part, whole = SHARES[name]
            share = rate(figures.get(part) or 0, figures.get(whole) or 0)
            if thresholds[name] and share is not None and share > thresholds[name]:
                found.append(
                    _(
                        "%(what)s: over %(limit)s %%",
                        what=words,
                        limit=_plain(thresholds[name]),
                    )
                )
        limit = thresholds["directives"]
        if limit and (figures.get("directives") or 0) > limit:
            found.append(_("directives: more than %s", limit))
        return found


def _plain(figure):
    """70, not 70.0; 12.5 as it is."""
    return int(figure) if figure == int(figure) else figure
