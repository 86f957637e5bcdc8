"""Django's admin as this site's desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms import WINDOW, SignInForm
from blogsite.site.errors import too_many


class Desk(admin.AdminSite):
    site_title = _("Desk")
    index_title = _("Desk")
    login_form = SignInForm
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        response = super().login(request, extra_context)
        form = getattr(response, "context_data", {}).get("form")
        refused = form.refused_as if isinstance(form, SignInForm) else ""
        if refused == "too_many":
            return too_many(request, retry_after=WINDOW)
        if refused:
            response.status_code = 429
        return response
