"""The Moments panel: in this version it says what will come here."""

from __future__ import annotations

from app.ui.parts import Empty, Panel


class MomentsPanel(Panel):
    """Moments come with the next version; the panel says so and offers no more."""

    def __init__(self) -> None:
        super().__init__("Moments")
        self.empty = Empty(
            "Not in this version yet",
            "Short moments of this video, ranked by score, to be picked, played and rendered, "
            "will appear here.",
        )
        self.column.addWidget(self.empty, 1)
