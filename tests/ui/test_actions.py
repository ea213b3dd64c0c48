"""The actions table: names, keys, when enabled."""

from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenuBar

from app.ui.actions import MENUS, TABLE, Actions, RecentFile, Situation

ENTRIES = {
    "File": "Open Video…, Open Project…, Open Sample, Recent, Save Project As…, Relink Video…, "
    "Import Transcript…, Export Cut…, Settings…, Quit",
    "Edit": "Undo, Redo, Remove Selection, Restore Selection, Split at Playhead, Mark In, "
    "Mark Out, Clear Marks, Add Marker…, Find in Transcript, Correct Word…, "
    "Strike All Found, Copy, Copy with Timecodes, Split Paragraph, Merge Paragraph",
    "Playback": "Play, Preview Cut, Next Frame, Previous Frame, Slower, Faster, Normal Speed, "
    "Next Edit, Previous Edit, Next Scene, Previous Scene, Next Appearance, Go to Time…, "
    "Loop, Mute",
    "View": "Face Boxes, Face Names, Scene Markers, Framing Guide, Follow Playhead, "
    "Zoom In, Zoom Out, Fit Timeline, Full Screen, Panels, Reset Layout",
    "Analyse": "Analyse…, Transcript, Vision, Retakes, Find Moments…, Cancel Job, Retry Job",
    "Retakes": "Next Proposal, Previous Proposal, Accept Proposal, Restore Proposal, Accept All, "
    "Play Around Edit, Play Removed Take, Play Kept Take, Padding of This Cut…, Also Find…, "
    "Retakes from Transcript",
    "Moments": "Pick Moment, Reject Moment, Clear Decision, Play Moment, Play Picked, "
    "New Moment from Selection, Rename Moment…, Put Back Edges, Remove Own Moment, "
    "Frame Along a Face, Frame as a Grid, Frame the Middle, Render Selected…, "
    "Download Rendered, Show in Folder",
    "Help": "Keyboard Shortcuts, Report a Problem…, About Keeptake",
}
EVERYTHING = Situation(
    *(True,) * 8, undecided=9, people=9, full_screen=True, can_undo=True, can_redo=True,
    has_selection=True, has_word=True, has_span=True, can_split=True, has_marks=True,
    jobs_running=True, jobs_failed=True, has_moment=True, moment_own=True, moment_moved=True,
    picked=2, undownloaded=1, has_short=True,
)  # fmt: skip


def test_the_menus_hold_exactly_the_names_of_the_product(app: QApplication) -> None:
    bar = QMenuBar()
    actions = Actions()
    actions.fill(bar)
    assert [menu.text() for menu in bar.actions()] == list(MENUS)
    for entry in bar.actions():
        shown = [a.text() for a in entry.menu().actions() if not a.isSeparator()]
        assert ", ".join(shown) == ENTRIES[entry.text()]


def test_ids_are_unique_and_every_alias_names_a_row() -> None:
    ids = [row.id for row in TABLE]
    assert len(ids) == len(set(ids))
    assert all(row.does in ids for row in TABLE if row.does)


def test_every_key_of_the_table_is_a_key() -> None:
    for row in TABLE:
        for key in row.keys:
            assert not QKeySequence(key).isEmpty(), key


def test_no_key_belongs_to_two_actions_that_can_both_be_done() -> None:
    situations = (
        EVERYTHING,
        Situation(True, True, has_selection=True, selection_removed=True),
        Situation(True, True, has_selection=True, selection_touches_removed=True),
    )
    for now in situations:
        keys = Counter(k for row in TABLE if row.enabled(now) for k in row.keys)
        assert [k for k, n in keys.items() if n > 1] == []


def test_with_nothing_open_only_what_needs_no_video_is_enabled(app: QApplication) -> None:
    actions = Actions()
    assert actions.action("open_video").isEnabled()
    assert actions.action("open_sample").isEnabled()
    for needs_video in ("play", "export_cut", "analyse", "undo", "split", "accept_all"):
        assert not actions.action(needs_video).isEnabled()


