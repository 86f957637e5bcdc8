from io import BytesIO

import pytest
from django.core.files.base import ContentFile

NAME = "0123456789abcdef0123456789abcdef/recording.mp3"
DATA = bytes(range(256)) * 1000


def test_a_store_that_sends_the_whole_whatever_was_asked_is_read_right(keep_in, monkeypatch):
    storage = keep_in("moto")
    storage.save(NAME, ContentFile(DATA))
    whole = {"ContentLength": len(DATA)}
    monkeypatch.setattr(storage.client, "get_object", lambda **_: whole | {"Body": BytesIO(DATA)})
    with storage.open(NAME) as file:
        for start in (1, 65_535, 65_536, 200_001):
            file.seek(start)
            assert file.read(10) == DATA[start : start + 10]
            assert file.read(5) == DATA[start + 10 : start + 15]


def test_one_request_reads_on_and_a_jump_asks_again(keep_in):
    storage, asked = keep_in("private"), []
    storage.save(NAME, ContentFile(DATA))
    storage.client.meta.events.register(
        "before-send.s3.GetObject",
        lambda request, **kwargs: asked.append(str(request.headers.get("Range"))),
    )
    with storage.open(NAME) as file:
        file.read(100_000)
        file.read(100)
        file.seek(200_000)
        assert file.read(100) == DATA[200_000:200_100]
    assert len(asked) == 2
    assert "bytes=200000-" in asked[1]


def test_a_file_in_a_bucket_is_written_by_save_only(keep_in):
    with pytest.raises(ValueError, match="save"):
        keep_in("moto").open(NAME, "wb")


def test_a_folder_of_the_bucket_is_kept_apart(keep_in):
    whole = keep_in("moto")
    whole.save("elsewhere/x", ContentFile(b"x"))
    part = keep_in("moto", location="pictures")
    part.save(NAME, ContentFile(b"y"))
    assert list(part.names()) == [NAME]
    assert {entry["Key"] for entry in part.client.list_objects_v2(
        Bucket=part.bucket_name)["Contents"]} == {"elsewhere/x", f"pictures/{NAME}"}  # fmt: skip
