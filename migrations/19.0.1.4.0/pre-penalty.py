"""A penalty is confirmed by a leader: what the citizen is told is told then."""


def migrate(cr, version):
    cr.execute(
        "UPDATE civic_notice SET event = 'confirm_penalty' WHERE event = 'mark_penalty'"
    )
