"""Render Markdown from standard input, the way posts or comments are."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blogsite.lib.markdown import Refused, render


class Command(BaseCommand):
    help = "Reads Markdown from standard input and prints the HTML. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profile", choices=["post", "comment"], default="post")
        parser.add_argument("--language", default="en", help="of quotation marks and labels")
        parser.add_argument("--math", action="store_true", help="formulas between dollars")
        parser.add_argument("--smart-quotes", action="store_true", help='“these” for "these"')
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='read one {"id", "src"} a line, print {"id", "html"} or {"id", "error"}',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # The bytes are UTF-8 whatever the terminal's locale says.
        source = sys.stdin.buffer
        if options["jsonl"]:
            for number, line in enumerate(source, 1):
                if line.strip():
                    self._print(self._answer(line, number, options))
            return
        try:
            self._print(_html(source.read().decode("utf-8", "replace"), options))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _answer(self, line: bytes, number: int, options: dict[str, Any]) -> str:
        try:
            item = json.loads(line)
            identifier, source = item["id"], item["src"]
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f'Line {number} is not {{"id": …, "src": …}}: {error}') from error
        if not isinstance(source, str):
            raise CommandError(f'Line {number}: "src" must be a string.')
        try:
            return json.dumps({"id": identifier, "html": _html(source, options)})
        except Refused as refusal:
            return json.dumps({"id": identifier, "error": str(refusal)})

    def _print(self, text: str) -> None:
        self.stdout.write(text, ending="" if text.endswith("\n") else "\n")


def _html(source: str, options: dict[str, Any]) -> str:
    chosen = {name: options[name] for name in ("language", "math", "smart_quotes")}
    return render(source, options["profile"], **chosen).html
