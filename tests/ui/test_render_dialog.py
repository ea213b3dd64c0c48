"""The Render Selected dialog: the list, who renders, what stays in, the names."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QGroupBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QWidget,
)

from app.ui.render_dialog import (
    Naming,
    RenderChoice,
    RenderDialog,
    RenderItem,
    RenderService,
)

ASK = RenderItem("a/1", "The ask", "0:06.5 – 0:17.6", "11.1 s")
THREE = RenderItem(
    "a/4", "שלושה אנשים", "0:41.0 – 1:09.2", "28.2 s", ("ends inside a sentence",),
    removed_text="1.2 s",
)  # fmt: skip
MOVED = RenderItem(
    "a/2", "Signing <b>two</b>\nsigns", "0:20.0 – 0:26.5", "6.5 s", service_possible=False
)
DONE = RenderItem("a/6", "Question", "4:12.3 – 4:55.0", "42.7 s", already="by Znippet 14:02")
ITEMS = (ASK, THREE, MOVED, DONE)
KEYS = tuple(i.key for i in ITEMS)
CLOUD = RenderService("Znippet", "app.znippet.ai", "follow the subject, captions burned in")
LOCAL = RenderService("The local service", "", "static, no captions")


def name(pattern: str, key: str) -> str:
    return pattern.replace("{number}", key.rpartition("/")[2]) + ".mp4"


def problem(pattern: str) -> str:
    return "" if "{number}" in pattern else "Every short would have the same name."


def render(
    start: RenderChoice | None = None,
    items: tuple[RenderItem, ...] = ITEMS,
    service: RenderService | None = CLOUD,
) -> RenderDialog:
    begun = start or RenderChoice(KEYS, pattern="film {number}")
    return RenderDialog(None, items, service, Naming(name, problem), start=begun)


def names(dialog: QDialog, kind: type[QWidget]) -> set[str]:
    return {w.accessibleName() for w in dialog.findChildren(kind)}


def told(dialog: RenderDialog, row: int) -> str:
    return dialog.moments.item(row).text()


def tick(dialog: RenderDialog, row: int, on: bool) -> None:
    state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
    dialog.moments.item(row).setCheckState(state)


def test_it_has_the_controls_of_the_product(app: QApplication) -> None:
    dialog = render()
    assert names(dialog, QListWidget) == {"Moments to render"}
    assert names(dialog, QRadioButton) == {"By the service", "On this computer"}
    assert names(dialog, QGroupBox) == {"Rendered by"}
    assert names(dialog, QComboBox) == {"Framing"}
    assert names(dialog, QCheckBox) == {"Burn in captions", "Leave out what is removed"}
    assert names(dialog, QLineEdit) == {"File names"}
    assert {"Render", "Cancel", "Change Folder…"} <= names(dialog, QPushButton)


def test_the_choice_is_what_was_set(app: QApplication) -> None:
    start = RenderChoice(("a/1", "a/2"), "here", "grid", False, False, "x {number}")
    dialog = render(start)
    assert dialog.choice == start
    dialog.by_service.setChecked(True)
    dialog.framing.setCurrentIndex(dialog.framing.findData("static"))
    tick(dialog, 1, True)
    dialog.pattern.setText(" y {number} ")
    assert dialog.choice == RenderChoice(
        ("a/1", "a/4", "a/2"), "service", "static", False, False, "y {number}"
    )


def test_what_was_ordered_before_is_not_ticked_unless_the_person_ticks_it(
    app: QApplication,
) -> None:
    dialog = render()
    assert dialog.choice.keys == ("a/1", "a/4", "a/2")
    assert "Ordered before by Znippet 14:02" in told(dialog, 3)
    assert dialog.render_.text() == "Render 3"
    tick(dialog, 3, True)
    assert dialog.render_.text() == "Render 4"
    assert dialog.render_.accessibleName() == "Render"


def test_nothing_ticked_is_not_rendered(app: QApplication) -> None:
    dialog = render(RenderChoice(("a/1",), pattern="{number}"))
    tick(dialog, 0, False)
    assert not dialog.render_.isEnabled()
    assert dialog.render_.text() == "Render"


def test_a_row_says_all_it_shows(app: QApplication) -> None:
    dialog = render()
    for part in ("The ask", "0:06.5 – 0:17.6", "11.1 s", "by Znippet", "film 1.mp4"):
        assert part in told(dialog, 0)
    assert "ends inside a sentence" in told(dialog, 1)
    assert "Signing <b>two</b> signs" in told(dialog, 2)


def test_moved_moments_go_to_this_computer_and_the_row_says_why(app: QApplication) -> None:
    dialog = render()
    assert "on this computer: the service renders only its own spans" in told(dialog, 2)
    assert "1 moment is rendered on this computer" in dialog.words.text()
    assert dialog.framing.isEnabled()
    tick(dialog, 2, False)
    assert "moment is" not in dialog.words.text()
    assert not dialog.framing.isEnabled()
    assert not dialog.cuts.isEnabled()
    dialog.by_here.setChecked(True)
    assert dialog.framing.isEnabled()
    assert "only its own spans" not in told(dialog, 2)


def test_what_was_removed_stays_in_at_the_service_and_is_left_out_here(app: QApplication) -> None:
    dialog = render()
    assert "1.2 s of removed words stay in it" in told(dialog, 1)
    dialog.by_here.setChecked(True)
    assert "1.2 s of it is removed and left out" in told(dialog, 1)
    dialog.cuts.setChecked(False)
    assert "1.2 s of removed words stay in it" in told(dialog, 1)


def test_each_maker_says_what_it_does_and_what_it_costs(app: QApplication) -> None:
    dialog = render()
    said = dialog.words.text()
    for part in (
        "follow the subject, captions burned in", "the upload as it is",
        "publishes no prices", "Nothing is asked for before Render",
    ):  # fmt: skip
        assert part in said
    assert dialog.makers.accessibleDescription() == said
    dialog.by_here.setChecked(True)
    assert "Nothing leaves this computer" in dialog.words.text()
    dialog = render(service=LOCAL)
    assert "static, no captions" in dialog.words.text()
    assert "costs nothing" in dialog.words.text()
    assert "Znippet" not in dialog.words.text()


@pytest.mark.parametrize(("items", "service"), [((MOVED,), CLOUD), (ITEMS, None)])
def test_where_no_service_can_this_computer_does(
    app: QApplication, items: tuple[RenderItem, ...], service: RenderService | None
) -> None:
    dialog = render(items=items, service=service)
    assert not dialog.by_service.isEnabled()
    assert dialog.choice.by == "here"
    assert ("Own and changed moments" in dialog.words.text()) == (service is not None)


def test_the_pattern_is_tried_as_typed(app: QApplication) -> None:
    dialog = render()
    assert dialog.example.text() == "Such as film 1.mp4"
    dialog.pattern.setText("same")
    assert dialog.example.text() == "Every short would have the same name."
    assert dialog.example.property("role") == "cut"
    assert "same name" in dialog.pattern.accessibleDescription()
    assert not dialog.render_.isEnabled()
    dialog.pattern.setText("{number} b")
    assert dialog.example.text() == "Such as 1 b.mp4"
    assert "4 b.mp4" in told(dialog, 1)
    assert dialog.render_.isEnabled()


def test_the_folder_is_asked_for_and_shown(app: QApplication) -> None:
    dialog = render()
    asked: list[bool] = []
    dialog.folder_wanted.connect(lambda: asked.append(True))
    dialog.change_folder.click()
    assert asked == [True]
    dialog.set_folder("/films/<shorts>")
    assert dialog.folder.text() == "Into /films/<shorts>"
    assert dialog.change_folder.accessibleDescription() == "Into /films/<shorts>"


def test_a_row_is_ticked_by_a_click_anywhere_and_by_space(app: QApplication) -> None:
    dialog = render()
    dialog.show()
    app.processEvents()
    view = dialog.moments
    second = view.visualItemRect(view.item(1))
    spot = QPoint(second.left() + 150, second.center().y())
    for left in (4, second.left() + 150 - second.left()):
        before = dialog.choice.keys
        QTest.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(second.left() + left, spot.y())
        )
        assert dialog.choice.keys != before
    view.setCurrentRow(0)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert dialog.choice.keys == ("a/4", "a/2")


def test_it_fits_a_small_screen(app: QApplication) -> None:
    dialog = render()
    dialog.resize(663, 334)
    dialog.show()
    app.processEvents()
    assert dialog.width() <= 683
    assert dialog.height() <= 384
    assert dialog.rect().contains(dialog.render_.geometry())
