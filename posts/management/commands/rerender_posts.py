"""Render again what an earlier renderer made: posts, what people say of themselves, footer."""

from argparse import ArgumentParser
from typing import Any

from posts.management.progress import ProgressCommand
from posts.services.rerendering import rerender_posts, rerender_short_texts


class Command(ProgressCommand):
    help = "Brings all stored HTML up to date. May be stopped and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=50, help="posts a transaction")
        parser.add_argument("--all", action="store_true", help="also what is up to date")

    def handle(self, *args: Any, batch_size: int, **options: Any) -> None:
        done = 0
        refused: list[tuple[int, str]] = []
        for progress in rerender_posts(batch_size=max(1, batch_size), everything=options["all"]):
            done = progress.done
            refused += progress.refused
            self.show(progress)
        for number, reason in refused:
            self.stderr.write(f"Post {number} keeps the HTML it has: {reason}")
        changed, kept = rerender_short_texts()
        for reason in kept:
            self.stderr.write(f"The HTML stays as it is for {reason}")
        self.stdout.write(
            f"{done - len(refused)} posts rendered, {len(refused)} refused; "
            f"{changed} other texts changed."
        )
