"""Speech to test with: a public-domain speech with a false start, and words from plain text."""

from __future__ import annotations

from array import array

from app.core.review import Evidence, Footage, Retakes, Review
from app.core.timerange import TimeRange, from_seconds
from app.core.transcript import Origin, Transcript, Word

# J. F. Kennedy, 20 January 1961, public domain; words 0 to 6 are a false start.
INAUGURAL = (
    ("And", 0.29, 0.63), ("so,", 0.63, 0.97), ("my", 0.97, 1.24), ("fellow", 1.24, 1.62),
    ("Americans,", 1.62, 2.16), ("ask", 3.25, 3.99), ("not", 3.99, 4.3), ("And", 6.49, 6.83),
    ("so,", 6.83, 7.17), ("my", 7.17, 7.44), ("fellow", 7.44, 7.83), ("Americans,", 7.83, 8.36),
    ("ask", 9.45, 10.19), ("not", 10.19, 10.5), ("what", 11.57, 11.8), ("your", 11.8, 12.06),
    ("country", 12.06, 12.63), ("can", 12.63, 12.86), ("do", 12.86, 13.12), ("for", 13.12, 13.25),
    ("you,", 13.25, 13.87), ("ask", 15.15, 15.52), ("what", 15.52, 15.83), ("you", 15.83, 16.2),
    ("can", 16.2, 16.39), ("do", 16.39, 16.62), ("for", 16.62, 16.78), ("your", 16.78, 16.99),
    ("country.", 16.99, 17.46),
)  # fmt: skip

# The same by PocketSphinx, as rough as it hears.
ROUGHLY = (
    ("and", 0.29, 0.69), ("all", 0.69, 0.98), ("my", 0.98, 1.24), ("fellow", 1.24, 1.62),
    ("american", 1.62, 2.14), ("and", 3.25, 3.82), ("not", 3.99, 4.3), ("and", 6.49, 6.84),
    ("got", 6.84, 7.18), ("my", 7.18, 7.44), ("fellow", 7.44, 7.83), ("american", 7.83, 8.34),
    ("and", 9.45, 10.02), ("not", 10.19, 10.5), ("what", 11.57, 11.8), ("your", 11.8, 12.06),
    ("country", 12.06, 12.63), ("can", 12.63, 12.86), ("do", 12.86, 13.1), ("for", 13.1, 13.25),
    ("you", 13.25, 13.87), ("and", 15.15, 15.51), ("what", 15.51, 15.83), ("you", 15.83, 16.17),
    ("can", 16.2, 16.39), ("do", 16.39, 16.62), ("for", 16.62, 16.78), ("your", 16.78, 16.99),
    ("country", 16.99, 17.46),
)  # fmt: skip


def heard(
    words: tuple[tuple[str, float, float], ...], origin: Origin = "captions", language: str = "en"
) -> Transcript:
    """A transcript of (text, start, end) in seconds."""
    said = tuple(Word(t, from_seconds(a), from_seconds(b)) for t, a, b in words)
    return Transcript(said, language=language, origin=origin)


def says(text: str, origin: Origin = "captions", rate: float = 0.3) -> Transcript:
    """Words of 0.9 * `rate` seconds, one each `rate`; `<1.5>` is a pause; `A:` changes speaker."""
    out: list[Word] = []
    at = 0.5
    speaker: int | None = None
    for token in text.split():
        if token.startswith("<"):
            at += float(token[1:-1])
        elif token in ("A:", "B:"):
            speaker = "AB".index(token[0])
        else:
            start, end = from_seconds(at), from_seconds(at + 0.9 * rate)
            out.append(Word(token, start, end, speaker))
            at += rate
    return Transcript(tuple(out), origin=origin)


def s(start: float, end: float) -> TimeRange:
    """A range in seconds."""
    return TimeRange(from_seconds(start), from_seconds(end))


def film(seconds: float, fps: float = 0.0) -> Footage:
    """Footage with frames at a constant rate, or without any."""
    times = array("q", (round(k * 1e6 / fps) for k in range(int(seconds * fps))) if fps else ())
    return Footage(from_seconds(seconds), times)


def counting(n: int = 10, fps: float = 0.0) -> Review:
    """Words w0, w1 … of 0.5 s at 0, 1, 2 … s: half a second of silence after each."""
    words = tuple((f"w{i}", i, i + 0.5) for i in range(n))
    return Review(Evidence(film(n, fps), heard(words)))


def gaps(*keep: TimeRange, said_again: dict[TimeRange, TimeRange] | None = None) -> Retakes:
    """A retake answer of intervals alone."""
    return Retakes((), (), tuple(keep), said_again=said_again or {})
