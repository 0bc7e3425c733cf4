from . import (  # isort: skip - what others extend comes first
    decide_evaluation,
    answer_directive,
    decide_reward,
    end_directive,
    initiative,
    issue_directive,
    officer_figures,
    urge,
from . import (  # isort: skip - a dialog each
    load_borders,
    periodic_words,
    periodic_reason,
    periodic_note,
    periodic_demand,
)
