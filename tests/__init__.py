from . import test_codes
from . import test_query_counts
from . import test_text
from . import test_workflow
from . import test_working_time
