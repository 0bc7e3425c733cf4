import tempfile
from datetime import datetime

import pytz

from odoo import api, models
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain

from ...tools.archive_package import Package
from ..ground.words_field import masked_words
from ..workflow.transitions import FINAL_REPORT_STATES

BATCH = 50
# Beyond it the package goes to disk.
IN_MEMORY = 8 * 1024 * 1024
FIRST_YEAR = 2000


class CivicReport(models.Model):
    """Reports are handed over to the archives: one, or those of a year that have ended
    (HUE Điều 14.1). Who sent them stays with the Centre."""

    _inherit = "civic.report"

    @api.model
    def _archive_package(self, what):
        """Write a package for the archives.

        :param what: a report's code, or the year in which reports came in
        :return: temporary file, at its beginning
        :raises AccessError: for all but the Centre's management
        :raises MissingError: where there is nothing to hand over
        """
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(
                self.env._(
                    "The Centre's management hands reports over to the archives."
                )
            )
        ids = self.search(self._archive_domain(what), order="received_at, id").ids
        if not ids:
            raise MissingError(
                self.env._("Not found: no report has ended under this code or year.")
            )
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        with Package(out) as package:
            for start in range(0, len(ids), BATCH):
                # In the words that are read outside the Centre: they name nobody.
                batch = masked_words(self.browse(ids[start : start + BATCH]))
                for report in batch:
                    package.add(
                        report.name,
                        report._archive_document(),
                        report._archive_files(),
                        report._archive_row(),
                    )
                self.env.invalidate_all()
        out.seek(0)
        return out

    @api.model
    def _archive_domain(self, what):
        ended = Domain("company_id", "=", self.env.company.id) & Domain(
            "state", "in", list(FINAL_REPORT_STATES)
        )
        if what.isascii() and what.isdigit() and len(what) == 4:
            year = int(what)
            if not FIRST_YEAR <= year <= self.env.company._civic_today().year:
                return Domain.FALSE
            # From the midnight where the company works.
            tz = pytz.timezone(self.env.company._civic_calendar().tz)
            first, last = (
                tz.localize(datetime(number, 1, 1))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for number in (year, year + 1)
            )
            return (
                ended
                & Domain("received_at", ">=", first)
                & Domain("received_at", "<", last)
            )
        return ended & Domain("name", "=", what.upper())

    def _archive_row(self):
        return {
            "code": self.name,
            "subject": self.subject,
            "kind": self.kind,
            "state": self.state,
            "category": self.category_id.name,
            "ward": self.ward_id.name,
            "agency": self.agency_id.name,
            "received_at": self.received_at,
            "closed_at": self.closed_at,
            "visibility": self.visibility,
        }

    def _archive_document(self):
        """What is known of a report but who sent it; moments are UTC."""
        texts = (
            *("description", "standardised_description", "supplied_text"),
            *("public_result", "reason", "reason_message", "address"),
            *("occurred_at", "dispatched_at", "resolved_at", "published_at"),
        )
        return {
            **self._archive_row(),
            **{name: self[name] or None for name in texts},
            "procedure": self.procedure_id.decision_number or self.procedure_id.name,
            "channel": self.channel_id.code,
            "track": self.track,
            "rating": self.rating_level_id.name or None,
            "rating_comment": self.rating_comment or None,
            "assignments": [_part(row) for row in self.assignment_ids],
            "duties": [_duty(step) for step in self.step_ids],
            "events": [
                _event(event)
                for event in self.event_ids.sorted(lambda row: (row.at, row.id))
            ],
            "follow_ups": [_follow_up(row) for row in self.interaction_ids],
        }

    def _archive_files(self):
        """Files of the report and of its results, without those kept sealed."""
        files = self.attachment_ids | self._result_files()
        for file in (files - files._civic_quarantined()).sorted("id"):
            yield file.name, file.raw or b""


def _part(row):
    return {
        "agency": row.agency_id.name,
        "role": row.role,
        "state": row.state,
        "result": row.result or None,
        "letter_number": row.letter_number or None,
        "letter_date": row.letter_date or None,
        "dispatched_at": row.dispatched_at,
        "approved_at": row.approved_at or None,
    }


def _duty(step):
    return {
        "code": step.code,
        "agency": step.agency_id.name or None,
        "started_at": step.started_at,
        "deadline": step.deadline or None,
        "ended_at": step.ended_at or None,
        "state": step.state,
        "is_late": step.is_late,
    }


def _event(event):
    # What was said with the citizen stays with the Centre.
    is_told = event.assignment_id or event.is_public
    return {
        "at": event.at,
        "code": event.code,
        "by": event.user_id.name or None,
        "note": (is_told and event.note) or None,
    }


def _follow_up(row):
    return {
        "sent_at": row.sent_at,
        "body": row.body,
        "answered_at": row.answered_at or None,
        "answer": row.answer or None,
    }
