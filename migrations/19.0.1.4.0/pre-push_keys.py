"""Devices that follow already know the server by the keys that were Odoo's."""

OLD = "mail.web_push_vapid"
NEW = "civic_report.follow_vapid"


def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO ir_config_parameter (key, value, create_date, write_date)
        SELECT replace(key, %(old)s, %(new)s), value, create_date, write_date
          FROM ir_config_parameter
         WHERE key IN (%(old)s || '_private_key', %(old)s || '_public_key')
            ON CONFLICT (key) DO NOTHING
        """,
        {"old": OLD, "new": NEW},
    )
