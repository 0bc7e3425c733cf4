from decimal import Decimal

from odoo import api, models

from ...tools.periodic_columns import day_text
from ...tools.periods import Period, period_of
from .periodic_report import FILTERS

# Matters that a report lists one by one.
MOST_LATE = 2000
MOST_TODAY = 200
MOST_STUCK = 500
# Rows of the overview, one dimension after the other.
OVERVIEWS = ("category", "channel", "ward")
MODELS = {**FILTERS, "level": "civic.rating.level"}
CENTRE = 0


class CivicPeriodicReport(models.Model):
    """How a report is drawn up: what was counted becomes rows, which stay."""

    _inherit = "civic.periodic.report"

    def _fill(self, tell=None):
        """Count, and put the rows in the place of those of an earlier draft.

        :param tell: function of the share that is done, 0 to 100
        """
        self.ensure_one()
        tell = tell or (lambda share: None)
        tell(5)
        self.write({"counted_at": self._now()})
        rows = getattr(self, f"_periodic_rows_{self.form}")(tell)
        tell(80)
        self.line_ids.unlink()
        self.env["civic.periodic.line"].create(
            [
                {
                    "report_id": self.id,
                    "company_id": self.company_id.id,
                    "sequence": number,
                    "key": 0,
                    **row,
                    "figures": _kept(row["figures"]),
                }
                for number, row in enumerate(rows, start=1)
            ]
        )
        self.invalidate_recordset(["line_ids"])
        tell(100)

    # ------------------------------------------------------------------
    # What each document holds
    # ------------------------------------------------------------------

    def _periodic_rows_whole(self, tell):
        """Document B: everything that a period shows."""
        counted = self._count_period(self._period())
        tell(40)
        before = self._count_period(self._period().previous(), check=False)
        tell(60)
        late, stuck = self._late_rows(), self._stuck_rows()
        levels = self._level_rows(counted)
        whole = self._prepare_whole(counted, before, stuck)
        return [
            {"dimension": "whole", "label": "Toàn tỉnh", "figures": whole},
            *(
                row
                for dimension in OVERVIEWS
                for row in self._overview_rows(dimension, counted, before)
            ),
            *self._agency_rows(counted),
            *levels,
            *self._rating_rows(counted),
            *late,
            *stuck,
            *self._explanation_rows(),
        ]

    _periodic_rows_rules = _periodic_rows_whole

    def _periodic_rows_day(self, tell):
        """Document A: the day's seven lines, what is overdue, what waits."""
        day = self._period()
        counted = self._count_period(day)
        tell(40)
        cutoff = self.procedure_id.period_cutoff_day
        since = period_of("month", day.last, cutoff).first
        month = self._count_period(Period("demand", since, day.last), check=False)
        tell(60)
        late = self._late_rows(open_only=True)
        stuck = self._stuck_rows()
        whole = {
            **self._prepare_whole(counted, None, stuck),
            "given": self._given_reports(counted),
            "late_centre": sum(1 for row in late if not row["agency_id"]),
            "late_parts": sum(
                row.get("overdue") or 0 for row in counted["agency"].values()
            ),
        }
        return [
            {"dimension": "whole", "label": day_text(day.last), "figures": whole},
            {
                "dimension": "month",
                "label": day_text(since),
                "figures": _report_figures(month["whole"]),
            },
            *late[:MOST_TODAY],
            *stuck,
        ]

    def _periodic_rows_list(self, tell):
        """Document C: agencies that the text has reported (ST Điều 17.2)."""
        found = self.env["civic.evaluation"]._monthly_list(
            self.company_id, self._period()
        )
        tell(60)
        names = self._names_of("agency", [row["agency_id"] for row in found])
        agencies = {row["agency_id"] for row in found}
        late = [row for row in self._late_rows() if row["agency_id"] in agencies]
        return [
            *(self._prepare_listed(row, names) for row in found),
            *late,
        ]

    def _periodic_rows_evaluation(self, tell):
        """Document D: the grounds of the yearly evaluation, agency by agency."""
        counted = self._count_period(self._period())
        tell(40)
        evaluations = self.env["civic.evaluation"]._draft_year(
            self.company_id, self._period()
        )
        tell(60)
        return [
            {
                "dimension": "evaluation",
                "key": row.agency_id.id,
                "agency_id": row.agency_id.id,
                "label": row.agency_id.name,
                "figures": {
                    **_agency_figures(counted["agency"].get(row.agency_id.id, {})),
                    **self._evaluation_figures(row),
                },
            }
            for row in evaluations
        ]

    def _periodic_rows_slow(self, tell):
        """A report on delays (ST Điều 28.2): the matters that were chosen."""
        chosen = set((self.filters or {}).get("assignment") or ())
        late = self._late_rows(chosen=chosen)
        tell(60)
        counts = {}
        for row in late:
            counts[row["agency_id"]] = counts.get(row["agency_id"], 0) + 1
        whole = {"overdue": len(late), "late_agencies": len(counts)}
        return [
            {"dimension": "whole", "label": "Toàn tỉnh", "figures": whole},
            *late,
        ]

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _count_period(self, period, check=True):
        """The facts of some days, for what the report is narrowed to.

        :param check: whether it must balance: that of the report itself
        """
        facts = self.env["civic.facts"]
        domain = {
            name: ids for name, ids in (self.filters or {}).items() if name in FILTERS
        }
        counted = facts._count(self.company_id, period, domain=domain or None)
        if check:
            facts._check_balance(counted)
            # The same for all rows: the moment is the report's own.
            self.write({"counted_at": counted["counted_at"]})
        return counted

    def _given_reports(self, counted):
        return sum(row.get("given") or 0 for row in counted["agency"].values())

    def _prepare_whole(self, counted, before, stuck):
        """Figures of the whole; every number of the body comes from here."""
        agencies = counted["agency"].values()
        urgent, time = counted.get("emergency") or {}, counted.get("time") or {}
        figures = _report_figures(counted["whole"], before and before["whole"])
        return {
            **figures,
            "urgent": urgent.get("count") or 0,
            "urgent_median": urgent.get("median_minutes"),
            "urgent_worst": urgent.get("worst_minutes"),
            "urgent_late": urgent.get("late") or 0,
            "median_hours": time.get("median_hours"),
            "ninety_hours": time.get("ninety_hours"),
            "late_agencies": sum(1 for row in agencies if row.get("overdue")),
            "extended_open": sum(row.get("extended_open") or 0 for row in agencies),
            "stuck": len(stuck),
            "urged": sum(row.get("urged") or 0 for row in agencies),
            "directed": sum(1 for row in agencies if row.get("directives")),
            "directed_open": sum(1 for row in agencies if row.get("directives_open")),
        }

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def _overview_rows(self, dimension, counted, before):
        """PL1 of one dimension, those that most came in of first."""
        groups, earlier = counted[dimension], before[dimension]
        keys = _int_keys({**earlier, **groups})
        names = self._names_of(dimension, keys)
        rows = [
            {
                "dimension": dimension,
                "key": key,
                "label": names.get(key) or self._unknown_words(dimension),
                "figures": _report_figures(_of(groups, key), _of(earlier, key)),
            }
            for key in keys
        ]
        rows = [row for row in rows if _says_something(row["figures"])]
        rows.sort(key=lambda row: (-row["figures"]["received"], row["label"]))
        return rows

    def _agency_rows(self, counted):
        """PL2; each row is its agency's own, too."""
        keys = [key for key in _int_keys(counted["agency"]) if key]
        names = self._names_of("agency", keys)
        rows = [
            {
                "dimension": "agency",
                "key": key,
                "agency_id": key,
                "label": names.get(key) or "",
                "figures": _agency_figures(_of(counted["agency"], key)),
            }
            for key in keys
        ]
        rows = [row for row in rows if _says_something(row["figures"])]
        rows.sort(key=lambda row: (-row["figures"]["given"], row["label"]))
        return rows

    def _level_rows(self, counted):
        """The whole scale, those levels too that nobody has given."""
        levels = self.procedure_id.scale_id.level_ids
        given = counted["level"]
        others = [key for key in _int_keys(given) if key and key not in levels.ids]
        names = self._names_of("level", others)
        known = [(row.id, row.name) for row in self._vietnamese(levels)]
        known += [(key, names.get(key) or "") for key in others]
        return [
            {
                "dimension": "level",
                "key": key,
                "label": name,
                "figures": {"rated": _of(given, key) or 0},
            }
            for key, name in known
        ]

    def _rating_rows(self, counted):
        """PL4: how many of each level, by agency."""
        given = counted["agency_level"]
        keys = [key for key in _int_keys(given) if key]
        names = self._names_of("agency", keys)
        # Of a level that nobody gave it says 0, as the whole does.
        ids = (*self.procedure_id.scale_id.level_ids.ids, *_int_keys(counted["level"]))
        none = {f"level_{level}": 0 for level in ids if level}
        rows = []
        for key in keys:
            agency = _of(counted["agency"], key) or {}
            levels = _of(given, key) or {}
            figures = {
                "rated": agency.get("rated") or 0,
                "satisfied": agency.get("satisfied") or 0,
                "pleased": _pleased(agency),
                **none,
                **{f"level_{level}": count for level, count in levels.items()},
            }
            rows.append(
                {
                    "dimension": "rating",
                    "key": key,
                    "agency_id": key,
                    "label": names.get(key) or "",
                    "figures": figures,
                }
            )
        rows.sort(key=lambda row: (-row["figures"]["rated"], row["label"]))
        return rows

    def _late_rows(self, limit=MOST_LATE, open_only=False, chosen=None):
        """PL3: late matters, the latest first; of what is not public the code and the
        category alone.

        :param open_only: whether only those that are not done yet
        :param chosen: ids of assignments; none: all
        """
        filters = self.filters or {}
        found = self.env["civic.facts"]._late_matters(
            self.company_id,
            self._period(),
            agency_ids=filters.get("agency"),
            limit=limit,
        )
        if open_only:
            found = [row for row in found if not row["done_at"]]
        if chosen is not None:
            found = [row for row in found if row["assignment_id"] in chosen]
        reports = self._reports_by_id({row["report_id"] for row in found})
        found = [row for row in found if self._is_in_scope(reports, row)]
        names = self._names_of("agency", [row["agency_id"] for row in found])
        people = self._people_names(found)
        explained = self._explained()
        found.sort(key=lambda row: (-(row["days_late"] or 0), row["code"]))
        return [
            self._prepare_late(row, reports, names, people, explained) for row in found
        ]

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
        found = self.env["civic.facts"]._stuck_matters(self.company_id, self._period())
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
            if row["report_id"] in reports
        ]

    def _prepare_listed(self, row, names):
        # Told only where too few are satisfied.
        part, whole = row["c"] or (None, None)
        grounds = [
            letter
            for letter, is_one in (
                ("a", row["a"]),
                ("b", row["b"]),
                ("c", row["c"]),
                ("d", row["d"]),
            )
            if is_one
        ]
        return {
            "dimension": "list",
            "key": row["agency_id"],
            "agency_id": row["agency_id"],
            "label": names.get(row["agency_id"]) or "",
            "figures": {
                "a": row["a"],
                "b": row["b"],
                "c_part": part,
                "c_whole": whole,
                "d": row["d"],
                "grounds": ", ".join(grounds),
            },
        }

    @api.model
    def _evaluation_figures(self, evaluation):
        """Grounds of an evaluation, and what was decided if anything was."""
        shown = self._vietnamese(evaluation)
        labels = dict(shown._fields["decision"]._description_selection(shown.env))
        words = (labels.get(evaluation.decision), evaluation.reason)
        parts = {
            f"e{number}_{part}": evaluation[f"e{number}_{part}"]
            for number in range(1, 7)
            for part in ("part", "whole")
            if f"e{number}_{part}" in evaluation._fields
        }
        return {
            **parts,
            "breaches": evaluation.breaches or "",
            "considered": "Không" if evaluation.breaches else "Có",
            "decision": ": ".join(filter(None, words)),
        }

    # ------------------------------------------------------------------
    # Explanations
    # ------------------------------------------------------------------

    def _explanations(self):
        """What agencies explain about this report, or the one that it replaces."""
        if not self.kind_id.wants_explanations:
            return []
        about = self
        while about.replaces_id:
            about = about.replaces_id
        return self.env["civic.explanation"].search(
            [("periodic_report_id", "=", about.id)]
        )

    def _explained(self):
        """Signed explanations: dict of assignment id → words."""
        return {
            line.assignment_id.id: "; ".join(filter(None, [line.cause, line.remedy]))
            for explanation in self._explanations()
            if explanation.state == "signed"
            for line in explanation.line_ids
        }

    def _explanation_rows(self):
        """The annex of explanations; what was not handed in is listed."""
        rows = []
        for explanation in self._explanations():
            agency = explanation.agency_id
            own = {
                "dimension": "explanation",
                "agency_id": agency.id,
                "label": agency.name,
            }
            if explanation.state != "signed":
                missing = {"agency": agency.name, "cause": "Chưa nộp giải trình"}
                rows.append({**own, "key": -explanation.id, "figures": missing})
                continue
            signed = self._local_day(explanation.signed_at)
            for line in explanation.line_ids:
                figures = {
                    "agency": agency.name,
                    "code": line.code,
                    "cause": line.cause or "",
                    "remedy": line.remedy or "",
                    "new_date": str(line.new_date or ""),
                    "signed_at": signed,
                }
                rows.append({**own, "key": line.id, "figures": figures})
        return rows

    # ------------------------------------------------------------------
    # Names, in the language of the document
    # ------------------------------------------------------------------

    @api.model
    def _vietnamese(self, records):
        """Records whose names are those of documents: in Vietnamese where it is
        installed."""
        installed = dict(self.env["res.lang"].get_installed())
        return records.with_context(lang="vi_VN") if "vi_VN" in installed else records

    def _names_of(self, dimension, keys):
        """Names by id, in one query."""
        ids = [key for key in dict.fromkeys(keys) if key]
        model = self.env[MODELS[dimension]].with_context(active_test=False)
        records = self._vietnamese(model.browse(ids).exists())
        return {record.id: record.name for record in records}

    @api.model
    def _unknown_words(self, dimension):
        return {
            "category": "Chưa phân loại, hoặc mật",
            "ward": "Không rõ địa bàn, hoặc mật",
            "channel": "Không rõ kênh, hoặc mật",
        }[dimension]

    @api.model
    def _people_names(self, rows):
        ids = {row[name] for row in rows for name in ("handler_id", "leader_id")}
        people = self.env["res.users"].with_context(active_test=False)
        return {user.id: user.name for user in people.browse(filter(None, ids))}

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

    def _local_day(self, moment):
        """The day of a naive UTC datetime, or of a date, as text."""
        if not moment:
            return ""
        if not hasattr(moment, "hour"):
            return str(moment)
        return str(self.company_id._civic_date(moment))

    def _step_words(self, code):
        steps = self._vietnamese(self.env["civic.step"])
        return dict(steps._selection_code()).get(code) or ""


