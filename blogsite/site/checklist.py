"""What is looked at before a post goes out, by name. The looking is done where posts live."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Check(models.TextChoices):
    TITLE = "title", _("No title")
    TEXT = "text", _("No text, or none that can be rendered")
    SLUG = "slug", _("The address is taken")
    TODO = "todo", _("TODO or TK is left")
    ALT = "alt", _("Pictures without a description")
    HEADINGS = "headings", _("Headings out of order")
    INSIDE = "inside", _("Dead links inside the site")
    OUTSIDE = "outside", _("Dead links to other sites")
    DESCRIPTION = "description", _("No standfirst, no description")
    COVER = "cover", _("No cover, or not described")
    WEIGHT = "weight", _("Heavy pictures")
    TAGS = "tags", _("No topic")


#: Without these a post cannot stand on a page; no setting lets them pass.
ALWAYS = (Check.TITLE, Check.TEXT, Check.SLUG)
#: What the owner may choose to let stop a post.
OPTIONAL = tuple(check for check in Check if check not in ALWAYS)
#: A forgotten mark in the text is a mistake on every blog; the rest is a matter of taste.
STOPPING_AT_FIRST = "todo"
