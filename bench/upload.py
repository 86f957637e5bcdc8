"""What a photograph costs the request that brings it: `python -m bench.upload`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO

from bench.blog import ROOT, Environment
from bench.budget import Budget
from bench.media import PICTURE

MEGABYTES, TIMES = 5.0, 3
MOST_CPU_MS, MOST_MS = 300, 1000


def measure(blog: Environment) -> Iterator[Budget]:
    program = [sys.executable, "-m", "bench.upload"]
    done = subprocess.run(program, cwd=ROOT, env=blog, stdout=subprocess.PIPE, text=True)
    found = re.search(r"([\d.]+) MB: ([\d.]+) ms of CPU, answered in ([\d.]+) ms", done.stdout)
    if found is None:
        raise SystemExit("The photograph was not uploaded.")
    megabytes, cpu, answered = found.groups()
    what = f"upload of a JPEG of 12 megapixels, {megabytes} MB"
    yield Budget(f"{what}: CPU", float(cpu), "ms", at_most=MOST_CPU_MS)
    yield Budget(f"{what}: answered", float(answered), "ms", at_most=MOST_MS)


def photograph(number: int) -> bytes:
    """Of the size that is promised, and each another one: the same is stored only once."""
    from PIL import Image

    picture = Image.merge(
        "RGB", [Image.effect_noise(PICTURE, 24 + number / 10).resize(PICTURE) for _channel in "rgb"]
    )
    for quality in range(90, 30, -4):
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= MEGABYTES * 1e6:
            break
    return out.getvalue()


def upload() -> tuple[float, float, float]:
    """The median of a few: megabytes, milliseconds of CPU, and until the answer."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(User.objects.create_superuser("bench@example.org", f"bench{os.getpid()}"))
    found = []
    for number in range(TIMES + 1):
        data = photograph(number)
        file = SimpleUploadedFile(f"{number}.jpg", data)
        cpu, begun = time.process_time(), time.perf_counter()
        answer = client.post(reverse("admin:media_upload"), {"file": file}, secure=True)
        took = (time.process_time() - cpu, time.perf_counter() - begun)
        if answer.status_code != 201:
            raise SystemExit(answer.content.decode())
        found.append((len(data) / 1e6, took[0] * 1000, took[1] * 1000))
    return sorted(found[1:], key=lambda one: one[1])[TIMES // 2]  # the first one imports


if __name__ == "__main__":
    print("{:.1f} MB: {:.0f} ms of CPU, answered in {:.0f} ms".format(*upload()))
