"""The Tasks API from wherever this Django has it: its own since 6.0, django-tasks before."""

try:
    from django.tasks import TaskContext, TaskResultStatus, task, task_backends
    from django.tasks.backends.immediate import ImmediateBackend
    from django.tasks.base import TASK_MIN_PRIORITY
    from django.utils.json import normalize_json
except ImportError:
    from django_tasks import (  # type: ignore[assignment,no-redef]
        TaskContext,
        TaskResultStatus,
        task,
        task_backends,
    )
    from django_tasks.backends.immediate import ImmediateBackend  # type: ignore[assignment]
    from django_tasks.base import TASK_MIN_PRIORITY
    from django_tasks.utils import normalize_json

__all__ = [
    "TASK_MIN_PRIORITY",
    "ImmediateBackend",
    "TaskContext",
    "TaskResultStatus",
    "normalize_json",
    "task",
    "task_backends",
]
