"""The Moments panel: its list in both widths, what it keeps through updates, what it signals."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from app.core.moments import Pick
from app.core.timerange import SECOND, TimeRange
from app.ui.moment_rows import NONE_FOUND, MomentRow, RenderRow, spoken
from app.ui.moments_menu import menu_for
from app.ui.moments_panel import MomentsPanel

CHANNELS = ("youtube_shorts", "tiktok", "instagram_reels")
SCORES = {1: (88, 84, 82), 4: (79, 84, 80), 2: (58, 61, 60), 6: (58, 41, 47), 3: (22, 20, 19)}
TITLES = {
    1: "The ask", 4: "איך מתחילים", 2: "Signing", 6: "<b>Question</b> & answer", 3: "Silence",
}  # fmt: skip
PICKS = {1: Pick.PICKED, 3: Pick.REJECTED}


def moment(n: int) -> MomentRow:
    return MomentRow(
        f"j/{n}", n, TITLES[n], f"Described as {n}.", TimeRange(n * SECOND, (10 + n) * SECOND),
        float(max(SCORES[n])), tuple(zip(CHANNELS, map(float, SCORES[n]), strict=True)),
        ("launch",) if n == 1 else (), ("ends inside a sentence",) if n == 6 else (),
        PICKS.get(n, Pick.UNDECIDED),
    )  # fmt: skip


ROWS = tuple(moment(n) for n in (1, 2, 3, 4, 6))
BY_SCORE = ("j/1", "j/4", "j/2", "j/6", "j/3")


def shown(app: QApplication, width: int = 900, height: int = 500) -> MomentsPanel:
    panel = MomentsPanel()
    panel.show_moments(ROWS, CHANNELS)
    panel.resize(width, height)
    panel.show()
    app.processEvents()
    return panel


def heard(signal: object) -> list[object]:
    out: list[object] = []
    signal.connect(lambda *values: out.append(values))  # type: ignore[attr-defined]
    return out


def column(panel: MomentsPanel, name: str) -> int:
    return panel.table.model_.columns.index(name)


def click_header(panel: MomentsPanel, name: str) -> None:
    head, n = panel.table.horizontalHeader(), column(panel, name)
    at = QPoint(head.sectionViewportPosition(n) + 10, 12)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_row(
    panel: MomentsPanel, n: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    at = panel.table.visualRect(panel.table.model_.index(n, 0)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, keys, at)


def texts(panel: QWidget) -> list[str]:
    return [w.text() for w in panel.findChildren(QLabel) if w.isVisible()]


def menu_entry(panel: MomentsPanel, keys: tuple[str, ...], text: str) -> Callable[[], None]:
    menu = menu_for(panel, keys)
    found = {action.text(): action for action in menu.actions()}
    return found[text].trigger


def test_moments_stand_by_score_and_their_names_are_as_the_service_gave_them(
    app: QApplication,
) -> None:
    panel = shown(app)
    assert panel.order == BY_SCORE
    assert panel.count.text() == "5 moments · 1 picked"
    model = panel.table.model_
    assert model.index(3, column(panel, "title")).data() == "<b>Question</b> & answer"
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    assert heads == ["", "No", "Moment", "Time", "Score ▾", "YouTube", "TikTok", "Reels", ""]
    cells = [model.index(0, n).data() for n in range(model.columnCount())]
    assert cells == [
        "10.0 s", "1", "The ask", "0:01.0 – 0:11.0", "88", "88", "84", "82", "★ picked",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [356, 900])
def test_the_first_cell_of_a_row_says_the_whole_row(app: QApplication, width: int) -> None:
    panel = shown(app, width)
    tree = QAccessible.queryAccessibleInterface(panel.table)
    assert tree.text(QAccessible.Text.Name) == "Moments"
    said = {tree.child(n).text(QAccessible.Text.Name) for n in range(tree.childCount())}
    assert {spoken(row) for row in ROWS} <= said


def test_controls_have_their_names(app: QApplication) -> None:
    panel = shown(app)
    assert panel.filter.accessibleName() == "Filter moments"
    combos = {c.accessibleName() for c in panel.findChildren(QComboBox)}
    assert combos == {"Best for", "Show"}
    buttons = {b.accessibleName() for b in panel.findChildren(QPushButton) if b.isVisible()}
    assert buttons == {"Play Picked", "Render Selected…"}
    assert panel.render_button.text() == "Render Selected… (1)"


def test_a_click_on_a_header_sorts_and_a_second_one_turns_round(app: QApplication) -> None:
    panel = shown(app)
    told = heard(panel.view_changed)
    click_header(panel, "number")
    assert panel.order == ("j/1", "j/2", "j/3", "j/4", "j/6")
    click_header(panel, "number")
    assert panel.order == ("j/6", "j/4", "j/3", "j/2", "j/1")
    click_header(panel, "@instagram_reels")
    assert panel.order == ("j/1", "j/4", "j/2", "j/6", "j/3")
    click_header(panel, "@instagram_reels")
    assert panel.order == ("j/3", "j/6", "j/2", "j/4", "j/1")
    assert told == [
        ("", "number"), ("", "-number"), ("", "-@instagram_reels"), ("", "@instagram_reels"),
    ]  # fmt: skip


def test_best_for_sorts_by_that_channel_and_all_channels_by_score_again(app: QApplication) -> None:
    panel = shown(app)
    told = heard(panel.view_changed)
    assert [panel.best_for.itemText(i) for i in range(4)] == [
        "All", "YouTube", "TikTok", "Reels",
    ]  # fmt: skip
    panel.best_for.setCurrentIndex(1)
    panel.best_for.activated.emit(1)
    assert panel.order == ("j/1", "j/4", "j/2", "j/6", "j/3")
    panel.best_for.setCurrentIndex(0)
    panel.best_for.activated.emit(0)
    assert told == [("youtube_shorts", "-@youtube_shorts"), ("", "-score")]


def test_what_was_kept_of_the_view_is_set_without_a_signal(app: QApplication) -> None:
    panel = MomentsPanel()
    told = heard(panel.view_changed)
    panel.set_best_for("tiktok")
    panel.set_sort("title")
    panel.show_moments(ROWS, CHANNELS)
    assert panel.best_for.chosen == "tiktok"
    assert panel.order == ("j/6", "j/2", "j/3", "j/1", "j/4")
    assert told == []


def test_columns_are_as_many_as_the_service_names_channels(app: QApplication) -> None:
    panel = shown(app)
    panel.show_moments(
        [replace(r, channels=(("space_radio", 3.0),)) for r in ROWS], ("space_radio",)
    )
    model = panel.table.model_
    assert model.columns[5:] == ("@space_radio", "state")
    assert model.headerData(5, Qt.Orientation.Horizontal) == "Space radio"
    assert [panel.best_for.itemText(i) for i in range(2)] == ["All", "Space radio"]


def test_a_channel_without_room_is_left_out_but_never_the_chosen_one(app: QApplication) -> None:
    panel = shown(app, 640)
    panel.set_best_for("instagram_reels")
    hidden = [panel.table.isColumnHidden(column(panel, f"@{c}")) for c in CHANNELS]
    assert hidden[2] is False
    assert True in hidden


def test_the_filter_finds_words_and_tags_and_says_when_nothing_matches(app: QApplication) -> None:
    panel = shown(app)
    panel.filter.setFocus()
    QTest.keyClicks(panel.filter, "ask")
    assert panel.order == ("j/1",)
    assert panel.count.text() == "1 of 5 · 1 picked"
    panel.filter.setText("#launch")
    assert panel.order == ("j/1",)
    panel.filter.setText("nowhere")
    assert "Nothing matches" in texts(panel)
    clear = next(b for b in panel.findChildren(QPushButton) if b.text() == "Clear Filter")
    clear.click()
    assert panel.order == BY_SCORE
    assert panel.filter.text() == ""


def test_show_filters_by_decision(app: QApplication) -> None:
    panel = shown(app)
    for n, keys in ((1, ("j/1",)), (2, ("j/4", "j/2", "j/6")), (3, ("j/3",)), (0, BY_SCORE)):
        panel.only.setCurrentIndex(n)
        panel.only.activated.emit(n)
        assert panel.order == keys


def test_selection_current_and_scrolling_stay_when_rows_change(app: QApplication) -> None:
    panel = shown(app, 900, 330)
    click_row(panel, 1)
    click_row(panel, 2, Qt.KeyboardModifier.ControlModifier)
    panel.table.verticalScrollBar().setValue(40)
    scrolled = panel.table.verticalScrollBar().value()
    assert scrolled > 0
    chosen, resets, changes = (
        heard(panel.chosen), heard(panel.table.model_.modelReset),
        heard(panel.table.model_.dataChanged),
    )  # fmt: skip
    rendering = [replace(r, render="rendering 4 %") if r.key == "j/2" else r for r in ROWS]
    panel.show_moments(rendering, CHANNELS)
    assert resets == []
    assert len(changes) == 1
    assert panel.selected == ("j/4", "j/2")
    more = [*rendering, replace(moment(1), key="own/1", number=None, own=True, score=None)]
    panel.show_moments(more, CHANNELS)
    assert panel.selected == ("j/4", "j/2")
    assert panel.current == "j/2"
    assert panel.table.verticalScrollBar().value() == scrolled
    panel.set_sort("number")
    assert panel.selected == ("j/2", "j/4")
    assert panel.current == "j/2"
    assert chosen == []


def test_choosing_by_program_signals_nothing_and_by_hand_once(app: QApplication) -> None:
    panel = shown(app)
    chosen: list[object] = []
    panel.chosen.connect(lambda key: chosen.append((key, panel.selected)))
    panel.show_current("j/4")
    assert (panel.current, panel.selected, chosen) == ("j/4", ("j/4",), [])
    click_row(panel, 0)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chosen == [
        ("j/1", ("j/1",)), ("j/4", ("j/4",)), ("j/2", ("j/4", "j/2")),
    ]  # fmt: skip
    panel.show_current("j/2")
    assert panel.selected == ("j/4", "j/2")
    panel.show_current("")
    assert (panel.current, panel.selected) == ("", ())


def test_enter_and_a_double_click_play(app: QApplication) -> None:
    panel = shown(app)
    played = heard(panel.activated)
    panel.show_current("j/4")
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    at = panel.table.visualRect(panel.table.model_.index(2, 2)).center()
    QTest.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert played == [("j/4",), ("j/2",)]


def test_letters_do_not_search_and_shortcuts_win(app: QApplication) -> None:
    panel = shown(app)
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("P"), panel)
    shortcut.activated.connect(lambda: pressed.append("P"))
    panel.show_current("j/1")
    panel.activateWindow()
    panel.table.setFocus()
    app.processEvents()
    QTest.keyClicks(panel.table, "spq")
    assert panel.current == "j/1"
    assert pressed == ["P"]


def test_the_menu_offers_what_fits_the_moments(app: QApplication) -> None:
    panel = shown(app)
    own = replace(moment(2), key="own/1", number=None, own=True)
    moved = replace(moment(4), moved=True)
    panel.show_moments([moment(1), own, moved], CHANNELS)
    panel.show_current("j/1")
    plain = [a.text() for a in menu_for(panel, ("j/1",)).actions() if a.text()]
    assert plain == [
        "Play", "Pick", "Reject", "Clear Decision", "Rename…", "Render Selected…", "Sort By",
    ]  # fmt: skip
    decided, removed, back, rendered = (
        heard(panel.decide), heard(panel.remove_wanted), heard(panel.put_back_wanted),
        heard(panel.render_wanted),
    )  # fmt: skip
    menu_entry(panel, ("j/1", "own/1"), "Pick")()
    menu_entry(panel, ("j/1", "own/1"), "Remove")()
    menu_entry(panel, ("j/1", "j/4"), "Put Back Edges")()
    menu_entry(panel, ("j/1",), "Render Selected…")()
    assert decided == [(("j/1", "own/1"), Pick.PICKED)]
    assert removed == [(("own/1",),)]
    assert back == [(("j/4",),)]
    assert rendered == [()]


@pytest.mark.parametrize("width", [356, 900])
def test_a_title_is_typed_in_the_list(app: QApplication, width: int) -> None:
    panel = shown(app, width)
    renamed = heard(panel.rename)
    panel.edit_title("j/2")
    field = panel.table.findChild(QLineEdit)
    assert field is not None
    assert field.text() == "Signing"
    assert field.accessibleName() == "Title"
    field.setText("Two signs")
    QTest.keyClick(field, Qt.Key.Key_Return)
    app.processEvents()
    assert renamed == [("j/2", "Two signs")]


def test_typed_text_outlives_a_change_of_its_row(app: QApplication) -> None:
    panel = shown(app)
    panel.edit_title("j/2")
    field = panel.table.findChild(QLineEdit)
    assert field is not None
    field.setText("half typ")
    panel.show_moments([replace(r, render="rendering 4 %") for r in ROWS], CHANNELS)
    app.processEvents()
    assert field.text() == "half typ"


def test_hundreds_selected_stay_selected_when_sorted_and_filtered(app: QApplication) -> None:
    panel = shown(app)
    many = [replace(moment(1 + n % 4), key=f"k/{n}", number=n) for n in range(500)]
    panel.show_moments(many, CHANNELS)
    panel.table.selectAll()
    assert len(panel.selected) == 500
    click_header(panel, "number")
    assert panel.selected == panel.order
    panel.filter.setText("signing")
    assert len(panel.selected) == 125
    panel.clear_filter()
    assert len(panel.selected) == 125
    assert {many[int(key[2:])].title for key in panel.selected} == {"Signing"}


def test_what_render_is_about_is_counted_on_its_button(app: QApplication) -> None:
    panel = shown(app)
    assert panel.to_render == ("j/1",)
    click_row(panel, 1)
    click_row(panel, 3, Qt.KeyboardModifier.ShiftModifier)
    assert panel.to_render == ("j/4", "j/2", "j/6")
    assert panel.render_button.text() == "Render Selected… (3)"
    panel.show_moments([replace(r, pick=Pick.UNDECIDED) for r in ROWS], CHANNELS)
    panel.show_current("")
    assert panel.render_button.text() == "Render Selected…"
    assert not panel.render_button.isEnabled()
    assert not panel.play_button.isEnabled()


def test_the_footer_buttons_ask(app: QApplication) -> None:
    panel = shown(app)
    rendered, played = heard(panel.render_wanted), heard(panel.play_picked_wanted)
    panel.render_button.click()
    panel.play_button.click()
    assert (rendered, played) == ([()], [()])


def test_an_empty_panel_says_what_comes_and_offers_to_find_it(app: QApplication) -> None:
    panel = MomentsPanel()
    panel.show()
    app.processEvents()
    wanted = heard(panel.find_wanted)
    assert "No moments yet" in texts(panel)
    assert [b.text() for b in panel.findChildren(QPushButton) if b.isVisible()] == ["Find Moments…"]
    panel.show_empty_reason(*NONE_FOUND)
    app.processEvents()
    assert "No clips found" in texts(panel)
    [button] = [b for b in panel.findChildren(QPushButton) if b.isVisible()]
    button.click()
    assert wanted == [()]


def test_a_narrow_panel_has_one_column_and_sorts_by_its_strip(app: QApplication) -> None:
    panel = shown(app, 356)
    assert panel.width() == 356
    assert panel.table.narrow
    assert not panel.table.horizontalHeader().isVisible()
    assert panel.count.isVisible()
    panel.strip.buttons["number"].click()
    assert panel.order == ("j/1", "j/2", "j/3", "j/4", "j/6")
    assert panel.strip.buttons["number"].text() == "No ▴"
    assert panel.strip.buttons["number"].accessibleName() == "Sort by No"
    panel.resize(900, 500)
    app.processEvents()
    assert not panel.table.narrow
    assert panel.table.horizontalHeader().isVisible()
    assert not panel.strip.isVisible()
    panel.resize(356, 500)
    app.processEvents()
    assert panel.width() == 356


def test_no_column_goes_beyond_the_panel(app: QApplication) -> None:
    panel = shown(app)
    for width in (360, 440, 600, 640, 700, 800, 1000):
        panel.resize(width, 500)
        app.processEvents()
        assert panel.table.horizontalHeader().length() <= panel.table.viewport().width()


def test_pictures_are_painted_and_forgotten(app: QApplication) -> None:
    panel = shown(app)
    red = QImage(320, 180, QImage.Format.Format_RGB32)
    red.fill(Qt.GlobalColor.red)
    at = panel.table.visualRect(panel.table.model_.index(0, 0)).topLeft() + QPoint(30, 20)

    def colour() -> str:
        return panel.table.viewport().grab().toImage().pixelColor(at).name()

    assert colour() != "#ff0000"
    panel.set_picture("j/1", red)
    assert colour() == "#ff0000"
    panel.forget_pictures()
    assert colour() != "#ff0000"


def test_a_tooltip_shows_markup_as_it_was_typed(app: QApplication) -> None:
    panel = shown(app)
    tip = panel.table.model_.index(3, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;Question&lt;/b&gt; &amp; answer" in tip
    assert "⚠ ends inside a sentence" in tip


def test_keys_in_the_filter_lead_to_the_list(app: QApplication) -> None:
    panel = shown(app)
    panel.activateWindow()
    panel.filter.setFocus()
    panel.filter.setText("ask")
    QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.filter.text() == ""
    QTest.keyClick(panel.filter, Qt.Key.Key_Down)
    app.processEvents()
    assert app.focusWidget() is panel.table


def test_shorts_stand_behind_a_second_tab_with_their_number(app: QApplication) -> None:
    panel = shown(app)
    panel.show_renders(
        [RenderRow("r1", "j/1", "The ask", "14:02", "By Znippet", "ready", can_download=True)]
    )
    assert panel.tabs.tabText(1) == "Shorts 1"
    assert panel.current_short is None
    panel.show_shorts()
    app.processEvents()
    assert panel.renders.isVisible()
    assert not panel.footer.isVisible()
    panel.renders.list.view.setCurrentIndex(panel.renders.list.model.index(0))
    assert panel.current_short == ("r1", "j/1")
    fetched = heard(panel.download_clip)
    next(b for b in panel.findChildren(QPushButton) if b.text() == "Download").click()
    assert fetched == [("r1", "j/1")]


def test_a_right_click_selects_the_row_under_it(app: QApplication) -> None:
    panel = shown(app)
    at = panel.table.visualRect(panel.table.model_.index(2, 2)).center()
    port = panel.table.viewport()
    event = QMouseEvent(
        QMouseEvent.Type.MouseButtonPress, QPointF(at), QPointF(port.mapToGlobal(at)),
        Qt.MouseButton.RightButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(port, event)
    assert panel.selected == ("j/2",)
