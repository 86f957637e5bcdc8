"""The state of a post as the desk shows it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from posts.models import Post

#: A state is told by a shape and a word, never by colour alone.
SHAPES = {
    "draft": '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.5"'
    ' stroke-dasharray="2 1.6"/>',
    "review": '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor"/>',
    "scheduled": '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor"'
    ' stroke-width="1.5"/><path d="M6 3.5V6l1.8 1.2" fill="none" stroke="currentColor"'
    ' stroke-width="1.3"/>',
    "published": '<circle cx="6" cy="6" r="4.4" fill="currentColor"/>',
    "archived": '<path d="M2 6h8" stroke="currentColor" stroke-width="2"/>',
    "expired": '<path d="M2 6h8" stroke="currentColor" stroke-width="2"/>',
    "trash": '<path d="M3 3l6 6M9 3l-6 6" stroke="currentColor" stroke-width="1.6"/>',
}


def badge(post: Post) -> SafeString:
    """The state of a post: a shape and a word."""
    return format_html(
        '<span class="badge is-{}"><svg viewBox="0 0 12 12" width="12" height="12"'
        ' aria-hidden="true">{}</svg>{}</span>',
        post.standing,
        mark_safe(SHAPES[post.standing]),  # noqa: S308  (our own drawings)
        post.condition(),
    )
