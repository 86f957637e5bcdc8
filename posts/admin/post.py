"""Writing: the form of one post, and where each of its buttons leads."""

from contextlib import nullcontext, suppress
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from blogsite.pagecache import stamp_address, stamping
from posts.admin import autosave, bulk, card, links, meanwhile, merging, previews, topics, versions
from posts.admin.forms import Choice, LocalMoment, Minute, PostForm
from posts.admin.listing import PostList
from posts.admin.pages import post_or_refuse, their_post
from posts.admin.surroundings import surroundings
from posts.admin.typed import typed
from posts.content import lay_over
from posts.models import Autosave, Post
from posts.numbers import number
from posts.services import autosaving, steps
from posts.services.navigation import is_in_navigation
from posts.services.previews import is_open_to
from posts.services.refusals import CannotStep, Gone, NewerVersion, NotSaved, Stopped
from posts.services.saving import delete_posts, publish, save_draft

#: The buttons beside "Save draft", and what somebody must be allowed to press each.
BUTTONS = {
    "_publish": "posts.publish_post",
    "_review": "posts.change_post",
    "_return": "posts.edit_any_post",
    "_takedown": "posts.publish_post",
    "_archive": "posts.publish_post",
}
STEPS = {
    "_review": steps.hand_in,
    "_return": steps.send_back,
    "_takedown": steps.take_down,
    "_archive": steps.archive,
}


