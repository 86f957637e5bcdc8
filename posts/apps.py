from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_OWN = ["add_post", "change_post", "delete_post", "view_post", "view_tag", "view_series"]
_PUBLISH = ["publish_post", "add_tag", "add_series"]
_ORGANISE = [
    f"{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for model in ("tag", "series", "redirect")
]
_EVERYTHING = ["edit_any_post", *_ORGANISE, "delete_notfound", "view_notfound"]


class PostsConfig(AppConfig):
    name = "posts"
    verbose_name = _("Writing")

    #: `change_post` is about one's own posts; `edit_any_post` opens everybody's.
    role_grants = {
        "Contributor": _OWN,
        "Author": [*_OWN, *_PUBLISH],
        "Editor": [*_OWN, *_PUBLISH, *_EVERYTHING],
        "Administrator": [*_OWN, *_PUBLISH, *_EVERYTHING],
    }

    def ready(self) -> None:
        from blogsite.pagecache import nothing_here
        from posts import checks, picture_news, renamed, social  # noqa: F401  (checks register themselves)
        from posts.references import register_references
        from posts.services import indexing
        from posts.services.dead_addresses import note_dead_address

        nothing_here.connect(
            lambda request, **_: note_dead_address(request), weak=False, dispatch_uid="posts.dead"
        )
        register_references()
        picture_news.listen()
        indexing.listen()
        renamed.listen()
        social.listen()
