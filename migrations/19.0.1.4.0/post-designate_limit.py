"""What waits for the province has a limit: copies of the regulations get it as well, on
each track that has limits of its own. Bắc Giang's guidance names nobody who decides.

What waits already keeps the reminders with which it began.
"""

from odoo import SUPERUSER_ID, api

CODE, DAYS = "designate", 1


def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO civic_procedure_limit
               (procedure_id, track, step, value, unit, sequence, source,
                create_uid, create_date, write_uid, write_date)
        SELECT own.id, track.name, %(code)s, %(days)s, 'working_day',
               CASE track.name WHEN 'normal' THEN 290 ELSE 590 END,
               (SELECT row.source
                  FROM civic_procedure_limit row
                  JOIN civic_procedure shipped ON shipped.id = row.procedure_id
                 WHERE shipped.code = own.code AND shipped.id != own.id
                   AND shipped.company_id IS NULL
                   AND row.step = %(code)s AND row.track = 'normal'),
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM civic_procedure own
    CROSS JOIN (VALUES ('normal'), ('emergency'), ('sensitive')) AS track (name)
         WHERE own.code != 'BG'
           AND (track.name = 'normal'
                OR EXISTS (SELECT FROM civic_procedure_limit row
                            WHERE row.procedure_id = own.id
                              AND row.track = track.name))
           AND NOT EXISTS (SELECT FROM civic_procedure_limit row
                            WHERE row.procedure_id = own.id
                              AND row.track = track.name AND row.step = %(code)s)
        """,
        {"code": CODE, "days": DAYS, "uid": SUPERUSER_ID},
    )
    api.Environment(cr, SUPERUSER_ID, {}).registry.clear_cache()
