"""Analyse… in the whole program against a NanoClip on loopback: the quote, the yes, the cap."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from app import composition
from app.composition import Keeptake
from app.services import polling
from app.services.folders import folders
from app.services.ledger import Plan
from app.services.polling import Pace
from app.services.spending import Spending
from app.ui.analyse_dialog import AnalyseDialog
from tests.playback.clips import make_clip
from tests.services.fake_cloud import KEY, FakeCloud, Reply, fake_cloud

VISION = "POST /v1/projects/{id}/vision"


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, str(path)], check=True)
    return path


@asynccontextmanager
async def sitting(
    monkeypatch: pytest.MonkeyPatch, footage: Path, tmp_path: Path
) -> AsyncIterator[tuple[Keeptake, FakeCloud]]:
    """The program with a film open and a NanoClip that takes its key."""
    monkeypatch.setattr(polling, "CLOUD_PACE", Pace(first=0.05))
    film = Path(shutil.copy(footage, tmp_path / "film.mp4"))
    async with fake_cloud() as cloud, AsyncExitStack() as stack:
        monkeypatch.setenv("NANOCLIP_API_KEY", KEY)
        monkeypatch.setenv("NANOCLIP_BASE_URL", cloud.base_url)
        program = await composition.build(stack, folders())
        await program.files.open(film, play=False)
        yield program, cloud


async def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not become so"
        await asyncio.sleep(0.01)


def ended(program: Keeptake, count: int) -> bool:
    """Whether so many jobs of analyses were begun and none runs any more."""
    mine = [j for j in program.jobs.jobs if j.name in ("Upload", "Vision")]
    return len(mine) == count and all(j.state.ended for j in mine)


async def cancelled(program: Keeptake, dialog: AnalyseDialog) -> None:
    """Cancel the dialog and wait for its story's end."""
    dialog.cancel.click()
    await until(program.commands._under_way["analyse"].done)


async def asked(qapp: QApplication, program: Keeptake) -> AnalyseDialog:
    """The dialog of Analyse…, as soon as it is there."""
    program.commands.run("analyse")
    found: list[AnalyseDialog] = []

    def look() -> bool:
        found[:] = [
            w for w in qapp.topLevelWidgets() if isinstance(w, AnalyseDialog) and w.isVisible()
        ]
        return bool(found)

    await until(look)
    return found[0]


def spent() -> int:
    return Spending(folders().spending, lambda: 0).this_month()


def run(qapp: QApplication, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with qasync.QEventLoop(qapp) as loop:
        bugs: list[object] = []
        loop.set_exception_handler(lambda _loop, told: bugs.append(told))
        loop.run_until_complete(story())
    assert not bugs, bugs


def test_the_dialog_is_there_before_the_prices_and_takes_them_in(
    qapp: QApplication, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting(monkeypatch, footage, tmp_path) as (program, cloud):
            cloud.script["GET /v1/me"] = [Reply(stall=True)]
            dialog = await asked(qapp, program)
            await until(lambda: cloud.count("GET /v1/me"))
            assert not dialog.start.isEnabled()
            await cancelled(program, dialog)
            dialog = await asked(qapp, program)
            await until(dialog.start.isEnabled)
            said = dialog.quote.toPlainText()
            assert "of $0.50" in said
            assert "Left today: 100 uploads, 200 analyses." in said
            await cancelled(program, dialog)
            assert not cloud.count("POST /v1/projects/upload")

    run(qapp, story)


def test_a_key_that_is_refused_starts_nothing_and_is_told(
    qapp: QApplication, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting(monkeypatch, footage, tmp_path) as (program, cloud):
            cloud.script["GET /v1/me"] = [Reply(401, {"detail": "Invalid API key"})]
            dialog = await asked(qapp, program)
            await until(lambda: "key" in dialog.quote.toPlainText())
            assert not dialog.start.isEnabled()
            dialog._choose_service("local")
            assert dialog.start.isEnabled()
            await cancelled(program, dialog)

    run(qapp, story)


def test_without_a_key_nothing_can_be_started_there_and_it_is_said(
    qapp: QApplication, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting(monkeypatch, footage, tmp_path) as (program, cloud):
            monkeypatch.delenv("NANOCLIP_API_KEY")
            dialog = await asked(qapp, program)
            assert dialog.start.isEnabled()
            dialog._choose_service("nanoclip")
            await until(lambda: "no NanoClip key" in dialog.quote.toPlainText())
            assert not dialog.start.isEnabled()
            await cancelled(program, dialog)
            assert not cloud.seen

    run(qapp, story)


@pytest.mark.parametrize(("language", "ticked"), [("en", False), ("he", True)])
def test_retakes_are_ordered_unasked_for_a_film_in_hebrew_alone(
    language: str,
    ticked: bool,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = tmp_path / "heard.mp4"
    make_clip(heard, seconds=1)

    async def story() -> None:
        async with sitting(monkeypatch, heard, tmp_path) as (program, _cloud):
            program.settings.update(language=language)
            dialog = await asked(qapp, program)
            assert dialog.service.currentData() == "nanoclip"
            assert dialog.retakes.isChecked() == ticked
            await cancelled(program, dialog)

    run(qapp, story)


def test_a_start_is_counted_and_the_second_one_is_fetched_free(
    qapp: QApplication, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting(monkeypatch, footage, tmp_path) as (program, cloud):
            dialog = await asked(qapp, program)
            await until(dialog.start.isEnabled)
            assert dialog.start.text() == "Start, $0.05"
            dialog.start.click()
            await until(lambda: ended(program, 2))
            assert cloud.count(VISION) == 1
            assert spent() == 5
            dialog = await asked(qapp, program)
            await until(lambda: "This month $0.05" in dialog.quote.toPlainText())
            assert "Vision is there already" in dialog.quote.toPlainText()
            assert dialog.start.text() == "Start, $0.00"
            dialog.start.click()
            await until(lambda: ended(program, 4))
            assert cloud.count(VISION) == 1
            assert spent() == 5

    run(qapp, story)


def test_over_the_cap_nothing_can_be_started_and_what_was_agreed_before_stops(
    qapp: QApplication, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with sitting(monkeypatch, footage, tmp_path) as (program, cloud):
            program.settings.update(spend_cap_cents=4)
            dialog = await asked(qapp, program)
            await until(lambda: "over your spend cap of $0.04" in dialog.obstacle.text())
            assert not dialog.start.isEnabled()
            await cancelled(program, dialog)
            program.analysis.start(Plan("nanoclip", transcript=False, retakes=False))
            await until(lambda: ended(program, 2))
            assert "spend cap of $0.04" in str(program.jobs.failed[0].error)
            assert not cloud.count(VISION)
            program.settings.update(spend_cap_cents=5)
            program.jobs.runner.retry(program.jobs.failed[0])
            await until(lambda: cloud.count(VISION) and ended(program, 2))
            assert not program.jobs.failed

    run(qapp, story)
