"""From every storage to every other, with interruptions."""

import os
import subprocess
import sys
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from blogsite import storages
from blogsite.env import Reader
from blogsite.media import moving
from blogsite.media.models import File, Image
from blogsite.media.moving import COPIED, DAMAGED, MISSING, THERE, storage_of
from tests.source import ROOT
from tests.tasks.conftest import database_url, until

KINDS = ("disk", "s3", "database")


@pytest.fixture
def bucket(moto_bucket, settings):
    settings.S3 = storages.s3_options(Reader(dict(moto_bucket)))


def row(data: bytes, name: str = "a.jpg") -> str:
    digest = sha256(data).hexdigest()
    stored = f"{digest[:32]}/{name}"
    library: Any = Image if name.endswith("jpg") else File
    size = {"width": 1, "height": 1} if library is Image else {}
    library.objects.create(name=stored, sha256=digest, bytes=len(data), **size)
    return stored


def fill(storage) -> dict[str, bytes]:
    """A picture with what was made of it, a file, and what is none of ours."""
    picture, song = os.urandom(300_000), b"la la la"
    contents = {row(picture): picture, row(song, "song.mp3"): song}
    contents[f"{sha256(picture).hexdigest()[:32]}/640.avif"] = b"small"
    for name, data in contents.items():
        storage.save(name, ContentFile(data))
    storage.save("notes/mine.txt", ContentFile(b"not of the library"))
    return contents


def all_of(storage) -> dict[str, bytes]:
    return {name: content(storage, name) for name in storage.names() if "notes" not in name}


def content(storage, name: str) -> bytes:
    with storage.open(name) as file:
        return file.read()


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), [*pairwise((*KINDS, KINDS[0]))])
def test_everything_moves_and_nothing_is_lost(bucket, source, target, capsys):
    contents = fill(storage_of(source))
    call_command("move_media", "--from", source, "--to", target)
    assert all_of(storage_of(target)) == contents
    assert all_of(storage_of(source)) == contents
    assert "Done: 3 copied." in capsys.readouterr().out
    call_command("move_media", "--from", source, "--to", target, "--delete")
    assert "Done: 3 there already." in capsys.readouterr().out
    assert all_of(storage_of(target)) == contents
    assert list(storage_of(source).names()) == ["notes/mine.txt"]
    # Everything is where it should be, so once more says the same.
    call_command("move_media", "--from", source, "--to", target, "--delete")
    assert all_of(storage_of(target)) == contents


@pytest.mark.django_db
def test_a_private_bucket_is_filled_and_emptied(private_bucket, settings):
    settings.S3 = storages.s3_options(Reader(dict(private_bucket)))
    contents = fill(storage_of("disk"))
    call_command("move_media", "--from", "disk", "--to", "s3", "--delete")
    assert all_of(storage_of("disk")) == {}
    call_command("move_media", "--from", "s3", "--to", "database", "--delete")
    assert all_of(storage_of("s3")) == {}
    assert all_of(storage_of("database")) == contents


@pytest.mark.django_db
def test_the_address_is_the_same_before_and_after(client, keep_in, bucket):
    disk = storage_of("disk")
    name = row(b"la la la", "song.mp3")
    disk.save(name, ContentFile(b"la la la"))
    address = File.objects.get().url
    for place in ("disk", "database"):
        call_command("move_media", "--from", "disk", "--to", "database")
        keep_in(place)
        response = client.get(address)
        assert b"".join(response.streaming_content) == b"la la la"


@pytest.mark.django_db
def test_a_rehearsal_changes_nothing(bucket, capsys):
    fill(storage_of("disk"))
    call_command("move_media", "--from", "disk", "--to", "database", "--dry-run", "--delete")
    assert "Would be: 3 copied." in capsys.readouterr().out
    assert list(storage_of("database").names()) == []
    assert len(all_of(storage_of("disk"))) == 3


