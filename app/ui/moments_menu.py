"""The context menu of the list of moments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.core.moments import Pick
from app.ui.moments_model import head_of

if TYPE_CHECKING:
    from app.ui.moments_panel import MomentsPanel

_DECISIONS = (
    ("Pick", Pick.PICKED),
    ("Reject", Pick.REJECTED),
    ("Clear Decision", Pick.UNDECIDED),
)


def menu_for(panel: MomentsPanel, keys: tuple[str, ...]) -> QMenu:
    """What can be done with these moments, as a menu that deletes itself once it is closed."""
    rows = [row for row in panel.table.rows if row.key in keys]
    own = tuple(row.key for row in rows if row.own)
    moved = tuple(row.key for row in rows if row.moved and not row.own)
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    current = panel.current
    if current:
        menu.addAction("Play", lambda: panel.activated.emit(current))
        menu.addSeparator()
    for text, pick in _DECISIONS:
        menu.addAction(text, partial(panel.decide.emit, keys, pick))
    menu.addSeparator()
    if len(keys) == 1:
        menu.addAction("Rename…", lambda: panel.edit_title(keys[0]))
    if moved:
        menu.addAction("Put Back Edges", lambda: panel.put_back_wanted.emit(moved))
    if own:
        menu.addAction("Remove", lambda: panel.remove_wanted.emit(own))
    menu.addSeparator()
    menu.addAction("Render Selected…", panel.render_wanted.emit)
    sorting = menu.addMenu("Sort By")
    for column in panel.table.model_.columns:
        if column not in ("poster", "state"):
            text = head_of(column).replace("&", "&&")
            sorting.addAction(text, partial(panel.table.sort_as_clicked, column))
    return menu
