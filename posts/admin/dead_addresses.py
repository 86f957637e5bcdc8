"""What readers asked for in vain, at the desk: one click leads it to where it may have meant."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from posts.admin.pages import PlainTitle
from posts.admin.redirect_tables import our_hosts
from posts.models import NotFound, Post
from posts.services.redirects import Atlas, apply_plans
from posts.services.suggestions import suggested_posts


@admin.register(NotFound)
class NotFoundAdmin(PlainTitle, admin.ModelAdmin):
    list_display = ["path", "count", "last_at", "referrer", "ways_out"]
    list_display_links = None
    list_per_page = 50
    search_fields = ["path", "referrer"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/to/<int:post_pk>/", view(self.lead), name="posts_notfound_lead"),
            path("<int:pk>/dismiss/", view(self.dismiss), name="posts_notfound_dismiss"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The rows of the page with the posts they may have meant, found for all at once."""
        changes = super().get_changelist_instance(request)
        rows = changes.result_list = list(changes.result_list)
        may_redirect = self._may_redirect(request)
        likely = suggested_posts([row.path for row in rows]) if may_redirect else {}
        for row in rows:
            row.likely = likely.get(row.path, [])
            row.may_redirect = may_redirect
            row.may_dismiss = self.has_delete_permission(request)
            row.back = request.GET.urlencode()
        return changes

    @admin.display(description=gettext_lazy("lead it to"))
    def ways_out(self, row: Any) -> SafeString:
        return render_to_string("admin/posts/notfound/ways_out.html", {"row": row})

    @method_decorator(require_POST)
    def lead(self, request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
        """The one click: a redirect to a suggestion. The row goes with it."""
        if not self._may_redirect(request):
            raise PermissionDenied
        row = NotFound.objects.filter(pk=pk).first()
        post = Post.objects.published().filter(pk=post_pk).first()
        if not (row and post):
            return self._back(request, too_late=True)
        atlas = Atlas.read(our_hosts(request))
        plan = atlas.plan(row.path, f"/{post.slug}/")
        if plan.outcome == "refused":
            messages.error(request, plan.why)
            return self._back(request)
        apply_plans([plan], atlas)
        told = _("%(path)s leads to “%(post)s” from now on.")
        messages.success(request, told % {"path": row.path, "post": post})
        return self._back(request)

    @method_decorator(require_POST)
    def dismiss(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        row = NotFound.objects.filter(pk=pk).first()
        if row is None:
            return self._back(request, too_late=True)
        row.delete()
        told = _("%(path)s is off the list. It comes back when somebody asks for it again.")
        messages.success(request, told % {"path": row.path})
        return self._back(request)

    @staticmethod
    def _may_redirect(request: HttpRequest) -> bool:
        return request.user.has_perms(["posts.view_notfound", "posts.add_redirect"])

    @staticmethod
    def _back(request: HttpRequest, *, too_late: bool = False) -> HttpResponse:
        if too_late:
            messages.info(request, _("That was done already. This is the list as it is now."))
        query = request.GET.urlencode()
        return HttpResponseRedirect(
            reverse("admin:posts_notfound_changelist") + (f"?{query}" if query else "")
        )
