"""What the matrix leaves out, each with the reason; nothing is left out in silence."""

# (model or "*", method) → why it is not called.
NEVER_CALLED = {
    ("base.module.upgrade", "upgrade_module"): "commits and reloads the registry",
    ("base.module.update", "update_module"): "reads the manifests of all modules",
    ("ir.module.module", "update_list"): "reads the manifests of all modules",
}

# Models that keep the name of what a row is about → why it is no matter.
KEPT_NAMES = {
    "mail.activity": "the name is a code, kept when it was given to who did the work",
}

# (method, parameter) → why no value is known for it.
UNCALLABLE = {
    ("copy_translations", "new"): "takes records, which no remote call can send",
    ("message_change_thread", "new_thread"): "takes records, as above",
}

# Rule → why it is not asked.
_MANAGER = "works on whole databases; the server's list_db and admin_passwd guard it"
NEVER_ASKED = {
    "/web/database/backup": _MANAGER,
    "/web/database/change_password": _MANAGER,
    "/web/database/create": _MANAGER,
    "/web/database/drop": _MANAGER,
    "/web/database/duplicate": _MANAGER,
    "/web/database/restore": _MANAGER,
    "/web/database/manager": _MANAGER,
    "/web/database/selector": _MANAGER,
    "/websocket": "speaks another protocol; what it sends is rows of bus.bus",
}

# (rule, parameter) → why no value is known for it.
_OLD = "the old RPC: the same methods by password; see docs/security.md"
UNASKED = {
    ("/jsonrpc", "service"): _OLD,
    ("/xmlrpc/2/<service>", "service"): _OLD,
    ("/xmlrpc/<service>", "service"): _OLD,
}
