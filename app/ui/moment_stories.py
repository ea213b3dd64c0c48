"""What is done with finished shorts and with a moment's title; the panel's wishes come here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.core.late import late
from app.state.tasks import Tasks
from app.ui import notices
from app.ui.main_window import MainWindow
from app.ui.moment_commands import MomentCommands
from app.ui.moment_presenter import MomentPresenter

if TYPE_CHECKING:
    from app.state.playback_state import StageFactory
    from app.state.shorts_state import ShortsState
    from app.ui import short_player
    from app.ui.render_stories import RenderStories
else:
    short_player = late("app.ui.short_player")


class MomentStories:
    """Shorts are played in a player of their own; the film stays open."""

    def __init__(
        self,
        window: MainWindow,
        shorts: ShortsState,
        commands: MomentCommands,
        presenter: MomentPresenter,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._shorts = shorts
        self._commands = commands
        self._presenter = presenter
        self._tasks = tasks
        self.make_stage: StageFactory | None = None
        self.pause_film: Callable[[], None] = lambda: None

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls, for those that are no stories."""
        return {
            "download_rendered": self._shorts.download_waiting,
            "show_in_folder": self.show_chosen_in_folder,
        }

    def listen(self, renders: RenderStories, run: Callable[[str], None]) -> None:
        """Bring the panel's wishes here; `run` does an action by its id."""
        panel, spawn = self._window.panes.moments, self._tasks.spawn
        panel.find_wanted.connect(lambda: run("find_moments"))
        panel.render_wanted.connect(lambda: run("render_selected"))
        panel.retry_clip.connect(lambda record, key: spawn(renders.retry(record, key)))
        panel.download_clip.connect(self._shorts.download)
        panel.play_short.connect(lambda path: spawn(self.play_short(path)))
        panel.show_in_folder.connect(show_in_folder)
        panel.locate_wanted.connect(lambda: spawn(self.locate()))

    async def play_short(self, path: str) -> None:
        """A finished short in a player of its own; the film stays open."""
        if self.make_stage is None:
            return
        self.pause_film()
        player = short_player.ShortPlayer(self._window, Path(path), self.make_stage)
        player.show_in_folder.connect(show_in_folder)
        try:
            self._tasks.spawn(short_player.load(player))
            await notices.finished(player)
        finally:
            await short_player.closed(player)

    def show_chosen_in_folder(self) -> None:
        """Show in Folder: where the chosen moment's newest short lies."""
        moment = self._commands.current
        path = self._shorts.short_of(moment.key) if moment else None
        if path is not None:
            show_in_folder(str(path))

    async def locate(self) -> None:
        """The folder of shorts was moved: find them again there."""
        folder = await notices.choose_folder(
            self._window, "Where the Shorts Are Now", self._shorts.folder()
        )
        if folder is None:
            return
        before = len(self._presenter.files.gone)
        await self._presenter.look((folder,))
        still = len(self._presenter.files.gone)
        found = before - still
        self._window.notice.show_message(
            f"{found} of {before} shorts were found in “{folder.name}”."
            if found
            else f"None of the missing shorts is in “{folder.name}”. Nothing was changed."
        )

    async def rename(self) -> None:
        """Rename Moment…: the title, also for the file's name."""
        moment = self._commands.current
        if moment is None:
            return
        title = await notices.ask_text(self._window, "Rename Moment", "Title", moment.title)
        if title is not None:
            self._commands.rename(moment.key, title.strip())


def show_in_folder(path: str) -> None:
    """Open the folder a file lies in, in the system's own file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
