"""One row of the tables of transitions.

Plain data, see :mod:`.transitions` and :mod:`.case_transitions`.
"""

from dataclasses import dataclass, replace

from .guards import GUARDS


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    :param model: of the record that goes through the door
    :param verb: the method
    :param sources: states from which it is possible
    :param target: the state after it, None where it stays
    :param actors: roles that may do it; empty for what only the module itself does
    :param ends: codes of open steps that it fulfils
    :param drops: codes of open steps that it makes void
    :param opens: codes of steps that it starts
    :param is_public: whether the citizen's timeline shows it
    :param guards: what else must be so, see :mod:`.guards`
    :param event: code of its event where that is not the verb; None where the history
        says nothing of it
    """

    model: str
    verb: str
    sources: frozenset
    target: str | None
    actors: frozenset
    ends: tuple = ()
    drops: tuple = ()
    opens: tuple = ()
    is_public: bool = False
    guards: tuple = ()
    event: str | None = ""

    def __post_init__(self):
        if unknown := set(self.guards) - set(GUARDS):
            raise ValueError(f"{self.verb}: no guards: {unknown}")

    @property
    def code(self):
        """By which the histories know it, and the labels that words are made of."""
        return self.event or self.verb


def rows(model, *given, everywhere="", but=()):
    """Rows of one model.

    :param given: tuples: verb, sources, target, actors, dict of the rest
    :param everywhere: guard of every row that somebody has to ask for, those in `but`
        excepted
    """
    for verb, sources, target, actors, effects in given:
        row = Transition(
            model,
            verb,
            frozenset(sources),
            target,
            frozenset(actors),
            **effects,
        )
        if everywhere and actors and verb not in but:
            row = replace(row, guards=(everywhere, *row.guards))
        yield row
