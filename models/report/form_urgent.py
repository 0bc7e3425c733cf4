from odoo import api, models

# How much of a description is its subject where no other is given.
SUBJECT_CHARS = 80


class CivicForm(models.AbstractModel):
    """In an emergency nothing is asked for but what and where (MATRIX: tracks)."""

    _inherit = "civic.form"

    @api.model
    def _is_urgent_form(self, form, category):
        """Whether a form tells of an emergency: its category, or whoever fills it in,
        says so."""
        said = form.get("danger") or form.get("emergency")
        return bool(said) or category.track == "emergency"

    @api.model
    def _read_urgent(self, text, form, category, errors):
        """Ask for what and where alone; what is said once is not asked for twice.

        :param text: dict of the form's texts; subject and description are completed
        """
        if not (text["subject"] or text["description"]):
            errors["description"] = self.env._("Describe what is wrong.")
        said = text["description"]
        if not text["subject"]:
            short = " ".join(said.split())[:SUBJECT_CHARS].strip()
            text["subject"] = short if len(said) <= SUBJECT_CHARS else f"{short}…"
        if not said:
            text["description"] = text["subject"]
        if not (text["address"] or self._has_place(form)):
            errors["address"] = self.env._(
                "Say where it is: street, village, landmark."
            )

    @api.model
    def _has_place(self, form):
        """Whether a position or a ward says where it is."""
        position = form.get("latitude") and form.get("longitude")
        return bool(position or (form.get("ward_id") or "").strip())
