from odoo import api, models

from ...tools.text import clean

# Acts whose files and reminders are leaders'.
DIRECTIVE, EXPLANATION = "civic.directive", "civic.explanation"
DIRECTIVE_ANSWER = "civic.directive.answer"
ACT_MODELS = (DIRECTIVE, EXPLANATION)
ACT_FILES = (DIRECTIVE, DIRECTIVE_ANSWER)


class CivicAct(models.AbstractModel):
    """What leaders do beside reports: it goes through the door as any case, and has a
    history of its own."""

    _name = "civic.act"
    _inherit = ["civic.case"]
    _description = "Act of leaders"

    # Callers link to what they may read: names of links are read past their rights.
    _links_on_create = frozenset({"many2one", "many2many", "one2many"})
    # Field of the history that names these records.
    _act_link = None
    # What people type, kept without its tricks: on one line, on several.
    _typed_lines, _typed_texts = (), ()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._cleaned_words(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._cleaned_words(vals))

    @api.model
    def _cleaned_words(self, vals):
        typed = {
            **dict.fromkeys(self._typed_lines, False),
            **dict.fromkeys(self._typed_texts, True),
        }
        return {
            name: clean(value, multiline=typed[name])
            if name in typed and isinstance(value, str)
            else value
            for name, value in vals.items()
        }

    def _react_record(self, act):
        result = super()._react_record(act)
        about = act.about
        agency = about.agency_id if about is not None else None
        self._log_act(act.transition.code, act.note, agency)
        return result

    def _log_act(self, code, note=None, agency=None):
        """Add an event to the history of each of these acts.

        :param agency: civic.agency that it is about, where the act has several
        :return: civic.act.event, elevated
        """
        door = self._elevated()
        user = self._event_user()
        return (
            self.env["civic.act.event"]
            .with_env(door.env)
            .create(
                [
                    {
                        self._act_link: record.id,
                        "company_id": record.company_id.id,
                        "agency_id": (agency or record._act_agency()).id,
                        "code": code,
                        "user_id": user.id,
                        "at": record._now(),
                        "note": note,
                    }
                    for record in door
                ]
            )
        )

    def _act_agency(self):
        """The one agency that it is about; empty for none or several."""
        names = self._fields
        return self.agency_id if "agency_id" in names else self.env["civic.agency"]

    def _led_agency_ids(self):
        """Ids of the agencies for which the caller acts as a leader, branches with
        them."""
        return set(self.env.user._civic_role_agency_ids("leader"))
