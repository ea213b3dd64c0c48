"""The Find Moments dialog: the form, what it explains, and issues beside their fields."""

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.services.shorts_ledger import FindPlan
from app.services.shorts_settings import ASKED
from app.ui.analyse_dialog import Subject
from app.ui.find_moments_dialog import FindMomentsDialog, ShortsService

CLOUD = ShortsService("znippet", "Znippet Shorts", "app.znippet.ai")
LOCAL = ShortsService("local", "This computer")
FILM = Subject("interview.mp4", "10:00", "412 MB")
OTHER = FindPlan(
    "local", "grid", "transcript", "30-60", "loose", False, "bold", "ראיון על השקת מוצר"
)


def names(dialog: QDialog, kind: type[QWidget]) -> set[str]:
    return {w.accessibleName() for w in dialog.findChildren(kind)}


def find(
    start: FindPlan, film: Subject = FILM, services: Sequence[ShortsService] = (CLOUD, LOCAL),
    *, notes: tuple[str, ...] = (),
) -> FindMomentsDialog:  # fmt: skip
    return FindMomentsDialog(None, film, services, start, notes=notes)


def shown(dialog: FindMomentsDialog) -> list[str]:
    return [w.text() for w in dialog.findChildren(QLabel) if not w.isHidden()]


def test_it_has_the_controls_of_the_product(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    assert names(dialog, QComboBox) == {
        "Service", "Framing", "Analysis", "Highlight length", "Clip volume",
    }  # fmt: skip
    assert names(dialog, QCheckBox) == {"Burn in captions"}
    assert {"Start", "Cancel"} <= names(dialog, QPushButton)
    assert names(dialog, QLineEdit) == {"Caption preset"}
    assert "Description" in names(dialog, QPlainTextEdit)


@pytest.mark.parametrize("plan", [FindPlan("znippet"), OTHER])
def test_the_plan_comes_back_as_it_went_in(app: QApplication, plan: FindPlan) -> None:
    assert find(plan).plan == plan


def test_the_plan_is_what_was_chosen(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    dialog.framing.setCurrentIndex(dialog.framing.findData("static"))
    dialog.length.setCurrentIndex(dialog.length.findData("60-120"))
    dialog.captions.setChecked(False)
    dialog.description.setPlainText("  Two founders.\n")
    assert dialog.plan == FindPlan(
        "znippet", "static", length="60-120", captions=False, description="Two founders."
    )


def test_every_setting_is_explained_beside_its_field(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    assert set(dialog._by_key) == {asked.key for asked in ASKED}
    for asked in ASKED:
        field = dialog._by_key[asked.key]
        said = field.accessibleDescription()
        assert said.startswith(asked.help)
        assert said in shown(dialog)
        assert ("Fixed here" in said) == asked.fixed
        if isinstance(field, QComboBox):
            held = [(field.itemData(i), field.itemText(i)) for i in range(field.count())]
            assert held == list(asked.choices)


def test_the_cloud_says_what_is_sent_and_that_nobody_knows_the_price(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"), notes=("A note.",))
    said = dialog.words.toPlainText()
    for part in (
        "leaves this computer", "app.znippet.ai", "412 MB", "cannot be deleted through this API",
        "Framing and captions are fixed here", "a new analysis", "Znippet publishes no prices",
        "Nothing is sent before Start", "A note.",
    ):  # fmt: skip
        assert part in said


def test_this_computer_says_what_its_scores_are(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    dialog.here.click()
    assert dialog.plan.service == "local"
    assert dialog.here.isHidden()
    said = dialog.words.toPlainText()
    assert "Nothing leaves this computer" in said
    assert "costs nothing" in said
    assert "measured: pace, pauses, faces; no forecast" in said
    assert "a new analysis" in said
    assert "Znippet" not in said


def test_issues_are_told_beside_the_fields_they_name(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    issue = "clipVolume must be one of: strict, focused, loose"
    dialog.show_issues(
        [("clipVolume", issue), ("settings.videoDescription", "too long"), ("upload", "is old")]
    )
    beside = dialog._issue[dialog.volume]
    assert beside.text() == issue
    assert beside.property("role") == "cut"
    assert not beside.isHidden()
    assert dialog.volume.accessibleDescription().startswith(issue)
    assert dialog._issue[dialog.description].text() == "too long"
    assert dialog.general.text() == "upload: is old"
    assert dialog._issue[dialog.framing].isHidden()


def test_an_issue_goes_when_its_field_is_changed(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    dialog.show_issues([("clipVolume", "no"), ("framingMode", "no")])
    dialog.volume.setCurrentIndex(0)
    assert dialog._issue[dialog.volume].isHidden()
    assert "no" not in dialog.volume.accessibleDescription().split()
    assert not dialog._issue[dialog.framing].isHidden()
    dialog.show_issues([])
    assert dialog._issue[dialog.framing].isHidden()
    assert dialog.general.isHidden()


def test_a_preset_needs_captions(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    assert dialog.preset.isEnabled()
    dialog.captions.setChecked(False)
    assert not dialog.preset.isEnabled()
    assert dialog.plan.preset == "bc-default"


def test_a_file_without_picture_cannot_be_started(app: QApplication) -> None:
    dialog = find(FindPlan("local"), Subject("talk.mp3", "0:10", "1 MB", has_picture=False))
    assert not dialog.start.isEnabled()
    assert "no picture" in dialog.words.toPlainText()


def test_the_buttons_are_reached_on_a_small_screen(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    dialog.show_issues([("clipVolume", "no"), ("upload", "no")])
    dialog.resize(660, 330)
    dialog.show()
    app.processEvents()
    assert dialog.height() <= 384
    for last in (dialog.start, dialog.cancel):
        assert dialog.rect().contains(last.geometry())
    assert dialog._area.height() >= 100


def test_a_refused_field_is_in_sight_when_the_form_opens_again(app: QApplication) -> None:
    dialog = find(FindPlan("znippet"))
    dialog.show_issues([("videoDescription", "too long")])
    dialog.resize(660, 330)
    dialog.show()
    for _ in range(5):
        app.processEvents()
    issue, area = dialog._issue[dialog.description], dialog._area.viewport()
    at = issue.mapTo(area, issue.rect().center())
    assert area.rect().contains(at)
    assert dialog.focusWidget() is dialog.description
