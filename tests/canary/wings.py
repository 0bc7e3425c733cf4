"""Which part of the matrix a run asks, see `rig.asked`."""

from ..rig.asked import is_asked

HOUSE = "odoo.addons.civic_report."


def wing_of(module):
    """The wing of a module by its full name; of others' modules None."""
    room, *rest = module.removeprefix(HOUSE).split(".")
    if module.startswith(HOUSE) and room in ("models", "wizards"):
        # What lies in no wing is what all dialogs stand on.
        return rest[0] if len(rest) > 1 else "ground"
    return None


def wings_of(env, model, name=None):
    """Wings that make a model, or one of its methods.

    :param name: name of a method; for one that none of our wings makes, such as
        `read`, it is the fields that matter, so the wings of the model
    """
    classes = type(env[model]).__mro__
    made = {wing_of(cls.__module__) for cls in classes if not name or name in vars(cls)}
    found = made - {None}
    return found or (wings_of(env, model) if name else found)


def asked_methods(env, rows):
    """Rows (model, method's name, …) that a run asks."""
    return [row for row in rows if is_asked(*wings_of(env, *row[:2]))]


def asked_models(env, models):
    return [model for model in models if is_asked(*wings_of(env, model))]
