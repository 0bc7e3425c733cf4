import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import borders

# Names of what was not found that are told; a file of another province has hundreds.
MOST_TOLD = 20


class CivicLoadBorders(models.TransientModel):
    """Enter the borders of wards from one GeoJSON file, as land offices and open maps
    give it out."""

    _name = "civic.load.borders"
    _description = "Load borders of wards"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    upload = fields.Binary("GeoJSON File", required=True, attachment=False)
    upload_name = fields.Char()

    def action_confirm(self):
        """Give each ward of the file its border, found by official code, else by name.

        Nothing is entered when an area of a known ward is faulty: half a map misleads.
        """
        self.ensure_one()
        wards = self.env["civic.ward"].search([("company_id", "=", self.company_id.id)])
        by_code = {ward.code: ward for ward in wards if ward.code}
        by_name = wards.grouped(lambda ward: borders.ward_key(ward.name))
        entered, unknown = wards.browse(), []
        for code, name, geometry in self._read_features():
            named = by_name.get(borders.ward_key(name), wards.browse())
            # Two wards of one name are told apart by their codes alone.
            ward = by_code.get(code) or (named if len(named) == 1 else wards.browse())
            if not ward:
                unknown.append(name or code)
                continue
            ward.border = self._border_of(ward, geometry)
            entered |= ward
        return self._outcome_note(entered, wards - entered, unknown)

    def _read_features(self):
        """:return: list of (code, name, geometry)
        :raises UserError: it is no such file
        """
        try:
            text = base64.b64decode(self.upload).decode("utf-8-sig")
            return borders.read_collection(text)
        except UnicodeDecodeError:
            code = borders.NOT_JSON
        except borders.InvalidBorder as fault:
            code = str(fault)
        if code == borders.NOT_AREA:
            raise UserError(
                self.env._(
                    "This file is no collection of areas: export all wards of the "
                    "province together, as one GeoJSON file (FeatureCollection)."
                )
            )
        raise UserError(self.env["civic.ward"]._border_fault(code))

    def _border_of(self, ward, geometry):
        try:
            return borders.as_text(borders.read_geometry(geometry))
        except borders.InvalidBorder as fault:
            raise UserError(
                self.env._(
                    "%(ward)s: %(fault)s",
                    ward=ward.name,
                    fault=self.env["civic.ward"]._border_fault(str(fault)),
                )
            )

    def _outcome_note(self, entered, missing, unknown):
        """How many were found, and which not."""
        _ = self.env._
        lines = [_("Borders entered: %s.", len(entered))]
        for label, names in (
            (_("Wards without a border"), missing.filtered(_has_none).mapped("name")),
            (_("In the file, and no ward here"), unknown),
        ):
            if names:
                more = "…" if len(names) > MOST_TOLD else ""
                lines.append(f"{label}: {', '.join(names[:MOST_TOLD])}{more}")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if missing or unknown else "success",
                "sticky": bool(missing or unknown),
                "message": " ".join(lines),
                "next": {
                    "type": "ir.actions.act_window",
                    "name": _("Wards"),
                    "res_model": "civic.ward",
                    "views": [[False, "list"], [False, "form"]],
                },
            },
        }


def _has_none(ward):
    return not ward.has_border
