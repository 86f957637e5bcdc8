"""A site of a few pages, to try the page cache on. Its texts are names of groups, which every
installation can store; the numbers begin beyond those of the groups that are there already.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import get_language_from_request

from blogsite.pagecache import depends_on, personal_page, public_page, stamping, touch


class Stage:
    """What a test sees of the views at work, and how it takes part."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.rendered: list[str] = []
        self.after_queries: Callable[[], Any] = lambda: None
        self.until: datetime | None = None
        self.error: Exception | None = None


stage = Stage()
BEYOND = 1000


def texts() -> QuerySet[Group]:
    return Group.objects.filter(pk__gt=BEYOND)


def write(number: int, text: str) -> None:
    """The service of this site."""
    with stamping():
        Group.objects.update_or_create(pk=BEYOND + number, defaults={"name": text})
        touch(f"post:{number}", "lists")


def remove(number: int) -> None:
    with stamping():
        texts().filter(pk=BEYOND + number).delete()
        touch(f"post:{number}", "lists", removed=True)


@public_page("site", query=("page", "q"))
def post(request: HttpRequest, number: int) -> HttpResponse:
    stage.rendered.append(request.get_full_path())
    if stage.error:
        raise stage.error
    depends_on(request, f"post:{number}", until=stage.until)
    group = texts().filter(pk=BEYOND + number).first()
    stage.after_queries()
    if group is None:
        return personal_page(request, draft, number=number)
    return HttpResponse(f"{group.name} {request.GET.urlencode()}{' and more' * 100}")


def draft(request: HttpRequest, number: int) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponse(f"a draft for {request.user}")
    if number == 9:
        return HttpResponse("for members")
    raise Http404


@public_page("lists")
def home(request: HttpRequest) -> HttpResponse:
    stage.rendered.append("home")
    return HttpResponse(" ".join(texts().order_by("pk").values_list("name", flat=True)))


@public_page("site")
def nosy(request: HttpRequest) -> HttpResponse:
    """Puts all it can find out about its reader on the page."""
    facts = [f"{name}={value}" for name, value in sorted(request.META.items()) if name.isupper()]
    seen = (request.user, request.COOKIES, get_language_from_request(request), *facts)
    response = HttpResponse("\n".join(map(str, seen)))
    del response.headers["Vary"]
    return response


@public_page()
def broken_promise(request: HttpRequest, kind: str) -> HttpResponse:
    stage.rendered.append(kind)
    answers: dict[str, Callable[[], Any]] = {
        "cookie": lambda: HttpResponse("hello"),
        "session": lambda: HttpResponse(str(request.user)),
        "streaming": lambda: StreamingHttpResponse([b"a", b"b"]),
        "vary": lambda: HttpResponse("hello", headers={"Vary": "Accept-Language"}),
        "private": lambda: HttpResponse("hello", headers={"Cache-Control": "private"}),
        "moved": lambda: redirect("/", permanent=True),
        "missing": lambda: HttpResponse("none", status=404),
        "encoded": lambda: HttpResponse("zzz", headers={"Content-Encoding": "zstd"}),
    }
    response = answers[kind]()
    if kind == "cookie":
        response.set_cookie("taste", "sweet")
    return response


def desk(request: HttpRequest) -> HttpResponse:
    stage.rendered.append("desk")
    return HttpResponse(f"{request.method} for {request.META.get('HTTP_COOKIE')}")


urlpatterns = [
    path("", home),
    path("nosy/", nosy),
    path("broken/<str:kind>/", broken_promise),
    path("desk/", desk),
    path("health", desk),
    path("health/ready", desk),
    path("<int:number>/", post),
]


def plain_error(request: HttpRequest, status: int, **_: object) -> HttpResponse:
    return HttpResponse(f"error {status}", status=status)


handler400 = partial(plain_error, status=400)
handler404 = partial(plain_error, status=404)
handler500 = partial(plain_error, status=500)
