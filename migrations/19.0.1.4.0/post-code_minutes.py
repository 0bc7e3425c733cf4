"""How long a one-time code is valid is filled in; all else that somebody has written
around it stays."""

WRITTEN, FILLED_IN = r"\m10 (minutes|phút)", r"{valid_minutes} \1"


def migrate(cr, version):
    for column in ("body", "discreet_body"):
        cr.execute(
            f"""
            UPDATE civic_notice
               SET {column} = regexp_replace(
                       {column}::text, %(written)s, %(filled_in)s, 'g'
                   )::jsonb
             WHERE event = 'code' AND {column}::text ~ %(written)s
            """,
            {"written": WRITTEN, "filled_in": FILLED_IN},
        )
