import re
from collections import defaultdict
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
        self._check_linked(vals_list, self._links_on_create)
        return super().create(vals_list)

    def write(self, vals):
        self._check_linked([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """As everywhere; for links and defaults that the caller may read.

        :raises MissingError: as for records that do not exist
        """
        self._check_linked([self._civic_defaults()])
        return super().onchange(values, field_names, fields_spec)

    def _civic_check_form(self, values):
        # What the record links to already is its own affair.
        self._check_linked([values], known=self)
        return super()._civic_check_form(values)

    def _check_linked(self, vals_list, types=LINKS, known=None):
        """Refuse links to records that the caller may not read.

        What all rows link to is asked for at once, model by model: a batch costs what
        one row does.

        :param vals_list: list of dicts of values
        :param types: types of fields to look at
        :param known: a record whose links are not looked at again
        :raises MissingError: as for records that do not exist
        """
        if self.env.su:
            return
        named = self._links_named(vals_list, types, known)
        by_model = defaultdict(set)
        for relation, ids in named.items():
            by_model[relation.comodel_name] |= ids
        hidden = {name: self._hidden_ids(name, ids) for name, ids in by_model.items()}
        for relation, ids in named.items():
            if ids & hidden[relation.comodel_name]:
                raise self._not_linkable(relation)

    def _links_named(self, vals_list, types, known):
        """What rows link to.

        :return: dict of field → set of ids, of whichever rows
        :raises MissingError: for a value that is no link
        """
        named = defaultdict(set)
        for vals in vals_list:
            for name, value in vals.items():
                relation = self._fields.get(name)
                if not value or relation is None or relation.type not in types:
                    continue
                try:
                    named[relation] |= linked(relation.type, value).ids
                except OddLink:
                    raise self._not_linkable(relation)
        if known:
            for relation, ids in named.items():
                # sudo: only to leave out what stands there
                ids -= set(known.sudo()[relation.name].ids)
        return named

    def _hidden_ids(self, model, ids):
        """Those of some records that do not exist or that the caller may not read."""
        records = self.env[model].browse(ids)
        allowed = records.exists()._filtered_access("read")
        if allowed != records:
            records.invalidate_recordset()  # as in `not_found`
        return set((records - allowed).ids)

    def _not_linkable(self, relation):
        return MissingError(
            self.env._(
                "Not found: %s names what does not exist or is not yours to see.",
                relation._description_string(self.env),
            )
        )
