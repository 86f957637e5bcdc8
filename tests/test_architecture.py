"""Habits of the house that a linter does not know; import-linter holds the floors."""

from __future__ import annotations

import ast
import re

from tests.source import PRODUCT, ROOT, TOOLS, functions, imports, python_files, relative, tree

APPS = ("accounts", "blogsite.media", "blogsite.site", "posts")
OPEN_TO_OTHER_APPS = (
    "models",
    "querysets",
    "services",
    "signals",
    "checklist",
    "errors",
    "references",
    # What the library and the site offer to whoever shows something.
    *("cards", "leaving", "programs", "showing"),
    *("colour", "look", "structured"),
)
QUERY_COUNTERS = ("django_assert_num_queries", "django_assert_max_num_queries")


def is_migration(path) -> bool:
    return path.parent.name == "migrations"


def test_every_test_is_collected():
    """pytest reads test_*.py and there functions and Test classes: nothing else is a test."""
    strays = [
        f"{relative(path)}: {node.name}"
        for path in python_files("tests")
        for node in functions(path)
        if node.name.startswith("test_") and not path.name.startswith("test_")
    ]
    nested = [
        f"{relative(path)}: {node.name}"
        for path in python_files("tests")
        for outer in functions(path)
        for node in ast.walk(outer)
        if node is not outer and isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert strays + nested == []


def test_test_folders_are_packages():
    """Else two files of the same name in two folders are one module to Python."""
    folders = {path.parent for path in python_files("tests")}
    assert [relative(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_query_counts_are_asserted_with_with():
    """Called without `with`, a query counter counts nothing and always passes."""
    loose = []
    for path in python_files("tests"):
        held = {
            id(item.context_expr)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.With)
            for item in node.items
        }
        loose += [
            f"{relative(path)}:{node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in QUERY_COUNTERS
            and id(node) not in held
        ]
    assert loose == []


def test_modules_and_functions_stay_readable():
    long_modules = [
        f"{relative(path)}: {lines} lines"
        for path in python_files(*PRODUCT, *TOOLS)
        if (lines := len(path.read_text().splitlines())) > 400 and not is_migration(path)
    ]
    long_functions = [
        f"{relative(path)}: {node.name}"
        for path in python_files(*PRODUCT, *TOOLS)
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno > 60
    ]
    assert long_modules + long_functions == []


def test_source_stays_small():
    """What somebody must understand to change the product: its own modules. Migrations are the
    tables' history, bench and dev are tools beside it; empty lines are the formatter's."""
    modules = [path for path in python_files(*PRODUCT) if not is_migration(path)]
    lines = [line for path in modules for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) < 20_000


def test_lib_knows_neither_apps_nor_settings():
    foreign = [
        f"{relative(path)} imports {name}"
        for path in python_files("blogsite/lib")
        for name in imports(path)
        if name.startswith(("django.apps", "django.conf", "django.contrib", "django.db"))
    ]
    assert foreign == []


def test_migrations_import_nothing_of_ours():
    """They must still run when the code they were written beside is long gone."""
    assert [
        f"{relative(path)} imports {name}"
        for path in python_files(*PRODUCT)
        if is_migration(path)
        for name in imports(path)
        if name.split(".")[0] in PRODUCT
    ] == []


def test_apps_enter_each_other_by_the_front_door():
    """From another app its models, querysets, services and signals; nothing deeper."""
    assert [
        f"{relative(path)} imports {name}"
        for path in python_files(*PRODUCT)
        for name in imports(path)
        for app in APPS
        if name.startswith(f"{app}.")
        and home(relative(path)) not in (app, None)
        and name.removeprefix(f"{app}.").split(".")[0] not in OPEN_TO_OTHER_APPS
    ] == []


def home(path: str) -> str | None:
    """The app a file belongs to; None for the frame and the roof, who may know everybody."""
    dotted = path.replace("/", ".")
    return next((app for app in APPS if dotted.startswith(f"{app}.")), None)


def test_templates_obey_the_content_security_policy():
    """The browser would ignore it without a word: styles and handlers live in files."""
    forbidden = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
    assert [
        f"{relative(path)}: {found.group()}"
        for folder in ("templates", *PRODUCT)
        for path in (ROOT / folder).rglob("*.html")
        if "emails" not in path.parts and (found := forbidden.search(path.read_text()))
    ] == []
