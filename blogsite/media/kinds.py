"""What an upload is, by its first bytes; its name only says what it should be called.

And what browsers may show inside a page; all else they can only save.
"""

import re
from mimetypes import guess_type
from pathlib import PurePath

from blogsite.media.decoding import BEGINNINGS, FORMATS

HEAD_BYTES = 1024
PICTURES = frozenset(extension for _mime, extension in FORMATS.values())
#: Called so, it was meant as a picture: refused with the reason rather than kept as a file.
MEANT_AS_PICTURES = PICTURES | {"jpeg", "jpe", "jfif", "heic", "heif", "bmp", "tif", "tiff"}
PICTURE_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"}

_MPEG = rb"ID3|\xff[\xe2-\xff]"
_ISO, _OGG, _WEBM = rb"....ftyp", rb"OggS", rb"\x1a\x45\xdf\xa3"
#: How recordings begin. What does not is saved, not played, whatever it is called.
RECORDINGS = {
    "flac": ("audio/flac", rb"fLaC"),
    "m4a": ("audio/mp4", _ISO),
    "mp3": ("audio/mpeg", _MPEG),
    "oga": ("audio/ogg", _OGG),
    "ogg": ("audio/ogg", _OGG),
    "opus": ("audio/ogg", _OGG),
    "wav": ("audio/wav", rb"RIFF....WAVE"),
    "weba": ("audio/webm", _WEBM),
    "m4v": ("video/mp4", _ISO),
    "mp4": ("video/mp4", _ISO),
    "ogv": ("video/ogg", _OGG),
    "webm": ("video/webm", _WEBM),
}
#: Pictures were decoded before they were stored; recordings cannot run anything.
SHOWN = {extension: mime for mime, extension in FORMATS.values()} | {
    extension: mime for extension, (mime, _beginning) in RECORDINGS.items()
}


def is_picture(head: bytes, name: str) -> bool:
    return (
        head.startswith(BEGINNINGS)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS)
        or _ending(name) in MEANT_AS_PICTURES
    )


def extension(head: bytes, name: str) -> str:
    """What a file is stored as. An ending that browsers play is given only to what it says."""
    ending = _ending(name)
    _mime, begins = RECORDINGS.get(ending, ("", b""))
    if ending in SHOWN and not (begins and re.match(begins, head, re.DOTALL)):
        return "bin"
    return ending or "bin"


def mime(extension: str) -> str:
    return SHOWN.get(extension) or guess_type(f"file.{extension}")[0] or "application/octet-stream"


def _ending(name: str) -> str:
    ending = PurePath(name).suffix[1:].lower()
    return ending if re.fullmatch("[a-z0-9]{1,10}", ending) else ""


def headers_for(name: str) -> dict[str, str]:
    """By the file's name, which has nothing in it that would have to be quoted."""
    mime = SHOWN.get(name.rpartition(".")[2])
    return {
        "Content-Type": mime or "application/octet-stream",
        "Content-Disposition": "inline" if mime else f'attachment; filename="{name}"',
    }
