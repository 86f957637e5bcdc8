"""What machines look for: what they may read, where everything is, and plain copies of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import rfc3339_date

from blogsite.pagecache import depends_on, public_page
from blogsite.site.models import Crawlers, SiteSettings
from posts.gathered import SOME
from posts.models import Post
from posts.querysets import PostQuerySet
from posts.slugs import address

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
#: Posts in one file of the sitemap, by their keys: a file keeps its posts for good.
KEYS_IN_A_FILE = 5_000
MOST_GATHERINGS = 5_000
MOST_EXCEPTIONS = 500
MOST_IN_LLMS = 500
#: Who reads in order to train, by the names they answer to in robots.txt.
TRAINERS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot"),
    *("ClaudeBot", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended"),
    *("GPTBot", "meta-externalagent", "omgili", "PanguBot", "Timpibot"),
)
TOUCHED = Coalesce(F("edited_at"), F("published_at"))


@public_page("site", "lists")
def robots(request: HttpRequest) -> HttpResponse:
    site, now = SiteSettings.current(), timezone.now()
    depends_on(request, until=Post.objects.next_change(now))
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /search/?"]
    if settings.ENV == "staging":
        lines[1:] = ["Disallow: /"]
    else:
        lines += _for_trainers(site, now)
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('posts:sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


def _for_trainers(site: SiteSettings, now: datetime) -> list[str]:
    """What is said of the site, and the posts of which the opposite is said."""
    is_open, welcome = site.crawlers == Crawlers.ALLOW, Q(crawlers=Crawlers.ALLOW)
    others = Post.objects.live(now).filter(visibility="public").exclude(crawlers="").order_by("pk")
    others = others.exclude(welcome) if is_open else others.filter(welcome)
    rules = [
        f"{'Disallow' if is_open else 'Allow'}: {address(f'posts:{page}', slug)}"
        for slug in others.values_list("slug", flat=True)[:MOST_EXCEPTIONS]
        for page in ("detail", "markdown")
    ]
    rules += [] if is_open else ["Disallow: /"]
    return ["", *(f"User-agent: {name}" for name in TRAINERS), *rules] if rules else []


def _findable(now: datetime) -> PostQuerySet:
    """What search engines are to know: at home here, and hidden by nobody."""
    return Post.objects.live(now).filter(visibility="public", noindex=False, canonical_url="")


# -- where everything is ---------------------------------------------------------------------


@public_page("site", "lists")
def sitemap(request: HttpRequest) -> HttpResponse:
    """The files there are. They hold the posts of so many keys each."""
    now = timezone.now()
    depends_on(request, until=Post.objects.next_change(now))
    files = (
        _findable(now)
        .order_by()
        .annotate(file=F("pk") / KEYS_IN_A_FILE)
        .values("file")
        .annotate(touched=Max(TOUCHED))
        .order_by("file")
    )
    rows = [(_file(request, "lists"), "")]
    rows += [(_file(request, row["file"]), rfc3339_date(row["touched"])) for row in files]
    return _xml(request, "sitemapindex", "sitemap", rows)


@public_page("site", "lists")
def sitemap_file(request: HttpRequest, name: str) -> HttpResponse:
    now = timezone.now()
    depends_on(request, until=Post.objects.next_change(now))
    if name == "lists":
        return _xml(request, "urlset", "url", [(where, "") for where in _lists(request, now)])
    first = int(name) * KEYS_IN_A_FILE
    posts = _findable(now).filter(pk__gte=first, pk__lt=first + KEYS_IN_A_FILE).order_by("pk")
    rows = [
        (request.build_absolute_uri(address("posts:detail", slug)), rfc3339_date(touched))
        for slug, touched in posts.values_list("slug", TOUCHED)
    ]
    if not rows:
        raise Http404
    return _xml(request, "urlset", "url", rows)


def _file(request: HttpRequest, name: Any) -> str:
    return request.build_absolute_uri(reverse("posts:sitemap_file", args=[name]))


def _lists(request: HttpRequest, now: datetime) -> list[str]:
    """The front page, the archive, and every topic, series and author with something public."""
    found = [reverse("posts:home"), reverse("posts:archive")]
    for kind in ("tag", "series", "author"):
        rows = SOME.ask(kind, MOST_GATHERINGS, now=now, after="")
        found += [address(f"posts:{kind}", row["slug"]) for row in rows[:MOST_GATHERINGS]]
    return [request.build_absolute_uri(where) for where in found]


def _xml(request: HttpRequest, root: str, row: str, rows: list[tuple[str, str]]) -> HttpResponse:
    context = {"root": root, "row": row, "rows": rows}
    written = render_to_string("posts/sitemap.xml", context, request)
    return HttpResponse(written, content_type=XML)


# -- plain copies, where the owner offers them -------------------------------------------------


@public_page("site")
def as_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Post.objects.published().filter(slug=slug).with_byline()
    post = rows.first() if SiteSettings.current().offers_markdown else None
    if post is None:
        raise Http404
    shown = [f"post:{post.pk}", *(f"author:{person.pk}" for person in post.byline)]
    depends_on(request, *shown, until=post.expires_at)
    names = ", ".join(map(str, post.byline))
    text = post.summary if post.shows_machines_a_summary else post.body
    context = {"post": post, "names": names, "text": text}
    written = render_to_string("posts/post.md", context, request)
    response = HttpResponse(written, content_type=MARKDOWN)
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{request.build_absolute_uri(post.get_absolute_url())}>; rel="canonical"'
    return response


@public_page("site", "lists")
def llms(request: HttpRequest) -> HttpResponse:
    if not SiteSettings.current().offers_markdown:
        raise Http404
    now = timezone.now()
    depends_on(request, until=Post.objects.next_change(now))
    # Where the whole site is for readers alone, its owner offers the list all the same.
    posts = _findable(now).filter(crawlers__in=["", Crawlers.ALLOW]).newest_first()
    shown = posts.only("slug", "title", "dek", "excerpt")[:MOST_IN_LLMS]
    written = render_to_string("posts/llms.txt", {"posts": shown}, request)
    return HttpResponse(written, content_type=TEXT)
