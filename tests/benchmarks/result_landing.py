"""What a large answer costs the window: `packaging/bench result_landing [--quick]`.

Vision of 8 hours (288,000 faces, 31 MB of JSON) and a transcript of 100,000 words are taken from
their bytes to the panes of the whole window: validated by the program's own parser, received by
the document, shown. max_stall_ms: the longest the event loop was away meanwhile, beyond that of the
idle window in the same run. total_ratio: the time until shown, over that of plainly validating the
same bytes into models of every frame and face, in this process; medians of several runs, both
answers together (worse_ratio: the worse of the two). peak_rss_mb: the most memory of the window's
process and the parser's, together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import qasync
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app import composition
from app.composition import Keeptake
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND
from app.services import wire
from app.services.folders import folders
from app.services.parsing import Parser
from app.state.opening import found
from tests.benchmarks.report import report
from tests.benchmarks.stalls import Stalls, idle_stall

HOURS = 8
FACES = 288_000
WORDS = 100_000
DURATION = HOURS * 3600 * SECOND
IDLE_S = 5.0


class _Plain(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class _Detection(_Plain):
    box: tuple[float, float, float, float]
    score: float | None = None
    track_id: int | None = None
    cluster_id: int | None = None
    speak_conf: float | None = None


class _Frame(_Plain):
    t: float
    detections: list[_Detection] | None = None


class _Vision(_Plain):
    faces: list[_Frame]


class _Word(_Plain):
    text: str
    start: float
    end: float
    speaker: int | None = None
    confidence: float | None = None


class _Transcript(_Plain):
    words: list[_Word]


def main() -> None:
    """Print the line; --quick runs it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--plain", choices=("vision", "transcript"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        _validate_plainly(options.plain)
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="keeptake-landing-") as place:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = f"{place}/{name.lower()}"
        application = composition.application_of(sys.argv[:1])
        with qasync.QEventLoop(application) as loop:
            told = loop.run_until_complete(_run(1 if options.quick else 3))
    report("result_landing", told["cases"], told["figures"], ("pydantic", "pyside6-essentials"))


async def _run(times: int) -> dict[str, Any]:
    answers: dict[wire.Kind, bytes] = {"transcript": transcript(), "vision": vision()}
    plain = {kind: _plain(kind, raw, times) for kind, raw in answers.items()}
    async with AsyncExitStack() as stack:
        keeptake = await composition.build(stack, folders())
        keeptake.window.show()
        keeptake.window.show_welcome(False)
        # As in every program that has run for some seconds.
        await composition.load_the_rest()
        stalls = Stalls()
        await asyncio.sleep(1)
        idle = await idle_stall(stalls, IDLE_S)
        memory = asyncio.get_running_loop().create_task(_watch_memory())
        cases = []
        for kind, raw in answers.items():
            took, longest = [], 0.0
            for _ in range(times):
                stall, seconds = await _land(keeptake, stalls, kind, raw)
                longest = max(longest, stall)
                took.append(seconds)
            cases.append(
                {
                    "answer": kind, "megabytes": round(len(raw) / 1e6, 1),
                    "seconds": round(statistics.median(took), 3),
                    "plain_seconds": round(plain[kind], 3),
                    "max_stall_ms": round(longest, 1),
                }
            )  # fmt: skip
        memory.cancel()
        await asyncio.wait({memory})
    stall = max(c["max_stall_ms"] for c in cases)
    return {
        "cases": [*cases, {"answer": "none", "max_stall_ms": round(idle, 1)}],
        "figures": {
            "max_stall_ms": round(max(0.0, stall - idle), 1),
            "total_ratio": round(
                sum(c["seconds"] for c in cases) / sum(c["plain_seconds"] for c in cases), 2
            ),
            "worse_ratio": round(max(c["seconds"] / c["plain_seconds"] for c in cases), 2),
            "peak_rss_mb": round(max(_peaks), 1),
        },
    }


