import os
import time
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile

from blogsite.media.on_disk import OnDisk
from blogsite.media.tasks import prune_unfinished

NAME = "0123456789abcdef0123456789abcdef/picture.png"


def test_a_file_has_its_name_only_when_it_is_complete(media_root):
    storage = OnDisk()

    class Watched(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            assert not storage.exists(NAME)
            assert list(storage.names()) == []
            yield b"whole"

    storage.save(NAME, Watched(b""))
    assert (media_root / NAME).read_bytes() == b"halfwhole"


def test_what_a_killed_process_left_is_cleared_away(media_root):
    left = [media_root / ".unfinished" / name for name in ("old", "new")]
    left[0].parent.mkdir(parents=True)
    for path in left:
        path.write_bytes(b"half")
    OnDisk().save(NAME, ContentFile(b"x"))
    two_days_ago = time.time() - 2 * 86_400
    for path in (left[0], media_root / NAME):
        os.utime(path, (two_days_ago, two_days_ago))
    assert prune_unfinished.call() == 1
    assert [path.exists() for path in left] == [False, True]
    assert list(OnDisk().names()) == [NAME]


def test_a_folder_that_is_not_there_yet_has_nothing_to_clear(media_root):
    assert prune_unfinished.call() == 0
    assert list(OnDisk().names()) == []
    assert not Path(media_root).exists()


def test_a_bucket_clears_up_by_itself(keep_in):
    storage = keep_in("moto")
    storage.save(NAME, ContentFile(b"x"))
    with time_machine.travel(time.time() + 2 * 86_400):
        assert prune_unfinished.call() == 0
    assert list(storage.names()) == [NAME]


@pytest.mark.parametrize("name", ["../outside.png", "/etc/outside.png"])
def test_nothing_is_written_elsewhere(name, media_root):
    with pytest.raises(Exception, match=r"traversal|outside|denied|located"):
        OnDisk().save(name, ContentFile(b"x"))
    assert not (media_root.parent / "outside.png").exists()
