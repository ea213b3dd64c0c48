"""The table from ids to what they call, and what can be done when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication

from app import composition
from app.services.folders import folders
from app.state.jobs_state import JobsState
from app.ui.actions import TABLE, Situation
from app.ui.commands import situation
from app.ui.shortcuts_dialog import ShortcutsDialog
from app.ui.theme import apply
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk


class Rendered:
    """Shorts: one waits at a service, that of the first own moment lies in a folder."""

    undownloaded = 1

    def short_of(self, key: str) -> Path | None:
        return Path("short.mp4") if key == "own/1" else None


def now(desk: Desk) -> Situation:
    return situation(
        desk.review, desk.playback, desk.selection, JobsState(), desk.edits, desk.moments,
        Rendered(), full_screen=False,
    )  # fmt: skip


def test_the_situation_follows_what_is_open_chosen_and_removed(qapp: QApplication) -> None:
    assert now(Desk(None)) == Situation()
    desk = Desk(counting(fps=25).received(retakes=gaps(s(0, 4), s(5, 10))))
    there = now(desk)
    assert there.has_video
    assert there.has_transcript
    assert there.has_edits
    assert (there.undecided, there.current_proposal, there.has_span) == (1, False, False)
    desk.do("next_proposal")
    assert now(desk).current_proposal
    desk.selection.choose_words(s(2, 2.5))
    assert (now(desk).has_word, now(desk).selection_touches_removed) == (True, False)
    desk.selection.choose_words(s(3, 4.5))
    assert (now(desk).has_word, now(desk).selection_removed) == (False, False)
    assert now(desk).selection_touches_removed
    desk.do("remove_selection")
    assert now(desk).selection_removed
    assert now(desk).undo_text == "Remove Selection"
    there = now(desk)
    assert (there.has_moment, there.picked, there.undownloaded) == (False, 0, 1)
    desk.do("new_moment")
    there = now(desk)
    assert (there.has_moment, there.moment_own, there.moment_moved) == (True, True, False)
    assert there.has_short
    assert there.has_span
    desk.do("pick_moment")
    assert now(desk).picked == 1
    desk.do("remove_moment")
    assert (now(desk).has_moment, now(desk).has_short) == (False, False)


Story = Callable[[composition.Keeptake], Coroutine[Any, Any, None]]


def with_program(qapp: QApplication, story: Story) -> None:
    """Run a story on the whole program, with nothing open."""
    apply(qapp, "dark")
    bugs: list[dict[str, Any]] = []

    async def main() -> None:
        async with AsyncExitStack() as stack:
            await story(await composition.build(stack, folders()))

    with qasync.QEventLoop(qapp) as loop:
        loop.set_exception_handler(lambda _loop, said: bugs.append(said))
        loop.run_until_complete(main())
    assert not bugs, bugs


def test_every_action_has_something_to_call_and_does_no_harm_with_nothing_open(
    qapp: QApplication,
) -> None:
    async def story(program: composition.Keeptake) -> None:
        wanted = {row.does or row.id for row in TABLE if row.id != "recent"}
        assert wanted <= program.commands.known
        dialogs = {"open_video", "open_project", "settings", "shortcuts", "about"}
        for action in sorted(wanted - dialogs - {"open_sample", "quit", "report_problem"}):
            program.commands.run(action)
            await asyncio.sleep(0)
        program.commands.run("leave_full_screen")

    with_program(qapp, story)


def test_a_story_is_not_begun_twice_and_quitting_closes_its_dialog(qapp: QApplication) -> None:
    def open_dialogs() -> int:
        every = qapp.topLevelWidgets()
        return sum(isinstance(w, ShortcutsDialog) and w.isVisible() for w in every)

    async def story(program: composition.Keeptake) -> None:
        program.commands.run("shortcuts")
        program.commands.run("shortcuts")
        await asyncio.sleep(0.05)
        assert open_dialogs() == 1

    with_program(qapp, story)
    assert open_dialogs() == 0
