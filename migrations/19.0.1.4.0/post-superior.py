"""Superior bodies may be told of late work of their branches (ST Điều 13.4)."""


def migrate(cr, version):
    cr.execute("UPDATE civic_procedure SET tells_superior = TRUE WHERE code = 'ST'")
