from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blogsite.pagecache import stamp_address
from posts.admin.forms import PostForm
from posts.models import Post
from posts.querysets import PostQuerySet
from posts.services.saving import delete_posts, save_post


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    form = PostForm
    list_display = ["headline", "state_in_words", "byline_in_words", "published_at", "word_count"]
    list_filter = ["state", "kind", "visibility", "tags", "series"]
    search_fields = ["title", "slug", "dek", "body"]
    date_hierarchy = "published_at"
    list_per_page = 50
    show_full_result_count = False
    # A list of thousands of pictures to search in, in a window of its own.
    raw_id_fields = ["cover", "social_image"]
    fieldsets = [
        (None, {"fields": ["title", "dek", "body"], "classes": ["write"]}),
        (
            _("Publishing"),
            {"fields": ["state", "published_at", "expires_at", "visibility", "slug"]},
        ),
        (
            _("Topics, series, people"),
            {
                "fields": [
                    "tags",
                    "new_tags",
                    "series",
                    "series_position",
                    "author",
                    "co_writers",
                ]
            },
        ),
        (_("Cover"), {"fields": ["cover", "cover_caption"]}),
        (
            _("More"),
            {
                "classes": ["collapse"],
                "fields": [
                    "kind",
                    ("is_featured", "featured_until"),
                    "comments_mode",
                    "language",
                    "smart_quotes",
                    "math",
                    "seo_title",
                    "seo_description",
                    "canonical_url",
                    "social_image",
                    "noindex",
                    "base_number",
                ],
            },
        ),
    ]

    class Media:
        css = {"all": ["css/write.css"]}

    # -- lists -------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        posts = cast(PostQuerySet, super().get_queryset(request)).editable_by(request.user)
        return posts.with_byline()

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-touched_at"]

    @admin.display(description=_("title"), ordering="title")
    def headline(self, post: Post) -> str:
        return str(post)

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, post: Post) -> str:
        return post.condition()

    @admin.display(description=_("by"), ordering="author__name")
    def byline_in_words(self, post: Post) -> str:
        return ", ".join(str(person) for person in post.byline)

    # -- the form ----------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Post | None = None, **kwargs: Any) -> Any:
        """The form, knowing what the person who writes may do."""
        may = {
            "may_publish": request.user.has_perm("posts.publish_post"),
            "may_tag": request.user.has_perm("posts.add_tag"),
        }
        return type("PostForm", (super().get_form(request, obj, **kwargs),), may)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        """Only editors speak for others, choose what is featured, or rename the author."""
        if request.user.has_perm("posts.edit_any_post"):
            return []
        return ["author", "is_featured", "featured_until"]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def view_on_site(self, post: Post) -> str:
        """Drafts too: their authors see them at the address they will have."""
        return stamp_address(post.get_absolute_url())

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the row of icons beside each choice; a new series can be added."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = False
            widget.can_delete_related = False
            widget.can_view_related = False
            widget.can_add_related &= db_field.name == "series"
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "author":
            kwargs["queryset"] = User.objects.filter(is_staff=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # -- permissions: change_post is about one's own -----------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request.user, obj)

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return super().has_view_permission(request, obj) and self._is_theirs(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request.user, obj)

    @staticmethod
    def _is_theirs(user: Any, post: Post | None) -> bool:
        return post is None or user.has_perm("posts.edit_any_post") or post.is_owned_by(user)

    def _may_touch(self, user: Any, post: Post | None) -> bool:
        """Who may not publish works on drafts only: what is out stays as it was approved."""
        if post is None or not self._is_theirs(user, post):
            return post is None
        return user.has_perm("posts.publish_post") or post.state in {
            Post.State.DRAFT,
            Post.State.REVIEW,
        }

    # -- writing goes through the services ---------------------------------------------

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        if obj.author_id is None:
            obj.author = request.user
        save_post(
            obj,
            by=cast(User, request.user),
            tags=form.chosen_tags(),
            co_authors=form.cleaned_data["co_writers"],
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left: `save_model` stored topics and co-authors with the post."""

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        delete_posts([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        delete_posts(queryset)
