from odoo import models
from odoo.tools import SQL

from .move import BATCH


class CivicMerger(models.Model):
    """What both provinces have of one name or one person becomes one, or gets a name
    of its own."""

    _inherit = "civic.merger"

    def _same_wards(self):
        """(id of the one that goes, id of the one that stays): same code and name."""
        return self.env.execute_query(
            SQL(
                """
                SELECT mine.id, other.id
                  FROM civic_ward mine
                  JOIN civic_ward other
                    ON other.code = mine.code AND other.company_id = %s
                   AND other.search_name = mine.search_name
                 WHERE mine.company_id = %s
                """,
                self.company_id.id,
                self.source_id.id,
            )
        )

    def _join_wards(self):
        self._join("civic.ward", self._same_wards())
        self._tell_apart("civic.ward", "code")

    def _same_reporters(self):
        """(id of the one that goes, id of the one that stays): of one account."""
        return self.env.execute_query(
            SQL(
                """
                SELECT mine.id, other.id
                  FROM civic_reporter mine
                  JOIN civic_reporter other
                    ON other.user_hash = mine.user_hash AND other.company_id = %s
                 WHERE mine.company_id = %s
                """,
                self.company_id.id,
                self.source_id.id,
            )
        )

    def _join_reporters(self):
        """The account's owner says who that is: the row that stays is as good."""
        pairs = self._same_reporters()
        for table in self._pairs(pairs):
            self._add_up_reporters(table)
            self._move_originals(table)
        self._join("civic.reporter", pairs)

    def _add_up_reporters(self, table):
        """What binds one of a pair binds the row that stays.

        :param table: SQL of `pair (gone, stays)`
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_reporter stays
                   SET locked_until =
                           greatest(stays.locked_until, gone.locked_until),
                       follow_up_locked_until = greatest(
                           stays.follow_up_locked_until,
                           gone.follow_up_locked_until),
                       violation_count = COALESCE(stays.violation_count, 0)
                           + COALESCE(gone.violation_count, 0),
                       restricted_at =
                           COALESCE(stays.restricted_at, gone.restricted_at),
                       legal_hold = COALESCE(stays.legal_hold, FALSE)
                           OR COALESCE(gone.legal_hold, FALSE),
                       legal_hold_reason = NULLIF(concat_ws(E'\n',
                           stays.legal_hold_reason, gone.legal_hold_reason), ''),
                       legal_hold_by_id = COALESCE(
                           stays.legal_hold_by_id, gone.legal_hold_by_id),
                       legal_hold_at =
                           COALESCE(stays.legal_hold_at, gone.legal_hold_at)
                  FROM civic_reporter gone
                  JOIN %s ON pair.gone = gone.id
                 WHERE stays.id = pair.stays
                """,
                table,
            )
        )

    def _move_originals(self, table):
        """Originals hang on the person who sent them; see `_add_up_reporters`."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment SET res_id = pair.stays FROM %s
                 WHERE res_model = 'civic.reporter' AND res_id = pair.gone
                """,
                table,
            )
        )

    def _join(self, model, pairs):
        """Whatever links to the one links to the other, and the one goes."""
        if not pairs:
            return
        for table, column in self._links_to(model):
            self._relink(table, column, pairs)
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE id IN %s",
                SQL.identifier(self.env[model]._table),
                tuple(gone for gone, _stays in pairs),
            )
        )

    def _links_to(self, model):
        """(table, column) of every foreign key to a model's table."""
        return self.env.execute_query(
            SQL(
                """
                SELECT key.conrelid::regclass::text, attribute.attname
                  FROM pg_constraint key
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = key.conrelid
                   AND attribute.attnum = key.conkey[1]
                 WHERE key.contype = 'f' AND key.confrelid = %s::regclass
                """,
                self.env[model]._table,
            )
        )

    def _pairs(self, pairs):
        """Pairs as tables `pair (gone, stays)`, one for each batch."""
        for start in range(0, len(pairs), BATCH):
            rows = SQL(", ").join(pairs[start : start + BATCH])
            yield SQL("(VALUES %s) AS pair (gone, stays)", rows)

    def _relink(self, table, column, pairs):
        names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
        if self._is_relation(table):
            names["peer"] = SQL.identifier(self._peer(table, column))
        for rows in self._pairs(pairs):
            if "peer" in names:
                # Who has both has one of them.
                self.env.cr.execute(
                    SQL(
                        """
                        DELETE FROM %(table)s mine USING %(table)s other, %(pairs)s
                         WHERE mine.%(column)s = pair.gone
                           AND other.%(column)s = pair.stays
                           AND mine.%(peer)s = other.%(peer)s
                        """,
                        pairs=rows,
                        **names,
                    )
                )
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s SET %(column)s = pair.stays FROM %(pairs)s
                     WHERE %(column)s = pair.gone
                    """,
                    pairs=rows,
                    **names,
                )
            )

    def _columns_of(self, table):
        return [
            name
            for (name,) in self.env.execute_query(
                SQL(
                    """
                    SELECT column_name FROM information_schema.columns
                     WHERE table_schema = current_schema() AND table_name = %s
                    """,
                    table,
                )
            )
        ]

    def _is_relation(self, table):
        """Whether it is the table of a many2many field."""
        return "id" not in self._columns_of(table)

    def _peer(self, table, column):
        return next(name for name in self._columns_of(table) if name != column)

    def _tell_apart(self, model, column):
        """What has the same name in both gets the former province behind it."""
        if column not in self.env[model]._fields:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s mine SET %(column)s = mine.%(column)s || %(mark)s
                  FROM %(table)s other
                 WHERE mine.company_id = %(source)s AND other.company_id = %(target)s
                   AND mine.%(column)s = other.%(column)s
                """,
                table=SQL.identifier(self.env[model]._table),
                column=SQL.identifier(column),
                mark=f"/{self.source_id.id}",
                source=self.source_id.id,
                target=self.company_id.id,
            )
        )

    def _tell_systems_apart(self):
        """Both may have taken over cases of an older system of the same name.

        Where no number is in both it is one system, and stays one: what is there is
        known when the file comes again.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_report mine SET imported_from = mine.imported_from || %s
                 WHERE mine.company_id = %s AND mine.imported_from IN (
                       SELECT one.imported_from
                         FROM civic_report one
                         JOIN civic_report other
                              USING (imported_from, imported_number)
                        WHERE one.company_id = %s AND other.company_id = %s)
                """,
                f" · {self.source_id.name}",
                self.source_id.id,
                self.source_id.id,
                self.company_id.id,
            )
        )

    def _forget_counts(self):
        """Figures are counted anew; the looks of a day are that day's."""
        self.env.cr.execute(
            SQL("DELETE FROM civic_figure WHERE company_id = %s", self.source_id.id)
        )
        self._add_looks()

    def _add_looks(self):
        """Days on which somebody has looked in both are left as they were."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_look_day mine SET company_id = %(target)s
                 WHERE company_id = %(source)s AND NOT EXISTS (
                       SELECT 1 FROM civic_look_day other
                        WHERE other.company_id = %(target)s
                          AND other.user_id = mine.user_id AND other.day = mine.day)
                """,
                source=self.source_id.id,
                target=self.company_id.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_look_allowance allowance SET company_id = day.company_id
                  FROM civic_look_day day WHERE day.id = allowance.day_id
                """
            )
        )
