"""Every page the admin registers opens, within its number of queries, for one row and for many."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
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


#: What makes a row of each registered model.
EXAMPLES: dict[str, Callable[[User], Model]] = {
    "accounts.User": lambda owner: owner,
    "auth.Group": lambda owner: Group.objects.first(),
    "media.File": lambda owner: receive(ContentFile(b"%PDF-1.7", "times.pdf"), by=owner),
    "media.Image": lambda owner: store_image(
        ContentFile(pictures.jpeg(), "pier.jpg"), by=owner, alt="A pier"
    ),
    "posts.Post": lambda owner: factories.post(author=owner, tags=[factories.tag()], co_authors=[]),
    "posts.NotFound": lambda owner: NotFound.objects.create(path="/gone"),
    "posts.Redirect": lambda owner: Redirect.objects.create(path="/old", target="/new"),
    "posts.Series": lambda owner: factories.series(),
    "posts.Tag": lambda owner: factories.tag(),
    "site.SiteSettings": lambda owner: SiteSettings.objects.get(),
    "tasks.QueuedTask": lambda owner: QueuedTask.objects.get(
        pk=send_mail.enqueue("reader@example.com", {}).id
    ),
}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_pages_of_a_row_open_within_their_budget(client, owner, model):
    row = EXAMPLES[model._meta.label](owner)
    for page in ("change", "history"):
        assert queries_of(client, address(model, page, row.pk)) <= FORM_BUDGET, page


def test_list_of_posts_costs_the_same_for_one_and_for_ten(client, owner):
    def grow(number: int) -> int:
        for _n in range(number):
            together = [factories.user()]
            factories.post(author=factories.user(), tags=[factories.tag()], co_authors=together)
        return queries_of(client, "/admin/posts/post/")

    assert grow(1) == grow(9) <= LIST_BUDGET


def _request_of(person):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = person
    return request
