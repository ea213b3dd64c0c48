"""Every action there is, as one table: text, menu, keys and when it can be done.

What an action does is not here: `Actions.triggered` says its id, `commands.py` knows the rest.
Ids and texts never change once shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

MENUS = ("File", "Edit", "Playback", "View", "Analyse", "Retakes", "Moments", "Help")
PANELS = "Panels"
"""The menu inside View that brings panels to the front; it stands before Reset Layout."""

SEPARATOR_BEFORE = frozenset(
    {
        "recent", "save_project_as", "import_transcript", "settings", "quit", "remove_selection",
        "split", "mark_in", "add_marker", "find", "copy", "split_paragraph", "next_frame",
        "slower", "next_edit", "next_scene", "go_to_time", "follow_playhead", "zoom_in",
        "full_screen",
        "analyse_transcript", "find_moments", "cancel_job", "accept_proposal", "accept_all",
        "play_around", "cut_padding", "also_find", "play_moment", "new_moment", "frame_subject",
        "render_selected", "about",
    }
)  # fmt: skip
"""Ids with a line above them in their menu."""


@dataclass(frozen=True)
class Situation:
    """What there is to act on; each row's `enabled` reads nothing else.

    has_selection: words or a stretch of time are selected; selection_removed: all of them are
    removed; selection_touches_removed: some are. has_span: a removed or proposed span is chosen.
    has_word: exactly one word is chosen. has_edits: the cut has edges to jump between.
    current_proposal: a proposal is chosen; has_kept_take: and it is known where it is said again.
    undecided: number of proposals nobody has decided. people: number of persons in the picture.
    has_moment: a moment is chosen; moment_own, moment_moved: the person made it, or moved its
    edges. picked: number of picked moments. undownloaded: number of shorts that were rendered and
    not fetched; has_short: the chosen moment's short lies in a folder.
    undo_text, redo_text: names of the steps, for the tooltips.
    """

    has_video: bool = False
    has_transcript: bool = False
    has_faces: bool = False
    has_scenes: bool = False
    has_proposals: bool = False
    has_edits: bool = False
    current_proposal: bool = False
    has_kept_take: bool = False
    undecided: int = 0
    people: int = 0
    playing: bool = False
    full_screen: bool = False
    can_undo: bool = False
    can_redo: bool = False
    undo_text: str = ""
    redo_text: str = ""
    has_selection: bool = False
    selection_removed: bool = False
    selection_touches_removed: bool = False
    has_word: bool = False
    has_span: bool = False
    can_split: bool = False
    has_marks: bool = False
    jobs_running: bool = False
    jobs_failed: bool = False
    has_moment: bool = False
    moment_own: bool = False
    moment_moved: bool = False
    picked: int = 0
    undownloaded: int = 0
    has_short: bool = False


Enabled = Callable[[Situation], bool]


def _always(_now: Situation) -> bool:
    return True


def _video(now: Situation) -> bool:
    return now.has_video


@dataclass(frozen=True)
class ActionRow:
    """One action.

    menu: one of MENUS, PANELS, or "" for what has keys alone. keys: portable key texts, the first
    is shown. does: the id to tell where it is another row's (a second way to the same thing).
    repeats: holding the key does it again.
    """

    id: str
    text: str
    menu: str = ""
    keys: tuple[str, ...] = ()
    enabled: Enabled = _always
    checkable: bool = False
    repeats: bool = False
    does: str = ""

    @property
    def single_key_needs_no_text_focus(self) -> bool:
        """Whether a key of it is also something one types, so that a text field comes first."""
        return any(is_typed(key) for key in self.keys)


def is_typed(key: str) -> bool:
    """Whether the key text is a plain or shifted key that a text field wants: no Ctrl, no F-key."""
    last = key.removeprefix("Shift+")
    if "Ctrl+" in key or "Alt+" in key or "Meta+" in key:
        return False
    return not (len(last) > 1 and last[0] == "F" and last[1:].isdigit())


def _proposal(now: Situation) -> bool:
    return now.current_proposal


def _words(now: Situation) -> bool:
    return now.has_transcript and now.has_selection


FILE = (
    ActionRow("open_video", "Open Video…", "File", ("Ctrl+O",)),
    ActionRow("open_project", "Open Project…", "File", ("Ctrl+Shift+O",)),
    ActionRow("open_sample", "Open Sample", "File"),
    ActionRow("recent", "Recent", "File"),
    ActionRow("save_project_as", "Save Project As…", "File", ("Ctrl+S",), _video),
    ActionRow("relink_video", "Relink Video…", "File", (), _video),
    ActionRow("import_transcript", "Import Transcript…", "File", (), _video),
    ActionRow("export_cut", "Export Cut…", "File", ("Ctrl+E",), _video),
    ActionRow("settings", "Settings…", "File", ("Ctrl+,",)),
    ActionRow("quit", "Quit", "File", ("Ctrl+Q",)),
)

EDIT = (
    ActionRow("undo", "Undo", "Edit", ("Ctrl+Z",), lambda now: now.can_undo, repeats=True),
    ActionRow(
        "redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda now: now.can_redo, repeats=True
    ),
    ActionRow(
        "remove_selection",
        "Remove Selection",
        "Edit",
        ("Delete", "Backspace"),
        lambda now: now.has_selection and not now.selection_removed,
    ),
    ActionRow(
        "restore_selection",
        "Restore Selection",
        "Edit",
        (),
        lambda now: now.has_selection and (now.selection_removed or now.selection_touches_removed),
    ),
    ActionRow("split", "Split at Playhead", "Edit", ("S",), lambda now: now.can_split),
    ActionRow("mark_in", "Mark In", "Edit", ("I",), _video),
    ActionRow("mark_out", "Mark Out", "Edit", ("O",), _video),
    ActionRow("clear_marks", "Clear Marks", "Edit", ("Alt+X",), lambda now: now.has_marks),
    ActionRow("add_marker", "Add Marker…", "Edit", ("Ctrl+M",), _video),
    ActionRow("find", "Find in Transcript", "Edit", ("Ctrl+F",), lambda now: now.has_transcript),
    ActionRow("correct_word", "Correct Word…", "Edit", ("F2",), lambda now: now.has_word),
    ActionRow("strike_found", "Strike All Found", "Edit", (), lambda now: now.has_transcript),
    ActionRow("copy", "Copy", "Edit", ("Ctrl+C",), _words),
    ActionRow("copy_timecodes", "Copy with Timecodes", "Edit", ("Ctrl+Shift+C",), _words),
    ActionRow("split_paragraph", "Split Paragraph", "Edit", ("Ctrl+Return",), _words),
    ActionRow("merge_paragraph", "Merge Paragraph", "Edit", ("Ctrl+Backspace",), _words),
)

PLAYBACK = (
    ActionRow("play", "Play", "Playback", ("Space", "Ctrl+Space"), _video),
    ActionRow("preview_cut", "Preview Cut", "Playback", ("T",), _video, checkable=True),
    ActionRow("next_frame", "Next Frame", "Playback", (".",), _video, repeats=True),
    ActionRow("previous_frame", "Previous Frame", "Playback", (",",), _video, repeats=True),
    ActionRow("slower", "Slower", "Playback", (), _video),
    ActionRow("faster", "Faster", "Playback", ("L",), _video),
    ActionRow("normal_speed", "Normal Speed", "Playback", (), _video),
    ActionRow(
        "next_edit", "Next Edit", "Playback", ("Down",), lambda now: now.has_edits, repeats=True
    ),
    ActionRow(
        "previous_edit",
        "Previous Edit",
        "Playback",
        ("Up",),
        lambda now: now.has_edits,
        repeats=True,
    ),
    ActionRow(
        "next_scene", "Next Scene", "Playback", ("PgDown",), lambda now: now.has_scenes,
        repeats=True,
    ),
    ActionRow(
        "previous_scene", "Previous Scene", "Playback", ("PgUp",), lambda now: now.has_scenes,
        repeats=True,
    ),
    ActionRow(
        "next_appearance", "Next Appearance", "Playback", (), lambda now: now.people > 0,
        repeats=True,
    ),
    ActionRow("go_to_time", "Go to Time…", "Playback", ("G",), _video),
    ActionRow("loop_moment", "Loop", "Playback", ("Shift+L",), _video, checkable=True),
    ActionRow("mute", "Mute", "Playback", ("M",), _always, checkable=True),
)  # fmt: skip

VIEW = (
    ActionRow("face_boxes", "Face Boxes", "View", ("V",), _always, checkable=True),
    ActionRow("face_names", "Face Names", "View", (), _always, checkable=True),
    ActionRow("scene_markers", "Scene Markers", "View", (), _always, checkable=True),
    ActionRow("framing_guide", "Framing Guide", "View", ("Shift+G",), _always, checkable=True),
    ActionRow("follow_playhead", "Follow Playhead", "View", (), _always, checkable=True),
    ActionRow("zoom_in", "Zoom In", "View", ("Ctrl+=", "Ctrl++"), _video, repeats=True),
    ActionRow("zoom_out", "Zoom Out", "View", ("Ctrl+-",), _video, repeats=True),
    ActionRow("fit_timeline", "Fit Timeline", "View", ("Ctrl+0",), _video),
    ActionRow("full_screen", "Full Screen", "View", ("F",), _always, checkable=True),
    ActionRow("panel_transcript", "Transcript", PANELS),
    ActionRow("panel_timeline", "Timeline", PANELS),
    ActionRow("panel_retakes", "Retakes", PANELS),
    ActionRow("panel_moments", "Moments", PANELS),
    ActionRow("panel_people", "People", PANELS),
    ActionRow("panel_scenes", "Scenes", PANELS),
    ActionRow("panel_markers", "Markers", PANELS),
    ActionRow("panel_history", "History", PANELS),
    ActionRow("panel_jobs", "Jobs", PANELS),
    ActionRow("reset_layout", "Reset Layout", "View"),
)

ANALYSE = (
    ActionRow("analyse", "Analyse…", "Analyse", ("Ctrl+R",), _video),
    ActionRow("analyse_transcript", "Transcript", "Analyse", (), _video),
    ActionRow("analyse_vision", "Vision", "Analyse", (), _video),
    ActionRow("analyse_retakes", "Retakes", "Analyse", (), _video),
    ActionRow("find_moments", "Find Moments…", "Analyse", (), _video),
    ActionRow("cancel_job", "Cancel Job", "Analyse", (), lambda now: now.jobs_running),
    ActionRow("retry_job", "Retry Job", "Analyse", (), lambda now: now.jobs_failed),
)

RETAKES = (
    ActionRow(
        "next_proposal", "Next Proposal", "Retakes", ("N", "F8"), lambda now: now.has_proposals,
        repeats=True,
    ),
    ActionRow(
        "previous_proposal", "Previous Proposal", "Retakes", ("Shift+N", "Shift+F8"),
        lambda now: now.has_proposals, repeats=True,
    ),
    ActionRow("accept_proposal", "Accept Proposal", "Retakes", ("A",), _proposal),
    ActionRow("restore_proposal", "Restore Proposal", "Retakes", ("R",), _proposal),
    ActionRow("accept_all", "Accept All", "Retakes", (), lambda now: now.undecided > 0),
    ActionRow(
        "play_around", "Play Around Edit", "Retakes", ("/",),
        lambda now: now.has_edits or now.current_proposal,
    ),
    ActionRow(
        "play_removed", "Play Removed Take", "Retakes", ("Alt+/",),
        lambda now: now.current_proposal or now.has_span,
    ),
    ActionRow("play_kept", "Play Kept Take", "Retakes", (), lambda now: now.has_kept_take),
    ActionRow("cut_padding", "Padding of This Cut…", "Retakes", (), _proposal),
    ActionRow("also_find", "Also Find…", "Retakes", (), lambda now: now.has_transcript),
    ActionRow(
        "retakes_from_transcript", "Retakes from Transcript", "Retakes", (),
        lambda now: now.has_transcript,
    ),
)  # fmt: skip


def _moment(now: Situation) -> bool:
    return now.has_moment


MOMENTS = (
    ActionRow("pick_moment", "Pick Moment", "Moments", ("P",), _moment),
    ActionRow("reject_moment", "Reject Moment", "Moments", ("X",), _moment),
    ActionRow("clear_moment", "Clear Decision", "Moments", ("U",), _moment),
    ActionRow("play_moment", "Play Moment", "Moments", (), _moment),
    ActionRow("play_picked", "Play Picked", "Moments", (), lambda now: now.picked > 0),
    ActionRow(
        "new_moment", "New Moment from Selection", "Moments", ("Ctrl+Shift+M",),
        lambda now: now.has_selection,
    ),
    ActionRow("rename_moment", "Rename Moment…", "Moments", (), _moment),
    ActionRow("put_back_moment", "Put Back Edges", "Moments", (), lambda now: now.moment_moved),
    ActionRow("remove_moment", "Remove Own Moment", "Moments", (), lambda now: now.moment_own),
    ActionRow("frame_subject", "Frame Along a Face", "Moments", (), _video, checkable=True),
    ActionRow("frame_grid", "Frame as a Grid", "Moments", (), _video, checkable=True),
    ActionRow("frame_static", "Frame the Middle", "Moments", (), _video, checkable=True),
    ActionRow(
        "render_selected", "Render Selected…", "Moments", ("Ctrl+Shift+E",),
        lambda now: now.picked > 0 or now.has_moment,
    ),
    ActionRow(
        "download_rendered", "Download Rendered", "Moments", (), lambda now: now.undownloaded > 0
    ),
    ActionRow("show_in_folder", "Show in Folder", "Moments", (), lambda now: now.has_short),
)  # fmt: skip

HELP = (
    ActionRow("shortcuts", "Keyboard Shortcuts", "Help", ("?",)),
    ActionRow("report_problem", "Report a Problem…", "Help"),
    ActionRow("about", "About Keeptake", "Help"),
)


def _span(now: Situation) -> bool:
    return now.has_span or now.has_moment


def _find(now: Situation) -> bool:
    return now.has_transcript


def _jump(id_: str, text: str, key: str) -> ActionRow:
    return ActionRow(id_, text, "", (key,), _video, repeats=True)


def _nudge(id_: str, text: str, *keys: str) -> ActionRow:
    return ActionRow(id_, text, "", keys, _span, repeats=True)


def _nth_person(n: int) -> Enabled:
    return lambda now: now.people >= n


KEYS_ALONE = (
    ActionRow(
        "restore_removed", "Restore Removed Words", "", ("Delete", "Backspace"),
        lambda now: now.has_selection and now.selection_removed, does="restore_selection",
    ),
    ActionRow("pause", "Pause", "", ("K",), _video),
    ActionRow("slower_or_back", "Slower, or Back 2 Seconds", "", ("J",), _video),
    _jump("back_1", "Back 1 Second", "Left"),
    _jump("on_1", "On 1 Second", "Right"),
    _jump("back_5", "Back 5 Seconds", "Shift+Left"),
    _jump("on_5", "On 5 Seconds", "Shift+Right"),
    _jump("back_30", "Back 30 Seconds", "Ctrl+Left"),
    _jump("on_30", "On 30 Seconds", "Ctrl+Right"),
    ActionRow("go_to_start", "Start", "", ("Home",), _video),
    ActionRow("go_to_end", "End", "", ("End",), _video),
    ActionRow("start_to_playhead", "Start of Span to Playhead", "", ("[",), _span),
    ActionRow("end_to_playhead", "End of Span to Playhead", "", ("]",), _span),
    _nudge("nudge_start", "Start of Span One Frame Earlier", "Alt+["),
    _nudge("nudge_end", "End of Span One Frame Later", "Alt+]"),
    _nudge("nudge_start_10", "Start of Span Ten Frames Earlier", "Alt+Shift+[", "Alt+{"),
    _nudge("nudge_end_10", "End of Span Ten Frames Later", "Alt+Shift+]", "Alt+}"),
    ActionRow("cycle_faces", "Off, Boxes, Names in Turn", "", ("Shift+V",)),
    ActionRow("everyone", "Everyone", "", ("0",), lambda now: now.people > 0),
    *(
        ActionRow(f"only_person_{n}", f"Only Person {n}", "", (str(n),), _nth_person(n))
        for n in range(1, 10)
    ),
    ActionRow("louder", "Louder", "", ("Alt+Up",), repeats=True),
    ActionRow("quieter", "Quieter", "", ("Alt+Down",), repeats=True),
    ActionRow("find_next", "Find Next", "", ("F3",), _find, repeats=True),
    ActionRow("find_previous", "Find Previous", "", ("Shift+F3",), _find, repeats=True),
    ActionRow("leave_full_screen", "Leave Full Screen", "", ("Esc",), lambda n: n.full_screen),
)  # fmt: skip

TABLE: tuple[ActionRow, ...] = (
    *FILE, *EDIT, *PLAYBACK, *VIEW, *ANALYSE, *RETAKES, *MOMENTS, *HELP, *KEYS_ALONE,
)  # fmt: skip


def key_text(row: ActionRow) -> str:
    """The table's keys of a row as the platform writes them, "" where it has none."""
    return keys_text(row.keys)


