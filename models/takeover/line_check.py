from datetime import timedelta

import pytz

from ...tools.import_files import FileError
from ...tools.import_table import read_moment
from ...tools.text import (
    clean,
    decimal_number,
    email_normalized,
    fold,
    identity_number,
    phone_e164,
    shorten,
)
from ..report.form import MAX_LENGTHS, MAX_NAME
from .columns import MOMENTS, REQUIRED

MAX_NUMBER = 64
MAX_TEXT = 20_000
# What of a wrong value is repeated; of identities nothing is.
SHOWN = 40
IDENTITY = frozenset({"name", "phone", "email", "reporter_address", "citizen_id"})
YES = frozenset({"x", "co", "yes", "true", "1", "to chuc", "organisation"})
# Dates in the order in which they lie.
COURSE = ("received_at", "dispatched_at", "accepted_at", "resolved_at", "published_at")
# States in which an agency has work to do.
IN_HAND = ("processing",)
# State → cells that it needs, and those that say otherwise.
NEEDS = {
    "new": (),
    "received": (),
    "processing": ("agency", "dispatched_at"),
    "resolved": ("agency", "dispatched_at", "resolved_at", "result"),
    "done": ("agency", "dispatched_at", "published_at", "result"),
    "forwarded": ("agency", "closed_at"),
    "refused": ("closed_at", "reason"),
    "cancelled": ("closed_at", "reason"),
}
_NOT_ANSWERED = ("resolved_at", "published_at", "rating", "rated_at")
EXCLUDES = {
    "new": ("dispatched_at", "accepted_at", "closed_at", *_NOT_ANSWERED),
    "received": ("dispatched_at", "accepted_at", "closed_at", *_NOT_ANSWERED),
    "processing": ("closed_at", *_NOT_ANSWERED),
    "resolved": ("closed_at", "published_at", "rating", "rated_at"),
    "done": (),
    "forwarded": ("dispatched_at", "accepted_at", *_NOT_ANSWERED),
    "refused": ("dispatched_at", "accepted_at", *_NOT_ANSWERED),
    "cancelled": ("dispatched_at", "accepted_at", *_NOT_ANSWERED),
}
LENGTHS = {
    **{name: MAX_LENGTHS[name] for name in ("subject", "description", "address")},
    "number": MAX_NUMBER,
    "public_text": MAX_LENGTHS["description"],
    "result": MAX_TEXT,
    "reason": MAX_TEXT,
    "rating_comment": MAX_LENGTHS["description"],
    "name": MAX_NAME,
    "reporter_address": MAX_LENGTHS["address"],
}
SINGLE = frozenset({"number", "subject", "address", "name", "reporter_address"})


class Names:
    """Records found by what a file calls them: by code first, then by name.

    :param records: of one model, all languages that names are written in
    """

    def __init__(self, records, languages):
        self._ids = {}
        for record in records:
            code = "code" in record._fields and record.code
            self._add(code, record)
            for lang in languages:
                self._add(record.with_context(lang=lang).name, record)

    def _add(self, name, record):
        if name:
            self._ids.setdefault(fold(name), set()).add(record.id)

    def find(self, name):
        """:return: set of ids"""
        return self._ids.get(fold(name), set())


