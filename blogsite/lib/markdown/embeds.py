"""A bare link to a video or a post elsewhere, alone in its paragraph, becomes a card.

The card is a link and nothing else: no frame, picture or script of the other site is
loaded before the reader decides to go there.
"""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from .document import generated

VIDEOS = {
    "YouTube": re.compile(
        r"(?:www\.|m\.)?youtube\.com/(?:watch\?|shorts/|live/|playlist\?).|youtu\.be/."
    ),
    "Vimeo": re.compile(r"(?:www\.)?vimeo\.com/\d"),
    "Dailymotion": re.compile(r"(?:www\.)?dailymotion\.com/video/.|dai\.ly/."),
    "Twitch": re.compile(r"(?:www\.)?twitch\.tv/videos/\d"),
    "PeerTube": re.compile(r"[^/]+/(?:videos/watch|w)/[\w-]{20,40}$"),
    "media.ccc.de": re.compile(r"media\.ccc\.de/v/."),
}
TOOT = re.compile(r"(?P<host>[^/]+)/@(?P<name>[\w.-]+)(?:@(?P<home>[\w.-]+))?/\d{6,}$")
BLUESKY = re.compile(r"bsky\.app/profile/(?P<name>[\w.:-]+)/post/\w+$")


def prepare(tokens: list[Token]) -> None:
    for position, token in enumerate(tokens):
        if token.type == "inline" and token.level == 1 and _is_bare_link(token):
            href = str((token.children or [])[0].attrs["href"])
            card = _card(href)
            if card and tokens[position - 1].type == "paragraph_open":
                tokens[position - 1].hidden = tokens[position + 1].hidden = True
                token.children = [generated(card)]


def _is_bare_link(inline: Token) -> bool:
    children = inline.children or []
    kinds = [child.type for child in children]
    return kinds == ["link_open", "text", "link_close"] and children[0].info == "auto"


def _card(href: str) -> str:
    parts = urlsplit(href)
    if parts.scheme not in ("http", "https"):
        return ""
    place = parts.netloc + parts.path + (f"?{parts.query}" if parts.query else "")
    title = _video_title(place) or _post_title(place)
    if not title:
        return ""
    host = parts.netloc.removeprefix("www.").removeprefix("m.")
    return (
        f'<a class="embed" href="{escapeHtml(href)}"><b>{escapeHtml(title)}</b>'
        f'<span class="from">{escapeHtml(host)}</span></a>'
    )


def _video_title(place: str) -> str:
    for name, pattern in VIDEOS.items():
        if pattern.match(place):
            return _("Video on %(name)s") % {"name": name}
    return ""


def _post_title(place: str) -> str:
    if toot := TOOT.match(place):
        writer = f"@{toot['name']}@{toot['home'] or toot['host']}"
    elif post := BLUESKY.match(place):
        writer = f"@{post['name']}"
    else:
        return ""
    return _("Post by %(writer)s") % {"writer": writer}
