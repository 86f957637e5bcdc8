"""The library at the desk."""

from blogsite.media.admin import files, pictures  # noqa: F401  (they register themselves)
