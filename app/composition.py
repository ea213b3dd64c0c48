"""Builds everything, wires every signal, closes in reverse order; alone it knows the whole."""

from __future__ import annotations

import asyncio
import base64
import gc
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.core.errors import KeeptakeError, MediaError
from app.core.late import late, load_late
from app.media import memory
from app.services import desktop_notes, logs
from app.services.clients import Clients
from app.services.credentials import Credentials, taken
from app.services.folders import Folders, folders
from app.services.http import Http, quiet_logs
from app.services.parsing import Parser
from app.services.redact import RedactingFilter
from app.services.settings import SettingsFile
from app.services.spending import Spending
from app.services.store import Store
from app.state.analysis_state import AnalysisState
from app.state.collecting import Collector
from app.state.event_loop import EventLoop
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.jobs_state import JobsState
from app.state.playback_state import PlaybackState
from app.state.proxy_follow import ProxyFollow
from app.state.proxy_state import ProxyRules, ProxyState
from app.state.review_state import ReviewState
from app.state.selection_state import SelectionState
from app.state.shorts_state import ShortsState
from app.state.strips_follow import StripsFollow
from app.state.strips_state import StripsState
from app.state.tasks import Tasks
from app.ui import commands as command_table
from app.ui import theme
from app.ui.actions import Actions, RecentFile
from app.ui.analysis_stories import AnalysisStories
from app.ui.announcements import Announcements, Desktop
from app.ui.commands import Commands
from app.ui.edit_commands import EditCommands
from app.ui.export_stories import ExportStories
from app.ui.file_stories import FileStories
from app.ui.find_stories import FindStories
from app.ui.help_stories import HelpStories
from app.ui.history_panel import HistoryPanel
from app.ui.jobs_panel import JobsPanel
from app.ui.main_window import MainWindow, Panes
from app.ui.markers_panel import MarkersPanel
from app.ui.moment_commands import MomentCommands
from app.ui.moment_presenter import FRAMES, MomentPresenter
from app.ui.moment_stories import MomentStories
from app.ui.moments_panel import MomentsPanel
from app.ui.people_panel import PeoplePanel
from app.ui.playback_commands import PlaybackCommands
from app.ui.presenter import Presenter
from app.ui.render_stories import RenderStories
from app.ui.report_stories import ReportStories
from app.ui.retakes_panel import RetakesPanel
from app.ui.review_stories import ReviewStories
from app.ui.scenes_panel import ScenesPanel
from app.ui.status_bar import StatusBar
from app.ui.timeline_menu import TimelineMenus
from app.ui.timeline_presenter import TimelineKept
from app.ui.timeline_view import TimelineView
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transport import Transport
from app.ui.video_view import VideoView
from app.ui.view_commands import ViewCommands
from app.ui.warming import warmed
from app.ui.welcome import RecentVideo, Welcome

if TYPE_CHECKING:
    from app.media import stills
    from app.playback import stage
    from app.playback.player import Frame
    from app.playback.stage import Stage
else:
    stage = late("app.playback.stage")
    stills = late("app.media.stills")

SAMPLE = Path("sample") / "sample.mp4"


@dataclass(eq=False)
class Keeptake:
    """The running program, for the session and for tests that drive the real window."""

    window: MainWindow
    actions: Actions
    review: ReviewState
    playback: PlaybackState
    selection: SelectionState
    jobs: JobsState
    film: FilmState
    analysis: AnalysisState
    shorts: ShortsState
    here: HereRenders
    settings: SettingsFile
    tasks: Tasks
    files: FileStories
    exports: ExportStories
    commands: Commands
    presenter: Presenter
    moments: MomentPresenter
    moment_commands: MomentCommands
    leaving: asyncio.Event


def resources() -> Path:
    """The folder of things that ship with the program, in a checkout or in a wheel."""
    beside = Path(__file__).resolve().parent
    packed = beside / "_resources"
    return packed if packed.is_dir() else beside.parent / "resources"


