import sys

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "blogsite"

    def ready(self) -> None:
        from django.conf import settings
        from django.core.checks import register

        from blogsite import checks, logs

        register(checks.problems, "configuration")
        # Whoever sits at a terminal reads a traceback better as it is.
        if not settings.DEVELOPMENT and not sys.stderr.isatty():
            logs.catch_the_rest()
