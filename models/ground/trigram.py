"""Indexes for words within folded text."""


def trigram_index(column):
    """Definition of an index for `models.Index`; none where PostgreSQL lacks pg_trgm.

    Searches are right without it, and slow; see the health page. Upgrading the module
    makes the index once the extension is there.
    """
    return lambda registry: (
        f"USING gin ({column} gin_trgm_ops)" if registry.has_trigram else ""
    )
