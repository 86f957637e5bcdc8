"""The picture a post will be shared with, drawn from what stands in the form now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from blogsite.media import cards
from blogsite.media.programs import Impossible
from blogsite.site.models import SiteSettings
from posts.admin.versions import post_or_refuse
from posts.social import card_of


def urls(admin: Any) -> list[URLPattern]:
    @never_cache
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        post_or_refuse(admin, request, pk, admin.has_view_permission)
        post = admin.get_object(request, str(pk))
        try:
            card, data = cards.drawn(card_of(post, SiteSettings.current()))
        except Impossible:
            raise Http404 from None
        kind = "image/jpeg" if card.cover else "image/png"
        return HttpResponse(data, content_type=kind)

    view = admin.admin_site.admin_view(answer)
    return [path("<int:pk>/card/", view, name="posts_post_card")]
