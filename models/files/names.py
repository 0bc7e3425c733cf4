"""Names that uploads, originals and shown files share."""

# Records whose files come from citizens and officers.
CIVIC_MODELS = ("civic.report", "civic.assignment")
# The originals, as they came in, hang on the reporter. They tell who took the picture
# and where: the vault seals them, and the Centre fetches them one by one.
ORIGINAL_MODEL = "civic.reporter"
SEALED_TYPE = "application/octet-stream"
CONTENT = frozenset({"raw", "datas", "db_datas", "store_fname", "url", "mimetype"})
# Says that the files were read by this module; RPC cannot send it.
_CLEANED = object()
