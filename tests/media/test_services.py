from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from blogsite.media.models import Image
from blogsite.media.services import StorageAway, delete_uploads, save_images, store_image
from blogsite.media.tasks import remove_files
from blogsite.pagecache.models import PageStamp
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db


def upload(name: str = "Chalk mark.PNG", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.png() if data is None else data)


def stored_files(media_root) -> list[str]:
    return sorted(
        str(path.relative_to(media_root)) for path in media_root.rglob("*") if path.is_file()
    )


def test_a_picture_is_stored_under_its_hash_with_a_plain_name(media_root):
    ines = factories.user("ines")
    image = store_image(upload(), by=ines, alt="A chalk mark on the wall.")
    data = (media_root / image.name).read_bytes()
    assert image.sha256 == sha256(data).hexdigest()
    assert image.name == f"{image.sha256[:32]}/chalk-mark.png"
    assert stored_files(media_root) == [image.name]
    assert (image.original_name, image.alt) == ("Chalk mark.PNG", "A chalk mark on the wall.")
    assert (image.mime, image.bytes) == ("image/png", len(data))
    assert (image.width, image.height, len(image.colour)) == (80, 60, 7)
    assert image.uploaded_by == ines


def test_the_name_follows_the_content_not_the_label():
    image = store_image(upload("page.html", pictures.jpeg()), by=None)
    assert (image.mime, image.name.rpartition("/")[2]) == ("image/jpeg", "page.jpg")


def test_no_name_can_lead_elsewhere(media_root):
    names = [
        ("../../etc/passwd", "passwd.png"),
        ("..", "picture.png"),
        (".htaccess", "htaccess.png"),
        ("a/b\\c d.png", "c-d.png"),
        ("C:\\temp\\..\\pier.png", "pier.png"),
        ("CON.png", "con-picture.png"),
        ("lpt1.x.png", "lpt1-x.png"),
        ("pi\0er.png", "pier.png"),
        ("🐙.png", "picture.png"),
        ("640.png", "picture.png"),
        ("Ünïcödé Straße.png", "unicode-strasse.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("x" * 300 + ".png", "x" * 60 + ".png"),
        ("", "picture.png"),
    ]
    for number, (given, kept) in enumerate(names):
        file = BytesIO(pictures.png((20 + number, 10)))
        file.name = given
        image = store_image(file, by=None)
        assert image.name == f"{image.sha256[:32]}/{kept}"
        assert len(image.original_name) <= 200
    assert stored_files(media_root) == sorted(Image.objects.values_list("name", flat=True))


def test_a_file_without_any_name_is_taken_too():
    assert store_image(BytesIO(pictures.gif()), by=None).original_name == "picture.gif"


def test_the_same_picture_is_stored_once(media_root):
    first = store_image(upload("one.png"), by=factories.user(), alt="First")
    second = store_image(upload("two.png"), by=factories.user(), alt="Second")
    assert second == first
    assert second.alt == "First"
    assert stored_files(media_root) == [first.name]


def test_the_same_picture_with_other_notes_is_the_same_picture():
    clean = pictures.saved(pictures.drawing(), "PNG", icc_profile=pictures.profile())
    assert store_image(upload(data=clean), by=None) == store_image(upload(), by=None)


def test_a_second_upload_gives_the_description_the_first_did_not():
    first = store_image(upload(), by=None)
    store_image(upload(), by=None, alt="At last")
    first.refresh_from_db()
    assert first.alt == "At last"


def test_a_decoration_has_no_description():
    image = store_image(upload(), by=None, alt="Wavy line", is_decorative=True)
    assert (image.alt, image.is_decorative) == ("", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.filter(pk=image.pk).update(alt="Wavy line")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_store_one_picture(media_root):
    barrier = Barrier(4)

    def store(number: int) -> int:
        try:
            barrier.wait(10)
            return store_image(upload(f"{number}-same.png"), by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        keys = set(crowd.map(store, range(4)))
    image = Image.objects.get()
    assert keys == {image.pk}
    assert sha256((media_root / image.name).read_bytes()).hexdigest() == image.sha256


def test_half_a_file_left_by_a_killed_process_is_mended(media_root):
    image = store_image(upload(), by=None)
    path = media_root / image.name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    store_image(upload(), by=None)
    assert path.read_bytes() == whole


def test_a_lost_file_comes_back_with_the_next_upload(media_root):
    image = store_image(upload(), by=None)
    (media_root / image.name).unlink()
    store_image(upload(), by=None)
    assert stored_files(media_root) == [image.name]


def test_what_is_refused_leaves_nothing_behind(media_root):
    with pytest.raises(ValidationError):
        store_image(upload(data=b"<svg/>"), by=None)
    assert not Image.objects.exists()
    assert not media_root.exists()


def test_too_large_a_file_is_not_even_read(settings):
    settings.MAX_UPLOAD_BYTES = 2**20

    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 <= size <= 2**20 + 1
            return bytes(size)

    with pytest.raises(ValidationError, match="Larger than 1 MB"):
        store_image(Endless(), by=None)


def test_a_full_disk_is_told_and_leaves_no_row(monkeypatch):
    def full(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(StorageAway):
        store_image(upload(), by=None)
    assert not Image.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_changed_description_reaches_every_page():
    PageStamp.objects.all().delete()
    image = store_image(upload(), by=None)
    assert not PageStamp.objects.exists()
    image.alt = "New"
    save_images(image)
    assert Image.objects.get().alt == "New"
    assert PageStamp.objects.get().key == "site"
    Image.objects.all().delete()
    save_images(image)  # somebody was quicker: there is nothing to change any more
    assert not Image.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deleted_picture_takes_its_file_along(media_root):
    keep = store_image(upload(data=pictures.gif()), by=None)
    gone = store_image(upload(), by=None)
    delete_uploads(gone)
    assert list(Image.objects.all()) == [keep]
    remove_files.func()
    assert stored_files(media_root) == [keep.name]


@pytest.mark.django_db(transaction=True)
def test_a_deletion_taken_back_keeps_the_file(media_root):
    image = store_image(upload(), by=None)
    with transaction.atomic():
        delete_uploads(image)
        transaction.set_rollback(True)
    remove_files.func()
    assert Image.objects.filter(sha256=image.sha256).exists()
    assert stored_files(media_root) == [image.name]
