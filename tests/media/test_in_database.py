import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from blogsite.media.in_database import CHUNK_BYTES, InDatabase
from blogsite.media.models import StoredChunk, StoredFile
from blogsite.media.tasks import prune_unfinished
from tests.source import ROOT
from tests.tasks.conftest import database_url, until

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "0123456789abcdef0123456789abcdef/recording.mp3"


def test_a_file_lies_in_chunks(django_assert_num_queries):
    storage = InDatabase()
    storage.save(NAME, ContentFile(bytes(2 * CHUNK_BYTES + 1)))
    lengths = [len(bytes(chunk.data)) for chunk in StoredChunk.objects.order_by("number")]
    assert lengths == [CHUNK_BYTES, CHUNK_BYTES, 1]
    with django_assert_num_queries(2), storage.open(NAME) as file:  # its row, one chunk
        file.seek(CHUNK_BYTES)
        assert file.read(10) == bytes(10)


def test_nobody_sees_a_file_before_it_is_complete():
    storage = InDatabase()

    class Watched(ContentFile):
        def read(self, size: int = -1) -> bytes:
            assert not storage.exists(NAME)
            assert list(storage.names()) == []
            return self.file.read(size)

    storage.save(NAME, Watched(bytes(CHUNK_BYTES + 1)))
    assert list(storage.names()) == [NAME]


def test_no_write_waits_for_an_upload():
    """Not one transaction around it all: between two chunks others get their turn."""

    class Watched(ContentFile):
        def read(self, size: int = -1) -> bytes:
            assert not connection.in_atomic_block
            return self.file.read(size)

    InDatabase().save(NAME, Watched(bytes(CHUNK_BYTES + 1)))
    assert StoredChunk.objects.count() == 2


def test_two_of_one_name_at_once_are_two_files():
    barrier = Barrier(4)

    class Late(ContentFile):
        def seekable(self) -> bool:
            barrier.wait(10)
            return True

    def store(number: int) -> str:
        try:
            return InDatabase().save(NAME, Late(bytes([number]) * 1000))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        names = list(crowd.map(store, range(4)))
    assert len(set(names)) == 4
    assert NAME in names
    for number, name in enumerate(names):
        assert InDatabase().open(name).read() == bytes([number]) * 1000


def test_an_upload_given_up_meanwhile_is_told():
    class Slow(ContentFile):
        def read(self, size: int = -1) -> bytes:
            StoredFile.objects.update(created_at=timezone.now() - timedelta(days=2))
            InDatabase().prune()
            return b""

    with pytest.raises(OSError, match="too long"):
        InDatabase().save(NAME, Slow(b"x"))


def test_a_file_deleted_while_it_is_read_is_an_error_not_half_a_file():
    storage = InDatabase()
    storage.save(NAME, ContentFile(bytes(2 * CHUNK_BYTES)))
    file = storage.open(NAME)
    file.read(CHUNK_BYTES)
    storage.delete(NAME)
    with pytest.raises(OSError, match="ends after"):
        file.read()


def test_a_killed_upload_leaves_nothing_to_see_and_is_cleared_away(keep_in):
    keep_in("database")
    code = (
        "import django, sys, time; django.setup()\n"
        "from django.core.files.base import ContentFile\n"
        "from blogsite.media.in_database import InDatabase\n"
        "class Slow(ContentFile):\n"
        "    def read(self, size=-1):\n"
        "        time.sleep(0.05); return bytes(size)\n"
        f"InDatabase().save('{NAME}', Slow(b''))\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "blogsite.settings"},
    )
    try:
        until(lambda: StoredChunk.objects.count() > 3)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait(10)
    assert not InDatabase().exists(NAME)
    assert prune_unfinished.call() == 0  # it may be somebody's upload of this moment
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert prune_unfinished.call() == 1
    assert not StoredChunk.objects.exists()


def test_finished_files_are_never_cleared_away():
    InDatabase().save(NAME, ContentFile(b"x"))
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert InDatabase().prune() == 0
    assert InDatabase().exists(NAME)


@pytest.mark.parametrize("mode", ["wb", "r", "ab"])
def test_it_is_written_by_save_only(mode):
    with pytest.raises(ValueError, match="save"):
        InDatabase().open(NAME, mode)


def test_check_media_tries_it(settings):
    settings.MEDIA_STORAGE = "database"
    said = StringIO()
    call_command("check_media", stdout=said)
    assert "Uploads go to the database." in said.getvalue()
    assert list(InDatabase().names()) == []


def test_memory_does_not_grow_with_the_file():
    done = subprocess.run(
        [sys.executable, "-m", "bench.media", "25"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url(), "DEBUG": "false"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
