"""What waits, runs and failed, and the button to try again. Nothing is added or edited here."""

import json
from typing import Any

# Its admin registers the plain row; it has to be loaded before ours replaces it.
import django_tasks_db.admin  # noqa: F401
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Right
from django.http import HttpRequest, HttpResponse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from blogsite.tasks.models import QueuedTask

admin.site.unregister(DBTaskResult)

ERROR_END = 400  # characters of a traceback that hold its last line
ERROR_SHOWN = 120


@admin.register(QueuedTask)
class QueuedTaskAdmin(admin.ModelAdmin):
    list_display = ["short_name", "status", "last_error", "attempts", "enqueued_at", "next_run"]
    list_filter = ["status", ("task_path", admin.AllValuesFieldListFilter), "enqueued_at"]
    search_fields = ["id", "task_path", "exception_class_path", "traceback"]
    ordering = ["-enqueued_at"]
    show_full_result_count = False
    actions = ["retry_selected"]
    readonly_fields = [
        "task_path",
        "status",
        "attempts",
        "next_run",
        "error",
        "arguments",
        "enqueued_at",
        "started_at",
        "finished_at",
        "queue_name",
        "priority",
    ]
    fields = (*readonly_fields,)

    class Media:
        css = {"all": ["tasks/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: QueuedTask | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: QueuedTask | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_retry_permission(request)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueuedTask]:
        """Without the long columns, which a list of a hundred mails would be heavy with."""
        tasks = super().get_queryset(request).annotate(error_end=Right("traceback", ERROR_END))
        return tasks.defer("args_kwargs", "traceback", "return_value")

    @admin.display(description=_("task"), ordering="task_path")
    def short_name(self, obj: QueuedTask) -> str:
        return obj.short_name

    @admin.display(description=_("attempts"))
    def attempts(self, obj: QueuedTask) -> int:
        return obj.attempts

    @admin.display(description=_("next run"), ordering="run_after")
    def next_run(self, obj: QueuedTask) -> str:
        if obj.status != TaskResultStatus.READY:
            return "-"
        if obj.run_after == get_date_max():
            return gettext("as soon as possible")
        return localize(localtime(obj.run_after))

    @admin.display(description=_("last error"))
    def last_error(self, obj: QueuedTask) -> str:
        line = getattr(obj, "error_end", "").strip().rpartition("\n")[2]
        return line if len(line) <= ERROR_SHOWN else f"{line[:ERROR_SHOWN]}…"

    @admin.display(description=_("error"))
    def error(self, obj: QueuedTask) -> str:
        return format_html("<pre>{}</pre>", obj.traceback) if obj.traceback else "-"

    @admin.display(description=_("arguments"))
    def arguments(self, obj: QueuedTask) -> str:
        if obj.policy.private:
            return gettext("Not shown: they may hold what only the addressee may read.")
        text = json.dumps(obj.args_kwargs, indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)

    @admin.action(description=_("Run selected tasks again"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[QueuedTask]) -> None:
        chosen = queryset.count()
        count = QueuedTask.objects.filter(pk__in=queryset).retry()
        if count:
            said = ngettext("%d task runs again shortly.", "%d tasks run again shortly.", count)
            self.message_user(request, said % count, messages.SUCCESS)
        if left := chosen - count:
            said = ngettext(
                "%d task is running or done already and was left alone.",
                "%d tasks are running or done already and were left alone.",
                left,
            )
            self.message_user(request, said % left, messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The button there sends what the list sends for one that is selected."""
        task = kwargs.get("obj")
        context["may_retry"] = self.has_retry_permission(request) and task and task.may_retry
        return super().render_change_form(request, context, *args, **kwargs)
