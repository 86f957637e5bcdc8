"""Choosing topics while writing: a plain list, and what a script asks to complete a name."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from posts.content import existing_tags
from posts.models import Series, Tag
from posts.numbers import number, numbers

#: A list of more can no longer be looked through: then it offers what is used most.
MOST_LISTED, MOST_USED = 300, 100
SUGGESTED = 8


class MostUsedFilter(admin.RelatedFieldListFilter):
    """Of thousands of topics or series, those that are likely to be looked for."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = sorted(most_used(field.related_model), key=str)
        return [(row.pk, str(row)) for row in rows]


def most_used(model: type[Tag] | type[Series]) -> Any:
    counted = model._default_manager.annotate(uses=Count("posts"))
    return counted.order_by("-uses", "name")[:MOST_USED]


class TopicsField(forms.ModelMultipleChoiceField):
    """Any topic there is may be sent, listed or not; one that was merged means the other."""

    # A plain list works without a script and reads well aloud.
    widget = forms.SelectMultiple(attrs={"size": 6})
    #: Not looked up once more when they stay.
    present: list[Tag] = []

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Tag.objects.all(), **kwargs)

    def offer(self, chosen: Callable[[], Iterable[Tag]]) -> None:
        """Asked for when the list is shown; a form that was saved is not."""

        @cache
        def choices() -> list[tuple[int, str]]:
            listed = list(Tag.objects.only("name")[: MOST_LISTED + 1])
            if len(listed) > MOST_LISTED:
                listed = sorted({*most_used(Tag), *chosen()}, key=lambda tag: tag.name)
            return [(tag.pk, tag.name) for tag in listed]

        self.choices = choices

    def clean(self, value: Any) -> list[Tag]:
        if None in map(number, value or ()):
            raise forms.ValidationError(_("This is not a valid choice of topics."))
        stay = {*map(str, value or ())} == {str(tag.pk) for tag in self.present}
        return self.present if stay else known_topics(value or ())


def known_topics(sent: Iterable[Any]) -> list[Tag]:
    """The topics of these keys, or the topics themselves. What was deleted is left out."""
    sent = list(sent)
    if all(isinstance(one, Tag) for one in sent):
        return sent
    return existing_tags(numbers(sent))


def urls(posts: Any) -> list[URLPattern]:
    @never_cache
    def answer(request: HttpRequest) -> JsonResponse:
        # A script must be able to tell: signed out is 401, never a page to sign in.
        if not posts.admin_site.has_permission(request):
            return JsonResponse({"error": _("You are signed out.")}, status=401)
        if not (posts.has_add_permission(request) or posts.has_change_permission(request)):
            return JsonResponse({"error": _("You may not write here.")}, status=403)
        return JsonResponse({"topics": suggestions(request.GET.get("q", ""))})

    return [path("topics/", answer, name="posts_post_topics")]


def suggestions(term: str) -> list[dict[str, Any]]:
    """Names that are the term, begin with it, then hold it; of no term the most used."""
    term = " ".join(term.split())[:80]
    named = Tag.objects.annotate(posts_total=Count("posts"))
    if term:
        nearest = Case(
            When(name__iexact=term, then=Value(0)),
            When(name__istartswith=term, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        named = named.filter(name__icontains=term).order_by(nearest, "-posts_total", "name")
    else:
        named = named.order_by("-posts_total", "name")
    return [{"id": t.pk, "name": t.name, "posts": t.posts_total} for t in named[:SUGGESTED]]
