from odoo import api, fields, models

from ...tools import periodic_words


class CivicPeriodicReport(models.Model):
    """How a report opens: with the rules of its kind, which stay with it."""

    _inherit = "civic.periodic.report"

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
        # What was filed under one that is used no more came in all the same.
        model = self.env["civic.category"].with_context(active_test=False)
        categories = model.search([("on_rules", "=", True)])
        return {
            "filters": {"category": categories.ids or [0]},
            "scope": "Quy định hành chính",
        }


def room_around(days):
    """First and last of some days, and what due days and warnings need around them."""
    first, last = min(days), max(days)
    return fields.Date.subtract(first, days=60), fields.Date.add(last, days=430)
