import json
import zlib

from odoo import models

from ...tools.import_files import FilesError
from ...tools.import_table import TableError, read_table
from ...tools.text import clean
from .columns import REQUIRED
from .line_check import NEEDS, LineCheck

PART = 500
# Faults that are listed: whoever has more mends a kind of them, and checks again.
MOST_FAULTS = 2_000


class CivicImport(models.Model):
    """The dry run."""

    _inherit = "civic.import"

    def _part_size(self):
        """How many lines are taken in in one transaction."""
        return PART

    def _importable_states(self):
        return tuple(NEEDS)

    def _check(self, may_go_on):
        """Read the file, list what is wrong, and keep the good lines sealed.

        Killed midway, it goes on after the last lines that were committed.

        :param may_go_on: see `_go_on`
        :return: whether the file has been read to its end
        """
        self.ensure_one()
        try:
            table = read_table(self._open_file(), self._headings())
            missing = sorted(REQUIRED - set(table.keys))
            if missing:
                raise TableError("columns_missing", *missing)
            checker = LineCheck(self, self._open_files())
        except (TableError, FilesError) as error:
            self._reject(error)
            return True
        if not self.last_line:
            self._note_table(table)
        return self._check_lines(table, checker, may_go_on)

    def _check_lines(self, table, checker, may_go_on):
        first_lines, batch = {}, []
        for line in table.lines:
            number = clean(str(line.cells.get("number", "")), multiline=False)
            earlier = first_lines.setdefault(number, line.number) if number else None
            if line.number <= self.last_line:
                continue
            values, faults = checker.check(line)
            if earlier not in (None, line.number):
                words = self.env._("This number stands in line %s already.", earlier)
                faults.append(("number", words))
                values = None
            batch.append((line.number, values, faults))
            if len(batch) == self._part_size():
                self._keep_lines(batch, checker._columns)
                batch = []
                if not may_go_on():
                    return False
                if self.state != "checking":
                    return True  # stopped by somebody meanwhile
        self._keep_lines(batch, checker._columns)
        self.state = "checked"
        return True

    def _keep_lines(self, batch, columns):
        if not batch:
            return
        good = [values for _line, values, faults in batch if values and not faults]
        known = self._known_numbers([values["number"] for values in good])
        new = [values for values in good if values["number"] not in known]
        self._list_faults(
            [
                (line, columns.get(key), words)
                for line, _values, faults in batch
                for key, words in faults
            ]
        )
        if new:
            self._parts_sudo()._seal_new(
                self, "lines", zlib.compress(json.dumps(new).encode())
            )
        self.write(
            {
                "line_count": self.line_count + len(batch),
                "good_count": self.good_count + len(new),
                "known_count": self.known_count + len(good) - len(new),
                "bad_count": self.bad_count + len(batch) - len(good),
                "last_line": batch[-1][0],
            }
        )

    def _known_numbers(self, numbers):
        """Those that have been taken in from this system before."""
        rows = self.env["civic.report"].search_fetch(
            [*self._known_domain(), ("imported_number", "in", numbers)],
            ["imported_number"],
        )
        return set(rows.mapped("imported_number"))

    def _list_faults(self, rows, severity="fault"):
        """:param rows: list of (line, heading or None, words)"""
        faults = self.env["civic.import.fault"]
        room = MOST_FAULTS - faults.search_count([("import_id", "=", self.id)])
        faults.create(
            [
                {
                    "import_id": self.id,
                    "company_id": self.company_id.id,
                    "line": line,
                    "column": heading or False,
                    "message": words,
                    "severity": severity,
                }
                for line, heading, words in rows[: max(room, 0)]
            ]
        )

    # ------------------------------------------------------------------
    # The file as a whole
    # ------------------------------------------------------------------

    def _reject(self, error):
        """The file cannot be used as it is: one fault says why."""
        self._forget_check()
        self._list_faults([(0, None, self._table_words(error))])
        self.bad_count = 0

    def _table_words(self, error):
        _ = self.env._
        columns = self._columns()
        about = ", ".join(columns.get(key, key) for key in getattr(error, "about", ()))
        return {
            "kind": _("This is no CSV or XLSX file: save it as one of these."),
            "sheet": _("The workbook has no visible sheet."),
            "headings": _(
                "No line of headings was found: take those of the file to fill in."
            ),
            "columns": _("There are too many columns."),
            "columns_missing": _("Columns are missing: %s.", about),
            "twice": _("Two columns have the same heading: %s.", about),
            "encoding": _("The text cannot be read: save the file as CSV UTF-8."),
            "too_large": _("The workbook is too large: divide it, or save it as CSV."),
            "broken": _("The file is damaged: save it anew."),
            "encrypted": _("The archive is locked by a password: pack it without."),
            "too_many": _("There are too many files: divide them."),
            "outside": _("It leads out of the archive or of the folder for imports."),
            "bomb": _("The archive unpacks to far more than it is: pack it anew."),
            "no_root": _(
                "No folder for imports is named in the server's configuration: send an "
                "archive, or name one (see the administrator's handbook)."
            ),
        }[error.code]

    def _note_table(self, table):
        """What has to be known of a file that can be read."""
        self.encoding = table.encoding or "xlsx"
        notes = []
        if table.unknown:
            notes.append(
                self.env._(
                    "Columns that are not known are not read: %s.",
                    ", ".join(table.unknown[:20]),
                )
            )
        if table.skipped:
            notes.append(
                self.env._(
                    "Sheets that are not read: %s.", ", ".join(table.skipped[:20])
                )
            )
        if table.encoding == "cp1258":
            notes.append(
                self.env._(
                    "The file is not in UTF-8 and was read as Windows-1258: look at a "
                    "few lines after the import, or save it as CSV UTF-8."
                )
            )
        self._list_faults([(0, None, words) for words in notes], "note")
