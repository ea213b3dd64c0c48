"""Folders follow the platform."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.services.folders import folders


@pytest.mark.skipif(sys.platform != "linux", reason="XDG variables are Linux's")
def test_xdg_variables_are_honoured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = folders()
    assert found.projects == tmp_path / "DATA" / "keeptake" / "projects"
    assert found.local_service.parent == tmp_path / "DATA" / "keeptake"
    assert found.settings == tmp_path / "CONFIG" / "keeptake" / "settings.json"
    assert found.cache == tmp_path / "CACHE" / "keeptake"
    assert found.logs.is_relative_to(tmp_path / "STATE" / "keeptake")


def test_asking_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert not folders().data.exists()
