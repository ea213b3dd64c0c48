"""The n-th call to the file system fails, for every n, while a project is saved."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import StoreError
from app.core.review import Decisions, Footage
from app.services.settings import SettingsFile
from app.services.store import Store
from tests.conftest import LONG
from tests.services.test_kills import KEY, decisions

OLD, NEW = decisions(120), decisions(160)
SAVE_TOLD, COPY_TOLD = 1, 2

WAYS = [(errno.EIO, False), (errno.ENOSPC, True)]
"""A disk that fails once, and one that is full from then on."""


def saved(folder: Path, video: Path, copy: Path) -> int:
    """A sitting that saves everything; which failures it was told of, as bits."""
    told = 0
    settings = SettingsFile(folder / "settings.json", lambda _text: None)
    settings.update(volume=7)
    settings.close()
    try:
        project = Store(folder).open_for(video, KEY, Footage(1))
    except StoreError:
        return SAVE_TOLD | COPY_TOLD
    try:
        project.save_decisions(NEW).result()
        project.save_answer("vision", bytes(20_000), "nanoclip").result()
    except StoreError:
        told |= SAVE_TOLD
    try:
        project.save_as(copy)
    except StoreError:
        told |= COPY_TOLD
    told |= SAVE_TOLD * project.in_memory
    try:
        project.close()
    except StoreError:
        told |= SAVE_TOLD
    return told


class Disk:
    """Folders as they were before each sitting, and the process whose forks sit there."""

    def __init__(self, tmp_path: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self.video = tmp_path / "projects", tmp_path / "film.mp4"
        self.copy, self._before = tmp_path / "copy.keeptake", tmp_path / "before"
        self._process = process
        self.video.write_bytes(b"film")
        with closing(Store(self._before).open_for(self.video, KEY, Footage(1))) as project:
            project.save_decisions(OLD).result()
        settings = SettingsFile(self._before / "settings.json", lambda _text: None)
        settings.update(volume=5)
        settings.close()

    def sitting(self, at: int, error: int, *, on: bool) -> dict[str, Any] | None:
        """How it ended; None where calls cannot be made to fail."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._before, self.folder)
        shutil.copyfile(Store(self._before).path_for(KEY), self.copy)
        order = {"folder": str(self.folder), "video": str(self.video), "copy": str(self.copy)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({**order, "at": at, "error": error, "on": on}) + "\n")
        self._process.stdin.flush()
        life: dict[str, Any] | None = json.loads(self._process.stdout.readline())
        return life

    def wrong(self, code: int) -> str:
        """What was lost although nobody was told, or ""."""
        if code not in range(4):
            return f"it ended with {code}"
        store = Store(self.folder)
        for path, bit in ((store.path_for(KEY), SAVE_TOLD), (self.copy, COPY_TOLD)):
            try:
                with closing(store.open_file(path)) as project:
                    kept, memory = project.decisions, project.in_memory
            except StoreError as error:
                return f"{path.name} does not open: {error} {error.detail}"
            may = (OLD, NEW) if code & bit else (NEW,)
            if memory or kept not in may:
                return f"{path.name} holds {_which(kept)}, told of {code}"
        try:
            volume = json.loads((self.folder / "settings.json").read_bytes())["volume"]
        except (OSError, ValueError, KeyError) as problem:
            return f"the settings are lost: {problem!r}"
        return "" if volume in (5, 7) else f"the settings hold {volume}"


def _which(kept: Decisions) -> str:
    return {OLD.padding: "the old", NEW.padding: "the new"}.get(kept.padding, "neither")


@pytest.mark.parametrize(("error", "on"), WAYS, ids=["once", "from then on"])
def test_a_call_that_fails_anywhere_in_saving_leaves_the_old_or_the_new(
    error: int, on: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.services.failing_calls"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    failed: Counter[str] = Counter()
    wrong: dict[str, str] = {}
    with process:
        disk = Disk(tmp_path, process)
        disk.sitting(-1, 0, on=False)
        whole = disk.sitting(0, 0, on=False)
        if whole is None:
            assert process.stdin
            process.stdin.close()
            pytest.skip("this kernel does not let calls be made to fail; file sizes still do")
        assert (whole["code"], disk.wrong(0)) == (0, "")
        for at in range(1, whole["calls"] + 1, 1 if LONG or not on else 3):
            life = disk.sitting(at, error, on=on)
            assert life
            failed[life["failed"]] += 1
            if said := disk.wrong(life["code"]):
                wrong[f"call {at}, {life['failed']}"] = said
        assert process.stdin
        process.stdin.close()
    assert not wrong, f"{len(wrong)} of {failed.total()}: {wrong}"
    assert {"openat", "pwrite64", "pread64"} <= set(failed)
    assert failed["fsync"] + failed["fdatasync"] > 3
    with capsys.disabled():
        sys.stdout.write(f" {failed.total()} calls failed: {dict(failed)}\n")
