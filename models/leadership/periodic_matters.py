from odoo import api, models

from ...tools.periodic_columns import day_text

# Matters that a report lists one by one.
MOST_LATE = 2000
MOST_STUCK = 500


class CivicPeriodicReport(models.Model):
    """Rows of matters: what was late, and what waits for the province."""

    _inherit = "civic.periodic.report"

    def _late_rows(self, open_only=False, chosen=None):
        """PL3: late matters, the latest first; of what is not public the code and the
        category alone.

        :param open_only: whether only those that are not done yet
        :param chosen: ids of assignments; none: all
        """
        found = self._late_found(chosen)
        if open_only:
            found = [row for row in found if not row["done_at"]]
        reports = self._reports_by_id({row["report_id"] for row in found})
        found = [row for row in found if self._is_in_scope(reports, row)]
        names = self._names_of("agency", [row["agency_id"] for row in found])
        people = self._people_names(found)
        explained = self._explained()
        found.sort(key=lambda row: (-(row["days_late"] or 0), row["code"]))
        return [
            self._prepare_late(row, reports, names, people, explained) for row in found
        ]

    def _late_found(self, chosen=None, limit=MOST_LATE):
        """Late matters of what the report is narrowed to, see
        `civic.facts._late_matters`."""
        return self.env["civic.facts"]._late_matters(
            self.company_id,
            self._period(),
            domain=self._counted_domain(),
            assignment_ids=chosen,
            limit=limit,
        )

    def _prepare_late(self, row, reports, names, people, explained):
        agency = row["agency_id"]
        when = self.company_id._civic_deadline_text
        explanation = explained.get(row["assignment_id"])
        return {
            "dimension": "late",
            # Of the Centre's own delays the report is what they are about.
            "key": row["assignment_id"] or -row["report_id"],
            "agency_id": agency or False,
            "label": row["code"],
            "figures": {
                "code": row["code"],
                "subject": self._shown_subject(reports, row),
                "agency": names.get(agency) or "Trung tâm tiếp nhận",
                "given_at": self._local_day(row["given_at"]),
                "deadline": when(row["deadline"]) if row["deadline"] else "",
                "done_at": self._local_day(row["done_at"]),
                "days_late": row["days_late"],
                "extended_to": str(row["extended_to"] or ""),
                "step": self._step_words(row["step"]),
                "handler": people.get(row["handler_id"]) or "",
                "leader": people.get(row["leader_id"]) or "",
                "explanation": explanation or "",
            },
        }

    def _stuck_rows(self):
        """PL5: what waits for the province."""
        found = self.env["civic.facts"]._stuck_matters(
            self.company_id, self._period(), domain=self._counted_domain()
        )
        reports = self._reports_by_id({row["report_id"] for row in found})
        found = [row for row in found if self._is_in_scope(reports, row)][:MOST_STUCK]
        names = self._names_of(
            "agency", [key for row in found for key in row["agencies"]]
        )
        what = {"designate": "Chờ chỉ định", "disagree": "Không thống nhất"}
        return [
            {
                "dimension": "stuck",
                "key": row["report_id"],
                "label": reports[row["report_id"]].name,
                "figures": {
                    "code": reports[row["report_id"]].name,
                    "subject": self._shown_subject(reports, row),
                    "agencies": ", ".join(
                        names.get(key) or "" for key in row["agencies"]
                    ),
                    "waits": f"{what.get(row['what'], '')} từ ngày "
                    f"{day_text(self._local_day(row['since']))}".strip(),
                },
            }
            for row in found
        ]

    @api.model
    def _reports_by_id(self, ids):
        """Reports as they are read by whomever: a document goes from hand to hand."""
        reports = self.env["civic.report"].browse(sorted(ids)).exists()
        return {report.id: report for report in reports._masked_words()}

    def _is_in_scope(self, reports, row):
        """Whether a matter is of what the report is narrowed to, and not secret."""
        report = reports.get(row["report_id"])
        if not report or report.visibility == "secret":
            return False
        filters = self.filters or {}
        return all(
            report[f"{name}_id"].id in filters[name]
            for name in ("ward", "category", "channel")
            if filters.get(name)
        )

    def _shown_subject(self, reports, row):
        """What a matter is about; of what is not public its category alone."""
        report = reports[row["report_id"]]
        is_private = row.get("is_private") or report.visibility != "public"
        if is_private or report.track == "sensitive":
            return self._vietnamese(report.category_id).name or ""
        return report.subject
