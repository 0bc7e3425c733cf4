from odoo import api, fields, models
from odoo.tools import formatLang

from ...tools.sight import RATE, one_in
from ..ground.guard import check_visible
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES

# Half a side of the squares in which places are found, in degrees: some 55 m.
HALF = 0.0005


class CivicSight(models.Model):
    """What leaders should look at before it is late: what rises, where the same comes
    again, whose open work will be late by when.

    Counted each night and replaced as a whole; each row says in words why it is shown,
    by the figures that it keeps. Nothing here is a judgement of anybody.
    """

    _name = "civic.sight"
    _description = "Early Sight"
    _order = "kind, sequence, id"
    _rec_name = "label"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("rising", "Rises"),
            ("place", "Comes again"),
            ("agency", "Will be late"),
        ],
        "Why",
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(readonly=True, help="The surest or gravest first.")
    label = fields.Char("What", compute="_compute_label")
    why = fields.Text("Why It Is Shown", compute="_compute_why")
    category_id = fields.Many2one("civic.category", readonly=True, ondelete="cascade")
    ward_id = fields.Many2one("civic.ward", readonly=True, ondelete="cascade")
    agency_id = fields.Many2one("civic.agency", readonly=True, ondelete="cascade")
    counted_at = fields.Datetime("As of", required=True, readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Up to and With", readonly=True)
    # What rises.
    recent_count = fields.Integer("Reports", readonly=True, aggregator=None)
    before_count = fields.Integer("In the Weeks Before", readonly=True, aggregator=None)
    expected = fields.Float(readonly=True, digits=(12, 1), aggregator=None)
    year_ago_count = fields.Integer(
        "In the Same Weeks a Year Ago", readonly=True, aggregator=None
    )
    chance = fields.Float(readonly=True, aggregator=None)
    adjusted = fields.Float(readonly=True, aggregator=None)
    compared = fields.Integer(readonly=True, aggregator=None)
    # What comes again.
    latitude = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    longitude = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    again_count = fields.Integer("After an Answer", readonly=True, aggregator=None)
    first_at = fields.Datetime("First", readonly=True)
    last_at = fields.Datetime("Latest", readonly=True)
    # What will be late.
    open_count = fields.Integer("Open", readonly=True, aggregator=None)
    overdue_count = fields.Integer("Late Already", readonly=True, aggregator=None)
    late_count = fields.Integer("Will Be Late", readonly=True, aggregator=None)
    late_at_best_count = fields.Integer(
        "Will Be Late at Best", readonly=True, aggregator=None
    )
    late_from = fields.Datetime(readonly=True)
    done_in_weeks = fields.Integer("Results", readonly=True, aggregator=None)
    pace = fields.Float("A Working Day", readonly=True, digits=(12, 2), aggregator=None)
    best_pace = fields.Float(readonly=True, digits=(12, 2), aggregator=None)

    @api.depends("category_id", "ward_id", "agency_id")
    @api.depends_context("lang")
    def _compute_label(self):
        for row in self:
            names = (row.category_id.name, row.ward_id.name, row.agency_id.name)
            row.label = " · ".join(filter(None, names))

    # ------------------------------------------------------------------
    # Why
    # ------------------------------------------------------------------

    @api.depends("kind", "counted_at")
    @api.depends_context("lang")
    def _compute_why(self):
        for row in self:
            words = {
                "rising": row._why_rising,
                "place": row._why_place,
                "agency": row._why_agency,
            }
            row.why = " ".join(words[row.kind]()) if row.kind else ""

    def _figure_words(self, number, digits=1):
        return formatLang(self.env, number, digits=digits)

    def _why_rising(self):
        _ = self.env._
        yield _(
            "%(recent)s reports from %(first)s to %(last)s. The eight weeks before "
            "brought %(before)s, which is %(expected)s in four weeks.",
            recent=self.recent_count,
            first=self.date_from.strftime("%d/%m"),
            last=self.date_to.strftime("%d/%m/%Y"),
            before=self.before_count,
            expected=self._figure_words(self.expected),
        )
        if self.year_ago_count:
            yield _("The same weeks a year ago brought %s.", self.year_ago_count)
        yield _(
            "If nothing had changed, so many or more would come once in %(times)s such "
            "times. Of the %(compared)s categories and wards that were compared, on "
            "average at most %(rate)s in a hundred that are shown are so by chance.",
            times=self._figure_words(one_in(self.chance), 0),
            compared=self.compared,
            rate=round(100 * RATE),
        )

    def _why_place(self):
        _ = self.env._
        yield _(
            "%(count)s reports of this category within some hundred metres since "
            "%(first)s, the latest on %(last)s.",
            count=self.recent_count,
            first=self.company_id._civic_moment_text(self.first_at)[:10],
            last=self.company_id._civic_moment_text(self.last_at)[:10],
        )
        yield _(
            "%s of them came after one there had been answered: what was done may not "
            "last.",
            self.again_count,
        )

    def _why_agency(self):
        _ = self.env._
        yield _(
            "%(open)s matters open, %(overdue)s of them late already. In the last four "
            "weeks there were %(done)s results, %(pace)s a working day.",
            open=self.open_count,
            overdue=self.overdue_count,
            done=self.done_in_weeks,
            pace=self._figure_words(self.pace, 2),
        )
        yield _(
            "At this pace, what is due first done first, %(late)s more will be late; "
            "at the pace of its best week still %(best)s, the first on %(moment)s.",
            late=self.late_count,
            best=self.late_at_best_count,
            moment=self.company_id._civic_deadline_text(self.late_from),
        )

    # ------------------------------------------------------------------
    # What it is about
    # ------------------------------------------------------------------

    def action_open(self):
        """Show the reports or assignments that a row is about.

        :return: action
        """
        self.ensure_one()
        check_visible(self)
        name = "civic_assignment" if self.kind == "agency" else "civic_report"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"civic_report.{name}_action_all"
        )
        return {
            **action,
            "name": self.label,
            "domain": self._sight_domain(),
            "context": {},
        }

    def _sight_domain(self):
        domain = [("company_id", "=", self.company_id.id)]
        if self.kind == "agency":
            return [
                *domain,
                ("agency_id", "=", self.agency_id.id),
                ("state", "in", list(OPEN_ASSIGNMENT_STATES)),
            ]
        if self.category_id:
            domain.append(("category_id", "=", self.category_id.id))
        if self.kind == "place":
            return [
                *domain,
                ("latitude", ">=", self.latitude - HALF),
                ("latitude", "<", self.latitude + HALF),
                ("longitude", ">=", self.longitude - HALF),
                ("longitude", "<", self.longitude + HALF),
                ("received_at", ">=", self.first_at),
            ]
        if self.ward_id:
            domain.append(("ward_id", "=", self.ward_id.id))
        return [
            *domain,
            ("received_at", ">=", self.first_at),
            ("received_at", "<=", self.last_at),
        ]
