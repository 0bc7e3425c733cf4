import logging

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..ground.guard import check_visible
from ..ground.key import is_inside, lock_rows

_logger = logging.getLogger(__name__)

# Kind → (what ends, field of it, field of those in its place).
KINDS = {
    "agency": ("civic.agency", "agency_id", "successor_agency_ids"),
    "ward": ("civic.ward", "ward_id", "successor_ward_ids"),
    "category": ("civic.category", "category_id", "successor_category_ids"),
    "person": ("res.users", "user_id", "successor_user_ids"),
}
# Kinds whose work is divided among several, and the field of a line that says to whom.
DIVIDED = {"agency": "to_agency_id", "person": "to_user_id"}
BEFORE, AFTER = relativedelta(years=30), relativedelta(years=5)
EDITABLE = frozenset({"draft", "planned"})


class CivicSuccession(models.Model):
    """An agency, a ward, a category or a person ends, and who goes on.

    Entered ahead or on the day; what is in hand then moves in one transaction.
    """

    _name = "civic.succession"
    _inherit = ["civic.buttons", "civic.links"]
    _description = "Succession"
    _order = "date desc, id desc"
    _kept_fields = frozenset(
        {"state", "decided_by_id", "decided_at", "done_at", "problem"}
    )

    kind = fields.Selection(
        [
            ("agency", "Agency"),
            ("ward", "Ward or commune"),
            ("category", "Category"),
            ("person", "Person"),
        ],
        "What Ends",
        required=True,
        default="agency",
    )
    company_id = fields.Many2one(
        "res.company",
        "Province",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._civic_today(),
        help="The first day on which it is no more.",
    )
    basis = fields.Char("Decision", help="Number and date of what decides it.")
    agency_id = fields.Many2one(
        "civic.agency", "Agency That Ends", index="btree_not_null", ondelete="restrict"
    )
    ward_id = fields.Many2one(
        "civic.ward", "Ward That Ends", index="btree_not_null", ondelete="restrict"
    )
    category_id = fields.Many2one(
        "civic.category",
        "Category That Ends",
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        "Who Leaves",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    successor_agency_ids = fields.Many2many(
        "civic.agency", "civic_succession_agency_rel", string="Agencies in Its Place"
    )
    successor_ward_ids = fields.Many2many(
        "civic.ward", "civic_succession_ward_rel", string="Wards in Its Place"
    )
    successor_category_ids = fields.Many2many(
        "civic.category",
        "civic_succession_category_rel",
        string="Categories in Its Place",
    )
    successor_user_ids = fields.Many2many(
        "res.users",
        "civic_succession_user_rel",
        string="Who Goes On",
        domain="[('share', '=', False)]",
    )
    archive_account = fields.Boolean(
        "Archive the Account",
        help="For whoever leaves the service. Only who may manage accounts can ask "
        "for it.",
    )
    line_ids = fields.One2many(
        "civic.succession.line",
        "succession_id",
        "What Goes Where",
        help="Work by ward and category; what no line names goes where competence and "
        "area lead.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    open_work = fields.Text("In Hand", compute="_compute_open_work")
    decided_by_id = fields.Many2one("res.users", "By", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided", readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    problem = fields.Text(
        "Why It Did Not Happen",
        readonly=True,
        copy=False,
        help="It is tried again every hour until this is mended.",
    )

    _agency_once = models.UniqueIndex(
        "(agency_id) WHERE state = 'planned'", "The end of this agency is planned."
    )
    _ward_once = models.UniqueIndex(
        "(ward_id) WHERE state = 'planned'", "The end of this ward is planned."
    )
    _category_once = models.UniqueIndex(
        "(category_id) WHERE state = 'planned'", "The end of this category is planned."
    )
    # Each province says for itself who goes on there.
    _user_once = models.UniqueIndex(
        "(user_id, company_id) WHERE state = 'planned'",
        "This person's leaving is planned.",
    )

    # ------------------------------------------------------------------
    # What it is about
    # ------------------------------------------------------------------

    def _ended(self):
        """What ends: one record, or none where it is not chosen yet."""
        model, field, _successors = KINDS[self.kind]
        return self[field] if self.kind else self.env[model]

    def _successors(self):
        """Those in its place, elevated and whether archived or not."""
        field = KINDS[self.kind][2]
        # sudo: the administrator chose them; rights on them are asked on choosing
        return self.sudo().with_context(active_test=False)[field]

    @api.depends("kind", *(row[1] for row in KINDS.values()))
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._ended().display_name or self.env._("Succession")

    @api.depends("kind", "company_id", *(row[1] for row in KINDS.values()))
    def _compute_open_work(self):
        for row in self:
            ended = row._ended()._origin
            work = row._work_in_hand(ended) if ended and row.state != "done" else []
            row.open_work = "\n".join(work) if ended else False

    def _work_in_hand(self, ended):
        # sudo: counts for the administrator, who need not see the work
        ended_sudo = ended.sudo()
        if self.kind == "person":
            return ended_sudo._civic_open_work(self.company_id)
        return ended_sudo._open_work()

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_archive_account()
        return rows

    def write(self, vals):
        if not is_inside(self.env):
            for row in self:
                if row.state not in EDITABLE:
                    raise UserError(
                        self.env._("%s: this succession has ended.", row.display_name)
                    )
        result = super().write(vals)
        if {"archive_account", "user_id"} & set(vals):
            self._check_archive_account()
        return result

    @api.model
    def _kept_words(self):
        return self.env._("A succession moves on by its buttons: use those.")

    def _check_archive_account(self):
        """Who may not archive an account may not have the system do it either."""
        if self.env.su or not any(self.mapped("archive_account")):
            return
        if not self.env["res.users"].has_access("write"):
            raise AccessError(
                self.env._(
                    "Only who manages accounts can archive one. Leave this off, and "
                    "have the account archived afterwards."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        if any(row.state != "draft" for row in self):
            raise UserError(self.env._("Successions are kept: cancel it instead."))

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains(
        "kind",
        "date",
        "company_id",
        *(name for row in KINDS.values() for name in row[1:]),
    )
    def _check_whole(self):
        for row in self:
            row._check_date()
            row._check_ended()
            for successor in row._successors():
                row._check_successor(successor)

    def _check_date(self):
        today = self.company_id._civic_today()
        if not today - BEFORE <= self.date <= today + AFTER:
            raise ValidationError(
                self.env._("Enter a day within 30 years before today and 5 after.")
            )

    def _check_ended(self):
        ended = self.sudo()._ended()
        if not ended:
            raise ValidationError(self.env._("Choose what ends."))
        others = [row[1] for kind, row in KINDS.items() if kind != self.kind]
        if any(self[name] for name in others):
            raise ValidationError(self.env._("One succession ends one thing."))
        if self.state in EDITABLE:
            self._check_here(ended)
            if "successor_ids" in ended._fields and ended.successor_ids:
                ended._check_revived()

    def _check_here(self, record):
        """:raises ValidationError: for what belongs to another province"""
        if record._name == "res.users":
            here = self.company_id in record.company_ids
        else:
            # What is common to all provinces ends by whoever sees to all of them.
            here = record.company_id in (self.company_id, self.company_id.browse())
        if not here:
            raise ValidationError(
                self.env._("%s belongs to another province.", record.display_name)
            )

    def _check_successor(self, successor):
        ended, name = self.sudo()._ended(), successor.display_name
        if self.kind == "person" and successor.share:
            raise ValidationError(self.env._("%s is no officer.", name))
        if successor == ended:
            raise ValidationError(
                self.env._("%s cannot go on in its own place: choose another.", name)
            )
        self._check_here(successor)
        if self.kind == "category" and successor.company_id != ended.company_id:
            # What all provinces have in common goes on in common.
            raise ValidationError(
                self.env._("%s belongs to another province.", successor.display_name)
            )
        if self.state not in EDITABLE:
            return
        if not successor.active:
            raise ValidationError(
                self.env._(
                    "%s is archived: choose what is in force, or put it in force "
                    "first.",
                    name,
                )
            )
        self._check_goes_on(successor)
        if self.kind == "category" and successor.track != ended.track:
            raise ValidationError(
                self.env._(
                    "%(successor)s is handled on another track than %(ended)s: choose "
                    "a category of the same track.",
                    successor=name,
                    ended=ended.display_name,
                )
            )

    def _check_goes_on(self, successor):
        """Refuse who ends by then: work would go in a circle, or to nobody."""
        field = KINDS[self.kind][1]
        planned = [
            (field, "=", successor.id),
            ("state", "=", "planned"),
            ("date", "<=", self.date),
        ]
        if self.kind == "person":
            planned.append(("company_id", "=", self.company_id.id))
        ends = self.sudo().search(planned, limit=1)
        if ends:
            raise ValidationError(
                self.env._(
                    "%(name)s itself ends on %(date)s: choose who goes on after it.",
                    name=successor.display_name,
                    date=fields.Date.to_string(ends.date),
                )
            )

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def _check_may_decide(self):
        """:raises MissingError, AccessError: unless an administrator, on own ones"""
        check_visible(self)
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(self.env._("Only administrators enter successions."))

    def _keyed(self):
        """With the key of the door: what is in hand moves outside its verbs."""
        # sudo, in `_elevated`: an administrator has decided it; assignments, duties and
        # reports are written by nobody directly
        return self.with_env(self.env["civic.door"]._elevated().env)

    def action_confirm(self):
        """Let it happen: today if its day has come, else on its day."""
        self._check_may_decide()
        for row in self:
            if row.state != "draft":
                raise UserError(
                    self.env._("%s has been decided already.", row.display_name)
                )
            if not row._successors():
                raise UserError(self.env._("Choose who goes on in its place."))
            row._check_whole()
            row._check_archive_account()
            row._check_fit()
            row._keyed().write(
                {
                    "state": "planned",
                    "decided_by_id": self.env.uid,
                    "decided_at": self.env["civic.door"]._now(),
                }
            )
            if row.date <= row.company_id._civic_today():
                row._keyed()._happen()
        return True

    def action_cancel(self):
        """Call it off while it has not happened."""
        self._check_may_decide()
        for row in self:
            if row.state not in EDITABLE:
                raise UserError(
                    self.env._(
                        "%s has happened: enter another succession to change it.",
                        row.display_name,
                    )
                )
        self._keyed().write({"state": "cancelled"})
        return True

    def _check_fit(self):
        """:raises UserError: where those in its place lack what the work needs"""
        check = getattr(self.sudo(), f"_check_fit_{self.kind}", None)
        if check:
            check()

    def _happen(self):
        """Move everything now, in this transaction.

        :raises UserError: saying what stands in the way
        """
        self.ensure_one()
        lock_rows(self)
        if self.state != "planned":
            raise UserError(self.env._("%s has happened already.", self.display_name))
        self._check_whole()
        self._check_fit()
        getattr(self, f"_succeed_{self.kind}")()
        self.write(
            {
                "state": "done",
                "done_at": self.env["civic.door"]._now(),
                "problem": False,
            }
        )
        self.env.registry.clear_cache("default", "groups")

    @api.model
    def _cron_happen(self):
        """Let happen what was planned for today or earlier.

        What cannot is said on its form and on the health page, and tried again.
        """
        cron = self.env["ir.cron"]
        due = self.browse()
        for (company,) in self._read_group([("state", "=", "planned")], ["company_id"]):
            due |= self.search(
                [
                    ("state", "=", "planned"),
                    ("company_id", "=", company.id),
                    ("date", "<=", company._civic_today()),
                ],
                order="date, id",
            )
        remaining = len(due)
        for row in due:
            row = row._keyed()
            try:
                with self.env.cr.savepoint():
                    row._happen()
            except UserError as error:
                row._say_problem(str(error))
            except OperationalError:
                raise  # the database was busy: all is tried again
            except Exception:  # whatever fails, the others behind it go on
                _logger.exception("Succession %s did not happen", row.id)
                row._say_problem(
                    self.env._(
                        "An error of the system stopped it: see the server's log, or "
                        "ask who maintains the system."
                    )
                )
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining):
                break

    def _say_problem(self, words):
        self.invalidate_recordset()
        self.write({"problem": words})
