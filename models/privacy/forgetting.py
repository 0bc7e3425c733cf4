"""What is deleted of a person, what is struck out, what stays and why: all of it.

`PARTS` is the list, in the order in which `civic.forgetting` goes through it (see
:mod:`.anonymise`). Whatever can hold words has a place there or in `NOBODYS`; a test
looks at every model. Retention (:mod:`.retention`) and a person's own request
(`civic.data.request`) begin it; `_deletion_obstacle` says what stands against it.

Not in it: dialogs (transient models) hold what an officer has just typed, and Odoo
deletes their rows within hours; an account of the site is its owner's to close.
"""

from dataclasses import dataclass

from ..identity.reporter import SEALED

# Deleted once the person asks for it or the time is over.
LAW = "Luật 91/2025/QH15, Điều 14.1"
# The Centre keeps every report, to answer for it.
RECORD = "HUE Điều 14.1, ST Điều 6.1, QN Điều 7.1, BP Điều 9.1"

# What becomes of a part; each but the last is a method of `civic.forgetting`.
FILES, ROWS, COLUMNS = "_shred", "_delete", "_empty"
STRUCK, NOTES, KEPT = "_strike", "_forget_notes", "kept"

# How a row belongs to the person: by the report, or by itself.
OF_REPORT, OF_PERSON = ("report_id",), ("reporter_id",)
OF_BOTH = OF_REPORT + OF_PERSON


@dataclass(frozen=True)
class Part:
    """One part of what is kept about a person.

    :param model: where it is kept
    :param columns: which of its columns may hold something of a person
    :param fate: what becomes of it, one of those above
    :param why: what it is, and why that becomes of it
    :param of: links from a row to the person, or to the person's reports; or the name
        of the method of `civic.reporter` that finds the rows
    :param article: on which it rests
    """

    model: str
    columns: tuple[str, ...]
    fate: str
    why: str
    of: tuple[str, ...] | str = OF_REPORT
    article: str = LAW


