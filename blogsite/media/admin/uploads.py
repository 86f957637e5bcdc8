"""Uploading at the desk: a page for many files at once, and an address for scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from blogsite.media.admin.library import limits
from blogsite.media.forms import DescriptionForm
from blogsite.media.models import File, Image
from blogsite.media.services import plain_name, receive

STATUS = {
    "signed_out": HTTPStatus.UNAUTHORIZED,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "token": HTTPStatus.FORBIDDEN,
    "method": HTTPStatus.METHOD_NOT_ALLOWED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_pixels": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_picture": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "storage_away": HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    name: str
    upload: Any = None
    error: str = ""
    code: str = ""

    @property
    def page(self) -> str:
        return page_of(self.upload)


# -- a page ----------------------------------------------------------------------------------


def page(admin: Any, request: HttpRequest) -> HttpResponse:
    """Many files without any script: each has its own outcome, and pictures are described next."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    sent = request.FILES.getlist("file")
    outcomes = [_outcome(request, file) for file in sent]
    more = {
        "outcomes": outcomes,
        "forms": _undescribed(admin, request, outcomes),
        "nothing_sent": request.method == "POST" and not sent,
    }
    return admin.page(request, "add", _("Upload"), **limits(), **more)


def _outcome(request: HttpRequest, file: UploadedFile, **words: Any) -> Outcome:
    name = plain_name(file)
    try:
        return Outcome(name, receive(file, by=cast(User, request.user), **words))
    except ValidationError as error:
        return Outcome(name, error=" ".join(error.messages), code=str(error.code))


def _undescribed(
    admin: Any, request: HttpRequest, outcomes: list[Outcome]
) -> list[DescriptionForm]:
    stored = {one.upload.pk: one.upload for one in outcomes if isinstance(one.upload, Image)}
    return [
        DescriptionForm(instance=image)
        for image in stored.values()
        if not (image.alt or image.is_decorative) and admin.has_change_permission(request, image)
    ]


# -- an address for scripts ------------------------------------------------------------------


class TokenCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return refused("token", _("This page is too old. Open it anew, then upload again."))


def endpoint(admin: Any) -> Callable[[HttpRequest], HttpResponse]:
    """One file in the field `file`, with `alt` or `is_decorative` if they are known already.

    Who asks is looked at first: nobody else's file is even read.
    """

    def upload(request: HttpRequest) -> HttpResponse:
        check = TokenCheck(_take)
        refusal = _barred(admin, request) or check.process_view(request, _take, (), {})
        return refusal or _take(request)

    return never_cache(csrf_exempt(upload))


def _barred(admin: Any, request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return refused("signed_out", _("Signed out. Sign in in another tab, then try again."))
    if not (request.user.is_staff and admin.has_add_permission(request)):
        return refused("not_allowed", _("You may not upload anything here."))
    if request.method != "POST":
        return refused("method", _("Send the file by POST."))
    return None


def _take(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return refused("no_file", _("There is no file in this upload."))
    alt = request.POST.get("alt", "").strip()[: Image._meta.get_field("alt").max_length]
    is_decorative = request.POST.get("is_decorative") in ("1", "on", "true")
    outcome = _outcome(request, file, alt=alt, is_decorative=is_decorative)
    if outcome.error:
        return refused(outcome.code, outcome.error)
    return JsonResponse(described(outcome.upload), status=HTTPStatus.CREATED)


def refused(code: str, told: str) -> JsonResponse:
    status = STATUS.get(code, HTTPStatus.BAD_REQUEST)
    return JsonResponse({"error": told, "code": code}, status=status)


def described(upload: Image | File) -> dict[str, Any]:
    """What a script has to know of an upload."""
    is_picture = isinstance(upload, Image)
    fields = ("alt", "is_decorative", "width", "height") if is_picture else ()
    return {
        "id": upload.pk,
        "kind": "picture" if is_picture else "file",
        "name": upload.original_name,
        "url": upload.url,
        "markdown": upload.markdown,
        "type": upload.mime,
        "bytes": upload.bytes,
        "page": page_of(upload),
        **{field: getattr(upload, field) for field in fields},
    }


def page_of(upload: Image | File) -> str:
    return reverse(f"admin:media_{upload._meta.model_name}_change", args=[upload.pk])
