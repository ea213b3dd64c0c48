"""The list of shorts: every clip of every render, what came of it, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.ui.card_painter import Bar, Card, CardButton, Line
from app.ui.cards import CardList
from app.ui.moment_rows import RenderRow, one_line
from app.ui.parts import Empty


def card_id(row: RenderRow) -> str:
    """A clip of a render, by one text."""
    return f"{row.id}\n{row.key}"


def card_of(row: RenderRow) -> Card:
    """What the list shows of a clip."""
    title = one_line(row.title) or "Untitled"
    state = one_line(row.state)
    under = " · ".join(part for part in (one_line(row.settings), row.when) if part)
    lines = [Line(title, "heading", state, row.role), Line(under, "hint", most=2)]
    if row.sentence:
        lines.append(Line(one_line(row.sentence), "secondary", most=6))
    percent = "" if row.fraction is None else f"{round(100 * row.fraction)} %"
    told = [title, state, *(line.text for line in lines[1:]), percent]
    return Card(
        card_id(row),
        tuple(lines),
        ", ".join(part for part in told if part),
        "failed" if row.role == "cut" else "plain",
        _buttons(row),
        None if row.fraction is None else Bar(row.fraction, text=percent),
    )


def _buttons(row: RenderRow) -> tuple[CardButton, ...]:
    out: list[CardButton] = []
    if row.can_play:
        out.append(CardButton("play", "Play"))
    if row.path and not row.gone:
        out.append(CardButton("folder", "Show in Folder"))
    if row.can_download:
        out.append(CardButton("download", "Download"))
    if row.can_retry:
        out.append(CardButton("retry", "Retry"))
    if row.gone:
        out.append(CardButton("locate", "Locate Folder…"))
    return tuple(out)


class RendersList(QStackedWidget):
    """Shorts as cards, newest first.

    Signals: as those of the same names of MomentsPanel.
    """

    retry_clip = Signal(str, str)
    download_clip = Signal(str, str)
    play_short = Signal(str)
    show_in_folder = Signal(str)
    locate_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, RenderRow] = {}
        self.list = CardList("Shorts")
        self.list.pressed.connect(self._press)
        self.list.activated.connect(self._play)
        self.empty = Empty(
            "No shorts yet",
            "What is rendered appears here with its state and stays listed with its settings. "
            "Pick moments, then Render Selected….",
        )
        self.addWidget(self.empty)
        self.addWidget(self.list)

    def show_renders(self, rows: Sequence[RenderRow]) -> None:
        """All clips in the order they are to stand in."""
        self._rows = {card_id(row): row for row in rows}
        self.list.show_cards([card_of(row) for row in self._rows.values()])
        self.setCurrentIndex(1 if rows else 0)

    @property
    def any(self) -> bool:
        """Whether there is any."""
        return bool(self._rows)

    @property
    def current(self) -> tuple[str, str] | None:
        """Record id and moment key of the chosen clip, or None."""
        chosen = [self._rows[card] for card in self.list.selected]
        return (chosen[0].id, chosen[0].key) if chosen else None

    def _play(self, card: str) -> None:
        if self._rows[card].can_play:
            self.play_short.emit(self._rows[card].path)

    def _press(self, card: str, which: str) -> None:
        row = self._rows[card]
        match which:
            case "play":
                self.play_short.emit(row.path)
            case "folder":
                self.show_in_folder.emit(row.path)
            case "download":
                self.download_clip.emit(row.id, row.key)
            case "retry":
                self.retry_clip.emit(row.id, row.key)
            case _:
                self.locate_wanted.emit()
