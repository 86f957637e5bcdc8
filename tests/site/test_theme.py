"""A folder of the operator's before ours: it may change everything and break nothing."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines

from blogsite import checks
from blogsite.site import theme as themes
from tests import factories
from tests.frame.environment import settings_with
from tests.source import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(settings, tmp_path):
    """Write files into a theme and serve with it, as a process that starts now would."""
    folder = tmp_path / "harbour"
    ours = settings.TEMPLATES[0]

    def put_on(**files: str) -> Path:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        settings.TEMPLATES = [themes.themed(ours, folder / "templates"), dict(ours)]
        themes._told.clear()
        return folder

    return put_on


def example() -> dict[str, str]:
    """The files of the example in the documentation."""
    text = (ROOT / "docs/look.md").read_text()
    return dict(re.findall(r"^\*\*(\S+?)\*\*\n\n```\w+\n(.*?)^```$", text, re.M | re.S))


def test_the_documented_theme_works(client, theme, settings, tmp_path):
    files = example()
    assert len(files) == 3
    folder = theme(**files)
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [folder / "static", ROOT / "static"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "blogsite.static.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    factories.post("Fog")
    for path in ("/", "/fog/", "/archive/"):
        page = client.get(path).content.decode()
        (sheet,) = re.findall(r'href="/static/(css/harbour\.[0-9a-f]{12}\.css)"', page)
        assert '<span class="anchor" aria-hidden="true">⚓</span> New blog' in page
        assert page.index("Set and printed at the pier.") < page.index('<footer class="foot')
    collected = settings.STATIC_ROOT / sheet
    assert collected.read_text() == files["static/css/harbour.css"]
    assert list(engines["theme"].broken()) == []


def test_settings_put_the_theme_before_ours(tmp_path):
    (tmp_path / "static").mkdir()
    found = settings_with(THEME_DIR=str(tmp_path))
    assert found.TEMPLATES[0]["DIRS"] == [tmp_path / "templates", ROOT / "templates"]
    assert found.TEMPLATES[1]["DIRS"] == [ROOT / "templates"]
    assert [tmp_path / "static", ROOT / "static"] == found.STATICFILES_DIRS
    assert len(settings_with().TEMPLATES) == 1


BROKEN = [
    ("site/_brand.html", "\n{% if %}", 2, "TemplateSyntaxError"),
    ("base.html", "{% extends 'base.html' %}\n\n{% block main %}{% oops %}{% endblock %}", 3, ""),
    ("site/_footer.html", "Tide\n{% include 'site/nowhere.html' %}", 2, "nowhere.html"),
    ("base.html", "{% extends 'nobody.html' %}", 1, "nobody.html"),
    ("site/_brand.html", "{% for a, b, c in 'ab' %}{% endfor %}", 1, "ValueError"),
    ("site/_navigation.html", "\n{% url 'no:where' %}", 2, "NoReverseMatch"),
]


@pytest.mark.parametrize(("name", "text", "line", "told"), BROKEN)
def test_broken_template_breaks_no_page(client, theme, caplog, name, text, line, told):
    factories.post("Fog")
    folder = theme(**{f"templates/{name}": text})
    for path, status in (("/", 200), ("/fog/", 200), ("/nowhere/", 404), ("/", 200)):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == status
        assert page.count("<h1") == 1
        assert 'class="foot wrap"' in page
        assert "Tide" not in page
    (record,) = [one for one in caplog.records if one.message.startswith("theme.broken")]
    assert f"{folder}/templates/{name}:{line}: " in record.message
    assert told in record.message
    assert record.levelname == "ERROR"


def test_template_nobody_can_decode_breaks_no_page(client, theme, caplog):
    folder = theme(**{"templates/base.html": ""})
    (folder / "templates/posts").mkdir()
    (folder / "templates/posts/home.html").write_bytes(b"K\xfcste")
    (folder / "templates/base.html").unlink()
    assert 'class="foot wrap"' in client.get("/").content.decode()
    (record,) = [one for one in caplog.records if one.message.startswith("theme.broken")]
    assert f"{folder}/templates/posts/home.html: UnicodeDecodeError" in record.message


def test_check_names_file_and_line_of_what_is_broken(theme, settings):
    folder = theme(**{f"templates/{n}/{name}": text for n, (name, text, *_) in enumerate(BROKEN)})
    settings.THEME_DIR = folder
    found = checks.broken_templates()
    # The others are met only while a page is rendered.
    assert [problem.id for problem in found] == ["blogsite.W007"] * 2
    for problem, (n, (name, _, line, _)) in zip(found, list(enumerate(BROKEN))[:2], strict=True):
        assert problem.msg.startswith(f"{folder}/templates/{n}/{name}:{line}: ")
        assert "without the theme" in problem.hint


def test_folder_that_is_no_theme_is_an_error(settings, tmp_path):
    settings.THEME_DIR = tmp_path / "nowhere"
    (problem,) = checks.theme()
    assert (problem.id, str(tmp_path / "nowhere") in problem.msg) == ("blogsite.E009", True)
    settings.THEME_DIR = None
    assert checks.theme() == []
