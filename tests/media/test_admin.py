import re

import pytest
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from blogsite.media.models import Image
from blogsite.media.services import store_image
from blogsite.media.tasks import remove_files
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db

LIST = reverse("admin:media_image_changelist")
ADD = reverse("admin:media_image_add")
FOCUS = {"focal_x": "50", "focal_y": "50"}


def page_of(name: str, image: Image) -> str:
    return reverse(f"admin:media_image_{name}", args=[image.pk])


def stored(number: int = 0, **fields) -> Image:
    drawing = pictures.drawing((80 + number, 60))
    file = SimpleUploadedFile(f"pier-{number}.png", pictures.saved(drawing, "PNG"))
    return store_image(file, **{"by": None, "alt": "A pier", **fields})


def upload(client):
    return client.post(ADD, {"file": SimpleUploadedFile("pier.png", pictures.png())})


@pytest.fixture
def author(client):
    person = factories.user("amara", role="Author")
    client.force_login(person)
    return person


@pytest.fixture
def editor(client):
    person = factories.user("ines", role="Editor")
    client.force_login(person)
    return person


# -- uploading -----------------------------------------------------------------------------


def test_a_storage_that_is_away_is_told_in_words(client, author, monkeypatch):
    def away(*args: object) -> str:
        raise ConnectionError

    monkeypatch.setattr(FileSystemStorage, "_save", away)
    assert "The storage for uploads does not answer." in upload(client).text
    assert not Image.objects.exists()


def test_nothing_is_decoded_or_written_inside_a_transaction(client, author, monkeypatch):
    """Tests run in a transaction of their own; deeper than that the upload must not go."""
    depth = len(connection.savepoint_ids)
    seen = []
    save = FileSystemStorage._save

    def watched(*args):
        seen.append(len(connection.savepoint_ids))
        return save(*args)

    monkeypatch.setattr(FileSystemStorage, "_save", watched)
    upload(client)
    assert seen == [depth]


# -- the library ---------------------------------------------------------------------------


def test_the_page_of_a_picture_asks_little(client, editor, django_assert_max_num_queries):
    image = stored(by=editor)
    with django_assert_max_num_queries(12):
        page = client.get(page_of("change", image)).text
    # A click into the picture sets the focus.
    assert 'data-hint="Click what' in page
    assert re.search(r'<script src="[^"]*js/focus[^"]*" type="module"', page)
    assert "css/focus" in page


def test_the_list_shows_a_small_picture_in_its_own_shape(client, editor):
    wide = stored(by=editor, alt="")
    Image.objects.update(width=1600, height=800)
    row = client.get(LIST, {"view": "list"}).text
    assert re.search(rf'<img src="{wide.url}"[^>]* width="1600" height="800"[^>]* alt=""', row)


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("missing", ["pier-1.png"]),
        ("", ["pier-0.png", "pier-1.png", "pier-2.png"]),
    ],
)
def test_the_list_finds_what_lacks_a_description(client, editor, choice, names):
    stored(0)
    stored(1, alt="")
    stored(2, is_decorative=True)
    page = client.get(LIST, {"shelf": choice} if choice else {})
    shown = sorted(image.original_name for image in page.context["cl"].result_list)
    assert shown == names


@pytest.mark.parametrize("words", ["pier-0", "heron", "Tomasz"])
def test_the_list_is_searched_by_name_description_and_person(client, editor, words):
    found = stored(0, alt="A heron", by=factories.user("t", display_name="Tomasz Wrede"))
    stored(1)
    page = client.get(LIST, {"q": words})
    assert list(page.context["cl"].result_list) == [found]


def test_a_picture_is_found_while_choosing_a_cover(client, editor):
    image = stored(0, alt="A heron")
    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "posts", "model_name": "post", "field_name": "cover", "term": "heron"},
    )
    assert response.json()["results"] == [{"id": str(image.pk), "text": "pier-0.png"}]


def test_what_to_write_in_a_text_is_there_to_copy(client, editor):
    image = stored(by=editor, alt="A heron")
    page = client.get(page_of("change", image)).text
    assert f"<code>![A heron]({image.url})</code>" in page


def test_the_description_can_be_changed(client, editor):
    image = stored(by=editor)
    client.post(page_of("change", image), {"alt": "A better one", **FOCUS})
    image.refresh_from_db()
    assert image.alt == "A better one"


@pytest.mark.parametrize(
    "fields",
    [{"alt": "", **FOCUS}, {"alt": "x" * 501, **FOCUS}, {"alt": "x", **FOCUS, "focal_x": "101"}],
)
def test_a_change_that_cannot_be_is_refused(client, editor, fields):
    image = stored(by=editor)
    response = client.post(page_of("change", image), FOCUS | fields)
    assert response.status_code == 200
    image.refresh_from_db()
    assert (image.alt, image.focal_x) == ("A pier", 50)


