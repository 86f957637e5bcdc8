"""Documents name only files, make targets, commands and variables that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.source import ROOT, project_paths, relative

DOCUMENTS = [
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.name != "CHANGELOG.md"  # tells of what is gone, too
]
# Made on each machine, so not there when a test looks.
GENERATED = (".dev", ".env", ".venv", "db.sqlite3", "media", "staticfiles")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:\.(?:py|md|toml|txt|sh|yml|yaml|html|css|js|json)|/)")


def code(document: Path) -> list[str]:
    """What stands between backticks, and the lines of code blocks."""
    text = document.read_text()
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    inline = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(r"`([^`\n]+)`", inline) + "\n".join(blocks).splitlines()


def exists(path: str) -> bool:
    """From the root, or as people say it who are inside: `services/`, `css/tokens.css`."""
    ending = "/" + path.strip("/")
    return path.split("/")[0] in GENERATED or any(
        f"/{known}".endswith(ending) for known in project_paths()
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_files_named_in_documents_exist(document):
    named = [word for piece in code(document) for word in piece.split() if FILE.fullmatch(word)]
    assert [word for word in named if not exists(word)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_between_documents_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#:\s]+)[^):]*\)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_make_targets_named_in_documents_exist(document):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)
    named = [
        name for piece in code(document) for name in re.findall(r"\bmake ([a-z][\w-]*)", piece)
    ]
    assert [name for name in named if name not in targets] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_named_in_documents_exist(document):
    named = [
        name for piece in code(document) for name in re.findall(r"manage\.py ([a-z]\w*)", piece)
    ]
    assert [name for name in named if name not in get_commands()] == []


def test_every_make_target_is_explained():
    makefile = (ROOT / "Makefile").read_text()
    listed = re.findall(r"^([\w-]+):.*## ", makefile, re.M)
    promised = {"build", "run-dev", "run-live", "kill", "test", "lint", "e2e", "bench", "lock"} | {
        "messages"
    }
    assert set(listed) == promised | {"help"}
