"""Callouts, tasks and cards: blocks that begin as a quote, a list and a bare link.

Callouts are written in GitHub's notation, `> [!NOTE]`, tasks as `- [ ] open` and `- [x] done`. A
card is a link and nothing else: no frame, picture or script of the other site is loaded before the
reader decides to go there.
"""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from .document import generated

CALLOUTS = {
    "NOTE": ("callout", _("Note")),
    "TIP": ("callout tip", _("Tip")),
    "IMPORTANT": ("callout important", _("Important")),
    "WARNING": ("callout warning", _("Warning")),
    "CAUTION": ("callout warning caution", _("Caution")),
}
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
    number = 0
    for position, token in enumerate(tokens):
        if token.type == "alert_open":
            _set_callout(token, *tokens[position + 1 : position + 3])
        elif token.type in ("bullet_list_open", "ordered_list_open") and "class" in token.attrs:
            _set_list(tokens, position)
        elif token.type == "list_item_open" and "checked" in token.meta:
            token.attrs.pop("class", None)
            number += 1
            _set_box(tokens[position + 1 : position + 4], token.meta["checked"], number)
        elif token.type == "paragraph_open" and token.level == 0:
            _set_card(*tokens[position : position + 3])


def _set_callout(opening: Token, title: Token, words: Token) -> None:
    css, name = CALLOUTS[opening.meta["kind"]]
    opening.attrs, title.attrs = {"class": css}, {}
    words.children = [Token("text", "", 0, content=str(name))]


def _set_list(tokens: list[Token], position: int) -> None:
    """A list of nothing but tasks is drawn as one; in a mixed list the boxes stand in the items."""
    opening, are_tasks = tokens[position], []
    for token in tokens[position + 1 :]:
        if token.level == opening.level:
            break
        if token.type == "list_item_open" and token.level == opening.level + 1:
            are_tasks.append("checked" in token.meta)
    del opening.attrs["class"]
    if opening.tag == "ul" and all(are_tasks):
        opening.attrs["class"] = "tasks"


def _set_box(paragraph: list[Token], checked: bool, number: int) -> None:
    if [token.type for token in paragraph] != ["paragraph_open", "inline", "paragraph_close"]:
        return
    opening, inline, closing = paragraph
    opening.hidden = closing.hidden = True
    state = " checked" if checked else ""
    box = f'<input type="checkbox"{state} disabled id="task-{number}">'
    label = generated(f'{box}<label for="task-{number}">')
    inline.children = [label, *(inline.children or ()), generated("</label>")]


def _set_card(opening: Token, inline: Token, closing: Token) -> None:
    children = inline.children or []
    kinds = [child.type for child in children]
    is_bare = kinds == ["link_open", "text", "link_close"] and children[0].info == "auto"
    if is_bare and (card := _card(str(children[0].attrs["href"]))):
        opening.hidden = closing.hidden = True
        inline.children = [generated(card)]


def _card(href: str) -> str:
    parts = urlsplit(href)
    title = _title(parts._replace(scheme="", fragment="").geturl().removeprefix("//"))
    if not title or parts.scheme not in ("http", "https"):
        return ""
    host = parts.netloc.removeprefix("www.").removeprefix("m.")
    return (
        f'<a class="embed" href="{escapeHtml(href)}"><b>{escapeHtml(title)}</b>'
        f'<span class="from">{escapeHtml(host)}</span></a>'
    )


def _title(place: str) -> str:
    for name, pattern in VIDEOS.items():
        if pattern.match(place):
            return gettext("Video on %(name)s") % {"name": name}
    if toot := TOOT.match(place):
        writer = f"@{toot['name']}@{toot['home'] or toot['host']}"
    elif post := BLUESKY.match(place):
        writer = f"@{post['name']}"
    else:
        return ""
    return gettext("Post by %(writer)s") % {"writer": writer}
