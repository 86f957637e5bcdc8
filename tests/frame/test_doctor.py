from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from blogsite import health
from tests.frame.environment import PRODUCTION, run


@pytest.fixture(autouse=True)
def parts(monkeypatch):
    found = {"storage": "ok", "database": "ok"}
    monkeypatch.setattr(health, "findings", lambda: found)
    return found


@pytest.mark.django_db
def test_a_good_installation_is_called_fit():
    out = StringIO()
    call_command("doctor", stdout=out, no_color=True)
    assert out.getvalue().splitlines()[-1] == "Fit to serve as development."
    assert "database     ok" in out.getvalue()


@pytest.mark.django_db
def test_what_does_not_answer_is_named(parts):
    parts["storage"] = "the folder for uploads is read-only"
    out = StringIO()
    with pytest.raises(CommandError, match="has to be mended"):
        call_command("doctor", stdout=out, no_color=True)
    assert "storage      the folder for uploads is read-only" in out.getvalue()


def test_errors_and_warnings_come_with_their_mend():
    done = run("python", "manage.py", "doctor", **PRODUCTION | {"SECRET_KEY": "weak"})
    assert done.returncode == 1
    assert "Must be mended: SECRET_KEY or a fallback is easy to guess. (blogsite.E003)" in (
        done.stdout
    )
    assert "  Set it to the output of: python -c" in done.stdout
    assert "security.W009" not in done.stdout
