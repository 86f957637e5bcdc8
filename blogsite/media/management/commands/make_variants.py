"""Have the smaller copies of pictures made that are missing. It can be repeated."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from blogsite.media.models import Image
from blogsite.media.tasks import make_variants


class Command(BaseCommand):
    help = "Queues the making of smaller copies for all pictures that have none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help="look at finished pictures too, and make what the storage has lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pictures = Image.objects.order_by("pk")
        if not options["all"]:
            pictures = pictures.filter(variants={})
        names = list(pictures.values_list("name", flat=True))
        for name in names:
            make_variants.enqueue(name)
        self.stdout.write(f"{len(names)} pictures are in the queue; the worker does the rest.")
