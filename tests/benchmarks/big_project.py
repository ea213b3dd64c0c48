"""A made project of any number of hours, the same every time: as a Review, and on disk with a film.

An hour has 10,000 words in Hebrew and English by four speakers, 36,000 face observations of six
people, 200 scenes, 50 removals (40 retakes, some decided; 10 strikes) and 50 moments.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from app.core.faces import Box, Faces
from app.core.moments import Moments, Pick
from app.core.pieces import pieces
from app.core.review import Decisions, Evidence, Footage, Retakes, RetakeWord, Review, Verdict
from app.core.scenes import Scenes
from app.core.timerange import SECOND, Ranges, TimeRange, complement, merge
from app.core.transcript import Speaker, Transcript, Utterance, Word

HOUR = 3600 * SECOND
WORDS, FACES, SCENES, REMOVALS, MOMENTS = 10_000, 36_000, 200, 50, 50
"""Of each in an hour; a fifth of the removals are strikes."""

STRIKES = 10
FORM = 2
"""Another number where what is made is another: an older one is not used then."""

FPS = 30
SIZE = (320, 180)
PEOPLE, SPEAKERS = 6, 4
STEP = SECOND // 5
"""Between two sampled frames, of two faces each."""

_ENGLISH = (
    "the we ask signing three people introduce price answer room back turn joke start because "
    "camera really never budget between morning question could would remember Tuesday NASA 4K "
    "another evening nothing something explain number project window however light"
)
_HEBREW = (
    "את אנחנו שואלים שלושה אנשים מחיר תשובה חדר בחזרה סיבוב בדיחה התחלה כי מצלמה באמת אף תקציב "
    "בין בוקר שאלה יכול היה לזכור שלישי אחר ערב כלום משהו להסביר מספר פרויקט חלון אבל אור"
)
ENGLISH, HEBREW = _ENGLISH.split(), _HEBREW.split()
DIGITS = ("7", "2026", "15%", "3.5", "12:30", "₪40")


@dataclass(frozen=True)
class Made:
    """The project on disk. film: the video. home: folder of the person's folders, see `enter`."""

    hours: int
    film: Path
    home: Path


def transcript(hours: int) -> Transcript:
    """Turns of some 40 words; the words of the hours before are the same for more hours."""
    words: list[Word] = []
    turns: list[Utterance] = []
    for hour in range(hours):
        _say(random.Random(f"words {hour}"), hour, words, turns)
    speakers = tuple(
        Speaker(
            n,
            sum(u.end - u.start for u in turns if u.speaker == n),
            sum(u.speaker == n for u in turns),
        )
        for n in range(SPEAKERS)
    )
    text = " ".join(w.text for w in words)
    return Transcript(tuple(words), tuple(turns), speakers, "he", text)


