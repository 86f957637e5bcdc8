"""The page of a post with one version of it, for those who may see more than readers do."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from posts.context import page_context
from posts.models import Version
from posts.services.previews import as_it_will_be


def preview_page(request: HttpRequest, version: Version, **notice: Any) -> HttpResponse:
    """As anybody will see it: nothing on it is about whoever looks. For nobody to keep."""
    post, refusal = as_it_will_be(version)
    request.user = AnonymousUser()
    context = page_context(post) | {"version": version, "refusal": refusal} | notice
    return for_nobody_to_keep(render(request, "posts/preview.html", context))


def for_nobody_to_keep(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response
