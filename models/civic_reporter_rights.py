from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .civic_reporter import CHAT_IDS, SEALED
from .transitions import UNFINISHED_REPORT_STATES

# Reporters whose data one pass deletes; each is committed for itself.
RETENTION_BATCH = 200
MAX_NAMED = 5
MAX_LOOKS = 200
# What managers decide and nobody writes directly.
DECIDED = frozenset(
    {
        *("restricted_at", "anonymised_at", "legal_hold", "legal_hold_reason"),
        *("legal_hold_by_id", "legal_hold_at"),
    }
)


class CivicReporter(models.Model):
    """What becomes of a reporter's data: restricted, held, deleted.

    Deleted means anonymised: the reports and their figures stay, nobody knows any
    more who sent them.
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
    is_over_retention = fields.Boolean(
        "Kept Long Enough",
        compute="_compute_is_over_retention",
        search="_search_is_over_retention",
        help="The time for which the data is kept is over and nothing holds it.",
    )
    last_closed_at = fields.Datetime(
        "Last Report Closed", compute="_compute_last_closed_at"
    )
    report_count = fields.Integer("Reports Sent", compute="_compute_last_closed_at")
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
        reason = self.env["civic.report"]._required_text(reason, self.env._("a reason"))
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
        reason = self.env["civic.report"]._required_text(reason, self.env._("a reason"))
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
        reason = self.env["civic.report"]._required_text(reason, self.env._("a reason"))
        reporters.write({"restricted_at": False})
        reporters._log_data("unrestricted", reason)
        return True

    def _enter_as_manager(self):
        """:raises MissingError, AccessError: unless a manager of the Centre asks"""
        if not self or self.exists()._filtered_access("read") != self:
            raise MissingError(
                self.env._("Not found: it does not exist or is not yours to see.")
            )
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

    # ------------------------------------------------------------------
    # What stands against deleting
    # ------------------------------------------------------------------

    def _deletion_obstacle(self):
        """Why the data cannot be deleted now, and until when; empty if it can.

        :return: words for the manager and the citizen, without identity
        """
        self.ensure_one()
        reporter = self.sudo()  # sudo: only codes of reports are told
        _ = self.env._
        if reporter.anonymised_at:
            return _("The data has been deleted already.")
        if reporter.legal_hold:
            return _("A legal hold stands on it: %s", reporter.legal_hold_reason)
        reports = reporter.report_ids.filtered(
            lambda row: row.state in UNFINISHED_REPORT_STATES
        )
        if reports:
            return _(
                "Reports are still being handled: %s. The data can be deleted when "
                "they are closed.",
                ", ".join(reports[:MAX_NAMED].mapped("name")),
            )
        lasting = reporter.disclosure_ids.filtered(
            lambda row: row.without_consent and row.is_in_force
        )
        if lasting:
            return _(
                "It was given to an authority by force of law, until %s.",
                reporter.company_id._civic_moment_text(
                    max(lasting.mapped("expires_at"))
                ),
            )
        if reporter.report_ids.diversion_ids.filtered(lambda row: row.is_open):
            return _("A complaint or denunciation is still being passed on.")
        return ""

    # ------------------------------------------------------------------
    # Retention
    # ------------------------------------------------------------------

    @api.depends("report_ids.closed_at")
    def _compute_last_closed_at(self):
        rows = self.env["civic.report"]._read_group(
            [("reporter_id", "in", self.ids)],
            ["reporter_id"],
            ["closed_at:max", "__count"],
        )
        known = {reporter.id: (closed, count) for reporter, closed, count in rows}
        for reporter in self:
            closed, count = known.get(reporter.id, (False, 0))
            reporter.last_closed_at = closed
            reporter.report_count = count

    def action_begin_retention(self):
        """Begin with the list as it stands; see `res.company`.

        :return: action
        """
        count = self.env.company.action_civic_begin_retention()
        return self._retention_notice(
            self.env._("%s identities are deleted from the next night on.", count)
        )

    def action_pause_retention(self):
        """Delete nothing until a manager begins again.

        :return: action
        """
        count = self.env.company.action_civic_pause_retention()
        return self._retention_notice(self.env._("Paused: %s identities wait.", count))

    @api.model
    def _retention_notice(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }

    @api.depends("legal_hold", "anonymised_at", "report_ids.state")
    def _compute_is_over_retention(self):
        over = self.search([("id", "in", self.ids), ("is_over_retention", "=", True)])
        for reporter in self:
            reporter.is_over_retention = reporter in over

    def _search_is_over_retention(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        over = Domain.OR(
            Domain("id", "in", self._over_retention_query(company))
            for company in self.env.companies
        )
        return over if True in wanted else ~over

    @api.model
    def _over_retention_query(self, company):
        """Ids of reporters whose time is over, as a query.

        Counted from when the last of their reports was closed, or what they asked about
        another's was sent; whoever never sent any from when the row was made.
        """
        years = company.sudo()._civic_procedure().retention_years
        cutoff = self.env["civic.door"]._now() - relativedelta(years=years)
        counted = ("civic.reporter", "civic.report", "civic.data.request")
        for model in (*counted, "civic.question"):
            self.env[model].flush_model()
        return SQL(
            """
            (SELECT reporter.id
               FROM civic_reporter reporter
              WHERE reporter.company_id = %(company)s
                AND reporter.anonymised_at IS NULL
                AND reporter.legal_hold IS NOT TRUE
                AND reporter.create_date <= %(cutoff)s
                AND NOT EXISTS (
                        SELECT 1 FROM civic_report report
                         WHERE report.reporter_id = reporter.id
                           AND (report.state IN %(open)s
                                OR COALESCE(report.closed_at, report.received_at)
                                   > %(cutoff)s))
                AND NOT EXISTS (
                        SELECT 1 FROM civic_question question
                         WHERE question.reporter_id = reporter.id
                           AND (question.state = 'new'
                                OR question.sent_at > %(cutoff)s))
                AND NOT EXISTS (
                        SELECT 1 FROM civic_data_request request
                         WHERE request.reporter_id = reporter.id
                           AND request.state IN ('new', 'acknowledged'))
                AND NOT EXISTS (
                        SELECT 1 FROM civic_disclosure disclosure
                         WHERE disclosure.reporter_id = reporter.id
                           AND disclosure.state = 'granted'
                           AND disclosure.expires_at > %(now)s))
            """,
            company=company.id,
            cutoff=cutoff,
            open=UNFINISHED_REPORT_STATES,
            now=self.env["civic.door"]._now(),
        )

    @api.model
    def _cron_retention(self, batch=RETENTION_BATCH):
        """Delete the identity of those whose time is over, where a manager has begun
        with it; see `res.company.civic_retention_begun`."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("civic_retention_begun", "=", True)]
        )
        due = self.search(
            Domain.OR(
                Domain("id", "in", self._over_retention_query(company))
                for company in companies
            ),
            order="id",
            limit=batch,
        )
        for done, reporter in enumerate(due, start=1):
            locked = reporter.try_lock_for_update()
            if locked and not locked._deletion_obstacle():
                locked._anonymise(self.env._("The time for which it is kept is over."))
            if not cron._commit_progress(1, remaining=len(due) - done):
                break

    # ------------------------------------------------------------------
    # Deleting
    # ------------------------------------------------------------------

    def _anonymise(self, note):
        """Delete who these people are; their reports and figures stay.

        What was sealed is gone with the row's columns: the identity, its hashes, the
        link to an account, original files (on the disk as well), what was written in
        requests, calls and mails, the sender's words in the history. Reports whose
        words still tell of a person are marked for a manager to look at.

        :param note: why, for the history
        """
        # sudo: the caller has checked that it is due
        for reporter in self.sudo():
            reporter._end_disclosures()
            reporter._original_files()._civic_forget()
            reporter.data_request_ids._elevated().write(
                {"details_sealed": False, "has_details": False}
            )
            reporter._forget_elsewhere()
            reporter.report_ids._mark_residue()
            reporter.report_ids._forget_notes()
            reporter.write(
                {
                    **dict.fromkeys(SEALED, False),
                    "verified": False,
                    "is_organisation": False,
                    "restricted_at": False,
                    "anonymised_at": self.env["civic.door"]._now(),
                }
            )
            reporter._log_data("anonymised", note)

    def _forget_elsewhere(self):
        """Delete what other parts of the module keep of this person, sealed."""
        self.ensure_one()
        calls = self.env["civic.call"]
        mine = Domain("report_id", "in", self.report_ids.ids)
        mine |= Domain("violation_ids", "any", [("reporter_id", "=", self.id)])
        if self.phone_hash:
            mine |= Domain("number_hash", "=", self.phone_hash)
        calls.search(mine)._forget()
        known = ("phone_hash", "email_hash", *CHAT_IDS.values())
        senders = [self[name] for name in known]
        self.env["civic.inbox"]._forget(self.report_ids, senders)
        media = self.env["civic.media"]
        media.search([("report_id", "in", self.report_ids.ids)])._forget_sender()
        self.report_ids.statement_ids._forget()

    def _original_files(self, report=None):
        """The originals that hang on this reporter.

        :param report: only those that came with this one
        """
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        if report:
            domain &= Domain("name", "=like", f"{report.name}-%")
        # sudo: sealed originals are nobody's by number
        return self.env["ir.attachment"].sudo().search(domain)

    def _unlink_from(self, report):
        """Take the identity off a report that was passed on.

        Whoever sent nothing else is forgotten altogether.

        :param report: civic.report, elevated
        """
        self.ensure_one()
        reporter = self.sudo()  # the verb has checked who does it
        report.write({"reporter_id": False})
        report.statement_ids._forget()
        report._cut_links()
        self.env["civic.data.event"]._log(
            "unlinked", report.company_id, note=report.name
        )
        sent = reporter.report_ids or reporter.question_ids
        if not sent and not reporter._deletion_obstacle():
            reporter._anonymise(self.env._("Nothing else was sent."))
