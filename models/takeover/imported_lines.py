from collections import defaultdict

from odoo import fields

from ...tools.import_files import FileError
from ...tools.media import MediaError
from ..province.limit import has_passed
from ..workflow.transitions import OPEN_REPORT_STATES, TRANSITIONS
from .line_check import IN_HAND

# State of a report → that of its agency's part.
PART_STATES = {"processing": "processing", "resolved": "approved", "done": "approved"}


class ImportedLines:
    """Writes lines as they were: reports, parts of agencies, duties, history.

    Nobody is told: what tells people hangs on the verbs and on `civic.event._log`,
    which are passed by. Duties in hand are warned of from now on, never for what has
    passed.

    :param import_: civic.import, elevated
    :param rows: what `LineCheck` gave
    :param files: what `_open_files` gave
    """

    def __init__(self, import_, rows, files):
        self._import = import_
        self._rows = rows
        self._files = files
        self._company = import_.company_id
        self._door = import_.env["civic.report"]._elevated()
        self.env = self._door.env
        self._now = self._door._now()

    def store(self):
        for row in self._rows:
            self._read_moments(row)
        self._make_reports()
        self._make_parts()
        self._make_steps()
        self._make_events()
        self._keep_facts()
        for row in self._rows:
            if row["files"]:
                self._attach(row)

    def _read_moments(self, row):
        for key in [key for key in row if key.endswith("_at") or key == "deadline"]:
            row[key] = fields.Datetime.to_datetime(row[key])
        if row["state"] == "done" and not row["resolved_at"]:
            row["resolved_at"] = row["published_at"]

    # ------------------------------------------------------------------
    # Reports
    # ------------------------------------------------------------------

    def _make_reports(self):
        reporters = self.env["civic.reporter"]._for_senders(
            [self._identity(row) for row in self._rows], self._company
        )
        self._add_codes()
        values = [
            self._report_values(row, reporter)
            for row, reporter in zip(self._rows, reporters, strict=True)
        ]
        reports = self._door._create_as_they_are(values)
        for row, report in zip(self._rows, reports, strict=True):
            row["report"] = report

    def _identity(self, row):
        known = {
            "name": row["name"],
            "phone": row["phone"],
            "email_from": row["email"],
            "address": row["reporter_address"],
            "citizen_id": row["citizen_id"],
        }
        known = {name: value for name, value in known.items() if value}
        if not known and not row["files"]:
            return {}
        known.setdefault("name", self.env._("Not known"))
        if row["is_organisation"]:
            known["is_organisation"] = True
        return known

    def _add_codes(self):
        """Codes of the years in which the cases came in."""
        years = defaultdict(list)
        for row in self._rows:
            years[self._company._civic_date(row["received_at"]).year].append(row)
        for rows in years.values():
            codes = self._company._civic_report_codes(len(rows), rows[0]["received_at"])
            for row, code in zip(rows, codes, strict=True):
                row["code"] = code

    def _report_values(self, row, reporter):
        category = self.env["civic.category"].browse(row["category_id"])
        track = row["track"] or category.track
        visibility = row["visibility"]
        if track == "sensitive" and visibility == "public":
            visibility = "sensitive"  # as what comes in anew
        procedure = self._procedure(row)
        closed = row["published_at"] if row["state"] == "done" else row["closed_at"]
        rated_at = row["rating_level_id"] and (row["rated_at"] or closed)
        return {
            "name": row["code"],
            "imported_from": self._import.source,
            "imported_number": row["number"],
            "company_id": self._company.id,
            "procedure_id": procedure.id,
            "channel_id": row["channel_id"] or self._import.channel_id.id,
            "reporter_id": reporter.id,
            "state": row["state"],
            "track": track,
            "visibility": visibility,
            "category_id": category.id,
            "ward_id": row["ward_id"],
            "agency_id": row["agency_id"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "subject": row["subject"],
            "description": row["description"],
            "standardised_description": row["public_text"] or False,
            "address": row["address"] or False,
            "public_result": row["result"] or False,
            "reason": row["reason"] or False,
            "reason_message": row["reason"] or False,
            "occurred_at": row["occurred_at"],
            "received_at": row["received_at"],
            "dispatched_at": row["dispatched_at"],
            "resolved_at": row["resolved_at"],
            "published_at": row["published_at"],
            "closed_at": closed,
            "rating_level_id": row["rating_level_id"],
            "rating_comment": row["rating_comment"] or False,
            "rated_at": rated_at,
            "rating_open_until": rated_at,
        }

    def _procedure(self, row):
        procedures = self.env["civic.procedure"]
        return procedures.browse(row["procedure_id"] or self._import.procedure_id.id)

    # ------------------------------------------------------------------
    # Parts of agencies
    # ------------------------------------------------------------------

    def _make_parts(self):
        rows = [row for row in self._rows if row["state"] in PART_STATES]
        parts = self.env["civic.assignment"].create(
            [
                {
                    "report_id": row["report"].id,
                    "agency_id": row["agency_id"],
                    "company_id": self._company.id,
                    "role": "lead",
                    "state": PART_STATES[row["state"]],
                    "dispatched_at": row["dispatched_at"],
                    "accepted_at": row["accepted_at"] or row["dispatched_at"],
                    "submitted_at": row["resolved_at"],
                    "approved_at": row["resolved_at"],
                    "result": row["result"] or False,
                    **self._people(row),
                }
                for row in rows
            ]
        )
        for row in self._rows:
            row["part"] = parts.browse()
        for row, part in zip(rows, parts, strict=True):
            row["part"] = part
        for row in rows:
            if row["state"] in IN_HAND and not row["part"].agency_id.active:
                self._pass_on(row)

    def _people(self, row):
        """Work in hand is somebody's; what is done was theirs who are not known."""
        if row["state"] not in IN_HAND:
            return {}
        agency = self.env["civic.agency"].browse(row["agency_id"])
        return {
            "handler_id": agency.focal_handler_id.id,
            "leader_id": agency.focal_leader_id.id,
        }

    def _pass_on(self, row):
        """Work in hand of an agency that has ended goes to the one in its place."""
        part = row["part"]
        former, agency = part.agency_id, part._agency_in_charge()
        row["passed_on"] = f"{former.name} → {agency.name}"
        row["agency_id"] = agency.id
        part.write({"agency_id": agency.id, **self._people(row)})
        row["report"].agency_id = agency

    # ------------------------------------------------------------------
    # Duties
    # ------------------------------------------------------------------

    def _make_steps(self):
        """Each duty with the deadline that the regulation gave it, late or in time."""
        steps = self.env["civic.step"]
        self._count_begins()
        specs = [spec for row in self._rows for spec in self._specs(row)]
        timed = [(steps._prepare_open(spec), spec["ended_at"]) for spec in specs]
        steps._time([row for row, ended_at in timed if not ended_at])
        steps._time_past([row for row, ended_at in timed if ended_at])
        for row, ended_at in timed:
            self._end(row.values, ended_at)
        steps.create([row.values for row, _ended_at in timed])
        opened = [
            r["report"].id for r in self._rows if r["state"] in OPEN_REPORT_STATES
        ]
        reports = self._door.browse(opened)
        steps._refresh_clocks(reports)
        steps._refresh_clocks(reports.assignment_ids)

    def _count_begins(self):
        """Since when handling counts: what comes before it has a limit of its own, in
        which the agency loses nothing, and delay in it earns no time."""
        steps = self.env["civic.step"]
        rows = [row for row in self._rows if row["part"]]
        for row in rows:
            row["begun"] = row["dispatched_at"]
        for code in ("accept", "assign"):
            before = [row for row in rows if self._comes_before(code, row)]
            timed = [
                steps._prepare_open(
                    self._spec(row["report"], code, row["begun"], None, row["part"])
                )
                for row in before
            ]
            steps._time_past(timed)
            for row, step in zip(before, timed, strict=True):
                ends = [
                    step.values.get("deadline"),
                    code == "accept" and row["accepted_at"],
                ]
                row["begun"] = min(filter(None, ends), default=row["begun"])

    def _comes_before(self, code, row):
        procedure = row["report"].procedure_id
        return procedure[f"{code}_step"] and not procedure.process_from_dispatch

    def _specs(self, row):
        """The duties of a case, as `civic.step._open` takes them, with their ends."""
        report, part = row["report"], row["part"]
        intake_end = row["dispatched_at"] or row["closed_at"]
        yield self._spec(report, "intake", row["received_at"], intake_end)
        if not part:
            return
        started_at, accepted_at = row["dispatched_at"], row["accepted_at"]
        if accepted_at and report.procedure_id.accept_step:
            yield self._spec(report, "accept", started_at, accepted_at, part)
            started_at = accepted_at
        process = self._spec(report, "process", started_at, row["resolved_at"], part)
        process["counted_from"] = row["begun"]
        if row["state"] in IN_HAND:
            process["holder"] = part._step_holder("process")
        if row["deadline"]:
            # As the older system had it, whatever the calendar says of that year.
            process["deadline"] = row["deadline"]
        yield process
        if row["resolved_at"]:
            yield self._spec(report, "publish", row["resolved_at"], row["published_at"])

    def _spec(self, report, code, started_at, ended_at, part=None):
        return {
            "report": report,
            "assignment": part,
            "agency": part.agency_id if part else None,
            "code": code,
            "started_at": started_at,
            "ended_at": ended_at,
        }

    def _end(self, values, ended_at):
        overdue_from = values.get("overdue_from")
        if ended_at:
            values |= {
                "state": "done",
                "ended_at": ended_at,
                "is_late": has_passed(overdue_from, ended_at),
            }
            return
        # Rungs of the ladder that lie behind are told to nobody.
        names = ("half_at", "most_at", "overdue_from", "centre_at", "province_at")
        rungs = [values.get(name) for name in names]
        passed = sum(has_passed(rung, self._now) for rung in rungs)
        values["alert_level"] = passed
        values["alert_at"] = (rungs[passed] if passed < len(rungs) else None) or False

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------

    def _make_events(self):
        """What happened when; created, not logged: logging tells people."""
        events = self.env["civic.event"]
        events.create(
            [
                {"company_id": self._company.id, "report_id": row["report"].id, **event}
                for row in self._rows
                for event in self._events(row)
            ]
        )

    def _events(self, row):
        state, part = row["state"], row["part"]
        yield self._event("send", row["received_at"], False, "new", is_public=True)
        if part:
            yield self._event(
                "dispatch", row["dispatched_at"], "received", "processing"
            )
        if part and row["resolved_at"]:
            yield {
                **self._event("approve", row["resolved_at"], "submitted", "approved"),
                "assignment_id": part.id,
            }
        if state == "done":
            yield self._event("publish", row["published_at"], "resolved", "done")
        verb = {"forwarded": "forward", "refused": "refuse", "cancelled": "cancel"}
        if state in verb:
            note = row["reason"] or False
            yield self._event(verb[state], row["closed_at"], "received", state, note)
        if row["rating_level_id"]:
            rated_at = row["rated_at"] or row["published_at"]
            yield self._event("rate", rated_at, state, state)
        if "passed_on" in row:
            yield {
                **self._event("succeed", self._now, state, state, row["passed_on"]),
                "assignment_id": part.id,
            }
        yield {
            **self._event("import", self._now, state, state, row["number"]),
            "user_id": self._import.user_id.id,
        }

    def _event(self, code, at, from_state, to_state, note=False, is_public=None):
        if is_public is None:
            verb = TRANSITIONS.get(("civic.report", code)) or TRANSITIONS.get(
                ("civic.assignment", code)
            )
            is_public = bool(verb and verb.is_public)
        return {
            "code": code,
            "at": at,
            "from_state": from_state,
            "to_state": to_state,
            "note": note,
            "is_public": is_public,
        }

    def _keep_facts(self):
        """What figures of periods are counted by: until when agencies had time, and
        what senders thought of it."""
        parts = self.env["civic.assignment"].concat(*(r["part"] for r in self._rows))
        self.env["civic.agency.deadline"]._fill(parts)
        reports = self._door.concat(*(r["report"] for r in self._rows))
        self.env["civic.rating"]._keep_of(reports)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _attach(self, row):
        """Hang the files on the report; one that cannot be taken is listed."""
        attachments = self.env["ir.attachment"].with_company(self._company)
        limits = self._company._civic_upload_limits()
        most = max(limits.picture, limits.recording)
        read = []
        for index, name in enumerate(row["files"], start=1):
            try:
                data = self._files.content(name, most)
                read.append(attachments._civic_read_one(data, index))
            except FileError:
                self._leave_out(row, name, self.env._("The file is damaged."))
            except MediaError as error:
                words = attachments._civic_media_message(error, index)
                self._leave_out(row, name, words)
        attachments._civic_attach(row["report"], read, row["report"].reporter_id)

    def _leave_out(self, row, name, words):
        heading = self._import._columns()["files"]
        self._import._list_faults([(row["line"], heading, f"{name}: {words}")], "note")
