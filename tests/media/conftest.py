"""Every place uploads can be kept: a disk, the database, and two buckets.

moto speaks the whole protocol but believes any key; rclone's bucket is private and really looks
at signatures.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from blogsite import storages
from blogsite.env import Reader
from dev.processes import end_with_parent, free_port, stop

KEYS = {"AWS_ACCESS_KEY_ID": "access-key-id", "AWS_SECRET_ACCESS_KEY": "secret-access-key"}
PLACES = ("disk", "database", "moto", "private")


@pytest.fixture(scope="session", autouse=True)
def sessions_that_have_read_it_all() -> Generator[None]:
    """Each new session of boto3 reads megabytes of descriptions, always the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "Session", cache(boto3.Session))
        yield


@pytest.fixture(scope="session")
def moto_server() -> Generator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def rclone_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder, port = tmp_path_factory.mktemp("rclone"), free_port()
    program = shutil.which("rclone", path=Path(sys.executable).parent) or shutil.which("rclone")
    assert program, "rclone is part of the development requirements"
    server = subprocess.Popen(
        [
            *(program, "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"),
            *("--auth-key", ",".join(KEYS.values()), "--config", "/dev/null"),
        ],
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )
    _wait_for(port)
    yield f"http://127.0.0.1:{port}"
    stop(server)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("rclone does not answer")


@pytest.fixture
def moto_bucket(moto_server: str) -> dict[str, str]:
    """The variables of a new bucket, anybody's to read, in moto."""
    return _new_bucket(moto_server)


@pytest.fixture
def private_bucket(rclone_server: str) -> dict[str, str]:
    """The variables of a new bucket that only its keys open."""
    return _new_bucket(rclone_server)


def _new_bucket(endpoint: str) -> dict[str, str]:
    name = f"bucket-{uuid4().hex}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=name)
    return KEYS | {
        "AWS_STORAGE_BUCKET_NAME": name,
        "AWS_S3_ENDPOINT_URL": endpoint,
        "AWS_S3_REGION_NAME": "us-east-1",
    }


@pytest.fixture
def keep_in(request: pytest.FixtureRequest, settings: Any) -> Callable[..., Any]:
    """Set the storage of uploads by the name of a place; further options are the bucket's."""

    def choose(place: str, **options: Any) -> Any:
        kind = "s3" if place in ("moto", "private") else place
        if kind == "s3":
            variables = request.getfixturevalue(f"{place}_bucket")
            settings.S3 = storages.s3_options(Reader(dict(variables))) | options
        settings.MEDIA_STORAGE = kind
        settings.STORAGES = settings.STORAGES | {"default": storages.media(kind, settings.S3)}
        return default_storage

    return choose


@pytest.fixture(params=PLACES)
def storage(request: pytest.FixtureRequest, keep_in: Callable[..., Any], db: None) -> Any:
    return keep_in(request.param)
