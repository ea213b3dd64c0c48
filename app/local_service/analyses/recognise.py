"""English words out of sound, roughly, by PocketSphinx and the model its wheel carries."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from pocketsphinx import Decoder

from app.core.transcript import Word
from app.local_service.analyses.sound import BYTES, Chunk, chunks
from app.media.sound import pcm_pieces

FRAME = 10_000
"""Microseconds of one of the recogniser's frames."""

_VARIANT = re.compile(r"\(\d+\)$")
_NOT_A_WORD = re.compile(r"^[<\[+].*[>\]+]$")
LISTENERS = 3


def recognise(source: Path, heard: Callable[[int], None]) -> list[Word]:
    """The words in time order, with the recogniser's own posterior as confidence.

    `heard(t)` follows each chunk with the microsecond it ends at. Chunks are decoded a few at a
    time, so neither memory nor the search grows with the length. Raises MediaError.
    """
    count = max(1, min(LISTENERS, (os.cpu_count() or 2) - 1))
    decoders: SimpleQueue[Decoder] = SimpleQueue()
    for _ in range(count):
        decoders.put(Decoder(loglevel="FATAL"))
    words: list[Word] = []
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[tuple[Chunk, Future[list[Word]]]] = deque()
        for chunk in chunks(pcm_pieces(source)):
            waiting.append((chunk, pool.submit(_listen, decoders, chunk)))
            if len(waiting) > count:
                _take(waiting, words, heard)
        while waiting:
            _take(waiting, words, heard)
    return words


def _take(
    waiting: deque[tuple[Chunk, Future[list[Word]]]],
    words: list[Word],
    heard: Callable[[int], None],
) -> None:
    chunk, answer = waiting.popleft()
    words.extend(answer.result())
    heard(chunk.start + len(chunk.pcm) * 1_000_000 // BYTES)


def _listen(decoders: SimpleQueue[Decoder], chunk: Chunk) -> list[Word]:
    if chunk.silent:
        return []
    decoder = decoders.get()
    try:
        decode(decoder, chunk.pcm)
        return list(_words(decoder, chunk.start))
    finally:
        decoders.put(decoder)


def decode(decoder: Decoder, pcm: bytes) -> None:
    """One utterance, its loudness normalised over the whole, so that chunks are independent."""
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def spoken(decoder: Decoder) -> Iterator[tuple[str, int, int, float]]:
    """(word, start, end, posterior) of what was decoded last; times in microseconds from its begin.

    Silences, noises and unknown speech are left out, and so are the marks of variants: "a(2)".
    """
    for part in decoder.seg() or ():
        if not _NOT_A_WORD.match(part.word):
            text = _VARIANT.sub("", part.word)
            yield text, part.start_frame * FRAME, (part.end_frame + 1) * FRAME, float(part.prob)


def _words(decoder: Decoder, begin: int) -> Iterator[Word]:
    for text, start, end, posterior in spoken(decoder):
        confidence = round(min(1.0, max(0.0, posterior)), 3)
        yield Word(text, begin + start, begin + end, 0, confidence)
