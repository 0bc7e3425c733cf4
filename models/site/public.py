from odoo import api, models

from ..files.names import CIVIC_MODELS
from ..files.shown import PUBLIC_KINDS
from .shape import CITIZEN_FIELDS


class CivicReport(models.Model):
    """What citizens may read of reports, and the files that everybody may see."""

    _inherit = "civic.report"

    @api.model
    def _has_field_access(self, field, operation):
        """Citizens read what says no more than what is public: a field that is added
        later, the exact place and the names of officers are not."""
        return super()._has_field_access(field, operation) and (
            self.env.su or field.name in CITIZEN_FIELDS or self.env.user._is_internal()
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Odoo groups by many2manys that the caller may not read."""
        field = self._fields.get(groupby_spec.split(":")[0].split(".")[0])
        if field:
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _letter_words(self):
        """Number and date of the official letters behind the answer. The letter itself
        bears the sender's name: it is the sender's alone."""
        return [
            self.env._(
                "Official letter %(number)s of %(date)s",
                number=part.letter_number,
                date=part.letter_date.strftime("%d/%m/%Y"),
            )
            for part in self._answered_parts()
            if part.letter_number and self.published_at
        ]

    def _public_file_values(self):
        """Addresses of what everybody may see and hear.

        :return: dict of lists: pictures (all), before, evidence (those by which an
            agency shows what was done), recordings (dicts: path, kind)
        """
        values = {"pictures": [], "before": [], "evidence": [], "recordings": []}
        for index, (source, file) in enumerate(self._public_files()):
            path = f"/phan-anh/anh/{self.name.lower()}/{index}"
            kind = file.mimetype.split("/")[0]
            if kind != "image":
                values["recordings"].append({"path": path, "kind": kind})
                continue
            values["pictures"].append(path)
            is_evidence = source.res_model != self._name
            values["evidence" if is_evidence else "before"].append(path)
        return values

    def _public_files(self):
        """What the Centre has ticked, as the Centre has edited it, in the order sent;
        never an original.

        :return: list of (ir.attachment that was ticked, the one that is shown)
        """
        # All of them first: a list then reads those of all its reports at once.
        ticked = [
            (file, shown)
            for file, shown in self.public_attachment_ids._civic_shown()
            if file.res_model in CIVIC_MODELS
            and (file.mimetype or "").startswith(PUBLIC_KINDS)
        ]
        return sorted(ticked, key=lambda pair: pair[0].id)

    def _public_position(self):
        """Where it is, or None.

        :return: dict: latitude, longitude
        """
        if not self.map_cell:
            return None
        # A metre is enough to find it.
        return {
            "latitude": round(self.latitude, 5),
            "longitude": round(self.longitude, 5),
        }

    def _public_moment(self):
        """When what everybody sees of this report last changed, as far as its course
        tells."""
        return max(
            moment
            for moment in (
                self.received_at,
                self.dispatched_at,
                self.resolved_at,
                self.published_at,
                self.closed_at,
                self.rated_at,
            )
            if moment
        )
