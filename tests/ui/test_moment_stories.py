"""Forms, asks and retries of moments and shorts, in the whole program with a Znippet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMessageBox

from app import composition
from app.composition import Keeptake
from app.core.edits import Strike
from app.core.moments import Pick
from app.services.folders import folders
from app.services.shorts_ledger import ShortsLedger
from app.ui.find_moments_dialog import FindMomentsDialog
from app.ui.render_dialog import RenderDialog
from app.ui.theme import apply
from tests.core.speech import s
from tests.services.fake_cloud import Reply
from tests.services.fake_znippet import (
    ANALYZE,
    DEVICE,
    RENDER,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)
from tests.state.short_desk import asks, picture, serve

Story = Callable[[Keeptake, FakeZnippet], Coroutine[Any, Any, None]]
Run = Callable[[Story], None]
Dialog = TypeVar("Dialog", bound=QDialog)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of picture and sound."""
    return picture(tmp_path_factory.mktemp("film") / "film.mp4", "64x36", 10)


@pytest.fixture
def run(qapp: QApplication, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(story)`: the program with the film open and three moments found."""
    apply(qapp, "dark")

    def go(story: Story) -> None:
        bugs: list[dict[str, Any]] = []

        async def main() -> None:
            async with fake_znippet() as znippet, AsyncExitStack() as stack:
                asks(monkeypatch, znippet)
                serve(znippet, tmp_path)
                program = await composition.build(stack, folders())
                program.settings.update(device_id=DEVICE, downloads_folder=str(tmp_path / "shorts"))
                program.window.show()
                await program.files.open(film, play=False)
                await story(program, znippet)

        with qasync.QEventLoop(qapp) as loop:
            loop.set_exception_handler(lambda _loop, said: bugs.append(said))
            loop.run_until_complete(main())
        assert not bugs, bugs

    return go


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not become so"
        await asyncio.sleep(0.01)


def dialogs(name: str) -> list[QDialog]:
    return [
        w
        for w in QApplication.topLevelWidgets()
        if isinstance(w, QDialog) and w.isVisible() and w.accessibleName() == name
    ]


async def dialog(name: str) -> QDialog:
    await until(lambda: dialogs(name))
    return dialogs(name)[0]


def press(where: QDialog, name: str) -> None:
    def said(button: QAbstractButton) -> str:
        return button.accessibleName() or button.text().replace("&", "")

    next(b for b in where.findChildren(QAbstractButton) if said(b) == name).click()


async def quiet(program: Keeptake) -> None:
    await until(lambda: not program.jobs.running)
    await asyncio.sleep(0.05)


async def find(program: Keeptake) -> None:
    """Find Moments… and start as it is suggested."""
    program.commands.run("find_moments")
    press(await dialog("Find Moments"), "Start")
    await until(lambda: program.jobs.jobs)


async def found(program: Keeptake) -> None:
    await find(program)
    await until(lambda: program.moment_commands.all)
    await quiet(program)


async def order(program: Keeptake, maker: str = "By the service") -> None:
    program.commands.run("render_selected")
    form = await dialog("Render Selected")
    assert isinstance(form, RenderDialog)
    press(form, maker)
    for row in range(form.moments.count()):
        # What was rendered before is not ticked by itself.
        form.moments.item(row).setCheckState(Qt.CheckState.Checked)
    press(form, "Render")
    await until(lambda: not form.isVisible())


def keys(program: Keeptake) -> list[str]:
    return [m.key for m in program.moment_commands.all]


def states(program: Keeptake) -> list[str]:
    return [c.state for r in program.shorts.records for c in r.clips]


def test_cancelled_forms_send_nothing(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        program.commands.run("find_moments")
        (await dialog("Find Moments")).reject()
        program.commands.run("render_selected")
        await asyncio.sleep(0.1)
        assert dialogs("Render Selected") == []
        await found(program)
        seen = len(znippet.seen)
        program.moment_commands.choose(keys(program)[0])
        program.commands.run("render_selected")
        (await dialog("Render Selected")).reject()
        await asyncio.sleep(0.1)
        assert len(znippet.seen) == seen
        assert program.shorts.records == ()

    run(story)


def test_a_refused_field_brings_the_form_back_with_what_was_said(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        issue = {"error": "Invalid", "issues": [{"field": "clipVolume", "message": "Not now"}]}
        znippet.script[ANALYZE] = [Reply(400, issue)]
        await find(program)
        again = await dialog("Find Moments")
        assert any("Not now" in w.text() for w in again.findChildren(QLabel))
        press(again, "Start")
        await until(lambda: program.moment_commands.all)
        await quiet(program)
        assert (znippet.count(ANALYZE), znippet.count(UPLOADS)) == (2, 1)

    run(story)


def test_a_refusal_for_a_film_that_was_closed_brings_no_form(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        issue = {"error": "Invalid", "issues": [{"field": "clipVolume", "message": "Not now"}]}
        znippet.script[ANALYZE] = [Reply(400, issue)]
        await find(program)
        await program.jobs.runner.finished(program.jobs.jobs[0])
        await program.files.close_film()
        await asyncio.sleep(0.1)
        for form in dialogs("Find Moments"):
            form.reject()
        await asyncio.sleep(0.05)
        assert znippet.count(ANALYZE) == 1

    run(story)


def test_own_and_moved_ones_are_rendered_here_and_the_rest_by_the_service(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        await found(program)
        first, second, _ = keys(program)
        program.moment_commands.move(first, s(0.5, 1.5))
        program.moment_commands.decide((first, second), Pick.PICKED)
        await order(program)
        await until(lambda: states(program) == ["downloaded"] * 2)
        await quiet(program)
        assert json.loads(next(x for x in znippet.seen if x.name == RENDER).body) == {
            "momentNumbers": [2]
        }
        assert {r.service for r in program.shorts.records} == {"znippet", "here"}

    run(story)


def test_a_moment_is_never_ordered_twice_without_asking(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        await found(program)
        program.moment_commands.choose(keys(program)[0])
        await order(program)
        await until(lambda: states(program) == ["downloaded"])
        await quiet(program)
        await order(program)
        question = await dialog("Render Selected")
        assert not isinstance(question, RenderDialog)
        press(question, "Cancel")
        await asyncio.sleep(0.1)
        assert znippet.count(RENDER) == 1
        await order(program)
        press(await dialog("Render Selected"), "Render Again")
        await until(lambda: states(program) == ["downloaded"] * 2)
        await quiet(program)
        assert znippet.count(RENDER) == 2
        folder = program.shorts.folder()
        assert len(list(folder.iterdir())) == 2

    run(story)


def test_an_order_of_unknown_fate_is_asked_about_before_it_is_retried(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        await found(program)
        program.moment_commands.choose(keys(program)[0])
        znippet.script[RENDER] = [Reply(reset=True, after=True)]
        await order(program)
        await until(lambda: program.shorts.records and program.shorts.records[0].state == "unknown")
        await quiet(program)
        record = program.shorts.records[0]
        panel = program.window.panes.moments
        panel.retry_clip.emit(record.id, record.clips[0].key)
        question = await dialog("Render")
        press(question, "Cancel")
        await asyncio.sleep(0.1)
        assert znippet.count(RENDER) == 1
        panel.retry_clip.emit(record.id, record.clips[0].key)
        press(await dialog("Render"), "Render Again")
        await until(lambda: "downloaded" in states(program))
        await quiet(program)
        assert znippet.count(RENDER) == 2
        panel.retry_clip.emit("nobody", "nothing")
        await asyncio.sleep(0.05)

    run(story)


def test_an_order_that_was_taken_and_set_aside_goes_on_without_a_question(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        await found(program)
        program.moment_commands.choose(keys(program)[0])
        znippet.polls_until_done = 10**6
        await order(program)
        await until(lambda: program.shorts.records and program.shorts.records[0].state == "asked")
        program.commands.run("cancel_job")
        await quiet(program)
        await until(lambda: program.shorts.records[0].aside)
        znippet.polls_until_done = 0
        record = program.shorts.records[0]
        program.window.panes.moments.retry_clip.emit(record.id, record.clips[0].key)
        await until(lambda: states(program) == ["downloaded"])
        await quiet(program)
        assert znippet.count(RENDER) == 1

    run(story)


def test_one_that_failed_here_is_rendered_again_at_once(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        program.selection.mark(1_000_000, 2_000_000)
        program.commands.run("new_moment")
        program.review.do(Strike(s(0.5, 2.5)))
        await order(program, "On this computer")
        await until(lambda: states(program) == ["failed"])
        await quiet(program)
        program.review.undo()
        record = program.shorts.records[0]
        program.window.panes.moments.retry_clip.emit(record.id, "own/1")
        await until(lambda: states(program) == ["downloaded"])
        await quiet(program)
        assert znippet.seen == []
        opened = program.film.opened
        assert opened
        assert len(ShortsLedger(opened.project.journal, "here").renders()) == 1

    run(story)


def test_an_order_without_an_answer_is_sent_once_more_only_after_a_yes(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        znippet.script[ANALYZE] = [Reply(reset=True, after=True)]
        await find(program)
        await until(lambda: program.jobs.failed)
        assert "not known" in str(program.jobs.failed[0].error)

        program.commands.run("find_moments")
        press(await dialog("Find Moments"), "Start")
        await until(lambda: len(dialogs("Find Moments")) == 1 and is_question())
        press(dialogs("Find Moments")[0], "Cancel")
        await asyncio.sleep(0.1)
        assert znippet.count(ANALYZE) == 1

        program.commands.run("find_moments")
        await until(lambda: dialogs("Find Moments") and not is_question())
        press(dialogs("Find Moments")[0], "Start")
        await until(lambda: dialogs("Find Moments") and is_question())
        press(dialogs("Find Moments")[0], "Order Again")
        await until(lambda: program.moment_commands.all)
        await quiet(program)
        assert znippet.count(ANALYZE) == 2

    def is_question() -> bool:
        return isinstance(dialogs("Find Moments")[0], QMessageBox)

    run(story)


def test_the_form_comes_back_as_it_was_and_the_description_with_its_film(run: Run) -> None:
    async def story(program: Keeptake, znippet: FakeZnippet) -> None:
        program.commands.run("find_moments")
        form = await dialog("Find Moments")
        assert isinstance(form, FindMomentsDialog)
        form.description.setPlainText("Two people talk about bread")
        form.volume.setCurrentIndex(form.volume.findData("loose"))
        press(form, "Start")
        await until(lambda: program.moment_commands.all)
        await quiet(program)
        asked = json.loads(next(seen.body for seen in znippet.seen if seen.name == ANALYZE))
        assert asked["settings"]["videoDescription"] == "Two people talk about bread"
        program.commands.run("find_moments")
        again = await dialog("Find Moments")
        assert isinstance(again, FindMomentsDialog)
        assert (again.plan.description, again.plan.volume) == (
            "Two people talk about bread", "loose",
        )  # fmt: skip
        again.reject()
        assert "bread" not in program.settings.path.read_text()

    run(story)
