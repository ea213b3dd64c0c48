"""Generated films whose every frame carries its own number, and how to read it back from pixels."""

from __future__ import annotations

import subprocess
from pathlib import Path

from app.media.frame_index import frame_times
from app.media.probe import probe
from app.playback.player import Film, Frame, film_of

BITS = 16
SMALL = (320, 192)


def draw(number: int) -> tuple[int, int, bytes]:
    """Width, height, gray: a row of 16 blocks with the number, its complement, a moving bar."""
    width, height = SMALL
    block, third = width // BITS, height // 3
    bits = [(number >> (BITS - 1 - i)) & 1 for i in range(BITS)]
    code = b"".join(bytes([235 if b else 16]) * block for b in bits)
    other = b"".join(bytes([16 if b else 235]) * block for b in bits)
    bar = bytearray(b"\x60" * width)
    at = number * 5 % (width - 10)
    bar[at : at + 10] = b"\xc0" * 10
    return width, height, code * third + other * third + bytes(bar) * (height - 2 * third)


def make_clip(
    path: Path, *, seconds: float, fps: int = 25, gop: int = 50, size: tuple[int, int] = SMALL,
    sound: bool = True,
) -> Film:  # fmt: skip
    """Write an H.264 film with B-frames and a tone, and say what a probe would."""
    count = round(seconds * fps)
    width, height = size
    command = [
        "ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray",
        "-s", f"{SMALL[0]}x{SMALL[1]}", "-r", str(fps), "-i", "-",
    ]  # fmt: skip
    if sound:
        command += ["-f", "lavfi", "-t", str(seconds), "-i", "sine=440:sample_rate=48000"]
        command += ["-c:a", "aac"]
    command += [
        "-vf", f"scale={width}:{height}:flags=neighbor,format=yuv420p", "-c:v", "libx264",
        "-preset", "veryfast", "-bf", "2", "-g", str(gop), "-keyint_min", str(gop),
        "-sc_threshold", "0", "-threads", "2", str(path),
    ]  # fmt: skip
    subprocess.run(
        command, input=b"".join(draw(i)[2] for i in range(count)), check=True, timeout=100
    )
    return film_of(probe(path), frame_times(path))


def number(frame: Frame) -> int:
    """The number drawn into the picture, or -1 where it cannot be read."""
    value = 0
    for i in range(BITS):
        x = round((i + 0.5) * frame.width / BITS) * 4
        high = frame.data[frame.height // 6 * frame.stride + x]
        low = frame.data[frame.height // 2 * frame.stride + x]
        if abs(high - low) < 60:
            return -1
        value = value << 1 | (high > low)
    return value
