"""Uploads through the front door: the page for many files, and the address for scripts."""

import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from blogsite.media import leaving
from blogsite.media.models import File, Image, Leaving
from blogsite.media.on_disk import OnDisk
from blogsite.media.services import put_away
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db

ADD = reverse("admin:media_image_add")
UPLOAD = reverse("admin:media_upload")
JSON = {"Accept": "application/json"}


def content(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def named(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def author(client, people):
    client.force_login(people["Author"])
    return people["Author"]


# -- many at once, without script ----------------------------------------------------------


def test_each_of_many_files_has_its_own_outcome(client, author):
    files = [
        named("pier.jpg", pictures.jpeg()),
        named("cut.png", pictures.png()[:300]),
        named("empty.txt", b""),
        named("timetable.pdf", b"%PDF-1.7"),
    ]
    page = client.post(ADD, {"file": files})
    assert page.status_code == 200
    outcomes = {one.name: one.error for one in page.context["outcomes"]}
    assert outcomes["pier.jpg"] == outcomes["timetable.pdf"] == ""
    assert "damaged" in outcomes["cut.png"]
    assert "empty" in outcomes["empty.txt"]
    assert all(error in page.text for error in outcomes.values())
    assert (Image.objects.get().uploaded_by, File.objects.get().uploaded_by) == (author, author)
    # What the new picture shows is asked at once, in the same page.
    assert f'name="alt-{Image.objects.get().pk}"' in page.text


def test_a_form_without_files_says_so(client, author):
    assert "Choose at least one file." in client.post(ADD, {}).text


def test_somebody_elses_picture_sent_again_is_not_ours_to_describe(client, author, people):
    theirs = factories.image(people["Stranger"])
    Image.objects.update(alt="")
    page = client.post(ADD, {"file": named("x.jpg", content(theirs.name))})
    assert page.context["forms"] == []
    assert Image.objects.get().uploaded_by == people["Stranger"]
    put_away(Image.objects.all())
    for who, alt in (("Author", ""), ("Editor", "A pier")):
        client.force_login(people[who])
        client.post(UPLOAD, {"file": named("x.jpg", content(theirs.name)), "alt": "A pier"})
        image = Image.objects.get()
        # It comes back from where it was put away, whoever sends it: they need it.
        assert (image.alt, image.put_away_at) == (alt, None)


def test_more_files_than_go_at_once_are_told(client, author):
    page = client.post(ADD, {"file": [named(f"{n}.txt", b"x") for n in range(101)]})
    assert page.status_code == 400
    assert "More than 100 files" in page.text
    assert not File.objects.exists()


# -- the address for scripts ---------------------------------------------------------------


def test_a_script_hears_all_it_needs(client, author):
    answer = client.post(UPLOAD, {"file": named("Pier [1].png", pictures.png()), "alt": "A [b]"})
    assert answer.status_code == 201
    image = Image.objects.get()
    assert answer.json() == {
        "id": image.pk,
        "kind": "picture",
        "name": "Pier [1].png",
        "url": image.url,
        "markdown": rf"![A \[b\]]({image.url})",
        "type": "image/png",
        "bytes": image.bytes,
        "page": reverse("admin:media_image_change", args=[image.pk]),
        "alt": "A [b]",
        "is_decorative": False,
        "width": 80,
        "height": 60,
    }


def test_a_file_is_linked_not_shown(client, author):
    answer = client.post(UPLOAD, {"file": named("Notes.pdf", b"%PDF-1.7")}).json()
    assert (answer["kind"], answer["markdown"]) == ("file", f"[Notes.pdf]({answer['url']})")


def test_a_recording_is_played_by_the_text_that_has_it(client, author):
    answer = client.post(UPLOAD, {"file": named("tide.mp3", b"ID3\x04")}).json()
    player = f'<audio controls preload="metadata" src="{answer["url"]}"></audio>'
    assert answer["markdown"] == player
    assert player.replace("controls", 'controls=""') in factories.post(body=player).body_html
    film = client.post(UPLOAD, {"file": named("tide.mov", b"\0\0\0\x20ftypqt  ")}).json()
    assert film["markdown"].startswith("[tide.mov]")  # browsers are given it to save


def test_what_is_refused_says_why_to_scripts_too(client, author, settings):
    settings.MAX_UPLOAD_BYTES, settings.MAX_FILE_BYTES = 2**20, 2 * 2**20
    for name, data, status, code in (
        ("a.png", b"", 400, "empty"),
        ("a.png", pictures.png()[:300], 400, "damaged"),
        ("a.jpg", b"<svg xmlns='x'/>", 415, "no_picture"),
        ("a.heic", b"\0\0\0\x18ftypheic", 415, "no_picture"),
        ("a.gif", b"GIF89a" + bytes(2**20), 413, "too_large"),
        ("a.zip", bytes(2 * 2**20 + 1), 413, "too_large"),
    ):
        answer = client.post(UPLOAD, {"file": named(name, data)}, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["error"].endswith(".")
    assert not Image.objects.exists()
    assert not File.objects.exists()


def test_a_body_larger_than_anything_is_refused_unread(client, author, settings):
    settings.MAX_FILE_BYTES = 2**20
    answer = client.post(UPLOAD, {"file": named("a.zip", bytes(3 * 2**20))}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_no_file_and_no_post_are_told(client, author):
    assert client.post(UPLOAD, {}).json()["code"] == "no_file"
    assert client.get(UPLOAD).status_code == 405


def test_a_storage_that_is_away_answers_503(client, author, monkeypatch):
    def away(*args: object) -> str:
        raise ConnectionError

    monkeypatch.setattr(FileSystemStorage, "_save", away)
    answer = client.post(UPLOAD, {"file": named("a.png", pictures.png())})
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_away")


def test_strangers_and_wrong_roles_upload_nothing(people):
    for who, status in ((None, 401), ("Reader", 403), ("Moderator", 403), ("Contributor", 201)):
        client = Client()
        if who:
            client.force_login(people[who])
        answer = client.post(UPLOAD, {"file": named("a.png", pictures.png())})
        assert (answer.status_code, "json" in answer["Content-Type"]) == (status, True)
    assert Image.objects.get().uploaded_by == people["Contributor"]


def test_an_upload_without_the_pages_token_is_refused_as_json(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["Author"])
    answer = client.post(UPLOAD, {"file": named("a.png", pictures.png())})
    assert (answer.status_code, answer.json()["code"]) == (403, "token")
    client.get(ADD)
    token = client.cookies["csrf"].value
    answer = client.post(
        UPLOAD, {"file": named("a.png", pictures.png())}, headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 201


# -- hostile -------------------------------------------------------------------------------


def test_a_file_can_only_be_saved_and_never_runs(client, author):
    files = [
        ("page.mp3", b"<html><script>alert(1)</script>", "page.bin"),
        ("page.webm", b"MZ\x90\0", "page.bin"),
        ("song.mp3", b"ID3\x04<script>", "song.mp3"),
        ("film.mp4", b"\0\0\0\x20ftypisom", "film.mp4"),
        ("drawing.svg", b"<svg onload='alert(1)'/>", "drawing.svg"),
        ("page.html", b"<script>alert(1)</script>", "page.html"),
        ("page.png.html", b"<script>alert(1)</script>", "page-png.html"),
        ("both.pdf", b"%PDF-1.7 <html><script>alert(1)</script>", "both.pdf"),
        ("gnp.\u202eexe", b"MZ", "gnp.exe"),
        ("..\\..\\run.bat", b"@echo", "run.bat"),
        ("CON.zip", b"PK\3\4", "con-file.zip"),
        (".htaccess", b"Deny", "htaccess.bin"),
        ("640.zip", b"PK\3\4", "file.zip"),
        ("x" * 300 + ".zip", b"PK\3\4", "x" * 60 + ".zip"),
        ("🐙.🐙", b"?", "file.bin"),
    ]
    for number, (name, begin, kept) in enumerate(files):
        can_only_be_saved(client, name, begin + str(number).encode(), kept)


def can_only_be_saved(client, name: str, data: bytes, kept: str) -> None:
    answer = client.post(UPLOAD, {"file": named(name, data)})
    file = File.objects.get(pk=answer.json()["id"])
    assert file.name == f"{sha256(data).hexdigest()[:32]}/{kept}"
    assert file.original_name.isprintable()
    served = client.get(answer.json()["url"])
    is_played = kept.endswith((".mp3", ".mp4"))
    assert served["Content-Disposition"].startswith("inline" if is_played else "attachment")
    assert "html" not in served["Content-Type"]
    assert "svg" not in served["Content-Type"]
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert b"".join(served.streaming_content) == data


def test_a_picture_that_is_something_else_too_is_only_a_picture_then(client, author):
    for data in (pictures.jpeg(), pictures.gif()):
        for tail in (b"PK\3\4 archive", b"%PDF-1.7", b"<script>alert(1)</script>"):
            answer = client.post(UPLOAD, {"file": named("both.html", data + tail)})
            assert answer.json()["kind"] == "picture"
            served = client.get(answer.json()["url"])
            assert served["Content-Type"].startswith("image/")
            assert tail not in b"".join(served.streaming_content)


def test_a_program_that_begins_like_a_picture_is_refused(client, author):
    answer = client.post(UPLOAD, {"file": named("a.js", b"GIF89a=1;alert(1)//")})
    assert answer.json()["code"] == "damaged"


# -- many at the same time -----------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_four_in_parallel_lose_none(people):
    datas = [pictures.png((60 + number % 20, 40)) for number in range(24)]  # four come twice
    barrier = Barrier(8)

    def upload(number: int) -> str:
        try:
            client = Client()
            client.force_login(people["Author"])
            if number < 8:
                connection.close()  # a pool has fewer than there are threads here
                barrier.wait(10)
            sent = {"file": named(f"{number}-a.png", datas[number])}
            return client.post(UPLOAD, sent).json()["url"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        addresses = list(crowd.map(upload, range(24)))
    assert len(set(addresses)) == Image.objects.count() == 20
    assert addresses[:4] == addresses[20:]
    for image in Image.objects.all():
        assert sha256(content(image.name)).hexdigest() == image.sha256


@pytest.mark.django_db(transaction=True)
def test_what_is_uploaded_while_its_files_are_being_removed_is_there(monkeypatch, media_root):
    """The remover has looked, found nobody, and removes: then the upload waits and writes anew."""
    data, barrier = pictures.png(), Barrier(2)
    client = Client()
    client.force_login(factories.user(role="Author"))
    client.post(UPLOAD, {"file": named("a.png", data)})
    image = Image.objects.get()
    Image.objects.all().delete()
    Leaving.objects.create(folder=image.folder)
    names_in, delete = leaving.names_in, OnDisk.delete

    def keeping_nobody_waiting(folder: str) -> set[str]:
        assert not connection.in_atomic_block
        return names_in(folder)

    def slowly(storage: OnDisk, name: str) -> None:
        barrier.wait(10)  # the upload begins
        time.sleep(0.3)
        delete(storage, name)

    monkeypatch.setattr(leaving, "names_in", keeping_nobody_waiting)
    monkeypatch.setattr(OnDisk, "delete", slowly)

    def remove() -> None:
        try:
            leaving.remove_folders()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        removal = other.submit(remove)
        barrier.wait(10)
        answer = client.post(UPLOAD, {"file": named("a.png", data)})
        removal.result()
    assert answer.status_code == 201
    assert (media_root / Image.objects.get().name).exists()
    assert not Leaving.objects.exists()
