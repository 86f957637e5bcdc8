"""Django's admin as this site's desk."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import WINDOW, SignInForm
from accounts.models import User
from blogsite.desk.overview import overview
from blogsite.desk.resume import Kept
from blogsite.site.errors import too_many
from blogsite.stats.views import urls as statistics


class Desk(admin.AdminSite):
    site_title = _("Desk")
    index_title = _("Desk")
    login_form = SignInForm
    enable_nav_sidebar = False

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Django's, which would drop what somebody sends after their sign-in has ended."""
        usual = super().admin_view(view, cacheable)

        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_late = request.method == "POST" and not self.has_permission(request)
            if is_late and (kept := Kept.sent(request)):
                return self.bring_back(request, kept)
            return usual(request, *args, **kwargs)

        return update_wrapper(page, usual)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Counted together where it is shown: Django's pages ask for it, few of ours show it."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_urls(self) -> list[Any]:
        """Without the way past the roles: Django's "r/" tells anybody where any object lies."""
        usual = (u for u in super().get_urls() if getattr(u, "name", "") != "view_on_site")
        return [*statistics(self), *usual]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        kept = Kept.read(request.POST.get("kept", ""))
        context = {"kept": kept, "texts": kept.texts(request) if kept else []}
        response = super().login(request, {**(extra_context or {}), **context})
        if kept and response.status_code == 302:
            return self.bring_back(request, kept, has_signed_in=True)
        form = getattr(response, "context_data", {}).get("form")
        refused = form.refused_as if isinstance(form, SignInForm) else ""
        if refused == "too_many" and not kept:
            return too_many(request, retry_after=WINDOW)
        if refused:
            response.status_code = 429
        if refused == "too_many":
            response["Retry-After"] = str(WINDOW)
        return response

    def bring_words(self, request: HttpRequest) -> TemplateResponse:
        """What somebody may no longer save, to look at and to copy."""
        kept = Kept.sent(request)
        context = {
            **self.each_context(request),
            "texts": kept.texts(request) if kept else [],
            "open": True,
            "title": gettext("This can no longer be saved"),
        }
        return TemplateResponse(request, "admin/words.html", context, status=403)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().index(
            request, {**overview(cast(User, request.user)), **(extra_context or {})}
        )

    def bring_back(
        self, request: HttpRequest, kept: Kept, *, has_signed_in: bool = False
    ) -> TemplateResponse:
        """What was sent, with a way on: through the sign-in, or straight back to its page."""
        context = {**self.each_context(request), "kept": kept, "has_signed_in": has_signed_in}
        context["texts"] = kept.texts(request)
        template = "admin/resume.html"
        context["title"] = (
            gettext("Welcome back") if has_signed_in else gettext("Once more, please")
        )
        if not self.has_permission(request):
            template = "admin/login.html"
            context |= {"title": gettext("Sign in"), "form": self.login_form(request)}
            context |= {"app_path": reverse("admin:login"), "next": kept.path}
        request.current_app = self.name
        status = 200 if has_signed_in else 403
        response = TemplateResponse(request, template, context, status=status)
        add_never_cache_headers(response)
        return response
