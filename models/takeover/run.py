import json
import logging
import zlib
from datetime import timedelta

from psycopg2 import DataError, IntegrityError

from odoo import fields, models
from odoo.exceptions import UserError

from .imported_lines import ImportedLines

_logger = logging.getLogger(__name__)

# What a line links to.
LINKS = {
    "category_id": "civic.category",
    "ward_id": "civic.ward",
    "agency_id": "civic.agency",
    "procedure_id": "civic.procedure",
    "channel_id": "civic.channel",
    "rating_level_id": "civic.rating.level",
}
LINK_COLUMNS = {"rating_level_id": "rating"}


class CivicImport(models.Model):
    """Taking the good lines in."""

    _inherit = "civic.import"

    def _run(self, may_go_on):
        """Take in what is left, part by part; each is a transaction of its own.

        :param may_go_on: see `_go_on`
        :return: whether all is taken in
        """
        self.ensure_one()
        files = self._open_files()
        for part in self._parts_sudo("lines"):
            rows = json.loads(zlib.decompress(part._opened()))
            self._take_in(rows, files)
            part.unlink()
            if not may_go_on():
                return False
            if self.state != "running":
                return True  # stopped by somebody meanwhile
        self._finish()
        return True

    def _finish(self):
        """The file is no longer needed: what it held is in the reports."""
        self._parts_sudo().unlink()
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
        self.env.ref("civic_report.cron_figures").sudo()._trigger()

    def _take_in(self, rows, files):
        """Make reports of lines; one that cannot become one is left out, and listed."""
        known = self._known_numbers([row["number"] for row in rows])
        new = [row for row in rows if row["number"] not in known]
        self.known_count += len(rows) - len(new)
        made = self._try_lines(self._with_links(new), files)
        self.made_count += made
        self.left_count += len(new) - made

    def _with_links(self, rows):
        """Those lines whose names still stand for records, in one query for each model:
        PostgreSQL's own error would write the texts of all of them to the log."""
        gone = {
            key: {row[key] for row in rows if row[key]}
            - set(
                self.env[model]
                .browse({row[key] for row in rows if row[key]})
                .exists()
                .ids
            )
            for key, model in LINKS.items()
        }
        whole = []
        for row in rows:
            lost = [key for key in LINKS if row[key] in gone[key]]
            if not lost:
                whole.append(row)
                continue
            columns = self._columns()
            words = self.env._("It has been deleted since the file was checked.")
            heading = columns[LINK_COLUMNS.get(lost[0], lost[0].removesuffix("_id"))]
            self._list_faults([(row["line"], heading, words)])
        return whole

    def _try_lines(self, rows, files):
        """:return: how many were taken in"""
        if not rows:
            return 0
        try:
            with self.env.cr.savepoint():
                ImportedLines(self, rows, files).store()
                self.env.flush_all()
            return len(rows)
        except (UserError, IntegrityError, DataError) as error:
            self.env.invalidate_all()
            if len(rows) > 1:
                half = len(rows) // 2
                return sum(
                    self._try_lines(part, files) for part in (rows[:half], rows[half:])
                )
            _logger.warning("import %s: %s", self.id, type(error).__name__)
            is_plain = isinstance(error, UserError)
            words = error.args[0] if is_plain else type(error).__name__
            self._list_faults([(rows[0]["line"], None, words)])
            return 0


class CivicStep(models.Model):
    _inherit = "civic.step"

    def _time_past(self, rows):
        """Give ended duties their deadline; nobody is warned of them any more.

        :param rows: list of TimedRow; a deadline that is there already stays
        """
        timed = [row for row in rows if row.limit and "deadline" not in row.values]
        deadlines = self._deadlines(
            [row.values["counted_from"] for row in timed],
            [(row.limit.value, row.limit.unit) for row in timed],
            [row.calendar for row in timed],
        )
        for row, deadline in zip(timed, deadlines, strict=True):
            row.values["deadline"] = deadline or False
            row.values["is_untimed"] = not deadline
        for row in rows:
            if row.values.get("deadline"):
                grace = row.limit.grace_minutes if row.limit else 0
                row.values["overdue_from"] = row.values["deadline"] + timedelta(
                    minutes=grace
                )