async def _land(
    keeptake: Keeptake, stalls: Stalls, kind: wire.Kind, raw: bytes
) -> tuple[float, float]:
    """Longest stall in ms and seconds until the panes have shown it."""
    footage = Footage(DURATION, width=1920, height=1080)
    # As before every other film.
    await keeptake.files.close_film()
    keeptake.window.show_welcome(False)
    keeptake.review.load(Review(Evidence(footage)))
    await asyncio.sleep(0.5)
    async with Parser() as parser:
        # As it is from the beginning of an analysis on, minutes before its answer.
        await parser.start()
        await asyncio.sleep(0.5)
        stalls.start()
        started = time.perf_counter()
        _state, value = await parser.outcome(kind, raw, DURATION)
        assert value is not None
        await keeptake.review.land(**found(value))
        await asyncio.sleep(0)
        seconds = time.perf_counter() - started
        await asyncio.sleep(0.5)
        return stalls.stop(), seconds


def _plain(kind: wire.Kind, raw: bytes, times: int) -> float:
    """Seconds of plain validation, in a process of its own each time."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(raw)
        command = [sys.executable, "-m", "tests.benchmarks.result_landing", "--plain", kind]
        return statistics.median(
            float(
                subprocess.run(
                    command, input=file.name, check=True, capture_output=True, text=True
                ).stdout
            )
            for _ in range(times)
        )


def _validate_plainly(kind: str) -> None:
    raw = Path(sys.stdin.read()).read_bytes()
    shape: TypeAdapter[Any] = TypeAdapter(_Vision if kind == "vision" else _Transcript)
    started = time.perf_counter()
    shape.validate_json(raw)
    sys.stdout.write(str(time.perf_counter() - started))


def vision() -> bytes:
    """Two faces in every fifth of a second, as the service writes them."""
    chance = random.Random(8)
    frames = []
    for k in range(FACES // 2):
        detections = []
        for cluster in (0, 1):
            x, y = round(chance.uniform(0, 0.6), 4), round(chance.uniform(0, 0.6), 4)
            detections.append(
                {
                    "box": [x, y, round(x + 0.21, 4), round(y + 0.31, 4)],
                    "score": round(chance.random(), 4),
                    "track_id": k // 500 * 2 + cluster,
                    "cluster_id": cluster,
                }
            )
        frames.append(
            {"t": round(k * DURATION / SECOND / (FACES // 2), 3), "detections": detections}
        )
    return _answer(faces=frames, face_tracks=[], scenes=[])


def transcript() -> bytes:
    """100,000 words by two speakers, in turns."""
    chance = random.Random(9)
    apart = DURATION / SECOND / WORDS
    words = [
        {
            "text": chance.choice(("so", "then", "we", "went", "home", "again.", "footage")),
            "start": round(k * apart, 3), "end": round(k * apart + apart * 0.8, 3),
            "speaker": k // 40 % 2, "confidence": round(chance.random(), 3),
        }
        for k in range(WORDS)
    ]  # fmt: skip
    return _answer(language="en", text="", words=words, utterances=[], speakers=[])


def _answer(**lists: object) -> bytes:
    said = {"project_id": "p", "status": "completed", **lists}
    return json.dumps(said, separators=(",", ":")).encode()


_peaks: list[float] = []


async def _watch_memory() -> None:
    while True:
        _peaks.append(await asyncio.to_thread(_memory))
        await asyncio.sleep(0.02)


def _memory() -> float:
    """Megabytes of this process and its children now, what they share counted once."""
    own = str(os.getpid())
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rsplit(")", 1)[1].split()[1]
            if own in (status.parent.name, parent):
                lines = (status.parent / "smaps_rollup").read_text().splitlines()
                total += next(int(x.split()[1]) for x in lines if x.startswith("Pss:"))
        except OSError:
            continue
    return total / 1e3


if __name__ == "__main__":
    main()
