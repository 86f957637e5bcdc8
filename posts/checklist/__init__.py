"""What is looked at before a post goes out. Codes and their names: `blogsite.site.checklist`.

    findings = check(content, post=post, site=site)

At most eight queries, however long the text is and whatever it links to.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from accounts.models import User
from blogsite.site.checklist import ALWAYS
from blogsite.site.models import SiteSettings
from posts.checklist import addresses, outside, pictures, words
from posts.checklist.draft import Draft
from posts.checklist.finding import Finding
from posts.models import Post
from posts.outside_links import written

__all__ = ["Finding", "check", "codes", "look_over"]

LOOKS = (
    words.title,
    words.text,
    addresses.slug,
    words.problems_of_text,
    words.marks,
    addresses.inside,
    outside.dead,
    outside.unsafe,
    words.description,
    pictures.cover,
    pictures.weight,
    words.tags,
)


def check(
    content: dict[str, Any], *, post: Post | None, site: SiteSettings, reader: User | None = None
) -> list[Finding]:
    """What there is to say about this content, what stops it first, then by line.

    The text is rendered, which takes milliseconds: not inside a transaction. Only a `reader` gets
    hints to the address, and titles of posts that are not out if they may edit those.
    """
    return _findings(Draft(content, post, reader), site)


def look_over(
    content: dict[str, Any], *, post: Post | None, site: SiteSettings
) -> tuple[list[Finding], Draft]:
    """What `check` finds that is more than a hint to the address, and what was looked at."""
    draft = Draft(content, post, None)
    return _findings(draft, site), draft


def _findings(draft: Draft, site: SiteSettings) -> list[Finding]:
    stopping = {*ALWAYS, *site.stopping_checks.split()}
    findings = [
        replace(found, stops=not found.hint and found.check in stopping)
        for look in LOOKS
        for found in look(draft)
    ]
    return sorted(findings, key=lambda found: (not found.stops, found.line or 0))


def codes(findings: Iterable[Finding]) -> str:
    """What `Post.problems` keeps: " alt todo ". What is only worth knowing is no problem."""
    return written(found.check for found in findings if not found.hint)
