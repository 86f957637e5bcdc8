"""What is behind a preview link: the secret is taken out of the address, then the post is shown."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blogsite.lib.client import client_address
from blogsite.limits import Unavailable, hit, peek
from posts.models import PreviewLink
from posts.previews import for_nobody_to_keep, preview_page
from posts.services.previews import note_opened, working_link

COOKIE = "preview"
#: Wrong secrets from one client.
GUESSES, SECONDS = 20, 600


@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """A cookie that is sent to one path only, and on to that path, which is no secret."""
    answer = _open(request, secret.strip("/"))
    if isinstance(answer, PreviewLink):
        answer = _go_and_read(request, answer, secret.strip("/"))
    # Also the page that says there is nothing here has an address that nobody else should learn.
    answer["Referrer-Policy"] = "strict-origin"
    return for_nobody_to_keep(answer)


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    answer = _open(request, request.COOKIES.get(COOKIE, ""), pk)
    if isinstance(answer, HttpResponse):
        return for_nobody_to_keep(answer)
    note_opened(answer)
    version = answer.version or answer.post.newest_version()
    return preview_page(request, version, link=answer)


def _open(request: HttpRequest, secret: str, pk: int | None = None) -> PreviewLink | HttpResponse:
    """The link, or the one page for all that do not open: nobody learns which of them ever was."""
    if _has_guessed_too_often(request):
        refusal = render(request, "429.html", {"minutes": SECONDS // 60}, status=429)
        refusal["Retry-After"] = str(SECONDS)
        return refusal
    link = working_link(secret) if secret else None
    if link and pk in (None, link.pk):
        return link
    if secret:
        _count_guess(request)
    return render(request, "posts/preview_gone.html", status=404)


def _go_and_read(request: HttpRequest, link: PreviewLink, secret: str) -> HttpResponse:
    address = reverse("posts:preview_read", args=[link.pk])
    response = HttpResponseRedirect(address, status=303)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=max(link.expires_at - timezone.now(), timedelta(0)),
        path=address,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _has_guessed_too_often(request: HttpRequest) -> bool:
    # Without the counters reading goes on: the length of the secrets is what keeps guessers out.
    with suppress(Unavailable):
        return not peek(_key(request), limit=GUESSES)
    return False


def _count_guess(request: HttpRequest) -> None:
    with suppress(Unavailable):
        hit(_key(request), limit=GUESSES, seconds=SECONDS)


def _key(request: HttpRequest) -> str:
    return f"preview:{client_address(request.META, settings.TRUSTED_PROXY_COUNT)}"
