import sys

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "blogsite"

    def ready(self) -> None:
        from django.conf import settings
        from django.core.checks import register
        from django.db import connection

        from blogsite import checks, logs

        register(checks.problems, "configuration")
        if connection.vendor == "sqlite":
            # Django asks the first connection of a thread, and takes a lock or a full disk for no.
            type(connection.features).supports_json_field = True
        # Whoever sits at a terminal reads a traceback better as it is.
        if not settings.DEVELOPMENT and not sys.stderr.isatty():
            logs.catch_the_rest()
