"""What leaves the library: files whose rows are gone, and what was put away long ago.

A row goes together with a note of its folder (`Leaving`), and the files follow the note. Whoever
removes one holds the note locked, and whoever stores the same bytes takes it away first: so
neither a killed process nor an upload in the same moment leaves a row without its file.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from blogsite.media import references
from blogsite.media.models import File, FormerName, Image, Leaving, Upload
from blogsite.media.signals import tell
from blogsite.media.storing import names_in
from blogsite.pagecache import stamping, touch

KEPT_AFTER_PUT_AWAY = timedelta(days=30)


def let_go(*uploads: Upload) -> None:
    """Remove the rows, and note that their files are to follow."""
    with stamping():
        tell(*(upload for upload in uploads if isinstance(upload, Image)))
        for upload in uploads:
            note(upload.name)
            upload.delete()
        touch("site")


def note(name: str) -> None:
    """What lies in the folder of this name is to go, unless an upload claims it back."""
    Leaving.objects.get_or_create(folder=name.partition("/")[0])


def remove_folders() -> int:
    """Remove the files behind every note; what an upload has claimed back stays."""
    done = 0
    for leaving in list(Leaving.objects.all()):
        # One by one: SQLite lets nobody else write meanwhile.
        for name in names_in(leaving.folder):
            _remove(leaving, f"{leaving.folder}/{name}")
        done += leaving.delete()[0]
    return done


def clear_away() -> int:
    """Remove what was put away long ago, unless somebody has come to use it after all."""
    references.recount()
    removed = 0
    for library in (Image, File):
        old = library.objects.filter(put_away_at__lt=timezone.now() - KEPT_AFTER_PUT_AWAY)
        old.filter(references.used(library)).update(put_away_at=None)
        unused = old.exclude(references.used(library))
        for pk in list(unused.values_list("pk", flat=True)):
            with stamping():
                for upload in unused.filter(pk=pk):  # perhaps somebody uses it by now
                    let_go(upload)
                    removed += 1
    remove_folders()
    return removed


def _remove(leaving: Leaving, name: str) -> None:
    with transaction.atomic():
        if not Leaving.objects.select_for_update().filter(pk=leaving.pk).first():
            return  # claimed back
        below = {"name__startswith": f"{leaving.folder}/"}
        is_back = any(kind._default_manager.filter(**below).exists() for kind in (Image, File))
        # Uploaded again under another name: only what was replaced goes.
        if not is_back or FormerName.objects.filter(name=name).exists():
            default_storage.delete(name)
