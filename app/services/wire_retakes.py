"""The shapes of retake removal (contract A6), and what they become in `app.core`."""

from __future__ import annotations

from typing import Literal, Self

from app.core.errors import ServiceError
from app.core.retake_evidence import clean_intervals, read_spans
from app.core.review import Retakes, RetakeWord
from app.core.timerange import SECOND, Ranges, TimeRange, complement, merge, to_seconds
from app.services.wire_shapes import Answer, Loose, Result, Service, us


class RetakeRemovalWord(Answer):
    """A word by the service's own index `i`; seconds. Never joined to transcript words by index."""

    i: int
    start: float
    end: float
    text: str
    confidence: float | None = None
    source: str = ""


class RetakeRemovalSpan(Answer):
    """Words to remove; whether the end is inclusive is not documented."""

    remove_word_start: int
    remove_word_end: int


class RetakeRemovalKeepInterval(Answer):
    """What to keep, in seconds."""

    start: Loose = None
    end: Loose = None


class SaidAgain(Answer):
    """The local service's own, in seconds: a gap, and the range that says it again."""

    start: float
    end: float
    again_start: float
    again_end: float


class RetakeRemovalResultResponse(Result):
    """Contract A6; `said_again` and `origin` are the local service's own."""

    words: list[RetakeRemovalWord] | None = None
    remove_spans: list[RetakeRemovalSpan] | None = None
    keep_intervals: list[RetakeRemovalKeepInterval] | None = None
    said_again: list[SaidAgain] | None = None
    origin: str | None = None

    @classmethod
    def of(cls, found: Retakes, project_id: str = "", status: str = "completed") -> Self:
        """The answer that holds `found`; `to_core(…, "local")` reads the same from it."""
        return cls(
            project_id=project_id,
            status=status,
            words=[_wire_retake_word(w) for w in found.words],
            remove_spans=[
                RetakeRemovalSpan(remove_word_start=a, remove_word_end=b)
                for a, b in found.remove_spans
            ],
            keep_intervals=[
                RetakeRemovalKeepInterval(start=to_seconds(k.start), end=to_seconds(k.end))
                for k in found.keep_intervals
            ],
            said_again=[_wire_said_again(gap, kept) for gap, kept in found.said_again.items()],
            origin=found.origin,
        )

    def to_core(self, duration: int, service: Service = "nanoclip") -> Retakes:
        """The retakes, cleaned by the rules of contract section 4, 1 to 6; times microseconds.

        Raises ServiceError where a completed answer holds none of its three lists.
        """
        if self.words is None and self.remove_spans is None and self.keep_intervals is None:
            raise ServiceError(
                "The retake analysis is finished but its answer holds no result.",
                "Nothing was changed. Ask the service's support before paying for it again.",
                self.model_dump_json()[:2000],
            )
        warnings: list[str] = []
        words = tuple(_retake_word(w, duration) for w in self.words or ())
        spans = _spans(self.remove_spans or (), words, warnings)
        keep = _keep(self.keep_intervals or (), duration, warnings)
        reading = read_spans(words, spans, keep)
        if not keep:
            keep = _rebuilt(words, spans, duration)
            warnings.append("No keep intervals came: they were made from words and spans.")
        origin: Literal["nanoclip", "local service", "transcript"] = "nanoclip"
        if service == "local":
            origin = "transcript" if self.origin == "transcript" else "local service"
        again = dict(_said_again(s, duration) for s in self.said_again or ())
        return Retakes(words, spans, keep, reading, origin, again, tuple(warnings))


def _retake_word(w: RetakeRemovalWord, duration: int) -> RetakeWord:
    start = us(w.start, duration)
    return RetakeWord(w.i, w.text, start, max(start, us(w.end, duration)), w.confidence, w.source)


def _said_again(given: SaidAgain, duration: int) -> tuple[TimeRange, TimeRange]:
    times = (given.start, given.end, given.again_start, given.again_end)
    start, end, again_start, again_end = (us(s, duration) for s in times)
    return TimeRange(start, max(start, end)), TimeRange(again_start, max(again_start, again_end))


def _wire_retake_word(w: RetakeWord) -> RetakeRemovalWord:
    return RetakeRemovalWord(
        i=w.i,
        start=to_seconds(w.start),
        end=to_seconds(w.end),
        text=w.text,
        # The contract requires a number; what has none was not doubted.
        confidence=1.0 if w.confidence is None else w.confidence,
        source=w.source,
    )


def _wire_said_again(gap: TimeRange, kept: TimeRange) -> SaidAgain:
    return SaidAgain(
        start=to_seconds(gap.start),
        end=to_seconds(gap.end),
        again_start=to_seconds(kept.start),
        again_end=to_seconds(kept.end),
    )


def _spans(
    given: list[RetakeRemovalSpan] | tuple[()], words: tuple[RetakeWord, ...], warnings: list[str]
) -> tuple[tuple[int, int], ...]:
    if not words:
        if given:
            warnings.append("Spans came without words: they are not used.")
        return ()
    known = [w.i for w in words]
    low, high = min(known), max(known)
    if known != list(range(len(known))):
        warnings.append("The words' indices are not 0, 1, 2, …: spans are read by index.")
    out: list[tuple[int, int]] = []
    for span in given:
        start, end = span.remove_word_start, span.remove_word_end
        inside = min(max(start, low), high), min(max(end, low), high + 1)
        if inside != (start, end):
            warnings.append(f"Span {start} to {end} points outside the words and was shortened.")
        if end < start:
            warnings.append(f"Span {start} to {end} ends before it starts and is not used.")
        elif start <= high and end >= low:
            out.append(inside)
    return tuple(out)


def _keep(
    given: list[RetakeRemovalKeepInterval] | tuple[()], duration: int, warnings: list[str]
) -> Ranges:
    pairs = [(k.start, k.end) for k in given if k.start is not None and k.end is not None]
    if len(pairs) < len(given):
        warnings.append("A keep interval without finite times is not used.")
    edge = 10 * max(duration, SECOND)
    return clean_intervals([(us(a, edge), us(b, edge)) for a, b in pairs], duration)


def _rebuilt(
    words: tuple[RetakeWord, ...], spans: tuple[tuple[int, int], ...], duration: int
) -> Ranges:
    """Everything but the spans' words, read as exclusive, the reading that removes less."""
    of = {w.i: w for w in words}
    gone: list[TimeRange] = []
    for first, stop in spans:
        run = [of[i] for i in range(first, stop) if i in of]
        if run:
            gone.append(TimeRange(min(w.start for w in run), max(w.end for w in run)))
    return complement(merge(gone), TimeRange(0, duration))
