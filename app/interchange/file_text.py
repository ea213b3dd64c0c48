"""The text of a file whose encoding nobody wrote down."""

from __future__ import annotations

import codecs

from app.core.errors import MediaError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_PAGES = {
    "he": "cp1255", "ru": "cp1251", "bg": "cp1251", "uk": "cp1251", "el": "cp1253",
    "pl": "cp1250", "cs": "cp1250", "sk": "cp1250", "hu": "cp1250", "sl": "cp1250",
    "hr": "cp1250", "ro": "cp1250", "lt": "cp1257", "lv": "cp1257", "et": "cp1257",
}  # fmt: skip
"""Windows code pages of the languages that are not written in Western Europe's."""


def text_of(name: str, data: bytes, language: str | None = None) -> tuple[str, str]:
    """The text, and a sentence where its encoding was guessed.

    Marks of UTF-8, 16 and 32 are honoured; else UTF-8, then UTF-16 where every other byte is
    empty, then the Windows code page of `language` ("he", "en-US"). Raises MediaError for what is
    no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(name, data, encoding).removeprefix("\ufeff"), ""
    head = data[:4000]
    if head.count(0) > len(head) // 4:
        even, odd = head[::2].count(0), head[1::2].count(0)
        return _decoded(name, data, "utf-16-be" if even > odd else "utf-16-le"), ""
    if 0 in head:
        raise _no_text(name)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        page = _PAGES.get((language or "").lower().split("-")[0], "cp1252")
        sentence = (
            f"“{name}” is not in UTF-8; it was read as Windows-{page[2:]}. "
            "Where letters are wrong, save it as UTF-8 and import it again."
        )
        return data.decode(page, "replace"), sentence


def _decoded(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        if encoding.startswith("utf-16") and problem.reason == "truncated data":
            return data[: problem.start].decode(encoding)
        raise _no_text(name) from problem


def _no_text(name: str) -> MediaError:
    return MediaError(
        f"“{name}” is not text from line 1 on.",
        "Choose a .srt, .vtt, .ass or .json file.",
    )
