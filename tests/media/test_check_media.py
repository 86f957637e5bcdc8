"""`manage.py check_media`: right set-ups pass, and each wrong one is told in a line, soon."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from blogsite import storages
from blogsite.env import Reader
from blogsite.media import bucket_policy, probing
from blogsite.media.management.commands import check_media
from blogsite.media.on_disk import OnDisk
from tests.media.conftest import KEYS

SOON = 15


def check(code: int = 0) -> str:
    out, began = StringIO(), time.monotonic()
    try:
        call_command("check_media", stdout=out)
    except CommandError as problem:
        assert code == 1, out.getvalue()
        out.write(str(problem))
    else:
        assert code == 0, out.getvalue()
    assert time.monotonic() - began < SOON
    assert not any(secret in out.getvalue() for secret in KEYS.values())
    return out.getvalue()


def documents(said: str) -> list[dict]:
    decoder, found = json.JSONDecoder(), []
    while (start := said.find("{\n")) >= 0:
        document, end = decoder.raw_decode(said[start:])
        found.append(document)
        said = said[start + end :]
    return found


@pytest.fixture
def bucket(settings):
    def use(variables: dict[str, str], **options: object) -> None:
        settings.MEDIA_STORAGE = "s3"
        settings.S3 = storages.s3_options(Reader(dict(variables))) | options

    return use


def test_a_private_bucket_is_well(bucket, private_bucket):
    bucket(private_bucket)
    said = check()
    for what in ("write", "read", "list", "multipart", "delete"):
        assert f"\n{what} " in said
    assert said.count(" ok") == 7
    assert "they may not, and need not" in said
    assert "served by this site" in said


def test_nothing_of_the_probe_stays(bucket, private_bucket, keep_in):
    storage = keep_in("private")
    check()
    assert list(storage.names()) == []
    uploads = storage.client.list_multipart_uploads(Bucket=storage.bucket_name)
    assert not uploads.get("Uploads")


def test_the_least_policy_and_cors_are_for_this_bucket(bucket, private_bucket, settings):
    settings.CANONICAL_HOST = "blog.example.org"
    bucket(private_bucket | {"AWS_LOCATION": "pictures/"})
    policy, cors = documents(check())
    name = private_bucket["AWS_STORAGE_BUCKET_NAME"]
    files, listing = policy["Statement"]
    assert files["Resource"] == f"arn:aws:s3:::{name}/pictures/*"
    assert listing["Resource"] == f"arn:aws:s3:::{name}"
    assert "s3:*" not in json.dumps(policy)
    assert cors["CORSRules"][0]["AllowedOrigins"] == ["https://blog.example.org"]


def test_the_documents_are_what_a_store_takes(bucket, moto_bucket, keep_in):
    storage = keep_in("moto")
    rules = bucket_policy.cors("https://blog.example.org")
    storage.client.put_bucket_cors(Bucket=storage.bucket_name, CORSConfiguration=rules)
    kept = storage.client.get_bucket_cors(Bucket=storage.bucket_name)
    assert kept["CORSRules"] == rules["CORSRules"]


@pytest.fixture
def public_bucket(moto_bucket, keep_in):
    """moto lets everybody list; reading needs the very policy that we print."""
    storage = keep_in("moto")
    policy = json.dumps(bucket_policy.public_reading(storage.bucket_name))
    storage.client.put_bucket_policy(Bucket=storage.bucket_name, Policy=policy)
    return moto_bucket


def test_a_bucket_that_anybody_reads_without_need_is_told(bucket, public_bucket):
    bucket(public_bucket)
    said = check(1)
    assert "Readable past this site" in said
    assert "Anybody can list the bucket" in said


def test_a_public_bucket_should_be_readable(bucket, public_bucket, moto_server):
    name = public_bucket["AWS_STORAGE_BUCKET_NAME"]
    domain = f"{moto_server.removeprefix('http://')}/{name}"
    bucket(public_bucket, custom_domain=domain, querystring_auth=False, url_protocol="http:")
    said = check(1)  # because of the listing alone
    assert "they may, and should" in said
    assert "fetched from there" in said
    assert said.count("Anybody can list") == 1
    assert len(documents(said)) == 3


def test_a_public_domain_that_shows_nothing_is_told(bucket, private_bucket, rclone_server):
    name = private_bucket["AWS_STORAGE_BUCKET_NAME"]
    domain = f"{rclone_server.removeprefix('http://')}/{name}"
    bucket(private_bucket, custom_domain=domain, querystring_auth=False, url_protocol="http:")
    assert "readers need that" in check(1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "AWS_SECRET_ACCESS_KEY does not belong to"),
        ({"AWS_ACCESS_KEY_ID": "wrong"}, "The store does not know AWS_ACCESS_KEY_ID."),
        ({"AWS_STORAGE_BUCKET_NAME": "nowhere"}, "There is no bucket of the name"),
        ({"AWS_STORAGE_BUCKET_NAME": "no name!"}, "no name for a bucket"),
        ({"AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9 does not answer"),
        ({"AWS_S3_ENDPOINT_URL": "http://s3.invalid"}, "http://s3.invalid does not answer"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(bucket, private_bucket, change, sentence):
    bucket(private_bucket | change)
    said = check(1)
    assert sentence in said
    # What is set up, what is wrong, that it must be mended.
    assert len(said.splitlines()) == 3


def test_a_clock_that_is_wrong_is_told(bucket, private_bucket):
    bucket(private_bucket)
    with time_machine.travel("2019-01-01"):
        said = check(1)
    assert "clock is wrong" in said


@contextmanager
def store_that_says(code: str, status: int = 400, only: str = ""):
    """A store with one answer to everything, or to one method."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # else a client waits a second for "100 Continue"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            refused = not only or self.command == only
            body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(status if refused else 200)
            self.send_header("Content-Length", str(len(body) if refused else 0))
            self.end_headers()
            if refused and self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield {**KEYS, "AWS_STORAGE_BUCKET_NAME": "bucket", "AWS_S3_REGION_NAME": "us-east-1",
               "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}  # fmt: skip
        server.shutdown()


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        ("AuthorizationHeaderMalformed", 400, "AWS_S3_REGION_NAME is wrong"),
        ("IllegalLocationConstraintException", 400, "AWS_S3_REGION_NAME is wrong"),
        ("RequestTimeTooSkewed", 403, "clock is wrong"),
        ("InvalidAccessKeyId", 403, "does not know AWS_ACCESS_KEY_ID"),
        ("SignatureDoesNotMatch", 403, "does not belong to AWS_ACCESS_KEY_ID"),
        ("NoSuchBucket", 404, "There is no bucket"),
    ],
)
def test_what_a_store_refuses_by_is_one_clear_line(bucket, code, status, sentence):
    with store_that_says(code, status) as variables:
        bucket(variables)
        said = check(1)
    assert sentence in said
    assert len(said.splitlines()) == 3


