"""The Moments panel: moments to judge as a sorted, filtered list, and the shorts made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget
from typing_extensions import override

from app.core.moments import Pick
from app.ui.moment_rows import NOT_ANALYSED, MomentRow, RenderRow, counted_moments
from app.ui.moments_bars import Choices, FilterField, Hints, SortStrip
from app.ui.moments_menu import menu_for
from app.ui.moments_table import MomentsTable
from app.ui.parts import Empty, Panel, bar, button
from app.ui.renders_list import RendersList

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QResizeEvent

_SHOW = (
    ("All", None), ("Picked", Pick.PICKED), ("Undecided", Pick.UNDECIDED),
    ("Rejected", Pick.REJECTED),
)  # fmt: skip


class MomentsPanel(Panel):
    """Moments and shorts.

    Signals:
        chosen(str): the person moved to this moment, or changed what is selected around it.
        activated(str): Enter, double click or Play: a moment's key.
        decide(object, object): keys, and the Pick for them.
        rename(str, str): a key and the new title, "" for the service's own.
        find_wanted, render_wanted, play_picked_wanted, locate_wanted: nothing more to say.
        remove_wanted(object), put_back_wanted(object): keys of own, of moved moments.
        retry_clip(str, str), download_clip(str, str): a render record's id and a moment's key.
        play_short(str), show_in_folder(str): the file's path.
        view_changed(str, str): the channel of Best for ("" for all) and the order, to be kept.
    """

    chosen = Signal(str)
    activated = Signal(str)
    decide = Signal(object, object)
    rename = Signal(str, str)
    find_wanted = Signal()
    render_wanted = Signal()
    play_picked_wanted = Signal()
    remove_wanted = Signal(object)
    put_back_wanted = Signal(object)
    retry_clip = Signal(str, str)
    download_clip = Signal(str, str)
    play_short = Signal(str)
    show_in_folder = Signal(str)
    locate_wanted = Signal()
    view_changed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("Moments")
        self.table = MomentsTable()
        self.renders = RendersList()
        self._build_header()
        self._build_filter()
        self._build_footer()
        self.reason = Empty(*NOT_ANALYSED, ("Find Moments…", self.find_wanted.emit))
        self.nothing = Empty(
            "Nothing matches",
            "No moment fits the filter. It looks at title, description and tags; #word at tags "
            "alone.",
            ("Clear Filter", self.clear_filter),
        )
        self.stack = QStackedWidget()
        for page in (self.reason, self.nothing, self.table, self.renders):
            self.stack.addWidget(page)
        for part in (self.header, self.search, self.strip):
            self.column.addWidget(part)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.footer)
        self._connect()
        self.show_moments((), ())
        self.show_renders(())

    def _build_header(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Moments or Shorts")
        self.tabs.setProperty("role", "segment")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.addTab("Moments")
        self.tabs.addTab("Shorts")
        self.best_for = Choices("Best for")
        self.header = bar("plain", self.tabs, None, self.best_for)

    def _build_filter(self) -> None:
        self.filter = FilterField()
        self.count = self.filter.note
        self.only = Choices("Show")
        self.only.offer([(text, text) for text, _ in _SHOW])
        self.search = bar("plain", self.filter, self.only)
        self.strip = SortStrip()
        for part in (self.header, self.search):
            part.setContentsMargins(0, 0, 0, 0)
        self.search.layout().setContentsMargins(10, 0, 10, 6)  # type: ignore[union-attr]
        self.header.layout().setContentsMargins(10, 6, 10, 6)  # type: ignore[union-attr]

    def _build_footer(self) -> None:
        self.hints = Hints()
        self.play_button = button("Play picked", name="Play Picked", tip="One after the other")
        self.render_button = button("Render Selected…", "primary", name="Render Selected…")
        self.footer = bar("footer", self.hints, self.play_button, self.render_button)
        row = self.footer.layout()
        if isinstance(row, QHBoxLayout):
            row.setStretchFactor(self.hints, 1)

    def _connect(self) -> None:
        self.table.chosen.connect(self._chosen)
        self.table.activated.connect(self.activated)
        self.table.renamed.connect(self.rename)
        self.table.ordered.connect(self._order)
        self.table.narrowed.connect(lambda _narrow: self._arrange())
        self.table.menu_wanted.connect(self._pop_up)
        self.strip.wanted.connect(self.table.sort_as_clicked)
        self.filter.textChanged.connect(lambda _text: self._filter())
        self.filter.left.connect(self.table.setFocus)
        self.only.currentIndexChanged.connect(lambda _index: self._filter())
        self.best_for.currentIndexChanged.connect(lambda _index: self._best_for())
        self.tabs.currentChanged.connect(lambda _index: self._arrange())
        self.play_button.clicked.connect(self.play_picked_wanted)
        self.render_button.clicked.connect(self.render_wanted)
        for name in ("retry_clip", "download_clip", "play_short", "show_in_folder"):
            getattr(self.renders, name).connect(getattr(self, name))
        self.renders.locate_wanted.connect(self.locate_wanted)

    # What is shown

    def show_moments(self, rows: Sequence[MomentRow], channels: tuple[str, ...]) -> None:
        """All moments in their own order; selection, current one and scrolling stay."""
        self.table.show_moments(rows, channels)
        if not self.best_for.offers(channels):
            self.best_for.offer_channels(channels, self.table.best_for)
        self._refresh()

    def show_current(self, key: str) -> None:
        """Choose this moment, "" for none; the selection around it stays if it is the current."""
        self.table.show_current(key)
        self._refresh_buttons()

    def show_renders(self, rows: Sequence[RenderRow]) -> None:
        """Every clip of every render, newest first."""
        self.renders.show_renders(rows)
        self.tabs.setTabText(1, f"Shorts {len(rows):,}" if rows else "Shorts")
        self._arrange()

    def show_shorts(self, on: bool = True) -> None:
        """Bring the shorts to the front, or the moments."""
        self.tabs.setCurrentIndex(1 if on else 0)

    def show_empty_reason(self, heading: str, text: str) -> None:
        """What is said while there are no moments: NOT_ANALYSED, NONE_FOUND or another reason."""
        old = self.reason
        self.reason = Empty(heading, text, ("Find Moments…", self.find_wanted.emit))
        self.stack.insertWidget(0, self.reason)
        self.stack.removeWidget(old)
        old.deleteLater()
        self._arrange()

    def set_picture(self, key: str, image: QImage) -> None:
        """The poster of a moment; it stays when the moments are shown again."""
        self.table.set_picture(key, image)

    def forget_pictures(self) -> None:
        """As when another video is opened."""
        self.table.forget_pictures()

    def set_best_for(self, channel: str) -> None:
        """The channel whose scores stand out, "" for all; it also sorts. Nothing is signalled."""
        self.table.set_best_for(channel)
        self.best_for.choose(self.table.best_for)
        self._refresh()

    def set_sort(self, order: str) -> None:
        """An order as `view_changed` told it; nothing is signalled."""
        self.table.set_order(order)
        self._refresh()

    def clear_filter(self) -> None:
        """Show every moment again."""
        self.only.setCurrentIndex(0)
        self.filter.clear()
        self._filter()

    def edit_title(self, key: str) -> None:
        """Let the person type another title in the list."""
        self.show_shorts(False)
        self.table.edit_title(key)

    # What can be asked

    @property
    def selected(self) -> tuple[str, ...]:
        """Keys of the selected moments, as displayed from top to bottom."""
        return self.table.selected

    @property
    def current(self) -> str:
        """Key of the current moment, or ""."""
        return self.table.current

    @property
    def order(self) -> tuple[str, ...]:
        """Keys as displayed now."""
        return self.table.order

    @property
    def to_render(self) -> tuple[str, ...]:
        """Several selected moments, else the picked ones, else the selected one."""
        if len(self.selected) > 1:
            return self.selected
        picked = tuple(row.key for row in self.table.rows if row.pick is Pick.PICKED)
        return picked or self.selected

    @property
    def current_short(self) -> tuple[str, str] | None:
        """Record id and moment key of the chosen short while shorts are shown, else None."""
        return self.renders.current if self.tabs.currentIndex() == 1 else None

    # What the person does

    def _pop_up(self, at: QPoint) -> None:
        if self.selected:
            menu_for(self, self.selected).popup(at)

    def _chosen(self, key: str) -> None:
        self._refresh_buttons()
        self.chosen.emit(key)

    def _filter(self) -> None:
        self.table.set_filter(self.filter.text(), _SHOW[self.only.currentIndex()][1])
        self._refresh()

    def _best_for(self) -> None:
        self.table.set_best_for(self.best_for.chosen)
        self._refresh()
        self.view_changed.emit(self.table.best_for, self.table.sort)

    def _order(self) -> None:
        self._refresh()
        self.view_changed.emit(self.table.best_for, self.table.sort)

    def _refresh(self) -> None:
        self.count.setText(counted_moments(self.table.rows, len(self.table.order)))
        self.strip.show_order(self.table.sort)
        self._refresh_buttons()
        self._arrange()

    def _refresh_buttons(self) -> None:
        chosen = len(self.to_render)
        self.render_button.setText(f"Render Selected… ({chosen})" if chosen else "Render Selected…")
        self.render_button.setEnabled(bool(chosen))
        self.play_button.setEnabled(any(row.pick is Pick.PICKED for row in self.table.rows))

    def _arrange(self) -> None:
        """Which page, and which bars beside it."""
        shorts, any_rows = self.tabs.currentIndex() == 1, bool(self.table.rows)
        page: QWidget = self.renders
        if not shorts:
            page = self.table if self.table.order else self.nothing if any_rows else self.reason
        self.stack.setCurrentWidget(page)
        listed = any_rows and not shorts
        self.header.setVisible(any_rows or self.renders.any or shorts)
        self.best_for.setVisible(listed and self.best_for.count() > 1)
        self.search.setVisible(listed)
        self.footer.setVisible(listed)
        narrow = self.table.narrow
        self.strip.setVisible(listed and narrow)
        self.only.setMaximumWidth(112 if narrow else 180)
        self.strip.lend(self.count) if narrow else self.filter.lend(self.count)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.table.fit_to(event.size().width())
        super().resizeEvent(event)
