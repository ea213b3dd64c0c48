"""Films for proxies: numbered frames at whatever times, a tone that says when it is."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from app.core.timerange import Ranges, TimeRange, merge
from app.media.content_key import content_key
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.proxy_make import ChunkMaker
from app.media.proxy_plan import ProxyPlan

WIDTH, HEIGHT, BITS = 320, 180, 16
RATE = 48_000
Packets: TypeAlias = list[tuple[int, NDArray[np.int16]]]
"""Milliseconds and samples of each."""

TICKS = 90_000
"""Of a second, in which frame times are given."""


def drawn(number: int) -> NDArray[np.uint8]:
    """Luma of frame `number`: its bits in blocks above, their complement below."""
    picture = np.full((HEIGHT, WIDTH), 128, np.uint8)
    for bit in range(BITS):
        on = number >> bit & 1
        columns = slice(bit * WIDTH // BITS, (bit + 1) * WIDTH // BITS)
        picture[: HEIGHT // 2, columns] = 235 if on else 16
        picture[HEIGHT // 2 :, columns] = 16 if on else 235
    return picture


def number_of(luma: NDArray[np.uint8]) -> int:
    """Read back at any size, or -1 where it cannot be read."""
    height, width = luma.shape
    value = 0
    for bit in range(BITS):
        x = (2 * bit + 1) * width // (2 * BITS)
        high, low = int(luma[height // 4, x]), int(luma[3 * height // 4, x])
        if abs(high - low) < 60:
            return -1
        value |= (high > low) << bit
    return value


def ramp(samples: int) -> NDArray[np.int16]:
    """Sound that says its own sample: left counts to 30000, right counts those rounds."""
    index = np.arange(samples)
    return np.stack([index % 30_000, index // 30_000 * 100], axis=1).astype(np.int16)


def regular(count: int, rate: Fraction) -> list[int]:
    """Ticks of frames at a constant rate."""
    return [round(n * TICKS / rate) for n in range(count)]


def irregular(count: int, seed: int) -> list[int]:
    """Ticks of frames 8 to 120 ms apart."""
    dice, at, out = random.Random(seed), 0, []
    for _ in range(count):
        out.append(at)
        at += dice.randrange(8 * TICKS // 1000, 120 * TICKS // 1000)
    return out


def film(path: Path, ticks: list[int], *, sound: bool = True, gop: int = 30) -> Path:
    """Write a Matroska or MP4 film, H.264 with B-frames; its sound is not compressed."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", 30, {"preset": "ultrafast", "bf": "2", "g": str(gop)})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.time_base = Fraction(1, TICKS)
        video.codec_context.thread_count = 1
        audio = out.add_stream("pcm_s16le", RATE, layout="stereo") if sound else None
        gray = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        for number, tick in enumerate(ticks):
            rows = np.vstack([drawn(number), gray])
            frame = av.VideoFrame.from_ndarray(rows, "yuv420p")
            frame.pts, frame.time_base = tick, Fraction(1, TICKS)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None:
            end = (ticks[-1] + TICKS // 25) * RATE // TICKS
            samples = ramp(end)
            for at in range(0, end, 1024):
                packet = av.Packet(samples[at : at + 1024].tobytes())
                packet.stream, packet.time_base = audio, Fraction(1, RATE)
                packet.pts = packet.dts = at
                packet.is_keyframe = True
                out.mux(packet)
    return path


def plan_of(path: Path) -> ProxyPlan:
    """What its proxy is to be."""
    found = probe(path)
    assert found.video
    shown = found.video.width, found.video.height
    return ProxyPlan(
        content_key(path), frame_times(path), found.duration, shown, found.audio is not None
    )


def build(path: Path, root: Path) -> ProxyPlan:
    """Make all chunks of its proxy in `root`."""
    plan = plan_of(path)
    maker = ChunkMaker(path, plan, root / plan.folder)
    try:
        for chunk in plan.chunks:
            maker.make(chunk)
            if plan.has_audio:
                maker.sound(chunk)
    finally:
        maker.close()
    return plan


def random_spans(plan: ProxyPlan, seed: int, count: int) -> Ranges:
    """Spans whose edges are frame times, some a frame long, some over several chunks."""
    dice = random.Random(seed)
    edges = [*plan.times, plan.duration]
    out = []
    for _ in range(count):
        a = dice.randrange(len(plan.times))
        length = dice.choice((1, 1, 2, 5, 20, 60))
        out.append(TimeRange(edges[a], edges[min(len(edges) - 1, a + length)]))
    return merge(out)


def pictures(path: Path, *, concat: bool = False) -> list[tuple[int, int]]:
    """Number and milliseconds of each picture, as FFmpeg delivers them."""
    options = {"format": "concat"} if concat else {}
    with av.open(str(path), **options) as container:
        found = []
        for frame in container.decode(video=0):
            luma = np.frombuffer(frame.planes[0], np.uint8).reshape(frame.height, -1)
            at = round(frame.pts * frame.time_base * 1000)
            found.append((number_of(luma[:, : frame.width]), at))
        return found


def sound(path: Path, *, concat: bool = False) -> Packets:
    """Milliseconds and samples of each packet of sound, as FFmpeg delivers them."""
    options = {"format": "concat"} if concat else {}
    with av.open(str(path), **options) as container:
        return [
            (round(p.pts * p.time_base * 1000), np.frombuffer(bytes(p), np.int16).reshape(-1, 2))
            for p in container.demux(audio=0)
            if p.size
        ]
