from . import (
    test_access,
    test_codes,
    test_demo,
    test_door,
    test_media,
    test_query_counts,
    test_text,
    test_workflow,
    test_working_time,
)
