"""Records of this module that are named by a model and an id.

Messages, activities, files and many forms of Odoo and of other apps hold such a pair,
and read names past the rights of who asks, as they do for a many2one. Whoever writes
the pair, even in a form that is never saved, has chosen what is read: callers name only
what they may read, whatever model holds the pair.
"""

import re
from ast import literal_eval
from contextlib import suppress
from dataclasses import dataclass

from odoo import api, models, tools

from .links import LINKS, OddLink, linked
from .not_found import not_found
from .ours import is_our_model

# Names of accounts say who has written; in a form that is not saved, Odoo gives them to
# everybody. What is stored is looked at by the models that store it.
PEOPLE = frozenset({"res.partner", "res.users"})
_ID = re.compile(r"(?P<stem>.*?)(?P<kind>res|record|thread)_ids?$")
_NUMBER = re.compile(r"\d[\d_]*")


@dataclass(frozen=True)
class Pair:
    """Fields that together name records of whichever model.

    :param ref: field with the id, the ids, or model and id in one
    :param names: fields with the model's name
    :param links: many2ones to the model's row
    """

    ref: str
    names: tuple = ()
    links: tuple = ()


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and self._civic_names_records():
            defaults = self._civic_defaults()
            for vals in vals_list:
                self._civic_check_named({**defaults, **vals})
        return super().create(vals_list)

    @api.model
    def default_get(self, fields):
        """As everywhere; for defaults that name records which the caller may read.

        :raises NotFound: as for records that do not exist
        """
        if not self.env.su and self._civic_names_records():
            self._civic_check_named(self._civic_defaults(), PEOPLE)
        return super().default_get(fields)

    def write(self, vals):
        if not self.env.su and self._civic_names_records():
            self._civic_check_named(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """As everywhere; for records that the caller may read.

        :raises NotFound: as for records that do not exist
        """
        if not self.env.su:
            self._civic_check_form(values)
        return super().onchange(values, field_names, fields_spec)

    # ------------------------------------------------------------------
    # What names a record
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _civic_names_records(self):
        """Whether there is anything to look at: most models go on at once."""
        return bool(self._civic_pairs() or self._civic_links())

    @api.model
    @tools.ormcache()
    def _civic_pairs(self):
        """The pairs of this model."""
        return tuple(self._civic_find_pairs())

    @api.model
    def _civic_find_pairs(self):
        fields = self._fields
        for name, field in fields.items():
            if field.type == "reference":
                yield Pair(name)
                continue
            match = _ID.match(name)
            stem, kind = match.groups() if match else ("", "res")
            names = {f"{stem}{kind}_model", f"{stem}model"}
            if field.type == "many2one_reference":
                names.add(field.model_field)
            elif not match or field.type not in ("integer", "char", "text", "json"):
                continue
            names = [row for row in names if row in fields]
            links = {f"{stem}{kind}_model_id", f"{stem}model_id"}
            links = [
                row
                for row in links
                if row in fields and fields[row].comodel_name == "ir.model"
            ]
            texts = [row for row in names if fields[row].type in ("char", "selection")]
            if texts or links:
                yield Pair(name, tuple(texts), tuple(links))

    @api.model
    @tools.ormcache()
    def _civic_links(self):
        """Fields of others' models that link to ours; our own look at their links."""
        if is_our_model(self):
            return ()
        return tuple(
            name
            for name, field in self._fields.items()
            if field.type in LINKS and is_our_model(self.env.get(field.comodel_name))
        )

    # ------------------------------------------------------------------
    # Whether the caller may read it
    # ------------------------------------------------------------------

    def _civic_check_form(self, values):
        """Refuse an unsaved form, its lines and its defaults."""
        values = {**self._civic_defaults(), **values}
        self._civic_check_named(values, PEOPLE)
        for name, value in values.items():
            field = self._fields.get(name)
            if not value or field is None or field.type not in LINKS:
                continue
            comodel = self.env[field.comodel_name]
            found = self._civic_linked(field, value)
            if field.comodel_name in PEOPLE and not self.env.user._is_internal():
                # Names of people are not for citizens, in no app's forms.
                known = self.sudo()[name]  # sudo: only to leave out what stands there
                self._civic_check_read(comodel.browse(found.ids - set(known.ids)))
            for id_, form in found.forms:
                comodel.browse(id_ or ())._civic_check_form(form)

    def _civic_linked(self, field, value):
        """What a value links to; see `links.linked`.

        :raises NotFound: where nobody can tell
        """
        try:
            return linked(field.type, value)
        except OddLink:
            raise not_found(self.env[field.comodel_name])

    @api.model
    def _civic_defaults(self):
        return {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }

    def _civic_check_named(self, vals, beside=frozenset()):
        """Refuse values that name records of ours which the caller may not read.

        :param beside: names of other models to look at, too
        :raises NotFound: as for records that do not exist
        """
        beside = PEOPLE if self._transient else beside
        for pair in self._civic_pairs():
            if vals.keys() & {pair.ref, *pair.names, *pair.links}:
                for model, ids in self._civic_named(pair, vals):
                    if is_our_model(self.env[model]) or model in beside:
                        self._civic_check_read(self.env[model].browse(ids))
        for name in self._civic_links():
            if vals.get(name):
                known = self.sudo()[name]  # sudo: only to leave out what stands there
                found = self._civic_linked(self._fields[name], vals[name])
                ids = found.ids - set(known.ids)
                self._civic_check_read(known.sudo(False).browse(ids))

    def _civic_named(self, pair, vals):
        """What a pair names when these values are written.

        :return: set of (model name, tuple of ids), without what stands there already
        """
        known, named = set(), set()
        models_given = vals.keys() & {*pair.names, *pair.links}
        for row in self.sudo() or [{}]:  # sudo: only what stands there, to compare with
            known.update(row and _named(self.env, pair, row))
            merged = {
                name: vals.get(name) if models_given or not row else row[name]
                for name in (*pair.names, *pair.links)
            }
            merged[pair.ref] = vals.get(pair.ref, row[pair.ref] if row else None)
            named.update(_named(self.env, pair, merged))
        return {(model, ids) for model, ids in named - known if model in self.env}

    @api.model
    def _civic_check_read(self, records):
        allowed = records.browse()
        if records and allowed.has_access("read"):
            allowed = records.exists()._filtered_access("read")
        if allowed != records:
            raise not_found(records - allowed)


def _named(env, pair, row):
    """What a pair names in a row of values.

    :return: list of (model name, tuple of ids)
    """
    value = row[pair.ref]
    if not value:
        return []
    if not pair.names and not pair.links:
        model, _comma, id_ = _reference(value).partition(",")
        return [(model, ids) for ids in (_ids_in(id_),) if ids]
    ids = _ids_in(value)
    found = {row[name] for name in pair.names}
    linked = [row[name] for name in pair.links]
    found |= {env["ir.model"].sudo().browse(int(link)).model for link in linked if link}
    return [(model, ids) for model in found if model and ids]


def _ids_in(value):
    """The ids that Odoo reads from a value: a number, a text of one, a list of them.

    :return: tuple of ids
    """
    if isinstance(value, str):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            value = literal_eval(value.strip())
    if isinstance(value, (int, float)):  # True is 1 to Odoo
        return (int(value),)
    return tuple(int(number.rstrip("_")) for number in _NUMBER.findall(str(value)))


def _reference(value):
    """“model,id” of a reference as callers send it or as a record has it."""
    if isinstance(value, models.BaseModel):
        return f"{value._name},{value.id}"
    return str(value)
