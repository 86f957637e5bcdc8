"""Whether anybody answers where posts link to: looked at slowly, politely, and judged with care.

A link is dead when its server said so (404, 410), or its host does not exist, at two looks in a
row on different days. Everything else that is not an answer (refusals, errors, silence) leaves
it unsure: many servers are rude to programs and kind to people.
"""

import logging
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.urls import get_script_prefix
from django.utils import timezone

from blogsite import limits
from blogsite.lib import net
from blogsite.site.checklist import Check
from blogsite.site.models import SiteSettings
from posts.models import OutsideLink, Post

logger = logging.getLogger(__name__)

State = OutsideLink.State
#: What is not asked about in a post that has more: one INSERT must hold them on SQLite.
MOST_PER_POST = 150
LONGEST_URL = 2000
WEEK = timedelta(days=7)
#: Failed looks in a row, and the days until the next one; then it is weekly.
DAYS_AFTER_FAILURES = ((1, 1), (2, 2), (3, 4))
ROWS_AT_ONCE = 1000
SECONDS_AT_ONCE = 30.0  # a mail may be waiting behind this
PAUSE = 2.0  # seconds between two questions to one host
QUIET = timedelta(hours=1)  # where a host asks for less and does not say how much less
GONE = ("404", "410", net.NO_SUCH_HOST)
#: Said to HEAD by servers that would answer a GET.
ASK_AGAIN = (400, 403, 404, 405, 406, 410, 501)


def note_outside_links(post: Post, urls: Iterable[str], known: Collection[str]) -> None:
    """Let the rows of a post, which had those that are `known`, be these addresses. At most two
    statements, inside the caller's save."""
    wanted = [url for url in dict.fromkeys(urls) if len(url) <= LONGEST_URL][:MOST_PER_POST]
    if not {*wanted}.issuperset(known):
        OutsideLink.objects.filter(post=post).exclude(url__in=wanted).delete()
    new = [OutsideLink(post=post, url=url) for url in wanted if url not in known]
    OutsideLink.objects.bulk_create(new, ignore_conflicts=True)


def look_at_due_links(
    *, seconds: float = SECONDS_AT_ONCE, pause: float = PAUSE, judge: net.Judge = net.is_public
) -> int:
    """Ask one after the other, no host twice within `pause`, until the time is used up.

    In order for each: the question, the quiet a host asked for, the rows; at the end the
    posts' list of problems. Answers how many addresses were asked.
    """
    ends_at = time.monotonic() + seconds
    headers = {"User-Agent": _calling_card()}
    next_at: dict[str, float] = defaultdict(float)
    looked_at: list[OutsideLink] = []
    asked = 0
    for host, url, rows in _in_turn(_due(timezone.now())):
        if max(next_at[host], time.monotonic()) >= ends_at:
            break
        if not limits.peek(_quiet_key(host), limit=1):
            continue
        time.sleep(max(next_at[host] - time.monotonic(), 0))
        heard = _ask(url, headers, judge)
        next_at[host] = time.monotonic() + pause
        if heard.quiet:
            limits.hit(_quiet_key(host), limit=1, seconds=int(heard.quiet.total_seconds()))
        _note(rows, heard)
        looked_at += rows
        asked += 1
    _keep_problems_in_step({row.post_id for row in looked_at})
    return asked


# -- which, and in what order ----------------------------------------------------------------


def _due(now: datetime) -> list[OutsideLink]:
    due = Q(checked_at__isnull=True) | Q(checked_at__lte=now - WEEK)
    for failures, days in DAYS_AFTER_FAILURES:
        rested = now - timedelta(days=days)
        due |= Q(state=State.UNSURE, failures=failures, checked_at__lte=rested)
    rows = OutsideLink.objects.filter(due, post__trashed_at__isnull=True)
    return list(rows.order_by(F("checked_at").asc(nulls_first=True), "pk")[:ROWS_AT_ONCE])


def _in_turn(rows: list[OutsideLink]) -> Iterator[tuple[str, str, list[OutsideLink]]]:
    """Host, address and its rows; one address of each host before the second of any."""
    by_url: dict[str, list[OutsideLink]] = defaultdict(list)
    for row in rows:
        by_url[row.url].append(row)
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in by_url:
        by_host[urlsplit(url).netloc.lower()].append(url)
    rounds = zip_longest(*([(host, url) for url in urls] for host, urls in by_host.items()))
    return ((*turn, by_url[turn[1]]) for turn in chain(*rounds) if turn)


