from odoo import api, models


class CivicCached(models.AbstractModel):
    """Small tables that are read from the registry's cache: a change empties it."""

    _name = "civic.cached"
    _description = "Read from the cache"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
