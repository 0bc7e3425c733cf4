"""Whose turn it is, the table of turns tells; the notices that told the same people of
the same by other words are used no more. What waits for the Centre already is
reminded of."""

EVENTS = ("consult", "ask_concurrence", "ask_designation", "escalate")
OFFICERS = ("agency", "handler", "province")


def migrate(cr, version):
    # Kept, since messages that were sent name them; and what the province wrote.
    cr.execute(
        """
        UPDATE civic_notice notice
           SET active = FALSE
          FROM ir_model_data known
         WHERE known.module = 'civic_report' AND known.model = 'civic.notice'
           AND known.res_id = notice.id
           AND notice.event IN %s AND notice.audience IN %s
        """,
        [EVENTS, OFFICERS],
    )
    for table, state in (("civic_extension", "asked"), ("civic_question", "new")):
        cr.execute(
            f"""
            UPDATE {table} SET remind_at = now() AT TIME ZONE 'UTC'
             WHERE state = %s AND remind_at IS NULL
            """,
            [state],
        )