def test_each_permission_is_told_apart(bucket):
    with store_that_says("AccessDenied", 403) as variables:
        bucket(variables)
        said = check(1)
    for what, permission in [
        ("write", "s3:PutObject"), ("list", "s3:ListBucket"),
        ("multipart", "s3:PutObject and s3:AbortMultipartUpload"), ("delete", "s3:DeleteObject"),
    ]:  # fmt: skip
        line = next(line for line in said.splitlines() if line.startswith(what))
        assert f"lack {permission}." in line
    assert "Not tried: nothing could be written." in said
    assert documents(said)[0]["Statement"]


def test_only_the_permission_that_lacks_is_told(bucket):
    with store_that_says("AccessDenied", 403, only="DELETE") as variables:
        bucket(variables)
        said = check(1)
    assert said.count("s3:DeleteObject.") == 1
    assert "\nwrite           ok" in said


def test_an_unknown_trouble_keeps_its_name(bucket):
    with store_that_says("SlowDown", 503) as variables:
        bucket(variables)
        assert "Failed: SlowDown." in check(1)


def test_a_store_that_never_answers_is_told_in_time(bucket, monkeypatch):
    monkeypatch.setattr(check_media, "READ_SECONDS", 0.2)

    class Silent(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            time.sleep(2)

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        server.block_on_close = False
        address = f"http://127.0.0.1:{server.server_port}"
        bucket({**KEYS, "AWS_STORAGE_BUCKET_NAME": "bucket", "AWS_S3_ENDPOINT_URL": address})
        assert f"{address} does not answer" in check(1)
        server.shutdown()


def test_no_keys_at_all_is_told(bucket, private_bucket, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    bucket({name: value for name, value in private_bucket.items() if name not in KEYS})
    assert "No keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in check(1)


def test_no_bucket_is_told(settings):
    settings.MEDIA_STORAGE, settings.S3 = "s3", {}
    assert "AWS_STORAGE_BUCKET_NAME is not set." in check(1)


def test_a_disk_is_tried_too(media_root):
    said = check()
    assert f"Uploads go to {media_root}." in said
    assert list(OnDisk().names()) == []


def test_a_disk_that_takes_nothing_is_told(settings):
    settings.MEDIA_ROOT = "/proc/uploads"
    assert "Failed: No such file or directory." in check(1)


def test_a_disk_that_gives_back_something_else_is_told(monkeypatch):
    monkeypatch.setattr(probing, "ContentFile", lambda data: ContentFile(b"rot"))
    assert "What was read is not what was written." in check(1)


def test_a_name_server_without_an_answer_does_not_hold_it_up(monkeypatch):
    monkeypatch.setattr(check_media, "SECONDS", 0.2)
    monkeypatch.setattr(probing.Probe, "write", lambda probe: time.sleep(1))
    assert "No answer within 0.2 s." in check(1)
