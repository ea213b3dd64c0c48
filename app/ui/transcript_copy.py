"""The words of the transcript as text for the clipboard and for assistive technology; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from app.core.transcript import Transcript
from app.ui.text import clock
from app.ui.transcript_paragraphs import Paragraph, Paragraphs, holding

Name = Callable[[int | None], str]
"""A speaker's name, "" where it is not known who speaks."""


def texts(
    transcript: Transcript, corrections: Mapping[int, str], first: int, end: int
) -> list[str]:
    """What the words `[first, end)` read: as corrected, else as heard."""
    out = [w.text for w in transcript.words[first:end]]
    if corrections:
        for index in corrections.keys() & range(first, end):
            out[index - first] = corrections[index]
    return out


def spoken(
    transcript: Transcript, corrections: Mapping[int, str], words: range, gone: bytes = b""
) -> str:
    """The words as corrected, a space between; those with a byte in `gone` that is not zero not."""
    out = texts(transcript, corrections, words.start, words.stop)
    if any(gone[words.start : words.stop]):
        out = [text for i, text in zip(words, out, strict=True) if not gone[i]]
    return " ".join(" ".join(out).split())


def pieces(shown: Paragraphs, words: range) -> Iterator[tuple[Paragraph, range]]:
    """The paragraphs that these words touch, each with its part of them."""
    number = holding(shown, words.start) if words else len(shown)
    while number < len(shown) and shown[number].first < words.stop:
        p = shown[number]
        yield p, range(max(p.first, words.start), min(p.end, words.stop))
        number += 1


def copied(
    transcript: Transcript,
    corrections: Mapping[int, str],
    parts: Iterator[tuple[Paragraph, range]],
    *,
    name: Name | None = None,
    gone: bytes = b"",
) -> str:
    """The words, a line for each turn; with a `name` each begins with its time and who speaks."""
    lines: list[str] = []
    for p, words in parts:
        said = spoken(transcript, corrections, words, gone)
        if not said:
            continue
        if name is None:
            head = ""
        else:
            who = name(p.speaker)
            head = f"[{clock(transcript.words[words.start].start)}] " + (f"{who}: " if who else "")
        if lines and not p.header and not head:
            lines[-1] += f" {said}"
        else:
            lines.append(head + said)
    return "\n".join(lines)


def read_out(
    transcript: Transcript, corrections: Mapping[int, str], shown: Paragraphs, name: Name
) -> Iterator[str]:
    """Paragraph by paragraph what assistive technology reads: who, when and what."""
    for p in shown:
        words = spoken(transcript, corrections, range(p.first, p.end))
        head = f"{name(p.speaker)} {clock(p.start)}: " if p.header else ""
        yield f"{head}{words}".strip()
