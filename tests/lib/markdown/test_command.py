import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.source import ROOT


def run(typed: str | bytes, monkeypatch, *options: str) -> str:
    data = typed if isinstance(typed, bytes) else typed.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    shown = io.StringIO()
    call_command("render_markdown", *options, stdout=shown)
    return shown.getvalue()


def test_standard_input_is_rendered(monkeypatch):
    assert run('*ä* "b"', monkeypatch) == '<p><em>ä</em> "b"</p>\n'
    assert run("# a", monkeypatch, "--profile", "comment") == "<p># a</p>\n"
    options = ("--smart-quotes", "--language", "de", "--math")
    assert run('"a" $b$', monkeypatch, *options) == (
        "<p>„a“ <math><mrow><mi>b</mi></mrow></math></p>\n"
    )


def test_bytes_that_are_no_text_are_shown_as_such(monkeypatch):
    assert run(b"a\xffb", monkeypatch) == "<p>a\ufffdb</p>\n"


def test_lines_of_json_are_answered_line_by_line(monkeypatch):
    typed = "\n".join(
        [
            json.dumps({"id": 1, "src": "*a*\n\nb"}),
            "",
            json.dumps({"id": "two", "src": "x" * 10_001}),
            json.dumps({"id": None, "src": "\ud800"}),
        ]
    )
    first, second, third = run(typed, monkeypatch, "--jsonl", "--profile=comment").splitlines()
    assert json.loads(first) == {"id": 1, "html": "<p><em>a</em></p>\n<p>b</p>\n"}
    assert json.loads(second)["id"] == "two"
    assert "10001 characters" in json.loads(second)["error"]
    assert json.loads(third) == {"id": None, "html": "<p>\ufffd</p>\n"}


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "src": 2}', "3"])
def test_lines_of_another_form_are_refused_with_their_number(line, monkeypatch):
    with pytest.raises(CommandError, match="Line 2"):
        run('{"id": 1, "src": ""}\n' + line, monkeypatch, "--jsonl")


def test_a_text_that_is_refused_is_an_error(monkeypatch):
    with pytest.raises(CommandError, match="Nothing is lost"):
        run("> " * 100, monkeypatch)


def test_it_needs_no_database():
    command = [sys.executable, "manage.py", "render_markdown"]
    environment = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "ENV": "development"}
    done = subprocess.run(
        command, input=b"a", capture_output=True, cwd=ROOT, env=environment, check=True
    )
    assert done.stdout == b"<p>a</p>\n"
