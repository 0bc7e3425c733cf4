from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.text import clean


class CivicReport(models.Model):
    """How a report is recorded."""

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

    @api.model
    def _create_as_they_are(self, rows):
        """Create reports with what else is given them: code, procedure, state, dates.

        Nothing is opened, written into the history or told for it.
        """
        beneath = super()  # past `create` above
        return beneath.create(rows)

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
