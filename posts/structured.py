"""What posts, people and the blog are, for machines."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from blogsite.site.models import SiteSettings
from blogsite.site.structured import script, trail
from posts.models import Post
from posts.slugs import address


def of_blog(request: HttpRequest, site: SiteSettings) -> SafeString:
    return script(
        {
            "@type": "WebSite",
            "name": site.title,
            "url": request.build_absolute_uri(reverse("posts:home")),
            "description": site.description or site.tagline,
            "inLanguage": site.language,
        }
    )


def of_post(
    request: HttpRequest, post: Post, people: list[dict[str, Any]], site: SiteSettings
) -> SafeString:
    """`people`: names and addresses of those who wrote it."""
    full = request.build_absolute_uri
    url, home = full(post.get_absolute_url()), full(reverse("posts:home"))
    changed_at = post.edited_at or post.published_at
    posting = {
        "@type": "BlogPosting" if post.kind == Post.Kind.POST else "WebPage",
        "headline": str(post),
        "description": post.seo_description or post.summary,
        "mainEntityOfPage": post.canonical_url or url,
        "datePublished": post.published_at and post.published_at.isoformat(),
        "dateModified": changed_at and changed_at.isoformat(),
        "author": [
            {"@type": "Person", "name": one["name"], "url": full(one["url"])} for one in people
        ],
        "publisher": {"@type": "Organization", "name": site.title, "url": home},
        "image": full(post.share_url) if post.share_url else "",
        "inLanguage": post.spoken_language,
        "keywords": [tag.name for tag in post.tags.all()],
        "wordCount": post.word_count,
    }
    return script(posting, trail((site.title, home), *_shelf(request, post), (str(post), url)))


def _shelf(request: HttpRequest, post: Post) -> list[tuple[str, str]]:
    """Where a public post stands: its series, else its first topic."""
    if post.kind != Post.Kind.POST or post.visibility != Post.Visibility.PUBLIC:
        return []
    kind, shelves = ("series", [post.series]) if post.series else ("tag", post.tags.all()[:1])
    return [
        (shelf.name, request.build_absolute_uri(address(f"posts:{kind}", shelf.slug)))
        for shelf in shelves
    ]


def of_person(request: HttpRequest, person: dict[str, Any], site: SiteSettings) -> SafeString:
    full = request.build_absolute_uri
    home = full(reverse("posts:home"))
    return script(
        {
            "@type": "ProfilePage",
            "url": full(person["url"]),
            "mainEntity": {
                "@type": "Person",
                "name": person["name"],
                "url": full(person["url"]),
                **({"image": full(person["portrait"])} if person["portrait"] else {}),
                "sameAs": [link["address"] for link in person["links"]],
            },
        },
        trail((site.title, home), (person["name"], full(person["url"]))),
    )