def _kept(figures):
    """Figures as JSON keeps them."""
    return {
        key: float(value) if isinstance(value, Decimal) else value
        for key, value in figures.items()
    }


def _of(groups, key):
    """What was counted of a key; keys that came through JSON are texts."""
    return groups.get(key) if key in groups else groups.get(str(key))


def _int_keys(groups):
    return sorted({int(key or 0) for key in groups})


def _report_figures(counted, before=None):
    """Figures of reports, with what is summed of them.

    :param before: those of the period before; none where nothing is compared
    """
    figures = {
        key: value for key, value in (counted or {}).items() if value is not None
    }
    figures["received"] = figures.get("received") or 0
    figures["total"] = sum(
        figures.get(key) or 0 for key in ("carried", "received", "reopened")
    )
    figures["pleased"] = _pleased(figures)
    if before is not None:
        figures["before"] = before.get("received") or 0
    return figures


def _agency_figures(counted):
    """Figures of an agency; its rate in time is of what had a time."""
    figures = {
        key: value for key, value in (counted or {}).items() if value is not None
    }
    figures["given"] = figures.get("given") or 0
    figures["timed"] = (figures.get("on_time") or 0) + (figures.get("late") or 0)
    figures["pleased"] = _pleased(figures)
    return figures


def _pleased(figures):
    """Satisfied, or at least accepting: both grades are counted as accepted."""
    return figures.get("accepted") or 0


def _says_something(figures):
    return any(
        value for key, value in figures.items() if isinstance(value, (int, float))
    )
