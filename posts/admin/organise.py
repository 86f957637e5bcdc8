"""Topics and series at the desk."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from blogsite.pagecache import stamp_address
from posts.admin import merging_topics
from posts.admin.pages import PlainTitle
from posts.models import Post, Series, Tag
from posts.numbers import number
from posts.services.organising import delete_gatherings, save_gathering
from posts.services.series import arrange, parts_in_order

NOT_TRASHED = Q(posts__trashed_at__isnull=True)


class UseFilter(admin.SimpleListFilter):
    title = gettext_lazy("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("In no post")), ("some", _("In a post"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {"none": {"post_total": 0}, "some": {"post_total__gt": 0}}
        return queryset.filter(**chosen.get(self.value() or "", {}))


class GatheringAdmin(PlainTitle, admin.ModelAdmin):
    list_display = ["name", "slug", "post_count"]
    list_filter: ClassVar[list[Any]] = [UseFilter]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "description", "cover"]
    # A list of thousands of pictures to search in, in a window of its own.
    raw_id_fields = ["cover"]
    change_list_template = "admin/posts/gathering_list.html"
    list_per_page = 50
    show_full_result_count = False
    actions_on_bottom = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Posts in the trash do not count, but they are no reason to call a topic unused."""
        counted = Count("posts", filter=NOT_TRASHED)
        return super().get_queryset(request).annotate(post_total=Count("posts"), shown=counted)

    def view_on_site(self, obj: Any) -> str:
        return stamp_address(obj.get_absolute_url())

    @admin.display(description=gettext_lazy("posts"), ordering="shown")
    def post_count(self, row: Any) -> int:
        return row.shown

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_gathering(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The posts stay: no row that joins them is anybody's business."""
        told = [
            ngettext("%(name)s, of one post", "%(name)s, of %(n)s posts", row.shown)
            % {"name": row, "n": row.shown}
            for row in objs
        ]
        return told, {str(self.opts.verbose_name_plural): len(told)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_gatherings([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        delete_gatherings(queryset)


class TagForm(forms.ModelForm):
    def clean_name(self) -> str:
        """Somebody who gives two topics one name may well want them to be one."""
        name = self.cleaned_data["name"]
        other = Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).first()
        if other is None:
            return name
        told = _("There is a topic of this name already.")
        if self.instance.pk:
            offer = _("Make one topic of the two")
            address = merging_topics.address([self.instance.pk, other.pk])
            told = format_html('{} <a href="{}">{}</a>', told, address, offer)
        raise forms.ValidationError(told)


@admin.register(Tag)
class TagAdmin(GatheringAdmin):
    form = TagForm
    actions = ["merge"]

    def get_urls(self) -> list[URLPattern]:
        return [*merging_topics.urls(self), *super().get_urls()]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    @admin.action(description=gettext_lazy("Merge"), permissions=["merge"])
    def merge(self, request: HttpRequest, chosen: Any) -> HttpResponse:
        return HttpResponseRedirect(merging_topics.address(chosen.values_list("pk", flat=True)))


@admin.register(Series)
class SeriesAdmin(GatheringAdmin):
    list_display = ["name", "slug", "post_count", "is_finished"]
    list_filter: ClassVar[list[Any]] = [UseFilter, "is_finished"]
    fields = [*GatheringAdmin.fields, "is_finished"]

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        series = kwargs.get("obj")
        parts = parts_in_order(series.pk) if series else []
        own = self._may_edit(request, parts)
        visible = Post.objects.visible_to(request.user).filter(pk__in=[post.pk for post in parts])
        known = {*own, *visible.values_list("pk", flat=True)}
        context["hidden"] = sum(post.pk not in known for post in parts)
        context["parts"] = [
            {
                "post": post,
                "is_own": post.pk in own,
                "number": request.POST.get(f"part-{post.pk}", post.series_position or ""),
            }
            for post in parts
            if post.pk in known
        ]
        return super().render_change_form(request, context, **kwargs)

    def changeform_view(self, *asked: Any) -> Any:
        """Django's, without a transaction around it: each part is saved in one of its own."""
        return self._changeform_view(*asked)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_gathering(obj)
        if not change:
            return
        own = self._may_edit(request, parts_in_order(obj.pk))
        by = cast(User, request.user)
        for problem in arrange(obj.pk, _numbers(request), may_edit=own, by=by):
            messages.warning(request, problem)

    def _may_edit(self, request: HttpRequest, parts: list[Post]) -> set[int]:
        posts = self.admin_site._registry[Post]
        return {post.pk for post in parts if posts.has_change_permission(request, post)}


def _numbers(request: HttpRequest) -> dict[int, int | None]:
    """What was typed beside the parts; what is no number asks for the last place."""
    typed = {number(name.removeprefix("part-")): value for name, value in request.POST.items()}
    return {pk: number(value, digits=5) for pk, value in typed.items() if pk is not None}
