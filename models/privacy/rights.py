from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..ground.guard import check_visible, required_text

MAX_LOOKS = 200
# What managers decide and nobody writes directly.
DECIDED = frozenset(
    {
        *("restricted_at", "anonymised_at", "legal_hold", "legal_hold_reason"),
        *("legal_hold_by_id", "legal_hold_at"),
    }
)


class CivicReporter(models.Model):
    """What a person, or the Centre, decides about the person's data: restricted, held.

    What is deleted, see :mod:`.forgetting`; when, see :mod:`.retention`.
    """

    _inherit = "civic.reporter"

    restricted_at = fields.Datetime(
        "Use Restricted",
        readonly=True,
        copy=False,
        help="At the person's request the identity is given to nobody.",
    )
    legal_hold = fields.Boolean(
        readonly=True, copy=False, help="A law or a case forbids to delete the data."
    )
    legal_hold_reason = fields.Text("Why It Is Held", readonly=True, copy=False)
    legal_hold_by_id = fields.Many2one(
        "res.users", "Held By", readonly=True, copy=False
    )
    legal_hold_at = fields.Datetime("Held Since", readonly=True, copy=False)
    anonymised_at = fields.Datetime("Data Deleted", readonly=True, copy=False)
    disclosure_ids = fields.One2many(
        "civic.disclosure", "reporter_id", "Disclosures", readonly=True
    )
    data_request_ids = fields.One2many(
        "civic.data.request", "reporter_id", "Requests", readonly=True
    )
    data_event_ids = fields.One2many(
        "civic.data.event",
        "reporter_id",
        "Data History",
        readonly=True,
        groups="civic_report.group_centre_manager",
    )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_decided(vals)
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        self._check_decided(vals)
        if self.sudo().filtered("anonymised_at"):
            raise UserError(self.env._("The data of this person has been deleted."))
        return super().write(vals)

    @api.model
    def _check_decided(self, vals):
        if not self.env.su and DECIDED & set(vals):
            raise AccessError(
                self.env._("Centre managers decide this by the actions of the form.")
            )

    # ------------------------------------------------------------------
    # Looks
    # ------------------------------------------------------------------

    def _disclosed(self, disclosure, names):
        """The named parts of the identity, for a look that has been checked.

        :param disclosure: civic.disclosure in force
        :return: dict name → value
        """
        self.ensure_one()
        row = self.sudo()  # the disclosure is the right to see these and no others
        shown = {name: row[name] for name in names}
        self.env["civic.access"]._log(
            row,
            "show",
            reason=disclosure.reason,
            report=disclosure.report_id,
            shown=[name for name in names if shown[name]],
            disclosure_id=disclosure.id,
        )
        return shown

    def _log_look(self, names, given, report=None):
        """Keep on record that an operator reads these of the identity.

        :param given: dict as of `civic.access._read_reason`
        :raises MissingError, AccessError, UserError: as `show`
        """
        self.ensure_one()
        self.env["civic.access"]._log(
            self.sudo(), "show", report=report, shown=names, **given
        )

    @api.model
    def _given(self, code, words):
        """Why an act of the module itself opens an identity.

        :param code: of a ground of the list; perhaps an administrator took it off
        """
        ground = self.env["civic.access"]._ground(code)
        return {"ground_id": ground.id, "reason": words}

    def _look_values(self, report=None):
        """Who looked at the identity, by agency and role and never by name.

        :param report: only the looks because of this one
        :return: list of dicts: at, who, what; the latest first
        """
        self.ensure_one()
        domain = Domain("reporter_id", "=", self.id)
        if report:
            domain &= Domain("report_id", "=", report.id)
        # sudo: the citizen is shown the own looks, without names
        looks = self.env["civic.access"].sudo().search(domain, limit=MAX_LOOKS)
        return [look._citizen_values() for look in looks]

    # ------------------------------------------------------------------
    # Legal hold
    # ------------------------------------------------------------------

    def hold(self, reason):
        """Keep the data until further notice, whatever its age.

        :param reason: the case or the law behind it
        """
        reporters = self._enter_as_manager()
        reason = required_text(self.env, reason, self.env._("a reason"))
        if any(reporter.legal_hold for reporter in reporters):
            raise UserError(self.env._("It is held already."))
        if any(reporter.anonymised_at for reporter in reporters):
            raise UserError(self.env._("The data has been deleted already."))
        reporters.write(
            {
                "legal_hold": True,
                "legal_hold_reason": reason,
                "legal_hold_by_id": self.env.uid,
                "legal_hold_at": self.env["civic.door"]._now(),
            }
        )
        reporters._log_data("held", reason)
        return True

    def release_hold(self, reason):
        """Let the data go its way again.

        :param reason: why nothing holds it any more
        """
        reporters = self._enter_as_manager()
        reason = required_text(self.env, reason, self.env._("a reason"))
        if not all(reporter.legal_hold for reporter in reporters):
            raise UserError(self.env._("It is not held."))
        reporters.write(
            {
                "legal_hold": False,
                "legal_hold_reason": False,
                "legal_hold_by_id": False,
                "legal_hold_at": False,
            }
        )
        reporters._log_data("released", reason)
        return True

    def lift_restriction(self, reason):
        """Allow the use of the data again, at the person's word.

        :param reason: how the person asked for it
        """
        reporters = self._enter_as_manager()
        reason = required_text(self.env, reason, self.env._("a reason"))
        reporters.write({"restricted_at": False})
        reporters._log_data("unrestricted", reason)
        return True

    def _enter_as_manager(self):
        """:raises MissingError, AccessError: unless a manager of the Centre asks"""
        check_visible(self)
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(
                self.env._("Only Centre managers decide how long data is kept.")
            )
        # sudo: the manager has been checked; nobody writes these fields directly
        reporters = self.sudo()
        reporters.lock_for_update()
        return reporters

    def _restrict(self):
        """Stop that the identity is given to anybody."""
        self._end_disclosures()
        self.sudo().write({"restricted_at": self.env["civic.door"]._now()})
        self._log_data("restricted")

    def _end_disclosures(self):
        """End what rests on the person's consent, and what asks for it."""
        open_ones = self.sudo().disclosure_ids.filtered(
            lambda row: row.state in row._open_states and not row.without_consent
        )
        open_ones._elevated()._end_for_the_person()

    def _log_data(self, code, note=None):
        for reporter in self:
            self.env["civic.data.event"]._log(
                code, reporter.company_id, reporter, note=note
            )
