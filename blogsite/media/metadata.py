"""Takes out of a picture what its photographer did not mean to publish.

The container is rewritten without its metadata (place, camera, thumbnails, comments, what
hangs on behind the end); the pixels are never encoded again, so nothing gets blurred and a
clean file stays byte for byte what it was. Colour profiles and animation are kept.

A container that ends too early or does not hold together raises `Broken`.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Literal


class Broken(ValueError):
    """The file does not keep to its own format."""


def without_metadata(kind: str, data: bytes) -> bytes:
    return _CLEANERS[kind](data)


class _Reader:
    """Takes bytes from the front; asked for more than there are, the file is cut off."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise Broken
        self.at += count
        return taken

    def number(self, count: int, order: Literal["big", "little"] = "big") -> int:
        return int.from_bytes(self.take(count), order)

    def expect(self, *choices: bytes) -> bytes:
        found = self.take(len(choices[0]))
        if found not in choices:
            raise Broken
        return found


# -- JPEG ----------------------------------------------------------------------------------

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP15 = 0xE0, 0xEF
#: What says how colours are meant: APP2 and APP14, by their beginnings.
_COLOURS = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
#: A marker among the pixels: 0xFF that is neither stuffed (00), a restart (D0-D7) nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
#: Real progressive pictures have about ten; thousands keep a processor busy for minutes.
_MOST_SCANS = 100


def is_one_scan(jpeg: bytes) -> bool:
    """Every colour in the first scan, and whole: libjpeg need not hold all of it in memory."""
    first = {part[:2]: part for part in reversed([*_jpeg(jpeg)])}
    frame = first.get(b"\xff\xc0") or first.get(b"\xff\xc1") or b""
    return frame[9:10] == first[b"\xff\xda"][4:5]


def _jpeg(data: bytes) -> Iterator[bytes]:
    reader = _Reader(data)
    yield reader.expect(b"\xff\xd8")
    scans = 0
    while (marker := _next_marker(reader)) != _END:
        scans += marker == _SCAN
        length = reader.number(2)
        if length < 2 or marker == _START or scans > _MOST_SCANS:
            raise Broken
        yield _jpeg_segment(marker, reader.take(length - 2))
        if marker == _SCAN:
            pixels_end = _MARKER.search(data, reader.at)
            if pixels_end is None:
                raise Broken
            yield reader.take(pixels_end.start() - reader.at)
    yield b"\xff\xd9"


def _next_marker(reader: _Reader) -> int:
    reader.expect(b"\xff")
    while (marker := reader.number(1)) == 0xFF:
        pass
    return marker


def _jpeg_segment(marker: int, payload: bytes) -> bytes:
    is_colour = marker in _COLOURS and payload.startswith(_COLOURS[marker])
    if marker == _APP0 and payload.startswith(b"JFIF\0"):
        # Up to the pixel density; behind it there may be a thumbnail of what was cropped away.
        payload = payload[:12] + b"\0\0"
    elif marker == _COMMENT or (_APP0 <= marker <= _APP15 and not is_colour):
        return b""
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """A clean JPEG that says in the smallest possible EXIF block which side is up."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    return jpeg[:2] + segment + jpeg[2:]


# -- PNG -----------------------------------------------------------------------------------

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI "
    b"acTL fcTL fdAT".split()
)


def _png(data: bytes) -> bytes:
    reader = _Reader(data)
    kept = [reader.expect(b"\x89PNG\r\n\x1a\n")]
    kind = b""
    while kind != b"IEND":
        length = reader.number(4)
        kind = reader.take(4)
        body = reader.take(length)
        checksum = reader.take(4)
        if zlib.crc32(kind + body).to_bytes(4, "big") != checksum:
            raise Broken
        if kind in _PNG_KEPT:
            kept += [length.to_bytes(4, "big"), kind, body, checksum]
    return b"".join(kept)


# -- GIF -----------------------------------------------------------------------------------

_GIF_FRAME, _GIF_EXTENSION, _GIF_END = b",", b"!", b";"
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _gif(data: bytes) -> bytes:
    reader = _Reader(data)
    kept = [reader.expect(b"GIF87a", b"GIF89a")]
    screen = reader.take(7)
    kept += [screen, _gif_palette(reader, screen[4])]
    while (block := reader.expect(_GIF_FRAME, _GIF_EXTENSION, _GIF_END)) != _GIF_END:
        kept.append(_gif_frame(reader) if block == _GIF_FRAME else _gif_extension(reader))
    return b"".join([*kept, _GIF_END])


def _gif_palette(reader: _Reader, flags: int) -> bytes:
    return reader.take(3 * 2 ** ((flags & 7) + 1)) if flags & 0x80 else b""


def _gif_frame(reader: _Reader) -> bytes:
    place = reader.take(9)
    palette = _gif_palette(reader, place[8])
    return b"".join([_GIF_FRAME, place, palette, reader.take(1), _gif_blocks(reader)])


def _gif_extension(reader: _Reader) -> bytes:
    label = reader.number(1)
    blocks = _gif_blocks(reader)
    loops = label == _GIF_APPLICATION and blocks[1:12] in _GIF_LOOPS
    kept = label == _GIF_CONTROL or loops
    return _GIF_EXTENSION + bytes([label]) + blocks if kept else b""


def _gif_blocks(reader: _Reader) -> bytes:
    """Lengths and their blocks, up to and with the empty one."""
    start = reader.at
    while length := reader.number(1):
        reader.take(length)
    return reader.data[start : reader.at]


# -- WebP ----------------------------------------------------------------------------------

_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_HAS_METADATA = 0x08 | 0x04  # EXIF, XMP


def _webp(data: bytes) -> bytes:
    reader = _Reader(data)
    reader.expect(b"RIFF")
    size = reader.number(4, "little")
    reader.expect(b"WEBP")
    inside = _Reader(reader.take(size - 4) if size >= 4 else b"")
    kept = [b"WEBP"]
    while inside.at < len(inside.data):
        kind, length = inside.take(4), inside.number(4, "little")
        kept.append(_webp_chunk(kind, inside.take(length)))
        inside.at += length % 2
    body = b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    if kind not in _WEBP_KEPT:
        return b""
    if kind == b"VP8X" and body:
        body = bytes([body[0] & ~_WEBP_HAS_METADATA]) + body[1:]
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


_CLEANERS = {"JPEG": lambda data: b"".join(_jpeg(data)), "PNG": _png, "GIF": _gif, "WEBP": _webp}
