"""The People panel: who is in the picture, how long, under which name and in which colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QMenu, QStackedWidget

from app.ui import theme
from app.ui.card_painter import Bar, Card, Line
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel, bar, button, label
from app.ui.text import clock, counted

if TYPE_CHECKING:
    from app.core.people import Person

COLOURS = ("Blue", "Orange", "Green", "Pink", "Yellow")
"""Names of the palette's first colours; the rest are the same, darker."""


def card_of(person: Person, number: int, duration: int) -> Card:
    """What the panel shows of person `number` (from 1); `duration` of the film in microseconds."""
    seen = f"on screen {clock(person.on_screen_us, 0)}, " + counted(
        len(person.tracks), "appearance"
    )
    if person.hidden:
        seen = f"hidden, {seen}"
    colour = theme.current().person(person.colour_index)
    long = max(1, duration)
    spans = _drawn(tuple((t.start / long, t.end / long) for t in person.tracks))
    return Card(
        person.key,
        (Line(person.name, "heading", str(number), "time"), Line(seen, "hint")),
        f"{person.name}, {seen}, {number}",
        bar=Bar(spans=spans or ((0.0, 0.0),), colour=colour),
        picture="round",
        ring=colour,
        editable=person.name,
        faint=person.hidden,
    )


def _drawn(spans: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """The spans as a bar of some hundred pixels can show them: neighbours run together."""
    out: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        end = min(1.0, max(start, stop))
        if out and start - out[-1][1] < 1 / 400:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


class PeoplePanel(Panel):
    """Persons.

    Signals:
        rename(str, str): a person's key and the new name.
        merge(object, str): keys of persons that are one, and the one of them to keep.
        conceal(object, bool): keys of persons, and whether they are to be hidden or shown again.
        recolour(str, object): a person's key, and a number in the palette or None for its own.
        selected(str): the person's key; activated(str): Enter, as to go to the next appearance.
        next_wanted(str): the next appearance of that person.
        wanted(object): keys of the persons in sight that have no portrait yet.
        analyse_wanted: from the empty panel.
    """

    rename = Signal(str, str)
    merge = Signal(object, str)
    conceal = Signal(object, bool)
    recolour = Signal(str, object)
    selected = Signal(str)
    activated = Signal(str)
    next_wanted = Signal(str)
    wanted = Signal(object)
    analyse_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("People")
        self._people: dict[str, Person] = {}
        self._made: dict[str, tuple[Person, int, int, str, Card]] = {}
        self.list = CardList("Persons", several=True, even=True)
        self.list.chosen.connect(self.selected)
        self.list.activated.connect(self.activated)
        self.list.renamed.connect(self.rename)
        self.list.menu_wanted.connect(self._open_menu)
        self.list.seen.connect(self._want)
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
        self.next_button = button(
            "Next", name="Next Appearance", tip="Where this person is seen next"
        )
        self.next_button.clicked.connect(self._next)
        self.hide_button = button(
            "Hide", name="Hide", tip="No box on the picture and no line in the timeline"
        )
        self.hide_button.clicked.connect(self._hide)
        self.merge_button = button(
            "Merge selected", name="Merge Selected", tip="The selected persons are one"
        )
        self.merge_button.clicked.connect(self._merge)
        self.footer = bar("footer", self.next_button, self.hide_button, None, self.merge_button)
        self.note = label("Names stay on this computer", "hint")
        self.note.setContentsMargins(14, 4, 10, 0)
        self.column.addSpacing(6)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.note)
        self.column.addWidget(self.footer)
        self.show_people((), 1)

    def show_people(self, people: Sequence[Person], duration: int) -> None:
        """All persons in the order of their numbers; `duration` of the film, microseconds."""
        self._people = {p.key: p for p in people}
        cards = [self._card(p, i + 1, duration) for i, p in enumerate(people)]
        self._made = {key: made for key, made in self._made.items() if key in self._people}
        self.list.show_cards(cards)
        self.stack.setCurrentIndex(1 if cards else 0)
        for part in (self.footer, self.note):
            part.setVisible(bool(cards))
        self._enable()

    def choose(self, key: str) -> None:
        """Make the person with this key the current one; "" for nobody."""
        if key:
            self.list.choose(key)
        else:
            self.list.show_cards(self.list.model.cards, "")

    @property
    def chosen(self) -> str:
        """The key of the first selected person, or ""."""
        return next(iter(self.list.selected), "")

    def set_portrait(self, key: str, image: QImage) -> None:
        """The face of the person with this key."""
        self.list.set_picture(key, image)

    def menu_for(self, key: str) -> QMenu:
        """What can be done with the selected persons; `key` is the one the menu is opened at."""
        keys = self.list.selected
        keys = keys if key in keys else (key,)
        person = self._people[key]
        menu = QMenu(self)
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("Next Appearance", "Enter", lambda: self.next_wanted.emit(key)),
            ("Rename", "F2", lambda: self._edit(key)),
        )
        for text, shortcut, call in entries:
            menu.addAction(f"{text}\t{shortcut}").triggered.connect(call)
        if len(keys) >= 2:
            menu.addAction("Merge Selected").triggered.connect(lambda: self.merge.emit(keys, key))
        colours = menu.addMenu("Colour")
        for index in range(len(theme.current().people)):
            text = COLOURS[index % len(COLOURS)] + (", dark" if index >= len(COLOURS) else "")
            action = colours.addAction(_swatch(index), text)
            action.setCheckable(True)
            action.setChecked(index == person.colour_index)
            action.triggered.connect(partial(self._recolour, key, index))
        colours.addSeparator()
        colours.addAction("As at First").triggered.connect(partial(self._recolour, key, None))
        menu.addSeparator()
        text = "Show Again" if person.hidden else "Hide"
        menu.addAction(text).triggered.connect(lambda: self.conceal.emit(keys, not person.hidden))
        return menu

    def _card(self, person: Person, number: int, duration: int) -> Card:
        fill = theme.current().person(person.colour_index)
        known = self._made.get(person.key)
        if known and known[:4] == (person, number, duration, fill):
            return known[4]
        card = card_of(person, number, duration)
        self._made[person.key] = (person, number, duration, fill, card)
        return card

    def _want(self, first: int, last: int) -> None:
        cards, there = self.list.model.cards[first : last + 1], self.list.model.pictures
        missing = tuple(card.id for card in cards if card.id not in there)
        if missing:
            self.wanted.emit(missing)

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _edit(self, key: str) -> None:
        row = self.list.model.row_of(key)
        if row is not None:
            self.list.view.edit(self.list.model.index(row))

    def _recolour(self, key: str, index: int | None, _on: bool = False) -> None:
        self.recolour.emit(key, index)

    def _enable(self) -> None:
        keys = [k for k in self.list.selected if k in self._people]
        self.merge_button.setEnabled(len(keys) >= 2)
        self.next_button.setEnabled(bool(keys))
        self.hide_button.setEnabled(bool(keys))
        hidden = bool(keys) and all(self._people[k].hidden for k in keys)
        self.hide_button.setText("Show" if hidden else "Hide")
        self.hide_button.setAccessibleName("Show Again" if hidden else "Hide")

    def _next(self) -> None:
        if self.chosen:
            self.next_wanted.emit(self.chosen)

    def _hide(self) -> None:
        keys = self.list.selected
        if keys:
            self.conceal.emit(keys, not all(self._people[k].hidden for k in keys))

    def _merge(self) -> None:
        keys = self.list.selected
        if len(keys) >= 2:
            self.merge.emit(keys, keys[0])


def _swatch(index: int) -> QIcon:
    square = QPixmap(14, 14)
    square.fill(QColor(theme.current().person(index)))
    return QIcon(square)
