"""What is told of a duplicate speaks of the same person: others' are joined; of a
penalty, what the regulation says of the time; of what came by a way that is closed,
where to turn; and of a turn without a deadline, none."""

from lxml import etree
from psycopg2.extras import Json

from odoo.tools import file_open

FILES = {
    "notice_mark_duplicate": "data/notices/intake.xml",
    "notice_mark_duplicate_sms": "data/notices/intake.xml",
    "notice_send": "data/notices/intake.xml",
    "notice_send_sms": "data/notices/intake.xml",
    "notice_receive": "data/notices/intake.xml",
    "notice_receive_sms": "data/notices/intake.xml",
    "notice_penalty": "data/notices/handling.xml",
    "notice_duty": "data/notices/duty.xml",
    "notice_duty_sms": "data/notices/duty.xml",
}


def migrate(cr, version):
    for name, path in FILES.items():
        with file_open(f"civic_report/{path}", "rb") as file:
            record = etree.parse(file).find(f".//record[@id='{name}']")
        for field in record.findall("field"):
            column = field.get("name")
            if column not in ("subject", "body"):
                continue
            # Translations come with the terms, after this; what somebody has edited
            # is left alone.
            cr.execute(
                f"""
                UPDATE civic_notice notice
                   SET {column} = %s
                  FROM ir_model_data data
                 WHERE data.module = 'civic_report' AND data.name = %s
                   AND data.model = 'civic.notice' AND data.res_id = notice.id
                   AND notice.write_uid = 1
                """,
                [Json({"en_US": field.text}), name],
            )
