"""The Retakes, People, Scenes, Jobs and Moments panels, and the cards they are made of."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.core.faces import FaceTrack
from app.core.people import Person
from app.core.proposals import Proposal
from app.core.review import Verdict
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.ui.card_painter import reads_right_to_left
from app.ui.cards import CardList
from app.ui.jobs_panel import JobRow, JobsPanel
from app.ui.markers_panel import MarkersPanel
from app.ui.moments_panel import MomentsPanel
from app.ui.people_panel import PeoplePanel
from app.ui.retakes_panel import RetakesPanel
from app.ui.scenes_panel import ScenesPanel
from app.ui.welcome import RecentVideo, Welcome

PROPOSALS = (
    Proposal(
        "a", TimeRange(17_500_000, 17_800_000), Verdict.ACCEPTED, "um", None, "", ""
    ),
    Proposal(
        "b",
        TimeRange(300_000, 5_300_000),
        Verdict.UNDECIDED,
        "And so, my fellow Americans, ask not what",
        TimeRange(6_500_000, 9_000_000),
        "And so",
        "",
    ),
    Proposal(
        "c", TimeRange(19_400_000, 20_900_000), Verdict.UNDECIDED, "אז היום נדבר על", None, "",
        "The words and the times disagree.",
    ),
)  # fmt: skip


def in_turns(app: QApplication) -> None:
    """Some turns of the event loop: in each, one card in view has its buttons made."""
    for _ in range(8):
        app.processEvents()


def shown(app: QApplication, panel: QWidget, width: int = 400, height: int = 560) -> None:
    panel.resize(width, height)
    panel.show()
    in_turns(app)


def rows(cards: CardList) -> list[str]:
    return [str(cards.model.index(i).data()) for i in range(cards.model.rowCount())]


def buttons(panel: QWidget, name: str) -> list[QPushButton]:
    return [
        b for b in panel.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible()
    ]


def heard(signal: object) -> list[object]:
    out: list[object] = []
    signal.connect(lambda *values: out.append(values))  # type: ignore[attr-defined]
    return out


def test_a_retake_row_says_all_that_it_shows_and_undecided_come_first(app: QApplication) -> None:
    panel = RetakesPanel()
    panel.show_proposals(PROPOSALS, "b")
    shown(app, panel)
    assert rows(panel.list) == [
        "0:00.3 – 0:05.3, 5.0 s, proposed, And so, my fellow Americans, ask not what, "
        "And so, said again at 0:06.5",
        "0:19.4 – 0:20.9, 1.5 s, proposed, אז היום נדבר על",
        "0:17.5 – 0:17.8, 0.3 s, removed, um",
    ]
    assert panel.undecided == 2
    assert panel.all_button.text() == "Accept all 2"
    assert panel.all_button.accessibleName() == "Accept All"


def test_the_rows_are_a_list_for_assistive_technology(app: QApplication) -> None:
    panel = RetakesPanel()
    panel.show_proposals(PROPOSALS, None)
    shown(app, panel)
    tree = QAccessible.queryAccessibleInterface(panel.list.view)
    assert tree.role() == QAccessible.Role.List
    names = [tree.child(i).text(QAccessible.Text.Name) for i in range(tree.childCount())]
    assert names == rows(panel.list)


def test_the_buttons_of_a_card_are_in_the_accessible_tree(app: QApplication) -> None:
    panel = RetakesPanel()
    panel.show_proposals(PROPOSALS, "b")
    shown(app, panel)
    names: list[str] = []

    def walk(node: object) -> None:
        names.append(node.text(QAccessible.Text.Name))  # type: ignore[attr-defined]
        for i in range(node.childCount()):  # type: ignore[attr-defined]
            walk(node.child(i))  # type: ignore[attr-defined]

    walk(QAccessible.queryAccessibleInterface(panel))
    for name in ("Removed", "Around", "Accept", "Restore"):
        assert names.count(name) == 2


def test_the_buttons_of_a_card_decide_and_play_that_card(app: QApplication) -> None:
    panel = RetakesPanel()
    panel.show_proposals(PROPOSALS, "b")
    shown(app, panel)
    decided, removed, around = (
        heard(panel.decide), heard(panel.play_removed), heard(panel.play_around),
    )  # fmt: skip
    buttons(panel, "Accept")[0].click()
    buttons(panel, "Restore")[1].click()
    buttons(panel, "Removed")[0].click()
    buttons(panel, "Around")[1].click()
    assert decided == [(("b",), Verdict.ACCEPTED), (("c",), Verdict.RESTORED)]
    assert removed == [("b",)]
    assert around == [("c",)]


def test_a_decided_proposal_can_be_decided_otherwise_once_it_is_chosen(app: QApplication) -> None:
    panel = RetakesPanel()
    panel.show_proposals(PROPOSALS, "a")
    shown(app, panel)
    decided = heard(panel.decide)
    mine = [b for b in buttons(panel, "Restore") if "um" in b.accessibleDescription()]
    mine[0].click()
    assert decided == [(("a",), Verdict.RESTORED)]


def test_choosing_by_program_signals_nothing_and_by_hand_does(app: QApplication) -> None:
    panel = RetakesPanel()
    selected = heard(panel.selected)
    panel.show_proposals(PROPOSALS, "b")
    shown(app, panel)
    assert selected == []
    panel.list.view.setFocus()
    QTest.keyClick(panel.list.view, Qt.Key.Key_Down)
    assert selected == [("c",)]


def test_five_hundred_proposals_make_few_widgets(app: QApplication) -> None:
    many = tuple(
        Proposal(
            f"p{i}", TimeRange(i * SECOND, i * SECOND + 500_000), Verdict.UNDECIDED,
            f"number {i} and some more words that were said", None, "", "",
        )
        for i in range(500)
    )  # fmt: skip
    panel = RetakesPanel()
    shown(app, panel)
    panel.show_proposals(many, "p0")
    in_turns(app)
    assert len(panel.findChildren(QPushButton)) < 100
    panel.show_proposals(many, "p400")
    in_turns(app)
    assert panel.list.view.currentIndex().row() == 400
    assert len(panel.findChildren(QPushButton)) < 100


def test_an_empty_retakes_panel_says_what_will_come_and_how(app: QApplication) -> None:
    panel = RetakesPanel()
    wanted = heard(panel.analyse_wanted)
    shown(app, panel)
    assert panel.stack.currentIndex() == 0
    buttons(panel, "Analyse…")[0].click()
    assert wanted == [()]
    panel.show_empty_reason("No retakes found", "Nothing is said twice.")
    shown(app, panel)
    assert "No retakes found" in [w.text() for w in panel.findChildren(QLabel)]


def person(key: str, name: str, *spans: tuple[int, int]) -> Person:
    tracks = tuple(
        FaceTrack(i, -1, a * SECOND, b * SECOND, 10, 0.1) for i, (a, b) in enumerate(spans)
    )
    return Person(key, name, tracks, 0, sum(b - a for a, b in spans) * SECOND)


def test_people_say_how_long_and_are_renamed_and_merged(app: QApplication) -> None:
    panel = PeoplePanel()
    panel.show_people((person("t1", "Person 1", (0, 7), (9, 12)), person("t2", "דנה", (3, 8))), 27)
    shown(app, panel)
    assert rows(panel.list) == [
        "Person 1, on screen 0:10, 2 appearances, 1",
        "דנה, on screen 0:05, 1 appearance, 2",
    ]
    renamed, merged = heard(panel.rename), heard(panel.merge)
    index = panel.list.model.index(0)
    assert panel.list.model.setData(index, "  Host ")
    assert not panel.list.model.setData(index, "   ")
    assert not panel.list.model.setData(index, "Person 1")
    assert renamed == [("t1", "Host")]
    assert not panel.merge_button.isEnabled()
    panel.list.view.selectAll()
    panel.merge_button.click()
    assert merged == [(("t1", "t2"), "t1")]


def test_a_double_click_edits_a_name(app: QApplication) -> None:
    panel = PeoplePanel()
    panel.show_people((person("t1", "Person 1", (0, 7)),), 27 * SECOND)
    shown(app, panel)
    renamed = heard(panel.rename)
    panel.list.view.setCurrentIndex(panel.list.model.index(0))
    panel.list.view.edit(panel.list.model.index(0))
    field = QApplication.focusWidget() or panel.list.view.viewport().children()[-1]
    QTest.keyClicks(field, "Host")
    QTest.keyClick(field, Qt.Key.Key_Return)
    in_turns(app)
    assert renamed == [("t1", "Host")]


def test_a_click_on_a_scene_seeks_to_its_start(app: QApplication) -> None:
    panel = ScenesPanel()
    panel.show_scenes(Scenes((6_600_000, 16_000_000), 27_000_000))
    shown(app, panel)
    panel.set_thumbnail(1, QImage(32, 18, QImage.Format.Format_RGB32))
    seeks = heard(panel.seek)
    assert rows(panel.list)[1] == "Scene 2, 0:06.6 – 0:16.0, 9.4 s"
    where = panel.list.view.visualRect(panel.list.model.index(1)).center()
    QTest.mouseClick(panel.list.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert seeks == [(6_600_000,)]
    panel.show_current(2)
    assert panel.list.view.currentIndex().row() == 2
    assert len(seeks) == 1
    panel.show_scenes(None)
    assert panel.stack.currentIndex() == 0


JOBS = (
    JobRow("1", "Upload", "running", "sending", 0.62),
    JobRow("2", "Vision", "queued"),
    JobRow("3", "Transcript", "done", "2,140 words", 1.0),
    JobRow(
        "4", "Retakes", "failed", "", None, "The wallet is short.", "Add credits.",
        '{"detail": "<b>Insufficient</b>"}',
    ),
)  # fmt: skip


def test_a_job_row_holds_stage_fraction_and_the_errors_sentences(app: QApplication) -> None:
    panel = JobsPanel()
    panel.show_jobs(JOBS)
    shown(app, panel)
    assert rows(panel.list) == [
        "Upload, sending, 62 %",
        "Vision, waiting",
        "Transcript, done, 2,140 words",
        "Retakes, stopped, The wallet is short. Add credits.",
    ]


def test_jobs_are_cancelled_retried_and_explained(app: QApplication) -> None:
    panel = JobsPanel()
    panel.show_jobs(JOBS)
    shown(app, panel)
    cancelled, retried, details = (
        heard(panel.cancel), heard(panel.retry), heard(panel.details_wanted),
    )  # fmt: skip
    buttons(panel, "Cancel")[0].click()
    buttons(panel, "Try again")[0].click()
    buttons(panel, "What the service said")[0].click()
    assert cancelled == [("1",)]
    assert retried == [("4",)]
    assert details == [("Retakes", '{"detail": "<b>Insufficient</b>"}')]


def test_progress_keeps_the_same_buttons_under_the_pointer(app: QApplication) -> None:
    panel = JobsPanel()
    panel.show_jobs(JOBS)
    shown(app, panel)
    before = len(buttons(panel, "Cancel"))
    panel.show_jobs((JobRow("1", "Upload", "running", "sending", 0.63), *JOBS[1:]))
    in_turns(app)
    assert len(buttons(panel, "Cancel")) == before
    panel.show_jobs((JobRow("1", "Upload", "done", "412 MB"), *JOBS[1:]))
    in_turns(app)
    assert len(buttons(panel, "Cancel")) == before - 1


@pytest.mark.parametrize(
    ("text", "backwards"),
    [
        ("שלום clip.mp4", False),
        ("אז היום נדבר על clip", True),
        ("clip.mp4 של היום הארוך הזה", True),
        ("12:30", False),
        ("And so", False),
        ("", False),
    ],
)
def test_direction_follows_most_letters(text: str, backwards: bool) -> None:
    assert reads_right_to_left(text) is backwards


def test_the_welcome_offers_the_sample_a_key_and_recent_films(app: QApplication) -> None:
    welcome = Welcome()
    welcome.show_recent(
        [RecentVideo(f"/films/{i}.mp4", f"{i}.mp4", "2 undecided") for i in range(5)]
    )
    shown(app, welcome, 900, 700)
    said = [heard(s) for s in (welcome.open_wanted, welcome.sample_wanted, welcome.key_wanted)]
    for name in ("Open Video…", "Open Sample", "Connect a key"):
        buttons(welcome, name)[0].click()
    assert said == [[()], [()], [()]]
    recent = heard(welcome.recent_chosen)
    tiles = [w for w in welcome.findChildren(QWidget) if w.accessibleName() == "1.mp4, 2 undecided"]
    QTest.mouseClick(tiles[0], Qt.MouseButton.LeftButton)
    assert recent == [("/films/1.mp4",)]


@pytest.mark.parametrize(
    ("panel", "tip"),
    [
        (PeoplePanel, "Analyse (Ctrl+R)"),
        (ScenesPanel, "Analyse (Ctrl+R)"),
        (MarkersPanel, "Add Marker (Ctrl+M)"),
        (MomentsPanel, "Find Moments"),
    ],
)
def test_the_button_of_an_empty_panel_tells_its_key(
    app: QApplication, panel: type[QWidget], tip: str
) -> None:
    made = panel()
    assert tip in [b.toolTip() for b in made.findChildren(QPushButton)]
