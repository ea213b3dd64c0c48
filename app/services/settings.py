"""What a person can set, and what the window remembers: one JSON file, never a key in it."""

from __future__ import annotations

import json
import threading
import uuid
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from app.core.errors import StoreError
from app.core.late import late
from app.core.moments import Framing
from app.core.timerange import from_seconds
from app.services.store_files import move_aside, write_whole

if TYPE_CHECKING:
    from app.services import settings_check
else:
    settings_check = late("app.services.settings_check")

RECENT = 10

SEAL = "checked"
"""The member of the file that says of the others that they were checked when they were written."""


def _limited(default: Any, **limits: Any) -> Any:
    """A setting that takes not all values of its type; limits: as pydantic's `Field` takes them."""
    return field(default=default, metadata=limits)


@dataclass(frozen=True)
class Settings:
    """One version of the settings, made by hand or of values that were checked.

    others: unknown members of the file, which belong to another version and are kept.
    """

    version: int = 1
    device_id: str = field(
        default_factory=lambda: str(uuid.uuid4()), metadata={"min_length": 8, "max_length": 64}
    )
    theme: Literal["system", "light", "dark"] = "system"
    padding_seconds: float = _limited(0.08, ge=0, le=5)
    cache_folder: str = ""
    cache_megabytes: int = _limited(2048, ge=64, le=1_000_000)
    proxy_background: bool = True
    proxy_megabytes: int = _limited(10_240, ge=0, le=1_000_000)
    downloads_folder: str = ""
    spend_cap_cents: int = _limited(500, ge=0, le=1_000_000)
    service: Literal["automatic", "nanoclip", "local"] = "automatic"
    language: str = _limited("en", max_length=8)
    retake_language: str = _limited("he", max_length=8)
    volume: int = _limited(80, ge=0, le=100)
    muted: bool = False
    scene_markers: bool = True
    face_boxes: bool = True
    face_names: bool = True
    follow_playhead: bool = True
    framing_guide: bool = True
    moments_framing: Framing = "subject"
    moments_analysis: Literal["auto", "full", "transcript"] = "auto"
    moments_length: Literal["mixed", "10-30", "30-60", "60-120"] = "mixed"
    moments_volume: Literal["strict", "focused", "loose"] = "focused"
    moments_captions: bool = True
    moments_preset: str = _limited("bc-default", max_length=200)
    moments_sort: str = _limited("-score", max_length=200)
    best_for: str = _limited("", max_length=200)
    short_framing: Framing = "subject"
    short_captions: bool = True
    short_cuts: bool = True
    short_name_pattern: str = _limited("{video} {number} {title}", max_length=200)
    recent: list[str] = field(default_factory=list, metadata={"max_length": RECENT})
    window_geometry: str = ""
    window_state: str = ""
    keys: dict[str, list[str]] = field(default_factory=dict, metadata={"max_length": 500})
    timeline_zoom: float = _limited(0.0, ge=0, le=1e9)
    timeline_lanes: str = _limited("", max_length=1000)
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def padding(self) -> int:
        """The cut padding in microseconds."""
        return from_seconds(self.padding_seconds)

    @property
    def values(self) -> dict[str, Any]:
        """Every setting and what else was in the file, as JSON has them."""
        return {**{name: getattr(self, name) for name in NAMES}, **self.others}

    def changed(self, **values: Any) -> Settings:
        """The next version; raises StoreError naming the value that will not do."""
        return settings_check.checked({**self.values, **values})

    def opened(self, file: Path) -> Settings:
        """With `file` first among the recent ones."""
        name = str(file)
        return replace(self, recent=[name, *(f for f in self.recent if f != name)][:RECENT])


NAMES = tuple(f.name for f in fields(Settings) if f.name != "others")
"""What can be set, in the order of the file."""

_FORM = repr([(f.name, f.type, dict(f.metadata)) for f in fields(Settings)])


def _seal(values: Mapping[str, Any]) -> int:
    """A checksum over values and over what these were checked for: a file of one's own is read
    without the checker, which takes a tenth of the start to load. No defence against anybody.
    """
    return zlib.crc32((_FORM + json.dumps(values, sort_keys=True)).encode())


