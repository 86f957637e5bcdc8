"""What is done about posts when nobody is waiting for it."""

from datetime import timedelta
from functools import reduce
from operator import or_
from time import monotonic
from urllib.parse import quote

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from blogsite.pagecache import stamping, touch
from blogsite.site.checklist import Check
from blogsite.site.models import SiteSettings
from blogsite.tasks import policy, task
from blogsite.tasks.chores import chore
from posts import news
from posts.checklist import check, codes
from posts.content import content_of
from posts.models import Autosave, Post, PreviewLink, Step, Version
from posts.outside_links import look_at_due_links
from posts.related import relate
from posts.search import forget, index_due, index_posts
from posts.social import draw_due

DAYS_IN_TRASH = 30
DAYS_OF_ENDED_LINKS = 90
#: What was typed into a post that was never saved, and never looked at again.
DAYS_OF_KEPT_TEXT = 180
AT_ONCE = 100
SECONDS_OF_INDEXING = 90
MOST_LINKING = 500


@chore(every=timedelta(minutes=15))
@task(priority=-50)
@policy(attempts=1, time_limit=120)
def check_outside_links() -> int:
    """Look at links to other sites that were not looked at for a week, or never."""
    return look_at_due_links()


@chore(every=timedelta(minutes=1))
@task()
@policy(attempts=1, time_limit=60)
def announce_due() -> int:
    """Tell of posts that have come out, by a button or by their time, each once.

    Readers see them without this: what is out follows from the times. Whichever process
    marks a post first tells of it; the mark and the mails are one transaction.
    """
    now, told = timezone.now(), 0
    for post in Post.objects.live(now).filter(announced_at=None).order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            mine = Post.objects.filter(pk=post.pk, announced_at=None).update(announced_at=now)
            out = [Step.Kind.PUBLISHED, Step.Kind.SCHEDULED]
            step = Step.objects.filter(post=post, kind__in=out).select_related("post").first()
            if mine:
                look_again.enqueue(post.slug)
            if mine and step:
                if step.kind == Step.Kind.SCHEDULED:
                    step.by = None  # its time did it: whoever set the time is told as well
                news.tell_authors(step)
            told += mine
    return told


@chore(every=timedelta(minutes=1))
@task(priority=-50)
@policy(attempts=1, time_limit=120)
def relate_due() -> int:
    """Look what is related to posts that were written or have come out since the last look."""
    due = Post.objects.listed_among(timezone.now(), relations_due=True).order_by("pk")
    return relate(list(due.values_list("pk", flat=True)[:AT_ONCE]))


@chore(every=timedelta(minutes=1))
@task(priority=-40)
@policy(attempts=1, time_limit=180)
def draw_cards() -> int:
    """Draw the pictures that posts are shared with, of posts that were written since."""
    return draw_due()


@chore(every=timedelta(minutes=5))
@task(priority=-50)
@policy(attempts=1, time_limit=120)
def index_what_is_due() -> int:
    """Make posts searchable that are not yet, or whose words were cut or stemmed otherwise: after
    an upgrade, in another language, and what an older release has saved meanwhile."""
    done, until = 0, monotonic() + SECONDS_OF_INDEXING
    for progress in index_due():
        done = progress.done
        if monotonic() > until:
            break
    return done


@task(priority=-10)
@policy(attempts=5, time_limit=300)
def index_some(*pks: int) -> None:
    """Make posts searchable by the names that their topics and people have now."""
    for start in range(0, len(pks), AT_ONCE):
        index_posts(pks[start : start + AT_ONCE])


@task(priority=-50)
@policy(attempts=3, time_limit=120)
def look_again(*slugs: str) -> int:
    """Links to these addresses lead elsewhere than before: posts that may hold one are looked
    over, drafts over them included. Without addresses: a redirect may have mended dead links."""
    site, changed = SiteSettings.current(), 0
    may_link, drafted = Q(problems__contains=f" {Check.INSIDE} "), Q(pk=None)
    if slugs:
        forms = {f"/{form}" for slug in slugs for form in (slug, quote(slug))}
        may_link = reduce(or_, (Q(body__contains=form) for form in forms))
        drafted = reduce(or_, (Q(content__body__icontains=form) for form in forms))
    ahead = Version.objects.filter(drafted, number__gt=Coalesce("post__live_number", 0))
    posts = Post.objects.filter(may_link | Q(pk__in=ahead.values("post")), trashed_at=None)
    with site.spoken():
        for post in posts[:MOST_LINKING]:
            newest = post.newest_version()
            content = newest.content if newest else content_of(post)
            found = codes(check(content, post=post, site=site))
            same = Post.objects.filter(pk=post.pk, problems=post.problems)
            changed += same.exclude(problems=found).update(problems=found)
    return changed


@chore(every=timedelta(hours=6))
@task(priority=-50)
@policy(attempts=1, time_limit=120)
def empty_trash() -> int:
    """Delete what has been in the trash for thirty days, and what nobody will ask for again."""
    now = timezone.now()
    PreviewLink.objects.filter(expires_at__lte=now - timedelta(days=DAYS_OF_ENDED_LINKS)).delete()
    forgotten = now - timedelta(days=DAYS_OF_KEPT_TEXT)
    Autosave.objects.filter(post=None, saved_at__lte=forgotten).delete()
    old = Post.objects.filter(trashed_at__lte=now - timedelta(days=DAYS_IN_TRASH))
    pks = list(old.order_by("trashed_at").values_list("pk", flat=True)[:AT_ONCE])
    for pk in pks:
        with stamping():
            # Taken out of the trash in this moment, it stays.
            if old.filter(pk=pk).delete()[0]:
                forget([pk])
            touch(f"post:{pk}", removed=True)
    return len(pks)
