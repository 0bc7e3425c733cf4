"""Every route of the registry, asked as everybody."""

import inspect
import json
import logging
import time
import warnings
import zlib
from collections import Counter, defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from itertools import zip_longest

import requests
from werkzeug.routing.converters import NumberConverter

from odoo import http
from odoo.tests.common import HOST
from odoo.tools import mute_logger

from ...controllers.portal import ACTS
from .methods import planted_ids, watched_log
from .planted import PASSWORD, picture
from .policy import forbidden
from .reviewed import NEVER_ASKED
from .words import IDENTITY, TEXTS, kinds_in

_figures = logging.getLogger("civic_report.figures")
_SAME = object()


def rules_of(env):
    """The rules of the routing map, as the website has them."""
    website = env["website"].search([], limit=1)
    routing_map = env["ir.http"].routing_map(key=website.id)
    return sorted(routing_map.iter_rules(), key=lambda rule: rule.rule)


class Asked:
    """Values for what routes take, by name.

    Names that belong together, such as model and id, have lists of one length: their
    values are taken side by side.
    """

    def __init__(self, case):
        self.case = case
        env = case.env(su=True)
        self.planted = planted_ids(env)
        reports = [*case.reports.values(), case.report_beyond]
        asked = [*map(case.reports.get, ("own", "private", "done"))]
        asked.append(case.report_beyond)
        codes = [report.name.lower() for report in asked]
        done = case.reports["done"]
        files = env["ir.attachment"].browse(self.planted["ir.attachment"])
        targets = [
            *(("ir.attachment", file.id, "raw") for file in files),
            *(("civic.report", report.id, "description") for report in reports[1:]),
            ("civic.report", reports[0].id, "attachment_ids"),
            ("civic.reporter", case.reporter.id, "name"),
            ("civic.reporter", case.reporter.id, "phone"),
            ("civic.assignment", case.assignment.id, "result"),
            ("res.partner", case.citizen.partner_id.id, "avatar_128"),
            ("res.users", case.citizen.id, "name"),
        ]
        models, ids, fields = map(list, zip(*targets, strict=True))
        printed = self._printed(env)
        reader = [
            ("civic.reporter", "search_read", [[]], {}),
            ("civic.report", "read", [[reports[1].id]], {}),
            ("civic.report", "read", [[case.report_beyond.id]], {}),
            ("civic.assignment", "web_search_read", [[], {"result": {}}], {}),
            ("civic.report", "get_metadata", [[reports[0].id]], {}),
        ]
        exports = [
            ("civic.reporter", ["name", "phone", "email_from", "citizen_id"]),
            ("civic.report", ["name", "description", "reporter_id/name"]),
            ("civic.report", ["name", "operator_id", "create_uid"]),
            ("civic.assignment", ["result", "note", "report_id/description"]),
            ("civic.event", ["note", "user_id"]),
        ]
        words = [
            IDENTITY["phone"],
            *(word[:-1] for word in (IDENTITY["name"], TEXTS["private"])),
            TEXTS["beyond"][:-1],
        ]
        self.lists = {
            "code": codes,
            "slug": [report._website_path().rsplit("/", 1)[1] for report in asked],
            "act": [*ACTS, "none"],
            "index": [0] * len(codes),
            "size": ["", "480"],
            "model": models,
            "id": ids,
            "field": fields,
            "res_model": models,
            "res_id": ids,
            "model_name": models,
            "record_id": ids,
            "field_name": fields,
            "thread_model": models,
            "thread_id": ids,
            "attachment_id": files.ids,
            "periodic_id": [*self.planted.get("civic.periodic.report", [1])] * 2,
            "file_kind": [
                kind
                for kind in ("xlsx", "pdf")
                for _id in self.planted.get("civic.periodic.report", [1])
            ],
            "file_ids": [",".join(map(str, files.ids))],
            "zip_name": ["x"],
            "converter": [kind for kind, _name, _id in printed],
            "reportname": [name for _kind, name, _id in printed],
            "docids": [str(id_) for _kind, _name, id_ in printed],
            "__model__": [row[0] for row in reader],
            "__method__": [row[1] for row in reader],
            "ids": [row[2][0] for row in reader],
            "method": [row[1] for row in reader],
            "args": [row[2] for row in reader],
            "kwargs": [row[3] for row in reader],
            "path": [f"{row[0]}.{row[1]}" for row in reader],
            "data": [self._export(*row) for row in exports],
            "subpath": [
                *("civic.report", "civic.reporter", "civic.assignment"),
                *(f"civic.report/{report.id}" for report in reports),
            ],
            "search": words,
            "search_term": words,
            "term": words,
            "needle": words,
            "searched": words,
            "fetch_params": [
                [
                    "init_messaging",
                    *(
                        [
                            "mail.thread",
                            {
                                "thread_model": "civic.report",
                                "thread_id": report.id,
                                "request_list": [
                                    *("activities", "attachments", "followers"),
                                    *("suggestedRecipients", "scheduledMessages"),
                                ],
                            },
                        ]
                        for report in reports
                    ),
                    ["/res.partner/avatar"],
                ]
            ],
            "records": [[{"id": report.id, "model": report._name} for report in done]],
            "channels": [[f"civic.report_{report.id}" for report in reports]],
            "model_names": ['["civic.report", "civic.reporter", "civic.assignment"]'],
            "model_names_to_fetch": ['["civic.report", "civic.reporter"]'],
            "models": [["civic.report", "civic.reporter"]],
            "partner_ids": [[case.citizen.partner_id.id]],
            "partner_id": [case.citizen.partner_id.id],
            "partner": [case.citizen.partner_id.id],
            "user_id": [case.citizen.id],
            "url": [f"/my/phan-anh/{codes[0]}"],
            "preview_url": [
                f"/my/phan-anh/{codes[0]}",
                f"/odoo/civic.report/{done.id}",
            ],
            "src": [f"/web/image/{id_}" for id_ in files.ids],
            "filter_id": env["website.snippet.filter"].search([], limit=3).ids or [1],
            "search_type": ["all", "pages"],
            "attachment": files[:2],
            "access_token": ["guessed"],
            "action_id": ["civic_report.civic_report_action_intake"],
        }

    def _printed(self, env):
        """Every report on our records, as a page and as PDF."""
        actions = env["ir.actions.report"].search([("model", "=like", "civic.%")])
        return [
            (kind, action.report_name, id_)
            for action in actions
            for id_ in self.planted.get(action.model, [])
            for kind in ("html", "pdf")
            if kind == "html" or action.report_type == "qweb-pdf"
        ]

    @staticmethod
    def _export(model, names):
        return json.dumps(
            {
                "model": model,
                "fields": [{"name": name, "label": name} for name in names],
                "ids": False,
                "domain": [],
                "import_compat": False,
                "groupby": [],
                "context": {},
            }
        )

    def of(self, name):
        """Values for a name, or None when nothing is known about it."""
        return self.lists.get(name, SIMPLE.get(name))

    def calls(self, rule):
        """Ways to ask a rule: dicts of values for its path and its parameters.

        :raises KeyError: for a name that is needed and not known
        """
        function = inspect.unwrap(rule.endpoint.original_endpoint)
        names, columns = [], []
        parameters = list(inspect.signature(function).parameters.values())[1:]
        wanted = dict.fromkeys(rule.arguments, True)
        for parameter in parameters:
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                # Files come with the form.
                needed = parameter.default is parameter.empty
                needed = needed and parameter.name not in ("ufile", "csrf_token")
                wanted.setdefault(parameter.name, needed)
        for name, needed in wanted.items():
            values = self._converted(rule, name) or self.of(name)
            if isinstance(rule._converters.get(name), NumberConverter):
                values = [row for row in values or () if isinstance(row, int)] or [1]
            if values is not None:
                names.append(name)
                columns.append(values)
            elif needed:
                raise KeyError(name)
        if not columns:
            return [{}]
        first = [column[0] for column in columns]
        return [
            {
                name: start if value is _SAME else value
                for name, value, start in zip(names, row, first, strict=True)
            }
            for row in zip_longest(*columns, fillvalue=_SAME)
        ]

    def _converted(self, rule, name):
        """Records for a part of the path that names a model."""
        converter = rule._converters.get(name)
        model = getattr(converter, "model", None)
        if not model:
            return None
        known = self.planted.get(model, [])[:3]
        env = self.case.env(su=True)
        return [*(env[model].browse(known) or env[model].search([], limit=1))]


