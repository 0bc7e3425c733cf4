"""No account of a citizen stays on rows: the technical user stands there instead.

What officers wrote as citizens cannot be told from their work and stays.
"""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 10000
# Tables of Odoo, and which of their rows are about our records.
BESIDE = {"ir_attachment": "res_model", "mail_activity": "res_model"}


def migrate(cr, version):
    cr.execute(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'civic_report' AND name = 'user_citizen'"
    )
    [citizen] = cr.fetchone()
    cleared = sum(_clear(cr, table, citizen) for table in _tables(cr))
    _logger.info("accounts of citizens taken off %s rows", cleared)


def _tables(cr):
    cr.execute(
        """
        SELECT table_name
          FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
           AND column_name = 'write_uid'
           AND (starts_with(table_name, 'civic_') OR table_name IN %s)
        """,
        [tuple(BESIDE)],
    )
    return [table for (table,) in cr.fetchall()]


def _clear(cr, table, citizen):
    """:return: how many rows were changed"""
    about = SQL("TRUE")
    if table in BESIDE:
        about = SQL("starts_with(%s, 'civic.')", SQL.identifier(BESIDE[table]))
    cleared, last = 0, 0
    while True:
        cr.execute(
            SQL(
                """
                WITH people AS (
                    SELECT id FROM res_users WHERE share AND id != %(citizen)s
                ), rows AS (
                    SELECT id FROM %(table)s
                     WHERE id > %(last)s AND %(about)s
                       AND (create_uid IN (SELECT id FROM people)
                            OR write_uid IN (SELECT id FROM people))
                     ORDER BY id LIMIT %(batch)s
                )
                UPDATE %(table)s AS cleared
                   SET create_uid = CASE
                           WHEN create_uid IN (SELECT id FROM people)
                           THEN %(citizen)s ELSE create_uid END,
                       write_uid = CASE
                           WHEN write_uid IN (SELECT id FROM people)
                           THEN %(citizen)s ELSE write_uid END
                  FROM rows WHERE rows.id = cleared.id
             RETURNING cleared.id
                """,
                citizen=citizen,
                table=SQL.identifier(table),
                last=last,
                about=about,
                batch=BATCH,
            )
        )
        ids = [id_ for (id_,) in cr.fetchall()]
        if not ids:
            return cleared
        cleared, last = cleared + len(ids), max(ids)
