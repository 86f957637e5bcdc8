from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_WRITE = ["add_image", "view_image", "change_image", "add_file", "view_file", "change_file"]
_OF_ANYBODY = ["edit_any_image", "delete_image", "delete_file"]


class MediaConfig(AppConfig):
    name = "blogsite.media"
    label = "media"
    verbose_name = _("Media")

    #: `change_image` is about one's own uploads; `edit_any_image` opens everybody's.
    role_grants = {
        "Contributor": _WRITE,
        "Author": _WRITE,
        "Editor": [*_WRITE, *_OF_ANYBODY],
        "Administrator": [*_WRITE, *_OF_ANYBODY],
    }

    def ready(self) -> None:
        from blogsite.media.ground import register_ground

        register_ground()
