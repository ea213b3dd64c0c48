"""The timeline's lanes as a person arranges them: hidden, dragged higher, scrolled, with strips."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollBar, QWidget
from typing_extensions import override

from app.core.thumbnail_grid import WIDE
from app.ui.timeline_lanes import LEAST, MOST, NAMES, RULER, Lane, LaneKind, kinds
from app.ui.timeline_layout import Layout
from app.ui.timeline_scale import RIGHT, thumb_step
from app.ui.timeline_strips import Strips
from app.ui.timeline_surface import TimelineSurface

SETTLE_MS = 40
"""What arrives of strips within so many milliseconds is painted at once."""


class TimelineColumns(TimelineSurface):
    """The surface with lanes that can be arranged.

    Signals:
        arranged(): `lanes_state` is another one, to be kept.
    """

    arranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("Timeline lanes")
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar.hide()
        self._bar.valueChanged.connect(self.scroll_lanes_to)
        self._border: Lane | None = None
        self._dragged_from = 0.0
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._repaint)

    # ---- strips

    def set_strips(self, strips: Strips | None, *, thumbs: bool, sound: bool) -> None:
        """Where thumbnails and the waveform come from, and whether the film has either."""
        self._strips, self._stale = strips, True
        self._arrange(replace(self._wanted, thumbs=thumbs, sound=sound))

    def strips_changed(self) -> None:
        """More of them is there; painted soon."""
        if not self._settling.isActive():
            self._settling.start()

    def _repaint(self) -> None:
        self._stale = True
        self.update()

    @override
    def _laid_out(self, shown: Layout) -> None:
        super()._laid_out(shown)
        self._place_bar(shown)
        if self._strips is None or not shown.duration:
            return
        scale = shown.view.us_per_px
        lane = next((lane for lane in shown.lanes if lane.kind == "thumb"), None)
        if lane is not None:
            scale = thumb_step(shown.view, lane.height - 4) / WIDE
        start, end = max(0, math.floor(shown.view.start)), math.ceil(shown.view.end)
        self._strips.want(start, min(end, shown.duration), scale)

    # ---- lanes

    @property
    def lanes(self) -> Mapping[LaneKind, bool]:
        """The kinds of lanes there is something for, and whether each is shown."""
        there = kinds(self._given, self._wanted)
        return {kind: kind not in self._wanted.hidden for kind in NAMES if kind in there}

    def show_lane(self, kind: LaneKind, on: bool) -> None:
        """Show or hide a kind of lane."""
        hidden = self._wanted.hidden - {kind} if on else self._wanted.hidden | {kind}
        self._arrange(replace(self._wanted, hidden=hidden))
        self.arranged.emit()

    def set_lane_height(self, kind: LaneKind, height: float | None) -> None:
        """Pixels of a kind of lane; None: as much as there is room for."""
        heights = {k: h for k, h in self._wanted.heights.items() if k != kind}
        if height is not None:
            heights[kind] = min(MOST, max(LEAST, height))
        self._arrange(replace(self._wanted, heights=heights))

    def reset_lanes(self) -> None:
        """Every lane shown, as high as there is room for."""
        self._arrange(replace(self._wanted, hidden=frozenset(), heights={}))
        self.arranged.emit()

    @property
    def lanes_state(self) -> str:
        """The arrangement, to be kept until next time."""
        hidden, heights = sorted(self._wanted.hidden), dict(self._wanted.heights)
        return json.dumps({"hidden": hidden, "heights": heights})

    def restore_lanes(self, state: str) -> None:
        """What `lanes_state` gave; what cannot be used is left out."""
        try:
            found = json.loads(state)
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        hidden, heights = found.get("hidden"), found.get("heights")
        shown = (
            frozenset(k for k in hidden if k in NAMES) if isinstance(hidden, list) else frozenset()
        )
        high = {
            k: min(MOST, max(LEAST, float(h)))
            for k, h in (heights.items() if isinstance(heights, dict) else ())
            if k in NAMES and isinstance(h, int | float) and math.isfinite(h)
        }
        self._arrange(replace(self._wanted, hidden=shown, heights=high))

    # ---- scrolling

    def scroll_lanes(self, pixels: float) -> None:
        """Move the lanes up (negative: down) where they do not fit."""
        self.scroll_lanes_to(self.shown.view.scroll + pixels)

    def scroll_lanes_to(self, pixels: float) -> None:
        """So many pixels from the first lane's top."""
        there = min(max(0.0, float(pixels)), self.shown.most)
        if there != self.shown.view.scroll:
            self._view = replace(self._view, scroll=there)
            self._changed()

    def _place_bar(self, shown: Layout) -> None:
        high = round(shown.bottom - RULER)
        self._bar.setVisible(shown.most > 0)
        if shown.most > 0:
            self._bar.blockSignals(True)
            self._bar.setGeometry(
                self.width() - round(RIGHT) - 1, round(RULER) + 1, round(RIGHT), max(1, high - 2)
            )
            self._bar.setPageStep(max(1, high))
            self._bar.setSingleStep(24)
            self._bar.setRange(0, math.ceil(shown.most))
            self._bar.setValue(round(shown.view.scroll))
            self._bar.blockSignals(False)

    # ---- the column of names

    def _press_names(self, x: float, y: float) -> None:
        """A border below a lane is caught, else the lanes themselves."""
        self._border = self.shown.border_at(x, y)
        self._gesture = "border" if self._border is not None else "lanes"
        self._dragged_from = y

    def _drag_names(self, y: float) -> None:
        if self._border is None:
            self.scroll_lanes(self._dragged_from - y)
            self._dragged_from = y
            return
        kind, lanes = self._border.kind, self.shown.lanes
        top = next((lane.y for lane in lanes if lane.kind == kind), None)
        if top is not None:
            # Lanes of a kind are as high as one another.
            self.set_lane_height(kind, (y - top) / (self._border.key + 1))

    def _drop_names(self) -> None:
        if self._border is not None:
            self.arranged.emit()