class SettingsFile:
    """The settings and their file. `update` never waits; a thread of its own writes.

    notice: what happened to the file at the start, as sentences; empty where it was whole.
    on_notice: called, on that thread, when the settings can no longer be written.
    """

    def __init__(self, path: Path, on_notice: Callable[[str], None] = lambda _text: None) -> None:
        self.path = path
        self.notice = ""
        self._on_notice = on_notice
        self._gate = threading.Lock()
        self._dirty = False
        self._told = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="keeptake-settings")
        self._current, whole = self._load()
        if not whole:
            self._save_soon()

    @property
    def current(self) -> Settings:
        """The settings now."""
        return self._current

    def update(self, **values: Any) -> Settings:
        """Set and keep; raises StoreError naming the value that will not do."""
        return self.put(self._current.changed(**values))

    def put(self, settings: Settings) -> Settings:
        """Keep these settings."""
        if settings != self._current:
            self._current = settings
            self._save_soon()
        return settings

    def close(self) -> None:
        """Write what is not written yet; waits."""
        self._pool.shutdown(wait=True)

    def flush(self) -> None:
        """Wait until everything said so far is written or could not be."""
        self._pool.submit(self._write).result()

    def _save_soon(self) -> Future[None] | None:
        with self._gate:
            if self._dirty:
                return None
            self._dirty = True
        return self._pool.submit(self._write)

    def _write(self) -> None:
        with self._gate:
            if not self._dirty:
                return
            self._dirty = False
            settings = self._current
        kept = settings.values
        text = json.dumps({**kept, SEAL: _seal(kept)}, indent=2, ensure_ascii=True) + "\n"
        try:
            write_whole(self.path, text.encode())
        except OSError as problem:
            if not self._told:
                self._told = True
                self._on_notice(
                    f"The settings could not be saved ({problem.strerror or problem}). They hold "
                    "while the window is open."
                )

    def _load(self) -> tuple[Settings, bool]:
        """The settings, and whether the file holds just them."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Settings(), False
        except OSError as problem:
            self.notice = (
                f"The settings could not be read ({problem.strerror or problem}); "
                "Keeptake starts with its own."
            )
            return Settings(), True
        settings, bad, sealed = _most_of(content)
        if bad:
            self._keep_aside(bad)
        return settings, sealed

    def _keep_aside(self, bad: list[str]) -> None:
        what = "The settings file was" if bad == ["*"] else f"Settings were ({', '.join(bad)})"
        self.notice = f"{what} damaged; Keeptake uses its defaults there."
        try:
            aside = move_aside(self.path)
        except OSError:
            return
        self.notice += f" The old file was kept as “{aside.name}”."


def _most_of(content: bytes) -> tuple[Settings, list[str], bool]:
    """The settings that will do, the names of the fields that will not ("*" for all), and whether
    the file is as it was written.
    """
    try:
        given = json.loads(content)
        sealed = isinstance(given, dict) and given.pop(SEAL, None) == _seal(given)
    except (ValueError, RecursionError):
        return Settings(), ["*"], False
    if not isinstance(given, dict):
        return Settings(), ["*"], False
    if sealed:
        own = {name: given.pop(name) for name in NAMES if name in given}
        return Settings(**own, others=given), [], True
    return *settings_check.most_of(given), False


DEFAULT_ADDRESSES: Mapping[str, tuple[str, str]] = {
    "nanoclip": ("NANOCLIP_BASE_URL", "https://api.nanoclip.ai"),
    "znippet": ("ZNIPPET_BASE_URL", "https://app.znippet.ai/api/v1/shorts"),
}
"""Service -> the variable that overrides its address, and the address."""


def service_address(service: str, environment: Mapping[str, str]) -> str:
    """The base URL of "nanoclip" or "znippet", without a slash at the end.

    The environment may give another one: https, or http on loopback alone, for the key travels
    with it. Raises StoreError where it gives anything else.
    """
    variable, default = DEFAULT_ADDRESSES[service]
    given = environment.get(variable, "").strip()
    if not given:
        return default
    if not is_safe_address(given):
        raise StoreError(
            f"{variable} is not an address Keeptake sends a key to.",
            "Give an https address, or http on this computer alone (127.0.0.1, localhost, [::1]).",
        )
    return given.rstrip("/")


def is_safe_address(address: str) -> bool:
    """Whether a key may travel there: https, or http on loopback; no user part, query, fragment."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if (
        not host
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not address.isprintable()
    ):
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
