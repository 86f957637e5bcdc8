"""Who looks after people, and that nobody can make themselves more than they are."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def change(person) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def form_of(person, **typed):
    fields = {"email": person.email, "name": person.name, "slug": person.slug, "is_active": "on"}
    return fields | {"is_staff": "on", "display_name": "", "bio": ""} | typed


def test_an_administrator_renames_somebody_and_pages_follow(client, people):
    post = factories.post(author=people["Author"])
    client.force_login(people["Administrator"])
    answer = client.post(change(people["Author"]), form_of(people["Author"], display_name="Inès"))
    assert answer.status_code == 302
    client.logout()
    assert "Inès" in client.get(post.get_absolute_url()).text


def test_an_administrator_adds_somebody(client, people):
    client.force_login(people["Administrator"])
    typed = {"email": "new@example.com", "name": "new", "usable_password": "true"}
    typed |= {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    assert client.post("/admin/accounts/user/add/", typed).status_code == 302
    assert User.objects.get(name="new").check_password(factories.PASSWORD)


@pytest.mark.parametrize("role", ["Editor", "Author", "Contributor", "Moderator"])
def test_nobody_else_sees_peoples_addresses(client, people, role):
    client.force_login(people[role])
    for address in ("/admin/accounts/user/", change(people["Reader"])):
        answer = client.get(address)
        assert answer.status_code == 403
        assert people["Reader"].email not in answer.text


def test_an_administrator_cannot_make_superusers_or_touch_one(client, people):
    owner = factories.user("owner", is_staff=True, is_superuser=True)
    client.force_login(people["Administrator"])
    client.post(change(people["Author"]), form_of(people["Author"], is_superuser="on"))
    client.post(change(owner), form_of(owner, name="taken-over"))
    password = reverse("admin:auth_user_password_change", args=[owner.pk])
    typed = {
        "usable_password": "true",
        "password1": "a new long one",
        "password2": "a new long one",
    }
    assert client.post(password, typed).status_code == 403
    assert not User.objects.get(pk=people["Author"].pk).is_superuser
    owner.refresh_from_db()
    assert owner.name == "owner"
    assert owner.check_password(factories.PASSWORD)


def test_somebody_whose_posts_remain_is_not_deleted(client, people):
    factories.post(author=people["Author"])
    client.force_login(factories.user("owner", is_staff=True, is_superuser=True))
    client.post(change(people["Author"])[:-7] + "delete/", {"post": "yes"})
    assert User.objects.filter(pk=people["Author"].pk).exists()
