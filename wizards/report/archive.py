from odoo import fields, models


class CivicWizardArchive(models.TransientModel):
    """Hand reports over to the archives (HUE Điều 14.1)."""

    _name = "civic.wizard.archive"
    _description = "Package for the archives"

    what = fields.Char(
        "Year or Code",
        required=True,
        default=lambda self: str(self.env.company._civic_today().year - 1),
        help="The year in which reports came in, such as 2026, or the code of one.",
    )

    def action_confirm(self):
        """Download the package.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/civic_report/archive/{self.what.strip()}",
            "target": "download",
        }
