"""The real program in a real window, driven from within its own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QWidget

from app import composition
from app.composition import Keeptake
from app.services.folders import folders
from app.services.jobs import Job, JobState
from app.state import proxy_state
from app.state.event_loop import EventLoop
from app.ui import theme


class Person:
    """What somebody at the window does and sees."""

    def __init__(self, program: Keeptake) -> None:
        self.program = program

    async def until(self, true: Callable[[], object], seconds: float = 30, what: str = "") -> None:
        """Wait for something to become so."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            if asyncio.get_running_loop().time() > end:
                pytest.fail(f"{what or 'it'} did not become so in {seconds} s")
            await asyncio.sleep(0.02)

    def choose(self, text: str, menu: str = "") -> None:
        """Choose a menu entry by its text."""
        from app.ui.actions import TABLE

        row = next(r for r in TABLE if r.text == text and r.menu and menu in ("", r.menu))
        action = self.program.actions.action(row.id)
        assert action.isEnabled(), f"{text} is disabled"
        action.trigger()

    async def dialog(self, name: str) -> QDialog:
        """The open dialog of that accessible name."""

        def found() -> list[QDialog]:
            return [
                w
                for w in QApplication.topLevelWidgets()
                if isinstance(w, QDialog) and w.isVisible() and w.accessibleName() == name
            ]

        await self.until(found, 10, f"the {name} dialog")
        return found()[0]

    def press(self, where: QWidget, name: str) -> None:
        """Press the button of that accessible name."""
        buttons = [b for b in where.findChildren(QAbstractButton) if name_of(b) == name]
        assert buttons, f"no button {name}"
        assert buttons[0].isEnabled(), f"{name} is disabled"
        buttons[0].click()

    def select(self, where: QWidget, name: str, item: str) -> None:
        """Choose an item of a combo box."""
        box = next(c for c in where.findChildren(QComboBox) if c.accessibleName() == name)
        at = box.findText(item)
        assert at >= 0, [box.itemText(i) for i in range(box.count())]
        box.setCurrentIndex(at)

    @property
    def jobs(self) -> list[Job]:
        """What somebody asked for, oldest first: the preview proxy is built unasked."""
        return [j for j in self.program.jobs.jobs if j.name != proxy_state.NAME]

    @property
    def running(self) -> list[Job]:
        """Those of them that are queued or under way."""
        return [j for j in self.program.jobs.running if j.name != proxy_state.NAME]

    async def jobs_done(self, seconds: float = 300) -> None:
        """Wait until no job runs; every one must have ended well."""
        await self.until(lambda: self.jobs and not self.running, seconds, "the jobs' end")
        told = [(j.name, str(j.error)) for j in self.jobs if j.state is not JobState.DONE]
        assert not told, told

    async def analyse(self) -> None:
        """Analyse… with what is ticked at first."""
        self.choose("Analyse…")
        dialog = await self.dialog("Analyse")
        self.press(dialog, "Start")


def name_of(widget: QWidget) -> str:
    """What assistive technology reads."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text.replace("&", "")


@asynccontextmanager
async def program() -> AsyncIterator[Person]:
    """The program from its window to its end, with the folders of this test."""
    async with AsyncExitStack() as stack:
        built = await composition.build(stack, folders())
        built.window.resize(1366, 768)
        built.window.show()
        yield Person(built)


@pytest.fixture
def journey(
    qapp: QApplication, expected_log: Callable[[str], None]
) -> Iterator[Callable[[Coroutine[Any, Any, None]], None]]:
    """`journey(story())` runs a coroutine on Qt's event loop; errors in callbacks fail it."""
    expected_log("does not support propagateSizeHints")
    theme.apply(qapp, "dark")

    def run(story: Coroutine[Any, Any, None]) -> None:
        bugs: list[dict[str, Any]] = []
        with EventLoop(qapp) as loop:
            loop.set_exception_handler(lambda _loop, context: bugs.append(context))
            loop.run_until_complete(story)
        assert not bugs, bugs

    yield run
    qapp.processEvents()
