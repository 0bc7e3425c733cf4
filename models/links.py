from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Command

LINKS = frozenset({"many2one", "many2many", "one2many"})


def _linked_ids(value):
    """Ids of records that a value of a relational field links to.

    :param value: an id, or a list of ids and commands, as callers send them
    """
    if isinstance(value, int):
        return {value}
    ids = set()
    for command in value if isinstance(value, (list, tuple)) else ():
        if isinstance(command, int):
            ids.add(command)
        elif command[0] in (Command.LINK, Command.UPDATE):
            ids.add(command[1])
        elif command[0] == Command.SET:
            ids.update(command[2])
    return {id_ for id_ in ids if isinstance(id_, int) and id_}


class CivicLinks(models.AbstractModel):
    """Callers link only to records that they may read.

    Names of many2ones and related fields are read past the rights of who asks: a link
    to a foreign record would show it, even in a form that is never saved.
    """

    _name = "civic.links"
    _description = "Checked links"

    # Types of fields to look at on creation.
    _links_on_create = LINKS

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_linked(vals, self._links_on_create)
        return super().create(vals_list)

    def write(self, vals):
        self._check_linked(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """As everywhere; for links and defaults that the caller may read.

        :raises MissingError: as for records that do not exist
        """
        # What the record links to already is its own affair.
        self._check_linked(values, known=self)
        self._check_linked(
            {
                name.removeprefix("default_"): value
                for name, value in self.env.context.items()
                if name.startswith("default_")
            }
        )
        return super().onchange(values, field_names, fields_spec)

    def _check_linked(self, vals, types=LINKS, known=None):
        """Refuse links to records that the caller may not read.

        :param types: types of fields to look at
        :param known: a record whose links are not looked at again
        :raises MissingError: as for records that do not exist
        """
        if self.env.su:
            return
        for name, value in vals.items():
            field = self._fields.get(name)
            if not value or field is None or field.type not in types:
                continue
            ids = _linked_ids(value)
            if known:
                # sudo: only to leave out what stands there
                ids -= set(known.sudo()[name].ids)
            linked = self.env[field.comodel_name].browse(ids)
            if linked.exists()._filtered_access("read") != linked:
                linked.invalidate_recordset()  # as in `not_found`
                raise MissingError(
                    self.env._(
                        "Not found: %s names what does not exist or is not yours to "
                        "see.",
                        field._description_string(self.env),
                    )
                )
