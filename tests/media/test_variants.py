"""Smaller copies: what is made, where it goes, and what happens when something goes wrong."""

from functools import cache
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from PIL import Image as Pillow

from blogsite.media import moving, programs, shrinking, variants
from blogsite.media.models import Image
from blogsite.media.programs import Impossible, TooLarge
from blogsite.media.services import delete_uploads, replace_image, store_image
from blogsite.media.showing import facts
from blogsite.media.signals import picture_changed
from blogsite.media.tasks import make_variants, remove_files
from blogsite.media.variants import make_variants_of, widths_of
from blogsite.pagecache.stamps import pending
from blogsite.site.models import SiteSettings
from blogsite.tasks.models import QueuedTask
from blogsite.tasks.worker import drain
from tests.media import pictures

pytestmark = pytest.mark.django_db


@cache
def noise(size=(400, 300)) -> Pillow.Image:
    return Pillow.effect_noise((size[0] // 4, size[1] // 4), 90).resize(size)


def photograph(size=(400, 60), **options) -> bytes:
    """Soft noise over a gradient: a flat drawing would be lighter than any copy of it. Wide and
    low: encoding takes its time by the pixel, and copies are asked for by their width."""
    gradient = Pillow.linear_gradient("L").resize(size)
    colours = Pillow.merge("RGB", (noise(size), gradient, noise(size)))
    return pictures.saved(colours, options.pop("kind", "JPEG"), **options)


def stored(data: bytes = b"", name: str = "pier.jpg", **given) -> Image:
    return store_image(ContentFile(data or photograph(**given), name), by=None, alt="A pier")


def made(image: Image) -> Image:
    make_variants_of(image.name)
    image.refresh_from_db()
    return image


def shrunk(data: bytes, *names: str) -> bytes:
    """What the program writes, in this process: it takes half a second to start one."""
    copies = BytesIO()
    shrinking.main(list(names), BytesIO(data), copies)
    return copies.getvalue()


def files_of(image: Image) -> set[str]:
    return set(default_storage.listdir(image.folder)[1])


def opened(image: Image, name: str) -> Pillow.Image:
    with default_storage.open(f"{image.folder}/{name}") as file:
        return pictures.opened(file.read())


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((4000, 3000), [320, 640, 960, 1280, 1920]),
        ((3000, 4000), [320, 640, 960, 1500]),
        ((700, 500), [320, 700]),
        ((1000, 700), [320, 640, 1000]),
        ((319, 200), []),
        ((1000, 30_000), []),
        ((11_500, 8_700), [320, 640, 960, 1280, 1920]),
    ],
)
def test_widths_follow_the_layout_and_never_exceed_the_original(size, widths):
    assert widths_of(*size) == widths


def test_copies_are_made_named_in_the_row_and_go_with_it(storage):
    image = made(stored())
    assert image.variants == {"avif": [320, 400], "webp": [320, 400], "jpg": [320, 400]}
    copies = {f"{w}.{kind}" for kind, widths in image.variants.items() for w in widths}
    assert files_of(image) == copies | {"pier.jpg"}
    for name in copies:
        copy = opened(image, name)
        assert copy.width == int(name.partition(".")[0])
        assert {"jpg": "JPEG"}.get(name[4:], name[4:].upper()) == copy.format
        assert default_storage.size(f"{image.folder}/{name}") < image.bytes
    delete_uploads(image)
    remove_files.call()
    assert [name for name in storage.names() if name.startswith(image.folder)] == []


def test_an_upload_queues_them_with_its_row():
    image = stored()
    queued = QueuedTask.objects.get(task_path=make_variants.module_path)
    assert queued.args_kwargs["args"] == [image.name]
    make_variants.call(image.name)
    stored()  # the same again: there is nothing left to make
    assert QueuedTask.objects.filter(task_path=make_variants.module_path).count() == 1


def test_nothing_but_upright_pixels_in_srgb_is_in_them():
    data = photograph(exif=pictures.exif(), icc_profile=pictures.profile(), comment=pictures.SECRET)
    image = made(stored(data))
    for name in files_of(image) - {"pier.jpg"}:
        copy = opened(image, name)
        assert not copy.info.keys() & {"exif", "xmp", "icc_profile", "comment"}


def test_photographs_on_their_side_are_turned():
    side = Pillow.new("RGB", (700, 500), "#2244cc")
    side.paste("#cc2222", (0, 0, 350, 500))
    side = Pillow.blend(side, Pillow.effect_noise((700, 500), 60).convert("RGB"), 0.2)
    image = made(stored(pictures.saved(side, "JPEG", exif=pictures.exif(6), quality=95)))
    assert (image.width, image.height) == (500, 700)
    best = next(kind for kind, widths in image.variants.items() if widths)
    copy = opened(image, f"320.{best}")
    assert copy.size == (320, 448)
    red, _green, blue = copy.convert("RGB").getpixel((160, 20))
    assert red > blue