@admin.register(Post)
class PostAdmin(PostList):
    form = PostForm
    formfield_overrides = {models.DateTimeField: {"form_class": Minute, "widget": LocalMoment}}
    # A list of thousands of pictures to search in, in a window of its own.
    raw_id_fields = ["cover", "social_image"]
    fields = [
        *("title", "slug", "dek", "body", "tags", "new_tags", "series", "series_position"),
        *("co_writers", "cover", "cover_file", "cover_alt", "cover_caption", "language"),
        *("smart_quotes", "math", "seo_title", "seo_description", "canonical_url", "social_image"),
        *("kind", "published_at", "expires_at", "visibility", "is_featured", "featured_until"),
        *("author", "comments_mode", "noindex", "crawlers", "note", "word", "base_number"),
        *("kept_at", "author_was", "state_was"),
    ]

    # -- who may do what: change_post is about one's own --------------------------------

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
        return post is None or (self._is_theirs(user, post) and is_open_to(user, post))

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        """Only editors speak for others, choose what is featured, or rename the author."""
        if request.user.has_perm("posts.edit_any_post"):
            return []
        return ["author", "is_featured", "featured_until"]

    # -- the form ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        rooms = (versions, autosave, previews, links, bulk, topics, card)
        return [*(url for room in rooms for url in room.urls(self)), *super().get_urls()]

    def get_object(self, request: HttpRequest, object_id: str, *field: Any) -> Any:
        """The post with its newest version laid over the row, in memory only, and its number."""
        post = their_post(request.user, object_id)
        if post and post.is_newer:
            newest = post.newest_version()
            lay_over(post, newest.content)
            post.base_number = newest.number
        elif post:
            post.base_number = post.live_number or 0
        return post

    def get_form(self, request: HttpRequest, obj: Post | None = None, **kwargs: Any) -> Any:
        """The form, knowing what the person who writes may do and is about to do."""
        known = {
            "writer": request.user,
            "may_tag": request.user.has_perm("posts.add_tag"),
            "is_going_out": "_publish" in request.POST,
            "refusal": getattr(request, "refusal", ""),
            "kept": _kept(request, obj),
        }
        form = type("PostForm", (self.form,), known)  # of which Django makes one with the fields
        return super().get_form(request, obj, form=form, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

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
        kwargs["form_class"] = Choice
        if db_field.name == "author":
            kwargs["queryset"] = User.objects.filter(is_staff=True)  # and see the form
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # -- saving ------------------------------------------------------------------------

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *more: Any) -> Any:
        """Django's, without a transaction around it: rendering is slow, the services have theirs.

        Whatever stands in the way, what was typed comes back.
        """
        desk = cast(Desk, request)
        form_view = self._changeform_view  # type: ignore[attr-defined]
        page = partial(form_view, request, object_id, *more)
        if request.method != "POST":
            return page()
        try:
            if "_take" in request.POST:
                pk = number(object_id) or 0
                post = post_or_refuse(self, request, pk, self.has_change_permission)
                return merging.again(self, request, post)
            desk.refusal = desk.notice = _before_saving(desk, object_id)
            return page()
        except (PermissionDenied, Http404, Gone):
            return self.admin_site.bring_words(request)  # type: ignore[attr-defined]
        except NewerVersion as newer:
            form = desk.form
            request.POST = form.data  # type: ignore[assignment]
            autosaving.keep(
                form.instance,
                user=cast(User, request.user),
                content=typed(request.POST),
                base=form.cleaned_data["base_number"],
            )
            return merging.compared(self, request, form.instance, newer.newest)
        except Stopped as stopped:
            desk.refusal = [found.linked for found in stopped.findings]
        except ValidationError as problem:
            desk.refusal = problem.messages
        except NotSaved as problem:
            desk.refusal = str(problem)
        request.POST = desk.form.data  # type: ignore[assignment]
        return page()

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:
        post = kwargs.get("obj")
        if post and not self.has_change_permission(request, post):
            told = _("It is out, and stays as it was approved. Here is all that was written.")
            messages.info(request, told)
            return HttpResponseRedirect(reverse("admin:posts_post_versions", args=[post.pk]))
        form = context["adminform"].form
        asked = request.method == "GET" and "moved" in request.GET
        if post and asked and (offer := links.offer_rewriting(request, post)):
            messages.info(request, offer)
        context |= surroundings(request, post, form)
        if notice := getattr(request, "notice", ""):
            form.errors.pop(NON_FIELD_ERRORS, None)  # it is told, for nothing is wrong
            context |= {"notice": notice, "errors": form.errors}
        return super().render_change_form(request, context, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *what: Any) -> HttpResponse:
        """Gone, or no longer theirs. What was typed into it comes back all the same."""
        if request.method == "POST":
            raise Http404
        return super()._get_obj_does_not_exist_redirect(request, *what)  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """Hand what was written to the services; the row is theirs."""
        by = cast(User, request.user)
        save = publish if form.is_going_out else save_draft
        cast(Desk, request).form = form
        steps_taken = [step for button, step in STEPS.items() if button in request.POST]
        with stamping() if steps_taken else nullcontext():
            # First where it shall be: what leaves the readers may be given any time.
            for step in steps_taken if change else ():
                step(obj, by=by, note=form.cleaned_data["word"])
            row = save(
                obj,
                content=form.content(),
                by=by,
                note=form.cleaned_data["note"],
                base=form.cleaned_data["base_number"] if change else None,
                live=form.live_settings(),
                look=partial(meanwhile.refuse_if_set, form) if change else None,
            )
            for step in () if change else steps_taken:
                row = step(row, by=by, note=form.cleaned_data["word"])
        autosaving.forget_saved(
            row if change else None,
            by,
            content=typed(request.POST),
            kept_at=form.cleaned_data["kept_at"],
        )
        vars(obj).update(vars(row))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left: the services stored topics and co-authors with the post."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing is listed: thousands of versions would have to be read for it."""
        return [], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        """The first time into the trash; for good only by the button that says so."""
        if obj.trashed_at and "for_good" in request.POST:
            delete_posts([obj])
        elif not obj.trashed_at:
            with suppress(NotSaved):  # somebody else has put it there
                steps.trash(obj, by=cast(User, request.user))

    def log_addition(self, request: HttpRequest, obj: Post, message: Any) -> None:
        """The versions and steps of a post are its history; no second one is kept."""

    def log_change(self, request: HttpRequest, obj: Post, message: Any) -> None:
        """See `log_addition`."""

    def history_view(self, request: HttpRequest, object_id: str, *more: Any) -> HttpResponse:
        pk = number(object_id) or 0
        return HttpResponseRedirect(reverse("admin:posts_post_versions", args=[pk]))

    # -- afterwards --------------------------------------------------------------------

    def view_on_site(self, post: Post) -> str:
        return stamp_address(post.get_absolute_url())

    def response_add(self, request: HttpRequest, obj: Post, *more: Any) -> HttpResponse:
        return self._back_to_writing(request, obj)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return self._back_to_writing(request, obj)

    def _back_to_writing(self, request: HttpRequest, post: Post) -> HttpResponse:
        messages.success(request, self._what_happened(request, post))
        if not _is_still_theirs(request, post):
            messages.info(request, _("You are no longer one of its authors."))
            return HttpResponseRedirect(reverse("admin:posts_post_changelist"))
        if is_in_navigation(post.slug) and not post.is_live():
            links.warn_of_navigation(request)
        moved = post.slug_in_row not in (None, post.slug)
        if "_save" in request.POST or not self.has_change_permission(request, post):
            return HttpResponseRedirect(reverse("admin:posts_post_changelist"))
        address = reverse("admin:posts_post_change", args=[post.pk])
        return HttpResponseRedirect(f"{address}?moved=1" if moved else address)

    def _what_happened(self, request: HttpRequest, post: Post) -> Any:
        if "_publish" in request.POST and post.is_live():
            look = format_html('<a href="{}">{}</a>', self.view_on_site(post), _("See it"))
            return format_html("{} {}", _("It is out as it stands here."), look)
        if "_publish" in request.POST and post.is_scheduled():
            return _("Kept. It goes out by itself at its time.")
        pressed = next((button for button in TOLD if button in request.POST), None)
        if pressed:
            return str(TOLD[pressed])  # now: the message is stored after the language is reset
        if post.is_live():
            set_too = bool(cast(Desk, request).form.live_settings())
            also = _("What you set under “Publishing” works now.")
            return " ".join([_("Kept as a draft. What is out stays out."), *[also] * set_too])
        if post.is_scheduled():
            told = _(
                "Kept as a draft. What goes out at its time is the text before, until “Update”."
            )
            return told
        if post.state == Post.State.PUBLISHED:
            return _("Kept. Readers do not find the post: the time it was to be out is over.")
        return _("Kept as a draft.")

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        post = Post.objects.filter(pk=unquote(str(obj_id))).first()
        told = _("“%(title)s” is gone for good.")
        if post:
            told = _("“%(title)s” is in the trash for 30 days. It can be taken out again there.")
        if post and not post.trashed_at:
            messages.warning(request, CannotStep().of(post))
        else:
            messages.success(request, told % {"title": obj_display})
        links.warn_of_navigation(request)
        return HttpResponseRedirect(reverse("admin:posts_post_changelist"))


