import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError, ValidationError

from ...tools.fetch import FetchError, fetch
from ...tools.pbx import progress
from ..ground.guard import check_visible, id_of
from ..vault.vault import VaultError

# A call that the switchboard never said the end of is over by then.
LONGEST_CALL = timedelta(hours=4)
MOST_CALLS = 5
MOST_REPORTS = 3
BUS = "civic_report.call"


class CivicCall(models.Model):
    """The telephone desk: calls that the switchboard tells of, shown to the operators
    at whose telephones they ring, and what was reported in them.

    Nothing of a number but its end leaves the server; the browser asks for the rest of
    what it shows through :meth:`desk_card`, with its user's rights.
    """

    _inherit = "civic.call"

    external_id = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="What the switchboard calls it.",
    )
    phase = fields.Selection(
        [("ringing", "Rings"), ("answered", "Being spoken"), ("ended", "Ended")],
        readonly=True,
        copy=False,
        help="Empty for calls that were written down by hand.",
    )
    extension = fields.Char("Extension Called", readonly=True, copy=False)
    answered_at = fields.Datetime("Picked Up", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    earlier_report_ids = fields.Many2many(
        "civic.report",
        string="Reports Sent With This Number",
        compute="_compute_earlier_report_ids",
        help="The number alone does not prove who calls.",
    )

    _external_once = models.UniqueIndex(
        "(company_id, external_id) WHERE external_id IS NOT NULL",
        "This call is written down already.",
    )
    _live = models.Index(
        "(company_id, called_at) WHERE phase IN ('ringing', 'answered')"
    )

    @api.depends("number_hash")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_earlier_report_ids(self):
        for call in self:
            call.earlier_report_ids = call._earlier_reports()

    def _earlier_reports(self, limit=MOST_REPORTS):
        """Reports that were sent with this call's number, the latest first."""
        reports = self.env["civic.report"]
        try:
            number = self._open_number()
            same = number and self.env["civic.vault"]._fingerprints("phone", number)
        except VaultError:
            return reports
        if not same:
            return reports
        # sudo: the hashes are nobody's to read; the reports are searched as the user
        reporters = (
            self.env["civic.reporter"]
            .sudo()
            .search(
                [("phone_hash", "in", same), ("company_id", "=", self.company_id.id)],
                limit=100,
            )
        )
        return reports.search(
            [("reporter_id", "in", reporters.ids)],
            order="received_at desc, id desc",
            limit=limit,
        )

    # ------------------------------------------------------------------
    # What the switchboard tells
    # ------------------------------------------------------------------

    @api.model
    def _follow(self, event, company):
        """Write down what the switchboard tells of a call.

        :param event: `pbx.Call`
        :return: civic.call, elevated
        """
        calls = self._elevated()
        call = calls.search(
            [("company_id", "=", company.id), ("external_id", "=", event.call_id)],
            limit=1,
        )
        if not call:
            call = calls.create([calls._prepare_followed(event, company)])
        call._advance(event)
        call._show_at_desks(event.extension)
        return call

    @api.model
    def _prepare_followed(self, event, company):
        now = self.env["civic.door"]._now()
        row = {
            "company_id": company.id,
            "external_id": event.call_id,
            "vault_ref": self._fields["vault_ref"].default(self),
            "called_at": event.started_at or event.at or now,
            "direction": event.direction,
            "kind": "question",
            "operator_id": False,
        }
        if event.number:
            row.update(self._sealed_number(event.number, row["vault_ref"]))
        return row

    def _advance(self, event):
        """Bring the call on; never back, whatever order events come in."""
        values = progress(self, event, self.env["civic.door"]._now())
        if "extension" in values and event.phase != "ringing" and not self.operator_id:
            users = self._desk_users(event.extension)
            if len(users) == 1:
                values["operator_id"] = users.id
        self.write(values)

    def _desk_users(self, extension):
        """Operators at whose telephone it rings; all of them where nobody has it."""
        # sudo: which group somebody is in is not an operator's to search by
        operators = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("civic_report.group_operator").id,
                    ),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ],
                limit=1000,
            )
        )
        named = operators.filtered(lambda user: user.civic_extension == extension)
        return named if extension and named else operators

    def _show_at_desks(self, extension):
        """Tell the screens of those operators that there is news of this call."""
        message = {"id": self.id, "phase": self.phase}
        for user in self._desk_users(extension):
            user._bus_send(BUS, message)

    def _fetch_recording(self, url):
        """Keep the recording, sealed.

        :raises FetchError: it could not be fetched; perhaps later
        """
        if self.has_recording:
            return
        company = self.company_id
        hosts = self.env["civic.gateway"]._media_hosts(company, "pbx")
        most = company._civic_upload_limits().recording
        try:
            data = fetch(url, hosts, most)
            values = self._sealed_recording(base64.b64encode(data), self.vault_ref)
        except FetchError as error:
            if error.code == "unreachable":
                raise
            self._log("recording", self.env._("The recording was not fetched."))
            return
        except ValidationError as error:
            self._log("recording", error.args[0])
            return
        self.write({**values, "recording_name": self.env._("Recording")})

    # ------------------------------------------------------------------
    # At the desk
    # ------------------------------------------------------------------

    @api.model
    def desk_calls(self):
        """Calls that are going on at the current operator's telephone.

        :return: list of dicts as of `desk_card`
        :raises MissingError: for all but operators
        """
        self._check_desk()
        calls = self.search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("phase", "in", ("ringing", "answered")),
                ("called_at", ">", self.env["civic.door"]._now() - LONGEST_CALL),
            ],
            limit=100,
        )
        mine = calls.filtered(
            lambda call: self.env.user in call._desk_users(call.extension)
        )
        return [call.desk_card() for call in mine[:MOST_CALLS]]

    def desk_card(self):
        """What the screen of an operator shows of a call: the end of the number, the
        earlier reports sent with it.

        :return: dict: id, number, phase, phase_label, direction, called_at, report
            (code of the one it is about), harassing (number of such calls), reports
            (list of dicts id, code, subject, state, received_at)
        :raises MissingError: for all but operators of the company
        """
        self.ensure_one()
        self._check_call()
        moment = self.company_id._civic_moment_text
        phases = dict(self._fields["phase"]._description_selection(self.env))
        return {
            "id": self.id,
            "number": self.number or "",
            "phase": self.phase or "ended",
            "phase_label": phases.get(self.phase, ""),
            "direction": self.direction,
            "called_at": moment(self.called_at),
            "report": self.report_id.name or "",
            "harassing": self.harassing_count,
            "reports": [
                {
                    "id": report.id,
                    "code": report.name,
                    "subject": report.subject,
                    "state": report._state_label(),
                    "received_at": moment(report.received_at),
                }
                for report in self.earlier_report_ids
            ],
        }

    def link_report(self, report_id):
        """Note that the caller asks about an earlier report.

        :param report_id: id of a civic.report that the operator may see
        :raises MissingError: for calls and reports that are not the caller's to see
        """
        self.ensure_one()
        self._check_call()
        report = self.env["civic.report"].browse(id_of(report_id))
        words = self.env._("Not found: choose another report.")
        check_visible(report, words)
        if report.company_id != self.company_id:
            raise MissingError(words)
        self._elevated()._link(report, "link", "question")
        return True

    def _link(self, report, code, kind):
        self.write(
            {
                "report_id": report.id,
                "kind": kind,
                "operator_id": self.operator_id.id or self.env.uid,
            }
        )
        self._log(code, report.name)

    def action_take_down(self):
        """Open the form in which the caller's report is taken down.

        :return: action
        """
        self.ensure_one()
        self._check_call()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "civic_report.civic_wizard_desk_action"
        )
        action["context"] = {"default_call_id": self.id}
        return action

    @api.model
    def _check_desk(self):
        if not self.env.user.has_group("civic_report.group_operator"):
            raise UserError(self.env._("This is for intake operators only."))
