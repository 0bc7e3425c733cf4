import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.web.controllers.binary import Binary

from ..models.files.names import CIVIC_MODELS


class CivicBinary(Binary):
    @http.route()
    def upload_attachment(self, model, id, ufile, callback=None):
        """Say to officers why a file is not accepted; Odoo would hide the reason."""
        if model not in CIVIC_MODELS:
            return super().upload_attachment(model, id, ufile, callback)
        uploads = request.httprequest.files.getlist("ufile")
        return json.dumps([self._civic_upload(model, id, upload) for upload in uploads])

    def _civic_upload(self, model, res_id, upload):
        upload.stream.seek(0)
        try:
            with request.env.cr.savepoint():
                attachment = request.env["ir.attachment"].create(
                    {
                        "name": upload.filename,
                        "raw": upload.read(),
                        "res_model": model,
                        "res_id": int(res_id),
                    }
                )
        except UserError as error:
            return {"error": error.args[0]}
        return {
            "id": attachment.id,
            "filename": attachment.name,
            "mimetype": attachment.mimetype,
            "size": attachment.file_size,
        }
