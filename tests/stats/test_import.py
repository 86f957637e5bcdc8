"""Views that nginx or a CDN has answered, from their logs, each line once."""

import gzip
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from blogsite.site.models import SiteSettings
from blogsite.stats.management.commands import import_access_log as command
from blogsite.stats.models import SITE, DayCount, ReadLog
from tests import factories
from tests.stats.conftest import FIREFOX, counted

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def combined(request="GET /low-water/ HTTP/1.1", status=200, referrer="-", agent=FIREFOX, at=NOW):
    when = at.strftime("%d/%b/%Y:%H:%M:%S %z")
    return f'192.0.2.7 - - [{when}] "{request}" {status} 5123 "{referrer}" "{agent}"\n'


def as_json(request="GET /low-water/", status=200, referrer="", agent=FIREFOX, at=NOW, **more):
    said = {"time": str(at), "message": request, "status": status, "agent": agent}
    return json.dumps(said | {"referrer": referrer} | more) + "\n"


@pytest.fixture
def log(tmp_path) -> Path:
    return tmp_path / "access.log"


def read(log: Path | str, capsys) -> str:
    call_command("import_access_log", str(log))
    told = capsys.readouterr().out.splitlines()
    assert told[-1] not in told[:-1]
    return told[-1]


def test_people_who_were_shown_public_pages_are_counted(log, capsys, settings):
    settings.FORCE_SCRIPT_NAME = "/blog"
    post, renamed = factories.post("Low water"), factories.post("Überfahrt", slug="überfahrt")
    moved = factories.post("Moved", slug="new-place")
    moved.old_slugs.create(slug="old-place")
    factories.post("Secret", visibility="members"), factories.draft("Draft")
    long_ago, tomorrow = NOW - timedelta(days=800), NOW + timedelta(days=2)
    lines = [
        *[combined(referrer="https://news.example/x"), combined(status=304), as_json()],
        combined("GET /blog/low-water/?utm_source=x HTTP/2.0", referrer="https://testserver/"),
        *[combined("GET / HTTP/1.1"), as_json("GET /?before=1")],
        *[combined("GET /%C3%BCberfahrt/ HTTP/1.1"), combined("GET /old-place/ HTTP/1.1")],
        # None of these is a view.
        *[combined(status=404), combined(status=301), combined("HEAD /low-water/ HTTP/1.1")],
        *[combined(agent="Googlebot/2.1"), combined(agent="-"), as_json(agent="")],
        *[combined(f"GET /{name}/ HTTP/1.1") for name in ("secret", "draft", "tags", "gone")],
        *[combined("GET /low-water/%00 HTTP/1.1"), combined("GET /feed.xml HTTP/1.1")],
        *[combined(at=long_ago), combined(at=tomorrow)],
        # Our own line says nothing of who asked: it was counted when it was written.
        '{"time": "2026-11-21T09:00:00+00:00", "message": "GET /low-water/", "status": 200}\n',
        # And these nobody understands.
        *["\n", "GET /low-water/\n", "{}\n", "[" * 5000 + "\n", '{"time": 5}\n', "\0\xff\n"],
        *[
            as_json(at="yesterday"),
            combined("GET /" + "x" * 60_000)[:-400] + "\n",
            combined().replace("/", "-"),
            # Moments that are in no year.
            combined().replace(f"{NOW:%d/%b/%Y:%H:%M:%S %z}", "01/Jan/0001:00:00:00 +1400"),
            as_json(at="9999-12-31T23:59:59-14:00"),
        ],
        # Half a letter, and more than an address may have.
        *[as_json("GET /a\ud800b/"), combined(f"GET /{'x' * 600}/ HTTP/1.1")],
    ]
    log.write_text("".join(lines), encoding="latin-1")
    told = read(log, capsys)
    assert counted() == {post.pk: 4, SITE: 2, renamed.pk: 1, moved.pk: 1}
    assert counted("referrer") == {"news.example": 1}
    assert "8 views counted, 11 lines not understood" in told


def test_a_log_that_grew_moved_or_was_packed_is_counted_once(log, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "LINES_AT_ONCE", 2)
    post = factories.post("Low water")
    first = [combined(at=NOW - timedelta(minutes=n)) for n in range(5, 0, -1)]
    log.write_text("".join(first)[:-10])
    assert "4 new lines: 4 views" in read(log, capsys)
    log.write_text("".join(first))
    assert "1 new lines: 1 views" in read(log, capsys)
    assert "0 new lines: 0 views" in read(log, capsys)
    rotated = log.rename(tmp_path / "access.log.1")
    log.write_text(combined(referrer="https://news.example/"))
    assert "1 new lines: 1 views" in read(log, capsys)
    packed = tmp_path / "access.log.2.gz"
    packed.write_bytes(gzip.compress(rotated.read_bytes() + combined().encode()))
    assert "1 new lines: 1 views" in read(packed, capsys)
    saved, pipe = os.dup(0), os.open(packed, os.O_RDONLY)
    os.dup2(pipe, 0)
    assert "0 new lines: 0 views" in read("-", capsys)
    os.dup2(saved, 0), os.close(saved), os.close(pipe)
    assert counted() == {post.pk: 7}
    assert ReadLog.objects.count() == 2


def test_logs_are_known_by_the_first_line_that_says_something(tmp_path, capsys):
    post = factories.post("Low water")
    for number in (1, 2):
        log = tmp_path / f"{number}.log"
        log.write_text("#Version: 1.0\n" + combined(at=NOW - timedelta(minutes=number)))
        assert "2 new lines: 1 views" in read(log, capsys)
    assert counted() == {post.pk: 2}


def test_days_are_those_of_the_site(log, capsys):
    site = SiteSettings.current()
    site.time_zone = "Pacific/Auckland"
    site.save()
    post, noon = factories.post("Low water"), NOW.replace(hour=13) - timedelta(days=3)
    log.write_text(combined(at=noon))
    read(log, capsys)
    assert counted(day=noon.date() + timedelta(days=1)) == {post.pk: 1}


def test_an_import_that_breaks_off_goes_on_where_it_ended(log, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "LINES_AT_ONCE", 100)
    post = factories.post("Low water")
    lines = "".join(combined(agent=f"{FIREFOX} {n * 7919 % 1000:0200}") for n in range(1000))
    whole = gzip.compress(lines.encode())
    packed = tmp_path / "access.log.gz"
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="could not be read to its end"):
        read(packed, capsys)
    capsys.readouterr()
    packed.write_bytes(whole)
    read(packed, capsys)
    assert counted() == {post.pk: 1000}


def test_two_imports_at_once_do_not_count_twice(log, capsys, monkeypatch):
    factories.post("Low water")
    log.write_text(combined())

    def somebody_else_was_quicker(self, part):
        ReadLog.objects.update(offset=100)
        return command.Seen()

    monkeypatch.setattr(command.Command, "look_through", somebody_else_was_quicker)
    with pytest.raises(CommandError, match="Another import"):
        read(log, capsys)
    assert not DayCount.objects.exists()


def test_what_is_no_log_is_told(tmp_path, capsys):
    for wrong in (tmp_path / "nowhere.log", tmp_path):
        with pytest.raises(CommandError, match="could not be read"):
            read(wrong, capsys)
    capsys.readouterr()
    (tmp_path / "empty.log").touch()
    assert "0 new lines" in read(tmp_path / "empty.log", capsys)
