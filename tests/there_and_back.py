"""Run as a program by test_migrations.py, in a database with all our migrations: to zero, and
forwards again."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from tests.source import PRODUCT  # noqa: E402


def main() -> None:
    ours = [app for app in apps.get_app_configs() if app.name.split(".")[0] in PRODUCT]
    models = [model for app in ours for model in app.get_models() if not model._meta.proxy]
    tables = {model._meta.db_table for model in models}

    assert existing(tables) == tables
    groups = group_names()
    assert groups

    for label in what_others_build_on_first({app.label for app in ours}):
        call_command("migrate", label, "zero", verbosity=0)
    assert existing(tables) == set(), existing(tables)

    call_command("migrate", verbosity=0)
    assert existing(tables) == tables
    assert group_names() == groups


def what_others_build_on_first(labels: set[str]) -> list[str]:
    """They take the others with them, in one pass."""
    graph = (loader := MigrationLoader(connection)).graph

    def gone_with(label: str) -> int:
        return max(len(graph.backwards_plan(root)) for root in graph.root_nodes(label))

    return sorted(loader.migrated_apps & labels, key=gone_with, reverse=True)


def existing(tables: set[str]) -> set[str]:
    return tables & set(connection.introspection.table_names())


def group_names() -> set[str]:
    return set(Group.objects.values_list("name", flat=True))


if __name__ == "__main__":
    main()
