"""The People panel: who is in the picture, how long, under which name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget

from app.ui import theme
from app.ui.card_painter import Bar, Card, Line
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel, bar, button, label
from app.ui.text import clock, counted

if TYPE_CHECKING:
    from app.core.people import Person


def card_of(person: Person, number: int, duration: int) -> Card:
    """What the panel shows of person `number` (from 1); `duration` of the film in microseconds."""
    seen = f"on screen {clock(person.on_screen_us, 0)}, " + counted(
        len(person.tracks), "appearance"
    )
    colour = theme.current().person(person.colour_index)
    long = max(1, duration)
    spans = tuple((t.start / long, min(1.0, max(t.start, t.end) / long)) for t in person.tracks)
    return Card(
        person.key,
        (Line(person.name, "heading", str(number), "time"), Line(seen, "hint")),
        f"{person.name}, {seen}, {number}",
        bar=Bar(spans=spans or ((0.0, 0.0),), colour=colour),
        picture="round",
        ring=colour,
        editable=person.name,
    )


class PeoplePanel(Panel):
    """Persons.

    Signals:
        rename(str, str): a person's key and the new name.
        merge(object, str): keys of persons that are one, and the one of them to keep.
        selected(str): the person's key; activated(str): Enter, as to go to the first appearance.
        analyse_wanted: from the empty panel.
    """

    rename = Signal(str, str)
    merge = Signal(object, str)
    selected = Signal(str)
    activated = Signal(str)
    analyse_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("People")
        self.list = CardList("Persons", several=True)
        self.list.chosen.connect(self.selected)
        self.list.activated.connect(self.activated)
        self.list.renamed.connect(self.rename)
        self.list.view.selectionModel().selectionChanged.connect(self._enable)
        self.empty = Empty(
            "Nobody found yet",
            "Faces appear here after Vision, each with the time on screen. Double click one "
            "to name it.",
            ("Analyse…", self.analyse_wanted.emit),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.list)
        self.note = label("Names stay on this computer", "secondary")
        self.merge_button = button(
            "Merge selected", name="Merge Selected", tip="The selected persons are one"
        )
        self.merge_button.clicked.connect(self._merge)
        self.footer = bar("footer", self.note, None, self.merge_button)
        self.column.addSpacing(6)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.footer)
        self.show_people((), 1)

    def show_people(self, people: Sequence[Person], duration: int) -> None:
        """All persons in the order of their numbers; `duration` of the film, microseconds."""
        cards = [card_of(p, i + 1, duration) for i, p in enumerate(people)]
        self.list.show_cards(cards)
        self.stack.setCurrentIndex(1 if cards else 0)
        self.footer.setVisible(bool(cards))
        self._enable()

    def choose(self, key: str) -> None:
        """Make the person with this key the current one; "" for nobody."""
        if key:
            self.list.choose(key)
        else:
            self.list.show_cards(self.list.model.cards, "")

    def set_portrait(self, key: str, image: QImage) -> None:
        """The face of the person with this key."""
        self.list.set_picture(key, image)

    def _enable(self) -> None:
        self.merge_button.setEnabled(len(self.list.selected) >= 2)

    def _merge(self) -> None:
        keys = self.list.selected
        if len(keys) >= 2:
            self.merge.emit(keys, keys[0])
