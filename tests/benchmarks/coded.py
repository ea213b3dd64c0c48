"""Films in which every frame shows its own number and every stretch has a tone of its own."""

from __future__ import annotations

import hashlib
import random
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.core.timerange import SECOND, Ranges, TimeRange, complement
from app.media.frame_index import frame_times
from tests.playback.clips import BITS, SMALL, draw

VERSION = 1
"""Of what is in the clips; another one makes them anew."""
RATE = 48_000
KEPT_TONES = (1000.0, 1600.0)
"""Hertz of what is kept, taking turns from stretch to stretch."""
REMOVED_TONE = 2600.0
LOUDNESS = 0.35


@dataclass(frozen=True, slots=True)
class Case:
    """A film, and how it is cut.

    fps: frames a second as a fraction; varying: frames come early and late. gop: frames from one
    keyframe to the next. turned: stored on its side. wide: pixels four thirds as wide as high.
    late: seconds at which the first frame comes. busy: another program takes one core. kept,
    removed: seconds of a stretch, at least and at most. cuts: how many.
    """

    name: str
    suffix: str = ".mp4"
    fps: tuple[int, int] = (30, 1)
    gop: int = 250
    codec: str = "libx264"
    size: tuple[int, int] = (1920, 1080)
    varying: bool = False
    turned: bool = False
    wide: bool = False
    late: float = 0.0
    busy: bool = False
    kept: tuple[float, float] = (1.1, 1.4)
    removed: tuple[float, float] = (0.4, 1.0)
    cuts: int = 26

    @property
    def displayed(self) -> tuple[int, int]:
        """Width and height as they are to be seen."""
        return self.size[::-1] if self.turned else self.size


CASES = (
    Case("mp4 30 gop 250"),
    Case("mp4 29.97 gop 60", fps=(30000, 1001), gop=60),
    Case("mkv 23.976 gop 250", ".mkv", fps=(24000, 1001)),
    Case("mov 25 gop 1", ".mov", fps=(25, 1), gop=1),
    Case("mp4 60 gop 250", fps=(60, 1)),
    Case("webm vp9 30 gop 60", ".webm", gop=60, codec="libvpx-vp9", size=(1280, 720)),
    Case("mp4 variable gop 250", varying=True),
    Case("mov 30 turned", ".mov", gop=60, turned=True),
    Case("mp4 25 wide pixels", fps=(25, 1), gop=60, wide=True),
    Case("mkv 30 starts late", ".mkv", late=2.0),
    Case("mp4 30 one core busy", busy=True),
    Case("mp4 30 cuts 0.5 s apart", kept=(0.5, 0.5), removed=(0.5, 0.5), cuts=32),
)
QUICK = (CASES[0], CASES[2], CASES[11])


@dataclass(frozen=True, slots=True)
class Clip:
    """A made film. keep: how it is cut, edges on frames, microseconds. times: of its frames."""

    case: Case
    path: Path
    keep: Ranges
    times: Sequence[int]


