from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..agencies.emergency_services import SERVICES
from ..report.form import FormError
from .grave import GRAVE

# What nobody can give over the telephone, or has not got.
NOT_BY_TELEPHONE = ("files", "email")
CATEGORY_OF = {
    "113": "civic_report.category_emergency_police",
    "114": "civic_report.category_emergency_fire",
    "115": "civic_report.category_emergency_medical",
}
# The question of 113 that says so.
IS_GRAVE = "civic_grave"


def answer_values(record):
    """Answers as they are kept; a record itself gives the labels of what was chosen.

    :return: dict name → value
    """
    rows = record.read(["report_properties"])[0]["report_properties"]
    return {row["name"]: row.get("value") for row in rows or ()}


class CivicReport(models.Model):
    """What the Centre takes down of a call, and emergencies that it passes on to 113,
    114 and 115."""

    _inherit = "civic.report"

    transferred_to = fields.Selection(SERVICES, readonly=True, copy=False)
    transferred_at = fields.Datetime("Transferred", readonly=True, copy=False)
    grave_told_at = fields.Datetime(
        "Duty Commander Alerted",
        readonly=True,
        copy=False,
        help="When the commander on duty was alerted of a grave case (BP Điều 6.2).",
    )

    @api.depends("transferred_to")
    def _compute_closed_way(self):
        return super()._compute_closed_way()

    def _came_by_closed_way(self):
        """What was put through stands under the line of 113, 114 or 115."""
        return not self.transferred_to and super()._came_by_closed_way()

    # ------------------------------------------------------------------
    # On behalf of a caller
    # ------------------------------------------------------------------

    @api.model
    def take_down(self, form, call_id=None):
        """Take down what somebody reports by telephone, on the caller's behalf.

        The operator who does it is in the history; the caller is told the code by the
        ways that there are.

        :param form: dict of strings as the form for citizens sends them, see
            `FORM_FIELDS`, and `emergency`; an e-mail address and pictures are not
            required, a telephone number neither where the call has one
        :param call_id: id of the civic.call in which it is reported
        :return: dict: id and code of the report
        :raises FormError: with every error of the form at once
        :raises MissingError: for a call that is not the operator's to see
        :raises AccessError: for all but operators
        """
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("This is for intake operators only."))
        call = self._call_in_hand(call_id)
        company = call.company_id or self.env.company
        # sudo: what is set is what the form may set; the operator remains who acts
        model = self.sudo().with_company(company)
        key = str(form.get("key") or "")[:64] or False
        report = model._sent_under(key, company)
        if not report:
            values, identity = model._read_call(form, call, company)
            report = model._create_submitted(
                {**values, "company_id": company.id},
                identity,
                [],
                self.env["res.users"],
                key,
                model._channel_of_call(form, company),
            )
            report.with_env(self.env).take()
            if call:
                call._elevated()._link(report, "take_down", "report")
        return {"id": report.id, "code": report.name}

    @api.model
    def _channel_of_call(self, form, company):
        """The line by which it was called: the Centre's, or 113, 114, 115 where calls
        to these come in at the desk (BP Điều 5.2đ)."""
        code = form.get("channel") or "telephone"
        if code in (known for known, _label in self._lines_of_call(company)):
            return code
        return "telephone"

    @api.model
    def _lines_of_call(self, company):
        """Lines that ring at the desk of a company.

        :return: list of (code, label)
        """
        # sudo: what ways there are is asked whatever the user may read
        channels = company._civic_procedure().sudo().channel_ids
        lines = channels.filtered(
            lambda row: row.code in ("telephone", *dict(SERVICES))
        )
        return [(row.code, row.name) for row in lines]

    @api.model
    def _call_in_hand(self, call_id):
        call = self.env["civic.call"].browse(call_id or [])
        if call:
            call._check_call()
        return call

    @api.model
    def _read_call(self, form, call, company):
        """Values of the report and of its sender, from what an operator has typed.

        :raises FormError: with every error at once
        """
        form = {
            name: value
            for name, value in form.items()
            if isinstance(name, str) and isinstance(value, str)
        }
        if call and not (form.get("phone") or "").strip():
            form["phone"] = call._open_number() or ""
        values, identity, errors = self.env["civic.form"]._read_form(
            form, [], company._civic_procedure()
        )
        for name in NOT_BY_TELEPHONE:
            if not form.get(name):
                errors.pop(name, None)
        if errors:
            raise FormError(errors)
        return values, identity

    # ------------------------------------------------------------------
    # 113, 114, 115
    # ------------------------------------------------------------------

    def transfer(self, service, note=None):
        """Note that the call was put through to 113, 114 or 115 (ST Điều 9, BP Điều 6).

        That ends the Centre's part of the intake of an emergency. The report gets the
        service's form; of a grave case the commander on duty is alerted at once.

        :param service: "113", "114" or "115"
        :param note: what was said to the service
        """
        reports = self._enter("transfer")
        labels = dict(self._fields["transferred_to"]._description_selection(self.env))
        if service not in labels:
            raise UserError(self.env._("Choose 113, 114 or 115."))
        for report in reports:
            if report.transferred_to == service:
                raise UserError(
                    self.env._(
                        "%(report)s was put through already: %(service)s.",
                        report=report.name,
                        service=labels[service],
                    )
                )
        values = {
            **reports._operator_values(),
            "transferred_to": service,
            "transferred_at": self._now(),
        }
        for report in reports:
            report._walk(
                "transfer",
                {**values, **report._transferred_values(service)},
                note="\n".join(filter(None, [labels[service], note])),
            )
        return True

    def _transferred_values(self, service):
        """The report is an emergency with the form of the service from now on."""
        category = self.env.ref(CATEGORY_OF[service], raise_if_not_found=False)
        values = {"track": "emergency"}
        if category and category.active and not self._has_emergency_form():
            values["category_id"] = category.id
        if self.channel_id.code == "telephone":
            # The call itself went on to the service.
            channel = self.env.ref(f"civic_report.channel_emergency_{service}")
            values["channel_id"] = channel.id
        return values

    def _has_emergency_form(self):
        """Whether the category is one of the services', or has questions of its own."""
        category = self.category_id
        return bool(category.track == "emergency" and category._questions())

    def write(self, vals):
        result = super().write(vals)
        if "report_properties" in vals:
            self._elevated()._alert_grave()
        return result

    def _react_alert_grave(self, act):
        self._alert_grave()

    def _alert_grave(self):
        """Alert the commander on duty of grave cases that were transferred, once."""
        for report in self:
            if not report.transferred_to or report.grave_told_at:
                continue
            kind = answer_values(report).get(IS_GRAVE)
            if kind and kind != "none":
                report.grave_told_at = self._now()
                report._log_note(GRAVE, report._answer_label(IS_GRAVE, kind))

    def _answer_label(self, name, value):
        """An answer that was chosen, in its own words."""
        for question in self.category_id._questions():
            if question.name == name:
                return dict(question.options).get(value, value)
        return value