def test_making_it_a_decoration_drops_the_description(client, editor):
    image = stored(by=editor)
    client.post(page_of("change", image), {"alt": "A pier", "is_decorative": "on", **FOCUS})
    image.refresh_from_db()
    assert (image.alt, image.is_decorative) == ("", True)


def test_bytes_and_name_cannot_be_changed(client, editor):
    image = stored(by=editor)
    client.post(
        page_of("change", image),
        {"alt": "x", **FOCUS, "name": "../../x", "sha256": "0" * 64, "mime": "text/html"},
    )
    before = (image.name, image.sha256, image.mime)
    image.refresh_from_db()
    assert (image.name, image.sha256, image.mime) == before


def test_a_picture_is_chosen_from_the_grid_of_a_window(client, editor):
    image = stored()
    page = client.get(LIST, {"_popup": "1", "_to_field": "id"}).text
    assert f'data-popup-opener="{image.pk}"' in page
    assert f'data-list="{LIST}?_popup=1"' in page
    assert 'class="tabs"' not in page
    assert "_selected_action" not in page
    assert "data-popup-opener" not in client.get(LIST).text


def test_what_cannot_be_made_smaller_says_so_and_how_to_mend_it(client, editor):
    image = stored()
    assert "smaller copies" not in client.get(LIST).text + client.get(page_of("change", image)).text
    Image.objects.update(variants=Image.TOO_LARGE)
    assert "no smaller copies" in client.get(LIST).text
    assert "Replace it with a JPEG" in client.get(page_of("change", image)).text


# -- who may -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Administrator"])
def test_everybody_who_writes_may_upload_and_look(client, role):
    client.force_login(factories.user(role=role))
    image = stored(by=factories.user())
    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == 200
    assert client.get(page_of("change", image)).status_code == 200


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_a_writer_changes_only_their_own(client, role):
    writer = factories.user(role=role)
    client.force_login(writer)
    own, other = stored(0, by=writer), stored(1, by=factories.user())
    for image in (own, other):
        client.post(page_of("change", image), {"alt": "Mine now", **FOCUS})
        image.refresh_from_db()
    assert (own.alt, other.alt) == ("Mine now", "A pier")
    assert client.post(page_of("delete", own), {"post": "yes"}).status_code == 403
    assert Image.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["Editor", "Administrator"])
def test_an_editor_changes_and_deletes_everybodys(client, role, media_root):
    client.force_login(factories.user(role=role))
    image = stored(by=factories.user())
    client.post(page_of("change", image), {"alt": "Edited", **FOCUS})
    image.refresh_from_db()
    assert image.alt == "Edited"
    client.post(page_of("delete", image), {"post": "yes"})
    assert not Image.objects.exists()
    remove_files.func()
    assert not (media_root / image.name).exists()


@pytest.mark.django_db(transaction=True)
def test_several_are_deleted_at_once_with_their_files(client, media_root):
    client.force_login(factories.user(role="Editor"))
    images = [stored(number) for number in range(3)]
    keys = [image.pk for image in images[:2]]
    client.post(LIST, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert list(Image.objects.all()) == images[2:]
    remove_files.func()
    assert [(media_root / image.name).exists() for image in images] == [False, False, True]


@pytest.mark.parametrize("who", ["moderator", "member", "nobody"])
def test_a_stranger_and_the_wrong_role_stay_outside(client, who):
    image = stored(alt="For insiders")
    if who != "nobody":
        client.force_login(factories.user(role="Moderator" if who == "moderator" else None))
    wanted = 403 if who == "moderator" else 302
    for address in (LIST, ADD, page_of("change", image), page_of("delete", image)):
        assert client.get(address).status_code == wanted
    # A form sent by somebody signed out comes back (403) below the sign-in; nothing else does.
    posted = {"alt": "Mine", "post": "yes", **FOCUS}
    answers = [
        upload(client),
        client.post(page_of("change", image), posted),
        client.post(page_of("delete", image), posted),
    ]
    assert {answer.status_code for answer in answers} <= {302, 403}
    assert not any(known in a.text for a in answers for known in (image.alt, image.name))
    assert list(Image.objects.values_list("pk", "alt")) == [(image.pk, image.alt)]


# -- the policy ----------------------------------------------------------------------------


def test_no_page_carries_a_style_or_script_of_its_own(client, editor):
    image = stored(by=editor)
    for address in (LIST, ADD, page_of("change", image), page_of("delete", image)):
        page = client.get(address).text
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
        assert "<style" not in page
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_a_description_cannot_become_markup(client, editor):
    stored(by=editor, alt='"><script>alert(1)</script>')
    image = Image.objects.get()
    for address in (LIST, page_of("change", image)):
        assert "<script>alert" not in client.get(address).text
