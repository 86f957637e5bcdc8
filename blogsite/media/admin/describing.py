"""Descriptions of many pictures in one go. What cannot be saved comes back as it was typed."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blogsite.media.forms import ImageForm
from blogsite.media.models import Image
from blogsite.media.services import save_images

AT_ONCE = 200


def page(
    admin: Any, request: HttpRequest, images: list[Any], status: int = 200
) -> TemplateResponse:
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Describe pictures"),
        "images": images,
        "back": request.POST.get("_list", ""),
    }
    return TemplateResponse(request, "admin/media/describe.html", context, status=status)


def save(admin: Any, request: HttpRequest) -> HttpResponse:
    """Fields are `alt-<key>` and `decorative-<key>`; what is left empty stays undescribed."""
    only = request.POST.get("_only")
    sent = [int(pk) for name in request.POST if (pk := _key(name)) and only in (None, "", pk)]
    found = Image.objects.filter(pk__in=sent[:AT_ONCE])
    images = [image for image in found if admin.has_change_permission(request, image)]
    changed = [image for image in images if _take(image, request.POST)]
    wrong = [image for image in changed if not _is_fine(image)]
    done = [image for image in changed if image not in wrong]
    save_images(*done)
    if request.accepts("text/html"):
        return _answer(admin, request, done, wrong)
    errors = {image.pk: getattr(image, "error", "") for image in wrong}
    return JsonResponse(
        {"saved": [image.pk for image in done], "errors": errors}, status=400 if wrong else 200
    )


def _key(name: str) -> str | None:
    match = re.fullmatch(r"(?:alt|decorative)-(\d{1,18})", name)
    return match[1] if match else None


def _take(image: Any, sent: Any) -> bool:
    """Let the picture say what was sent. False if that is nothing new."""
    before = (image.alt, image.is_decorative)
    image.is_decorative = f"decorative-{image.pk}" in sent
    image.alt = "" if image.is_decorative else sent.get(f"alt-{image.pk}", "").strip()
    return (image.alt, image.is_decorative) != before


def _is_fine(image: Any) -> bool:
    try:
        if not image.alt and not image.is_decorative:
            raise ValidationError(ImageForm.NEITHER)
        image.clean_fields()
    except ValidationError as error:
        image.error = " ".join(error.messages)
        return False
    return True


def _answer(admin: Any, request: HttpRequest, done: list[Any], wrong: list[Any]) -> HttpResponse:
    if done:
        told = ngettext("One description saved.", "%(n)s descriptions saved.", len(done))
        messages.success(request, told % {"n": len(done)})
    if wrong:
        return page(admin, request, wrong, status=400)
    return admin.back(request.POST.get("_list", ""))
