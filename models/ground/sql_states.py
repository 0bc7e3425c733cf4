def sql_states(states):
    """States as the definition of a partial index lists them: `('new', 'received')`.

    Odoo builds an index anew when this text changes.
    """
    return "({})".format(", ".join(f"'{state}'" for state in states))
