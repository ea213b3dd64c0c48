"""Tiny clips whose frames say their number: 12 bits as dark and bright blocks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, BITS = 192, 96, 12


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def coded(number: int) -> NDArray[np.uint8]:
    """The picture of frame `number`."""
    picture = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    for bit in range(BITS):
        picture[:, bit * 16 : bit * 16 + 16] = 235 if number >> bit & 1 else 16
    return picture


def number_of(picture: NDArray[np.uint8]) -> int:
    """Read back from RGB pixels."""
    row = picture[HEIGHT // 2, 8 : BITS * 16 : 16, 1]
    return sum(1 << bit for bit, value in enumerate(row) if value > 128)


def clip(
    path: Path, frames: int = 100, fps: int = 25, gop: int = 50, *, sound: bool = True
) -> Path:
    """Numbered frames with B-frames, and a tone, in the container of the suffix."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{WIDTH}x{HEIGHT}", "-r", str(fps), "-i", "pipe:0"]
    if sound:
        command += ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={frames / fps}"]
    command += ["-c:v", "libx264", "-g", str(gop), "-bf", "2", "-pix_fmt", "yuv420p", str(path)]
    data = b"".join(coded(n).tobytes() for n in range(frames))
    subprocess.run(command, input=data, check=True)
    return path


def numbers(path: Path) -> list[int]:
    """The number of every frame, in the order in which they are shown."""
    with av.open(str(path)) as container:
        return [number_of(f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
