"""Reports that say of their sender otherwise than is known: their words are masked by
that, too, when `post-words` masks them."""


def migrate(cr, version):
    cr.execute("SELECT to_regclass('civic_statement')")
    if not cr.fetchone()[0]:
        return
    cr.execute(
        "ALTER TABLE civic_report ADD COLUMN IF NOT EXISTS has_statement boolean"
    )
    cr.execute(
        "UPDATE civic_report SET has_statement = TRUE "
        "WHERE id IN (SELECT report_id FROM civic_statement)"
    )
