"""Small things the desk's pages print."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from posts import badges
from posts.models import Post

register = template.Library()

register.simple_tag(badges.badge)
register.filter("grouped", partial(number_format, force_grouping=True))


@register.simple_tag
def newest_post() -> Post | None:
    """One that everybody may read."""
    return Post.objects.listed().filter(visibility="public").only("slug").first()


@register.simple_tag
def in_zone(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the clock of another place shows it."""
    return date_format(timezone.localtime(moment, zone), _("j M, H:i"))
