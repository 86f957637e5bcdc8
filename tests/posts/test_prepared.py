"""A question put into SQL once gives what it gives when Django writes it each time."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from blogsite.prepared import Prepared
from posts.models import Post
from tests import factories

pytestmark = pytest.mark.django_db


def _question(size, now, slug, most):
    rows = Post.objects.listed(now).exclude(slug=slug).filter(word_count__lte=most)
    return rows.select_related("author").prefetch_related("tags")[:size]


def test_prepared_asks_the_same_with_other_values(django_assert_num_queries):
    tag = factories.tag()
    for number in range(4):
        factories.post(f"Post {number}", tags=[tag], body="word " * (number + 1))
    early, now = timezone.now() - timedelta(days=1), timezone.now()
    question = Prepared(_question)
    for size, moment, slug, most in [
        (9, now, "post-1", 9),
        (9, now, "post-2", 3),
        (1, now, "", 9),
        (9, early, "", 9),
        (9, now, "%s'\"", 9),
    ]:
        values = {"now": moment, "slug": slug, "most": most}
        expected = list(_question(size, **values))
        with django_assert_num_queries(2 if expected else 1):
            found = question.ask(size, **values)
            assert [(p.pk, p.author, list(p.tags.all())) for p in found] == [
                (p.pk, p.author, [tag]) for p in expected
            ]


@pytest.mark.django_db(transaction=True)
def test_prepared_asks_on_the_connection_of_its_thread():
    factories.post()
    question = Prepared(lambda now: Post.objects.listed(now).values_list("pk", flat=True))
    expected = question.ask(now=timezone.now())
    found = []

    def ask() -> None:
        found.append(question.ask(now=timezone.now()))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [expected]
