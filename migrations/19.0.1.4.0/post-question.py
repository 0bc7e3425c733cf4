"""Under Huế's regulation anybody may ask about an answer (HUE Điều 12.1)."""


def migrate(cr, version):
    cr.execute("UPDATE civic_procedure SET anyone_follows_up = TRUE WHERE code = 'HUE'")
