"""Who may be told what: the one table that the matrix holds everybody to.

docs/access.md says the same by records. A kind that an actor does not find here is
forbidden to that actor, wherever it comes out.
"""

import os

from .words import IDENTITY, KINDS

# Whether calls that are known to be refused are made all the same.
FULL = os.environ.get("CIVIC_MATRIX") == "full"

CENTRE = {"operator", "manager", "administrator"}
AGENCY = {"handler", "leader"}
PROVINCE = {"province_leader"}
COORDINATION = {"coordinator"}
STAFF = {
    *CENTRE,
    *AGENCY,
    *PROVINCE,
    *COORDINATION,
    "other_handler",
    "other_leader",
    "plain",
}
CITIZENS = {"anonymous", "other_citizen", "citizen"}
BEYOND = {"operator_beyond", "administrator_beyond"}
ACTORS = (*sorted(CITIZENS), *sorted(STAFF), *sorted(BEYOND))

SENDER = {"citizen"}
ALLOWED = {
    # Identity: the citizen's own; the Centre's where it is kept on record, see below.
    **dict.fromkeys(
        ("name", "phone", "email", "address", "citizen_id", "account", "chat"), SENDER
    ),
    # The original of a picture tells where and with what it was taken.
    "exif": CENTRE,
    # What was written, as it was written.
    "own": CENTRE | AGENCY | PROVINCE | SENDER,
    "private": CENTRE | AGENCY | PROVINCE | SENDER,
    "sensitive": CENTRE | AGENCY | PROVINCE | COORDINATION | SENDER,
    "secret": CENTRE | AGENCY | PROVINCE | SENDER,
    "new": CENTRE | PROVINCE | SENDER,
    "supplement": CENTRE | AGENCY | PROVINCE | SENDER,
    "message": CENTRE | PROVINCE | SENDER,
    # Work that is not done.
    "draft": CENTRE | AGENCY | PROVINCE,
    "note": CENTRE | AGENCY | PROVINCE,
    "back": CENTRE | AGENCY | PROVINCE,
    # Citizens deal with agencies, not with persons.
    "officer": STAFF,
    "opinion": CENTRE | AGENCY | PROVINCE | SENDER,
    "question": CENTRE | AGENCY | PROVINCE | SENDER,
    # Neither the agency nor the sender learns who asks, nor the question as it came.
    "asked": CENTRE,
    "call": CENTRE,
    "finding": CENTRE | PROVINCE | SENDER,
    "disclosing": CENTRE | AGENCY | PROVINCE | SENDER,
    # Written, and read by nobody any more.
    "gateway": set(),
    "data": SENDER,
    "beyond": BEYOND,
    "inner": STAFF - {"plain"},
}
assert set(ALLOWED) == set(KINDS)

# Where the Centre sees identities: by asking with a reason, which is kept on record.
# The letter to the citizen bears the name; who prints it is kept on record too.
ON_RECORD = {
    ("civic.reporter", "show"),
    ("civic.inbox", "show_raw"),
    ("civic.wizard.show.raw", "action_confirm"),
    ("civic.data.request", "show_details"),
    ("civic.call", "show_number"),
    ("/report/<converter>/<reportname>", "GET"),
    ("/report/<converter>/<reportname>", "POST"),
    ("/report/<converter>/<reportname>/<docids>", "GET"),
    ("/report/<converter>/<reportname>/<docids>", "POST"),
}

# Odoo shows the names of accounts to its internal users: that somebody has an account
# says nothing about reports. So these may be told by models that know no report.
IN_ADDRESS_BOOK = {"account", "officer", "beyond"}
BESIDE_REPORTS = {"ir.attachment", "mail.activity"}

# By what the Centre finds a caller's earlier reports, given whole; it is not shown.
FOUND_BY = {
    "civic.reporter": {"phone", "email", "citizen_id"},
    "civic.access": {"phone"},  # a look is named by the reporter whose it is of
}


def is_ours(model):
    """Whether a model, by its name, is of this module."""
    return model.startswith(("civic.", "report.civic_report."))


def forbidden(actor, kinds, model="", method=""):
    """Those of the kinds that this actor may not be told, at all or by this method."""
    known = set()
    if actor in CENTRE and (model, method) in ON_RECORD:
        known = {*IDENTITY, "account", "data"}
    knows_reports = is_ours(model) or model in BESIDE_REPORTS or "phan-anh" in model
    if actor not in CITIZENS and not knows_reports:
        known |= IN_ADDRESS_BOOK
    return {kind for kind in kinds if actor not in ALLOWED[kind]} - known
