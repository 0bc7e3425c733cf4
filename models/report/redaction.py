from odoo import fields, models
from odoo.exceptions import MissingError, UserError

from ...tools import media
from ..files.media import MEDIA_MODEL
from ..ground.guard import id_of


class CivicReport(models.Model):
    _inherit = "civic.report"

    media_ids = fields.One2many(
        MEDIA_MODEL,
        "report_id",
        "Files and What They Tell",
        readonly=True,
        groups="civic_report.group_operator",
    )

    def redact(self, attachment_id, boxes):
        """Make the version of a picture that the public sees: black boxes on it.

        The picture stays as it is for the Centre and the agencies; boxes are always
        drawn on it anew, so that none of them is ever for good. No boxes: the public
        sees the picture itself.

        :param attachment_id: id of a picture of this report or of an agency's result
        :param boxes: list of [x, y, width, height] in shares of the picture
        :raises MissingError: for a picture that is not this report's
        :raises UserError: for boxes that are none
        """
        self.ensure_one()
        report = self._enter("redact")
        picture = report._redactable(id_of(attachment_id))
        try:
            boxes = media.checked_boxes(boxes)
        except ValueError as error:
            raise UserError(
                self.env._("Draw at most %s boxes on the picture.", media.MAX_BOXES)
            ) from error
        row = picture._civic_media_row()
        if (row.redactions or []) == [list(box) for box in boxes]:
            return True  # a second click
        row._redact(boxes)
        report._walk(
            "redact",
            note=self.env._(
                "%(picture)s: %(count)s black boxes",
                picture=picture.name,
                count=len(boxes),
            ),
        )
        return True

    def _result_files(self, assignments=None):
        """Files that show what was done: those of agencies.

        :param assignments: whose; by default all of them
        :return: ir.attachment
        """
        parts = self.assignment_ids if assignments is None else assignments
        return parts.result_attachment_ids

    def _redactable(self, attachment_id):
        """The picture of this id if it is one that may be published.

        :raises MissingError: for any other
        """
        files = self.attachment_ids | self._result_files()
        picture = files.filtered(
            lambda file: (
                file.id == attachment_id and (file.mimetype or "").startswith("image/")
            )
        )
        if not picture:
            raise MissingError(
                self.env._("Not found: it is not a picture of this report.")
            )
        return picture

    def _log_infected(self, virus, name):
        """The history says that a file with a virus came, or was found."""
        for report in self:
            report._log_note("infected", f"{name}: {virus}")


class CivicMedia(models.Model):
    _inherit = "civic.media"

    def _scanned(self, virus):
        result = super()._scanned(virus)
        if virus:
            self._inside_rows().report_id._log_infected(virus, self.name)
        return result