async def build(
    stack: AsyncExitStack, places: Folders, environment: Mapping[str, str] = os.environ
) -> Keeptake:
    """Everything, wired and not yet shown; `stack` closes it. environment: where keys may be."""
    collector = Collector()
    stack.callback(collector.close)
    redactor = RedactingFilter()
    stack.callback(logs.install(places.logs, redactor))
    quiet_logs()
    review, selection, jobs = ReviewState(warmed), SelectionState(), JobsState()
    review.changed.connect(collector.put_off)
    film = FilmState(review)
    settings = SettingsFile(places.settings, film.notice_from_any_thread)
    stack.callback(settings.close)
    credentials = Credentials(environment=environment, learned=redactor.add)
    http = await stack.enter_async_context(Http())
    parser = await stack.enter_async_context(Parser())
    clients = Clients(http, credentials, places.local_service, lambda: settings.current.device_id)
    stack.push_async_callback(clients.close)

    stack.push_async_callback(jobs.runner.close)
    playback = PlaybackState(_stage)
    stack.callback(playback.close)
    store = Store(places.projects, film.notice_from_any_thread)
    actions = Actions()
    window = MainWindow(actions, _panes(actions))
    stack.callback(window.close_now)
    tasks = Tasks(window.notice.show_error)
    spent = Spending(places.spending, lambda: settings.current.spend_cap_cents)
    analysis = AnalysisState(film, review, jobs.runner, clients, parser, tasks, spent)
    analysis.copies = lambda: _cache(settings, places) / "upload-copies"
    shorts = ShortsState(film, review, jobs.runner, clients, tasks)
    here = HereRenders(film, review, jobs.runner, tasks)
    shorts.folder = here.folder = lambda: _shorts_folder(settings, places)
    edits = EditCommands(review, playback, selection)
    moments = MomentCommands(review, playback, selection)
    plays = PlaybackCommands(review, playback, edits)
    view = ViewCommands(window, actions, settings, review, selection)
    files = FileStories(
        window, film, review, playback, selection, (analysis, shorts, here), store, parser,
        settings,
    )  # fmt: skip
    exports = ExportStories(window, film, review, selection, jobs)
    stack.push_async_callback(files.close_film)
    # Before the film is closed, so that no story opens another one afterwards.
    stack.push_async_callback(tasks.close)
    asking = AnalysisStories(window, film, analysis, clients, settings, spent)
    moment_panes = MomentPresenter(
        window, actions, review, selection, film, shorts, here, moments, tasks, settings
    )
    finding = FindStories(window, film, review, shorts, moment_panes, clients, settings)
    finding.spawn = tasks.spawn
    rendering = RenderStories(window, film, review, shorts, here, moments, moment_panes, settings)
    asking_edits = ReviewStories(window, review, playback, selection)
    making = MomentStories(window, shorts, moments, moment_panes, tasks)
    view.switched = lambda _action: moment_panes.show_guide()
    making.make_stage = _stage
    making.pause_film = playback.pause
    reporting = ReportStories(window, film, jobs, settings, redactor.clean)
    about = HelpStories(window, review, settings, credentials, clients)
    proxies = ProxyState(jobs.runner, tasks, lambda: _proxy_rules(settings, places))
    proxies.notice.connect(window.notice.show_message)
    stack.callback(proxies.close)
    about.proxies = proxies
    about.spending = spent
    ProxyFollow(film, review, playback, proxies)
    strips = StripsState(tasks, lambda: _proxy_rules(settings, places))
    strips.notice.connect(window.notice.show_message)
    stack.callback(strips.close)
    StripsFollow(film, playback, strips)
    TimelineKept(window.panes.timeline, film, strips, settings)
    TimelineMenus(window.panes.timeline, actions, review, selection)
    leaving = asyncio.Event()

    async def sample() -> None:
        await files.open(resources() / SAMPLE)

    async def leave() -> None:
        if await files.may_let_go():
            leaving.set()

    async def correct() -> None:
        await command_table.correct_word(window, review, selection)

    async def go_to() -> None:
        await command_table.go_to_time(window, film, playback)

    commands = Commands(
        window, actions, tasks, view,
        {
            **edits.table(),
            **plays.table(),
            **moments.table(),
            **making.table(),
        },
        {
            "open_video": files.choose_video,
            "open_project": files.choose_project,
            "open_sample": sample,
            "save_project_as": files.save_project_as,
            "quit": leave,
            "relink_video": files.relink,
            "import_transcript": files.import_transcript,
            "export_cut": exports.export,
            "settings": about.settings,
            "correct_word": correct,
            "add_marker": asking_edits.add_marker,
            "also_find": asking_edits.also_find,
            "cut_padding": asking_edits.cut_padding,
            "go_to_time": go_to,
            "find_moments": finding.find,
            "rename_moment": making.rename,
            "render_selected": rendering.render_selected,
            "analyse": asking.analyse,
            "analyse_transcript": lambda: asking.analyse("transcript"),
            "analyse_vision": lambda: asking.analyse("vision"),
            "analyse_retakes": lambda: asking.analyse("retakes"),
            "retakes_from_transcript": asking.retakes_from_transcript,
            "shortcuts": about.shortcuts,
            "about": about.about,
            "report_problem": lambda: reporting.report(places),
        },
    )  # fmt: skip
    commands.on_switch = {
        "preview_cut": playback.set_preview,
        "mute": playback.set_muted,
        "loop_moment": playback.set_loop,
        **{name: partial(_choose_framing, moment_panes, name) for name in FRAMES},
    }
    presenter = Presenter(
        window, actions, review, playback, selection, jobs, film, analysis, edits, plays, tasks,
        files, commands, moments, shorts, here,
    )  # fmt: skip
    making.listen(rendering, commands.run)
    commands.add(presenter.table())
    keeptake = Keeptake(
        window, actions, review, playback, selection, jobs, film, analysis, shorts, here, settings,
        tasks, files, exports, commands, presenter, moment_panes, moments, leaving,
    )  # fmt: skip
    _start_state(keeptake, view, plays, clients, about)
    if settings.notice:
        window.notice.show_message(settings.notice)
    return keeptake


