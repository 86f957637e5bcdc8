from posts.models.address import NotFound, Redirect, SlugHistory
from posts.models.link import OutsideLink
from posts.models.organise import Authorship, FormerTag, Series, Tag
from posts.models.post import Post
from posts.models.preview import PreviewLink
from posts.models.step import Step
from posts.models.version import Autosave, Version

__all__ = [
    "Authorship",
    "Autosave",
    "FormerTag",
    "NotFound",
    "OutsideLink",
    "Post",
    "PreviewLink",
    "Redirect",
    "Series",
    "SlugHistory",
    "Step",
    "Tag",
    "Version",
]
