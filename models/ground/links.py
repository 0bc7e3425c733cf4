import re
from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Command
from odoo.orm.identifiers import NewId

LINKS = frozenset({"many2one", "many2many", "one2many"})
# What forms call lines that are not saved: never a number.
_VIRTUAL = re.compile(r"[a-z]+_?[0-9a-z_]*", re.IGNORECASE)


class OddLink(ValueError):
    """A value that no form sends for a relational field, and that Odoo may still take
    for a record."""


@dataclass
class Linked:
    """What a value of a relational field links to.

    :param ids: ids of records
    :param forms: list of (id or 0, values): what is written to records that it names or
        makes, in which there may be links again
    """

    ids: set = field(default_factory=set)
    forms: list = field(default_factory=list)

    def add(self, id_):
        """:raises OddLink: for what is no id"""
        if isinstance(id_, NewId):
            id_ = id_.origin or False
        if not id_ or isinstance(id_, str) and _VIRTUAL.fullmatch(id_):
            return 0
        # Odoo takes True for 1 and "5" for 5.
        if type(id_) is not int:
            raise OddLink(id_)
        self.ids.add(id_)
        return id_

    def add_form(self, id_, values):
        if not isinstance(values, dict):
            raise OddLink(values)
        self.forms.append((self.add(id_), values))


def linked(kind, value):
    """Read what callers send for a relational field.

    :param kind: type of the field, one of `LINKS`
    :param value: an id, a record, a list of ids and commands, or a form
    :return: Linked
    :raises OddLink: for anything else
    """
    found = Linked()
    if isinstance(value, models.BaseModel):
        found.ids.update(filter(None, value._origin.ids))
    elif isinstance(value, dict):
        found.add_form(value.get("id"), value)
    elif not isinstance(value, (list, tuple)):
        found.add(value)
    elif kind == "many2one":
        found.add(value[0] if value else False)
    else:
        for command in value:
            _add_command(found, command)
    return found


def _add_command(found, command):
    if isinstance(command, dict):
        found.add_form(command.get("id"), command)
    elif not isinstance(command, (list, tuple)):
        found.add(command)
    elif command and command[0] == Command.CREATE:
        found.add_form(False, command[2])
    elif command and command[0] == Command.UPDATE:
        found.add_form(*command[1:3])
    elif command and command[0] == Command.LINK:
        found.add(command[1])
    elif command and command[0] == Command.SET:
        for id_ in command[2]:
            found.add(id_)


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
        self._check_linked(self._civic_defaults())
        return super().onchange(values, field_names, fields_spec)

    def _civic_check_form(self, values):
        # What the record links to already is its own affair.
        self._check_linked(values, known=self)
        return super()._civic_check_form(values)

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
            if not self._may_link(field, value, known):
                raise MissingError(
                    self.env._(
                        "Not found: %s names what does not exist or is not yours to "
                        "see.",
                        field._description_string(self.env),
                    )
                )

    def _may_link(self, field, value, known):
        try:
            ids = linked(field.type, value).ids
        except OddLink:
            return False
        if known:
            # sudo: only to leave out what stands there
            ids -= set(known.sudo()[field.name].ids)
        records = self.env[field.comodel_name].browse(ids)
        allowed = records.exists()._filtered_access("read")
        if allowed != records:
            records.invalidate_recordset()  # as in `not_found`
        return allowed == records
