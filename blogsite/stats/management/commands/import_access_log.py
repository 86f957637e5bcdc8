"""Views that were answered in front of the blog, by nginx or a CDN, from their access log."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from gzip import GzipFile
from hashlib import sha256
from itertools import chain, islice
from typing import Any
from zlib import error as BadCompression

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from blogsite.site.models import SiteSettings
from blogsite.stats.batch import REFERRER, VIEWS, Batch
from blogsite.stats.logs import view_in
from blogsite.stats.models import KEPT, SITE, ReadLog
from posts.models import Post

GZIP = b"\x1f\x8b"
LINES_AT_ONCE, LONGEST_LINE, LOOKED_AT = 1_000, 2**16, 100
ELSEWHERE = "Another import is reading this log. Run it again when that one has ended."

#: Day, address of the post, host of the referrer.
Seen = Counter[tuple[date, str, str]]


class Command(BaseCommand):
    help = (
        "Counts the views in an access log (combined format, or JSON with time, message, status, "
        "agent and referrer; gzip too). What was read before is not counted again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the log, or - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        self.lines = self.views = self.unreadable = 0
        try:
            with open(file if file != "-" else 0, "rb", closefd=file != "-") as log:
                is_packed = log.peek(2)[:2] == GZIP
                self.read(GzipFile(fileobj=log) if is_packed else log)
        except (EOFError, BadCompression, OSError) as problem:
            raise CommandError(f"The log could not be read to its end: {problem}") from problem
        finally:
            self.tell()

    def read(self, log: Any) -> None:
        """Part by part: what a part says and how far it goes are written together, so that an
        import that was interrupted goes on where it ended."""
        lines = _whole_lines(log)
        if not (head := list(islice(lines, LOOKED_AT))):
            return
        # Known by the first line that says something, a log may grow and get another name.
        mark = sha256(next(filter(_is_understood, head), head[0])).hexdigest()
        row, _created = ReadLog.objects.get_or_create(first_line=mark)
        lines, end = _new(chain(head, lines), row.offset), row.offset
        while part := list(islice(lines, LINES_AT_ONCE)):
            seen = self.look_through(part)
            begin, end = end, end + sum(map(len, part))
            with transaction.atomic():
                here = ReadLog.objects.filter(pk=row.pk, offset=begin)
                if not here.update(offset=end, read_at=timezone.now()):
                    raise CommandError(ELSEWHERE)
                self.views += _write(seen)
            self.lines += len(part)

    def look_through(self, part: list[bytes]) -> Seen:
        seen, zone = Seen(), SiteSettings.current().zone
        today = timezone.localdate(timezone=zone)
        for line in part:
            try:
                view = view_in(line)
                day = view[0].astimezone(zone).date() if view else date.max
            except (ValueError, OverflowError):
                self.unreadable += 1
                continue
            if view and today - KEPT < day <= today:
                seen[day, view[1], view[2]] += 1
        return seen

    def tell(self) -> None:
        self.stdout.write(
            f"{self.lines:,} new lines: {self.views:,} views counted, {self.unreadable:,} lines "
            "not understood, the rest robots, other addresses or no pages."
        )


def _whole_lines(log: Any) -> Iterator[bytes]:
    """A last line that is not finished is left for the next time."""
    while _is_whole(line := log.readline(LONGEST_LINE)):
        yield line


def _new(lines: Iterable[bytes], known: int) -> Iterator[bytes]:
    for line in lines:
        if known <= 0:
            yield line
        known -= len(line)


def _is_understood(line: bytes) -> bool:
    with suppress(ValueError):
        view_in(line)
        return True
    return False


def _is_whole(line: bytes) -> bool:
    """Or too long to be anything but a piece, which nobody will understand."""
    return line.endswith(b"\n") or len(line) == LONGEST_LINE


def _write(seen: Seen) -> int:
    """Count what is about pages that the public can see now; how many views that were."""
    slugs = {slug for _day, slug, _host in seen}
    public, batch = Post.objects.published(), Batch()
    there = dict(public.filter(slug__in=slugs).values_list("slug", "pk")) | {"": SITE}
    moved = public.filter(old_slugs__slug__in=slugs - there.keys())
    there |= dict(moved.values_list("old_slugs__slug", "pk"))
    for (day, slug, host), times in seen.items():
        if slug in there:
            batch.count((VIEWS, day, there[slug], ""), times)
            if host:
                batch.count((REFERRER, day, there[slug], host), times)
    batch.write()
    return sum(number for key, number in batch.items() if key[0] == VIEWS)