class Desk(HttpRequest):
    """What travels with the request through Django's form view."""

    refusal: str | list[str]
    notice: str
    form: PostForm


def _kept(request: HttpRequest, post: Post | None) -> Autosave | None:
    """The kept text, when somebody asks to see it in the form."""
    asked = "kept" in request.GET and request.method == "GET"
    return autosaving.kept(post, cast(User, request.user)) if asked else None


def _before_saving(request: Desk, object_id: str | None) -> str:
    """Refuse wrong buttons, apply the choices of the merge page; why nothing is saved yet."""
    for button, permission in BUTTONS.items():
        if button in request.POST and not request.user.has_perm(permission):
            raise PermissionDenied
    if {"merge_with", "_forget"} & {*request.POST}:
        own = Post.objects.editable_by(request.user)
        post = own.filter(pk=number(object_id) or 0).first()
        if object_id and post is None:
            raise Http404
    if "merge_with" in request.POST and post:
        request.POST = merging.chosen(post, request.POST)  # type: ignore[assignment]
    if "_forget" in request.POST:
        autosaving.forget(post, cast(User, request.user))
        return _("What was kept is gone. The text below is not saved again yet.")
    if "_edit" in request.POST:
        return _("Both texts are one below. Nothing is saved yet.")
    if "_resumed" in request.POST:
        return _("You are signed in again. Your text is below; nothing is saved yet.")
    return ""


def _is_still_theirs(request: HttpRequest, post: Post) -> bool:
    """Co-authors may take themselves out."""
    known = post.author_id == request.user.pk or request.user.has_perm("posts.edit_any_post")
    return known or Post.objects.editable_by(request.user).filter(pk=post.pk).exists()


TOLD = {
    "_review": gettext_lazy("Handed in. The editors find it on their desk."),
    "_return": gettext_lazy("Sent back, with your word to the author."),
    "_takedown": gettext_lazy("It is a draft again. Readers no longer find it."),
    "_archive": gettext_lazy("Archived. Readers no longer find it."),
}