class LineCheck:
    """Reads lines of one import, and says what is wrong with them.

    :param import_: civic.import, elevated, in the language of who asked
    :param files: what `_open_files` gave
    """

    def __init__(self, import_, files):
        self.env = import_.env
        self._import = import_
        self._files = files
        self._columns = import_._columns()
        company = import_.company_id
        self._tz = pytz.timezone(company._civic_calendar().tz)
        self._now = import_.env["civic.door"]._now()
        limits = company._civic_upload_limits()
        self._most_files = limits.files
        self._most_bytes = max(limits.picture, limits.recording)
        self._load_names(company)

    def _load_names(self, company):
        own = [("company_id", "in", [company.id, False])]
        wanted = {
            "category": ("civic.category", own),
            "ward": ("civic.ward", own),
            "agency": ("civic.agency", own),
            "procedure": ("civic.procedure", own),
            "channel": ("civic.channel", []),
        }
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self._names = {
            key: Names(
                self.env[model].with_context(active_test=False).search(domain),
                languages,
            )
            for key, (model, domain) in wanted.items()
        }
        self._choices = {
            key: self._folded_labels(key) for key in ("state", "track", "visibility")
        }
        self._levels = {}

    def _folded_labels(self, name):
        found = {}
        for lang in ("en_US", "vi_VN"):
            row = self._import.with_context(lang=lang)
            for key, label in row._labels("civic.report", name).items():
                found[fold(key)] = found[fold(label)] = key
        return found

    # ------------------------------------------------------------------
    # One line
    # ------------------------------------------------------------------

    def check(self, line):
        """Read one line.

        :param line: `import_table.Line`
        :return: (dict to be kept, or None; list of (column key or None, words))
        """
        self._faults = []
        self._cells = line.cells
        self._broken = set()
        for key, code in line.faults:
            self._fault(key, self._code_words(code))
        for key in sorted(REQUIRED - line.cells.keys() - self._broken):
            self._fault(key, self.env._("It is empty: fill it in."))
        values = {key: self._text(key) for key in LENGTHS}
        state = self._choice("state")
        if state and state not in NEEDS:
            self._fault(
                "state",
                self.env._(
                    "Cases cannot be taken over in this state. Write one of: %s.",
                    ", ".join(self._import._state_names().values()),
                ),
            )
            state = None
        if state:
            self._check_state(state)
        values |= {
            "line": line.number,
            "state": state,
            "track": self._choice("track"),
            "visibility": self._choice("visibility") or "private",
            **{f"{key}_id": self._link(key) for key in self._names},
            **self._moments(state),
            **self._position(),
            **self._sender(),
        }
        self._check_in_hand(values)
        values["rating_level_id"] = self._rating(values)
        values["files"] = self._file_names(values["number"])
        return (None if self._faults else values), self._faults

    def _fault(self, key, words):
        self._faults.append((key, words))
        self._broken.add(key)

    def _say(self, key, words):
        """A fault of a value, which is repeated unless it is of somebody's identity."""
        value = self._cells.get(key)
        if key in IDENTITY or value is None:
            self._fault(key, words)
        else:
            self._fault(key, f"“{shorten(str(value), SHOWN)}”: {words}")

    def _code_words(self, code):
        _ = self.env._
        return {
            "long": _(
                "The cell is far too long: it holds more than one text. Shorten it."
            ),
            "formula": _(
                "The cell holds a formula: copy the column and insert it as values."
            ),
            "error": _("The cell holds an error of the spreadsheet: type the value."),
            "width": _(
                "The line has more cells than there are headings: put texts that hold "
                "the separator between quotation marks."
            ),
            "unreadable": _(
                "The line cannot be read: look for an unclosed quotation mark or a "
                "cell that is far too long in it or before it."
            ),
        }[code]

    def _text(self, key):
        value = self._cells.get(key)
        if value is None:
            return ""
        text = clean(str(value), multiline=key not in SINGLE)
        if len(text) > LENGTHS[key]:
            self._fault(
                key,
                self.env._(
                    "At most %(limit)s characters; this has %(length)s.",
                    limit=LENGTHS[key],
                    length=len(text),
                ),
            )
        return text

    def _choice(self, key):
        value = self._cells.get(key)
        if value is None:
            return None
        found = self._choices[key].get(fold(str(value)))
        if not found:
            labels = (
                self._import._state_names()
                if key == "state"
                else self._import._labels("civic.report", key)
            )
            self._say(
                key,
                self.env._("Not known. Write one of: %s.", ", ".join(labels.values())),
            )
        return found

    def _link(self, key):
        value = self._cells.get(key)
        if value is None:
            return False
        ids = self._names[key].find(str(value))
        if len(ids) == 1:
            return next(iter(ids))
        if ids:
            words = self.env._("Several are called so: write the code instead.")
        else:
            words = self.env._(
                "Not known here. Write the name or code as in the configuration, or "
                "add it there first (it may be archived)."
            )
        self._say(key, words)
        return False

    def _check_state(self, state):
        labels = self._import._state_names()
        for key in NEEDS[state]:
            if key not in self._cells and key not in self._broken:
                self._fault(
                    key,
                    self.env._(
                        "A case that is “%s” needs it: fill it in.", labels[state]
                    ),
                )
        for key in EXCLUDES[state]:
            if key in self._cells:
                self._fault(
                    key,
                    self.env._(
                        "A case that is “%s” has none: empty the cell, or correct the "
                        "state.",
                        labels[state],
                    ),
                )

    def _check_in_hand(self, values):
        """What is in hand needs somebody who goes on with it."""
        agency = self.env["civic.agency"].browse(values["agency_id"] or [])
        if values["state"] not in IN_HAND or not agency or agency.active:
            return
        if not agency._in_force().filtered("active"):
            self._say(
                "agency",
                self.env._(
                    "It has ended, and none stands in its place: write the agency that "
                    "handles the case now."
                ),
            )

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    def _moments(self, state):
        """Moments in UTC as texts, each not before the one before it."""
        read = {}
        for key in MOMENTS:
            if key in self._cells:
                read[key] = self._moment(key)
        course = [key for key in COURSE if read.get(key)]
        if state in ("forwarded", "refused", "cancelled") and read.get("closed_at"):
            course.append("closed_at")
        if read.get("rated_at"):
            course.append("rated_at")
        for earlier, later in zip(course, course[1:], strict=False):
            self._put_in_order(read, earlier, later)
        if read.get("occurred_at") and read.get("received_at"):
            happened, received = read["occurred_at"], read["received_at"]
            is_day = not (happened[1] and received[1])
            if self._is_before(received, happened, is_day):
                self._say(
                    "occurred_at", self.env._("It lies after the day of reception.")
                )
        return {
            key: read[key] and read[key][0].isoformat(sep=" ") if key in read else False
            for key in MOMENTS
        }

    def _moment(self, key):
        """:return: (naive UTC datetime, whether the time of day is known), or None"""
        try:
            local, has_time = read_moment(self._cells[key])
            moment = self._tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
        except (ValueError, OverflowError, TypeError):
            self._say(
                key, self.env._("This is no date. Write it like 25/03/2024 14:30.")
            )
            return None
        if moment.year < 2000:
            self._say(key, self.env._("The date lies before the year 2000."))
            return None
        if key != "deadline" and moment > self._now + timedelta(minutes=5):
            self._say(key, self.env._("The date lies in the future."))
            return None
        if key == "deadline" and not has_time:
            # The last day is a whole one.
            moment += timedelta(days=1)
        return moment, has_time

    def _put_in_order(self, read, earlier, later):
        first, second = read[earlier], read[later]
        if not self._is_before(second, first, not (first[1] and second[1])):
            if second[0] < first[0]:  # of one day: it was not before
                read[later] = (first[0], second[1])
            return
        self._say(
            later,
            self.env._(
                "It lies before “%s”: correct one of them.", self._columns[earlier]
            ),
        )

    def _is_before(self, moment, other, by_day):
        if not by_day:
            return moment[0] < other[0]
        return self._day(moment[0]) < self._day(other[0])

    def _day(self, moment):
        return pytz.utc.localize(moment).astimezone(self._tz).date()

    # ------------------------------------------------------------------
    # Place, sender, rating, files
    # ------------------------------------------------------------------

    def _position(self):
        keys = [key for key in ("latitude", "longitude") if key in self._cells]
        if not keys:
            return {"latitude": 0.0, "longitude": 0.0}
        try:
            latitude, longitude = (
                decimal_number(str(self._cells.get(key, "")))
                for key in ("latitude", "longitude")
            )
        except ValueError:
            latitude = longitude = float("nan")
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            self._say(
                keys[0],
                self.env._("Both figures are needed, like 16.4637 and 107.5909."),
            )
            return {}
        return {"latitude": latitude, "longitude": longitude}

    def _sender(self):
        def read(key, reader, words):
            value = self._cells.get(key)
            if value is None:
                return ""
            try:
                return reader(str(value))
            except ValueError:
                self._fault(key, words)
                return ""

        _ = self.env._
        hint = _(
            "Correct it, or empty the cell. Where the spreadsheet has cut off a "
            "nought, format the column as text."
        )
        return {
            "phone": read(
                "phone", phone_e164, f"{_('This is no telephone number.')} {hint}"
            ),
            "email": read(
                "email",
                lambda raw: email_normalized(raw, international=True),
                f"{_('This is no e-mail address.')} {hint}",
            ),
            "citizen_id": read(
                "citizen_id",
                identity_number,
                f"{_('This is no identity number.')} {hint}",
            ),
            "is_organisation": fold(str(self._cells.get("is_organisation", ""))) in YES,
        }

    def _rating(self, values):
        if "rating" not in self._cells:
            if "rating_comment" in self._cells or "rated_at" in self._cells:
                self._fault("rating", self.env._("The level of the rating is missing."))
            return False
        if not values["result"]:
            self._fault(
                "rating", self.env._("There is a rating, but no result that was rated.")
            )
            return False
        procedure = self.env["civic.procedure"].browse(
            values["procedure_id"] or self._import.procedure_id.id
        )
        levels = self._levels.get(procedure.id)
        if levels is None:
            languages = [code for code, _name in self.env["res.lang"].get_installed()]
            levels = Names(procedure.scale_id.level_ids, languages)
            self._levels[procedure.id] = levels
        ids = levels.find(str(self._cells["rating"]))
        if len(ids) != 1:
            self._say(
                "rating",
                self.env._(
                    "Not a level of “%(scale)s”. Write one of: %(levels)s.",
                    scale=procedure.scale_id.name,
                    levels=", ".join(procedure.scale_id.level_ids.mapped("name")),
                ),
            )
            return False
        return next(iter(ids))

    def _file_names(self, number):
        named = str(self._cells.get("files", "")).replace("\n", ";").split(";")
        named = [name.strip() for name in named if name.strip()]
        if not self._files:
            if named:
                self._fault(
                    "files",
                    self.env._(
                        "There is no archive or folder: choose it, or empty this."
                    ),
                )
            return []
        found = []
        for name in dict.fromkeys([*named, *self._files.of_case(number or "")]):
            try:
                found.append(self._files.find(name, self._most_bytes))
            except FileError as error:
                self._fault(
                    "files", f"“{shorten(name, SHOWN)}”: {self._file_words(error)}"
                )
        if len(found) > self._most_files:
            self._fault("files", self.env._("Send at most %s files.", self._most_files))
        return list(dict.fromkeys(found))

    def _file_words(self, error):
        _ = self.env._
        return {
            "missing": _("There is no such file in the archive or folder."),
            "outside": _("The name leads out of the archive or folder."),
            "too_large": _("The file is larger than is taken from a citizen."),
            "broken": _("The file is damaged."),
        }[error.code]
