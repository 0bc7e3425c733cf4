"""113's form asks for witnesses and persons concerned (BP Điều 6.2a): a question that
provinces with the category already lack."""

from odoo import SUPERUSER_ID, api

QUESTION = {
    "name": "civic_concerned",
    "string": "Người biết việc, người liên quan: mấy người, ở đâu (không ghi tên)",
    "type": "text",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    category = env.ref(
        "civic_report.category_emergency_police", raise_if_not_found=False
    )
    asked = category and (category.report_properties_definition or [])
    if category and QUESTION["name"] not in [row["name"] for row in asked]:
        category.report_properties_definition = [*asked, QUESTION]
