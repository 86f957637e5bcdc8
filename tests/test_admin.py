"""Every page the admin registers opens, within its number of queries, for one row and for many."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from blogsite.media.services import receive, store_image
from blogsite.site.models import SiteSettings
from blogsite.tasks.mail import send_mail
from blogsite.tasks.models import QueuedTask
from posts.models import NotFound, Redirect
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
LIST_BUDGET = 12
FORM_BUDGET = 20


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(url)
    assert answer.status_code in (200, 302), url
    return len(captured)


@pytest.fixture
def owner(client):
    person = factories.user("owner", is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_list_opens_within_its_budget(client, owner, model):
    assert queries_of(client, address(model, "changelist")) <= LIST_BUDGET


def test_a_list_without_tabs_offers_its_filters(client, owner):
    factories.user(role="Author")
    assert "is_staff__exact=1" in client.get(address(User, "changelist")).text


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_list_searches_for_anything(client, owner, model):
    for words in ("tide", "' OR 1=1 --", "%", "é" * 300):
        assert client.get(address(model, "changelist"), {"q": words}).status_code in (200, 302)
    assert client.get(address(model, "changelist"), {"q": "\x00"}).status_code == 400


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_form_to_add_opens_or_is_refused(client, owner, model):
    may_add = admin.site._registry[model].has_add_permission(_request_of(owner))
    assert client.get(address(model, "add")).status_code == (200 if may_add else 403)


def examples(owner) -> dict:
    """One row of each registered model."""
    task = send_mail.enqueue("reader@example.com", {})
    return {
        "accounts.User": owner,
        "auth.Group": Group.objects.first(),
        "media.File": receive(ContentFile(b"%PDF-1.7", "times.pdf"), by=owner),
        "media.Image": store_image(
            ContentFile(pictures.jpeg(), "pier.jpg"), by=owner, alt="A pier"
        ),
        "posts.Post": factories.post(author=owner, tags=[factories.tag()], co_authors=[]),
        "posts.NotFound": NotFound.objects.create(path="/gone"),
        "posts.Redirect": Redirect.objects.create(path="/old", target="/new"),
        "posts.Series": factories.series(),
        "posts.Tag": factories.tag(),
        "site.SiteSettings": SiteSettings.objects.get(),
        "tasks.QueuedTask": QueuedTask.objects.get(pk=task.id),
    }


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("page", ["change", "history"])
def test_page_of_a_row_opens_within_its_budget(client, owner, model, page):
    row = examples(owner)[model._meta.label]
    assert queries_of(client, address(model, page, row.pk)) <= FORM_BUDGET


def test_list_of_posts_costs_the_same_for_one_and_for_thirty(client, owner):
    def grow(number: int) -> int:
        for _n in range(number):
            together = [factories.user()]
            factories.post(author=factories.user(), tags=[factories.tag()], co_authors=together)
        return queries_of(client, "/admin/posts/post/")

    assert grow(1) == grow(29) <= LIST_BUDGET


def _request_of(person):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = person
    return request
