"""News from the library for the floors above. Sent after the commit, never inside it."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from blogsite.media.models import FormerName, Image

#: A page that shows this picture should look different now: variants were made, or other bytes
#: took its place. `names` are the names in the storage under which texts may know it, today's
#: and former ones; `pk` is the picture's, for covers. May come more than once for one change.
picture_changed = Signal()


def tell(*images: Image) -> None:
    """After the commit; with today's name and those that texts may still write."""
    names = {image.pk: [image.name] for image in images}
    for pk, name in FormerName.objects.filter(image__in=names).values_list("image", "name"):
        names[pk].append(name)
    for pk, known_as in names.items():
        transaction.on_commit(partial(picture_changed.send_robust, Image, pk=pk, names=known_as))
