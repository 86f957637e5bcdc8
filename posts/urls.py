from django.urls import path, register_converter
from django.urls.converters import StringConverter

from posts import views_preview
from posts.views import discovery, feeds, gatherings, lists, post, search

CONVERTERS = {
    "year": "[12][0-9]{3}",
    "month": "0[1-9]|1[0-2]",
    "feed": r"feed\.xml|atom\.xml|feed\.json",
    "sitemap": "lists|[0-9]{1,9}",
}
for name, regex in CONVERTERS.items():
    register_converter(type(name, (StringConverter,), {"regex": regex}), name)

app_name = "posts"
TAG, SERIES, AUTHOR = ({"kind": kind} for kind in ("tag", "series", "author"))

urlpatterns = [
    path("", lists.home, name="home"),
    # Below a word of their own, so that a post may be called 1984.
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("sitemap-<sitemap:name>.xml", discovery.sitemap_file, name="sitemap_file"),
    path("llms.txt", discovery.llms, name="llms"),
    path("<str:slug>.md", discovery.as_markdown, name="markdown"),
    path("<feed:form>", feeds.feed, name="feed"),
    path("search/<feed:form>", feeds.search_feed, name="search_feed"),
    path("tags/<str:slug>/<feed:form>", feeds.gathered_feed, TAG, "tag_feed"),
    path("series/<str:slug>/<feed:form>", feeds.gathered_feed, SERIES, "series_feed"),
    path("authors/<str:slug>/<feed:form>", feeds.gathered_feed, AUTHOR, "author_feed"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<year:year>/", lists.year, name="year"),
    path("archive/<year:year>/<month:month>/", lists.month, name="month"),
    path("tags/", gatherings.shelf, TAG, "tags"),
    path("tags/<str:slug>/", gatherings.posts_of, TAG, name="tag"),
    path("series/", gatherings.shelf, SERIES, "series_index"),
    path("series/<str:slug>/", gatherings.series, name="series"),
    path("authors/", gatherings.shelf, AUTHOR, "authors"),
    path("authors/<str:slug>/", gatherings.posts_of, AUTHOR, name="author"),
    path("search/", search.find, name="search"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("edit/<int:pk>/", post.edit, name="edit"),
    path("preview/<int:pk>/read/", views_preview.read, name="preview_read"),
    # Whatever else is below: a secret with something behind it must not become a dead address.
    path("preview/<path:secret>", views_preview.enter, name="preview"),
    path("<str:slug>/", post.post_detail, name="detail"),
]
