from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..tools.text import clean
from .door import is_inside
from .transitions import INTAKE


class CivicReport(models.Model):
    """How a report is recorded, and what a change of track or category entails."""

    _inherit = "civic.report"

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        now = self._now()
        rows = [self._prepare_create(vals, now) for vals in vals_list]
        self._number(rows, now)
        # The key: code, procedure and state of a new report are the module's to give.
        reports = super(CivicReport, self._keyed()).create(rows).with_env(self.env)
        reports._elevated()._start(now)
        return reports

    def _prepare_create(self, vals, now):
        self._check_guarded(vals, self._editable_fields | self._creatable_fields)
        vals = dict(vals)
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        vals["company_id"] = company.id
        procedure = company._civic_procedure()
        vals["procedure_id"] = procedure.id
        vals["received_at"] = now
        for name in ("subject", "address"):
            if vals.get(name):
                vals[name] = clean(vals[name], multiline=False)
        for name in ("description", "standardised_description"):
            if vals.get(name):
                vals[name] = clean(vals[name])
        if vals.get("category_id") and "track" not in vals:
            category = self.env["civic.category"].browse(vals["category_id"])
            vals["track"] = category.track
        if vals.get("track") == "sensitive" and vals.get("visibility") in (
            None,
            "public",
        ):
            # HUE Điều 6.1a: sensitive matters are taken in without publicity.
            vals["visibility"] = "sensitive"
        if vals.get("kind") == "opinion" and not procedure.opinions_accepted:
            raise UserError(
                self.env._("Under %s opinions are not taken in.", procedure.name)
            )
        return vals

    @api.model
    def _number(self, rows, now):
        """Give codes: PA-26-004217, counted by company and year."""
        by_company = defaultdict(list)
        for row in rows:
            by_company[row["company_id"]].append(row)
        for company_id, mine in by_company.items():
            company = self.env["res.company"].browse(company_id)
            codes = company._civic_report_codes(len(mine), now)
            for row, code in zip(mine, codes, strict=True):
                row["name"] = code

    def _start(self, now):
        """Open the intake duty and write the first event of new reports."""
        opened = self._open_steps(("intake", "intake_receive"))
        self.env["civic.event"]._log(
            [
                {
                    **report._event_target(),
                    "code": "send",
                    "at": now,
                    "to_state": report.state,
                    "is_public": True,
                }
                for report in self
            ]
        )
        if len(opened) == len(self):
            for step in opened:
                step.report_id._show_clock(step)
        else:
            self._refresh_clock()

    def write(self, vals):
        if "category_id" in vals and "track" not in vals:
            vals = self._with_track_of_category(vals)
        before = {report: report.track for report in self} if "track" in vals else {}
        result = super().write(vals)
        if vals.get("category_id") and not is_inside(self.env):
            self._classified()
        for report, track in before.items():
            if report.track != track:
                report._track_changed(track)
        return result

    def _classified(self):
        """Choosing the category is the act of classifying, where that is timed."""
        timed = self.filtered(
            lambda report: (
                report.state == "received" and "intake_classify" in report._open_codes()
            )
        )
        if timed:
            timed._enter("classify")._walk("classify")

    def _open_codes(self):
        # sudo: only the codes, to know whose turn it is and which buttons to show
        steps = self.sudo().step_ids
        return {step.code for step in steps if step.state == "open"}

    def _with_track_of_category(self, vals):
        """A category brings its track while no agency is at work yet."""
        if any(report.state not in ("new", "received") for report in self):
            return vals
        category = self.env["civic.category"].browse(vals["category_id"])
        return {**vals, "track": category.track} if category else vals

    def _track_changed(self, before):
        """Time the intake by the limits of the new track, from the same start.

        :raises ValidationError: once the report has been dispatched
        """
        self.ensure_one()
        if self.state not in ("new", "received"):
            raise ValidationError(
                self.env._("The track can change only until the report is dispatched.")
            )
        report = self._elevated()
        steps = self.env["civic.step"].with_env(report.env)
        old = steps.search([*report._step_domain(), ("code", "in", INTAKE)])
        old._close("dropped", is_replaced=True)
        started = {step.code: step.started_at for step in old}
        if self.state == "new" and "intake" in started:
            # the new track may time it apart where the old one did not
            started.setdefault("intake_receive", started["intake"])
        steps._open(
            [
                {**report._prepare_step(code), "started_at": started[code]}
                for code in report._due_steps(started)
            ]
        )
        report._log_note("track", f"{before} → {self.track}")
        report._refresh_clock()
        if self.track == "sensitive" and self.visibility == "public":
            report._hide_sensitive()
