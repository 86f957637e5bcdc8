from unittest.mock import Mock

import pytest
from django.urls import reverse

from accounts import backends
from accounts.forms import TRIES_PER_ACCOUNT
from blogsite import limits
from tests import factories

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


@pytest.fixture
def ines():
    return factories.user("Ines", role="Author", email="Ines@Example.com")


def sign_in(client, username: str, password: str = factories.PASSWORD):
    return client.post(LOGIN, {"username": username, "password": password, "next": "/admin/"})


@pytest.mark.parametrize("given", ["ines@example.com", "INES@example.COM", "Ines", "ines"])
def test_either_name_signs_in_whatever_the_capitals(client, ines, given):
    assert sign_in(client, given).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("given", ["nobody", "nobody@example.com", "", " ", "ines\x00"])
def test_a_stranger_stays_outside(client, ines, given):
    assert sign_in(client, given).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_wrong_password_stays_outside(client, ines):
    answer = sign_in(client, "ines", "wrong")
    assert "do not belong together" in answer.text
    assert client.get(reverse("admin:index")).status_code == 302


def test_somebody_switched_off_stays_outside(client, ines):
    ines.is_active = False
    ines.save()
    assert sign_in(client, "ines").status_code == 200


def test_a_reader_without_a_desk_stays_outside(client):
    factories.user("reader")
    sign_in(client, "reader")
    assert client.get(reverse("admin:index")).status_code == 302


def test_too_many_tries_are_refused_before_the_password_is_looked_at(client, ines):
    for _n in range(TRIES_PER_ACCOUNT):
        assert sign_in(client, "ines", "wrong").status_code == 200
    answer = sign_in(client, "ines")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "10 minutes" in answer.text
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("other", ["", "ınes"])
def test_tries_are_kept_by_an_empty_password_and_by_a_letter_that_is_the_same(client, ines, other):
    """PostgreSQL finds Ines by either I."""
    for _n in range(TRIES_PER_ACCOUNT - 1):
        sign_in(client, "ines", "wrong")
    sign_in(client, "ines", "")
    assert sign_in(client, other or "ines", "wrong").status_code == 429


def test_a_success_goes_on_while_the_counters_cannot_forget(client, ines, monkeypatch):
    monkeypatch.setattr(limits, "forget", Mock(side_effect=limits.Unavailable))
    assert sign_in(client, "ines").status_code == 302


def test_a_success_forgets_the_tries_before_it(client, ines):
    for _n in range(TRIES_PER_ACCOUNT - 1):
        sign_in(client, "ines", "wrong")
    assert sign_in(client, "ines").status_code == 302
    client.logout()
    assert sign_in(client, "ines", "wrong").status_code == 200


def test_the_sample_owner_is_refused_outside_development(client, settings):
    factories.user("owner", role="Administrator", email="owner@example.org")
    settings.ENV = "production"
    assert sign_in(client, "owner@example.org").status_code == 200
    settings.ENV = "development"
    assert sign_in(client, "owner@example.org").status_code == 302
    settings.ENV = "staging"
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_crowd_waits_a_second_and_is_then_told(client, ines):
    held = [backends._hashing.acquire() for _n in range(2)]
    try:
        answer = sign_in(client, "ines")
    finally:
        for _one in held:
            backends._hashing.release()
    assert answer.status_code == 429
    assert "Many people are signing in" in answer.text
    assert 'value="ines"' in answer.text
    assert sign_in(client, "ines").status_code == 302


def test_without_the_counters_nobody_signs_in_and_is_told_why(client, ines, monkeypatch):
    def away(*args, **kwargs):
        raise limits.Unavailable

    monkeypatch.setattr(limits, "hit", away)
    answer = sign_in(client, "ines")
    assert answer.status_code == 429
    assert "Reading goes on" in answer.text
