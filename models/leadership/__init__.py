from . import (  # isort: skip - what others extend comes first
    procedure_periods,
    agency_deadline,
    agency_deadline_fill,
    rating_kept,
    facts,
    facts_reports,
    facts_agencies,
    facts_late,
    ranking,
    evaluation,
    evaluation_count,
)
