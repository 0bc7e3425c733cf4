import secrets

from odoo import models

# In the context of pages whose scripts are marked, see `ir.http`.
MARKED = "civic_marked_scripts"
# Stands in compiled templates, which serve many requests, for the nonce of each. It is
# never sent, so that nobody can write it into what a page shows.
PLACEHOLDER = secrets.token_urlsafe(18)


class IrQweb(models.AbstractModel):
    """Scripts of templates are told from those that somebody smuggles into a page: on
    pages of this module alone, each bears the nonce that the page's policy names.
    """

    _inherit = "ir.qweb"

    def _get_template_cache_keys(self):
        return [*super()._get_template_cache_keys(), MARKED]

    def _post_processing_att(self, tagName, atts):  # noqa: N803 - Odoo's name
        atts = super()._post_processing_att(tagName, atts)
        if tagName == "script" and self.env.context.get(MARKED):
            atts["nonce"] = PLACEHOLDER
        return atts