PARTS = (
    # ------------------------------------------------------------------
    # What names the person in the words of others, officers' among them: struck out,
    # so that what was done and why can be read on. First, while the name is known.
    # ------------------------------------------------------------------
    Part(
        "civic.event",
        ("note",),
        NOTES,
        "The sender's words that stand nowhere else or twice, those of a question that "
        "was passed on, and notes that name the person. An entry of the log cannot be "
        "rewritten: its note goes whole, its commitment stays.",
    ),
    Part(
        "civic.report",
        ("public_result", "reason", "reason_message", "intake_note", "refused_files")
        + ("designation_note", "initiative_note"),
        STRUCK,
        "What the Centre has written.",
        of=("id",),
    ),
    Part(
        "civic.assignment",
        ("note", "result", "return_reason", "send_back_reason", "follow_up_note")
        + ("penalty_basis", "penalty_record_number", "penalty_decision_number")
        + ("letter_number",),
        STRUCK,
        "What agencies have written.",
    ),
    Part(
        "civic.interaction",
        ("body", "answer"),
        STRUCK,
        "What was asked about an answer, by the sender or as somebody else's question "
        "was passed on; the agency's answer rests on it.",
    ),
    Part(
        "civic.question",
        ("body", "reason"),
        STRUCK,
        "What somebody else has asked about the person's report.",
    ),
    Part(
        "civic.extension",
        ("document", "reason", "decision_note"),
        STRUCK,
        "Why an agency needed more time.",
    ),
    Part(
        "civic.violation",
        ("note", "source", "appeal_text", "decision_note"),
        STRUCK,
        "Findings, and the appeal that a decision rests on.",
        of=OF_BOTH,
    ),
    Part("civic.lock", ("reason", "source", "end_reason"), STRUCK, "Locks.", OF_PERSON),
    Part(
        "civic.disclosure",
        ("authority", "document", "reason", "legal_basis", "field_names")
        + ("law_basis", "evidence", "decision_note"),
        STRUCK,
        "Who was given the identity, when and why; on record, without it.",
        of=OF_BOTH,
    ),
    Part(
        "civic.access",
        ("reason", "shown"),
        STRUCK,
        "Who looked at the identity, when and why; on record, without it.",
        of=OF_BOTH,
    ),
    Part(
        "civic.diversion",
        ("authority", "document_number", "note"),
        STRUCK,
        "To whom a complaint was passed on.",
    ),
    Part(
        "civic.directive",
        ("subject", "body", "end_reason"),
        STRUCK,
        "What was directed about the person's report, among others.",
        of="_forgotten_directives",
    ),
    Part(
        "civic.directive.answer",
        ("text",),
        STRUCK,
        "What an agency answered to that.",
        of="_forgotten_directive_answers",
    ),
    Part(
        "civic.explanation.line",
        ("cause", "remedy"),
        STRUCK,
        "Why an agency was late with the report.",
        of="_forgotten_explanation_lines",
    ),
    Part(
        "civic.reward",
        ("merit", "decline_reason"),
        STRUCK,
        "Why somebody was to be rewarded for the report.",
        of="_forgotten_rewards",
    ),
    Part(
        "civic.act.event",
        ("note",),
        STRUCK,
        "What became of these acts.",
        of="_forgotten_act_events",
    ),
    Part(
        "civic.data.request",
        ("verification", "extension_reason", "answer", "legal_basis"),
        STRUCK,
        "What the person asked of the own data, and what was answered.",
        of=OF_PERSON,
    ),
    Part(
        "civic.data.event",
        ("note",),
        STRUCK,
        "What became of the person's data.",
        of=OF_PERSON,
    ),
    Part(
        "civic.call",
        ("document", "result"),
        STRUCK,
        "What became of a harassing call.",
        of="_forgotten_calls",
    ),
    Part(
        "civic.call.event",
        ("note",),
        STRUCK,
        "What was done about a call.",
        of="_forgotten_call_events",
    ),
    Part(
        "civic.inbox",
        ("error",),
        STRUCK,
        "Why a message was not read.",
        of="_forgotten_messages",
    ),
    Part(
        "civic.outbox",
        ("error", "decision"),
        STRUCK,
        "Why a message was not sent. Its words and its address are made when it is "
        "sent, and kept nowhere.",
    ),
    Part(
        "mail.activity",
        ("summary", "note"),
        STRUCK,
        "What officers remind one another of.",
        of="_forgotten_activities",
    ),
    Part(
        "civic.reporter",
        ("legal_hold_reason",),
        STRUCK,
        "Why the data was held.",
        of=("id",),
    ),
    # ------------------------------------------------------------------
    # What came in with the person, and what tells of the person alone: deleted.
    # ------------------------------------------------------------------
    Part(
        "ir.attachment",
        (),
        FILES,
        "Originals as they came in: they tell who took a picture, when and where.",
        of="_original_files",
    ),
    Part(
        "ir.attachment",
        (),
        FILES,
        "Files that came with a mail which was put beside a report.",
        of="_files_beside",
    ),
    Part(
        "ir.attachment",
        (),
        FILES,
        "Recordings of calls.",
        of="_call_recordings",
    ),
    Part(
        "civic.data.request",
        ("details_sealed", "has_details"),
        COLUMNS,
        "What the person wrote to the Centre about the own data.",
        of=OF_PERSON,
    ),
    Part(
        "civic.support",
        ("lang", "person_hash", "vault_ref", "vault_blob", "vault_key")
        + ("link_key", "link_hash"),
        ROWS,
        "What the person follows, by the same address or account.",
        of="_followed",
    ),
    Part(
        "civic.call",
        ("number_sealed", "number_hash", "has_recording", "recording_name", "note"),
        COLUMNS,
        "Who called and what was said; that there was a call stays.",
        of="_forgotten_calls",
    ),
    Part(
        "civic.inbox",
        ("raw", "size", "sender"),
        COLUMNS,
        "Messages as they came, and who sent them.",
        of="_forgotten_messages",
    ),
    Part(
        "civic.media",
        ("taken_at", "latitude", "longitude", "altitude", "direction", "software")
        + ("sha256", "likeness"),
        COLUMNS,
        "What a file tells of whoever took it; the file itself is the report's.",
    ),
    Part(
        "civic.statement",
        ("vault_ref", "vault_blob", "vault_key"),
        COLUMNS,
        "What reports said of their sender.",
    ),
    Part(
        "civic.question",
        ("body", "link_key", "link_hash"),
        COLUMNS,
        "What the person asked about the answer to somebody else's report.",
        of=OF_PERSON,
    ),
    Part(
        "civic.reporter",
        tuple(sorted(SEALED)),
        COLUMNS,
        "The identity, the keyed hashes by which it is found, the link to an account. "
        "The last: until here it had to be known who is forgotten.",
        of=("id",),
    ),
    # ------------------------------------------------------------------
    # What stays.
    # ------------------------------------------------------------------
    Part(
        "civic.report",
        ("name", "subject", "description", "standardised_description", "supplied_text")
        + ("address", "rating_comment", "report_properties", "search_text")
        + ("public_search_text",),
        KEPT,
        "The report, in its sender's words, is never rewritten. Where they name "
        "somebody it is marked: a manager strikes out what the public sees.",
        of=("id",),
        article=RECORD,
    ),
    Part(
        "civic.report",
        ("identity_shown", "statement_names", "submission_key", "imported_from")
        + ("imported_number",),
        KEPT,
        "Kinds and names of data, random keys, the code in an older system.",
        of=("id",),
        article=RECORD,
    ),
    Part(
        "civic.event",
        ("from_state", "to_state", "hash", "salt", "note_salt", "note_digest")
        + ("tile_hash",),
        KEPT,
        "States, and the seals of the log. The salt of a note that is deleted goes "
        "with it, so that its commitment tells nothing.",
        article=RECORD,
    ),
    Part(
        "civic.agency.deadline",
        (),
        KEPT,
        "Until when an agency had time: moments.",
        article=RECORD,
    ),
    Part(
        "civic.rating",
        (),
        KEPT,
        "Which level was given and when, without a word.",
        article=RECORD,
    ),
    Part(
        "civic.directive",
        ("number", "issuer"),
        KEPT,
        "As the document bears them.",
        of="_forgotten_directives",
        article=RECORD,
    ),
    Part(
        "civic.explanation.line",
        ("code",),
        KEPT,
        "The code of the report.",
        of="_forgotten_explanation_lines",
        article=RECORD,
    ),
    Part(
        "civic.reward",
        ("decision_number",),
        KEPT,
        "As the decision bears it.",
        of="_forgotten_rewards",
        article=RECORD,
    ),
    Part(
        "civic.media",
        ("redactions",),
        KEPT,
        "Where black boxes are drawn.",
        article=RECORD,
    ),
    Part(
        "civic.inbox",
        ("vault_key", "uuid", "external_id", "content_id"),
        KEPT,
        "Hashes by which the same message is taken in once.",
        of="_forgotten_messages",
        article=RECORD,
    ),
    Part(
        "civic.outbox",
        ("external_id", "key", "facts", "provider_ref"),
        KEPT,
        "Random tokens, figures and numbers of rows.",
        article=RECORD,
    ),
    Part(
        "civic.call",
        ("vault_key", "vault_ref", "external_id", "extension"),
        KEPT,
        "The desk's own numbers of the call.",
        of="_forgotten_calls",
        article=RECORD,
    ),
    Part(
        "civic.data.request",
        ("vault_key",),
        KEPT,
        "The name of a key.",
        of=OF_PERSON,
        article=RECORD,
    ),
    Part(
        "civic.disclosure",
        ("link_key", "link_hash"),
        KEPT,
        "Of a link that opens nothing any more.",
        of=OF_BOTH,
        article=RECORD,
    ),
    Part(
        "civic.question",
        ("vault_key", "submission_key"),
        KEPT,
        "The name of a key, a random one.",
        of=OF_PERSON,
        article=RECORD,
    ),
    Part(
        "civic.statement",
        ("field_names",),
        KEPT,
        "Names of data, never the data.",
        article=RECORD,
    ),
    Part("civic.step", ("held",), KEPT, "Spans of time.", article=RECORD),
    Part("civic.code", ("asker", "nonce"), KEPT, "Hashes; deleted after a day."),
    Part(
        "civic.report.former.code",
        ("name",),
        KEPT,
        "Codes.",
        article=RECORD,
    ),
    Part(
        "civic.import.part",
        ("vault_key", "uuid", "blob"),
        KEPT,
        "Files of older cases, sealed; deleted after a month.",
        of=(),
    ),
    Part(
        "civic.import.fault",
        ("column", "message"),
        KEPT,
        "What is wrong in such a file; deleted with it.",
        of=(),
    ),
)

# Models whose rows are about no citizen.
NOBODYS = frozenset(
    {
        *("civic.agency", "civic.agency.limit", "civic.alert", "civic.category"),
        *("civic.channel", "civic.danger.list", "civic.data.limit", "civic.duty.way"),
        *("civic.evaluation", "civic.event.check", "civic.event.root"),
        *("civic.explanation", "civic.figure", "civic.gateway"),
        *("civic.gateway.template", "civic.import"),
        *("civic.look.allowance", "civic.look.day", "civic.makeup.day"),
        *("civic.merger", "civic.merger.line", "civic.notice", "civic.now"),
        *("civic.period.figures", "civic.periodic.event", "civic.periodic.kind"),
        *("civic.periodic.line", "civic.periodic.note", "civic.periodic.report"),
        *("civic.procedure", "civic.rehearsal", "civic.rehearsal.batch"),
        *("civic.rehearsal.line", "civic.sight"),
        *("civic.procedure.limit", "civic.rating.level"),
        *("civic.rating.scale", "civic.ready.answer", "civic.reason"),
        *("civic.stand.in", "civic.succession", "civic.succession.line"),
        *("civic.throttle", "civic.throttle.limit", "civic.vault.key", "civic.ward"),
    }
)
