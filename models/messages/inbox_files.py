import io

from PIL import Image

from odoo import models

from ...tools import media

# Smaller pictures within a text are the icons of a signature.
ICON_BYTES = 5_000
ICON_PIXELS = 100
ICON_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "ICO")


class CivicInbox(models.Model):
    """Files that come by mail: the largest are kept, icons are not."""

    _inherit = "civic.inbox"

    def _read_files(self, mail):
        """Files that are accepted, and in words those that are not.

        Icons of a signature are left out; where there are too many files, the largest
        are kept, in the order in which they came.

        :param mail: `tools.mail.Mail`
        :return: (list as `_civic_read` gives it, words for the sender, list of words
            for the Centre)
        """
        _ = self.env._
        numbered = list(enumerate(mail.files, start=1))
        wanted = [(index, file) for index, file in numbered if not _is_icon(file)]
        notes = []
        if len(wanted) < len(numbered):
            icons = len(numbered) - len(wanted)
            notes.append(_("Small pictures of a signature left out: %s.", icons))
        attachments = self.env["ir.attachment"].with_company(self.company_id)
        most = self.company_id._civic_upload_limits().files
        accepted, refused = {}, {}
        for index, file in sorted(wanted, key=lambda row: (-len(row[1].data), row[0])):
            if len(accepted) == most:
                break
            try:
                accepted[index] = attachments._civic_read_one(file.data, index)
            except media.MediaError as error:
                refused[index] = attachments._civic_media_message(error, index)
        words = [refused[index] for index in sorted(refused)]
        left = len(wanted) - len(accepted) - len(refused)
        if left:
            words.append(_("At most %s files are accepted.", most))
            notes.append(_("Files left out, the smallest ones: %s.", left))
        return [accepted[index] for index in sorted(accepted)], "\n".join(words), notes


def _is_icon(file):
    """Whether a picture within a text is too small to show anything."""
    if not file.is_inline:
        return False
    try:
        with Image.open(io.BytesIO(file.data), formats=ICON_FORMATS) as picture:
            size = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    is_light = len(file.data) < ICON_BYTES and min(size) < ICON_PIXELS
    return is_light or max(size) < ICON_PIXELS
