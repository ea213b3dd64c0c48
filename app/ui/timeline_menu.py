"""The timeline's context menus: rows of the actions table, so that they show their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.core.edits import RemoveMarkers
from app.core.timerange import TimeRange
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.actions import Actions
from app.ui.timeline_items import Thing
from app.ui.timeline_lanes import NAMES
from app.ui.timeline_view import TimelineView

_HERE = ("play", "mark_in", "mark_out", "clear_marks", "add_marker", "split")
_VIEW = ("", "zoom_in", "zoom_out", "fit_timeline", "follow_playhead")

ROWS: dict[str, tuple[str, ...]] = {
    "cut": (
        *("accept_proposal", "restore_proposal", "", "play_around", "play_removed", "play_kept"),
        *("", "cut_padding", "split"),
    ),
    "word": (*("remove_selection", "restore_selection", "correct_word", "", *_HERE),),
    "moment": (
        *("play_moment", "", "pick_moment", "reject_moment", "clear_moment", "", "rename_moment"),
        *("put_back_moment", "remove_moment", "", "render_selected"),
    ),
    "marker": ("add_marker", "play"),
    "": ("remove_selection", "restore_selection", "", *_HERE, *_VIEW),
}
"""What kind of thing was pointed at -> the ids of actions; "" is a line."""


class TimelineMenus(QObject):
    """Chooses what was pointed at, as a click does, and shows what can be done with it."""

    def __init__(
        self,
        timeline: TimelineView,
        actions: Actions,
        review: ReviewState,
        selection: SelectionState,
    ) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self._actions = actions
        self._review = review
        self._selection = selection
        timeline.menu_wanted.connect(self._show)

    def _show(self, thing: object, t: object, where: object) -> None:
        if isinstance(thing, Thing) and isinstance(t, int) and isinstance(where, QPoint):
            self.menu(thing, t).popup(where)

    def menu(self, thing: Thing, t: int) -> QMenu:
        """The menu for a thing at an instant; it deletes itself once it is closed."""
        menu = QMenu(self._timeline)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Timeline menu")
        if thing.kind == "names":
            self._lanes(menu)
            return menu
        self._choose(thing, t)
        for id_ in ROWS.get(thing.kind, ROWS[""]):
            if id_:
                menu.addAction(self._actions.action(id_))
            else:
                menu.addSeparator()
        if thing.kind == "marker":
            menu.addSeparator()
            self._add(menu, "Edit Marker…", partial(self._timeline.marker_activated.emit, thing.id))
            self._add(menu, "Remove Marker", partial(self._review.do, RemoveMarkers((thing.id,))))
        if thing.kind == "cut" and self._timeline.moved_by_hand(thing.id):
            menu.addSeparator()
            put_back = partial(self._timeline.edge_put_back.emit, thing.id)
            self._add(menu, "Put Back Edges\tDouble Click", put_back)
        return menu

    def _choose(self, thing: Thing, t: int) -> None:
        match thing.kind:
            case "cut":
                self._selection.choose_proposal(thing.id)
            case "moment":
                self._timeline.moment_clicked.emit(thing.id)
            case "word":
                self._choose_word(thing.index, t)
            case _:
                pass

    def _choose_word(self, index: int, t: int) -> None:
        """The word, unless it lies in what is selected already."""
        review, chosen = self._review.review, self._selection.words
        said = review.evidence.transcript if review else None
        if said is None or (chosen is not None and chosen.contains(t)):
            return
        word = said.words[index]
        if word.start < word.end:
            self._selection.choose_words(TimeRange(word.start, word.end))

    def _lanes(self, menu: QMenu) -> None:
        for kind, on in self._timeline.lanes.items():
            row = menu.addAction(NAMES[kind])
            row.setCheckable(True)
            row.setChecked(on)
            row.toggled.connect(partial(self._timeline.show_lane, kind))
        menu.addSeparator()
        self._add(menu, "Reset Lanes", self._timeline.reset_lanes)

    @staticmethod
    def _add(menu: QMenu, text: str, do: Callable[[], object]) -> None:
        menu.addAction(text).triggered.connect(lambda _checked: do())
