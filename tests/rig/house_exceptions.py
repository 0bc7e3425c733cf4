"""What the plan of the house lets pass, with the reasons; it only shrinks."""

# Reason → (wing, what of a wing above it uses: see `House.uses_up`).
USES_UP = {
    "What is shown and kept of a report names its agencies, their dates and results": {
        ("report", "civic.assignment.agency_id"),
        ("report", "civic.assignment.approved_at"),
        ("report", "civic.assignment.dispatched_at"),
        ("report", "civic.assignment.letter_date"),
        ("report", "civic.assignment.letter_number"),
        ("report", "civic.assignment.result"),
        ("report", "civic.assignment.result_attachment_ids"),
        ("report", "civic.assignment.role"),
        ("report", "civic.assignment.state"),
        ("report", "civic.assignment.step_ids"),
        ("report", "civic.assignment.suggested_agency_id"),
        ("report", "civic.step.is_own_limit"),
    },
    "Rows that hang on a report read the columns with which it was made": {
        ("files", "civic.report.company_id"),
        ("files", "civic.report.latitude"),
        ("files", "civic.report.longitude"),
        ("files", "civic.report.name"),
        ("files", "civic.report.occurred_at"),
        ("files", "civic.report.received_at"),
        ("identity", "civic.report.name"),
        ("identity", "civic.report.reporter_id"),
        ("workflow", "civic.report.name"),
        ("workflow", "civic.report.procedure_id"),
    },
    "Settings name the duties of the table, of which they say how long they last": {
        ("province", "civic.step._selection_code"),
        ("province", "civic.step._selection_track"),
    },
    "A field's companion is filled, and searched, by what masks it": {
        ("ground", "_compute_masked"),
        ("report", "civic.report.address_masked"),
        ("report", "civic.report.description_masked"),
        ("report", "civic.report.standardised_description_masked"),
        ("report", "civic.report.subject_masked"),
    },
    "Who asked about others' answers is forgotten where everything of a person is": {
        ("privacy", "civic.question.report_id"),
        ("privacy", "civic.reporter.question_ids"),
    },
    "A violation shows the words in which it was found, those of a call as well": {
        ("conduct", "civic.call.note"),
    },
}
MOST_USES_UP = 32

# Model, method → where more than one class has it and does not call the one below.
REPLACED = {
    ("civic.assignment", "_step_holder"): "vacancies decide for every duty",
    ("civic.health", "_health_order"): "the frame has no checks of its own",
    ("civic.succession", "_tell"): "the frame tells nobody",
    (
        "res.users",
        "_civic_agency_ids",
    ): "deputies' own agencies come first, in one query",
}

# Model, method → files of the classes that have it, the first one called first. Of most
# overrides the order says nothing; of these another one would be another rule.
ORDERED = {
    # Each replaces the one below.
    ("civic.assignment", "_step_holder"): [
        "assignment.roster",
        "assignment.assignment",
    ],
    ("civic.health", "_health_order"): ["platform.health", "ground.health"],
    ("civic.succession", "_tell"): ["succession.told", "succession.move"],
    ("res.users", "_civic_agency_ids"): ["agencies.deputies", "agencies.officer"],
    # An agency that has ended is replaced in whatever the others prepare.
    ("civic.assignment", "_prepare_step"): [
        "succession.move",
        "assignment.completion",
        "assignment.more_time",
        "assignment.assignment",
        "workflow.door",
    ],
    # The list of a mail's headers is whole before it can be left with one click.
    ("civic.driver.email", "_build"): [
        "messages.occasions.follow",
        "messages.channels.email",
    ],
    # What waits or is joined is not handed to a driver.
    ("civic.outbox", "_handle"): [
        "messages.occasions.duty_way",
        "messages.occasions.joined",
        "messages.delivery",
        "messages.queue",
    ],
    # Only where nobody else is told it is the leader's.
    ("civic.outbox", "_officer_told"): [
        "messages.occasions.vacancy",
        "messages.occasions.follow_up",
        "messages.occasions.coordination",
        "messages.outbox",
    ],
    # Masked words come back whole before anything compares or keeps them.
    ("civic.report", "write"): [
        "privacy.words",
        "telephone.report",
        "report.visibility",
        "report.corrections",
        "workflow.door",
        "ground.links",
        "ground.named_records",
    ],
    ("civic.reporter", "write"): [
        "privacy.words",
        "privacy.rights",
        "conduct.reporter",
        "identity.reporter",
        "ground.named_records",
    ],
    # What the public sees of a file is decided before its original is opened.
    ("ir.attachment", "_to_http_stream"): ["files.shown", "files.originals"],
    # A page for an error has the headers of a page, too.
    ("ir.http", "_handle_error"): ["platform.ir_http_headers", "platform.ir_http"],
}
