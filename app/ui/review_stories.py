"""Stories of the review that ask something: a marker's note, what else to find, a cut's padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from app.core.edits import AddMarker, EditMarker, FindAlso, SetCutPadding
from app.core.late import late
from app.core.timerange import TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui import notices
from app.ui.main_window import MainWindow
from app.ui.text import clock, span

if TYPE_CHECKING:
    from app.ui import review_dialogs
else:
    review_dialogs = late("app.ui.review_dialogs")


class ReviewStories:
    """Each asks, and makes one edit of the answer."""

    def __init__(
        self,
        window: MainWindow,
        review: ReviewState,
        playback: PlaybackState,
        selection: SelectionState,
    ) -> None:
        self._window = window
        self._review = review
        self._playback = playback
        self._selection = selection

    async def add_marker(self) -> None:
        """Add Marker…: at the playhead, or on what is selected; playing waits for the note."""
        review = self._review.review
        if review is None:
            return
        played = self._playback.playing
        self._playback.pause()
        here = self._playback.position
        place = self._selection.span or TimeRange(here, here)
        note = await notices.ask_text(self._window, "Add Marker", f"Note {_told(place)}")
        now = self._review.review
        if now is None or now.evidence.footage is not review.evidence.footage:
            return
        if note is not None:
            self._review.do(AddMarker(place, note))
        if played and not self._playback.playing:
            self._playback.toggle()

    async def edit_marker(self, key: str) -> None:
        """Edit Marker…: another note for the one with that key."""
        review = self._review.review
        markers = review.decisions.markers if review else ()
        marker = next((m for m in markers if m.key == key), None)
        if marker is None:
            return
        note = await notices.ask_text(
            self._window, "Edit Marker", f"Note {_told(marker.range)}", marker.text
        )
        if note is not None:
            self._review.do(EditMarker(key, note))

    async def also_find(self) -> None:
        """Also Find…: pauses and filler words as proposals."""
        review = self._review.review
        if review is None:
            return
        dialog = review_dialogs.AlsoFindDialog(self._window, review.decisions.also)
        if await notices.finished(dialog) == QDialog.DialogCode.Accepted:
            # A hundred thousand words have thousands of pauses: most of a second for the window.
            await self._review.do_warmed(FindAlso(dialog.chosen))
            self._window.show_panel("Retakes")

    async def cut_padding(self, proposal: str = "") -> None:
        """Padding of This Cut…: of the chosen proposal, or the one given."""
        review, cut_id = self._review.review, proposal or self._selection.proposal
        if review is None or not cut_id:
            return
        said = review.decisions
        dialog = review_dialogs.CutPaddingDialog(
            self._window, said.paddings.get(cut_id), said.padding
        )
        if await notices.finished(dialog) == QDialog.DialogCode.Accepted:
            self._review.do(SetCutPadding(cut_id, dialog.chosen))


def _told(place: TimeRange) -> str:
    return f"on {span(place.start, place.end)}" if place.duration else f"at {clock(place.start)}"
