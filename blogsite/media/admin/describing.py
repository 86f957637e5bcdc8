"""Descriptions of many pictures in one go. What cannot be saved comes back as it was typed."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blogsite.media.forms import DescriptionForm
from blogsite.media.models import Image
from blogsite.media.services import save_images

AT_ONCE = 200
FIELD = re.compile(r"(?:alt|decorative)-(\d{1,18})")


def page(
    admin: Any, request: HttpRequest, forms: list[DescriptionForm], status: int = 200
) -> HttpResponse:
    title, back = _("Describe pictures"), request.POST.get("_list", "")
    return admin.page(request, "describe", title, status, forms=forms, back=back)


def save(admin: Any, request: HttpRequest) -> HttpResponse:
    """What is left empty stays undescribed."""
    sent = [int(found[1]) for found in map(FIELD.fullmatch, request.POST) if found]
    forms = [
        DescriptionForm(request.POST, instance=image)
        for image in Image.objects.filter(pk__in=sent[:AT_ONCE])
        if admin.has_change_permission(request, image)
    ]
    changed = [form for form in forms if form.has_changed()]
    wrong = [form for form in changed if not form.is_valid()]
    done = [form.instance for form in changed if form.is_valid()]
    save_images(*done)
    if request.accepts("text/html"):
        return _answer(admin, request, done, wrong)
    errors = {form.instance.pk: " ".join(map(str, form["alt"].errors)) for form in wrong}
    return JsonResponse(
        {"saved": [image.pk for image in done], "errors": errors}, status=400 if wrong else 200
    )


def _answer(
    admin: Any, request: HttpRequest, done: list[Any], wrong: list[DescriptionForm]
) -> HttpResponse:
    if done:
        told = ngettext("One description saved.", "%(n)s descriptions saved.", len(done))
        messages.success(request, told % {"n": len(done)})
    if wrong:
        return page(admin, request, wrong, status=400)
    return redirect(f"{reverse('admin:media_image_changelist')}?{request.POST.get('_list', '')}")
