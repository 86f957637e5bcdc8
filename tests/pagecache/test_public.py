from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.views import View
from django.views.decorators.http import require_safe

from blogsite.pagecache import depends_on, personal_page, public_page


def test_mark_survives_other_decorators():
    @require_safe
    @public_page("site", "lists", query=("page",))
    def view(request):
        """Words."""

    assert view.public_page.names == {"site", "lists"}
    assert view.public_page.query == ("page",)
    assert (view.__name__, view.__doc__) == ("view", "Words.")


def test_class_can_be_a_public_page():
    class Page(View):
        def get(self, request):
            return HttpResponse("hello")

    view = public_page("site")(Page.as_view())
    assert view(RequestFactory().get("/")).content == b"hello"
    assert view(RequestFactory().post("/")).status_code == 405


def test_views_work_without_the_page_cache():
    request = RequestFactory().get("/")
    depends_on(request, "post:1")
    assert personal_page(request, lambda request, name: name, name="anna") == "anna"


def test_moment_without_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        depends_on(RequestFactory().get("/"), until=datetime(2026, 1, 1))  # noqa: DTZ001
