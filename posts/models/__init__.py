from posts.models.address import NotFound, Redirect, SlugHistory
from posts.models.organise import Authorship, Series, Tag
from posts.models.post import Post
from posts.models.version import Autosave, Version

__all__ = [
    "Authorship",
    "Autosave",
    "NotFound",
    "Post",
    "Redirect",
    "Series",
    "SlugHistory",
    "Tag",
    "Version",
]
