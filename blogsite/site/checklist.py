"""What is looked at before a post goes out, by name. The looking is done where posts live."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Check(models.TextChoices):
    TITLE = "title", _("There is a title")
    TEXT = "text", _("There is a text, and it can be rendered")
    SLUG = "slug", _("The address is free")
    TODO = "todo", _("No TODO or TK is left")
    ALT = "alt", _("Pictures have a description")
    HEADINGS = "headings", _("Headings follow each other in order")
    INSIDE = "inside", _("Links inside the site lead somewhere")
    OUTSIDE = "outside", _("Links to other sites answer")
    DESCRIPTION = "description", _("There is a standfirst or a description")
    COVER = "cover", _("There is a cover, and it is described")
    WEIGHT = "weight", _("Pictures are not too heavy")
    TAGS = "tags", _("There is a topic")


#: Without these a post cannot stand on a page; no setting lets them pass.
ALWAYS = (Check.TITLE, Check.TEXT, Check.SLUG)
#: What the owner may choose to let stop a post.
OPTIONAL = tuple(check for check in Check if check not in ALWAYS)
#: A forgotten mark in the text is a mistake on every blog; the rest is a matter of taste.
STOPPING_AT_FIRST = "todo"