@pytest.mark.django_db
def test_a_missing_source_is_told_and_the_rest_is_moved(bucket, capsys):
    contents = fill(storage_of("disk"))
    lost = row(b"lost", "lost.jpg")
    with pytest.raises(CommandError, match="not as they should be"):
        call_command("move_media", "--from", "disk", "--to", "database")
    said = capsys.readouterr().out
    assert f"missing: {lost}" in said
    assert "3 copied, 1 missing" in said
    assert all_of(storage_of("database")) == contents


@pytest.mark.django_db
def test_a_damaged_source_is_told_and_kept(bucket):
    disk, target = storage_of("disk"), storage_of("database")
    name = row(b"as it was uploaded")
    disk.save(name, ContentFile(b"rotten bits"))
    assert list(moving.move([name], disk, target, delete=True)) == [(name, DAMAGED)]
    assert disk.exists(name)
    assert not target.exists(name)


@pytest.mark.django_db
def test_a_copy_that_differs_is_made_anew(bucket):
    disk, target = storage_of("disk"), storage_of("database")
    [name] = [row(b"whole")]
    disk.save(name, ContentFile(b"whole"))
    target.save(name, ContentFile(b"wh"))
    assert list(moving.move([name], disk, target)) == [(name, COPIED)]
    assert content(target, name) == b"whole"
    assert list(moving.move([name], disk, target)) == [(name, THERE)]


@pytest.mark.django_db
def test_a_target_that_writes_something_else_loses_nothing(bucket, monkeypatch):
    disk, target = storage_of("disk"), storage_of("database")
    name = row(b"whole")
    disk.save(name, ContentFile(b"whole"))
    monkeypatch.setattr(target, "_save", lambda name, content: _wrong(target, name))
    with pytest.raises(moving.NotTheSame):
        list(moving.move([name], disk, target, delete=True))
    assert content(disk, name) == b"whole"
    assert not target.exists(name)


def _wrong(target, name: str) -> str:
    return type(target)._save(target, name, ContentFile(b"something else"))


@pytest.mark.django_db
def test_a_name_without_a_file_anywhere_is_missing(bucket):
    name = row(b"lost")
    assert list(moving.move([name], storage_of("disk"), storage_of("s3"))) == [(name, MISSING)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "target", "said"),
    [("disk", "disk", "the same"), ("disk", "s3", "AWS_STORAGE_BUCKET_NAME")],
)
def test_what_makes_no_sense_is_refused(settings, source, target, said):
    settings.S3 = {}
    with pytest.raises(CommandError, match=said):
        call_command("move_media", "--from", source, "--to", target)


@pytest.mark.django_db
def test_a_bucket_that_is_away_is_told_in_a_sentence(settings):
    variables = {"AWS_STORAGE_BUCKET_NAME": "b", "AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9"}
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "hush-hush"}
    settings.S3 = storages.s3_options(Reader(variables | keys))
    fill(storage_of("disk"))
    with pytest.raises(CommandError, match="run the same command again") as told:
        call_command("move_media", "--from", "disk", "--to", "s3")
    assert "hush" not in str(told.value)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_a_second_run_finishes(moto_bucket, bucket, media_root):
    place, goal = storage_of("disk"), storage_of("s3")
    contents = {}
    for number in range(8):
        data = os.urandom(500_000) + bytes([number])
        name = row(data)
        contents |= {name: data, f"{name.partition('/')[0]}/640.avif": data[:90_000]}
    for name, data in contents.items():
        place.save(name, ContentFile(data))
    environment = os.environ | moto_bucket | {
        "DATABASE_URL": database_url(), "MEDIA_ROOT": str(media_root),
    }  # fmt: skip
    command = [sys.executable, "manage.py", "move_media", "--from", "disk", "--to", "s3"]
    mover = subprocess.Popen(
        [*command, "--delete"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    until(lambda: len(list(goal.names())) >= 2)
    mover.kill()
    mover.wait(10)
    assert len(list(place.names())) > 0, "too late: it was done"
    # Whatever it was at: each file is whole in one place at least.
    assert all_of(place) | all_of(goal) == contents
    call_command(*command[2:], "--delete", stdout=StringIO())
    assert all_of(goal) == contents
    assert list(place.names()) == []
