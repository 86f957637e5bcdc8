"""The product's own files, for the tests that look at the source itself."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("accounts", "blogsite", "posts")
TOOLS = ("bench", "dev")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imports(path: Path) -> Iterator[str]:
    """The modules and names a file imports, dotted; `from a import b` is `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = relative(path).removesuffix(".py").split("/")[: -node.level]
                base = ".".join([*package, *filter(None, [node.module])])
            yield from (f"{base}.{name.name}" for name in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def project_paths() -> list[str]:
    """Every file and folder of the project, none that tools or servers have made."""
    made = {".git", ".venv", ".dev", "media", "staticfiles", "node_modules", "__pycache__"}
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in made or folder != str(ROOT)]
        found += [relative(Path(folder, name)) for name in (*folders, *files)]
    return found
