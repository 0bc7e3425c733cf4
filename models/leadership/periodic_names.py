from odoo import api, models

from .periodic_demand import FILTERS

MODELS = {**FILTERS, "level": "civic.rating.level"}


class CivicPeriodicReport(models.Model):
    """Names, in the language of the document."""

    _inherit = "civic.periodic.report"

    @api.model
    def _vietnamese(self, records):
        """Records whose names are those of documents: in Vietnamese where it is
        installed."""
        installed = dict(self.env["res.lang"].get_installed())
        return records.with_context(lang="vi_VN") if "vi_VN" in installed else records

    def _names_of(self, dimension, keys):
        """Names by id, in one query."""
        ids = [key for key in dict.fromkeys(keys) if key]
        model = self.env[MODELS[dimension]].with_context(active_test=False)
        records = self._vietnamese(model.browse(ids).exists())
        return {record.id: record.name for record in records}

    @api.model
    def _unknown_words(self, dimension):
        return {
            "category": "Chưa phân loại, hoặc mật",
            "ward": "Không rõ địa bàn, hoặc mật",
            "channel": "Không rõ kênh, hoặc mật",
        }[dimension]

    @api.model
    def _people_names(self, rows):
        ids = {row[name] for row in rows for name in ("handler_id", "leader_id")}
        people = self.env["res.users"].with_context(active_test=False)
        return {user.id: user.name for user in people.browse(filter(None, ids))}

    def _local_day(self, moment):
        """The day of a naive UTC datetime, or of a date, as text."""
        if not moment:
            return ""
        if not hasattr(moment, "hour"):
            return str(moment)
        return str(self.company_id._civic_date(moment))

    def _step_words(self, code):
        steps = self._vietnamese(self.env["civic.step"])
        return dict(steps._selection_code()).get(code) or ""
