"""Arguments for methods whose names alone are known.

A parameter's name says what it wants. Each name stands for a list of values: the first
is used together with the others' first, and each further value once on its own. What no
name here stands for cannot be called, and `reviewed.UNCALLABLE` has to say why not.
"""

import inspect
from itertools import zip_longest

from odoo.fields import Command

from .words import IDENTITY, TEXTS

TEXT_TYPES = {"char", "text", "html", "selection"}
X2MANY = {"one2many", "many2many"}
AUDIT = {"create_uid", "write_uid"}
VIEW_TYPES = ("form", "list", "search", "kanban")
DAY = "2026-02-03 08:00:00"


class Guess:
    """Arguments for one model as one actor sees it.

    :param model: the model in the actor's environment
    :param planted: dict of model name → ids of all planted records, one's own or not
    """

    def __init__(self, model, planted):
        self.model = model
        self.env = model.env
        self.planted = planted
        self.ids = planted.get(model._name, [])
        self._allowed = {}
        self.readable = _readable(model)
        self.seen = self._seen()
        self.hidden = sorted(set(model._fields) - set(self.seen))
        self.links = [
            name
            for name, field in model._fields.items()
            if field.relational and name not in AUDIT
        ]

    def _seen(self):
        """Names of the fields that can be asked for together.

        Some refuse the whole record, such as links to models without access.
        """
        names = self.readable
        ids = self.allowed(self.model._name)[:1]
        if not ids or not _refuses(self.model.browse(ids), names):
            return names
        return [name for name in names if not _refuses(self.model.browse(ids), [name])]

    def allowed(self, model_name):
        """Ids of those planted records that the actor may read."""
        if model_name not in self._allowed:
            records = self.env[model_name].browse(self.planted.get(model_name, []))
            can = records.browse().has_access("read")
            self._allowed[model_name] = (
                records._filtered_access("read").ids if can else []
            )
        return self._allowed[model_name]

    def strangers(self, model_name):
        """Ids of two planted records that the actor may not read, if there are."""
        allowed = set(self.allowed(model_name))
        ids = self.planted.get(model_name, [])
        others = [id_ for id_ in ids if id_ not in allowed]
        return sorted({*others[:1], *others[-1:]}) or ids[:1]

    # ------------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------------

    def calls(self, name, method):
        """Argument lists with which to call a method.

        :return: list of dicts of keyword arguments, without the records
        :raises KeyError: for a required parameter that nothing is known about
        """
        special = getattr(self, f"on_{name}", None)
        if special:
            return list(special())
        parameters = list(inspect.signature(method).parameters.values())[1:]
        names, columns = [], []
        for parameter in parameters:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            values = self.values(parameter.name)
            if values is None:
                if parameter.default is parameter.empty:
                    raise KeyError(parameter.name)
                continue
            if parameter.default is not parameter.empty:
                values = [parameter.default, *values]
            names.append(parameter.name)
            columns.append(values)
        if not columns:
            return [{}]
        first = [column[0] for column in columns]
        rows = zip_longest(*columns, fillvalue=_SAME)
        return [
            {
                name: first[index] if value is _SAME else value
                for index, (name, value) in enumerate(zip(names, row, strict=True))
            }
            for row in rows
        ]

    def values(self, name):
        """Values for a parameter of this name, or None when it means nothing here."""
        own = getattr(self, f"for_{name}", None)
        if own:
            return list(own())
        if name in PLAIN:
            return PLAIN[name]
        model = RECORDS.get(name)
        if model:
            ids = self.planted.get(model, [])[:2] or [1]
            return [ids] if name.endswith("ids") else ids
        return None

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def on_read(self):
        yield {"fields": self.seen}
        yield from ({"fields": [name]} for name in self.hidden)

    def on_export_data(self):
        yield {"fields_to_export": self.paths()}
        yield from ({"fields_to_export": [name]} for name in self.hidden)

    def on_search_read(self):
        yield {"domain": [], "fields": self.seen, "limit": 80}
        yield {"fields": self.hidden[:1] or ["display_name"]}

    def on_web_read(self):
        yield {"specification": self.specification()}
        yield from ({"specification": {name: {}}} for name in self.hidden)

    def on_web_search_read(self):
        yield {"domain": [], "specification": self.specification(), "limit": 80}

    def on_name_search(self):
        for word in ("", *WORDS):
            yield {"name": word, "domain": [], "operator": "ilike", "limit": 80}

    def on_web_name_search(self):
        for word in ("", *WORDS[:2]):
            yield {"name": word, "specification": self.specification(deep=False)}

    def on_read_group(self):
        yield from (
            {"domain": [], "fields": [name], "groupby": [name]}
            for name in self.groupable()[:6]
        )

    def on_formatted_read_group(self):
        for name in self.groupable():
            yield {"domain": [], "groupby": [name], "aggregates": ["__count"]}
        yield {"domain": [], "groupby": [], "aggregates": self.aggregates()}

    def on_formatted_read_grouping_sets(self):
        names = self.groupable()[:4]
        yield {
            "domain": [],
            "grouping_sets": [[], *([name] for name in names)],
            "aggregates": ["__count"],
        }

    def on_web_read_group(self):
        for name in self.groupable()[:8]:
            yield {
                "domain": [],
                "groupby": [name],
                "aggregates": ["__count"],
                "unfold_read_specification": self.specification(deep=False),
                "auto_unfold": True,
            }

    def on_read_progress_bar(self):
        for name in self.groupable()[:3]:
            yield {
                "domain": [],
                "group_by": name,
                "progress_bar": {"field": "state", "colors": {"new": "success"}},
            }

    def on_search(self):
        yield {"domain": []}
        for name in self.hidden:
            yield {"domain": [(name, "!=", False)]}
            yield {"domain": [], "order": name}

    def on_search_panel_select_range(self):
        for name in self.links[:8]:
            yield {"field_name": name, "enable_counters": True}

    on_search_panel_select_multi_range = on_search_panel_select_range

    def on_get_views(self):
        yield {"views": [[False, kind] for kind in VIEW_TYPES]}

    def on_default_get(self):
        fields = list(self.model._fields)
        yield {"fields": fields}
        yield {"fields": fields, "context": self.default_context()}

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def on_create(self):
        yield {"vals_list": [{}]}
        yield {"vals_list": [self.filled()]}

    def on_write(self):
        """What links to foreign records goes through `web_save`, which reads too."""
        yield {"vals": {}}
        yield {"vals": self.filled()}

    def on_web_save(self):
        specification = self.specification()
        yield {"vals": {}, "specification": specification}
        yield {"vals": self.filled(), "specification": specification}
        for vals in self.foreign():
            yield {"vals": vals, "specification": self.narrow(vals)}
        if self.model._transient:
            filled = self.filled()
            yield from (
                {"vals": {**filled, **vals}, "specification": specification}
                for vals in self.foreign()
            )

    def on_web_save_multi(self):
        yield {
            "vals_list": [{} for _id in self.ids] or [{}],
            "specification": self.specification(),
        }

    def on_onchange(self):
        """Foreign ids in an unsaved form, read through the form's own specification."""
        names = [name for name in self.links if not name.endswith("_ids")]
        yield {
            "values": {},
            "field_names": [],
            "fields_spec": self.specification(),
            "context": self.default_context(),
        }
        computed = {
            name: {}
            for name in self.seen
            if self.model._fields[name].compute and name not in self.links
        }
        for vals in self.foreign():
            specification = {**computed, **self.narrow(vals)}
            # Odoo takes a form for the record of its id, too.
            forms = {
                name: {"id": value}
                for name, value in vals.items()
                if isinstance(value, int)
            }
            for values in filter(None, (vals, forms)):
                yield {
                    "values": values,
                    "field_names": [name for name in values if name in names],
                    "fields_spec": specification,
                }

    def on_load(self):
        yield {"fields": ["display_name"], "data": [["x"]]}

    def on_update_field_translations(self):
        for name in self.text_fields()[:2]:
            yield {"field_name": name, "translations": {"vi_VN": "x"}}

    def on_get_field_translations(self):
        """Of fields that are not translated nothing comes out, whichever they are."""
        fields, names = self.model._fields, self.text_fields()
        plain = [name for name in names if not fields[name].translate]
        for name in (*(name for name in names if fields[name].translate), *plain[:2]):
            yield {"field_name": name, "langs": ["en_US", "vi_VN"]}

    def on_name_create(self):
        yield {"name": "x"}

    def on_get_property_definition(self):
        yield {"full_name": "report_properties.x"}

    # ------------------------------------------------------------------
    # Parameters that depend on the model
    # ------------------------------------------------------------------

    def for_fields(self):
        yield self.seen

    for_field_names = for_allfields = for_fields

    def for_field_name(self):
        yield from self.text_fields()[:4] or ["display_name"]

    def for_specification(self):
        yield self.specification()

    for_fields_spec = for_specification

    def for_groupby(self):
        yield from ([name] for name in self.groupable()[:4])

    def for_vals(self):
        yield {}
        yield self.filled()

    for_values = for_vals

    def for_vals_list(self):
        yield [{}]
        yield [self.filled()]

    def for_model(self):
        yield from ("civic.report", "civic.reporter", self.model._name)

    for_model_name = for_res_model = for_thread_model = for_model

    def for_views(self):
        yield [[False, kind] for kind in VIEW_TYPES]

    # ------------------------------------------------------------------
    # Pieces
    # ------------------------------------------------------------------

    def text_fields(self):
        return [name for name in self.seen if self._type(name) in TEXT_TYPES]

    def groupable(self):
        return [
            name
            for name in self.seen
            if self._type(name) in {*TEXT_TYPES, "many2one", *X2MANY, "datetime"}
            and self.model._fields[name].store
            and name not in AUDIT
        ]

    def aggregates(self):
        kept = [
            name
            for name in self.seen
            if self.model._fields[name].store
            and self._type(name) in {"many2one", "char", "integer"}
        ]
        return ["__count", *(f"{name}:array_agg" for name in kept)]

    def paths(self):
        """What an export can name: own fields, and those of linked records."""
        names = [name for name in self.seen if self._type(name) not in X2MANY]
        for name in self.links:
            if name in self.seen:
                names += [f"{name}/{sub}" for sub in self.sub_fields(name)[:12]]
        return names

    def sub_fields(self, name):
        comodel = self.env.get(self.model._fields[name].comodel_name)
        if comodel is None or not comodel.has_access("read"):
            return ["display_name"]
        return [
            sub for sub in _readable(comodel) if not comodel._fields[sub].relational
        ]

    def specification(self, deep=True):
        return {
            name: self.narrow({name: None})[name] if deep and name in self.links else {}
            for name in self.seen
        }

    def narrow(self, vals):
        """A specification of these fields, and all that they link to."""
        return {
            name: {
                "fields": {sub: {} for sub in self.sub_fields(name)},
                **({"limit": 40} if self._type(name) in X2MANY else {}),
            }
            if name in self.links and self._type(name) in {"many2one", *X2MANY}
            else {}
            for name in vals
        }

    def foreign(self):
        """Each link set to each planted record of its model, one's own or not."""
        for name in self.links:
            for id_ in self.strangers(self.model._fields[name].comodel_name):
                is_many = self._type(name) in X2MANY
                yield {name: [Command.link(id_)] if is_many else id_}

    def filled(self):
        """Values for every required field, links to the first planted record."""
        vals = {}
        for name, field in self.model._fields.items():
            if field.required and field.store and name not in AUDIT:
                vals[name] = self._any_value(field)
        return vals

    def default_context(self):
        ids = {
            f"default_{name}": self.planted.get(self.model._fields[name].comodel_name)
            for name in self.links
        }
        return {
            "active_test": False,
            **{
                name: values[0] if self._type(name[8:]) == "many2one" else values
                for name, values in ids.items()
                if values
            },
            "active_model": "civic.report",
            "active_id": self.planted["civic.report"][0],
            "active_ids": self.planted["civic.report"],
        }

    def _any_value(self, field):
        if field.type == "many2one":
            return self.planted.get(field.comodel_name, [1])[0]
        if field.type == "selection":
            keys = field.get_values(self.env(su=True))
            return keys[0] if keys else False
        if field.type in X2MANY:
            return []
        return {
            "boolean": False,
            "integer": 1,
            "float": 1.0,
            "date": DAY[:10],
            "datetime": DAY,
            "json": {},
        }.get(field.type, "x")

    def _type(self, name):
        return self.model._fields[name].type


