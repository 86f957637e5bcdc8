import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_e_mail_and_name_are_unique_whatever_the_capitals():
    factories.user("ines")
    for clash in (
        {"name": "INES", "email": "other@example.com"},
        {"name": "other", "email": "INES@example.com"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(**clash)


def test_slug_is_made_from_the_display_name_and_stays_unique():
    first = factories.user("ines", display_name="Inès Halvorsen")
    second = factories.user("ines2", display_name="Ines Halvorsen")
    assert (first.slug, second.slug) == ("ines-halvorsen", "ines-halvorsen-2")


def test_the_bio_is_shown_as_html_that_cannot_hurt():
    ines = factories.user("ines", bio="Writes about *tides*. <script>alert(1)</script>")
    assert "<em>tides</em>" in ines.bio_html
    assert "<script" not in ines.bio_html


def test_signing_in_takes_nothing_back(client):
    ines = factories.user("ines")
    client.force_login(ines)
    changed = User.objects.get(pk=ines.pk)
    changed.slug, changed.bio = "ferreira", "New"
    changed.save()
    client.force_login(ines)  # as it was read before the change
    ines.refresh_from_db()
    assert (ines.slug, ines.bio_html) == ("ferreira", "<p>New</p>\n")


def test_a_bio_that_cannot_be_rendered_is_told_at_its_field():
    ines = factories.user("ines")
    ines.bio = "word " * 10_000
    with pytest.raises(ValidationError) as told:
        ines.full_clean()
    assert list(told.value.message_dict) == ["bio"]


@pytest.mark.parametrize("name", ["two words", "a@b", "-dash", "_line", "", "x" * 41])
def test_a_public_name_is_one_plain_word(name):
    with pytest.raises(ValidationError):
        User(email="x@example.com", name=name).full_clean(exclude=["password"])
