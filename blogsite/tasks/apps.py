from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "blogsite.tasks"
    label = "tasks"
    verbose_name = _("Tasks")
    role_grants = {"Administrator": ["view_queuedtask", "change_queuedtask", "delete_queuedtask"]}