def test_undo_keeps_its_name_and_says_in_the_tooltip_what_it_takes_back(app: QApplication) -> None:
    actions = Actions()
    actions.update(Situation(has_video=True, can_undo=True, undo_text="Accept proposal"))
    undo = actions.action("undo")
    assert undo.text() == "Undo"
    assert undo.toolTip() == "Undo: Accept proposal (Ctrl+Z)"


def test_every_panel_is_reached_from_the_view_menu(app: QApplication) -> None:
    bar, actions, told = QMenuBar(), Actions(), []
    actions.fill(bar)
    actions.triggered.connect(lambda id_, _checked: told.append(id_))
    view = next(entry.menu() for entry in bar.actions() if entry.text() == "View")
    panels = next(entry.menu() for entry in view.actions() if entry.text() == "Panels")
    assert ", ".join(entry.text() for entry in panels.actions()) == (
        "Transcript, Timeline, Retakes, Moments, People, Scenes, Markers, History, Jobs"
    )
    panels.actions()[-2].trigger()
    assert told == ["panel_history"]


def test_keys_are_bound_anew_told_in_tooltips_and_taken_back(app: QApplication) -> None:
    actions = Actions()
    actions.bind({"split": ("Ctrl+K",), "play": ("Space", "Ctrl+Space"), "nothing": ("F9",)})
    assert actions.bound == {"split": ("Ctrl+K",)}
    assert actions.action("split").shortcut() == QKeySequence("Ctrl+K")
    assert actions.action("split").toolTip() == "Split at Playhead (Ctrl+K)"
    actions.bind({"split": ()})
    assert actions.action("split").shortcuts() == []
    assert actions.action("split").toolTip() == "Split at Playhead"
    actions.bind({})
    assert actions.action("split").shortcut() == QKeySequence("S")


def test_moments_are_judged_and_rendered_only_where_one_is_chosen_or_picked(
    app: QApplication,
) -> None:
    actions = Actions()
    chosen = ("pick_moment", "reject_moment", "clear_moment", "play_moment", "rename_moment")

    def can(*names: str) -> list[bool]:
        return [actions.action(name).isEnabled() for name in names]

    actions.update(Situation(has_video=True))
    assert not any(can(*chosen, "play_picked", "render_selected", "download_rendered"))
    assert all(can("find_moments", "loop_moment", "frame_grid"))
    actions.update(Situation(has_video=True, picked=1))
    assert can("play_picked", "render_selected", "pick_moment") == [True, True, False]
    actions.update(Situation(has_video=True, has_moment=True))
    assert all(can(*chosen, "render_selected"))
    assert not any(can("put_back_moment", "remove_moment", "show_in_folder"))


def test_single_keys_are_known_to_need_no_text_focus() -> None:
    by_id = {row.id: row for row in TABLE}
    assert by_id["accept_proposal"].single_key_needs_no_text_focus
    assert by_id["play"].single_key_needs_no_text_focus
    assert not by_id["find"].single_key_needs_no_text_focus
    assert not by_id["correct_word"].single_key_needs_no_text_focus


def test_recent_files_are_told_by_their_path(app: QApplication) -> None:
    bar, actions, told = QMenuBar(), Actions(), []
    actions.recent_chosen.connect(told.append)
    actions.fill(bar)
    recent = next(a for a in bar.actions()[0].menu().actions() if a.text() == "Recent").menu()
    assert not recent.isEnabled()
    actions.set_recent([RecentFile("a & b.mp4", "/films/a & b.mp4")])
    assert recent.isEnabled()
    recent.actions()[0].trigger()
    assert told == ["/films/a & b.mp4"]


def test_a_triggered_action_tells_its_id_and_setting_it_checked_does_not(app: QApplication) -> None:
    actions, told = Actions(), []
    actions.triggered.connect(lambda id_, on: told.append((id_, on)))
    actions.update(EVERYTHING)
    actions.set_checked("preview_cut", True)
    assert told == []
    actions.action("preview_cut").trigger()
    assert told == [("preview_cut", False)]
