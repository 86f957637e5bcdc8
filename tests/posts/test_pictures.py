"""Pictures of the library in posts: as they are now, whenever they change."""

import pytest
from django.core.files.base import ContentFile

from blogsite.media.models import Image
from blogsite.media.services import replace_image, store_image
from blogsite.media.variants import make_variants_of
from blogsite.pagecache.models import PageStamp
from blogsite.tasks.worker import drain
from posts import picture_news
from posts.models import Post, Version
from posts.rendering import forget, rendered
from posts.services.previews import as_it_will_be
from posts.services.saving import publish
from tests import factories
from tests.media.test_variants import photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    return store_image(ContentFile(photograph((800, 80)), "pier.jpg"), by=None, alt="A pier")


@pytest.fixture
def work(django_capture_on_commit_callbacks):
    """Run what is queued, and what that tells of; which pages are made anew."""

    def run() -> set[str]:
        for _round in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                drain()
        return set(PageStamp.objects.values_list("key", flat=True))

    return run


def test_a_saved_text_knows_the_size_of_its_pictures(image):
    post = factories.post(body=f"![A pier]({image.url})")
    assert 'width="800" height="80"' in post.body_html
    assert "srcset" not in post.body_html


def test_when_copies_are_made_the_text_shows_them_and_its_history_stays(image, work):
    post = factories.post(body=f"![A pier]({image.url})")
    factories.post(body="No pictures.")
    versions, edited = Version.objects.count(), post.edited_at
    assert work() == {f"post:{post.pk}", "lists"}
    post.refresh_from_db()
    assert f"/media/{image.folder}/640.avif 640w" in post.body_html
    assert (Version.objects.count(), post.edited_at) == (versions, edited)


def test_where_nothing_looks_different_no_page_is_made_anew(image, work):
    factories.post(body=f"The file `{image.url}` is not shown.")
    assert work() == set()


def test_covers_and_their_lists_follow(image, client, work):
    post = factories.post(cover=image)
    assert f"{image.folder}/640.avif" not in client.get("/").content.decode()
    assert work() == {f"post:{post.pk}", "lists"}
    for page in ("/", post.get_absolute_url()):
        assert f"{image.folder}/640.avif 640w" in client.get(page).content.decode()


def test_a_replaced_picture_appears_under_the_old_address(image, work):
    post = factories.post(body=f"![A pier]({image.url})")
    old = image.folder
    new = replace_image(image, ContentFile(photograph((900, 90)), "new.jpg"))
    work()
    post.refresh_from_db()
    assert old not in post.body_html
    assert f"/media/{new.folder}/640.avif" in post.body_html
    assert old in post.body


def test_a_deleted_picture_is_no_longer_known(image):
    post = factories.post(body=f"![A pier]({image.url})")
    Image.objects.all().delete()
    picture_news.show_anew.call(image.pk, [image.name])
    post.refresh_from_db()
    assert "width" not in post.body_html


def test_what_is_remembered_of_a_text_does_not_outlive_the_picture(image):
    text = (f"![A pier]({image.url})", "en", False, True)
    assert "srcset" not in rendered(*text).html
    make_variants_of(image.name)
    assert "srcset" in rendered(*text).html


def test_previews_show_it_as_readers_will(image):
    post = factories.post(body="Nothing yet.")
    make_variants_of(image.name)
    version = Version(post=post, content={"body": f"![A pier]({image.url})"})
    shown, _refusal = as_it_will_be(version)
    assert "640.avif" in shown.body_html


def test_a_save_asks_once_however_many_pictures_there_are(
    image, people, django_assert_max_num_queries
):
    def queries(body: str) -> int:
        post = factories.draft(author=people["Author"])
        content = {"title": "Pier", "body": body}
        forget()
        with django_assert_max_num_queries(60) as asked:
            publish(post, content=_content(post) | content, by=people["Author"])
        return sum('FROM "media_image"' in query["sql"] for query in asked.captured_queries)

    second = store_image(ContentFile(photograph((700, 80)), "b.jpg"), by=None)
    none, one = queries("Words."), queries(f"![a]({image.url})")
    two = queries(f"![a]({image.url})\n\n![b]({second.url})")
    # The other question is the check list's, which looks how heavy they are.
    assert (none, one, two) == (0, 2, 2)


def _content(post: Post) -> dict:
    newest = post.newest_version()
    assert newest
    return dict(newest.content)