def keys_text(keys: Sequence[str]) -> str:
    """Keys as the platform writes them: "A or B"."""
    return " or ".join(map(_native, keys))


@cache
def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True)
class RecentFile:
    """A row of File > Recent: what to show and what to open."""

    label: str
    path: str


@dataclass
class _Menus:
    by_name: dict[str, QMenu] = field(default_factory=dict)
    recent: QMenu | None = None


class Actions(QObject):
    """The table as QActions.

    Signals:
        triggered(str, bool): an action's id, and whether it is now checked.
        recent_chosen(str): the path of a recent file.
    """

    triggered = Signal(str, bool)
    recent_chosen = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {row.id: self._build(row) for row in TABLE}
        self._menus = _Menus()
        self._bound: dict[str, tuple[str, ...]] = {}
        self._recent: tuple[RecentFile, ...] = ()
        self._now: Situation | None = None
        self._can: dict[str, bool] = {}
        self.update(Situation())

    def _build(self, row: ActionRow) -> QAction:
        action = QAction(row.text, self)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setAutoRepeat(row.repeats)
        told = row.does or row.id
        action.triggered.connect(lambda checked: self.triggered.emit(told, checked))
        return action

    def action(self, id_: str) -> QAction:
        """The QAction of a row, for a button that does the same; KeyError if there is none."""
        return self._actions[id_]

    def all(self) -> Sequence[QAction]:
        """Every action, to be added to the window so that its keys work there."""
        return tuple(self._actions.values())

    def set_checked(self, id_: str, on: bool) -> None:
        """Show a checkable action as on or off; nothing is triggered."""
        self._actions[id_].setChecked(on)

    def update(self, now: Situation) -> None:
        """Enable what can be done now and say in the tooltips what it would do."""
        before, self._now = self._now, now
        if now == before:
            return
        for row in TABLE:
            can = row.enabled(now)
            if can != self._can.get(row.id):
                self._can[row.id] = can
                self._actions[row.id].setEnabled(can)
        if before is None:
            self._say(TABLE, now)
        elif (now.undo_text, now.redo_text) != (before.undo_text, before.redo_text):
            self._say([row for row in EDIT if row.id in ("undo", "redo")], now)
        if self._menus.recent is not None:
            self._menus.recent.setEnabled(bool(self._recent))

    def _say(self, table: Sequence[ActionRow], now: Situation) -> None:
        """The tooltips of these rows."""
        names = {"undo": now.undo_text, "redo": now.redo_text}
        for row in table:
            tip = _tip(row, names.get(row.id, ""), self.keys_of(row))
            action = self._actions[row.id]
            if action.toolTip() != tip:
                action.setToolTip(tip)
                action.setStatusTip(tip)

    def keys_of(self, row: ActionRow) -> tuple[str, ...]:
        """The portable texts of the keys that do it now."""
        return self._bound.get(row.id, row.keys)

    @property
    def bound(self) -> Mapping[str, tuple[str, ...]]:
        """Action id -> keys, of those that a person gave others than the table does."""
        return self._bound

    def bind(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Give actions other keys than the table does; those not named have the table's again."""
        self._bound = {
            row.id: tuple(keys[row.id])
            for row in TABLE
            if row.id in keys and tuple(keys[row.id]) != row.keys
        }
        for row in TABLE:
            wanted = [QKeySequence(key) for key in self.keys_of(row)]
            if self._actions[row.id].shortcuts() != wanted:
                self._actions[row.id].setShortcuts(wanted)
        self._say(TABLE, self._now or Situation())

    def fill(self, bar: QMenuBar) -> None:
        """Make every menu of the table in `bar`; done once."""
        for name in MENUS:
            menu = bar.addMenu(name)
            menu.setObjectName(f"menu_{name.lower()}")
            menu.setAccessibleName(name)
            menu.setToolTipsVisible(True)
            self._menus.by_name[name] = menu
            for row in (row for row in TABLE if row.menu == name):
                if row.id in SEPARATOR_BEFORE:
                    menu.addSeparator()
                if row.id == "reset_layout":
                    self._fill_panels(menu.addMenu(PANELS))
                if row.id == "recent":
                    self._menus.recent = menu.addMenu(row.text)
                    self._menus.recent.setAccessibleName(row.text)
                    self._menus.recent.setToolTipsVisible(True)
                else:
                    menu.addAction(self._actions[row.id])
        self.set_recent(self._recent)

    def _fill_panels(self, menu: QMenu) -> None:
        menu.setObjectName("menu_panels")
        menu.setAccessibleName(PANELS)
        for row in (row for row in TABLE if row.menu == PANELS):
            menu.addAction(self._actions[row.id])

    def set_recent(self, files: Sequence[RecentFile]) -> None:
        """What File > Recent lists, newest first; an empty list disables it."""
        self._recent = tuple(files)
        menu = self._menus.recent
        if menu is None:
            return
        menu.clear()
        for file in self._recent:
            # A lone "&" in a file name would become a mnemonic.
            action = menu.addAction(file.label.replace("&", "&&"))
            action.setToolTip(file.path)
            action.triggered.connect(lambda _=False, path=file.path: self.recent_chosen.emit(path))
        menu.setEnabled(bool(self._recent))


def _tip(row: ActionRow, step: str, bound: Sequence[str]) -> str:
    name = row.text.rstrip("…")
    keys = keys_text(bound)
    what = f"{name}: {step}" if step else name
    return f"{what} ({keys})" if keys else what
