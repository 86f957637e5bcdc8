"""What is let in, what is refused and why, and what is left of a picture afterwards."""

import random
import struct
import zlib
from contextlib import suppress
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from PIL import Image as Pillow
from PIL import ImageOps

from blogsite.media import decoding
from blogsite.media.decoding import MOST_FRAMES, MOST_PIXELS, read_picture
from tests.media import pictures
from tests.media.pictures import ORIENTATION

MAKERS = {
    "image/jpeg": pictures.jpeg,
    "image/png": pictures.png,
    "image/gif": pictures.gif,
    "image/webp": pictures.webp,
    "image/avif": pictures.avif,
}
RED, BLUE = (204, 34, 34), (34, 68, 204)


def refusal(data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        read_picture(data)
    [sentence] = caught.value.messages
    return sentence


def is_like(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("mime", MAKERS)
def test_a_picture_keeps_its_pixels_and_colours_and_loses_its_notes(mime):
    given = MAKERS[mime]()
    assert pictures.SECRET in given
    picture = read_picture(given)
    assert (picture.mime, picture.width, picture.height) == (mime, 80, 60)
    assert pictures.SECRET not in picture.data
    before, after = pictures.opened(given), pictures.opened(picture.data)
    assert dict(after.getexif()) == {}
    assert not {"exif", "xmp", "comment", "Author", "Place"} & set(after.info)
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    if mime != "image/avif":
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
def test_a_picture_stands_upright_and_keeps_no_other_note(make):
    for orientation in range(2, 9):
        stands_upright(make, orientation)


def stands_upright(make, orientation: int) -> None:
    given = make(orientation=orientation)
    upright = Pillow.Image.transpose(
        pictures.opened(given).convert("RGB"),
        {
            2: Pillow.Transpose.FLIP_LEFT_RIGHT,
            3: Pillow.Transpose.ROTATE_180,
            4: Pillow.Transpose.FLIP_TOP_BOTTOM,
            5: Pillow.Transpose.TRANSPOSE,
            6: Pillow.Transpose.ROTATE_270,
            7: Pillow.Transpose.TRANSVERSE,
            8: Pillow.Transpose.ROTATE_90,
        }[orientation],
    )
    picture = read_picture(given)
    stored = pictures.opened(picture.data)
    is_turned_when_shown = make is pictures.jpeg
    assert dict(stored.getexif()) == ({ORIENTATION: orientation} if is_turned_when_shown else {})
    after = ImageOps.exif_transpose(stored)
    assert (picture.width, picture.height) == after.size == upright.size
    assert after.info["icc_profile"]
    for place in [(3, 3), (after.width - 4, 3), (3, after.height - 4)]:
        assert is_like(after.convert("RGB").getpixel(place), upright.getpixel(place))


def test_a_huge_jpeg_is_not_unpacked_but_shown_upright_by_the_browser():
    huge = Pillow.new("L", (6000, 5000))
    picture = read_picture(pictures.saved(huge, "JPEG", exif=pictures.exif(6)))
    assert (picture.width, picture.height) == (5000, 6000)
    assert pictures.SECRET not in picture.data
    assert dict(Pillow.open(pictures.BytesIO(picture.data)).getexif()) == {ORIENTATION: 6}


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_animation_is_kept(kind):
    given = pictures.animated(kind)
    picture = read_picture(given)
    before, after = pictures.opened(given), pictures.opened(picture.data)
    assert after.n_frames == before.n_frames == 3
    assert after.info.get("loop") == before.info.get("loop")
    assert pictures.SECRET not in picture.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_clean_file_stays_as_it_is(kind):
    given = pictures.saved(pictures.drawing(), kind)
    assert read_picture(given).data == given


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_is_read(mode):
    image = Pillow.new(mode, (9, 9)) if mode == "I;16" else pictures.drawing(mode=mode)
    picture = read_picture(pictures.saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert len(picture.colour) == (0 if "A" in mode else 7)


def test_the_colour_is_the_one_there_is_most_of():
    image = pictures.drawing((90, 90))
    image.paste("#208040", (0, 20, 90, 90))
    assert read_picture(pictures.saved(image, "PNG")).colour == "#208040"


def test_what_can_be_seen_through_has_no_colour_to_shine_through():
    clear = Pillow.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert read_picture(pictures.saved(clear, "PNG")).colour == ""


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/gif", "image/webp"])
def test_what_hangs_on_behind_the_end_is_cut_off(mime):
    given = MAKERS[mime]()
    assert (
        read_picture(given + b"PK\x03\x04<script>alert(1)</script>").data
        == read_picture(given).data
    )


def test_a_thumbnail_of_what_was_cropped_away_goes():
    plain = pictures.saved(pictures.drawing(), "JPEG")
    thumbnail = b"\xff\xe0\x00\x16JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x02" + b"secret"
    assert plain[2:6] == b"\xff\xe0\x00\x10"
    given = plain[:2] + thumbnail + plain[20:]
    assert read_picture(given).data == plain


def test_several_pictures_in_one_jpeg_become_the_first():
    second = Pillow.new("RGB", (80, 60), "#00ff00")
    given = pictures.saved(pictures.drawing(), "MPO", save_all=True, append_images=[second])
    picture = read_picture(given)
    assert picture.mime == "image/jpeg"
    assert pictures.opened(picture.data).format == "JPEG"
    assert is_like(pictures.opened(picture.data).getpixel((3, 3)), RED)


def test_garbled_notes_do_not_refuse_a_picture():
    given = pictures.saved(pictures.drawing(), "JPEG", exif=b"Exif\0\0not notes at all")
    assert read_picture(given).width == 80


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (b"\xff\xfb\x90\x00" + bytes(500), "not a picture"),
        (b"%PDF-1.7 ...", "not a picture"),
        (b"PK\x03\x04" + bytes(100), "not a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><svg xmlns="x"/>', "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "HEIC"),
        (pictures.saved(pictures.drawing(), "BMP"), "not a picture"),
        (pictures.saved(pictures.drawing(), "TIFF"), "not a picture"),
        (pictures.saved(pictures.drawing(), "ICO"), "not a picture"),
    ],
    ids=["empty", "html", "mp3", "pdf", "zip", "svg", "svg-xml", "heic", "bmp", "tiff", "ico"],
)
def test_what_browsers_cannot_show_is_refused_with_the_reason(data, word):
    assert word in refusal(data)


@pytest.mark.parametrize("mime", MAKERS)
def test_a_file_that_is_cut_off_anywhere_is_refused(mime):
    given = MAKERS[mime]()
    for length in {len(given) * n // 12 for n in range(12)} | {len(given) - 1}:
        assert refusal(given[:length])


@pytest.mark.parametrize("mime", MAKERS)
def test_broken_bytes_are_read_or_refused_but_never_an_accident(mime):
    chance = random.Random(mime)
    given = MAKERS[mime]()
    for _attempt in range(40):
        broken = bytearray(given)
        for _byte in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(ValidationError):
            assert read_picture(bytes(broken)).mime in MAKERS


def test_a_mislabelled_chunk_is_not_taken_for_more_data_than_there_is():
    data = bytearray(pictures.saved(pictures.drawing(), "PNG"))
    data[8:12] = b"\xff\xff\xff\xff"
    assert "damaged" in refusal(bytes(data))


@pytest.mark.parametrize(
    ("kind", "size", "limit", "options"),
    [
        ("PNG", (6000, 5000), 25, {}),
        ("WEBP", (6000, 5000), 25, {"method": 0}),
        ("JPEG", (6000, 5000), 25, {"progressive": True}),
        ("JPEG", (11000, 9500), 100, {}),
    ],
    ids=["png", "webp", "progressive", "jpeg"],
)
def test_too_many_pixels_are_refused_before_they_are_unpacked(kind, size, limit, options):
    assert size[0] * size[1] > MOST_PIXELS
    data = pictures.saved(Pillow.new("L", size), kind, **options)
    assert f"More than {limit} megapixels" in refusal(data)


def in_three_scans(size: tuple[int, int]) -> bytes:
    """Not progressive, but one colour after the other: libjpeg holds all of them."""
    grey = pictures.saved(Pillow.new("L", size), "JPEG", exif=pictures.exif())
    frame, scan = grey.index(b"\xff\xc0\0\x0b"), grey.rindex(b"\xff\xda\0\x08")
    colours = b"".join(bytes((n, 0x11, 0)) for n in (1, 2, 3))
    heads = [b"\xff\xda\0\x08\x01" + bytes((n, 0, 0, 63, 0)) for n in (1, 2, 3)]
    return b"".join(
        [
            grey[:frame] + b"\xff\xc0\0\x11" + grey[frame + 4 : frame + 9] + b"\x03" + colours,
            grey[frame + 13 : scan],
            *(head + grey[scan + 10 : -2] for head in heads),
            b"\xff\xd9",
        ]
    )


def test_a_jpeg_is_light_only_with_one_scan():
    assert read_picture(in_three_scans((300, 200))).width == 300
    assert "More than 25 megapixels" in refusal(in_three_scans((6000, 5000)))


def test_what_has_to_be_encoded_again_is_smaller_still(monkeypatch):
    clean = [read_picture(MAKERS[kind]()).data for kind in ("image/avif", "image/webp")]
    monkeypatch.setattr(decoding, "MOST_PIXELS_ENCODED_AGAIN", 1_000)
    for make in (pictures.avif, partial(pictures.webp, orientation=6)):
        assert "More than 0 megapixels" in refusal(make())
    for light in (*clean, pictures.webp(), pictures.jpeg(orientation=6), pictures.animated("AVIF")):
        assert read_picture(light)


@pytest.mark.parametrize("size", [(15_000, 14_000), (2**31 - 1, 2**31 - 1)])
def test_a_few_bytes_that_claim_to_be_enormous_are_refused(size):
    data = bytearray(pictures.saved(pictures.drawing(), "PNG"))
    data[16:24] = struct.pack(">II", *size)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    assert "More than 100 megapixels" in refusal(bytes(data))


def test_too_long_an_animation_is_refused():
    frames = [Pillow.new("L", (2, 2), n % 2 * 255) for n in range(MOST_FRAMES + 1)]
    data = pictures.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert "too long" in refusal(data)


@pytest.mark.parametrize("bomb", ["zTXt", "iTXt", "iCCP"])
def test_a_small_chunk_that_unfolds_into_a_lot_is_refused(bomb):
    body = {
        "zTXt": b"Comment\0\0" + zlib.compress(bytes(5_000_000)),
        "iTXt": b"Comment\0\1\0\0\0" + zlib.compress(bytes(5_000_000)),
        "iCCP": b"name\0\0" + zlib.compress(bytes(5_000_000)),
    }[bomb]
    chunk = bomb.encode() + body
    whole = len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    plain = pictures.saved(pictures.drawing(), "PNG")
    assert "damaged" in refusal(plain[:33] + whole + plain[33:])


def test_a_jpeg_of_endless_scans_is_refused():
    data = pictures.saved(pictures.drawing(), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    again = data[start:-2] * 200
    assert "damaged" in refusal(data[:-2] + again + b"\xff\xd9")
