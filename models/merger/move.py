from collections import defaultdict
from datetime import datetime

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.codes import CENTURY, parse_report_code

BATCH = 1_000
# Rows that two provinces have of the same name, where each name is to stay its own:
# model → column that gets the former province behind it.
NAMED_ALIKE = {
    "civic.procedure": "code",
    "civic.inbox": "external_id",
    "civic.call": "external_id",
}


class CivicMerger(models.Model):
    """How a province moves.

    Past the ORM: the history is written by nobody, and its rows are to stay as they are
    but for the province that they belong to. As many statements for a million rows.
    """

    _inherit = "civic.merger"

    def _notes(self):
        """What does not stay quite as it is: (words, how many)."""
        _ = self.env._
        yield (
            _("Reports that get another code, and are found by both"),
            self._number(SQL("SELECT count(*) FROM (%s) AS same", self._same_codes())),
        )
        yield (
            _("Wards that are the same in both: one of each stays"),
            len(self._same_wards()),
        )
        yield (
            _("Citizens who have reported to both: their reports come together"),
            len(self._same_reporters()),
        )
        yield (
            _("Gateways that both have: the one of the province that ends is closed"),
            len(self._gateways_alike()),
        )
        yield (
            _("Agencies that keep the working hours of the province that ends"),
            len(self._agencies_to_keep_hours()),
        )
        yield (
            _("Accounts that work in the province that goes on from now"),
            len(self._users()),
        )
        yield _("Sites that lead on"), len(self._sites())

    def _move(self):
        """Move everything; nothing has moved when it fails."""
        self.env.flush_all()
        self._lock()
        self._keep_hours()
        self._close_gateways()
        self._join_wards()
        self._join_reporters()
        renamed = self._give_codes()
        for model, column in NAMED_ALIKE.items():
            self._tell_apart(model, column)
        self._tell_systems_apart()
        self._forget_counts()
        moved = self._reports()
        for model in self._owned():
            self._repoint_company(self.env[model]._table)
        self._repoint_company("ir_attachment", SQL("res_model LIKE 'civic.%%'"))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self._move_people()
        self._write_history(moved, renamed)
        self._close_source()
        self.env.flush_all()

    def _lock(self):
        """Nobody takes a report in meanwhile: their rows would be left behind."""
        self.env.cr.execute("LOCK TABLE civic_report, civic_reporter IN SHARE MODE")

    def _repoint_company(self, table, condition=None):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET company_id = %s WHERE company_id = %s AND %s",
                SQL.identifier(table),
                self.company_id.id,
                self.source_id.id,
                condition or SQL("TRUE"),
            )
        )

    def _reports(self):
        """Ids of the reports that move, the oldest first."""
        return [
            id_
            for (id_,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM civic_report WHERE company_id = %s ORDER BY id",
                    self.source_id.id,
                )
            )
        ]

    # ------------------------------------------------------------------
    # Codes
    # ------------------------------------------------------------------

    def _same_codes(self):
        return SQL(
            """
            SELECT mine.id, mine.name, mine.received_at
              FROM civic_report mine
              JOIN civic_report other
                ON other.name = mine.name AND other.company_id = %s
             WHERE mine.company_id = %s
             ORDER BY mine.id
            """,
            self.company_id.id,
            self.source_id.id,
        )

    def _give_codes(self):
        """Codes that both have given: those that come get another of the same year.

        :return: dict of report id → (former code, code)
        """
        rows = self.env.execute_query(self._same_codes())
        by_year = defaultdict(list)
        for id_, name, received_at in rows:
            by_year[self.company_id._civic_date(received_at).year].append(
                (id_, name, received_at)
            )
        renamed = {}
        taken = self._codes_of_source()
        for same in by_year.values():
            codes = self._free_codes(len(same), same[0][2], taken)
            for (id_, name, _at), code in zip(same, codes, strict=True):
                renamed[id_] = (name, code)
        pairs = [(id_, code) for id_, (_name, code) in renamed.items()]
        for start in range(0, len(pairs), BATCH):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE civic_report report SET name = given.name
                      FROM (VALUES %s) AS given (id, name)
                     WHERE report.id = given.id
                    """,
                    SQL(", ").join(pairs[start : start + BATCH]),
                )
            )
        self._skip_codes()
        return renamed

    def _skip_codes(self):
        """Go on counting after the codes that those that come have kept."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT split_part(name, '-', 1), split_part(name, '-', 2)::int,
                       max(split_part(name, '-', 3)::bigint)
                  FROM civic_report
                 WHERE company_id = %s AND name ~ %s
                 GROUP BY 1, 2
                """,
                self.source_id.id,
                r"^[A-Z]+-[0-9]{2}-[0-9]{6,}$",
            )
        )
        for prefix, year, highest in rows:
            middle = datetime(CENTURY + year, 6, 30)
            [code] = self.company_id._civic_report_codes(1, middle)
            drawn = parse_report_code(code)
            if drawn.prefix == prefix and drawn.number < highest:
                self.company_id._civic_report_codes(highest - drawn.number, middle)

    def _codes_of_source(self):
        return {
            name
            for (name,) in self.env.execute_query(
                SQL(
                    "SELECT name FROM civic_report WHERE company_id = %s",
                    self.source_id.id,
                )
            )
        }

    def _free_codes(self, count, moment, taken):
        """Codes of a year that neither province has given."""
        codes = []
        while len(codes) < count:
            drawn = self.company_id._civic_report_codes(count - len(codes), moment)
            codes += [code for code in drawn if code not in taken]
        return codes

    def _write_history(self, moved, renamed):
        """Each report says where it comes from; one with another code what it was."""
        door = self.env["civic.report"]._elevated()
        events, now = door.env["civic.event"], door._now()
        door.env["civic.report.former.code"].create(
            [
                {
                    "name": former,
                    "report_id": id_,
                    "company_id": self.company_id.id,
                    "former_company_id": self.source_id.id,
                }
                for id_, (former, _code) in renamed.items()
            ]
        )
        for start in range(0, len(moved), BATCH):
            reports = door.browse(moved[start : start + BATCH])
            # Created, not logged: nobody is told.
            events.create(
                [
                    {
                        "report_id": report.id,
                        "company_id": self.company_id.id,
                        "code": "merge",
                        "at": now,
                        "from_state": report.state,
                        "to_state": report.state,
                        "user_id": self.env.user.id,
                        "note": self._note(renamed.get(report.id)),
                    }
                    for report in reports
                ]
            )
            # What searches read holds the code.
            again = reports.filtered(lambda report: report.id in renamed)
            for name in ("search_text", "public_search_text"):
                self.env.add_to_compute(door._fields[name], again)
            self.env.flush_all()
            self.env.invalidate_all()

    def _note(self, codes):
        provinces = f"{self.source_id.name} → {self.company_id.name}"
        changed = codes and f"{codes[0]} → {codes[1]}"
        return "\n".join(filter(None, (provinces, self.basis, changed)))

    # ------------------------------------------------------------------
    # Clocks, gateways, people, sites
    # ------------------------------------------------------------------

    def _agencies_to_keep_hours(self):
        if self.source_id._civic_calendar() == self.company_id._civic_calendar():
            return self.env["civic.agency"]
        agencies = self.env["civic.agency"].with_context(active_test=False)
        return agencies.search(
            [("company_id", "=", self.source_id.id), ("calendar_id", "=", False)]
        )

    def _keep_hours(self):
        """Agencies go on in the working hours that they had, days off among them."""
        if agencies := self._agencies_to_keep_hours():
            agencies.calendar_id = self.source_id._civic_calendar()
        for calendar in self._calendars_that_move():
            for day in self._days_off_of_all():
                day.copy({"calendar_id": calendar.id})
            calendar.company_id = False  # both may read it

    def _calendars_that_move(self):
        """Calendars of the province that ends in which something that moves counts."""
        mine = [("company_id", "=", self.source_id.id)]
        agencies = self.env["civic.agency"].with_context(active_test=False)
        procedures = self.env["civic.procedure"].with_context(active_test=False)
        calendars = (
            agencies.search(mine).calendar_id | procedures.search(mine).calendar_id
        )
        return calendars.filtered_domain(mine)

    def _days_off_of_all(self):
        """Days off that stand in no calendar: they count by the calendar's company."""
        return self.env["resource.calendar.leaves"].search(
            [
                ("company_id", "=", self.source_id.id),
                ("calendar_id", "=", False),
                ("resource_id", "=", False),
            ]
        )

    def _gateways_alike(self):
        gateways = self.env["civic.gateway"]
        kinds = gateways.search([("company_id", "=", self.company_id.id)]).mapped(
            "kind"
        )
        return gateways.search(
            [("company_id", "=", self.source_id.id), ("kind", "in", kinds)]
        )

    def _close_gateways(self):
        self._gateways_alike().active = False

    def _users(self):
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("company_ids", "in", self.source_id.ids)])

    def _sites(self):
        return self.env["website"].search([("company_id", "=", self.source_id.id)])

    def _move_people(self):
        """Accounts work where their reports are; sites and mailboxes lead there."""
        for user in self._users():
            user.company_ids = [Command.link(self.company_id.id)]
            if user.company_id == self.source_id:
                user.company_id = self.company_id
        sites = self._sites()
        for site in sites:
            former = site.civic_former_company_id or self.source_id
            site.write(
                {
                    "company_id": self.company_id.id,
                    "civic_former_company_id": former.id,
                }
            )
        mailboxes = self.env["fetchmail.server"].with_context(active_test=False)
        mailboxes.search([("civic_company_id", "=", self.source_id.id)]).write(
            {"civic_company_id": self.company_id.id}
        )

    def _close_source(self):
        """Nothing more comes in there."""
        self.source_id.write(
            {
                "civic_procedure_id": False,
                "civic_next_procedure_id": False,
                "civic_next_date": False,
            }
        )
