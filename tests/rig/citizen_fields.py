"""What a shape says, to compare with what citizens read of the fields."""


def told(shape):
    """Every value in a shape, however deep."""
    if isinstance(shape, dict):
        return set().union(*map(told, shape.values()))
    if isinstance(shape, list | tuple):
        return set().union(*map(told, shape))
    return {shape}


def words_of(record, name):
    """A field as a shape may say it: a key or its words, a name, or the value."""
    value, field = record[name], record._fields[name]
    if field.type == "selection":
        return {value, dict(field._description_selection(record.env))[value]}
    return {value.display_name if field.type == "many2one" else value}


def said_more(record, names, *shapes):
    """Those of the fields of a record that say more than shapes do; what is empty says
    nothing, and of what is true or false the shape has the name.

    :param record: in the environment of who reads it
    """
    said = set().union(*map(told, shapes))
    known = set().union(*shapes)
    return {
        name
        for name in names
        if record[name]
        and (
            name not in known
            if record._fields[name].type == "boolean"
            else not words_of(record, name) & said
        )
    }
