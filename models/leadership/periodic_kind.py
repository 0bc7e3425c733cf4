from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.due_days import DueRule, due_day, interior_period
from ...tools.periods import Period, closing_period

# What each kind is drawn up as; the others are reports on a whole period.
FORMS = {
    "day": "day",
    "list": "list",
    "evaluation": "evaluation",
    "slow": "slow",
    "rules": "rules",
    "explain": False,
}
PERIODS = [
    ("day", "Working day"),
    ("week", "Week"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("half", "Half-year"),
    ("year", "Year"),
    ("interior", "Twelve months before a due day"),
    ("demand", "Any period, on demand"),
]
# Periods that end with a month's.
MONTHLY = ("month", "quarter", "half", "year", "interior")
BLANK_PLACE = "………"


class CivicPeriodicKind(models.Model):
    """A report that a regulation orders: who sends it to whom, on which period, until
    when.

    Each figure is the text's own; the day of a report to which no text gives one is the
    house's, and its source says so.
    """

    _name = "civic.periodic.kind"
    _inherit = ["civic.links"]
    _description = "Kind of Periodic Report"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "civic.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        [
            ("day", "Quick report of the day"),
            ("week", "Report of the week"),
            ("month", "Report of the month"),
            ("quarter", "Report of the quarter"),
            ("half", "Report of the half-year"),
            ("year", "Report of the year"),
            ("interior", "Report for Home Affairs"),
            ("demand", "Report on demand"),
            ("list", "Monthly list of agencies"),
            ("evaluation", "Yearly evaluation of agencies"),
            ("slow", "Report on delays"),
            ("rules", "Report on administrative rules"),
            ("explain", "Explanation by an agency"),
        ],
        "What",
        required=True,
    )
    period_kind = fields.Selection(PERIODS, "Period", required=True)
    issuer = fields.Selection(
        [
            ("centre", "The intake centre"),
            ("department", "The department in charge"),
            ("office", "The office of the People's Committee"),
            ("operator", "The Centre's operators"),
            ("agency", "Each agency"),
        ],
        required=True,
        default="centre",
    )
    source = fields.Char("Article")
    due_before_day = fields.Integer(
        "Before Day",
        help="Sent at the latest on the day before it; of the month in which the "
        "period closes. 0: no day is given.",
    )
    due_month = fields.Integer(
        "Of Month", help="Of the year; 0: the first such day after the period."
    )
    due_working_days = fields.Integer(
        "Working Days After the Period",
        help="Where no day is given; 0: at the end of the period itself.",
    )
    since = fields.Date(
        "Opens by Itself From",
        default=fields.Date.context_today,
        copy=False,
        help="Periods that ended before are not opened.",
    )
    wants_explanations = fields.Boolean(
        "Agencies Explain What Is Late",
        help="Each agency with late or unhandled matters is asked for an explanation "
        "when the report opens (BP Điều 13.7): until when, its own row says; without "
        "one, until the report is due.",
    )
    tells_agencies = fields.Boolean(
        "Figures to the Leaders of Agencies",
        help="With the report each leader is told the own agency's figures by e-mail "
        "or SMS (BP Điều 14.3).",
    )
    recipients = fields.Text(help="To whom it is addressed, one a line.")
    copies = fields.Text(help="Under “Như trên”, one a line.")
    superior_name = fields.Char("Superior Body", help="Above the issuer's name.")
    issuer_name = fields.Char(
        "Issuing Body", help="As the document shows it; empty: the company's name."
    )
    symbol = fields.Char(help="What follows BC- in the number, such as STTTT.")
    place = fields.Char(
        "Place of Issue", help="Before the date; empty: the company's province."
    )
    authority = fields.Text(
        "Signs For", help="Such as KT. GIÁM ĐỐC, one a line; empty: in the own right."
    )
    office = fields.Char("Office of the Signatory", help="Such as GIÁM ĐỐC.")
    signatory = fields.Char(
        "Name of the Signatory", help="Without titles; empty: written by hand."
    )

    _once = models.UniqueIndex(
        "(procedure_id, code, issuer, period_kind)",
        "This report is among those of the procedure already.",
    )
    _days_sensible = models.Constraint(
        "CHECK (due_before_day BETWEEN 0 AND 31 AND due_month BETWEEN 0 AND 12 "
        "AND due_working_days BETWEEN 0 AND 60)",
        "Give a day of 1 to 31, a month of 1 to 12 and at most 60 working days.",
    )

    @api.constrains("period_kind", "due_before_day", "due_month")
    def _check_interior_day(self):
        for kind in self:
            if kind.period_kind == "interior" and not (
                kind.due_before_day and kind.due_month
            ):
                raise ValidationError(
                    self.env._(
                        "%s: the twelve months are told by the day and the month "
                        "before which it is due.",
                        kind.name,
                    )
                )

    @api.constrains("procedure_id", "period_kind", "due_before_day", "due_month")
    def _check_after_cutoff(self):
        self.procedure_id._check_cutoff_before_due()

    # ------------------------------------------------------------------
    # Periods and due days
    # ------------------------------------------------------------------

    def _form(self):
        """What it is drawn up as; False for what agencies write themselves."""
        return FORMS.get(self.code, "whole")

    def _due_rule(self):
        return DueRule(self.due_before_day, self.due_month, self.due_working_days)

    def _closed_period(self, today, worked):
        """The last period of it that is over.

        :param today: date
        :param worked: function of a date: whether there is work; asked for periods that
            are told by their due day
        :return: Period, or None where it is drawn up on demand
        """
        self.ensure_one()
        cutoff = self.procedure_id.period_cutoff_day
        if self.period_kind == "demand":
            return None
        if self.period_kind == "interior":
            days = interior_period(self._due_rule(), today, cutoff, worked)
            return Period("interior", *days)
        return closing_period(self.period_kind, today, cutoff)

    def _due(self, last, times, worked):
        """When a report on a period is due.

        :param last: last day of the period
        :param times: WorkingTime around it
        :return: (date, naive UTC datetime): a day that a text names runs until 24:00,
            others until the close of work
        """
        self.ensure_one()
        day = due_day(self._due_rule(), last, worked)
        close = None if self.due_before_day else times.day_close(day)
        return day, close or times.end_of_day(day)

    def _explaining(self):
        """The kind by which agencies explain what was late in the periods of this one,
        on whose rule their time depends; empty where there is none."""
        self.ensure_one()
        return self.procedure_id.periodic_kind_ids.filtered(
            lambda kind: kind.code == "explain" and kind.period_kind == self.period_kind
        )[:1]

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    @api.model
    def _known_to(self, company):
        """Kinds of the procedure under which a company takes reports in.

        :return: civic.periodic.kind, elevated
        """
        # sudo: managers need not read the company's settings
        company_sudo = company.sudo()
        if not company_sudo.civic_procedure_id:
            return company_sudo.env["civic.periodic.kind"]
        return company_sudo._civic_procedure().periodic_kind_ids


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    periodic_kind_ids = fields.One2many(
        "civic.periodic.kind", "procedure_id", "Periodic Reports", copy=True
    )

    @api.constrains("period_cutoff_day")
    def _check_cutoff_before_due(self):
        """What is due before a day of the month in which its period closes cannot close
        on that day or after."""
        for procedure in self:
            cutoff = procedure.period_cutoff_day
            for kind in procedure.periodic_kind_ids:
                monthly = kind.period_kind in MONTHLY and kind.due_before_day
                if monthly and not kind.due_month and cutoff >= kind.due_before_day - 1:
                    raise ValidationError(
                        self.env._(
                            "%(kind)s is due before day %(day)s: the period has to "
                            "close before that.",
                            kind=kind.name,
                            day=kind.due_before_day,
                        )
                    )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _civic_times_around(self, first, last):
        """The company's working time, and which days of it are worked.

        :param first, last: dates
        :return: (WorkingTime, function of a date)
        """
        self.ensure_one()
        calendar = self._civic_calendar()
        since = fields.Datetime.to_datetime(first)
        times = calendar._civic_loader(since)(calendar, first, last)
        days = frozenset(times.worked_days(first, last))
        # A calendar without work keeps nobody waiting.
        return times, partial(_is_worked, days)


def _is_worked(days, day):
    return not days or day in days