def _stage(
    frame: Callable[[Frame], None],
    state: Callable[[], None],
    error: Callable[[KeeptakeError], None],
) -> Stage:
    return stage.Stage(frame, state, error, stills.StillReader)


def _proxy_rules(settings: SettingsFile, places: Folders) -> ProxyRules:
    now, proxies = settings.current, _cache(settings, places) / "proxies"
    return ProxyRules(proxies, now.proxy_megabytes * 1_000_000, now.proxy_background)


def _cache(settings: SettingsFile, places: Folders) -> Path:
    """Where what can be made again is kept: as the person set it, else the system's folder."""
    chosen = settings.current.cache_folder
    return Path(chosen).expanduser() if chosen else places.cache


def _shorts_folder(settings: SettingsFile, places: Folders) -> Path:
    """Where shorts go: as the person set it, else where the system keeps downloads."""
    chosen = settings.current.downloads_folder
    return Path(chosen).expanduser() if chosen else places.downloads


def _choose_framing(panes: MomentPresenter, action: str, _on: bool) -> None:
    panes.set_framing(FRAMES[action])


def _panes(actions: Actions) -> Panes:
    return Panes(
        TranscriptPanel(), VideoView(), Transport(actions), TimelineView(), RetakesPanel(),
        MomentsPanel(), PeoplePanel(), ScenesPanel(), JobsPanel(), MarkersPanel(), HistoryPanel(),
        Welcome(), StatusBar(),
    )  # fmt: skip


