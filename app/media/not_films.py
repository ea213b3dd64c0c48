"""What a file is that is no film, told from its first bytes, so that a refusal can say so."""

from __future__ import annotations

PLAYLISTS = (
    b"#extm3u", b"[playlist]", b"<?xml", b"<asx", b"ffconcat", b"<smil", b"<mpd", b"http", b"rtsp",
    b"[reference]", b"v=0\r\no=", b"v=0\no=",
)  # fmt: skip
"""How lists of other files begin, in small letters."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*", b"8BPS")
_DOCUMENTS = (b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"<!doctype", b"<html")
_ARCHIVES = (b"PK\3\4", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"}

WRAP = "Put it into a container, without loss: ffmpeg -i {name} -c copy {stem}.mp4"


def is_list(head: bytes) -> bool:
    """Whether a file that begins so only names other files."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(PLAYLISTS)


def kind_of(head: bytes) -> str:
    """ "a picture", "a document", "an archive", or empty where it cannot be told."""
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "a picture"
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return "a picture"
    if head.lstrip().lower().startswith(tuple(d.lower() for d in _DOCUMENTS)):
        return "a document"
    return "an archive" if head.startswith(_ARCHIVES) else ""


def is_bare_stream(head: bytes) -> bool:
    """Whether it is H.264, HEVC or MPEG video without a container, which gives no frame a time."""
    return head.startswith((b"\0\0\0\1", b"\0\0\1")) and head[:4] != b"\0\0\1\xba"
