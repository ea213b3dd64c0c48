"""Report a Problem…: all that may be sent, shown first, then saved or copied by the person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QGuiApplication

from app.core.errors import KeeptakeError
from app.core.late import late
from app.services.folders import Folders
from app.services.settings import SettingsFile
from app.state.film_state import FilmState
from app.state.jobs_state import JobsState
from app.ui import notices
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.services import problem_report
    from app.services.problem_report import Part
    from app.ui import report_dialog
    from app.ui.report_dialog import ReportDialog
else:
    problem_report = late("app.services.problem_report")
    report_dialog = late("app.ui.report_dialog")

KINDS = "Archive (*.zip);;Text (*.txt)"


class ReportStories:
    """What a person may send; the program sends nothing."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        jobs: JobsState,
        settings: SettingsFile,
        clean: Callable[[str], str],
    ) -> None:
        self._window = window
        self._film = film
        self._jobs = jobs
        self._settings = settings
        self._clean = clean

    async def report(self, places: Folders) -> None:
        """Report a Problem…: the parts, to be read, copied, saved."""
        parts = await asyncio.to_thread(
            problem_report.problem_report,
            places, self._settings.current, self._jobs.jobs, self._seen(), self._clean,
        )  # fmt: skip
        dialog = report_dialog.ReportDialog(self._window, problem_report.as_text(parts))
        saving: set[asyncio.Task[None]] = set()

        def save() -> None:
            task = asyncio.get_running_loop().create_task(self._save(dialog, parts, places))
            saving.add(task)
            task.add_done_callback(saving.discard)

        dialog.save_wanted.connect(save)
        try:
            await notices.finished(dialog)
        finally:
            for task in saving:
                task.cancel()

    async def _save(self, dialog: ReportDialog, parts: tuple[Part, ...], places: Folders) -> None:
        chosen = self._settings.current.downloads_folder
        folder = Path(chosen).expanduser() if chosen else places.downloads
        suggested = folder / f"keeptake-report-{datetime.now(UTC).astimezone():%Y-%m-%d}.zip"
        path = await notices.choose_save_file(dialog, "Save the Report", KINDS, suggested)
        if path is None:
            return
        try:
            await asyncio.to_thread(problem_report.save, parts, path)
        except KeeptakeError as problem:
            dialog.tell(str(problem), good=False)
        else:
            dialog.tell(f"Saved as “{path.name}”.", good=True)

    def _seen(self) -> dict[str, str]:
        """What only the window knows: Qt, the screens, and what kind of film is open."""
        screens = ", ".join(
            f"{s.size().width()}x{s.size().height()} at {s.devicePixelRatio():g}"
            for s in QGuiApplication.screens()
        )
        seen = {
            "Qt": QLibraryInfo.version().toString(),
            "Drawn by": QGuiApplication.platformName(),
            "Screens": screens,
        }
        if (opened := self._film.opened) is None:
            return {**seen, "Film": "none is open"}
        probe = opened.probe
        return {**seen, "Film": f"{probe.container}, {probe.duration / 1e6:.3f} s",
                "Picture": str(probe.video or ""), "Sound": str(probe.audio or "")}  # fmt: skip
