from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.text import clean
from ..ground.guard import id_of, required_text
from ..ground.words_field import whole_words
from ..workflow.activity import MAX_REMINDED
from ..workflow.transitions import INTAKE_STATES
from .form import MAX_ADDRESS
from .report import MAX_DESCRIPTION


class CivicReport(models.Model):
    """What senders do with their reports unasked, and how they are verified."""

    _inherit = "civic.report"

    withdrawal_asked_at = fields.Datetime(
        "Withdrawal Asked",
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="The sender wishes to withdraw what an agency has in hand already.",
    )
    sender_unverified = fields.Boolean(
        "First-time Sender, Not Verified",
        compute="_compute_sender_unverified",
        groups="civic_report.group_operator",
        help="The procedure asks that first-time senders be verified first.",
    )

    @api.depends("state", "reporter_id.verified", "procedure_id.verify_first_time")
    def _compute_sender_unverified(self):
        for report in self:
            # sudo: only whether there is somebody to verify
            report_sudo = report.sudo()
            reporter = report_sudo.reporter_id
            report.sender_unverified = bool(
                report_sudo.procedure_id.verify_first_time
                and report_sudo.state in INTAKE_STATES
                and reporter
                and not reporter.verified
            )

    # ------------------------------------------------------------------
    # Correcting
    # ------------------------------------------------------------------

    def amend(
        self, message=None, address=None, latitude=None, longitude=None, ward_id=None
    ):
        """Correct or complete, as the sender, a report that no agency has yet.

        What was written stays as it was (ST Điều 2.4): words are added beside it, and
        the history keeps the place as it was before.

        :param message: what is to be added or is wrong
        :param address: where it is, if not where it was said
        :param latitude: with `longitude`, the position
        :param ward_id: id of a civic.ward
        :raises UserError: where there is nothing new, or too much
        """
        self.ensure_one()
        report = self._enter("amend")
        message = clean(message or "")
        values = report._amended_place(address, latitude, longitude, ward_id)
        earlier = whole_words(report).supplied_text or ""
        if not message and not values:
            raise UserError(self.env._("Write what is to be corrected or added."))
        if message and earlier.endswith(message) and not values:
            raise UserError(self.env._("You have written this already."))
        changes = report._place_changes(values)
        if message:
            values["supplied_text"] = "\n\n".join(filter(None, (earlier, message)))
        if len(values.get("supplied_text", "")) > MAX_DESCRIPTION:
            raise UserError(
                self.env._(
                    "All that is added may have %s characters: make it shorter, or "
                    "call the intake centre.",
                    MAX_DESCRIPTION,
                )
            )
        report._walk("amend", values, note="\n".join(filter(None, [changes, message])))
        return True

    def _amended_place(self, address, latitude, longitude, ward_id):
        """Values of the place that differ from what is known."""
        errors = {}
        address = clean(address or "", multiline=False)
        if len(address) > MAX_ADDRESS:
            errors["address"] = self.env._("At most %s characters.", MAX_ADDRESS)
        raw = {
            name: "" if value in (None, False) else str(value)
            for name, value in (("latitude", latitude), ("longitude", longitude))
        }
        values = self.env["civic.form"]._read_position(raw, errors)
        if address:
            values["address"] = address
        if ward_id:
            # sudo: wards are no secret, yet citizens have no rights on them
            wards = self.env["civic.ward"].sudo()
            known = Domain("id", "=", id_of(ward_id))
            known &= Domain("company_id", "in", [self.company_id.id, False])
            values["ward_id"] = wards.search(known, limit=1).id
            if not values["ward_id"]:
                errors["ward_id"] = self.env._("Choose one of the list.")
        if errors:
            raise UserError("\n".join(errors.values()))
        known = {
            "address": self.address,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "ward_id": self.ward_id.id,
        }
        return {name: value for name, value in values.items() if value != known[name]}

    def _place_changes(self, values):
        """The place before and after, in words for the history."""
        after = {"latitude": self.latitude, "longitude": self.longitude, **values}
        ward = self.ward_id.browse(values.get("ward_id") or [])
        changes = {
            "address": (self.address, values.get("address")),
            "ward_id": (self.ward_id.name, ward.name),
            "latitude": (
                f"{self.latitude:.6f}, {self.longitude:.6f}",
                "{latitude:.6f}, {longitude:.6f}".format_map(after),
            ),
        }
        labels = {**self._place_labels(), "latitude": self.env._("Position")}
        if "longitude" in values:
            values = {**values, "latitude": after["latitude"]}
        return "\n".join(
            f"{labels[name]}: {before or '–'} → {now}"
            for name, (before, now) in changes.items()
            if name in values
        )

    def _place_labels(self):
        return {
            name: self._fields[name]._description_string(self.env)
            for name in ("address", "ward_id")
        }

    # ------------------------------------------------------------------
    # Withdrawing
    # ------------------------------------------------------------------

    def withdraw(self, reason=None):
        """Withdraw, as the sender, a report that no agency has yet.

        :param reason: why; nobody has to say
        """
        reports = self._enter("withdraw")
        ground = self.env.ref("civic_report.reason_withdrawn").sudo()
        reports._walk(
            "withdraw",
            {
                "reason_id": ground.id,
                "reason": ground.name,
                "reason_message": ground.message,
                "closed_at": self._now(),
            },
            note=self._sender_words(reason),
        )
        return True

    def ask_withdrawal(self, reason=None):
        """Ask the Centre, as the sender, to end a report that an agency has in hand.

        The Centre decides: what endangers others is handled all the same.

        :param reason: why; nobody has to say
        """
        reports = self._enter("ask_withdrawal")
        reports._walk(
            "ask_withdrawal",
            {"withdrawal_asked_at": self._now()},
            note=self._sender_words(reason),
        )
        return True

    def _guard_withdrawal_not_asked(self):
        if self.withdrawal_asked_at:
            return self.env._("You have asked for this already.")
        return None

    def _sender_words(self, text):
        return clean(text or "")[:2000] or None

    def _centre_contacts(self):
        """Who at the Centre is told of what happens to this report: whoever has it,
        else the managers; for who is away, the deputy.

        :return: res.users, elevated
        """
        self.ensure_one()
        # sudo: whoever writes to the Centre need not know who works there
        operator = self.sudo().operator_id.filtered("active")
        people = operator or self.env["res.users"]._civic_officers(
            "centre_manager", self.company_id
        )
        return people[:MAX_REMINDED]._civic_deputies()

    def _react_remind_operator(self, act):
        self._remind_operator()

    def _remind_operator(self, kind="activity_sender"):
        """Tell whoever has the report at the Centre that somebody has written.

        :param kind: of reminder; by default its sender has
        """
        activities = self.env["mail.activity"]
        # What reminds somebody who has left, or had it before, reminds nobody.
        known = {
            (activity.res_id, activity.user_id.id)
            for activity in activities._civic_reminders(self, kind)
        }
        activities._civic_remind(
            [
                activities._civic_reminder(
                    report, kind, user, report.company_id._civic_today(), report.name
                )
                for report in self
                if report.operator_id
                for user in report._centre_contacts()
                if (report.id, user.id) not in known
            ]
        )
        self._flush_as_citizen()

    # ------------------------------------------------------------------
    # Verifying first-time senders (ST Điều 9.2, 10.5b)
    # ------------------------------------------------------------------

    def verify_sender(self, how, note=None):
        """Confirm, as an operator, that the sender is who the report says.

        :param how: key of `civic.reporter.verified_by`; any other words say how else
        :param note: what else should be known of it
        """
        reports = self._enter("verify_sender")
        how = required_text(self.env, how, self.env._("how the sender was verified"))
        ways = dict(
            self.env["civic.reporter"]
            ._fields["verified_by"]
            ._description_selection(self.env)
        )
        way = how if how in ways else "other"
        how = ": ".join(filter(None, [ways.get(how, how), (note or "").strip()]))
        for report, own in zip(reports, self, strict=True):
            reporter = report.reporter_id
            reporter._set_verified(way)
            self.env["civic.access"]._log(reporter, "verify", reason=how, report=own)
        reports._walk("verify_sender", note=how)
        return True

    def _guard_sender_to_verify(self):
        if not self.reporter_id:
            return self.env._("%s: nobody is known to have sent it.", self.name)
        if self.reporter_id.verified:
            return self.env._("The sender of %s is verified already.", self.name)
        if not self.procedure_id.verify_first_time:
            return self.env._(
                "%s does not ask that first-time senders be verified.",
                self.procedure_id.name,
            )
        return None
