"""The Analyse, Export Cut, Settings and Keyboard Shortcuts dialogs."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QPushButton, QWidget

from app.core.timerange import SECOND
from app.services import wire
from app.services.ledger import Ledger, Plan
from app.services.offer import Offer, Standing, Upload
from app.services.wire import MeResponse
from app.ui.actions import TABLE, Actions
from app.ui.analyse_dialog import AnalyseDialog, ServiceChoice, Subject
from app.ui.analyse_words import LANGUAGES
from app.ui.export_dialog import ExportDialog, ExportWish
from app.ui.key_binding import holders, tidy
from app.ui.settings_dialog import KeyState, SettingsDialog, SettingsValues
from app.ui.shortcuts_dialog import ShortcutsDialog
from tests.services.fake_cloud import FakeCloud

CLOUD = ServiceChoice("nanoclip", "NanoClip", "api.nanoclip.ai")
LOCAL = ServiceChoice("local", "This computer")
FILM = Subject("interview.mp4", "10:00", "412 MB")
UPLOAD = Upload(412_000_000, "video/mp4", 600 * SECOND)


def names(dialog: QDialog, kind: type[QWidget]) -> set[str]:
    return {w.accessibleName() for w in dialog.findChildren(kind)}


class Pad(dict[str, dict[str, Any]]):
    """A journal in memory."""

    def put(self, kind: str, value: dict[str, Any]) -> None:
        self[kind] = value


def me(**limits: int) -> MeResponse:
    """What NanoClip says: 50 cents of balance."""
    cloud = FakeCloud()
    cloud.limits.update(limits)
    return MeResponse.model_validate(cloud.me())


def analyse(
    start: Plan,
    film: Subject = FILM,
    *,
    standing: Standing | None = None,
    upload: Upload = UPLOAD,
    journal: Pad | None = None,
    asked: bool = True,
) -> AnalyseDialog:
    known, noted = standing or Standing(), journal if journal is not None else Pad()
    dialog = AnalyseDialog(
        None, film, (CLOUD, LOCAL), lambda p: Offer(p, upload, known, Ledger(noted, p.service)),
        start,
    )  # fmt: skip
    if asked:
        dialog.show_asked()
    return dialog


def test_the_analyse_dialog_has_the_controls_of_the_product(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip"))
    assert names(dialog, QComboBox) == {"Service", "Language", "Retake language", "Upload"}
    assert names(dialog, QCheckBox) == {"Transcript", "Separate speakers", "Vision", "Retakes"}
    assert {"Start", "Cancel"} <= names(dialog, QPushButton)
    assert dialog.quote.accessibleName() == "Quote"
    assert sorted(LANGUAGES) == sorted(wire.LANGUAGES)
    assert dialog.language.count() == 26


def test_the_cloud_says_that_the_video_leaves_and_what_it_costs(app: QApplication) -> None:
    dialog = analyse(
        Plan("nanoclip", diarize=True, retakes=False), standing=Standing(None, 120, 500)
    )
    said = dialog.quote.toPlainText()
    assert "leaves this computer" in said
    assert "api.nanoclip.ai" in said
    assert "412.0 MB" in said
    assert "Another language or speaker setting later means a new upload and a new charge" in said
    assert "This month $1.20 of your spend cap of $5.00 are used." in said
    assert "published prices" in said
    assert "$0.53" in said
    assert dialog.start.text() == "Start, $0.53"
    assert dialog.start.accessibleName() == "Start"


def test_the_dialog_opens_before_nanoclip_answers_and_waits_with_start(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip", retakes=False), asked=False)
    assert "is being asked for its prices" in dialog.quote.toPlainText()
    assert not dialog.start.isEnabled()
    dialog._choose_service("local")
    assert dialog.start.isEnabled()
    dialog._choose_service("nanoclip")
    dialog.show_asked("NanoClip cannot be reached.")
    assert "NanoClip cannot be reached. These are the published prices." in (
        dialog.quote.toPlainText()
    )
    assert dialog.start.isEnabled()
    dialog.show_asked("NanoClip does not take this key.", refused=True)
    assert not dialog.start.isEnabled()


def test_what_the_service_has_is_fetched_and_not_bought_again(app: QApplication) -> None:
    journal = Pad()
    plan = Plan("nanoclip", retakes=False)
    ledger = Ledger(journal, "nanoclip")
    ledger.note_project(id="p1", state="ready", size=412_000_000)
    ledger.note("transcript", "p1", "received", plan.settings("transcript"))
    dialog = analyse(plan, journal=journal)
    said = dialog.quote.toPlainText()
    assert "Transcript is there already: it is fetched, not bought again." in said
    assert "is not sent again" in said
    assert dialog._prices["transcript"].text() == "there already"
    assert dialog.start.text() == "Start, $0.50"
    dialog.language.setCurrentIndex(dialog.language.findData("fr"))
    said = dialog.quote.toPlainText()
    assert "everything ticked is charged anew" in said
    assert dialog.start.text() == "Start, $0.52"


@pytest.mark.parametrize(
    ("standing", "upload", "sentence"),
    [
        (Standing(), Upload(1_000_000_001, "video/mp4", SECOND), "takes at most 1.00 GB"),
        (Standing(me(max_upload_bytes=10)), UPLOAD, "takes at most 0.0 MB"),
        (Standing(), Upload(10, "video/x-matroska", SECOND), "takes no video/x-matroska"),
        (Standing(me(projects_per_day=0)), UPLOAD, "no more uploads today"),
        (Standing(me(analysis_commands_per_day=1)), UPLOAD, "not so many analyses"),
        (Standing(None, 460, 500), UPLOAD, "over your spend cap of $5.00"),
        (Standing(me()), UPLOAD, "The balance is too small"),
    ],
)
def test_what_stands_in_the_way_is_said_and_start_waits(
    app: QApplication, standing: Standing, upload: Upload, sentence: str
) -> None:
    dialog = analyse(Plan("nanoclip"), standing=standing, upload=upload)
    assert sentence in dialog.obstacle.text()
    assert dialog.obstacle.isVisibleTo(dialog)
    assert not dialog.start.isEnabled()
    dialog._choose_service("local")
    assert not dialog.obstacle.text()
    assert dialog.start.isEnabled()


def test_a_smaller_copy_can_be_sent_where_it_helps(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip"), upload=Upload(200_000_000, "video/mp4", 600 * SECOND))
    assert not dialog.upload.isVisibleTo(dialog), "no copy would be smaller"
    large = Upload(1_400_000_000, "video/x-matroska", 600 * SECOND)
    dialog = analyse(Plan("nanoclip", retakes=False), upload=large)
    assert dialog.upload.isVisibleTo(dialog)
    texts = [dialog.upload.itemText(n) for n in range(dialog.upload.count())]
    assert texts[0] == "The video as it is, 1.40 GB"
    assert texts[1].startswith("A 1080p copy, at most 470.6 MB")
    assert "Choose a 1080p copy under Upload" in dialog.obstacle.text()
    assert dialog.plan.copy_lines == 0
    dialog.upload.setCurrentIndex(dialog.upload.findData("720"))
    assert dialog.plan.copy_lines == 720
    assert not dialog.obstacle.text()
    assert dialog.start.isEnabled()
    assert "A copy of the video, at most 242.6 MB," in dialog.quote.toPlainText()
    dialog._choose_service("local")
    assert dialog.plan.copy_lines == 0
    assert not dialog.upload.isVisibleTo(dialog)


def test_where_no_copy_is_small_enough_it_is_said(app: QApplication) -> None:
    day = Upload(90_000_000_000, "video/mp4", 86_400 * SECOND)
    dialog = analyse(Plan("nanoclip"), upload=day, standing=Standing(None, 0, 0))
    assert "No copy would be small enough" in dialog.obstacle.text()


def test_this_computer_says_that_nothing_leaves_it(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip"))
    dialog.here.click()
    assert dialog.plan.service == "local"
    said = dialog.quote.toPlainText()
    assert "Nothing leaves this computer" in said
    assert "a new upload and a new charge" in said
    assert dialog.start.text() == "Start"


def test_retakes_in_another_language_than_hebrew_are_warned_of(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip", language="he", retake_language="he"))
    beside = dialog._beside[dialog.retakes]
    assert "Hebrew only" not in beside.text()
    dialog.retake_language.setCurrentIndex(dialog.retake_language.findData("en"))
    assert "Hebrew only" in beside.text()
    assert beside.property("role") == "proposal"
    dialog._choose_service("local")
    assert "Hebrew only" not in beside.text()


def test_the_plan_is_what_is_ticked_and_can_be_had(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip", diarize=True, captions=("a.srt", "1")))
    dialog.transcript.setChecked(False)
    plan = dialog.plan
    assert not plan.transcript
    assert not plan.diarize
    assert plan.captions == ("a.srt", "1")
    dialog.vision.setChecked(False)
    dialog.retakes.setChecked(False)
    assert not dialog.start.isEnabled()


def test_without_sound_only_vision_can_be_had(app: QApplication) -> None:
    dialog = analyse(Plan("local"), Subject("silent.mp4", "0:10", "1 MB", has_sound=False))
    assert not dialog.transcript.isEnabled()
    assert not dialog.plan.retakes
    assert dialog.plan.vision


def test_without_picture_only_words_can_be_had(app: QApplication) -> None:
    dialog = analyse(Plan("nanoclip"), Subject("talk.mp3", "0:10", "1 MB", has_picture=False))
    assert dialog.plan.kinds == ("transcript",)


def test_another_language_on_this_computer_asks_for_captions(app: QApplication) -> None:
    dialog = analyse(Plan("local", language="fr"))
    assert "captions" in dialog._beside[dialog.transcript].text()
    dialog = analyse(Plan("local", language="fr", captions=("interview.srt", "…")))
    assert "interview.srt" in dialog._beside[dialog.transcript].text()


def test_the_suffix_follows_the_format(app: QApplication, tmp_path: Path) -> None:
    dialog = ExportDialog(None, tmp_path / "my film cut.mov", "0:19.0 of 0:27.0", True)
    assert dialog.format.accessibleName() == "Format"
    assert dialog.file.accessibleName() == "File"
    assert dialog.length.accessibleName() == "Length"
    assert dialog.length.text() == "0:19.0 of 0:27.0"
    assert dialog.wish == ExportWish("mp4", tmp_path / "my film cut.mp4")
    dialog.format.setCurrentText("Captions (VTT)")
    assert dialog.wish == ExportWish("vtt", tmp_path / "my film cut.vtt")
    dialog.set_file(tmp_path / "v1.2")
    assert dialog.wish.file == tmp_path / "v1.2.vtt"


@pytest.mark.parametrize("bad", ["", "relative.mp4", "/no/such/folder/at/all/x.mp4"])
def test_a_file_that_cannot_be_written_is_told_before(app: QApplication, bad: str) -> None:
    dialog = ExportDialog(None, Path("/x.mp4"), "", True)
    dialog.file.setText(bad)
    assert not dialog.export.isEnabled()


def test_captions_cannot_be_chosen_without_words(app: QApplication, tmp_path: Path) -> None:
    dialog = ExportDialog(None, tmp_path / "a.mp4", "", False)
    assert not dialog.format.model().item(1).isEnabled()  # type: ignore[attr-defined]


def settings(values: SettingsValues | None = None) -> SettingsDialog:
    return SettingsDialog(
        None, values or SettingsValues(), KeyState(True), KeyState(variable="ZNIPPET_LICENSE_KEY")
    )


def test_the_settings_dialog_has_the_controls_of_the_product(app: QApplication) -> None:
    dialog = settings()
    assert {
        "NanoClip key", "Znippet license key", "Spend cap", "Cut padding", "Cache folder",
        "Cache size", "Downloads folder", "Test NanoClip Key", "Save", "Cancel", "Proxy size",
        "Build preview proxies in the background", "Clear preview proxies",
    } <= names(dialog, QWidget)  # fmt: skip


def test_settings_come_back_as_they_went_in(app: QApplication) -> None:
    values = SettingsValues(
        None, None, 321, 83_333, "/cache", 4096, "/downloads", "light",
        proxy_background=False, proxy_size_mb=0,
    )  # fmt: skip
    dialog = settings(values)
    assert dialog.values == values
    assert dialog.proxy_size.text() == "None"


def test_the_settings_say_what_proxies_take_and_clear_them(app: QApplication) -> None:
    dialog = settings()
    wanted: list[bool] = []
    dialog.clear_wanted.connect(lambda: wanted.append(True))
    assert not dialog.clear_proxies.isEnabled()
    dialog.show_proxies(3_400_000_000)
    assert "3.40 GB" in dialog.proxies_taken.text()
    dialog.clear_proxies.click()
    assert wanted == [True]
    assert not dialog.clear_proxies.isEnabled()
    dialog.show_proxies(0)
    assert dialog.proxies_taken.text() == "There are none now."


def test_a_pattern_of_names_that_will_not_do_is_told_and_not_saved(app: QApplication) -> None:
    dialog = settings()
    dialog.short_names.setText("{titel}")
    assert "{titel}" in dialog.short_names_problem.text()
    assert not dialog.save.isEnabled()
    dialog.short_names.setText("{number} {title}")
    assert dialog.save.isEnabled()
    assert dialog.values.short_name_pattern == "{number} {title}"


def test_an_untouched_key_stays_and_an_emptied_one_is_forgotten(app: QApplication) -> None:
    dialog = settings()
    assert dialog.values.nanoclip_key is None
    dialog.nanoclip_key.insert("nc_secret ")
    assert dialog.values.nanoclip_key == "nc_secret"
    assert dialog.nanoclip_key.displayText() != dialog.nanoclip_key.text()
    dialog.nanoclip_key.selectAll()
    dialog.nanoclip_key.del_()
    assert dialog.values.nanoclip_key == ""
    assert not dialog.znippet_key.isEnabled()


def test_a_key_is_tried_as_typed_and_the_answer_shown(app: QApplication) -> None:
    dialog = settings()
    tried: list[str] = []
    dialog.key_test_wanted.connect(tried.append)
    dialog.nanoclip_key.insert("nc_1")
    dialog.test.click()
    assert tried == ["nc_1"]
    dialog.show_key_test("NanoClip refuses the key.", False)
    assert dialog.test_answer.text() == "NanoClip refuses the key."
    dialog.set_folder("downloads_folder", "/films")
    assert dialog.values.downloads_folder == "/films"


def test_shortcuts_are_found_by_name_and_by_key(app: QApplication) -> None:
    dialog = ShortcutsDialog(None, Actions(), lambda _keys: None)
    dialog.search.setText("preview cut")
    left = [r for r in range(dialog.table.rowCount()) if not dialog.table.isRowHidden(r)]
    assert len(left) == 1
    assert dialog.table.item(left[0], 2).text() == "T"
    dialog.search.setText("")
    assert not any(dialog.table.isRowHidden(r) for r in range(dialog.table.rowCount()))


def keys_shown(dialog: ShortcutsDialog, action: str) -> str:
    at = row_of(dialog, action)
    return dialog.table.item(at, 2).text()


def row_of(dialog: ShortcutsDialog, action: str) -> int:
    rows = range(dialog.table.rowCount())
    return next(r for r in rows if dialog.table.item(r, 0).text() == action)


def test_a_key_is_given_taken_from_another_action_removed_and_reset(app: QApplication) -> None:
    actions, kept = Actions(), []
    dialog = ShortcutsDialog(None, actions, lambda keys: kept.append(dict(keys)))
    assert not dialog.set_button.isEnabled()
    dialog.table.setCurrentCell(row_of(dialog, "Split at Playhead"), 0)
    assert not dialog.reset_button.isEnabled()
    dialog.key.setKeySequence(QKeySequence("Ctrl+K"))
    assert dialog.said.text() == "Ctrl+K is free."
    dialog.key.setKeySequence(QKeySequence("G"))
    assert dialog.said.text() == "G belongs to “Go to Time…”, which would lose it."
    dialog.set_button.click()
    assert keys_shown(dialog, "Split at Playhead") == "G"
    assert keys_shown(dialog, "Go to Time…") == ""
    assert actions.action("split").shortcut() == QKeySequence("G")
    assert kept[-1] == {"split": ("G",), "go_to_time": ()}
    dialog.table.setCurrentCell(row_of(dialog, "Go to Time…"), 0)
    dialog.reset_button.click()
    assert kept[-1] == {"split": ()}
    dialog.table.setCurrentCell(row_of(dialog, "Split at Playhead"), 0)
    dialog.reset_button.click()
    assert kept[-1] == {}
    dialog.remove_button.click()
    assert keys_shown(dialog, "Split at Playhead") == ""
    dialog.reset_all_button.click()
    assert keys_shown(dialog, "Split at Playhead") == "S"
    assert not dialog.reset_all_button.isEnabled()


def test_words_removed_and_restored_by_one_key_are_no_conflict(app: QApplication) -> None:
    remove = next(row for row in TABLE if row.id == "remove_selection")
    assert holders("Delete", remove, {}) == ()
    assert [row.id for row in holders("S", remove, {})] == ["split"]
    assert tidy({"split": ("S",), "no such action": ("X",)}) == {}
