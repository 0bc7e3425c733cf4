from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.queues import fill, gaps

# What happens besides the events of the history.
ASSIGNED, ALERT, CODE, FIGURES = "assigned", "alert", "code", "figures"
# What is told also to whoever wishes to hear nothing: it was asked of them or by them.
ASKED = frozenset({"request_supplement", CODE})
# What a text may speak of; anything else in braces is refused when it is written.
REPORTER_GAPS = frozenset(
    {
        "code",
        "link",
        "province",
        "phone",
        "state",
        "agencies",
        "deadline",
        "reason",
        "message",
        "committed_date",
        "result",
        "answer",
        "progress",
        "refused_files",
        "one_time_code",
        "valid_minutes",
        "closed_way",
        "penalty_time",
    }
)
# What may be told of a report that is not for everybody's eyes.
DISCREET_GAPS = (
    *("code", "link", "province", "one_time_code", "valid_minutes", "closed_way"),
)
OFFICER_GAPS = frozenset(
    {
        "code",
        "link",
        "province",
        "agency",
        "track",
        "category",
        "subject",
        "deadline",
        "late",
        "soon",
        *("month", "received", "handled", "on_time", "overdue", "rated", "satisfied"),
    }
)
# See `_is_short` of a channel's driver.
SHORT_GAPS = (REPORTER_GAPS | OFFICER_GAPS) - {
    *("reason", "message", "result", "answer", "refused_files", "subject", "progress")
}


class CivicNotice(models.Model):
    """What people are told when something happens: who, by which channel, in which
    words.

    Texts are plain: gaps in braces are filled once, and nothing that a citizen wrote is
    ever read as part of the text.
    """

    _name = "civic.notice"
    _inherit = ["civic.cached"]
    _description = "Notice"
    _order = "audience, sequence, id"
    _rec_name = "event"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    event = fields.Selection("_selection_event", required=True)
    audience = fields.Selection(
        [
            ("reporter", "Citizen"),
            ("agency", "Agency, at its official address"),
            ("handler", "Handler"),
            ("leader", "Leader of the agency"),
            ("province", "Leaders of the province"),
            ("officer", "Whoever the alert is for"),
        ],
        required=True,
    )
    channel = fields.Selection(
        lambda self: self.env["civic.driver"]._choices("_has_notices"),
        required=True,
        default="email",
    )
    subject = fields.Char(
        translate=True, help="Of an e-mail and of a push notification."
    )
    has_subject = fields.Boolean(compute="_compute_has_subject")
    body = fields.Text(
        required=True,
        translate=True,
        help="Gaps in braces are filled in; a line whose gaps are all empty is left "
        "out.",
    )
    discreet_subject = fields.Char(translate=True)
    discreet_body = fields.Text(
        translate=True,
        help="What is said instead about a report that is not public.",
    )
    expiry_hours = fields.Integer(
        "Pointless After",
        aggregator=None,
        help="Hours after which it is not sent any more; 0: never.",
    )

    _once = models.UniqueIndex(
        "(event, audience, channel)", "This is told to these people already."
    )

    @api.model
    def _selection_event(self):
        events = self.env["civic.event"]._selection_code()
        labels = {
            ASSIGNED: self.env._("New assignment"),
            ALERT: self.env._("Warnings and overdue duties"),
            FIGURES: self.env._("Figures of the month"),
            CODE: self.env._("One-time code"),
        }
        return [*events, *labels.items()]

    @api.depends("event")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_event())
        for notice in self:
            notice.display_name = labels.get(notice.event, "")

    @api.depends("channel")
    def _compute_has_subject(self):
        for notice in self:
            notice.has_subject = notice._driver()._has_subject

    @api.constrains("subject", "channel")
    def _check_subject(self):
        for notice in self:
            if notice.has_subject and not notice.subject:
                raise ValidationError(self.env._("Give this notice a subject."))

    @api.constrains(
        *("subject", "body", "discreet_subject", "discreet_body"),
        *("audience", "channel"),
    )
    def _check_gaps(self):
        for notice in self:
            known = notice._known_gaps()
            used = set().union(
                *(
                    gaps(notice[name])
                    for name in ("subject", "body", "discreet_subject", "discreet_body")
                )
            )
            if used - known:
                raise ValidationError(
                    self.env._(
                        "Nothing fills %(unknown)s here. These can be used: %(known)s.",
                        unknown=", ".join(
                            f"{{{name}}}" for name in sorted(used - known)
                        ),
                        known=", ".join(f"{{{name}}}" for name in sorted(known)),
                    )
                )

    def _known_gaps(self):
        """What the texts of this notice may speak of."""
        known = OFFICER_GAPS
        if self.audience in ("reporter", "follower"):
            known = REPORTER_GAPS
        return known & SHORT_GAPS if self._is_short() else known

    def _driver(self):
        return self.env["civic.driver"]._of(self.channel)

    def _is_short(self):
        """Whether others see what it says: see the channel's driver."""
        return self._driver()._is_short

    @api.constrains("event", "audience")
    def _check_audience(self):
        for notice in self:
            if (notice.event == ALERT) != (notice.audience == "officer"):
                raise ValidationError(
                    self.env._("Alerts are for whoever they name, and only alerts are.")
                )

    # ------------------------------------------------------------------
    # Which notices an event calls for
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _by_event(self):
        """The notices in use, kept in memory since every transition asks for them.

        :return: dict of event → tuple of (id, audience, channel, expiry_hours)
        """
        found = {}
        # sudo: whoever makes a transition need not read what is told of it
        for row in self.sudo().search([], limit=1000):
            kept = (row.id, row.audience, row.channel, row.expiry_hours)
            found[row.event] = (*found.get(row.event, ()), kept)
        return found

    @api.model
    def _event_of(self, notice_id):
        """What a notice is about, from memory."""
        return self._events().get(notice_id)

    @api.model
    @tools.ormcache()
    def _events(self):
        return {
            row[0]: event for event, rows in self._by_event().items() for row in rows
        }

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _words(self, values, discreet):
        """The notice with its gaps filled, in the language of the context.

        :param values: dict of gap → plain text
        :param discreet: whether the report is not for everybody's eyes: only its code
            and its address are told then
        :return: (subject, body)
        """
        self.ensure_one()
        subject, body = self.subject, self.body
        if discreet:
            subject = self.discreet_subject or self.env._("Your report {code}")
            body = self.discreet_body or self._discreet_default()
            values = {name: values.get(name) for name in DISCREET_GAPS}
        return fill(subject, values), fill(body, values)

    def _discreet_default(self):
        if self._is_short():
            return self.env._(
                "{province}: there is news of your report {code}. {link}\n{closed_way}"
            )
        return self.env._(
            "Dear Sir or Madam,\n\nThere is news of your report {code}.\n\n"
            "{closed_way}\n\n{link}"
        )

    def _parameters(self, values, discreet):
        """The notice as parameters of a template: one a line, its name before a colon.

        All of them are there, also those that are empty: a template wants each.

        :param values, discreet: as of `_words`
        :return: dict of name → text
        """
        self.ensure_one()
        body = self.body
        if discreet:
            body = self.discreet_body or body
            values = {name: values.get(name) for name in DISCREET_GAPS}
        lines = [line.partition(":") for line in body.split("\n") if ":" in line]
        return {
            name.strip(): fill(text.strip(), values) or "-"
            for name, _colon, text in lines
        }
