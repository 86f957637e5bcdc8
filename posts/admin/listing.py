"""The list of posts: what each is, where it stands, and what can be done to many at once."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from blogsite.site.checklist import Check
from posts.admin import bulk
from posts.admin.topics import MostUsedFilter
from posts.badges import badge
from posts.models import Post
from posts.numbers import number
from posts.querysets import PostQuerySet
from posts.search import mark, names_on, search, with_names

MOST_FOUND = 1000

STANDINGS = {
    "draft": gettext_lazy("Drafts"),
    "review": gettext_lazy("In review"),
    "scheduled": gettext_lazy("Scheduled"),
    "published": gettext_lazy("Published"),
    "expired": gettext_lazy("Taken down"),
    "archived": gettext_lazy("Archived"),
    "trash": gettext_lazy("Trash"),
}


class StandingFilter(admin.SimpleListFilter):
    """Where a post is. Shown as tabs; everything but the trash when none is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STANDINGS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.standing(self.value())


class ProblemFilter(admin.SimpleListFilter):
    title = gettext_lazy("problem")
    parameter_name = "problem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", _("Any")), ("ahead", _("Changes not out yet")), *Check.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        if chosen == "ahead":
            return queryset.filter(is_newer=True, state="published")
        if chosen == "any":
            return queryset.exclude(problems="")
        return queryset.filter(problems__contains=f" {chosen} ") if chosen else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Co-authors count. Only for those who see the posts of others."""

    title = gettext_lazy("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        if not request.user.has_perm("posts.edit_any_post"):
            return []
        people = User.objects.filter(Q(posts__isnull=False) | Q(authorship__isnull=False))
        return [(str(person.pk), str(person)) for person in people.distinct()[:200]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        pk = number(self.value())
        if pk is None:
            return queryset
        return queryset.filter(Q(author_id=pk) | Exists(_authorships(pk)))


def _authorships(user_id: int) -> QuerySet[Any]:
    return Post.co_authors.through._default_manager.filter(post=OuterRef("pk"), user_id=user_id)


class Rows(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """What a list shows of people comes with the rows themselves."""
        self.queryset = with_names(self.queryset.prefetch_related(None))
        super().get_results(request)


class PostList(admin.ModelAdmin):
    list_display = ["headline", "state_badge", "things_to_do", "when", "words"]
    list_display_links = None
    list_filter = [
        StandingFilter,
        "kind",
        AuthorFilter,
        ("tags", MostUsedFilter),
        ("series", MostUsedFilter),
        "visibility",
        ProblemFilter,
    ]
    # Shows the box; `get_search_results` looks.
    search_fields = ["title"]
    list_per_page = 50
    show_full_result_count = False
    actions_on_bottom = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        posts = cast(PostQuerySet, super().get_queryset(request)).editable_by(request.user)
        shown = posts.with_byline().select_related("series", "cover", "social_image")
        return shown.with_newer()

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By the index, newest versions included: of those posts that this person may edit."""
        if not search_term:
            return queryset, False
        own = [] if request.user.has_perm("posts.edit_any_post") else [mark(f"#a{request.user.pk}")]
        found = search(search_term, visible=queryset, at_desk=True, also=own, limit=MOST_FOUND)
        named = Q(pk__in=[hit.pk for hit in found.hits]) | Q(slug=search_term.strip("/ "))
        return queryset.filter(named), False

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return Rows

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-touched_at"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return bulk.actions(self, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = request.GET.get("state", "")
        posts = Post.objects.editable_by(request.user)
        context = {
            "title": STANDINGS.get(chosen, _("Posts")),
            "tabs": _tabs(posts.counted_by_standing(), chosen),
            "chosen": chosen,
            "is_narrowed": bool(set(request.GET) - {"state", "o", "p", "all"}),
            "tab_filters": [StandingFilter.parameter_name],
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    # -- columns -----------------------------------------------------------------------

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, post: Post) -> SafeString:
        address = reverse("admin:posts_post_change", args=[post.pk])
        people = sorted(names_on(post)[1], key=lambda person: person["pk"] != post.author_id)
        below = [", ".join(person["display_name"] or person["name"] for person in people)]
        if post.series:
            below.append(f"{post.series}, {post.series_position or '–'}")
        if post.kind == Post.Kind.PAGE:
            below.append(_("Page"))
        if post.visibility != Post.Visibility.PUBLIC:
            below.append(str(post.get_visibility_display()))
        if post.is_featured_at(timezone.now()):
            below.append(_("Featured"))
        sub = format_html_join(" · ", "{}", ((word,) for word in below))
        return format_html(
            '<a class="row-title" href="{}">{}</a><span class="row-sub">{}</span>',
            address,
            post,
            sub,
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, post: Post) -> SafeString:
        if post.state == Post.State.PUBLISHED and post.is_newer:  # type: ignore[attr-defined]
            ahead = _("changes not out yet")
            return format_html('{}<span class="row-sub">{}</span>', badge(post), ahead)
        return badge(post)

    @admin.display(description=gettext_lazy("to look at"), ordering="problems")
    def things_to_do(self, post: Post) -> SafeString:
        found = [code for code in post.problems.split() if code in Check.values]
        if not found or post.trashed_at:
            return format_html('<span class="visually-hidden">{}</span>', _("nothing"))
        told = ngettext("one thing", "%(n)s things", len(found)) % {"n": len(found)}
        address = reverse("admin:posts_post_change", args=[post.pk])
        return format_html('<a class="problem" href="{}#checks">{}</a>', address, told)

    @admin.display(description=gettext_lazy("when"), ordering="published_at")
    def when(self, post: Post) -> SafeString:
        moment = post.published_at if post.state == Post.State.PUBLISHED else post.touched_at
        told = date_format(timezone.localtime(moment), _("j M Y, H:i"))
        if post.state != Post.State.PUBLISHED:
            return format_html('<span class="quiet">{} <time>{}</time></span>', _("edited"), told)
        figures = reverse("admin:post_statistics", args=[post.pk])
        link = format_html('<a class="row-sub" href="{}">{}</a>', figures, _("views"))
        return format_html("<time>{}</time>{}", told, "" if post.is_scheduled() else link)

    @admin.display(description=gettext_lazy("words"), ordering="word_count")
    def words(self, post: Post) -> int:
        return post.word_count


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    everything = sum(n for name, n in counts.items() if name != "trash")
    tabs = [{"name": "", "label": _("All"), "count": everything}]
    tabs += [{"name": n, "label": label, "count": counts[n]} for n, label in STANDINGS.items()]
    # An empty state needs no tab, except where people look for it.
    always = {"", "draft", "published", "trash", chosen}
    return [tab for tab in tabs if tab["count"] or tab["name"] in always]
