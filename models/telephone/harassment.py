from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import required_text


class CivicCall(models.Model):
    """Calls that harass are verified and passed on (ST Điều 20)."""

    _inherit = "civic.call"

    def verify(self, kind, note):
        """Find, having checked, that a call was harassing (ST Điều 20.2, bước 1).

        :param kind: "harassment" (calling again and again) or "insult"
        :param note: what was found
        """
        self.ensure_one()
        call = self._enter("verify")
        if kind not in ("harassment", "insult"):
            raise UserError(self.env._("Choose what kind of violation it is."))
        note = required_text(self.env, note, self.env._("what was found"))
        call._walk("verify", {"kind": "harassment"}, note=note)
        self.env["civic.violation"].with_env(call.env)._find(
            [
                {
                    "about": "call",
                    "call_id": call.id,
                    "company_id": call.company_id.id,
                    "kind": kind,
                    "note": note,
                    "sent_at": call.called_at,
                    "source": call.company_id._civic_procedure()._conduct_words(
                        "harassment_source"
                    ),
                }
            ]
        )
        return True

    def extract_recording(self, recording=None, recording_name=None):
        """Extract the recording of a harassing call (ST Điều 20.2, bước 1).

        :param recording: base64 of the file, where none was kept with the call
        :param recording_name: its name
        """
        self.ensure_one()
        call = self._enter("extract_recording")
        values = {}
        if recording:
            values.update(self._sealed_recording(recording, call.vault_ref))
            values["recording_name"] = clean(recording_name or "", multiline=False)
        elif not call.has_recording:
            raise UserError(self.env._("Add the recording of the call."))
        name = values.get("recording_name", call.recording_name)
        call._walk("extract_recording", values, note=name)
        return True

    def pass_on(self, agency_id, document, date):
        """Pass a harassing call to the competent body (ST Điều 20.2, bước 2).

        :param agency_id: id of the civic.agency that deals with it
        :param document: number of the letter
        :param date: its date
        """
        self.ensure_one()
        call = self._enter("pass_on")
        agency = self.env["civic.report"]._known_agencies([agency_id])
        if not agency or agency.company_id != call.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        document = required_text(
            self.env, document, self.env._("the number of the letter")
        )
        date = fields.Date.to_date(date)
        if not date or date > call.company_id._civic_today():
            raise UserError(self.env._("Give the date of the letter."))
        call._walk(
            "pass_on",
            {"agency_id": agency.id, "document": document, "passed_on": date},
            note=f"{agency.name} · {document}",
        )
        return True

    def record_result(self, result):
        """Record what the competent body has told (ST Điều 20.2, bước 3).

        :param result: its words
        """
        self.ensure_one()
        call = self._enter("record_result")
        result = required_text(self.env, result, self.env._("the result"))
        call._walk("record_result", {"result": result}, note=result)
        return True