_SAME = object()


def _readable(model):
    """Names of the fields that the model's user may read."""
    return sorted(
        name
        for name, field in model._fields.items()
        if model._has_field_access(field, "read")
    )


def _refuses(records, names):
    """Whether reading these fields is refused."""
    try:
        with records.env.cr.savepoint(flush=False):
            records.read(names)
    except Exception:  # noqa: BLE001 - whatever the reason, it is asked for apart
        return True
    finally:
        records.env.transaction.clear()
    return False


# What an actor would type who knows whom to look for. Not the whole canary, so that
# one that comes back is no echo; but telephones are found by the whole number alone.
WORDS = (
    IDENTITY["phone"],
    IDENTITY["email"][:6],
    IDENTITY["name"][:7],
    IDENTITY["citizen_id"][:9],
    TEXTS["private"][:-1],
    TEXTS["beyond"][:-1],
)
MESSAGE = "\r\n".join(
    (
        "From: someone@example.com",
        "To: catchall@example.com",
        "Subject: x",
        "Message-ID: <guessed@example.com>",
        "",
        "x",
    )
)
# Parameters that name records.
RECORDS = {
    "agency_ids": "civic.agency",
    "agency_id": "civic.agency",
    "lead_id": "civic.agency",
    "suggested_agency_id": "civic.agency",
    "assignment_ids": "civic.assignment",
    "interaction_id": "civic.interaction",
    "call_id": "civic.call",
    "kind_id": "civic.periodic.kind",
    "line_id": "civic.periodic.line",
    "report_id": "civic.report",
    "reporter_id": "civic.reporter",
    "of_id": "civic.report",
    "record_id": "civic.report",
    "category_id": "civic.category",
    "level_id": "civic.rating.level",
    "user_id": "res.users",
    "user_ids": "res.users",
    "partner_id": "res.partner",
    "partner_ids": "res.partner",
    "contact_ids": "res.partner",
    "message_id": "mail.message",
    "channel_id": "discuss.channel",
    "thread_id": "civic.report",
    "res_id": "civic.report",
    "res_ids": "civic.report",
    "record_ids": "civic.report",
    "docids": "civic.report",
    "docs": "civic.report",
    "attachment_ids": "ir.attachment",
    "attachment_id": "ir.attachment",
    "website_id": "website",
    "template_id": "mail.template",
    "ids": "civic.report",
}
_TEXT = ["x"]
_NUMBER = [1]
PLAIN = {
    "domain": [[]],
    "offset": [0],
    "limit": [80],
    "operation": ["read", "write", "create", "unlink"],
    "decision": ["barred", "excellent_possible", "x"],
    "access_mode": ["read"],
    "mode": ["read"],
    "name": list(WORDS),
    "search": list(WORDS),
    "search_term": list(WORDS),
    "term": list(WORDS),
    "query": list(WORDS),
    "email": ["guessed@example.com"],
    "emails": [["guessed@example.com"]],
    "login": ["guessed@example.com"],
    "number": [IDENTITY["phone"]],
    "kind": ["false_report", "genuine", "province", "unit", "wall", "x"],
    "figure": ["agency_overdue", "emergency", "done", "late", "x"],
    "period": ["month", "week:2026-01-05", "x"],
    "place": [{}, {"agency": 1, "ward": 1, "category": 1, "user": 1}],
    "key": _TEXT,
    "value": _TEXT,
    "values_list": [[{}]],
    "message": [MESSAGE, "x"],
    "msg_dict": [{"subject": "x", "from": "someone@example.com", "body": "x"}],
    "message_dict": [{"subject": "x", "message_id": "<x@x>", "to": "x@example.com"}],
    "custom_values": [{}],
    "source_ref": ["mail.message_activity_done"],
    "notification_type": ["email"],
    "act_type_xmlids": [["civic_report.activity_process"]],
    "act_type_xmlid": ["civic_report.activity_process"],
    "act_values": [{}],
    "act_type": _NUMBER,
    "views": [[[False, "form"]]],
    "view_id": [False],
    "view_type": ["form", "list"],
    "options": [{}],
    "messages": [[]],
    "record": [False],
    "records": [[]],
    "group_ext_id": ["civic_report.group_operator"],
    "group_spec": ["civic_report.group_operator"],
    "body": _TEXT,
    "note": _TEXT,
    # Words, and a ground by which identities are shown.
    "reason": [*_TEXT, "call_back"],
    "words": ["Gọi lại cho người gửi"],
    "comment": _TEXT,
    "document": _TEXT,
    "service": ["113"],
    "form": [
        {
            "subject": "x",
            "description": "x",
            "name": "x",
            "phone": "0912345678",
            "address": "x",
            "occurred_at": "2026-01-05T08:00",
            "consent": "1",
        },
        {},
    ],
    "basis": _TEXT,
    "legal_basis": ["Điều 5 Quy chế 43"],
    "law_basis": ["Điều 5 Quy chế 43"],
    "channel": ["web", "zalo"],
    "verification": ["Gọi lại số đã ghi."],
    "authority": ["Cơ quan điều tra"],
    "document_number": ["12/CV"],
    "identity_reason": _TEXT,
    "code": ["PA-26-000001"],
    "digits": ["123456"],
    "sent": ["1"],
    "over": ["1"],
    "how": [*_TEXT, "call"],
    "incomplete_reason": _TEXT,
    "record_number": _TEXT,
    "record_date": [DAY[:10]],
    "boxes": [[]],
    "text": ["0912 345 678"],
    "passphrase": ["a long enough passphrase, guessed"],
    "visibility": ["public", "private", "sensitive", "secret"],
    "track": ["normal", "emergency", "sensitive"],
    "result": _TEXT,
    "committed_date": [DAY[:10]],
    "completed_at": [DAY],
    "sent_at": [DAY],
    "until": [DAY[:10]],
    "other_reason": _TEXT,
    "make_public": [True],
    "from_datetime": [DAY],
    "to_datetime": [DAY],
    "start_dt": [DAY],
    "end_dt": [DAY],
    "day_dt": [DAY],
    "date": [DAY[:10]],
    "date_from": [DAY[:10]],
    "date_to": [DAY[:10]],
    "filters": [{}, {"agency": _NUMBER, "ward": _NUMBER, "category": _NUMBER}],
    **dict.fromkeys(
        ("opening", "difficulties", "proposals", "recipients", "copies"), _TEXT
    ),
    "days": _NUMBER,
    "hours": _NUMBER,
    "group_by": ["state"],
    "progress_bar": [{"field": "state", "colors": {}}],
    "grouping_sets": [[[]]],
    "full_name": ["x.x"],
    "translations": [{"en_US": "x"}],
    "data": [[["x"]]],
    "fields_to_export": [["display_name"]],
    "help_message": _TEXT,
    "msg": _TEXT,
    "string": _TEXT,
    "debug": [False],
    "xml_id": ["base.main_company"],
    "module": ["base"],
    "models": [["civic.report"]],
    "field": _TEXT,
    "subfield": ["id"],
    "savepoint": [False],
    "application": _TEXT,
    "sequence_code": ["civic.report"],
    "number_next": _NUMBER,
    "amount": _NUMBER,
    "amount1": _NUMBER,
    "amount2": _NUMBER,
    "percent": ["%d"],
    "vat": _TEXT,
    "query_country_id": [False],
    "revision_id": _NUMBER,
    "arch": ["<div/>"],
    "el": _TEXT,
    "lang_code": ["vi_VN"],
    "path": ["/phan-anh"],
    "url": ["/phan-anh"],
    "uri": ["/phan-anh"],
    "page_url": ["/phan-anh"],
    "page": ["/phan-anh"],
    "page_id": [False],
    "barcode_type": ["QR"],
    "template": ["civic_report.website_list"],
    "template_key": _TEXT,
    "snippet_key": _TEXT,
    "thumbnail_url": ["/x.png"],
    "bundle": ["web.assets_frontend"],
    "content": _TEXT,
    "file_type": ["scss"],
    "menu_xml_id": ["civic_report.menu_root"],
    "full_field_name": ["res.company.name"],
    "tour_name": _TEXT,
    "tourName": _TEXT,
    "theme_name": _TEXT,
    "total": _NUMBER,
    "val": [False],
    "volume": [0.5],
    "action_id": _NUMBER,
    "pinned": [True],
    "description": _TEXT,
    "new_settings": [{}],
    "credential": [{"type": "password", "login": "guessed", "password": "guessed"}],
    "user_agent_env": [{}],
    "old_passwd": ["guessed"],
    "new_passwd": ["Guessed-2026"],
    "property_origins": [{}],
    "node": _TEXT,
    "failure_type": ["unknown"],
    "acc_number": _TEXT,
    "unspsc_codes": [[]],
    "element": _TEXT,
    "section_xpath": ["/div"],
    "replacement": _TEXT,
    "source": _TEXT,
    "specs_tree": _TEXT,
    "spec": _TEXT,
    "e": _TEXT,
    "periodicity": ["daily"],
    "columns": [[]],
    "rule": _TEXT,
    "logo": [False],
    "menu_company": _TEXT,
    "module_data": [{}],
    "top_menu": _TEXT,
    "website_purpose": _NUMBER,
    "website_type": _NUMBER,
    "industry_id": _NUMBER,
    "palette": [[]],
    "unknown_industry": _TEXT,
    "module_name": ["base"],
    "module_names": [["base"]],
    "service_name": ["sms"],
    "server_type": ["gmail"],
    "duns": _TEXT,
    "gst": _TEXT,
}
