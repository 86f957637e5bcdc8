"""What was counted, for whoever may see it: editors everything, others what is about their own
posts."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone

from accounts.models import User
from blogsite.stats.charts import DAYS, last_days, last_months
from blogsite.stats.models import SITE, DayCount
from posts.models import Post

Kind = DayCount.Kind
SHOWN = 10
#: A service may rest for a day, and so may people who fetch the feed by a program of their own.
DAYS_OF_READERS = 7


def site_views(user: User, shown: int = SHOWN) -> dict[str, Any]:
    today, rows = timezone.localdate(), _seen_by(user, Kind.VIEWS)
    counted = dict(_since(rows, today, 2 * DAYS).values_list("day").annotate(n=Sum("count")))
    chart = last_days(counted, today)
    posts = _since(rows, today, DAYS).exclude(post_id=SITE).values_list("post_id")
    top = list(posts.annotate(n=Sum("count")).order_by("-n", "post_id")[:shown])
    there = Post.objects.only("title").in_bulk([pk for pk, _n in top])
    ranked = _ranked([(there[pk], n) for pk, n in top if pk in there])
    return {"days": chart, "before": sum(counted.values()) - chart.total, "top": ranked}


def site_sources(user: User) -> dict[str, Any]:
    """Where readers come from, and how many follow by a feed reader."""
    today = timezone.localdate()
    sources = {"referrers": _hosts(_seen_by(user, Kind.REFERRER), today)}
    if not _sees_all(user):
        return sources
    rows = _since(DayCount.objects.filter(kind=Kind.READERS), today, DAYS_OF_READERS)
    named = rows.values_list("name").annotate(n=Max("count")).order_by("-n", "name")
    readers = _ranked(list(named))
    following = sum(reader["number"] for reader in readers)
    return sources | {"readers": readers[:SHOWN], "following": following, "sees_all": True}


def post_views(post: Post) -> dict[str, Any]:
    today, rows = timezone.localdate(), DayCount.objects.filter(post=post)
    counted = dict(rows.filter(kind=Kind.VIEWS).values_list("day", "count"))
    return {
        "total": sum(counted.values()),
        "since": min(counted, default=today),
        "days": last_days(counted, today),
        "months": last_months(counted, today),
        "referrers": _hosts(rows.filter(kind=Kind.REFERRER), today),
    }


def _sees_all(user: User) -> bool:
    return user.has_perm("posts.edit_any_post")


def _seen_by(user: User, kind: str) -> Any:
    rows, own = DayCount.objects.filter(kind=kind), Post.objects.owned_by(user).order_by()
    return rows if _sees_all(user) else rows.filter(post__in=own.values("pk"))


def _since(rows: Any, today: date, days: int) -> Any:
    return rows.filter(day__gt=today - timedelta(days=days))


def _hosts(rows: Any, today: date) -> list[dict[str, Any]]:
    named = _since(rows, today, DAYS).values_list("name").annotate(n=Sum("count"))
    return _ranked(list(named.order_by("-n", "name")[:SHOWN]))


def _ranked(rows: list[tuple[Any, int]]) -> list[dict[str, Any]]:
    """With the length of the bar below each, in percent of the first one's."""
    most = max(1, rows[0][1]) if rows else 1
    return [{"name": name, "number": n, "share": round(100 * n / most)} for name, n in rows]