class Routes:
    """Requests, and what came back that should not have."""

    def __init__(self, case, actors):
        self.case = case
        self.asked = Asked(case)
        self.leaks = defaultdict(set)
        self.errors = defaultdict(set)
        self.unasked = set()
        self.file = picture("x")
        self.counts = Counter()
        self.seconds = 0.0
        self.slow = Counter()
        self.browsers = {actor: self._browser(actor) for actor in actors}

    def _browser(self, actor):
        """A signed-in session and a key for each actor."""
        case = self.case
        case.session = None  # or it would be deleted
        if actor == "anonymous":
            case.authenticate(None, None)
            return case.session, case.opener, ""
        user = case.actors[actor]
        case.authenticate(user.login, PASSWORD)
        key = (
            case.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "canary", datetime.now() + timedelta(days=1))
        )
        case.env.flush_all()
        return case.session, case.opener, key

    def run(self, rules, everybody):
        """Ask each rule as each actor.

        :param everybody: function of a rule: whether all actors ask, or two of them
        """
        began = time.monotonic()
        env = self.case.env
        functions = set()
        with (
            warnings.catch_warnings(),
            mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb"),
            watched_log() as self.log,
            closing(env.cr.savepoint()) as self.savepoint,
        ):
            warnings.simplefilter("ignore")
            for rule in rules:
                if rule.rule in NEVER_ASKED:
                    continue
                self.counts["routes"] += 1
                try:
                    calls = self.asked.calls(rule)
                except KeyError as error:
                    self.unasked.add((rule.rule, error.args[0]))
                    continue
                known = inspect.unwrap(rule.endpoint.original_endpoint)
                if known in functions:
                    # Another address of the same function.
                    calls = calls[:2]
                functions.add(known)
                actors = list(self.browsers)
                if not everybody(rule):
                    start = zlib.crc32(rule.rule.encode()) % len(actors)
                    actors = [*actors, *actors][start : start + 2]
                started = time.monotonic()
                for actor in actors:
                    for index, values in enumerate(calls):
                        self._ask(actor, rule, values, first=not index)
                self.slow[rule.rule] += time.monotonic() - started
        self.seconds += time.monotonic() - began
        return self

    def _ask(self, actor, rule, values, first):
        routing = rule.endpoint.routing
        _domain, path = rule.build(
            {name: values[name] for name in rule.arguments}, append_unknown=False
        )
        given = {k: v for k, v in values.items() if k not in rule.arguments}
        methods = set(rule.methods or ("GET", "POST"))
        if routing["type"] == "http":
            if "GET" in methods:
                self._request(actor, rule, "GET", path, params=_texts(given))
            if "GET" not in methods or first and "POST" in methods:
                self._request(actor, rule, "POST", path, data=_texts(given))
        elif routing["type"] == "jsonrpc":
            self._request(actor, rule, "POST", path, json={"params": given})
        elif "POST" in methods:
            self._request(actor, rule, "POST", path, json=given)
        else:
            self._request(actor, rule, "GET", path, params=_texts(given))

    def _request(self, actor, rule, verb, path, **options):
        case, env = self.case, self.case.env
        session, opener, key = self.browsers[actor]
        case.session, case.opener = session, opener
        opener.cookies.clear()
        opener.cookies.set("session_id", session.sid, domain=HOST)
        headers = {}
        if rule.endpoint.routing["auth"] == "bearer" and key:
            headers["Authorization"] = f"bearer {key}"
        files = None
        if "data" in options:
            options["data"]["csrf_token"] = http.Request.csrf_token(case)
            files = {"ufile": ("x.jpg", self.file, "image/jpeg")}
        queries = env.cr.sql_log_count
        http.root.session_store.save(session)
        try:
            response = case.url_open(
                path,
                method=verb,
                headers=headers,
                files=files,
                allow_redirects=False,
                **options,
            )
        except requests.exceptions.RequestException as error:
            self.errors[rule.rule].add(repr(error)[:200])
            return
        finally:
            env.transaction.clear()
            if env.cr.sql_log_count > queries:
                self.savepoint.rollback()
            if env.registry.cache_invalidated or env.registry.registry_invalidated:
                env.registry.reset_changes()
        self.counts["requests"] += 1
        sent = kinds_in(path) | kinds_in(repr(options))
        came = kinds_in(response.content) | kinds_in(repr(dict(response.headers)))
        for kind in forbidden(actor, came - sent, rule.rule, verb):
            self.leaks[rule.rule, verb, kind].add(actor)
        for line in self.log.take():
            for kind in (kinds_in(line) - sent) & set(IDENTITY):
                self.leaks[rule.rule, verb, kind].add("log")
        if response.status_code >= 500:
            self.errors[rule.rule].add(f"{response.status_code} {actor} {path}")

    def size(self):
        return (
            f"{len(self.browsers)} actors × {self.counts['routes']} routes: "
            f"{self.counts['requests']} requests in {self.seconds:.0f} s"
        )

    def note(self):
        """Say at the end of the run how large it was."""
        _figures.info("canary matrix: %s", self.size())

    def told(self):
        return "\n".join(
            f"{verb} {rule} tells {kind} to {', '.join(sorted(actors))}"
            for (rule, verb, kind), actors in sorted(self.leaks.items())
        )


