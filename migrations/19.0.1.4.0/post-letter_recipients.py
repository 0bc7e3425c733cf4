"""Recipients that stood in Quảng Ninh's form are data of the procedure now: copies of
it that companies have keep theirs."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    source = {
        code: env.ref(f"civic_report.procedure_{code}").letter_recipients
        for code in ("qn", "bp")
    }
    copies = env["civic.procedure"].search(
        [("letter_form", "=", "official_qn"), ("letter_recipients", "in", (False, ""))]
    )
    for procedure in copies:
        code = "bp" if procedure.code.upper().startswith("BP") else "qn"
        procedure.letter_recipients = source[code]
