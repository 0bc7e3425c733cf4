"""Which models are this module's: made here, not only extended here."""

MODULE = "civic_report"


def is_our_model(model):
    """Whether a model was made by this module.

    :param model: a model's class or a recordset; anything else is none of ours
    """
    return getattr(model, "_original_module", None) == MODULE


def our_models(env):
    """All models that this module has made.

    :return: list of classes
    """
    return [model for model in env.registry.values() if is_our_model(model)]
