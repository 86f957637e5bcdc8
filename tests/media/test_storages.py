"""What every storage of uploads promises, whichever it is."""

import os
from datetime import timedelta
from io import SEEK_CUR, SEEK_END, BytesIO, RawIOBase

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils import timezone

from blogsite.media.leaving import remove_folders
from blogsite.media.services import delete_uploads, receive, replace_image
from tests.media import pictures

NAME = "0123456789abcdef0123456789abcdef/recording.mp3"
#: Two chunks of the database and a bit, so that every seam is crossed.
DATA = os.urandom(2 * 256 * 1024 + 77)


def test_what_is_written_is_read(storage):
    assert storage.save(NAME, ContentFile(DATA)) == NAME
    with storage.open(NAME) as file:
        assert file.read() == DATA
        assert file.size == len(DATA)
    assert storage.size(NAME) == len(DATA)
    assert storage.exists(NAME)


def test_any_part_can_be_read(storage):
    storage.save(NAME, ContentFile(DATA))
    with storage.open(NAME) as file:
        assert file.seek(262_140) == 262_140
        assert file.read(10) == DATA[262_140:262_150]
        assert file.tell() == 262_150
        assert file.seek(-7, SEEK_END) == len(DATA) - 7
        assert file.read() == DATA[-7:]
        assert file.read() == b""
        file.seek(3)
        file.seek(4, SEEK_CUR)
        assert file.read(2) == DATA[7:9]


def test_what_is_not_there_cannot_be_read(storage):
    assert not storage.exists(NAME)
    for question in (storage.open, storage.size):
        with pytest.raises(FileNotFoundError):
            question(NAME)


def test_an_empty_file_is_a_file(storage):
    storage.save(NAME, ContentFile(b""))
    with storage.open(NAME) as file:
        assert file.read() == b""
    assert storage.size(NAME) == 0
    assert list(storage.names()) == [NAME]


def test_the_same_name_again_is_another_file(storage):
    storage.save(NAME, ContentFile(b"first"))
    other = storage.save(NAME, ContentFile(b"second"))
    assert other != NAME
    with storage.open(NAME) as first, storage.open(other) as second:
        assert (first.read(), second.read()) == (b"first", b"second")


def test_deleted_is_gone_and_may_be_deleted_twice(storage):
    storage.save(NAME, ContentFile(DATA))
    storage.delete(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)
    assert list(storage.names()) == []
    storage.save(NAME, ContentFile(b"new"))
    assert storage.size(NAME) == 3


def test_all_files_are_listed(storage):
    wanted = [f"{digit * 32}/{size}.webp" for digit in "abc" for size in (320, 640)]
    for name in wanted:
        storage.save(name, ContentFile(b"x"))
    assert sorted(storage.names()) == sorted(wanted)
    folders, files = storage.listdir("a" * 32)
    assert (folders, sorted(files)) == ([], ["320.webp", "640.webp"])
    assert {"a" * 32, "b" * 32, "c" * 32} <= set(storage.listdir("")[0])


def test_its_age_is_known(storage):
    storage.save(NAME, ContentFile(b"x"))
    age = timezone.now() - storage.get_modified_time(NAME)
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)


def test_a_stream_that_gives_little_at_a_time_is_written_whole(storage):
    class Drips(RawIOBase):
        def __init__(self) -> None:
            self.rest = BytesIO(DATA)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self.rest.read(min(size, 40_000) if size > 0 else 40_000)

        def readinto(self, buffer) -> int:
            return self.rest.readinto(memoryview(buffer)[:40_000])

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            return self.rest.seek(offset, whence)

        def tell(self) -> int:
            return self.rest.tell()

    storage.save(NAME, File(Drips(), name="drips"))
    with storage.open(NAME) as file:
        assert file.read() == DATA


def test_a_source_that_fails_leaves_nothing(storage):
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 100_000:
                raise ConnectionResetError("the sender went away")
            return super().read(min(size or 50_000, 50_000) if size and size > 0 else 50_000)

    with pytest.raises(ConnectionResetError):
        storage.save(NAME, File(Broken(DATA), name="broken"))
    assert not storage.exists(NAME)
    assert list(storage.names()) == []


def test_the_whole_life_of_an_upload(storage):
    """A recording by way of the disk, a picture, another one in its place, and all of it gone."""
    recording = TemporaryUploadedFile("song.mp3", "audio/mpeg", 0, None)
    recording.write(b"ID3" + DATA)
    recording.size = recording.tell()
    recording.seek(0)
    song = receive(recording, by=None)
    recording.close()
    with storage.open(song.name) as file:
        assert file.read() == b"ID3" + DATA
    old = receive(ContentFile(pictures.jpeg(), "pier.jpg"), by=None)
    image = replace_image(old, ContentFile(pictures.gif(), "new.gif"))
    remove_folders()
    assert set(storage.names()) == {song.name, image.name}
    assert storage.size(image.name) == image.bytes
    again = receive(ContentFile(pictures.jpeg(), "pier.jpg"), by=None)
    assert again.name == old.name.replace("pier", "pier-2")
    delete_uploads(song, image, again)
    remove_folders()
    assert list(storage.names()) == []
