"""Settings come back, survive damage, keep what they do not know, and never hold a key."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import StoreError
from app.services.settings import NAMES, Settings, SettingsFile, is_safe_address, service_address
from app.services.settings_table import ROWS
from app.services.shorts_settings import ASKED, asked_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


@pytest.fixture
def file(path: Path) -> Iterator[SettingsFile]:
    made = SettingsFile(path)
    yield made
    made.close()


def reopened(path: Path) -> SettingsFile:
    file = SettingsFile(path)
    file.close()
    return file


def test_what_was_set_comes_back(file: SettingsFile, path: Path) -> None:
    file.update(theme="dark", volume=30, window_geometry="AbC=", padding_seconds=0.12)
    file.put(file.current.opened(Path("/videos/a.mp4")).opened(Path("/videos/שלום.mp4")))
    file.flush()
    again = reopened(path)
    assert again.current == file.current
    assert again.current.recent == ["/videos/שלום.mp4", "/videos/a.mp4"]
    assert again.current.padding == 120_000
    assert again.notice == ""
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_the_device_id_is_made_once(file: SettingsFile, path: Path) -> None:
    assert uuid.UUID(file.current.device_id)
    file.close()
    assert reopened(path).current.device_id == file.current.device_id


def test_fields_of_another_version_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 1, "later": {"x": [1]}, "theme": "light"}')
    file = SettingsFile(path)
    file.update(theme="dark")
    file.close()
    kept = json.loads(path.read_text())
    assert kept["later"] == {"x": [1]}
    assert kept["theme"] == "dark"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_gives_defaults_and_is_kept_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file = reopened(path)
    assert file.current.theme == "system"
    assert "damaged" in file.notice
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.read_bytes() == content
    assert reopened(path).notice == ""


def test_one_bad_value_does_not_cost_the_others(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"device_id": "12345678-device", "volume": 1000, "theme": "dark"}')
    file = reopened(path)
    assert file.current.volume == 80
    assert file.current.theme == "dark"
    assert file.current.device_id == "12345678-device"
    assert "volume" in file.notice


def test_a_file_changed_by_hand_is_checked_again(file: SettingsFile, path: Path) -> None:
    file.update(theme="dark", volume=30)
    file.close()
    path.write_text(path.read_text().replace('"volume": 30', '"volume": 1000'))
    again = reopened(path)
    assert again.current.volume == 80
    assert again.current.theme == "dark"
    assert "volume" in again.notice


def test_a_file_as_it_was_written_is_read_without_the_checker(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.services.settings import SettingsFile; "
        f"file = SettingsFile(Path({str(path)!r})); file.close(); "
        "print(file.current.volume, 'pydantic' in sys.modules)"
    )
    for expected in ("80 False", "80 False", "7 True", "7 False"):
        if expected == "7 True":
            kept = json.loads(path.read_text())
            path.write_text(json.dumps({**kept, "volume": 7}))
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert run.stdout.strip() == expected


def test_a_value_that_will_not_do_is_refused_by_name(file: SettingsFile) -> None:
    with pytest.raises(StoreError, match="Cut padding"):
        file.update(padding_seconds=float("nan"))
    with pytest.raises(StoreError, match="Spend cap"):
        file.update(spend_cap_cents=-1)
    assert file.current == Settings(device_id=file.current.device_id)


def test_recent_files_are_ten_without_doubles() -> None:
    settings = Settings()
    for n in [*range(15), 7]:
        settings = settings.opened(Path(f"/v/{n}.mp4"))
    assert settings.recent[:3] == ["/v/7.mp4", "/v/14.mp4", "/v/13.mp4"]
    assert len(settings.recent) == 10


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    notices: list[str] = []
    file = SettingsFile(tmp_path / "file" / "settings.json", notices.append)
    file.update(volume=10)
    file.flush()
    file.update(volume=20)
    file.close()
    assert file.current.volume == 20
    assert len(notices) == 1
    assert "could not be saved" in notices[0]


def test_every_row_is_a_setting_or_a_key_of_the_credential_store() -> None:
    known = set(NAMES)
    assert {row.key for row in ROWS if row.kind != "secret"} <= known
    assert not {row.key for row in ROWS if row.kind == "secret"} & known
    labels = [row.label for row in ROWS]
    for label in ("NanoClip key", "Znippet license key", "Spend cap", "Cut padding"):
        assert label in labels
    for label in ("Cache folder", "Cache size", "Downloads folder"):
        assert label in labels
    assert len(set(labels)) == len(labels)


def test_choices_are_what_the_setting_takes() -> None:
    for row in ROWS:
        for value, _text in row.choices:
            assert getattr(Settings().changed(**{row.key: value}), row.key) == value


@pytest.mark.parametrize(
    "address",
    ["https://api.example.org", "http://127.0.0.1:8000/", "http://localhost:1", "http://[::1]:80"],
)
def test_https_and_loopback_are_safe(address: str) -> None:
    assert is_safe_address(address)
    assert service_address("nanoclip", {"NANOCLIP_BASE_URL": address}) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "ftp://localhost",
        "https://",
        "https://key@example.org",
        "https://example.org/?a=b",
        "https://example.org:99999",
        "example.org",
        "http://[::1",
        "https://exam\nple.org",
    ],
)
def test_other_addresses_never_get_a_key(address: str) -> None:
    with pytest.raises(StoreError, match="NANOCLIP_BASE_URL"):
        service_address("nanoclip", {"NANOCLIP_BASE_URL": address})


def test_without_a_variable_the_services_own_address_is_used() -> None:
    assert service_address("nanoclip", {}) == "https://api.nanoclip.ai"
    assert service_address("znippet", {"ZNIPPET_BASE_URL": " "}).startswith("https://app.znippet")


def test_how_moments_are_found_and_shorts_named_is_remembered(tmp_path: Path) -> None:
    now = Settings()
    assert [a.key for a in ASKED if not a.setting] == ["description"], "that is about one film"
    for asked in (a for a in ASKED if a.setting):
        value = getattr(now, asked.setting)
        assert value in [v for v, _ in asked.choices] if asked.choices else value is not None
    assert [a.wire for a in ASKED if a.fixed] == [
        "framingMode", "captionBurnIn", "captionPresetId",
    ]  # fmt: skip
    named = asked_of("settings.clipVolume")
    assert named is not None
    assert named.key == "volume"
    assert asked_of("upload.key") is None
    assert next(r.kind for r in ROWS if r.key == "short_name_pattern") == "text"
