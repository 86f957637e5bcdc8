"""What a browser may show inside a page; all else it can only save."""

from blogsite.media.decoding import FORMATS

#: Pictures were decoded before they were stored; recordings cannot run anything.
SHOWN = {extension: mime for mime, extension in FORMATS.values()} | {
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "m4v": "video/mp4",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
}


def headers_for(name: str) -> dict[str, str]:
    """By the file's name, which has nothing in it that would have to be quoted."""
    mime = SHOWN.get(name.rpartition(".")[2])
    return {
        "Content-Type": mime or "application/octet-stream",
        "Content-Disposition": "inline" if mime else f'attachment; filename="{name}"',
    }
