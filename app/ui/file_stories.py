"""Stories of the File menu: open, relink, import, save as, each read top to bottom."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import MediaError, StoreError
from app.core.giving_way import giving_way
from app.core.late import late
from app.core.timerange import SECOND
from app.media.memory import give_back
from app.services.settings import SettingsFile
from app.state.analysis_state import AnalysisState
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.missing_video import VideoGone
from app.state.opening import Opened, open_path
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.shorts_state import ShortsState
from app.ui import notices, text
from app.ui.main_window import MainWindow
from app.ui.warming import warmed

if TYPE_CHECKING:
    from app.media import content_key, probe
    from app.services.parsing import Parser
    from app.services.store import Store
    from app.services.store_rows import Meta
    from app.state import missing_video
else:
    content_key = late("app.media.content_key")
    missing_video = late("app.state.missing_video")
    probe = late("app.media.probe")

PROJECT = "Keeptake project (*.keeptake)"
WORDS = "Transcript (*.json *.srt *.vtt *.ass);;All files (*)"
SAVE_AS, LOSE = "Save Project As…", "Close Without Saving"
RELINK, ANOTHER, USE_IT, CANCEL = "Relink Video…", "Choose Another…", "Use It Anyway", "Cancel"


class FileStories:
    """What is opened, and under which name it is kept."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
        ordered: tuple[AnalysisState, ShortsState, HereRenders],
        store: Store,
        parser: Parser,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._playback = playback
        self._selection = selection
        self._ordered = ordered
        self._analysis = ordered[0]
        self._store = store
        self._parser = parser
        self._settings = settings
        self._opening = asyncio.Lock()
        self._asking = False
        self._let_go = False

    async def choose_video(self) -> None:
        """Open Video…"""
        if path := await notices.choose_open_file(self._window, "Open Video", _videos()):
            await self.open(path)

    async def choose_project(self) -> None:
        """Open Project…"""
        if path := await notices.choose_open_file(self._window, "Open Project", PROJECT):
            await self.open(path)

    async def open(self, path: Path, *, play: bool = True) -> None:
        """Open a video or a project; what was open stays open where this cannot be."""
        async with self._opening:
            if self._film.opened and self._film.opened.project.video == path.absolute():
                self._playback.seek(0)
                return
            if not await self.may_let_go():
                return
            opened = await self._found(path.absolute())
            if opened is None:
                return
            self._window.notice.clear()
            self._selection.clear()
            self._playback.open(
                opened.project.video,
                opened.probe,
                opened.review.evidence.footage.frame_times,
            )
            await self._film.show(opened)
            self._settings.put(self._settings.current.opened(path.absolute()))
            if opened.notices:
                self._window.notice.show_message(" ".join(opened.notices))
            for orders in self._ordered:
                orders.resume()
            if play:
                self._playback.toggle()

    async def _found(self, path: Path) -> Opened | None:
        """The film at `path`; asks where a project's video is now, None where nobody says."""
        video: Path | None = None
        while True:
            try:
                with giving_way():
                    return await self._warmed(path, video)
            except VideoGone as gone:
                video = await self._ask_where(gone)
                if video is None:
                    return None

    async def _ask_where(self, gone: VideoGone) -> Path | None:
        """Where the video of a project is now, as the person says; None to leave it closed."""
        answers = (RELINK, USE_IT, CANCEL) if gone.other else (RELINK, CANCEL)
        more = f"It was at “{gone.video}”."
        answer = await notices.ask(self._window, "Open Project", gone.sentence, answers, more)
        if answer == USE_IT:
            return gone.video
        while answer in (RELINK, ANOTHER):
            folder = next((f for f in gone.video.parents if f.is_dir()), None)
            path = await notices.choose_open_file(self._window, "Relink Video", _videos(), folder)
            if path is None or await asyncio.to_thread(missing_video.is_it, gone.meta, path):
                return path
            sentence, more = await asyncio.to_thread(_how_it_differs, gone.meta, path)
            answer = await notices.ask(
                self._window, "Relink Video", sentence, (ANOTHER, USE_IT, CANCEL), more
            )
            if answer == USE_IT:
                return path
        return None

    async def _warmed(self, path: Path, video: Path | None) -> Opened:
        """As `_read`; the panes will find worked out what they ask."""
        opened = await self._read(path, video)
        try:
            await warmed(opened.review)
        except BaseException:
            await asyncio.to_thread(opened.project.close)
            raise
        return opened

    async def _read(self, path: Path, video: Path | None) -> Opened:
        """The film at `path`, opened, and the one before closed."""
        before, padding = self._film.opened, self._settings.current.padding
        opened = await open_path(self._store, self._parser, path, padding, video)
        try:
            if before is None or opened.project.path != before.project.path:
                await self.close_film()
                return opened
        except BaseException:
            await asyncio.to_thread(opened.project.close)
            raise
        # The same project by another name: it was locked by the very window that asks for it.
        await asyncio.to_thread(opened.project.close)
        await self.close_film()
        return await open_path(self._store, self._parser, path, padding, video)

    async def may_let_go(self) -> bool:
        """Whether the open film may be closed: asks where what was done to it is in no file."""
        opened = self._film.opened
        self._let_go = False
        if opened is None or self._asking:
            return opened is None
        with suppress(StoreError):  # There may be room by now.
            await asyncio.to_thread(opened.project.flush)
        if not opened.project.unsaved:
            return True
        self._asking = True
        try:
            name = opened.project.video.name
            answer = await notices.ask(
                self._window,
                "Not Saved",
                f"What you did with “{name}” is not saved, and goes when it is closed.",
                (SAVE_AS, LOSE, CANCEL),
                opened.project.notice,
            )
            if answer == SAVE_AS:
                answer = LOSE if await self.save_as() else CANCEL
        finally:
            self._asking = False
        self._let_go = answer == LOSE
        return self._let_go

    async def close_film(self) -> None:
        """Let go of the open film; its jobs go on when it is opened again."""
        for orders in self._ordered:
            orders.cancel_all()
        self._playback.unload()
        try:
            await self._film.close()
        except StoreError:
            if not self._let_go:
                raise
        await asyncio.to_thread(give_back)

    async def save_project_as(self) -> None:
        """Save Project As…: a copy of the whole project wherever the person wants it."""
        await self.save_as()

    async def save_as(self) -> bool:
        """As `save_project_as`; whether it was saved."""
        opened = self._film.opened
        if opened is None:
            return False
        suggested = opened.project.video.with_suffix(".keeptake")
        path = await notices.choose_save_file(self._window, "Save Project As", PROJECT, suggested)
        if path:
            await asyncio.to_thread(opened.project.save_as, path)
            self._window.notice.show_message(f"The project was saved as “{path.name}”.")
        return bool(path)

    async def relink(self) -> None:
        """Relink Video…: the same film lies somewhere else now."""
        opened = self._film.opened
        if opened is None:
            return
        path = await notices.choose_open_file(self._window, "Relink Video", _videos())
        if path is None:
            return
        key = await asyncio.to_thread(content_key.content_key, path)
        if key != opened.project.meta.content_key:
            raise MediaError(
                f"“{path.name}” is another video: its content differs from the one this project "
                "was made for. Nothing was changed.",
                "Choose the same video, or open this one as a new project.",
            )
        await asyncio.to_thread(opened.project.relink, path)
        if self._film.opened is not opened:
            return
        self._playback.open(
            opened.project.video,
            opened.probe,
            opened.review.evidence.footage.frame_times,
        )
        if (cut := self._review.cut) is not None:
            self._playback.set_cut(cut.keep)
        self._window.show_title(opened.project.video.name)

    async def import_transcript(self) -> None:
        """Import Transcript…: words from a file, as evidence."""
        opened = self._film.opened
        if opened is None:
            return
        path = await notices.choose_open_file(self._window, "Import Transcript", WORDS)
        if path is None or self._film.opened is not opened:
            return
        told = await self._analysis.bring(path, self._settings.current.language)
        if told:
            self._window.notice.show_message(" ".join(told))


def _how_it_differs(meta: Meta, path: Path) -> tuple[str, str]:
    """What is other about a file that is not the project's video, and what using it would mean."""
    found = probe.probe(path)
    apart = abs(found.duration - meta.duration)
    much = (
        f"it is {text.length(found.duration)} long, not {text.length(meta.duration)}"
        if apart > SECOND // 10
        else "its length is the same, its content is not"
    )
    return (
        f"“{path.name}” is another file than the one this project was made for: {much}.",
        "Words, retakes and cuts keep their times, so they fit only if it is the same take.",
    )


def _videos() -> str:
    """The filter of a dialog that opens a video."""
    return f"Video ({' '.join(f'*.{suffix}' for suffix in probe.SUFFIXES)});;All files (*)"