def _start_state(
    keeptake: Keeptake,
    view: ViewCommands,
    plays: PlaybackCommands,
    clients: Clients,
    about: HelpStories,
) -> None:
    """The window as it was left, and everything that keeps it remembered."""
    window, settings = keeptake.window, keeptake.settings
    now = settings.current
    window.restore_layout(_bytes(now.window_geometry), _bytes(now.window_state))
    keeptake.actions.bind({action: tuple(own) for action, own in now.keys.items()})
    view.apply()
    plays.set_volume(now.volume)
    keeptake.playback.set_muted(now.muted)
    keeptake.actions.set_checked("mute", now.muted)
    plays.volume_changed = lambda percent: settings.update(volume=percent)
    window.close_requested.connect(lambda: keeptake.commands.run("quit"))
    desktop = Desktop(window, desktop_notes.show, keeptake.tasks.spawn)
    Announcements(window, keeptake.jobs, desktop.tell)

    async def recent() -> None:
        there = await asyncio.to_thread(_there, settings.current.recent)
        keeptake.actions.set_recent([RecentFile(p.name, str(p)) for p in there])
        window.panes.welcome.show_recent([RecentVideo(str(p), p.name) for p in there])

    # Once more when a film is opened: it is the first of them now.
    keeptake.film.changed.connect(
        lambda: keeptake.tasks.spawn(recent()) if keeptake.film.opened else None
    )
    keeptake.tasks.spawn(recent())

    async def service() -> None:
        chosen = await clients.default()
        name = "NanoClip" if chosen == "nanoclip" else "Local service"
        keeptake.presenter.show_service(name)

    keeptake.tasks.spawn(service())
    about.on_saved = lambda: keeptake.tasks.spawn(service())


def _there(files: list[str]) -> list[Path]:
    return [p for p in map(Path, files) if p.is_file()]


def _remember(keeptake: Keeptake) -> None:
    geometry, docks = keeptake.window.save_layout()
    keeptake.settings.update(
        window_geometry=base64.b64encode(geometry).decode(),
        window_state=base64.b64encode(docks).decode(),
        muted=keeptake.playback.muted,
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


async def session(
    file: Path | None, *, sample: bool, environment: Mapping[str, str] = os.environ
) -> None:
    """The program, from the first window to the last file closed."""
    async with AsyncExitStack() as stack:
        keeptake = await build(stack, folders(), environment)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, keeptake.settings.current.theme)
        keeptake.window.show()
        # What is there now stays as long as the window: the collector need not look at it.
        gc.freeze()
        first = resources() / SAMPLE if sample else file
        if first is not None:
            keeptake.tasks.spawn(keeptake.files.open(first))
        keeptake.tasks.spawn(load_the_rest())
        await keeptake.leaving.wait()
        _remember(keeptake)


async def load_the_rest() -> None:
    """What the window did not wait for, once it and a first film are there."""
    await asyncio.sleep(3)
    await asyncio.to_thread(load_late, "app")


def run(file: Path | None, *, sample: bool) -> int:
    """Start Qt and the event loop; returns the exit status."""
    try:
        application = application_of(sys.argv[:1], sheet=False)
    except MediaError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    logs.catch_crashes()
    keys = taken(os.environ)
    with EventLoop(application) as loop:
        loop.set_exception_handler(_report_bug)
        try:
            loop.run_until_complete(session(file, sample=sample, environment=keys))
        except KeeptakeError as problem:
            # The window is gone already: the last words go where it was started from.
            logging.getLogger("keeptake").warning("%s", problem)
            sys.stderr.write(f"{problem}\n")
            return 1
    return 0


def application_of(arguments: list[str], *, sheet: bool = True) -> QApplication:
    """The QApplication, themed; raises MediaError where there is no display to draw on.

    sheet: False where `theme.apply` is called again once the window is built, which is quicker.
    """
    check_display()
    memory.set_up()
    application = QApplication(arguments)
    application.setApplicationName("Keeptake")
    application.setDesktopFileName("keeptake")
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application, "system", sheet=sheet)
    return application


def check_display() -> None:
    """Raise MediaError where Qt would abort: on Linux without any display."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "xcb") not in (
        "xcb",
        "wayland",
    ):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise MediaError(
            "Keeptake found no display, so it has no window to open.",
            "Start it from a desktop session, or use packaging/run, which brings a virtual one.",
        )


def _report_bug(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """A bug is loud in the log; the person's work is on disk already."""
    error = context.get("exception")
    logging.getLogger("keeptake").error(
        "%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None
    )
