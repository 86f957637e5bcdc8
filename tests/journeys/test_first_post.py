"""A newcomer's first hour: the first administrator, the first post, the first reader."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.models import User
from posts.models import Post
from tests import factories
from tests.writing import form_of, write

pytestmark = pytest.mark.django_db


def create_owner(monkeypatch, password: str, **options) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("create_owner", password_stdin=True, stdout=io.StringIO(), **options)


def test_from_an_empty_database_to_a_post_that_strangers_read(client, monkeypatch):
    assert client.get("/").status_code == 200

    create_owner(monkeypatch, factories.PASSWORD, email="ruth@example.com", name="ruth")
    signed_in = client.post(
        "/admin/login/",
        {"username": "ruth", "password": factories.PASSWORD, "next": "/admin/posts/post/add/"},
        follow=True,
    )
    assert signed_in.status_code == 200

    begun = form_of(signed_in, ident="post_form")
    write(client, begun=begun, title="Hello", body="A *first* word.")
    draft = Post.objects.get()
    client.logout()
    assert client.get(draft.get_absolute_url()).status_code == 404

    client.force_login(User.objects.get())
    write(client, draft, press="_publish")
    client.logout()
    page = client.get("/hello/")
    assert "A <em>first</em> word." in page.text
    assert "Hello" in client.get("/").text


def test_the_owner_is_an_administrator_who_may_do_everything(monkeypatch):
    create_owner(monkeypatch, factories.PASSWORD, email="ruth@example.com", name="ruth")
    owner = User.objects.get()
    assert owner.is_superuser
    assert list(owner.groups.all()) == [Group.objects.get(name="Administrator")]


@pytest.mark.parametrize(
    ("email", "name", "password"),
    [
        ("not an address", "ruth", factories.PASSWORD),
        ("ruth@example.com", "two words", factories.PASSWORD),
        ("ruth@example.com", "ruth", "short"),
        ("TAKEN@example.com", "ruth", factories.PASSWORD),
        ("ruth@example.com", "Taken", factories.PASSWORD),
    ],
)
def test_a_bad_answer_is_told_and_creates_nobody(monkeypatch, email, name, password):
    factories.user("taken")
    with pytest.raises(CommandError):
        create_owner(monkeypatch, password, email=email, name=name)
    assert User.objects.count() == 1
