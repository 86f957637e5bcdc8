"""A bar that grows, for commands that take a while."""

from typing import Protocol

from django.core.management.base import BaseCommand

BAR = 30


class Counted(Protocol):
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


class ProgressCommand(BaseCommand):
    def show(self, progress: Counted) -> None:
        filled = BAR * progress.done // max(progress.total, progress.done)
        bar = "#" * filled + "." * (BAR - filled)
        # One line that is drawn over on a terminal, one line a batch in a log.
        over = self.stdout.isatty() and progress.done < progress.total
        line = f"[{bar}] {progress.done} of {progress.total}"
        self.stdout.write(line, ending="\r" if over else "\n")
        self.stdout.flush()
