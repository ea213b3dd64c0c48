"""What a person can set, and what the window remembers: one JSON file, never a key in it."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.errors import StoreError
from app.core.moments import Framing
from app.core.timerange import from_seconds
from app.services.settings_table import ROWS
from app.services.store_files import move_aside, write_whole

RECENT = 10


class Settings(BaseModel):
    """One version of the settings; unknown fields belong to another version and are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, allow_inf_nan=False)

    version: int = 1
    device_id: str = Field(default_factory=lambda: str(uuid.uuid4()), min_length=8, max_length=64)
    theme: Literal["system", "light", "dark"] = "system"
    padding_seconds: float = Field(default=0.08, ge=0, le=5)
    cache_folder: str = ""
    cache_megabytes: int = Field(default=2048, ge=64, le=1_000_000)
    proxy_background: bool = True
    proxy_megabytes: int = Field(default=10_240, ge=0, le=1_000_000)
    downloads_folder: str = ""
    spend_cap_cents: int = Field(default=500, ge=0, le=1_000_000)
    service: Literal["automatic", "nanoclip", "local"] = "automatic"
    language: str = Field(default="en", max_length=8)
    retake_language: str = Field(default="he", max_length=8)
    volume: int = Field(default=80, ge=0, le=100)
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
    moments_preset: str = Field(default="bc-default", max_length=200)
    moments_sort: str = Field(default="-score", max_length=200)
    best_for: str = Field(default="", max_length=200)
    short_framing: Framing = "subject"
    short_captions: bool = True
    short_cuts: bool = True
    short_name_pattern: str = Field(default="{video} {number} {title}", max_length=200)
    recent: list[str] = Field(default_factory=list, max_length=RECENT)
    window_geometry: str = ""
    window_state: str = ""
    keys: dict[str, list[str]] = Field(default_factory=dict, max_length=500)
    timeline_zoom: float = Field(default=0.0, ge=0, le=1e9)
    timeline_lanes: str = Field(default="", max_length=1000)

    @property
    def padding(self) -> int:
        """The cut padding in microseconds."""
        return from_seconds(self.padding_seconds)

    def changed(self, **values: Any) -> Self:
        """The next version; raises StoreError naming the value that will not do."""
        try:
            return type(self).model_validate({**self.model_dump(), **values})
        except ValidationError as problem:
            raise StoreError(
                "This setting was not taken: " + _reason(problem), "", str(problem)
            ) from problem

    def opened(self, file: Path) -> Self:
        """With `file` first among the recent ones."""
        name = str(file)
        return self.changed(recent=[name, *(f for f in self.recent if f != name)][:RECENT])


def _reason(problem: ValidationError) -> str:
    first = problem.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    label = next((row.label for row in ROWS if row.key == key), key)
    return f"{label}: {first['msg'][:1].lower()}{first['msg'][1:]}."


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
        text = json.dumps(settings.model_dump(), indent=2, ensure_ascii=True) + "\n"
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
        settings, bad = _most_of(content)
        if bad:
            self._keep_aside(bad)
        return settings, not bad and "device_id" in settings.model_fields_set

    def _keep_aside(self, bad: list[str]) -> None:
        what = "The settings file was" if bad == ["*"] else f"Settings were ({', '.join(bad)})"
        self.notice = f"{what} damaged; Keeptake uses its defaults there."
        try:
            aside = move_aside(self.path)
        except OSError:
            return
        self.notice += f" The old file was kept as “{aside.name}”."


def _most_of(content: bytes) -> tuple[Settings, list[str]]:
    """The settings that will do, and the names of the fields that will not ("*" for all)."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return Settings(), ["*"]
    if not isinstance(given, dict):
        return Settings(), ["*"]
    try:
        return Settings.model_validate(given), []
    except ValidationError as problem:
        bad = sorted({str(e["loc"][0]) for e in problem.errors() if e["loc"]})
    return Settings.model_validate({k: v for k, v in given.items() if k not in bad}), bad


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
