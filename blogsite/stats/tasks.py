"""What no longer has a use goes."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from blogsite.site.models import SiteSettings
from blogsite.stats.models import KEPT, SITE, DayCount, ReadLog
from blogsite.tasks import policy, task
from blogsite.tasks.chores import chore
from posts.models import Post


@chore(every=timedelta(hours=6))
@task(priority=-50)
@policy(attempts=1, time_limit=120)
def prune_statistics() -> int:
    """Delete figures of more than two years ago, and the marks of days that are over."""
    now = timezone.now()
    today = timezone.localdate(now, SiteSettings.current().zone)
    # Left by a release that did not know this table, or by a view of the last second.
    gone = ~Q(post_id=SITE) & ~Exists(Post.objects.filter(pk=OuterRef("post_id")))
    over = Q(day__lt=today - KEPT) | Q(day__lt=today, kind=DayCount.Kind.PROGRAM)
    ReadLog.objects.filter(read_at__lt=now - KEPT).delete()
    return DayCount.objects.filter(over | gone).delete()[0]
