"""A penalty is confirmed by a leader: what the citizen is told is told then."""


def migrate(cr, version):
    # Databases of the first versions told nobody anything.
    cr.execute("SELECT to_regclass('civic_notice')")
    if not cr.fetchone()[0]:
        return
    cr.execute(
        "UPDATE civic_notice SET event = 'confirm_penalty' WHERE event = 'mark_penalty'"
    )
