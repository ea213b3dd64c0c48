"""The open film's strips, told which film is open and when it plays."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.state.film_state import FilmState
from app.state.playback_state import PlaybackState
from app.state.strips_state import StripsState


class StripsFollow(QObject):
    """Connects three states; has none of its own. Belongs to `strips`, or it would be gone."""

    def __init__(self, film: FilmState, playback: PlaybackState, strips: StripsState) -> None:
        super().__init__(strips)
        self._film = film
        self._strips = strips
        film.changed.connect(self._opened)
        playback.changed.connect(lambda: strips.hold(playback.playing))

    def _opened(self) -> None:
        opened = self._film.opened
        if opened is None:
            self._strips.close()
            return
        probe, footage = opened.probe, opened.review.evidence.footage
        self._strips.set_film(
            opened.project.video, opened.project.meta.content_key, footage.duration,
            probe.video is not None, footage.has_audio,
        )  # fmt: skip
