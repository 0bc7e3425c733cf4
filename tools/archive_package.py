"""A package of records for an archive: folders with files, an index, and the checksums
of all of it, written as it is read."""

import csv
import hashlib
import io
import json
import re
import zipfile

from .text import spreadsheet_safe

INDEX = "index.csv"
CHECKSUMS = "SHA256SUMS"
# Letters that file systems take everywhere.
_ODD = re.compile(r"[^\w.\- ]+")


def file_name(name, taken):
    """A name that is safe in a folder and not taken there yet.

    :param name: as it was uploaded
    :param taken: set of the folder's names, to which it is added
    """
    stem = _ODD.sub("_", (name or "").strip())[-120:].strip(". ") or "file"
    found, number = stem, 1
    while found.lower() in taken:
        number += 1
        found = f"{number}-{stem}"
    taken.add(found.lower())
    return found


class Package:
    """A ZIP file in the making; use it as a context.

    :param out: binary file that is written to
    """

    def __init__(self, out):
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._sums = []
        self._index = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self._finish()
        self._zip.close()

    def add(self, code, document, files, row):
        """Put one record into a folder of its own.

        :param code: names the folder
        :param document: what is known of it, as JSON takes it
        :param files: iterable of (name, bytes), read one by one
        :param row: dict: its line of the index; every record has the same keys
        """
        folder = file_name(code, set())
        taken, names = {"record.json"}, []
        text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
        self._write(f"{folder}/record.json", text.encode())
        for name, data in files:
            names.append(file_name(name, taken))
            self._write(f"{folder}/{names[-1]}", data)
        self._index.append({**row, "folder": folder, "files": len(names)})

    def _finish(self):
        output = io.StringIO()
        names = list(self._index[0]) if self._index else ["folder", "files"]
        writer = csv.DictWriter(output, names)
        writer.writeheader()
        for row in self._index:
            writer.writerow(
                {name: spreadsheet_safe(str(row[name] or "")) for name in names}
            )
        # The mark by which spreadsheets know UTF-8.
        self._write(INDEX, b"\xef\xbb\xbf" + output.getvalue().encode())
        # As `sha256sum --check` reads it.
        self._zip.writestr(CHECKSUMS, "".join(self._sums))

    def _write(self, path, data):
        self._zip.writestr(path, data)
        self._sums.append(f"{hashlib.sha256(data).hexdigest()}  {path}\n")