def test_transparency_stays():
    clear = Pillow.merge("RGBA", [Pillow.effect_noise((350, 250), 90)] * 4)
    image = made(stored(pictures.saved(clear, "PNG"), "sign.png"))
    assert image.variants["png"] == [350]
    for kind in ("avif", "webp", "png"):
        assert opened(image, f"350.{kind}").convert("RGBA").getextrema()[3][0] < 250


@pytest.mark.parametrize("mode", ["L", "LA", "P", "I;16", "CMYK"])
def test_every_kind_of_colour_can_be_made_smaller(mode):
    picture = noise().convert("I").point(lambda v: v * 257) if mode == "I;16" else noise()
    picture = picture.convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    copies = shrunk(pictures.saved(picture, kind), "320.webp")
    shown = pictures.opened(copies.partition(b"\n")[2]).convert("L").resize((1, 1)).getpixel((0, 0))
    assert 110 < shown < 145  # the middle of the noise: neither black nor white


def test_animations_go_on_moving():
    first, second = (Pillow.effect_noise((400, 300), n) for n in (20, 90))
    for kind in ("GIF", "WEBP", "AVIF", "PNG"):
        data = pictures.saved(first, kind, save_all=True, append_images=[second])
        assert shrunk(data, "320.webp") == b""
    image = made(stored(data, "film.png"))
    assert set(map(tuple, image.variants.values())) == {()}
    assert len(files_of(image)) == 1


def test_what_would_save_nothing_is_not_kept():
    flat = pictures.saved(Pillow.new("P", (900, 700)), "PNG")
    image = made(stored(flat, "flat.png"))
    assert not any(image.variants.values())
    assert files_of(image) == {"flat.png"}


def test_what_is_there_is_not_made_again(monkeypatch):
    image = stored()
    monkeypatch.setattr(Image.objects, "filter", killed_after(Image.objects.filter, calls=1))
    with pytest.raises(KeyboardInterrupt):
        make_variants_of(image.name)
    monkeypatch.undo()
    image.refresh_from_db()
    assert image.variants == {}
    assert len(files_of(image)) == 7
    default_storage.delete(f"{image.folder}/320.webp")
    asked = []
    copies = variants._copies
    monkeypatch.setattr(variants, "_copies", lambda i, n: asked.extend(n) or copies(i, n))
    assert made(image).variants["webp"] == [320, 400]
    assert asked == ["320.webp"]
    made(image)
    assert asked == ["320.webp"]


def killed_after(function, calls: int):
    left = [calls]

    def until_then(*args, **options):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return function(*args, **options)

    return until_then


def test_killed_while_storing_the_row_names_nothing_and_a_repeated_run_finishes(monkeypatch):
    image, writes = stored(), 3
    monkeypatch.setattr(variants, "write", killed_after(variants.write, calls=writes))
    with pytest.raises(KeyboardInterrupt):
        make_variants_of(image.name)
    monkeypatch.undo()
    image.refresh_from_db()
    assert image.variants == {}
    assert len(files_of(image)) == 1 + writes
    assert made(image).variants == {"avif": [320, 400], "webp": [320, 400], "jpg": [320, 400]}


def test_what_the_storage_has_lost_is_made_again():
    image = made(stored())
    default_storage.delete(f"{image.folder}/320.avif")
    made(image)
    assert default_storage.exists(f"{image.folder}/320.avif")


def test_deleted_meanwhile_nothing_is_left(monkeypatch):
    image = stored()
    write = variants.write

    def delete_after_storing(name, data):
        write(name, data)
        Image.objects.all().delete()

    monkeypatch.setattr(variants, "write", delete_after_storing)
    make_variants_of(image.name)
    assert [name for name in default_storage.names() if name.startswith(image.folder)] == []


def test_replaced_meanwhile_the_new_one_has_its_own(monkeypatch):
    image = stored()
    old = image.name
    new = replace_image(image, ContentFile(photograph((500, 80)), "new.jpg"))
    make_variants_of(old)
    new.refresh_from_db()
    assert new.variants == {}
    assert made(new).variants["avif"] == [320, 500]


def test_news_come_when_they_are_finished(django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, pk, names, **more):
        heard.append((pk, list(names), Image.objects.get(pk=pk).variants["avif"]))

    image = stored()
    picture_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            make_variants_of(image.name)
        with django_capture_on_commit_callbacks(execute=True):
            make_variants_of(image.name)  # the first run may have died before it told anybody
    finally:
        picture_changed.disconnect(hear)
    assert heard == [(image.pk, [image.name], [320, 400])] * 2


