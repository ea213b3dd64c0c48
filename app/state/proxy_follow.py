"""The open film's proxy, told what the person looks at, and given to the player as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.late import late
from app.core.timerange import Ranges
from app.state.film_state import FilmState
from app.state.playback_state import PlaybackState
from app.state.proxy_state import ProxyState
from app.state.review_state import ReviewState

if TYPE_CHECKING:
    from app.media import proxy_plan
else:
    proxy_plan = late("app.media.proxy_plan")


SETTLE_MS = 300
"""The order is thought over again when no edit came for so long: that takes a thread a while."""


class ProxyFollow(QObject):
    """Connects four states; has none of its own but the proposals it last saw.

    Belongs to `proxies`: signals hold on to nothing whose methods they call.
    """

    def __init__(
        self, film: FilmState, review: ReviewState, playback: PlaybackState, proxies: ProxyState
    ) -> None:
        super().__init__(proxies)
        self._film = film
        self._review = review
        self._playback = playback
        self._proxies = proxies
        self._proposals: Ranges = ()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._reviewed)
        film.changed.connect(self._opened)
        review.changed.connect(self._settling.start)
        playback.position_changed.connect(self._moved)
        playback.changed.connect(self._played)
        proxies.changed.connect(lambda: playback.set_proxy(proxies.proxy))

    def _opened(self) -> None:
        opened = self._film.opened
        video = opened.probe.video if opened else None
        if opened is None or video is None:
            self._proxies.close()
            return
        footage = opened.review.evidence.footage
        if not footage.frame_times:
            self._proxies.close()
            return
        plan = proxy_plan.ProxyPlan(
            opened.project.meta.content_key, footage.frame_times, footage.duration,
            (video.width, video.height), footage.has_audio,
        )  # fmt: skip
        self._proxies.open(opened.project.video, plan)

    def _reviewed(self) -> None:
        cut = self._review.cut
        self._proposals = tuple(r.range for r in cut.removed) if cut else ()
        self._moved(self._playback.position)

    def _played(self) -> None:
        """A film that plays has the machine to itself; its cuts alone want the proxy's sound."""
        playback = self._playback
        self._proxies.hold("playing", playback.playing, wholly=not playback.preview)

    def _moved(self, at: int) -> None:
        self._proxies.wanted(at, self._proposals)
