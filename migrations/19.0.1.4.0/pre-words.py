"""Columns for what is read of citizens' words outside the Centre.

Made here, so that Odoo does not compute them for all rows at once; `post-words` does it
in batches.
"""

from odoo.tools import SQL

COLUMNS = {
    "civic_report": {
        "subject_masked": "varchar",
        "description_masked": "text",
        "standardised_description_masked": "text",
        "supplied_text_masked": "text",
        "address_masked": "varchar",
        "rating_comment_masked": "text",
        "report_properties_masked": "jsonb",
    },
    "civic_interaction": {"body_masked": "text"},
    "civic_event": {"note_masked": "text"},
    "civic_violation": {"appeal_text_masked": "text"},
}


def migrate(cr, version):
    for table, columns in COLUMNS.items():
        for column, kind in columns.items():
            cr.execute(
                SQL(
                    "ALTER TABLE IF EXISTS %s ADD COLUMN IF NOT EXISTS %s %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL(kind),
                )
            )
