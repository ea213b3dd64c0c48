"""What the View menu does: boxes, names, markers, zoom, layout. None of it is in the document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.core.people import people
from app.services.settings import SettingsFile
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.ui.actions import Actions
from app.ui.main_window import MainWindow

CHECKS = {
    "face_boxes": "face_boxes",
    "face_names": "face_names",
    "scene_markers": "scene_markers",
    "follow_playhead": "follow_playhead",
    "framing_guide": "framing_guide",
}
"""Action id -> the setting that remembers it."""


class ViewCommands:
    """Switches of the view, remembered in the settings."""

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        settings: SettingsFile,
        review: ReviewState,
        selection: SelectionState,
    ) -> None:
        self._review = review
        self._selection = selection
        self.switched: Callable[[str], None] = lambda _action: None
        self._window = window
        self._actions = actions
        self._settings = settings
        panes = window.panes
        self._timeline = panes.timeline
        self._video = panes.video
        self._transcript = panes.transcript

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls, for those that are not switches."""
        return {
            "zoom_in": self._timeline.zoom_in,
            "zoom_out": self._timeline.zoom_out,
            "fit_timeline": self._timeline.fit,
            "reset_layout": self._window.reset_layout,
            "cycle_faces": self._cycle,
            "leave_full_screen": lambda: self.switch("full_screen", False),
            "everyone": lambda: self._selection.choose_person(""),
            **{f"only_person_{n}": partial(self._only, n) for n in range(1, 10)},
            **{
                f"panel_{name.lower()}": partial(self._window.show_panel, name)
                for name in self._window.docks
            },
            "find": self._find,
            "find_next": self._transcript.find_next,
            "find_previous": self._transcript.find_previous,
        }

    def apply(self) -> None:
        """Show everything as the settings have it."""
        for action, key in CHECKS.items():
            self.switch(action, bool(getattr(self._settings.current, key)))

    def switch(self, action: str, on: bool) -> None:
        """Turn one of the switches."""
        self._actions.set_checked(action, on)
        match action:
            case "face_boxes":
                self._video.set_boxes(on)
            case "face_names":
                self._video.set_names(on)
            case "scene_markers":
                self._video.set_scene_markers(on)
            case "follow_playhead":
                self._timeline.set_following(on)
                self._transcript.set_following(on)
            case "full_screen":
                self._window.set_full_screen(on)
        if action in CHECKS and getattr(self._settings.current, CHECKS[action]) != on:
            self._settings.update(**{CHECKS[action]: on})
            self.switched(action)

    def _only(self, number: int) -> None:
        review = self._review.review
        everyone = people(review) if review else ()
        if number <= len(everyone):
            self._selection.choose_person(everyone[number - 1].key)

    def _find(self) -> None:
        self._window.show_panel("Transcript")
        self._transcript.find_focus()

    def _cycle(self) -> None:
        now = self._settings.current
        if not now.face_boxes:
            self.switch("face_boxes", True)
            self.switch("face_names", False)
        elif not now.face_names:
            self.switch("face_names", True)
        else:
            self.switch("face_boxes", False)
