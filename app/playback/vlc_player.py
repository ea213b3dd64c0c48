"""libVLC 3.0, found and loaded: the only module that imports vlc."""

from __future__ import annotations

import os
import platform
import struct
import sys
from typing import Any

from app.core.errors import MediaError
from app.playback.media_player import VlcPlayer
from app.playback.player import Listener, Player
from app.playback.sound_device import AOUT_VARIABLE, SoundWatch, sound_output

OPTIONS = [
    "--no-xlib", "--no-video-title-show", "--no-osd", "--no-spu", "--no-sub-autodetect-file",
    "--no-snapshot-preview", "--no-lua", "--no-interact", "--no-keyboard-events",
    "--no-mouse-events", "--no-disable-screensaver", "--no-metadata-network-access",
    "--play-and-pause", "--quiet",
]  # fmt: skip
FEWEST_OPTIONS = ["--play-and-pause", "--quiet", "--no-video-title-show"]

_MISSING = (
    "Install VLC 3.0 (64-bit) from videolan.org; on Debian and Ubuntu: sudo apt install libvlc5"
    " vlc-plugin-base vlc-plugin-video-output (a snap or flatpak VLC cannot be used). Or set"
    " PYTHON_VLC_LIB_PATH to the libvlc library. Then open the video again."
)


def _missing(detail: str) -> MediaError:
    where = os.environ.get("PYTHON_VLC_LIB_PATH", "the usual places")
    bits = struct.calcsize("P") * 8
    return MediaError(
        "VLC 3.0 was not found, so playing is off; everything else works.",
        _MISSING,
        f"{detail} (Python {platform.python_version()}, {bits} bits, {sys.platform};"
        f" looked in {where})",
    )


def _load() -> Any:
    """The vlc module, proved to work; MediaError where libVLC is missing (vlc.md section 7)."""
    try:
        import vlc  # type: ignore[import-untyped]

        version = vlc.libvlc_get_version().decode(errors="replace")
    except (
        ImportError, OSError, NotImplementedError, NameError, AttributeError, KeyError, SystemExit,
    ) as error:  # fmt: skip
        raise _missing(f"{type(error).__name__}: {error}") from error
    if not version.startswith("3.0."):
        raise _missing(f"libVLC {version} is installed")
    return vlc


class Engine:
    """libVLC itself, loaded once; makes players. MediaError where it is missing or broken.

    aout: VLC's name of a sound output ("dummy"); None asks the environment, then VLC.
    """

    def __init__(self, aout: str | None = None) -> None:
        self.vlc = _load()
        named = aout or os.environ.get(AOUT_VARIABLE)
        aout = named or sound_output()
        self.sound = None if named else SoundWatch(aout, os.environ)
        """Whether anything can be heard, where VLC's output was found rather than named."""
        sound = [f"--aout={aout}"] if aout else []
        # An option this VLC does not know makes the instance None.
        self.instance = self.vlc.Instance([*OPTIONS, *sound]) or self.vlc.Instance(
            [*FEWEST_OPTIONS, *sound]
        )
        if self.instance is None:
            raise _missing("libvlc_new failed: VLC's plugins were not found")

    def player(self, name: str, listener: Listener) -> Player:
        """A player with its own control thread."""
        return VlcPlayer(self.vlc, self.instance, name, listener)

    def close(self) -> None:
        """Release libVLC; every player must be closed."""
        self.instance.release()