def _say(chance: random.Random, hour: int, words: list[Word], turns: list[Utterance]) -> None:
    """One hour's words: a turn is in one language with words of the other in it."""
    step = HOUR // WORDS
    left = WORDS
    while left:
        count = min(left, chance.randrange(15, 70))
        speaker, first = chance.randrange(SPEAKERS), len(words)
        main, other = (HEBREW, ENGLISH) if chance.random() < 0.6 else (ENGLISH, HEBREW)
        for n in range(count):
            start = hour * HOUR + (WORDS - left + n) * step + chance.randrange(step // 5)
            text = chance.choice(other if chance.random() < 0.15 else main)
            if chance.random() < 0.04:
                text = chance.choice(DIGITS)
            if n == count - 1 or chance.random() < 0.1:
                text += chance.choice(".,?")
            end = start + chance.randrange(step // 2, step * 3 // 4)
            sure = round(chance.choice((0.99, 0.97, 0.95, 0.9, 0.4)), 2)
            words.append(Word(text, start, end, speaker, sure))
        turns.append(Utterance(speaker, words[first].start, words[-1].end, first, len(words)))
        left -= count


def scenes(hours: int) -> Scenes:
    """A cut every 18 s or so."""
    every = HOUR // SCENES
    chance = random.Random("scenes")
    cuts = (n * every + chance.randrange(every // 3) for n in range(1, hours * SCENES))
    return Scenes.of(cuts, hours * HOUR)


def faces(hours: int) -> Faces:
    """Two faces in every sampled frame; each scene has two tracks, of two of the six people."""
    shots = scenes(hours)
    chance = random.Random("faces")
    who = [chance.sample(range(PEOPLE), 2) for _ in range(len(shots.cuts) + 1)]

    def frames() -> Iterator[tuple[int, list[Box]]]:
        for n in range(hours * HOUR // STEP):
            t = n * STEP
            scene = shots.index_at(t)
            sway = 0.02 * ((n % 50) / 25 - 1)
            yield t, [
                Box(
                    x + sway, 0.2, x + 0.16 + sway, 0.5, 0.97,
                    2 * scene + side, who[scene][side], 0.8 - 0.7 * side,
                )
                for side, x in enumerate((0.2, 0.6))
            ]  # fmt: skip

    return Faces.of(frames())


def retakes(said: Transcript, hours: int) -> Retakes:
    """Retakes: some words, and the same number of words after them that say it again."""
    words = said.words
    spans: list[tuple[int, int]] = []
    again: dict[TimeRange, TimeRange] = {}
    for first, count in _places(hours, range(REMOVALS - STRIKES)):
        end = first + count
        spans.append((first, end))
        gap = TimeRange(words[first].start, words[end].start - 40_000)
        again[gap] = TimeRange(words[end].start, words[end + count].end)
    duration = hours * HOUR
    return Retakes(
        tuple(
            RetakeWord(i, w.text, w.start, w.end, w.confidence, "made") for i, w in enumerate(words)
        ),
        tuple(spans),
        complement(merge(again), TimeRange(0, duration)),
        "exclusive",
        "local service",
        again,
    )


def _places(hours: int, which: range) -> Iterator[tuple[int, int]]:
    """First word and number of words of the removals `which` of each hour."""
    every = WORDS // REMOVALS
    for hour in range(hours):
        for n in which:
            chance = random.Random(f"removal {hour} {n}")
            first = hour * WORDS + n * every + chance.randrange(every // 2)
            yield first, chance.randrange(4, 14)


def strikes(said: Transcript, hours: int) -> Ranges:
    """What the person removed by hand."""
    places = _places(hours, range(REMOVALS - STRIKES, REMOVALS))
    return tuple(
        TimeRange(said.words[first].start, said.words[first + count].end) for first, count in places
    )


def moments(hours: int) -> Moments:
    """One every 72 s, by the parser of the services."""
    from app.services import wire_shorts_raw

    return wire_shorts_raw.unpack(_moments_answer(hours), hours * HOUR)


def _moments_answer(hours: int) -> bytes:
    from app.services import wire_shorts_raw

    found = []
    for n in range(hours * MOMENTS):
        chance = random.Random(f"moment {n}")
        start = n * 3600 // MOMENTS + chance.randrange(20)
        title = " ".join(chance.choices(HEBREW if n % 3 else ENGLISH, k=4))
        found.append(
            {
                "number": n + 1, "startTime": start, "endTime": start + chance.randrange(15, 45),
                "title": title, "description": " ".join(chance.choices(ENGLISH, k=12)),
                "viralScore": chance.randrange(100), "tags": [chance.choice(ENGLISH)],
            }
        )  # fmt: skip
    answer = json.dumps({"status": "ready", "moments": found})
    return wire_shorts_raw.pack("made", "local", {}, answer.encode())


def review(hours: int) -> Review:
    """The whole document in memory, with a pts table of 30 frames a second."""
    said = transcript(hours)
    evidence = Evidence(
        Footage(hours * HOUR, array("q", (n * SECOND // FPS for n in range(hours * 3600 * FPS)))),
        said, faces(hours), scenes(hours), retakes(said, hours), moments(hours),
    )  # fmt: skip
    return Review(evidence, decisions(evidence, hours))


def decisions(evidence: Evidence, hours: int) -> Decisions:
    """15 retakes an hour accepted and 10 restored, strikes, some corrected words, names, picks."""
    said = evidence.transcript
    assert said is not None
    struck = strikes(said, hours)
    proposed = pieces(Review(evidence, Decisions()))
    verdicts = {
        p.id: Verdict.ACCEPTED if n % 8 < 3 else Verdict.RESTORED
        for n, p in enumerate(proposed)
        if n % 8 < 5
    }
    corrected = {i: f"{said.words[i].text}*" for i in range(0, len(said.words), 500)}
    found = evidence.moments
    return replace(
        Decisions(),
        verdicts=MappingProxyType(verdicts),
        strikes=struck,
        corrections=MappingProxyType(corrected),
        names=MappingProxyType({"speaker 0": "נועה", "speaker 1": "Daniel", "c0": "נועה"}),
        picks=MappingProxyType(
            {found.key_of(m): Pick.PICKED for m in found.items[::10]} if found else {}
        ),
    )


def made(hours: int) -> Made:
    """The project on disk; made once and kept in the folder of temporary files."""
    folder = Path(tempfile.gettempdir()) / f"keeptake-big-{hours}h-{FORM}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(prefix="keeptake-making-") as making:
            part = Path(making) / "part"
            (part / "home").mkdir(parents=True)
            make_film(part / "film.mp4", hours)
            asyncio.run(_make_project(part, hours))
            if not folder.is_dir():
                shutil.move(part, folder)
    return Made(hours, folder / "film.mp4", folder / "home")


def make_film(path: Path, hours: int) -> None:
    """A still picture and silence: a minute is coded, then copied, which takes seconds."""
    with tempfile.TemporaryDirectory(prefix="keeptake-film-") as folder:
        seed, longer = Path(folder) / "seed.mp4", Path(folder) / "longer.mp4"
        quiet = ("ffmpeg", "-v", "error", "-y")
        # 64 s are whole frames of picture and of sound alike.
        _run(
            *quiet, "-f", "lavfi", "-i", f"smptehdbars=s={SIZE[0]}x{SIZE[1]}:r={FPS}:d=64",
            "-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono", "-t", "64", "-c:v", "libx264",
            "-preset", "superfast", "-bf", "2", "-g", str(2 * FPS), "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-b:a", "8k", str(seed),
        )  # fmt: skip
        _run(*quiet, "-stream_loop", "9", "-i", str(seed), "-c", "copy", "-t", "600", str(longer))
        _run(
            *quiet, "-stream_loop", str(6 * hours - 1), "-i", str(longer), "-c", "copy",
            "-movflags", "+faststart", str(path),
        )  # fmt: skip


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=200)


async def _make_project(folder: Path, hours: int) -> None:
    """The autosaved project of the film, as analyses and a person would have left it."""
    from app.services.parsing import Parser
    from app.services.store import Store
    from app.services.wire_retakes import RetakeRemovalResultResponse
    from app.services.wire_shapes import body
    from app.services.wire_transcript import TranscriptionResultResponse
    from app.services.wire_vision import Vision, VisionResultResponse
    from app.state.looking import look_at
    from app.state.opening import open_path

    film = folder / "film.mp4"
    said = transcript(hours)
    store = Store(folder / "home" / "data" / "keeptake" / "projects")
    _probed, footage, key = look_at(store.prepared, film)
    project = store.open_for(film, key, footage)
    seen = Vision(faces(hours), scenes(hours), True)
    project.save_answer("transcript", body(TranscriptionResultResponse.of(said)), "local")
    project.save_answer("vision", body(VisionResultResponse.of(seen)), "local")
    found = RetakeRemovalResultResponse.of(retakes(said, hours))
    project.save_answer("retakes", body(found), "local")
    project.save_answer("moments", _moments_answer(hours), "local")
    project.close()
    # Once more as the window does it: ids of proposals depend on what is read back.
    async with Parser() as parser:
        opened = await open_path(store, parser, film)
        assert not opened.notices, opened.notices
        opened.project.save_decisions(decisions(opened.review.evidence, hours))
        opened.project.close()


def enter(project: Made, folder: Path) -> Path:
    """Make a copy of the person's folders in `folder` those of this process; returns the film."""
    home = folder / "home"
    shutil.copytree(project.home, home)
    os.environ["HOME"] = str(home)
    for kind in ("data", "config", "cache", "state"):
        os.environ[f"XDG_{kind.upper()}_HOME"] = str(home / kind)
    os.environ["KEEPTAKE_AOUT"] = "dummy"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    return project.film


if __name__ == "__main__":
    print(made(int(sys.argv[1])))
