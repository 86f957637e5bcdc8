"""Short spellings for tests of Markdown."""

from typing import Any

from blogsite.lib.markdown import render


def post(source: str, **options: Any) -> str:
    return render(source, "post", **options).html


def comment(source: str) -> str:
    return render(source, "comment").html


def told(source: str) -> list[tuple[int, str]]:
    """The problems found, as (line, message)."""
    return [(problem.line, problem.message) for problem in render(source).problems]
