from odoo.tests import Form

from .common import CivicCase

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


class WizardCase(CivicCase):
    def wizard(self, model, record, **context):
        """The form of a dialog, opened on a record by the record's user."""
        return Form(
            record.env[model].with_context(
                active_model=record._name, active_id=record.id, **context
            )
        )

    def picture(self, record, name="anh.png"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": PIXEL,
                "mimetype": "image/png",
                "res_model": record._name,
                "res_id": record.id,
            }
        )
