"""What is heard: a sound server of our own whose only device records, and tones found in it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from tests.benchmarks.coded import KEPT_TONES, LOUDNESS, RATE, REMOVED_TONE

WINDOW = 240
"""Samples of one look, 5 ms."""
HOP = 48
"""Samples from one look to the next, 1 ms."""
QUIET = 0.02
"""Amplitude below which nothing is heard; the tones have 0.35."""
SHORTEST = 3
"""Looks; a shorter run is a seam between two tones."""
STEEP = 1.4 * LOUDNESS * 2 * np.pi * REMOVED_TONE / RATE
"""From one sample to the next; more than any of the tones rises."""


class Run(NamedTuple):
    """A tone, or silence (0.0), and how many milliseconds it lasted."""

    tone: float
    ms: float


class SoundServer:
    """PulseAudio with a null sink; what is played there can be recorded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"unix:{folder}/native"

    @contextmanager
    def recording(self) -> Iterator[list[np.ndarray]]:
        """Record while inside; the samples, -1 to 1, are in the list afterwards."""
        out: list[np.ndarray] = []
        raw = self._folder / "heard.raw"
        command = [
            "parec", "-s", self.address, "-d", "null.monitor", "--format=s16le", "--channels=1",
            f"--rate={RATE}", "--latency-msec=2", str(raw),
        ]  # fmt: skip
        with subprocess.Popen(command, env=self._environment()) as recorder:
            time.sleep(0.3)
            try:
                yield out
            finally:
                time.sleep(0.3)
                recorder.terminate()
        out.append(np.fromfile(raw, "<i2").astype(np.float32) / 32768)
        raw.unlink()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "XDG_RUNTIME_DIR": str(self._folder)}


@contextmanager
def sound_server() -> Iterator[SoundServer]:
    """A server on a socket of its own; PULSE_SERVER names it while inside."""
    with TemporaryDirectory() as name:
        server = SoundServer(Path(name))
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes",
            "--realtime=no", "--high-priority=no", "--log-level=0",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={name}/native",
            "-L", f"module-null-sink sink_name=null rate={RATE}",
        ]  # fmt: skip
        environment = {**os.environ, "XDG_RUNTIME_DIR": name, "HOME": name}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            before = os.environ.get("PULSE_SERVER")
            os.environ["PULSE_SERVER"] = server.address
            try:
                _wait_for(Path(name) / "native")
                yield server
            finally:
                process.terminate()
                os.environ.pop("PULSE_SERVER")
                if before is not None:
                    os.environ["PULSE_SERVER"] = before


def _wait_for(socket: Path, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not socket.exists():
        if time.monotonic() > end:
            raise RuntimeError("pulseaudio did not start")
        time.sleep(0.05)
    time.sleep(0.3)


def runs(samples: np.ndarray) -> list[Run]:
    """The recording as tones one after the other."""
    tones = (*KEPT_TONES, REMOVED_TONE)
    count = max(0, (len(samples) - WINDOW) // HOP)
    looks = np.lib.stride_tricks.as_strided(
        samples, (count, WINDOW), (samples.strides[0] * HOP, samples.strides[0])
    )
    taper = np.hanning(WINDOW)
    angle = 2j * np.pi * np.arange(WINDOW) / RATE
    strength = np.stack(
        [np.abs(looks @ (taper * np.exp(-angle * tone))) * 2 / taper.sum() for tone in tones]
    )
    best = np.where(strength.max(axis=0) < QUIET, -1, strength.argmax(axis=0))
    edges = np.flatnonzero(np.diff(best)) + 1
    found: list[Run] = []
    for part in np.split(best, edges):
        tone = 0.0 if not len(part) or part[0] < 0 else tones[part[0]]
        _append(found, Run(tone, len(part) * HOP * 1000 / RATE))
    return found


def _append(found: list[Run], run: Run) -> None:
    """Add a run; what is too short to be heard as one belongs to the one before."""
    if found and (run.ms < SHORTEST or run.tone == found[-1].tone):
        found[-1] = Run(found[-1].tone, found[-1].ms + run.ms)
    else:
        found.append(run)


def clicks(samples: np.ndarray) -> int:
    """How many places have a jump that no tone makes: a splice that is not faded often is one."""
    jumps = np.flatnonzero(np.abs(np.diff(samples)) > STEEP)
    return int(np.count_nonzero(np.diff(jumps, prepend=-RATE) > RATE // 50))


class Heard(NamedTuple):
    """At each cut: milliseconds of removed sound, of silence; of each stretch after a cut, lost."""

    removed: list[float]
    silent: list[float]
    lost: list[float]


def heard_at_cuts(found: Sequence[Run], lengths_ms: Sequence[float]) -> Heard:
    """Compare with stretches of these lengths, whose tones take turns from KEPT_TONES[0] on.

    A stretch that is not heard at all counts as lost whole.
    """
    at = next((i for i, r in enumerate(found) if r.tone == KEPT_TONES[0] and r.ms > 100), 0)
    heard = Heard([], [], [])
    for n, length in enumerate(lengths_ms):
        tone, removed, silent, kept = KEPT_TONES[n % 2], 0.0, 0.0, 0.0
        other = KEPT_TONES[(n + 1) % 2]
        while at < len(found) and (found[at].tone != other or found[at].ms < 20):
            run = found[at]
            if run.tone == tone:
                kept += run.ms
            elif run.tone == REMOVED_TONE:
                removed += run.ms
            else:
                silent += run.ms
            at += 1
        if n < len(lengths_ms) - 1:
            # What comes after this stretch and before the next one belongs to the cut.
            heard.removed.append(removed)
            heard.silent.append(silent)
        if n:
            heard.lost.append(max(0.0, length - kept))
    return heard
