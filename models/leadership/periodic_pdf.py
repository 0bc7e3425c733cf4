from odoo import models
from odoo.tools.pdf import merge_pdf

BODY = "civic_report.periodic"
ANNEXES = "civic_report.periodic_annexes"


class CivicPeriodicReport(models.Model):
    """The document itself: the body upright, annexes across (Nghị định 30/2020)."""

    _inherit = "civic.periodic.report"

    def _make_pdf_sudo(self):
        """Draw the document of a report that the caller may read.

        Annexes are drawn apart: their pages lie across and have numbers of their own.

        :return: bytes
        :raises UserError: when the printing program does not answer
        """
        self.ensure_one()
        # sudo: readers have no rights on the actions that draw
        actions_sudo = self.env["ir.actions.report"].sudo()
        actions_sudo = actions_sudo.with_context(lang=self._document_lang())
        names = [BODY, *([ANNEXES] if self.sudo()._tables() else [])]
        drawn = [actions_sudo._render_qweb_pdf(name, self.ids)[0] for name in names]
        return merge_pdf(drawn) if drawn[1:] else drawn[0]

    def _document_lang(self):
        return self._vietnamese(self).env.lang

    def _file_name(self, kind):
        """What the file is called, without signs that systems refuse.

        :param kind: pdf or xlsx
        """
        number = (self.number or self.env._("draft")).replace("/", "-")
        return f"bao-cao-{self.period_to}-{number}.{kind}"
