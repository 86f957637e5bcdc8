"""What time makes due: told once, whichever process looks first; the trash empties itself."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from blogsite.site.checklist import Check
from blogsite.tasks.worker import drain
from posts.content import content_of
from posts.models import Autosave, Post, PreviewLink, Tag
from posts.services import steps
from posts.services.saving import publish, save_draft
from posts.tasks import announce_due, empty_trash
from tests import factories
from tests.writing import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(settings):
    """Everything queued, really sent, to Django's outbox instead of a server."""
    settings.EMAIL_BACKEND = "blogsite.tasks.mail.QueuedMail"
    settings.BLOG_MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    def sent() -> dict[str, mail.EmailMessage]:
        mail.outbox = []
        drain()
        return {one.to[0]: one for one in mail.outbox}

    return sent


def test_handing_in_tells_the_editors(client, people, mails):
    client.force_login(people["Contributor"])
    write(client, press="_review", title="My <first> text", word="Too long?")
    sent = mails()
    assert set(sent) == {"ruth@example.com", "amara@example.com"}
    told = sent["amara@example.com"]
    assert told.subject == "jun asks for review: My <first> text"
    assert "Too long?" in told.body
    assert f"/admin/posts/post/{Post.objects.get().pk}/change/" in told.body


def test_sending_back_tells_the_authors(people, mails, settings):
    settings.CANONICAL_HOST = "blog.example"
    post = factories.draft(author=people["Contributor"], co_authors=[people["Author"]])
    post = steps.hand_in(post, by=people["Contributor"])
    mails()
    steps.send_back(post, by=people["Editor"], note="Shorter.")
    sent = mails()
    assert set(sent) == {"jun@example.com", "ines@example.com"}
    assert "Shorter." in sent["jun@example.com"].body
    assert "://blog.example/admin/" in sent["jun@example.com"].body


def test_a_post_that_somebody_else_published_is_told_once(people, mails):
    post = factories.draft("Out now", author=people["Contributor"])
    publish(post, content=content_of(post), by=people["Editor"])
    assert announce_due.call() == 1
    assert announce_due.call() == 0
    sent = mails()
    assert set(sent) == {"jun@example.com"}
    assert "It is out: Out now" in sent["jun@example.com"].subject


def test_who_presses_the_button_knows_already(people, mails):
    post = factories.draft(author=people["Author"])
    publish(post, content=content_of(post), by=people["Author"])
    assert announce_due.call() == 1
    assert mails() == {}


def test_a_scheduled_post_is_told_when_its_time_has_come(people, mails, time_machine):
    post = factories.draft(author=people["Author"])
    out = timezone.now() + timedelta(hours=1)
    publish(post, content=content_of(post), by=people["Author"], live={"published_at": out})
    assert announce_due.call() == 0
    time_machine.move_to(out + timedelta(seconds=1))
    assert announce_due.call() == 1
    assert set(mails()) == {"ines@example.com"}


def test_what_is_brought_along_is_no_news(people):
    factories.post(author=people["Author"])
    assert announce_due.call() == 0


def test_an_update_is_not_told_again(people, mails):
    post = factories.post(author=people["Author"])
    publish(post, content=content_of(post) | {"body": "New."}, by=people["Editor"])
    assert announce_due.call() == 0


def test_links_to_a_post_whose_time_is_over_are_looked_at(people, time_machine):
    author, end = people["Author"], timezone.now() + timedelta(days=2)
    post = factories.post("Brief", author=author)
    linking = factories.post("Linking", body=f"[it]({post.get_absolute_url()})", author=author)
    publish(post, by=author, live={"expires_at": end})
    drain()
    before = Post.objects.get(pk=linking.pk).problems
    time_machine.move_to(end + timedelta(seconds=1))
    drain()
    after = Post.objects.get(pk=linking.pk).problems
    assert {*after.split()} - {*before.split()} == {Check.INSIDE}


@pytest.mark.django_db(transaction=True)
def test_many_processes_that_look_at_once_tell_once():
    author = factories.user("ines")
    post = factories.draft(author=author)
    publish(post, content=content_of(post), by=None)
    told: list[int] = []
    gate = threading.Barrier(4)

    def look():
        gate.wait()
        try:
            told.append(announce_due.call())
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(told) == 1


def test_the_trash_empties_after_thirty_days(people, time_machine):
    time_machine.move_to(timezone.now())
    old = steps.trash(factories.draft("Old", author=people["Author"]), by=None)
    time_machine.shift(timedelta(days=20))
    young = steps.trash(factories.draft("Young", author=people["Author"]), by=None)
    back = steps.trash(factories.draft("Back", author=people["Author"]), by=None)
    time_machine.shift(timedelta(days=11))
    steps.restore(back, by=None)
    assert empty_trash.call() == 1
    assert set(Post.objects.values_list("pk", flat=True)) == {young.pk, back.pk}
    assert not Post.objects.filter(pk=old.pk).exists()


def test_ended_links_and_forgotten_text_go_too(people, time_machine):
    post = factories.draft(author=people["Author"])
    time_machine.move_to(timezone.now())
    soon = timezone.now() + timedelta(days=1)
    PreviewLink.objects.create(
        post=post, secret_hash="x", created_by=people["Author"], expires_at=soon
    )
    Autosave.objects.create(user=people["Author"], content={})
    Autosave.objects.create(user=people["Author"], post=post, content={})
    empty_trash.call()
    assert PreviewLink.objects.count() == 1
    time_machine.shift(timedelta(days=200))
    empty_trash.call()
    assert not PreviewLink.objects.exists()
    assert list(Autosave.objects.values_list("post", flat=True)) == [post.pk]


def test_links_are_looked_at_again_when_their_target_comes_or_goes(people):
    target = factories.draft("The pier", author=people["Author"])
    linking = factories.post(author=people["Author"], body="See [the pier](/the-pier/).")
    assert " inside " in Post.objects.get(pk=linking.pk).problems
    target = publish(target, content=content_of(target), by=None)
    drain()
    assert " inside " not in Post.objects.get(pk=linking.pk).problems
    steps.archive(target, by=None)
    drain()
    assert " inside " in Post.objects.get(pk=linking.pk).problems


def test_links_to_a_topic_are_looked_at_again_when_it_comes_or_goes(client, people):
    linking = factories.post(author=people["Author"], body="All [about boats](/tags/boats/).")
    assert " inside " in Post.objects.get(pk=linking.pk).problems
    client.force_login(people["Editor"])
    client.post("/admin/posts/tag/add/", {"name": "Boats", "slug": "", "description": ""})
    drain()
    assert " inside " not in Post.objects.get(pk=linking.pk).problems
    client.post(f"/admin/posts/tag/{Tag.objects.get().pk}/delete/", {"post": "yes"})
    drain()
    assert " inside " in Post.objects.get(pk=linking.pk).problems


def test_links_in_a_draft_are_looked_at_again_and_a_redirect_mends_them(client, people):
    target = factories.post("Über", author=people["Author"])
    linking = factories.post(author=people["Author"])
    save_draft(linking, content=content_of(linking) | {"body": "[a](/%C3%BCber/)"}, by=None)
    Post.objects.filter(pk=target.pk).update(slug="über")
    steps.archive(Post.objects.get(pk=target.pk), by=None)
    drain()
    assert " inside " in Post.objects.get(pk=linking.pk).problems
    client.force_login(people["Administrator"])
    client.post("/admin/posts/redirect/add/", {"path": "/über/", "to": "/"})
    drain()
    assert " inside " not in Post.objects.get(pk=linking.pk).problems
