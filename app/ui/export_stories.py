"""Story of Export Cut…: undecided proposals first, then the dialog, then a job."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from app.core.edits import AcceptAll, Decide
from app.core.errors import MediaError
from app.core.late import late
from app.core.review import Verdict
from app.services.jobs import Report
from app.state.film_state import FilmState
from app.state.jobs_state import JobsState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui import notices, text
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.interchange import captions
    from app.media import export, write_text
    from app.ui import export_dialog
    from app.ui.export_dialog import ExportDialog, ExportWish
else:
    captions = late("app.interchange.captions")
    export = late("app.media.export")
    export_dialog = late("app.ui.export_dialog")
    write_text = late("app.media.write_text")

REMOVE, KEEP, DECIDE = "Remove Them", "Keep Them", "Go and Decide"


class ExportStories:
    """What is written of the cut."""

    def __init__(
        self,
        window: MainWindow,
        film: FilmState,
        review: ReviewState,
        selection: SelectionState,
        jobs: JobsState,
    ) -> None:
        self._window = window
        self._film = film
        self._review = review
        self._selection = selection
        self._jobs = jobs
        self._browsing: asyncio.Task[None] | None = None

    async def export(self) -> None:
        """Export Cut…: asks about undecided proposals first, then becomes a job."""
        review, cut, opened = self._review.review, self._review.cut, self._film.opened
        if review is None or cut is None or opened is None:
            return
        undecided = self._review.undecided
        if undecided and not await self._settle(len(undecided)):
            return
        review, cut = self._review.review, self._review.cut
        if review is None or cut is None or self._film.opened is not opened:
            return
        length = f"{text.length(cut.kept_us)} of {text.length(cut.duration)}"
        video = opened.project.video
        dialog = export_dialog.ExportDialog(
            self._window,
            video.with_name(f"{video.stem} cut.mp4"),
            length,
            bool(review.evidence.transcript and review.evidence.transcript.words),
        )
        dialog.browse_wanted.connect(lambda: self._browse(dialog))
        try:
            done = await notices.finished(dialog)
        finally:
            if self._browsing:
                self._browsing.cancel()
        if done == QDialog.DialogCode.Accepted and self._film.opened is opened:
            await self.write(dialog.wish)

    async def _settle(self, count: int) -> bool:
        many = f"{count} proposals are" if count > 1 else "One proposal is"
        answer = await notices.ask(
            self._window,
            "Export Cut",
            f"{many} not decided yet.",
            (REMOVE, KEEP, DECIDE),
            "Remove them from the export, keep them in it, or go and decide each."
            if count > 1
            else "Remove it from the export, keep it in it, or go and decide.",
        )
        match answer:
            case "Remove Them":
                self._review.do(AcceptAll())
            case "Keep Them":
                ids = tuple(p.id for p in self._review.undecided)
                self._review.do(Decide(ids, Verdict.RESTORED))
            case _:
                self._window.show_panel("Retakes")
                if undecided := self._review.undecided:
                    self._selection.choose_proposal(undecided[0].id)
                return False
        return True

    def _browse(self, dialog: ExportDialog) -> None:
        async def story() -> None:
            wish = dialog.wish
            path = await notices.choose_save_file(
                dialog, "Export Cut", f"*{wish.file.suffix}", wish.file
            )
            if path:
                dialog.set_file(path)

        self._browsing = asyncio.get_running_loop().create_task(story())

    async def write(self, wish: ExportWish) -> None:
        """Begin the job that writes it; raises MediaError where it would replace the video."""
        review, cut, opened = self._review.review, self._review.cut, self._film.opened
        if review is None or cut is None or opened is None:
            return
        if wish.file.absolute() == opened.project.video:
            raise MediaError(
                "The export would replace the video itself. Nothing was written.",
                "Choose another name: Keeptake never changes the video.",
            )
        source, probed, keep = opened.project.video, opened.probe, cut.keep

        async def story(report: Report) -> None:
            match wish.format:
                case "mp4":
                    await export.export_cut(source, keep, probed, wish.file, report)
                case "srt":
                    await asyncio.to_thread(
                        write_text.write_text,
                        wish.file,
                        captions.write_srt(captions.captions_of(review)),
                    )
                case "vtt":
                    await asyncio.to_thread(
                        write_text.write_text,
                        wish.file,
                        captions.write_vtt(captions.captions_of(review)),
                    )

        self._jobs.runner.start(f"Export {wish.file.name}", story)
        self._window.show_panel("Jobs")
