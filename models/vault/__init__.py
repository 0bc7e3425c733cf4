from . import (  # isort: skip - what others extend comes first
    vault,
    sealed,
    key_ring,
    secret_links,
)