# -- asking ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heard:
    """The status or what went wrong, and how long the host wants to be left alone."""

    answer: str
    quiet: timedelta | None = None


def _ask(url: str, headers: dict[str, str], judge: net.Judge) -> Heard:
    try:
        answer = net.get(url, method="HEAD", headers=headers, judge=judge)
        if answer.status in ASK_AGAIN:
            answer = net.get(url, headers=headers, judge=judge)
    except net.NoSuchHost:
        # Without a way out of our own, every name is unknown.
        return Heard(net.NO_SUCH_HOST if _have_been_out() else net.NO_NAME_SERVER)
    except (net.Refused, net.Unreachable) as error:
        return Heard(str(error))
    return Heard(str(answer.status), _quiet(answer))


def _have_been_out() -> bool:
    recently = timezone.now() - WEEK
    statuses = Q(answer__regex=r"^[1-9]")
    return OutsideLink.objects.filter(statuses, checked_at__gte=recently).exists()


def _quiet(answer: net.Answer) -> timedelta | None:
    after = str(answer.headers.get("Retry-After", "")).strip()
    if answer.status != 429 and not (answer.status == 503 and after):
        return None
    return min(max(_from_now(after), timedelta(minutes=1)), WEEK)


def _from_now(after: str) -> timedelta:
    """`Retry-After` is a number of seconds or a date."""
    if re.fullmatch(r"\d{1,9}", after):
        return timedelta(seconds=int(after))
    try:
        return parsedate_to_datetime(after).astimezone() - timezone.now()
    except (ValueError, OverflowError):
        return QUIET


def _quiet_key(host: str) -> str:
    return f"outside:{host}"


def _calling_card() -> str:
    """Who asks, so that somebody who minds knows whom to tell."""
    site = SiteSettings.current()
    plain = unicodedata.normalize("NFKD", site.title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^\w .&'-]", "", plain)
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    host = settings.CANONICAL_HOST
    address = f"; +{scheme}://{host}{get_script_prefix()}" if host else ""
    return f"{name.strip() or 'Blogsite'} (link check by Blogsite{address})"


# -- what is made of it ----------------------------------------------------------------------


def _note(rows: list[OutsideLink], heard: Heard) -> None:
    now = timezone.now()
    for row in rows:
        state = _state(row, heard.answer, now)
        changes: dict[str, Any] = {"state": state, "answer": heard.answer[:200], "checked_at": now}
        changes["failures"] = 0 if state == State.ALIVE else min(row.failures + 1, 1000)
        OutsideLink.objects.filter(pk=row.pk).update(**changes)
        if state != row.state:
            logger.info("link.changed", extra={"url": row.url, "state": str(state)})


def _state(row: OutsideLink, answer: str, now: datetime) -> State:
    if answer[0] in "23":
        return State.ALIVE
    if answer not in GONE:
        return State.UNSURE
    before = row.checked_at if row.answer in GONE else None
    return State.DEAD if before and before.date() < now.date() else State.UNSURE


def _keep_problems_in_step(posts: set[int]) -> None:
    """Say in each post's list of problems whether a link of it is dead, and nothing else."""
    dead = OutsideLink.objects.filter(post=OuterRef("pk"), state=State.DEAD)
    rows = Post.objects.filter(pk__in=posts).annotate(dead=Exists(dead))
    for pk, problems, has_dead in rows.values_list("pk", "problems", "dead"):
        codes = set(problems.split()) - {Check.OUTSIDE} | ({Check.OUTSIDE} if has_dead else set())
        if codes != set(problems.split()):
            # Only over what was read: somebody may be saving.
            Post.objects.filter(pk=pk, problems=problems).update(problems=written(codes))


def written(codes: Iterable[str]) -> str:
    """Codes as `Post.problems` keeps them, in the order of the check list."""
    known = set(codes)
    return "".join(f" {check.value}" for check in Check if check in known) + (" " if known else "")
