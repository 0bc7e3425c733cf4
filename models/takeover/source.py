from odoo import fields, models
from odoo.tools import SQL

from ...tools.text import fold
from ...tools.text import words as words_of

# Names of older systems that are offered.
MOST_SOURCES = 100
# Lines that are listed because they differ; all are counted.
MOST_DIFFERING = 500
# What of a case moves on in the older system.
MOVING = ("received_at", "dispatched_at", "resolved_at", "published_at", "closed_at")


def source_key(name):
    """What of a system's name is compared: "PAHT-2019" and "paht 2019" are one."""
    return "".join(words_of(name)) or fold(name)


class CivicImport(models.Model):
    """What has come from the same older system before.

    Its name is typed by hand: how it is written must not double every case. Cases that
    are there stay as they are; where the file says otherwise, that is shown before.
    """

    _inherit = "civic.import"

    used_sources = fields.Char(
        "Used So Far",
        compute="_compute_used_sources",
        help="Names of older systems whose cases are here.",
    )

    def _compute_used_sources(self):
        for row in self:
            row.used_sources = ", ".join(row._used_sources())

    def _used_sources(self):
        """Names of the older systems of this province, in order.

        One step through the index for each name, whatever number of cases it has.
        """
        columns = ["company_id", "imported_from", "imported_number"]
        self.env["civic.report"].flush_model(columns)
        return [
            name
            for (name,) in self.env.execute_query(
                SQL(
                    """
                    WITH RECURSIVE used AS (
                        SELECT min(imported_from) AS name FROM civic_report
                         WHERE company_id = %(company)s
                           AND imported_number IS NOT NULL
                     UNION ALL
                        SELECT (SELECT min(imported_from) FROM civic_report
                                 WHERE company_id = %(company)s
                                   AND imported_number IS NOT NULL
                                   AND imported_from > used.name)
                          FROM used WHERE used.name IS NOT NULL)
                    SELECT name FROM used WHERE name IS NOT NULL LIMIT %(most)s
                    """,
                    company=self.company_id.id,
                    most=MOST_SOURCES,
                )
            )
        ]

    def _same_sources(self):
        """Names by which this import's system goes here, its own among them."""
        key = source_key(self.source)
        alike = {name for name in self._used_sources() if source_key(name) == key}
        return sorted(alike | {self.source})

    def _known_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("imported_from", "in", self._same_sources()),
        ]

    # ------------------------------------------------------------------
    # The dry run
    # ------------------------------------------------------------------

    def _note_table(self, table):
        result = super()._note_table(table)
        notes = []
        used = self._used_sources()
        if self.source not in used:
            typed = self.source
            alike = [name for name in self._same_sources() if name in used]
            if alike:
                self.source = alike[0]
                notes.append(
                    self.env._(
                        "“%(typed)s” is the older system that is called “%(name)s” "
                        "here: its cases are known by that name.",
                        typed=typed,
                        name=alike[0],
                    )
                )
        merged = [name for name in used if name.startswith(f"{self.source} · ")]
        if merged:
            notes.append(
                self.env._(
                    "Provinces that have become part of this one had a system of this "
                    "name, too. Is the file one of theirs, then write: %s.",
                    ", ".join(merged),
                )
            )
        self._list_faults([(0, None, words) for words in notes], "note")
        return result

    def _keep_lines(self, batch, columns):
        result = super()._keep_lines(batch, columns)
        good = {values["number"]: values for _l, values, faults in batch if not faults}
        self._list_differing(good, columns)
        return result

    def _list_differing(self, lines, columns):
        """Say which cases that are there already have moved on in the file.

        :param lines: dict of old number → what `LineCheck` gave
        """
        if not lines:
            return
        names = ["imported_number", "state", *MOVING]
        reports = self.env["civic.report"].search_fetch(
            [*self._known_domain(), ("imported_number", "in", list(lines))], names
        )
        differing = []
        for report in reports:
            values = lines[report.imported_number]
            if found := self._differences(report, values, columns):
                differing.append((values["line"], *found))
        room = max(MOST_DIFFERING - self.differing_count, 0)
        self._list_faults(sorted(differing)[:room], "note")
        self.differing_count += len(differing)

    def _differences(self, report, values, columns):
        """
        :return: (heading of the first column that differs, words), or None
        """
        states = self._state_names()
        found = []
        if report.state != values["state"]:
            there = self._labels("civic.report", "state")[report.state]
            found.append(("state", there, states[values["state"]]))
        for name in MOVING:
            if not values[name] or (name == "closed_at" and values["state"] == "done"):
                continue
            stands = fields.Datetime.to_datetime(values[name])
            if report[name] != stands:
                text = self.company_id._civic_moment_text
                found.append((name, text(report[name]) or "–", text(stands)))
        if not found:
            return None
        told = "; ".join(
            self.env._(
                "%(column)s: here %(here)s, in the file %(there)s",
                column=columns[name],
                here=here,
                there=there,
            )
            for name, here, there in found
        )
        words = self.env._("%s. The case is here already and stays as it is.", told)
        return columns[found[0][0]], words
