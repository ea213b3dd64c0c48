"""When the words of English captions are said, by PocketSphinx's forced alignment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from pocketsphinx import Decoder

from app.core.transcript import Transcript, Word
from app.local_service.analyses.recognise import decode, spoken
from app.local_service.analyses.sound import Window
from app.media.sound import pcm_pieces

MARGIN = 250_000
"""Microseconds heard before and after a cue: captions begin late and end early."""

LONGEST = 40_000_000
"""Microseconds of a cue above which its words keep their estimated shares."""

_SOUNDS = {
    "a": "AH", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "Y", "z": "Z",
    "0": "Z IH R OW", "1": "W AH N", "2": "T UW", "3": "TH R IY", "4": "F AO R", "5": "F AY V",
    "6": "S IH K S", "7": "S EH V AH N", "8": "EY T", "9": "N AY N",
}  # fmt: skip
"""For words the dictionary lacks: a letter, its likeliest sound. Good enough to find the word."""


def align(transcript: Transcript, source: Path, aligned: Callable[[int], None]) -> Transcript:
    """The transcript with heard times where words had estimated ones and the sound fits them.

    A word that could not be aligned keeps its estimate and stays marked. `aligned(t)` tells how
    far it is. Raises MediaError.
    """
    decoder = Decoder(lm=None, loglevel="FATAL")
    window = Window(pcm_pieces(source))
    words: list[Word] = []
    for estimated, run in groupby(transcript.words, key=lambda w: w.estimated):
        if not estimated:
            words.extend(run)
            continue
        for cue in _cues(run):
            begin = max(0, cue[0].start - MARGIN)
            end = max(w.end for w in cue) + MARGIN
            fits = end - begin <= LONGEST
            pcm = window.part(begin, end) if fits else b""
            words.extend(_placed(decoder, cue, pcm, begin) if pcm else cue)
            aligned(end)
    words.sort(key=lambda w: w.start)
    return replace(transcript, words=tuple(words), utterances=())


def _cues(words: Iterable[Word]) -> list[list[Word]]:
    """Estimated words touch inside a cue, so a gap or another voice parts cues."""
    cues: list[list[Word]] = []
    for word in words:
        last = cues[-1][-1] if cues else None
        if last and 0 <= word.start - last.end < 1000 and word.speaker == last.speaker:
            cues[-1].append(word)
        else:
            cues.append([word])
    return cues


def _placed(decoder: Decoder, cue: list[Word], pcm: bytes, begin: int) -> list[Word]:
    said = [_normal(w.text) for w in cue]
    asked = [token for word in said for token in word]
    if not asked or not _align(decoder, asked, pcm):
        return cue
    found = list(spoken(decoder))
    if [f[0] for f in found] != asked:
        return cue
    out: list[Word] = []
    at = 0
    for word, tokens in zip(cue, said, strict=True):
        if not tokens:
            out.append(word)
            continue
        first, last = found[at], found[at + len(tokens) - 1]
        at += len(tokens)
        out.append(replace(word, start=begin + first[1], end=begin + last[2], estimated=False))
    return out


def _align(decoder: Decoder, words: list[str], pcm: bytes) -> bool:
    try:
        for word in words:
            if decoder.lookup_word(word) is None:
                decoder.add_word(word, " ".join(_SOUNDS[c] for c in word if c in _SOUNDS), True)
        decoder.set_align_text(" ".join(words))
        decode(decoder, pcm)
    except RuntimeError:
        # PocketSphinx says no more than that: the text does not fit the sound.
        return False
    return decoder.hyp() is not None


def _normal(text: str) -> list[str]:
    """As the dictionary spells it: lower case, apostrophes inside, hyphens part words."""
    text = text.lower().replace("’", "'")
    parts = (re.sub(r"[^a-z0-9']", "", p).strip("'") for p in re.split(r"[-–—/]", text))
    return [p for p in parts if re.search(r"[a-z0-9]", p)]
