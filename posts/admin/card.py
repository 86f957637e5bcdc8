"""The picture a post will be shared with, drawn from what stands in the form now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from blogsite.media import cards
from blogsite.media.programs import Impossible
from blogsite.site.models import SiteSettings
from posts.admin.pages import post_or_refuse, route
from posts.social import card_of


def urls(admin: Any) -> list[URLPattern]:
    return [route(admin, "<int:pk>/card/", "post_card", card)]


@method_decorator(never_cache)
def card(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    post_or_refuse(admin, request, pk, admin.has_view_permission)
    post = admin.get_object(request, str(pk))
    try:
        drawn, data = cards.drawn(card_of(post, SiteSettings.current()))
    except Impossible:
        raise Http404 from None
    return HttpResponse(data, content_type="image/jpeg" if drawn.cover else "image/png")
