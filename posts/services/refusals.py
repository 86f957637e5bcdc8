"""Why a post is not saved. Nothing was written then, and the words of each say what to do."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blogsite.prepared import Prepared
from posts.checklist import Finding
from posts.models import Post, Version
from posts.search import Names, with_names


class NotSaved(Exception):
    """Any of these: what is in the way, in a sentence."""

    about: Any = gettext_lazy("“%(post)s”: %(why)s")

    def of(self, post: Post) -> str:
        return str(self.about) % {"post": post, "why": self}


class NewerVersion(NotSaved):
    """Somebody saved since the text was opened."""

    def __init__(self, newest: Version) -> None:
        told = _("Somebody saved a newer version meanwhile. Nothing was changed; have a look.")
        super().__init__(told)
        self.newest = newest


class AddressTaken(NotSaved):
    """Another post got this address first."""

    def __init__(self, slug: str) -> None:
        told = _("The address /%(slug)s/ belongs to another post. Choose another one.")
        super().__init__(told % {"slug": slug})


class PutAway(NotSaved):
    """The post was put in the trash meanwhile."""

    def __str__(self) -> str:
        return _("The post is in the trash. Take it out there, then save what you wrote here.")


class Gone(NotSaved):
    """The post was deleted meanwhile."""

    def __str__(self) -> str:
        return _("Somebody has deleted the post meanwhile.")


class CannotStep(NotSaved):
    """The post is not where this step begins: somebody else was quicker."""

    def __str__(self) -> str:
        return _("Somebody else was quicker: the post is in another state now. Have a look.")


class Stopped(NotSaved):
    """The check list says that this must not go out."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(found.message for found in findings))
        self.findings = findings


def locked(pk: int) -> Post:
    """The row as it is now. The lock makes two who change one post follow each other."""
    for row in LOCKED.ask(pk=pk):
        return row
    raise Gone


def newest_of(row: Post) -> tuple[Version | None, Names]:
    """The newest version, and by which names the post is found now: asked after the lock, for
    whoever held it may have merged a topic."""
    if row.pk is None:
        return None, ([], [])
    pk, number, content, tags, people = NEWEST.ask(pk=row.pk)[0]
    newest = Version(pk=pk, post=row, number=number, content=content) if pk else None
    return newest, (tags or [], people or [])


LOCKED = Prepared(lambda pk: Post.objects.select_for_update().filter(pk=pk))
COLUMNS = ("versions__pk", "versions__number", "versions__content", "its_tags", "its_people")
NEWEST = Prepared(
    lambda pk: (
        with_names(Post.objects.filter(pk=pk))
        .order_by("-versions__number")
        .values_list(*COLUMNS)[:1]
    )
)
