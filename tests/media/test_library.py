"""The library at the desk: shelves, descriptions of many, replacing, putting away, deleting."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blogsite.media import services
from blogsite.media.models import File, FormerName, Image
from blogsite.media.services import put_away, receive, replace_image
from blogsite.media.showing import facts, facts_in, name_in
from blogsite.media.signals import picture_changed
from blogsite.media.tasks import remove_files
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db

LIST = reverse("admin:media_image_changelist")
FILES = reverse("admin:media_file_changelist")
DESCRIBE = reverse("admin:media_image_describe")


def page_of(name: str, upload: Image | File) -> str:
    return reverse(f"admin:media_{upload._meta.model_name}_{name}", args=[upload.pk])


def other_picture(size: tuple[int, int] = (30, 30)) -> SimpleUploadedFile:
    return SimpleUploadedFile("new.png", pictures.png(size))


def pdf(by=None) -> File:
    return receive(SimpleUploadedFile("times.pdf", b"%PDF-1.7"), by=by)


@pytest.fixture
def author(client, people):
    client.force_login(people["Author"])
    return people["Author"]


@pytest.fixture
def editor(client, people):
    client.force_login(people["Editor"])
    return people["Editor"]


def shown(client, address: str = LIST, **query: str) -> list:
    return list(client.get(address, query).context["cl"].result_list)


# -- shelves -------------------------------------------------------------------------------


def test_shelves_and_filters_find_what_is_meant(client, editor):
    plain, heavy, away, used = (factories.image(editor) for _n in range(4))
    Image.objects.filter(pk=heavy.pk).update(bytes=1_200_000, mime="image/png", alt="")
    put_away(Image.objects.filter(pk=away.pk))
    factories.post(cover=used, author=editor)
    assert set(shown(client)) == {plain, heavy, used}
    assert shown(client, shelf="away") == [away]
    assert set(shown(client, shelf="unused")) == {plain, heavy}
    assert shown(client, shelf="missing") == [heavy]
    assert shown(client, weight="1") == [heavy]
    assert shown(client, weight="5") == []
    assert shown(client, type="image/png") == [heavy]
    assert set(shown(client, view="list")) == {plain, heavy, used}


def test_files_have_a_list_of_their_own(client, editor):
    file = pdf(editor)
    song = receive(SimpleUploadedFile("a.mp3", b"ID3"), by=editor)
    assert set(shown(client, FILES)) == {file, song}
    assert shown(client, FILES, type="application/pdf") == [file]
    assert shown(client, FILES, type="audio/") == [song]
    assert shown(client, FILES, type="other") == []
    assert f"[times.pdf]({file.url})" in client.get(page_of("change", file)).text


def test_a_tile_says_how_often_a_picture_is_used(client, editor):
    image = factories.image(editor)
    assert "not used" in client.get(LIST).text
    post = factories.post(body=f"![]({image.url})", cover=image, author=editor)
    assert "used once" in client.get(LIST).text
    post.body, post.cover = "gone", None
    factories.save_post(post, by=editor)
    assert "only in old versions" in client.get(LIST).text


def test_the_library_costs_the_same_for_few_and_for_many(client, editor):
    def queries(query: dict) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, query)
        return len(captured)

    def grow(count: int) -> list[int]:
        for _n in range(count):
            factories.post(cover=factories.image(editor), author=editor)
            factories.image(factories.user())
        asked = ({}, {"view": "list"}, {"shelf": "unused"}, {"q": "pier"})
        return [queries(query) for query in asked]

    few = grow(1)
    assert few == grow(5)
    assert max(few) <= 12


def test_a_picture_says_where_it_is_used(client, editor):
    image = factories.image(editor)
    post = factories.post("Tides", cover=image, author=editor)
    page = client.get(page_of("change", image)).text
    assert (
        f'<a href="{reverse("admin:posts_post_change", args=[post.pk])}">Tides (cover)</a>' in page
    )
    assert "versions of Tides (cover)" in page


# -- descriptions --------------------------------------------------------------------------


def test_many_are_described_in_one_go_and_nothing_is_lost(client, editor):
    one, two, three, four = (factories.image(editor) for _n in range(4))
    Image.objects.update(alt="")
    sent = {
        f"alt-{one.pk}": "A pier",
        f"alt-{two.pk}": "x" * 501,
        f"alt-{three.pk}": "",
        f"alt-{four.pk}": "typed",
        f"decorative-{four.pk}": "on",
    }
    page = client.post(DESCRIBE, sent)
    assert page.status_code == 400
    assert "x" * 501 in page.text  # what is too long comes back to be shortened
    assert "2 descriptions saved." in page.text
    assert dict(Image.objects.values_list("pk", "alt")) == {
        one.pk: "A pier", two.pk: "", three.pk: "", four.pk: ""
    }  # fmt: skip
    assert list(Image.objects.filter(is_decorative=True)) == [four]
    done = client.post(DESCRIBE, {f"alt-{two.pk}": "Short", "_list": "shelf=missing"})
    assert done["Location"] == f"{LIST}?shelf=missing"


def test_a_description_is_not_emptied_by_neglect(client, editor):
    image = factories.image(editor)
    assert client.post(DESCRIBE, {f"alt-{image.pk}": ""}).status_code == 400
    image.refresh_from_db()
    assert image.alt == "A pier"


def test_a_script_describes_one_and_hears_what_is_wrong(client, editor):
    image = factories.image(editor)
    json = {"Accept": "application/json"}
    done = client.post(DESCRIBE, {f"alt-{image.pk}": "A mole"}, headers=json)
    assert (done.status_code, done.json()) == (200, {"saved": [image.pk], "errors": {}})
    wrong = client.post(DESCRIBE, {f"alt-{image.pk}": "x" * 501}, headers=json)
    assert wrong.status_code == 400
    assert "500" in wrong.json()["errors"][str(image.pk)]


def test_chosen_pictures_are_described_on_a_page_of_their_own(client, editor):
    one, _other = factories.image(editor), factories.image(editor)
    sent = {"action": "describe_chosen", "_selected_action": [one.pk], "index": "0"}
    assert client.post(LIST, sent).context["forms"][0].instance == one


# -- replacing -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_replaced_picture_is_shown_wherever_the_old_one_was(client, people, media_root):
    editor = people["Editor"]
    client.force_login(editor)
    image, heard = factories.image(editor), []
    listener = lambda **news: heard.append((news["pk"], sorted(news["names"])))  # noqa: E731
    picture_changed.connect(listener)
    old_name, old_address = image.name, image.url
    answer = client.post(page_of("replace", image), {"file": other_picture()})
    picture_changed.disconnect(listener)
    assert answer["Location"] == page_of("change", image)
    row = Image.objects.get()
    assert (row.pk, row.width, row.height, row.alt) == (image.pk, 30, 30, "A pier")
    assert row.name != old_name
    assert heard == [(image.pk, sorted([old_name, row.name]))]
    assert facts_in(f"{old_address} {row.url}") == {old_name: facts(row), row.name: facts(row)}
    remove_files.func()
    assert not (media_root / old_name).exists()
    assert (media_root / row.name).exists()
    # The old address is not given to anybody else, also when its bytes come again.
    again = receive(SimpleUploadedFile("pier.jpg", pictures.jpeg(image_size(image))), by=None)
    assert facts_in(old_address) == {old_name: facts(row)}
    assert again.name != old_name


def image_size(image: Image) -> tuple[int, int]:
    return image.width, image.height


@pytest.mark.django_db(transaction=True)
def test_a_picture_can_be_replaced_and_replaced_back(media_root):
    image = factories.image(factories.user())
    first = image.name
    with default_storage.open(first) as file:
        data = file.read()
    second = replace_image(image, other_picture()).name
    third = replace_image(Image.objects.get(), SimpleUploadedFile("pier.jpg", data)).name
    assert third == first
    assert list(FormerName.objects.values_list("name", flat=True)) == [second]
    remove_files.func()
    assert (media_root / first).exists()
    assert not (media_root / second).exists()


def test_what_cannot_replace_says_why_and_changes_nothing(client, editor):
    image, known = factories.image(editor), factories.image(editor)
    with default_storage.open(known.name) as file:
        same = SimpleUploadedFile("same.jpg", file.read())
    for file, words in (
        (same, "is in the library already"),
        (SimpleUploadedFile("a.png", b"GIF8"), "damaged"),
        (SimpleUploadedFile("a.png", b""), "empty"),
    ):
        page = client.post(page_of("replace", image), {"file": file})
        assert page.status_code == 200
        assert words in page.text
    assert Image.objects.get(pk=image.pk).name == image.name


def test_the_address_of_a_replaced_picture_leads_to_the_new_one(client, editor, media_root):
    image = factories.image(editor)
    old = image.url
    row = replace_image(image, other_picture())
    remove_files.func()
    answer = client.get(old)
    assert answer["Location"] == row.url
    assert answer.status_code == 302
    small = old.replace("pier.jpg", "640.avif")
    assert client.get(small)["Location"] == row.url
    row.variants = {"avif": [640]}
    row.save()
    assert client.get(small)["Location"] == row.url.replace("new.png", "640.avif")


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_while_it_is_being_replaced_is_told_and_leaves_no_file(
    client, editor, media_root, monkeypatch
):
    image = factories.image(editor)
    write = services._write

    def deleted_then(name: str, content: object) -> None:
        Image.objects.all().delete()
        write(name, content)

    monkeypatch.setattr(services, "_write", deleted_then)
    page = client.post(page_of("replace", image), {"file": other_picture()})
    assert "Somebody has just deleted" in page.text
    remove_files.func()
    assert [path for path in media_root.rglob("*.png") if path.is_file()] == []


def test_addresses_of_others_are_nobodys_picture():
    image = factories.image(factories.user())
    foreign = [f"https://example.com{image.url}", f"//example.com{image.url}", "x", "/media/"]
    assert [name_in(address) for address in foreign] == [None] * 4
    assert name_in(f"/blog{image.url}#top") == name_in(image.url) == image.name


# -- putting away, deleting ----------------------------------------------------------------


def shelving(client, upload):
    """Where the button below the form leads, and what it sends."""
    form = client.get(page_of("change", upload)).text.partition('<form class="shelve"')[2]
    fields = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form)
    return re.search(r'action="([^"]+)"', form)[1], dict(fields)


def test_one_is_put_away_and_taken_back(client, author):
    image = factories.image(author)
    client.post(*shelving(client, image))
    assert shown(client) == []
    assert shown(client, shelf="away") == [image]
    assert client.head(image.url).status_code == 200
    client.post(*shelving(client, image))
    assert shown(client) == [image]


def test_all_of_a_list_are_put_away_without_choosing_each(client, editor):
    for _n in range(3):
        factories.image(editor)
    sent = {
        "action": "put_away_chosen",
        "select_across": "1",
        "_selected_action": "0",
        "index": "0",
    }
    page = client.post(f"{LIST}?shelf=unused", sent, follow=True)
    assert "3 put away." in page.text
    assert Image.objects.exclude(put_away_at=None).count() == 3
    sent = {
        "action": "take_back_chosen",
        "select_across": "1",
        "_selected_action": "0",
        "index": "0",
    }
    client.post(f"{LIST}?shelf=away", sent)
    assert Image.objects.filter(put_away_at=None).count() == 3


def test_what_is_put_away_is_offered_to_no_form(client, editor):
    put_away(Image.objects.filter(pk=factories.image(editor).pk))
    query = {"app_label": "posts", "model_name": "post", "field_name": "cover", "term": "pier"}
    assert client.get(reverse("admin:autocomplete"), query).json()["results"] == []


@pytest.mark.parametrize("how", ["one", "many"])
def test_deleting_what_is_used_says_where_and_asks_first(client, editor, how):
    image = factories.image(editor)
    factories.post("Tides", cover=image, author=editor)
    many = {"action": "delete_selected", "_selected_action": [image.pk], "index": "0"}
    address = page_of("delete", image) if how == "one" else LIST
    asked = client.get(address) if how == "one" else client.post(address, many)
    assert "a gap will be seen in" in asked.text
    assert "Tides (cover)" in asked.text
    assert Image.objects.exists()
    client.post(address, {"post": "yes"} if how == "one" else many | {"post": "yes"})
    assert not Image.objects.exists()


# -- who may -------------------------------------------------------------------------------


def everything(upload: Image | File) -> list[tuple[str, dict]]:
    sides = [("change", {"title": "Mine", "alt": "Mine"}), ("delete", {"post": "yes"})]
    if isinstance(upload, Image):
        sides.append(("replace", {"file": other_picture()}))
    return [(page_of(side, upload), sent) for side, sent in sides]


@pytest.mark.parametrize("who", ["Stranger", "Contributor", "Moderator", "Reader", None])
def test_what_is_not_ones_own_stays_as_it_is_from_every_side(client, people, who):
    if who:
        client.force_login(people[who])
    for theirs, listing in (
        (factories.image(people["Author"]), LIST),
        (pdf(people["Author"]), FILES),
    ):
        stays_as_it_is(client, theirs, listing)


def stays_as_it_is(client, theirs: Image | File, listing: str) -> None:
    kind = type(theirs)
    before = kind.objects.values().get()
    for address, sent in everything(theirs):
        assert client.post(address, sent).status_code in (302, 403), address
    for action in ("put_away_chosen", "take_back_chosen", "describe_chosen", "delete_selected"):
        sent = {"action": action, "_selected_action": [theirs.pk], "index": "0", "post": "yes"}
        answer = client.post(listing, sent)
        assert "alt-" not in answer.text
    client.post(DESCRIBE, {f"alt-{theirs.pk}": "Mine now"})
    assert kind.objects.values().get() == before


def test_an_editor_may_do_everything_with_everybodys(client, people, editor):
    theirs = factories.image(people["Author"])
    client.post(*shelving(client, theirs))
    assert Image.objects.get().put_away_at
    client.post(DESCRIBE, {f"alt-{theirs.pk}": "Edited"})
    client.post(page_of("replace", theirs), {"file": other_picture()})
    row = Image.objects.get()
    assert (row.alt, row.width) == ("Edited", 30)
    assert row.put_away_at <= timezone.now()
    client.post(page_of("delete", row), {"post": "yes"})
    assert not Image.objects.exists()