def test_too_little_memory_is_seen_and_the_original_stays(monkeypatch, tmp_path):
    image = stored(size=(1000, 700))
    with monkeypatch.context() as patch:
        bounded(patch, tmp_path, "128 * 2**20", "24 * 2**20")
        with pytest.raises(TooLarge):
            make_variants_of(image.name)
    image.refresh_from_db()
    assert image.is_too_large
    assert facts(image).variants == ()
    assert default_storage.exists(image.name)
    assert made(image).variants["avif"] == [320, 640, 1000]  # with more memory, tried again


def bounded(patch, folder, usual: str, less: str, program: str = "") -> None:
    source = (programs.HERE / "bounded.py").read_text()
    assert usual in source
    (folder / "bounded.py").write_text(source.replace(usual, less))
    (folder / "shrinking.py").write_text(program or (programs.HERE / "shrinking.py").read_text())
    patch.setattr(programs, "HERE", folder)


def test_too_little_time_is_no_lack_of_memory_to_be_tried_again(monkeypatch, tmp_path):
    image = stored(size=(1000, 700))
    bounded(monkeypatch, tmp_path, "CPU_SECONDS = 60", "CPU_SECONDS = 1", "while True: pass")
    with pytest.raises(TooLarge, match="ended with -24"):
        make_variants_of(image.name)
    image.refresh_from_db()
    assert image.is_too_large


def test_copies_of_the_logo_reach_kept_pages(media_root):
    logo, other = stored(), stored(photograph((500, 60)))
    SiteSettings.objects.update(logo=logo)
    for image, names in ((other, {}), (logo, {"site": False})):
        with transaction.atomic():
            make_variants_of(image.name)
            assert pending() == names


def test_a_failure_for_good_is_seen_in_the_queue_and_not_tried_again():
    image = stored()
    default_storage.delete(image.name)
    drain()
    queued = QueuedTask.objects.get(task_path=make_variants.module_path)
    assert queued.status == "FAILED"
    assert queued.attempts == 1
    assert "not in the storage" in queued.traceback


def test_the_command_queues_what_is_missing_and_with_all_everything():
    first, second = made(stored()), stored(photograph((800, 80)))
    QueuedTask.objects.all().delete()
    told = StringIO()
    call_command("make_variants", stdout=told)
    assert told.getvalue().startswith("1 pictures")
    assert names_in_queue() == {second.name}
    call_command("make_variants", "--all", stdout=told)
    assert names_in_queue() == {first.name, second.name}


def names_in_queue() -> set[str]:
    queued = QueuedTask.objects.filter(task_path=make_variants.module_path)
    return {task.args_kwargs["args"][0] for task in queued}


def test_a_copy_is_served_under_its_own_name_with_its_own_tag(client):
    image = made(stored())
    address = f"/media/{image.folder}/320.avif"
    answer = client.get(address)
    data = b"".join(answer.streaming_content)
    assert pictures.opened(data).width == 320
    assert answer["Content-Type"] == "image/avif"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Disposition"] == "inline"
    tags = {answer["ETag"], f'"{image.folder}"'}
    tags |= {
        client.head(f"/media/{image.folder}/{name}")["ETag"] for name in ("400.avif", "320.webp")
    }
    assert len(tags) == 4
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    original = client.get(address, headers={"If-None-Match": f'"{image.folder}"'})
    assert original.status_code == 200
    assert b"".join(original.streaming_content) == data
    part = client.get(address, headers={"Range": "bytes=4-11", "If-Range": answer["ETag"]})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, data[4:12])


def test_moving_takes_copies_along_and_can_be_repeated(keep_in, db):
    disk = keep_in("disk")
    image = made(stored())
    database = moving.storage_of("database")
    moved = moving.move(moving.all_names(disk), disk, database, delete=True)
    for _first in range(3):
        next(moved)
    moved.close()  # as if killed here
    list(moving.move(moving.all_names(disk), disk, database, delete=True))
    assert len(list(database.names())) == 7
    assert list(disk.names()) == []
    assert all(f"{image.folder}/320.{kind}" in database.names() for kind in image.variants)


def test_bytes_that_are_no_picture_break_the_program_only():
    image = stored()
    default_storage.delete(image.name)
    default_storage.save(image.name, ContentFile(b"\xff\xd8\xff" + b"x" * 100))
    with pytest.raises(Impossible, match="cannot identify"):
        make_variants_of(image.name)
    image.refresh_from_db()
    assert not image.is_too_large
