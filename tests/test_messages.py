"""Every language that is shipped says everything, and says it about the same things."""

import ast
import re

import pytest

from blogsite.site.models import SiteSettings
from dev import messages
from posts.models import Post
from tests.writing import change, write

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
CATALOGUES = messages.catalogues()


def test_german_is_shipped():
    assert [path.parent.parent.name for path in CATALOGUES] == ["de"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_is_complete_and_in_step(path):
    """`make messages` brings it in step and tells what is to be translated."""
    catalogue = messages.update(path)
    assert [
        message.id for message in catalogue if message.id and not messages.is_said(message)
    ] == []
    source, compiled = messages.written(catalogue)
    assert path.read_bytes() == source
    assert path.with_suffix(".mo").read_bytes() == compiled


def test_no_words_hide_in_an_f_string():
    """Python before 3.12 reads such a string as one piece: its words would never be translated."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in messages.sources()
        if path.suffix == ".py"
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in messages.MARKS
    ]
    assert hidden == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_places_and_marks(path):
    for message in messages.read(path):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if not message.id:
            continue
        wanted = {frozenset(PLACE.findall(one)) for one in ids}
        for one in said:
            assert frozenset(PLACE.findall(one)) in wanted, one
            assert sorted(TAG.findall(one)) == sorted(TAG.findall(ids[-1])), one
            assert one.strip() == one or ids[0].strip() != ids[0], one


@pytest.mark.django_db
def test_the_desk_answers_in_the_language_of_the_site(client, people):
    """A message is kept when the request is over, and its language with it."""
    SiteSettings.objects.update(language="de")
    client.force_login(people["Contributor"])
    write(client, press="_review", title="Nebel")
    page = client.get(change(Post.objects.get())).text
    assert "Zur Prüfung gegeben. Die Redaktion findet den Text" in page
    assert "</b> hat zur Prüfung gegeben" in page
