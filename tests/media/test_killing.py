"""Whoever uploads or clears up may be killed at any point: nothing is broken by it, and a
repeated run finishes the work."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blogsite.media import leaving
from blogsite.media.models import Image, Leaving
from blogsite.media.services import receive
from tests.media import pictures
from tests.source import ROOT
from tests.tasks.conftest import database_url


def picture(number: int) -> ContentFile:
    """Without a colour profile, which holds the second in which a process made it."""
    data = pictures.saved(pictures.drawing((50 + number, 40)), "PNG")
    return ContentFile(data, f"{number}.png")


KILLED = """
import os, signal, sys
from datetime import timedelta
import django
django.setup()
from django.db import connection
from django.utils import timezone
from blogsite.media import leaving
from blogsite.media.models import Image
from blogsite.media.services import receive
from tests.media.test_killing import picture
PARTS = ("media/services.py", "media/on_disk.py", "media/leaving.py", "media/storing.py",
         "media/references.py", "db/transaction.py", "tasks/queue.py")

def upload(number):
    receive(picture(number), by=None)

def sweep(number):
    leaving.clear_away()

def steps(work, number, stop=None):
    seen = 0
    def watch(frame, event, argument):
        nonlocal seen
        if event in ("call", "return") and frame.f_code.co_filename.endswith(PARTS):
            seen += 1
            if seen == stop:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(watch)
    work(number)
    sys.setprofile(None)
    return seen

def killed_everywhere(work, first, before, times):
    before(first)
    most = steps(work, first)
    connection.close()
    getattr(connection, "close_pool", list)()
    numbers = range(first + 1, first + times + 1)
    for number in numbers:
        if not (pid := os.fork()):
            before(number)
            steps(work, number, (number - first) * most // (times + 1))
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    return numbers

def put_away(number):
    upload(number)
    Image.objects.filter(original_name=f"{number}.png").update(
        put_away_at=timezone.now() - timedelta(days=31))

print(*killed_everywhere(upload, 0, lambda number: None, 20))
killed_everywhere(sweep, 100, put_away, 8)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_nothing_is_broken_and_a_repeated_run_finishes(media_root):
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "MEDIA_ROOT": str(media_root)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert 1 < Image.objects.filter(put_away_at=None).count() < 21  # some before their rows
    assert Image.objects.exclude(put_away_at=None).exists() or Leaving.objects.exists()
    everything_is_whole()
    leaving.clear_away()
    for number in map(int, done.stdout.split()):
        receive(picture(number), by=None)
    everything_is_whole()
    assert Image.objects.count() == 21
    assert not Leaving.objects.exists()
    named = set(Image.objects.values_list("name", flat=True))
    assert set(default_storage.names()) == named


def everything_is_whole() -> None:
    for image in Image.objects.all():
        with default_storage.open(image.name) as file:
            assert sha256(file.read()).hexdigest() == image.sha256
