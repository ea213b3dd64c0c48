"""Which part of the film the timeline shows, how close, and the layout of it."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.ui.timeline_input import TimelineInput
from app.ui.timeline_lanes import Arrangement
from app.ui.timeline_layout import Layout, layout
from app.ui.timeline_scale import GUTTER, View, clamped, fitted, zoomed


class TimelinePart(QWidget):
    """A widget that has a layout of what is in view; `TimelineSurface` paints it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = TimelineInput()
        self._view = View(0.0, 1000.0, 800.0, 200.0)
        self._wanted = Arrangement()
        self._shown: Layout | None = None
        self._last: Layout | None = None
        self._fit = True
        self._playhead = 0

    @property
    def view_state(self) -> tuple[int, float, bool]:
        """First instant in view, microseconds a pixel, and whether the whole film is fitted."""
        return round(self._view.start), self._view.us_per_px, self._fit

    def restore_view(self, start: int, us_per_px: float, fit: bool) -> None:
        """What `view_state` gave, kept since last time."""
        self._fit = fit
        if not fit and math.isfinite(us_per_px) and us_per_px > 0:
            self._look_at(replace(self._view, start=float(start), us_per_px=us_per_px))
        else:
            self._changed()

    def zoom_in(self) -> None:
        """Twice as close about the playhead, or the middle where it is out of sight."""
        self._zoom(2.0, self._zoom_centre())

    def zoom_out(self) -> None:
        """Half as close."""
        self._zoom(0.5, self._zoom_centre())

    def fit(self) -> None:
        """The whole film."""
        self._fit = True
        self._changed()

    @property
    def shown(self) -> Layout:
        """The layout as painted now."""
        if self._shown is None:
            if self._fit:
                whole = fitted(self._given.duration, self.width(), self.height())
                self._view = replace(whole, scroll=self._view.scroll)
            else:
                resized = replace(self._view, width=self.width(), height=self.height())
                self._view = clamped(resized, self._given.duration)
            self._shown = self._last = layout(self._given, self._view, self._wanted, self._last)
            self._view = self._shown.view
            self._laid_out(self._shown)
        return self._shown

    def _laid_out(self, shown: Layout) -> None:
        """Another part, another version or another arrangement is shown."""

    def _changed(self) -> None:
        """Another part or version is to be shown: forget the layout."""
        self._shown = None

    def _arrange(self, wanted: Arrangement) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._changed()

    def _look_at(self, view: View) -> None:
        view = clamped(view, self._given.duration)
        whole = fitted(self._given.duration, view.width, view.height)
        self._fit = view.us_per_px >= whole.us_per_px
        self._view = view
        self._changed()

    def _zoom(self, factor: float, x: float) -> None:
        _ = self.shown
        self._look_at(zoomed(self._view, self._given.duration, factor, x))

    def _zoom_centre(self) -> float:
        x = self.shown.view.x_of(self._playhead)
        return x if GUTTER <= x <= self.width() else (GUTTER + self.width()) / 2
