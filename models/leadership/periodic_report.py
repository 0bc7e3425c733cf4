from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain

from ...tools import periodic_words
from ...tools.letters import paragraphs
from ...tools.periods import EARLIEST, Period
from ...tools.text import clean
from ..ground.guard import (
    check_length,
    check_visible,
    id_of,
    ids_of,
    required_text,
)
from ..ground.sql_states import sql_states
from .periodic_kind import BLANK_PLACE, PERIODS

# Until it is issued somebody owes it.
DUE_STATES = ("open", "drafted", "approved")
ISSUED_STATES = ("issued", "replaced")
# Texts that people write.
WORDS = ("opening", "difficulties", "proposals")
MOST_WORDS = 20_000
# What a report on demand may be narrowed to: filter → model.
FILTERS = {
    "agency": "civic.agency",
    "ward": "civic.ward",
    "category": "civic.category",
    "channel": "civic.channel",
}
# How the document says it.
SCOPES = {
    "agency": "cơ quan",
    "ward": "địa bàn",
    "category": "lĩnh vực",
    "channel": "kênh",
}
MOST_FILTERED = 500
LONGEST = 3660  # days of a period on demand


class CivicPeriodicReport(models.Model):
    """One report to be drawn up, approved by another person, numbered and issued.

    Its lines are counted when it is drafted, its texts are written by people. What was
    issued never changes: a correction is a new report that names the old one.
    """

    _name = "civic.periodic.report"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Periodic Report"
    _order = "period_to desc, id desc"
    _open_states = DUE_STATES
    _rec_name = "title"

    kind_id = fields.Many2one(
        "civic.periodic.kind", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    procedure_id = fields.Many2one(
        "civic.procedure", required=True, readonly=True, ondelete="restrict"
    )
    form = fields.Selection(
        [
            ("day", "Quick report of the day"),
            ("whole", "Report on a period"),
            ("list", "List of agencies"),
            ("evaluation", "Evaluation of agencies"),
            ("slow", "Report on delays"),
            ("rules", "Report on administrative rules"),
        ],
        "Document",
        required=True,
        readonly=True,
    )
    title = fields.Char(required=True, readonly=True)
    period_kind = fields.Selection(PERIODS, "Period", required=True, readonly=True)
    period_from = fields.Date("From", required=True, readonly=True)
    period_to = fields.Date("To", required=True, readonly=True)
    filters = fields.Json(readonly=True, help="What it is narrowed to, by ids.")
    scope = fields.Char(readonly=True, help="What it is narrowed to, in words.")
    opened_at = fields.Datetime("Opened", required=True, readonly=True)
    counted_at = fields.Datetime("Counted", readonly=True)
    due_date = fields.Date("Due", readonly=True)
    due_at = fields.Datetime("Due By", readonly=True)
    warned = fields.Integer(
        readonly=True,
        default=0,
        aggregator=None,
        help="Which warnings were given: 1 and 2 before it is due, 3 when it is late.",
    )
    state = fields.Selection(
        [
            ("open", "To draw up"),
            ("drafted", "Drafted"),
            ("approved", "Approved"),
            ("issued", "Issued"),
            ("replaced", "Replaced"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    was_late = fields.Boolean("Issued Late", readonly=True)

    number = fields.Char(readonly=True)
    number_sequence = fields.Integer(readonly=True, aggregator=None)
    number_year = fields.Integer(readonly=True, aggregator=None)
    number_series = fields.Char(
        readonly=True,
        help="In whose series it is numbered: of the company that issued it, also when "
        "its province has become part of another.",
    )
    issued_at = fields.Datetime("Issued", readonly=True)
    drafted_by_id = fields.Many2one(
        "res.users",
        "Last Hand",
        readonly=True,
        ondelete="restrict",
        help="Who counted or wrote last.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    approved_at = fields.Datetime("Approved", readonly=True)
    issued_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    opening = fields.Text(readonly=True, help="Before the figures.")
    difficulties = fields.Text(readonly=True)
    proposals = fields.Text(readonly=True)
    recipients = fields.Text(readonly=True)
    copies = fields.Text(readonly=True)

    replaces_id = fields.Many2one(
        "civic.periodic.report", readonly=True, ondelete="restrict"
    )
    replacement_ids = fields.One2many(
        "civic.periodic.report", "replaces_id", "Replaced By", readonly=True
    )
    line_ids = fields.One2many(
        "civic.periodic.line", "report_id", "Lines", readonly=True
    )
    note_ids = fields.One2many(
        "civic.periodic.note", "report_id", "Notes", readonly=True
    )
    event_ids = fields.One2many(
        "civic.periodic.event", "report_id", "History", readonly=True
    )
    pdf = fields.Binary("PDF", readonly=True, attachment=True, copy=False)
    xlsx = fields.Binary("Spreadsheet", readonly=True, attachment=True, copy=False)
    has_files = fields.Boolean(readonly=True)
    recipients_text = fields.Char(compute="_compute_recipients_text")

    _due_first = models.Index(
        f"(company_id, due_at) WHERE state IN {sql_states(DUE_STATES)}"
    )
    # Not by company: two that become one have both opened theirs.
    _opened_once = models.UniqueIndex(
        "(number_series, kind_id, period_from, period_to) "
        "WHERE replaces_id IS NULL AND period_kind <> 'demand'",
        "This report has been opened already.",
    )
    _number_once = models.UniqueIndex(
        "(number_series, number_year, number_sequence) WHERE number_sequence > 0",
        "This number is taken.",
    )
    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        "A report that takes its place is there already.",
    )

    @api.depends("due_at", "state")
    def _compute_is_late(self):
        now = self.env["civic.door"]._now()
        for report in self:
            owed = report.state in DUE_STATES and report.due_at
            report.is_late = bool(owed and report.due_at < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        now = self.env["civic.door"]._now()
        if True in wanted:
            return Domain("state", "in", DUE_STATES) & Domain("due_at", "<", now)
        return (
            Domain("state", "not in", DUE_STATES)
            | Domain("due_at", "=", False)
            | Domain("due_at", ">=", now)
        )

    @api.depends("recipients")
    def _compute_recipients_text(self):
        for report in self:
            report.recipients_text = "; ".join(paragraphs(report.recipients))

    @api.depends("title", "number")
    def _compute_display_name(self):
        for report in self:
            parts = (report.number, report.title)
            report.display_name = " – ".join(filter(None, parts))

    def _period(self):
        """The days that it reports on."""
        self.ensure_one()
        return Period(self.period_kind, self.period_from, self.period_to)

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def open_demand(self, kind_id, date_from, date_to, filters=None):
        """Open a report on any days, of all or of some agencies, wards, categories.

        :param kind_id: id of a civic.periodic.kind of the own procedure
        :param date_from, date_to: first and last day
        :param filters: dict of agency, ward, category and channel → ids; none: of all
        :return: id of the report
        """
        kind = self._kind_of_manager(kind_id)
        first, last = (self._read_day(day) for day in (date_from, date_to))
        if not (first and last and first <= last):
            raise UserError(self.env._("Give a first and a last day, in this order."))
        if first < EARLIEST:
            raise UserError(self.env._("Choose days since the year 2000."))
        if (last - first).days > LONGEST:
            raise UserError(self.env._("Choose a period of at most ten years."))
        if last > self.env.company._civic_today():
            raise UserError(
                self.env._("The last day has not come yet: choose today or before.")
            )
        filters, scope = self._read_filters(filters)
        period = Period("demand", first, last)
        values = {"filters": filters or False, "scope": scope or False}
        return self._open_periods([(kind, period)], self.env.company, values).id

    @api.model
    def _kind_of_manager(self, kind_id):
        """The kind that a Centre manager names, elevated.

        :raises AccessError: for who is none
        :raises MissingError: for a kind of another procedure
        """
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(self.env._("Centre managers open reports."))
        known = self.env["civic.periodic.kind"]._known_to(self.env.company)
        kind = known.filtered(lambda row: row.id == id_of(kind_id) and row._form())
        if not kind:
            raise MissingError(
                self.env._("Not found: choose a report of the own procedure.")
            )
        return kind

    @api.model
    def _read_day(self, value):
        """:return: date, or None for what is none"""
        try:
            return fields.Date.to_date(value) or None
        except (TypeError, ValueError, AttributeError):
            return None

    @api.model
    def _read_filters(self, filters):
        """Check what a caller narrows a report to.

        :return: (dict of filter → ids, words)
        :raises MissingError: for records that the caller may not see
        """
        found, words = {}, []
        given = filters or {}
        if not isinstance(given, dict) or given.keys() - FILTERS.keys():
            raise UserError(
                self.env._("Narrow it to agencies, wards, categories or channels.")
            )
        for name, model in FILTERS.items():
            ids = list(dict.fromkeys(ids_of(given.get(name))))
            if not ids:
                continue
            if len(ids) > MOST_FILTERED:
                raise UserError(self.env._("Choose at most %s at once.", MOST_FILTERED))
            records = self.env[model].browse(ids)
            check_visible(records)
            found[name] = records.ids
            words.append((SCOPES[name], ", ".join(records.mapped("display_name"))))
        return found, "; ".join(f"{label}: {names}" for label, names in words)

    @api.model
    def _open_periods(self, opened, company, values=None):
        """Open reports, with their due days, and ask agencies for what they explain.

        :param opened: list of (civic.periodic.kind, Period)
        :param values: more values of each
        :return: the reports, elevated
        """
        model = self._elevated()
        now = model._now()
        if not opened:
            return model.browse()
        span = [day for _kind, period in opened for day in (period.first, period.last)]
        times, worked = company._civic_times_around(*room_around(span))
        reports = model.create(
            [
                {
                    **model._prepare_opening(kind, period, company, times, worked),
                    "opened_at": now,
                    **(values or {}),
                }
                for kind, period in opened
            ]
        )
        for report in reports:
            report._log_periodic("open")
            if report.kind_id.wants_explanations and not report.replaces_id:
                model.env["civic.explanation"]._open_for(report)
        return reports

    @api.model
    def _prepare_opening(self, kind, period, company, times, worked):
        """Values of a report that opens; what its kind says then stays with it."""
        form = kind._form()
        due_date, due_at = False, False
        if period.kind != "demand":
            due_date, due_at = kind._due(period.last, times, worked)
        return {
            "kind_id": kind.id,
            "company_id": company.id,
            "procedure_id": kind.procedure_id.id,
            "form": form,
            "title": periodic_words.title(form, period.kind, period.first, period.last),
            "period_kind": period.kind,
            "period_from": period.first,
            "period_to": period.last,
            "due_date": due_date,
            "due_at": due_at,
            "recipients": kind.recipients,
            "copies": kind.copies,
            "number_series": f"{company.id}:{kind.issuer}",
            **(self._prepare_rules() if form == "rules" else {}),
        }

    @api.model
    def _prepare_rules(self):
        """What reports on administrative rules are narrowed to (ST Điều 24.2)."""
        categories = self.env["civic.category"].search([("on_rules", "=", True)])
        return {
            "filters": {"category": categories.ids or [0]},
            "scope": "Quy định hành chính",
        }

    # ------------------------------------------------------------------
    # Words and notes
    # ------------------------------------------------------------------

    def save_words(
        self,
        opening=None,
        difficulties=None,
        proposals=None,
        recipients=None,
        copies=None,
    ):
        """Keep the texts that people write; those that are not given stay.

        :param opening, difficulties, proposals: texts
        :param recipients, copies: one a line
        """
        self.ensure_one()
        report = self._enter("save_words")
        given = {
            "opening": opening,
            "difficulties": difficulties,
            "proposals": proposals,
            "recipients": recipients,
            "copies": copies,
        }
        values = {
            name: check_length(self.env, clean(text), MOST_WORDS) or False
            for name, text in given.items()
            if isinstance(text, str)
        }
        report._check_names_nobody([values.get(name) for name in WORDS])
        report._walk("save_words", {**values, "drafted_by_id": self.env.uid})
        return True

    def note_line(self, line_id, text):
        """Add a note to a line; the line itself stays as it was counted.

        :param line_id: id of a line of this report
        """
        self.ensure_one()
        report = self._enter("note_line")
        text = required_text(self.env, text, self.env._("the note"))
        check_length(self.env, text, MOST_WORDS)
        report._check_names_nobody([text])
        line = report.line_ids.filtered(lambda row: row.id == id_of(line_id))
        if not line:
            raise MissingError(self.env._("Not found: choose a line of this report."))
        self.env["civic.periodic.note"].with_env(report.env).create(
            {
                "report_id": report.id,
                "company_id": report.company_id.id,
                "dimension": line.dimension,
                "key": line.key,
                "text": text,
                "user_id": self.env.uid,
                "at": self._now(),
            }
        )
        report._walk("note_line", {"drafted_by_id": self.env.uid}, note=line.label)
        return True

    def _check_names_nobody(self, texts):
        """Documents of all kinds are without who sent a report."""
        reports = self.env["civic.report"]
        reports._check_words_to_agencies(texts, self.company_id, reports)

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def approve(self):
        """Approve a draft, as somebody else than who had the last hand in it."""
        self.ensure_one()
        self._enter("approve")._walk(
            "approve", {"approved_by_id": self.env.uid, "approved_at": self._now()}
        )
        return True

    def send_back(self, reason):
        """Take an approved draft up again.

        :param reason: what is to be changed
        """
        self.ensure_one()
        report = self._enter("send_back")
        reason = required_text(self.env, reason, self.env._("what is to be changed"))
        report._walk(
            "send_back", {"approved_by_id": False, "approved_at": False}, note=reason
        )
        return True

    def _guard_drafted_by_another(self):
        if self.drafted_by_id.id == self.env.uid:
            return self.env._("You wrote or counted last: another manager approves.")
        return None

    # ------------------------------------------------------------------
    # Replacing
    # ------------------------------------------------------------------

    def replace(self, reason):
        """Open the report that takes the place of an issued one; that one stays as it
        is, and in force until the new one is issued.

        :param reason: what is wrong with the old one
        :return: id of the new report
        """
        self.ensure_one()
        report = self._enter("replace")
        reason = required_text(self.env, reason, self.env._("what is corrected"))
        new = report._open_periods(
            [(report.kind_id, report._period())],
            report.company_id,
            {
                "replaces_id": report.id,
                "filters": report.filters,
                "scope": report.scope,
                **{name: report[name] for name in (*WORDS, "recipients", "copies")},
                # It is no new period: what was due is done.
                "due_date": False,
                "due_at": False,
            },
        )
        report._walk("replace", note=reason)
        return new.id

    def _guard_not_replaced(self):
        if self.replacement_ids:
            return self.env._(
                "The report that takes its place is there already: finish that one."
            )
        return None

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    @api.model
    def _verb_label(self, verb):
        return self.env["civic.periodic.event"]._periodic_labels()[verb]

    def _react_record(self, act):
        """A history of its own: the events of reports are not of these."""
        for report in self:
            report._log_periodic(act.transition.verb, act.note)

    def _log_periodic(self, verb, note=None):
        self.ensure_one()
        user = self._event_user()
        self.env["civic.periodic.event"].create(
            {
                "report_id": self.id,
                "company_id": self.company_id.id,
                "verb": verb,
                "user_id": user.id,
                "at": self._now(),
                "note": note or False,
            }
        )

    # ------------------------------------------------------------------
    # What documents show of the issuer
    # ------------------------------------------------------------------

    def _issuer_name(self):
        """The issuing body as the document shows it."""
        return self.kind_id.issuer_name or self.company_id.name

    def _place_of_issue(self):
        company = self.company_id
        return self.kind_id.place or (
            company.state_id.name or company.city or BLANK_PLACE
        )

    def action_open_periodic(self):
        """Open its form.

        :return: action
        """
        self.ensure_one()
        check_visible(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [[False, "form"]],
        }


def room_around(days):
    """First and last of some days, and what due days and warnings need around them."""
    first, last = min(days), max(days)
    return fields.Date.subtract(first, days=60), fields.Date.add(last, days=430)