def _texts(values):
    """Values as a form or an address has them."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if not hasattr(value, "_name")
    }


_X = ["x"]
_ONE = [1]
SIMPLE = {
    name: values
    for names, values in {
        (
            *("filename", "unique", "xmlid", "name", "login", "password", "token"),
            *("key", "value", "content", "barcode", "create_token", "channel_name"),
            *("invitation_token", "page_name_slugified", "record_slug", "lang"),
            *("bundle_name", "fontname", "icon", "color", "bg", "social", "profile"),
            *("module", "img_key", "theme_name", "prompt", "video_url", "media"),
            *("tenor_gif_id", "status", "action", "counters", "keywords", "arch"),
            *("page_url", "link", "layout_mode", "template_key", "app_id", "hash"),
            *("zip", "q", "body", "note", "message", "level", "comment", "validation"),
            *("_path", "db", "source", "tour_name", "job", "unsplashurls", "query"),
            *("refresh_token", "expiration", "state"),
            *("path_or_xml_id_or_id", "guest_name", "emails", "mode", "callback"),
        ): _X,
        (
            *("width", "height", "page", "page_number", "channel_id", "message_id"),
            *("website_id", "view_id", "last_message_id", "follower_id", "digest_id"),
            *("last", "last_notification_id", "session_id", "sub_channel_id", "alpha"),
            *("parent_channel_id", "minutes", "guest_id", "custom_id", "export_id"),
            *("inactivity_period", "rec_id", "pid", "step", "quality", "country"),
            *("res_model_id", "product_id", "member_ids", "rating", "volume", "limit"),
        ): _ONE,
        ("period",): ["month", "week:2026-01-05", "x"],
        ("company",): ["", "1", "x"],
        ("kind",): ["province", "unit", "wall", "x"],
        ("is_first_poll", "enable", "disable", "is_internal", "is_view_data"): [False],
        ("is_typing", "is_image"): [False],
        ("address_type",): ["billing"],
        ("options", "values", "post_data", "update_data", "bus_data"): [{}],
        ("params", "custom_notifications", "imgs", "links", "possible_values"): [{}],
        ("translations", "assets_params", "peer_notifications"): [{}],
        ("domain", "keys", "actions", "message_link_preview_ids", "known_member_ids"): [
            []
        ],
        ("message_statuses", "conversation_history", "selected_features"): [[]],
        ("mods",): ["civic_report"],
        ("image", "thumbnail"): [False],
        ("barcode_type",): ["QR"],
    }.items()
    for name in names
}
