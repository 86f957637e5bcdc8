"""Static files under names that change with their content, compressed ahead of time."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # Scripts import each other by relative names, which must become the hashed ones too.
    support_js_module_import_aggregation = True
