"""The Scenes panel: where the picture cuts, one row for each scene."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget

from app.core.memo import by_identity
from app.core.scenes import Scenes
from app.core.timerange import TimeRange
from app.ui.card_painter import Card, Line
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel
from app.ui.text import length, span


@by_identity(1)
def cards_of(scenes: Scenes) -> tuple[Card, ...]:
    """A card for each scene; a day's two thousand take tens of milliseconds, once."""
    return tuple(card_of(i, r) for i, r in enumerate(scenes.ranges))


def card_of(index: int, scene: TimeRange) -> Card:
    """What the panel shows of scene number `index` (from 0)."""
    name, times, long = (
        f"Scene {index + 1}",
        span(scene.start, scene.end),
        length(scene.duration),
    )
    return Card(
        str(index),
        (Line(name, "heading", long), Line(times, "time")),
        f"{name}, {times}, {long}",
        picture="wide",
    )


class ScenesPanel(Panel):
    """Scenes.

    Signals:
        seek(object): where a clicked scene begins, integer microseconds.
        wanted(object): numbers of the scenes in sight that have no picture yet.
        analyse_wanted: from the empty panel.
    """

    seek = Signal(object)
    wanted = Signal(object)
    analyse_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Scenes")
        self._ranges: tuple[TimeRange, ...] = ()
        self._shown: Scenes | None = None
        self.list = CardList("Scenes found", even=True)
        self.list.seen.connect(self._want)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        self.empty = Empty(
            "No scenes yet",
            "Where the picture cuts appears here after Vision. Click a scene to go there.",
            ("Analyse…", self.analyse_wanted.emit),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.list)
        self.column.addSpacing(6)
        self.column.addWidget(self.stack, 1)

    def show_scenes(self, scenes: Scenes | None) -> None:
        """All scenes, or None where nothing has arrived."""
        if scenes is self._shown:
            return
        self._shown = scenes
        self._ranges = scenes.ranges if scenes else ()
        self.list.show_cards(cards_of(scenes) if scenes else ())
        self.stack.setCurrentIndex(1 if self._ranges else 0)

    def show_current(self, index: int | None) -> None:
        """Mark the scene under the playhead."""
        wanted = () if index is None else (str(index),)
        # Asked at every tick of the playhead.
        if self.list.selected != wanted:
            self.list.show_cards(self.list.model.cards, "".join(wanted))

    def set_thumbnail(self, index: int, image: QImage) -> None:
        """The picture of scene number `index` (from 0)."""
        self.list.set_picture(str(index), image)

    def forget_thumbnails(self) -> None:
        """As when another video is opened."""
        self.list.forget_pictures()

    def _want(self, first: int, last: int) -> None:
        there = self.list.model.pictures
        missing = tuple(i for i in range(first, last + 1) if str(i) not in there)
        if missing:
            self.wanted.emit(missing)

    def _go(self, card: str) -> None:
        self.seek.emit(self._ranges[int(card)].start)
