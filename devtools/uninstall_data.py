# Run in Odoo's shell: some work on reports, and every setting that leaves a trace.
import base64

from odoo.addons.civic_report.tests.rig.common import Province

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class Worked(Province):
    """A province; its people stay, as accounts do."""


Worked.env = env  # noqa: F821 - the shell's
Worked.set_up_province()
province = Worked()
for state in ("new", "processing", "done"):
    report = province.walk_to(state)
province.env["ir.attachment"].with_user(province.operator).create(
    {
        "name": "a.png",
        "raw": PICTURE,
        "res_model": "civic.report",
        "res_id": report.id,
    }
)
Worked.company.civic_email = "phananh@example.com"
Worked.env["website"].search([], limit=1).write(
    {"civic_reports": True, "civic_theme": True}
)
parameters = Worked.env["ir.config_parameter"]
parameters.set_param("civic_report.clamd", "localhost:3310")
parameters.set_param("civic_report.uninstall_after_backup", Worked.env.cr.dbname)
Worked.env.cr.commit()
