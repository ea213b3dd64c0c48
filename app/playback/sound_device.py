"""Which sound output VLC is asked for, and whether there is anything to be heard on."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app.core.errors import MediaError

AOUT_VARIABLE = "KEEPTAKE_AOUT"
"""Names VLC's sound output where the default is not wanted; tests say `dummy`."""

SILENT = "dummy"
"""VLC's output that nobody hears, and that never fails."""

CARDS = Path("/proc/asound")


class SilenceError(MediaError):
    """Nothing can be heard; everything else goes on."""


def sound_output(environment: Mapping[str, str] = os.environ, cards: Path = CARDS) -> str:
    """The sound output to ask for where none is named; empty leaves the choice to VLC.

    Without any device VLC tries anew at every block of sound, and ALSA says so every time: then it
    is the silent one.
    """
    if sys.platform == "win32":
        # mmdevice mutes the whole process; with DirectSound each player has its own loudness.
        return "directsound"
    if sys.platform != "linux":
        return ""
    return "" if _has_server(environment) or list(cards.glob("card[0-9]*")) else SILENT


def _has_server(environment: Mapping[str, str]) -> bool:
    """Whether PulseAudio or PipeWire is there; one on another machine is believed in."""
    if named := environment.get("PULSE_SERVER", ""):
        path = named.rpartition("}")[2].removeprefix("unix:")
        return not path.startswith("/") or Path(path).exists()
    runtime = Path(environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    return any(server.exists() for server in (runtime / "pulse" / "native", runtime / "pipewire-0"))


class SoundWatch:
    """Notices that there is no device to hear a film on; says so once each time one is gone."""

    def __init__(self, chosen: str, environment: Mapping[str, str], cards: Path = CARDS) -> None:
        """chosen: the output VLC was loaded with because it was found, not named."""
        self._chosen = chosen
        self._environment = environment
        self._cards = cards
        self._told = False

    def problem(self) -> SilenceError | None:
        """A sentence the first time it is asked while nothing can be heard."""
        there = sound_output(self._environment, self._cards) != SILENT
        heard = there and self._chosen != SILENT
        told, self._told = self._told, not heard
        if heard or told:
            return None
        if there:
            return SilenceError(
                "A sound device is there now, but videos still play silently.",
                "Start Keeptake again to hear them.",
            )
        return SilenceError(
            "There is no sound device, so videos play silently; pictures and cuts are as usual.",
            "Connect headphones or speakers, or start the sound server, and start Keeptake again.",
        )