def made(case: Case) -> Clip:
    """The film of a case, made where it is not there from an earlier run."""
    digest = hashlib.sha256(f"{VERSION} {case}".encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / "keeptake-coded" / digest
    path = folder / f"film{case.suffix}"
    meant = _stamps(case)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(case, meant, _kept(case, meant), path)
    times = frame_times(path)
    assert len(times) == len(meant), "a frame is missing in the film"
    return Clip(case, path, _kept(case, times), times)


def number_of(
    data: bytes | memoryview, stride: int, width: int, height: int, pixel: int = 4
) -> int:
    """The number drawn into a picture, at any size; -1 where it cannot be read.

    pixel: bytes of one; the first of them is looked at.
    """
    value = 0
    for i in range(BITS):
        x = int((i + 0.5) * width / BITS) * pixel
        high, low = data[height // 6 * stride + x], data[height // 2 * stride + x]
        if abs(high - low) < 60:
            return -1
        value = value << 1 | (high > low)
    return value


def _seconds(case: Case) -> float:
    return 1.0 + _lengths(case).sum() / SECOND + 1.5


def _lengths(case: Case) -> np.ndarray:
    """Microseconds of each kept stretch and of what is removed after it."""
    chance = random.Random(case.name)
    both = (case.kept, case.removed)
    spans = [[chance.uniform(*span) for span in both] for _ in range(case.cuts + 1)]
    return np.rint(np.array(spans) * SECOND).astype(int)


def _stamps(case: Case) -> list[int]:
    """Microseconds of every frame as it is meant."""
    over, under = case.fps
    count = round(_seconds(case) * over / under)
    stray = [8_000 * (n * 7 % 3) if case.varying else 0 for n in range(count)]
    late = round(case.late * SECOND)
    return [late + round(n * SECOND * under / over) + stray[n] for n in range(count)]


def _kept(case: Case, times: Sequence[int]) -> Ranges:
    """What is kept: the same frames wherever the container rounds their times to."""
    meant = _stamps(case)
    keep: list[TimeRange] = []
    at = meant[0] + SECOND
    for kept, removed in _lengths(case):
        first, last = np.searchsorted(meant, [at, at + kept])
        keep.append(TimeRange(times[first], times[last]))
        at += kept + removed
    return tuple(keep)


def _make(case: Case, meant: Sequence[int], keep: Ranges, path: Path) -> None:
    sound = path.with_name("sound.wav")
    _write_sound(sound, keep, meant[0], _seconds(case))
    part = path.with_name(f"part{case.suffix}")
    command = [
        "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray",
        "-s", f"{SMALL[0]}x{SMALL[1]}", "-r", "30", "-i", "-", "-i", str(sound),
        "-filter_complex", _filters(case), "-map", "[v]", "-map", "1:a",
        "-fps_mode", "passthrough", "-enc_time_base", "1:90000", *_coding(case),
    ]  # fmt: skip
    if case.suffix in (".mp4", ".mov"):
        command += ["-video_track_timescale", "90000"]
    if case.late:
        command += ["-output_ts_offset", str(case.late)]
    frames = b"".join(draw(n)[2] for n in range(len(meant)))
    subprocess.run([*command, str(part)], input=frames, check=True, timeout=900)
    if case.turned:
        tagged = path.with_name(f"turned{case.suffix}")
        tag = ["-c", "copy", "-metadata:s:v:0", "rotate=90", str(tagged)]
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(part), *tag], check=True)
        part.unlink()
        part = tagged
    sound.unlink()
    part.replace(path)


def _filters(case: Case) -> str:
    """The code above, something that moves below, stored as the case wants it."""
    over, under = case.fps
    width, height = case.displayed
    ticks = f"N*{under}*90000/{over}" + ("+720*mod(N*7,3)" if case.varying else "")
    below = height // 3
    return (
        f"[0:v]settb=1/90000,setpts='{ticks}',scale={width}:{height}:flags=neighbor,"
        f"format=yuv420p[code];"
        f"testsrc2=s={width}x{below}:r={over}/{under},format=yuv420p[motion];"
        f"[code][motion]overlay=0:{height - below}:shortest=1"
        + (",transpose=1" if case.turned else "")
        + (f",scale={width * 3 // 4}:{height},setsar=4/3" if case.wide else "")
        + "[v]"
    )


def _coding(case: Case) -> list[str]:
    gop = ["-g", str(case.gop), "-keyint_min", str(case.gop)]
    if case.codec == "libvpx-vp9":
        speed = ["-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-b:v", "3M"]
        # Opus has a delay, by which FFmpeg moves the pictures: on by 6.5 ms, in whole ones.
        sound = ["-af", "adelay=7:all=1", "-c:a", "libopus", "-b:a", "160k"]
        return ["-c:v", "libvpx-vp9", *speed, *gop, *sound]
    b_frames = "0" if case.gop == 1 else "2"
    video = ["-c:v", "libx264", "-preset", "veryfast", "-bf", b_frames, "-sc_threshold", "0"]
    sound = {".mkv": ["flac"], ".mov": ["pcm_s16le"]}.get(case.suffix, ["aac", "-b:a", "256k"])
    return [*video, *gop, "-c:a", *sound]


def _write_sound(path: Path, keep: Ranges, start: int, seconds: float) -> None:
    """A tone for each stretch, its phase carried on where it changes."""
    whole = TimeRange(start, start + round(seconds * SECOND))
    tones = [(k, KEPT_TONES[n % 2]) for n, k in enumerate(keep)]
    tones += [(r, REMOVED_TONE) for r in complement(keep, whole)]
    pitch = np.zeros(round(seconds * RATE))
    for span, tone in tones:
        first, last = (round((t - start) * RATE / SECOND) for t in (span.start, span.end))
        pitch[first:last] = tone
    samples = LOUDNESS * np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        both = np.repeat((samples * 32767).astype("<i2"), 2)
        out.writeframes(both.tobytes())
