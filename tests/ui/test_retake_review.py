"""The retake review: warnings and fixes, filter, strikes, padding; people hidden and recoloured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from app import composition
from app.core.also_find import AlsoFind
from app.core.edits import MoveEdges
from app.core.faces import FaceTrack
from app.core.people import Person
from app.core.proposal_checks import Check
from app.core.proposals import Proposal, Strike
from app.core.review import Verdict
from app.core.statistics import Statistics
from app.core.timerange import SECOND, TimeRange
from app.services.folders import folders
from app.ui.people_panel import PeoplePanel
from app.ui.retake_cards import Struck
from app.ui.retakes_panel import RetakesPanel
from app.ui.review_dialogs import AlsoFindDialog, CutPaddingDialog
from app.ui.theme import apply
from tests.core.speech import counting, gaps, s
from tests.ui.fake_stage import Desk

FIX = MoveEdges("gap-1", TimeRange(1 * SECOND, 2 * SECOND))
CHECKS = {
    "gap-1": (
        Check("disputed", "Times and words disagree.", FIX, "Cut What the Words Say"),
        Check("jump cut", "The picture will jump."),
    )
}
STRUCK = (Struck(Strike("strike-9", TimeRange(60 * SECOND, 61 * SECOND)), "ועוד מילים"),)


def proposal(name: str, start: int, verdict: Verdict = Verdict.UNDECIDED) -> Proposal:
    again = TimeRange((start + 5) * SECOND, (start + 6) * SECOND)
    there = TimeRange(start * SECOND, (start + 1) * SECOND)
    return Proposal(name, there, verdict, f"words {start}", again, "said once more", "")


PROPOSALS = (
    proposal("gap-1", 1), proposal("gap-2", 10, Verdict.ACCEPTED), proposal("gap-3", 20),
)  # fmt: skip


def heard(signal: object) -> list[object]:
    out: list[object] = []
    signal.connect(lambda *values: out.append(values))  # type: ignore[attr-defined]
    return out


def shown(app: QApplication, panel: QWidget) -> None:
    panel.resize(360, 900)
    panel.show()
    app.processEvents()


def ids(panel: RetakesPanel) -> list[str]:
    return [card.id for card in panel.list.model.cards]


def buttons(panel: QWidget, name: str) -> list[QPushButton]:
    every = panel.findChildren(QPushButton)
    return [b for b in every if b.accessibleName() == name and b.isVisible()]


@pytest.fixture
def panel(app: QApplication) -> RetakesPanel:
    out = RetakesPanel()
    out.show_proposals(PROPOSALS, "gap-1", CHECKS, STRUCK, {"gap-1": 200_000})
    shown(app, out)
    return out


def test_strikes_stand_in_a_section_of_their_own_that_cannot_be_chosen(
    panel: RetakesPanel,
) -> None:
    assert ids(panel) == ["gap-1", "gap-3", "gap-2", "section/strikes", "strike-9"]
    texts = [card.accessible for card in panel.list.model.cards]
    assert texts[-1] == "1:00.0 – 1:01.0, 1.0 s, removed by hand, ועוד מילים"
    heading = panel.list.model.index(3)
    assert heading.flags() == Qt.ItemFlag.NoItemFlags


def test_the_filter_shows_the_undecided_the_decided_or_those_with_warnings(
    panel: RetakesPanel,
) -> None:
    names = [panel.filter.itemText(i) for i in range(4)]
    assert names == ["All (3)", "Undecided (2)", "Decided (1)", "Warnings (1)"]
    for row, wanted in (
        (1, ["gap-1", "gap-3"]),
        (2, ["gap-2", "section/strikes", "strike-9"]),
        (3, ["gap-1"]),
    ):
        panel.filter.setCurrentIndex(row)
        assert ids(panel) == wanted
    panel.show_proposals(PROPOSALS[1:2], None)
    assert panel.stack.currentWidget() is panel.none


def test_between_two_films_the_cards_go_and_the_page_stays_until_something_is_known(
    panel: RetakesPanel,
) -> None:
    page = panel.stack.currentIndex()
    panel.show_nothing()
    assert ids(panel) == []
    assert panel.stack.currentIndex() == page
    panel.show_proposals(PROPOSALS, None)
    assert panel.stack.currentIndex() == page
    panel.show_nothing()
    panel.show_proposals((), None)
    assert panel.stack.currentIndex() == 0, "a film without proposals says so"


def test_the_chosen_card_says_every_warning_and_its_fix_is_one_edit(panel: RetakesPanel) -> None:
    card = panel.list.model.cards[0]
    assert "⚠ Times and words disagree., ⚠ The picture will jump." in card.accessible
    fixed = heard(panel.fixed)
    buttons(panel, "Cut What the Words Say")[0].click()
    assert fixed == [(FIX,)]
    panel.show_proposals(PROPOSALS, None, CHECKS)
    assert "and 1 more" in panel.list.model.cards[0].accessible


def test_the_chosen_card_plays_the_kept_take_and_has_a_padding_of_its_own(
    panel: RetakesPanel,
) -> None:
    kept, wanted = heard(panel.play_kept), heard(panel.cut_padding_wanted)
    buttons(panel, "Kept Take")[0].click()
    buttons(panel, "Padding 0.20 s…")[0].click()
    assert (kept, wanted) == ([("gap-1",)], [("gap-1",)])


def test_a_decision_is_for_all_cards_that_are_selected(panel: RetakesPanel) -> None:
    decided = heard(panel.decide)
    panel.list.view.selectAll()
    buttons(panel, "Accept")[0].click()
    assert decided == [(("gap-1", "gap-3", "gap-2", "strike-9"), Verdict.ACCEPTED)]


def test_one_decision_leaves_every_other_card_the_very_same(panel: RetakesPanel) -> None:
    before = {card.id: card for card in panel.list.model.cards}
    changed = heard(panel.list.model.dataChanged)
    reset = heard(panel.list.model.modelReset)
    after = (proposal("gap-1", 1, Verdict.ACCEPTED), *PROPOSALS[1:])
    panel.show_proposals(after, "gap-3", CHECKS, STRUCK)
    now = {card.id: card for card in panel.list.model.cards}
    assert {key for key in now if now[key] is not before[key]} == {"gap-1", "gap-3"}
    assert len(changed) == 2
    assert reset == []
    assert panel.list.view.currentIndex().row() == ids(panel).index("gap-3")


def test_the_projects_padding_is_told_once_when_it_stays(
    app: QApplication, panel: RetakesPanel
) -> None:
    told = heard(panel.padding_chosen)
    panel.set_padding(80_000)
    assert told == []
    for value in (0.1, 0.12, 0.14):
        panel.padding.setValue(value)
    panel.set_padding(80_000)
    QTest.qWait(600)
    assert told == [(140_000,)]


def test_statistics_say_what_is_kept_saved_and_the_shortest_piece(panel: RetakesPanel) -> None:
    panel.show_statistics(Statistics(100 * SECOND, 90 * SECOND, 10 * SECOND, 0, 3, SECOND // 2))
    assert panel.statistics.text() == (
        "1:40 becomes 1:30: saves 10.0 s in 3 cuts, shortest kept piece 0.5 s"
    )
    panel.show_statistics(Statistics(100 * SECOND, 100 * SECOND, 0, 0, 0, 100 * SECOND))
    assert panel.statistics.text() == "1:40, nothing is cut"


def test_also_find_asks_for_pauses_and_fillers(app: QApplication) -> None:
    dialog = AlsoFindDialog(None, AlsoFind())
    assert dialog.chosen == AlsoFind()
    assert not dialog.over.isEnabled()
    dialog.pauses.setChecked(True)
    dialog.over.setValue(1.5)
    dialog.fillers.setChecked(True)
    assert dialog.chosen == AlsoFind(1_500_000, True)
    assert AlsoFindDialog(None, AlsoFind(700_000)).chosen == AlsoFind(700_000)


def test_a_cut_has_the_projects_padding_until_it_is_given_its_own(app: QApplication) -> None:
    dialog = CutPaddingDialog(None, None, 80_000)
    assert dialog.chosen is None
    dialog.padding.setValue(0.3)
    assert dialog.chosen == 300_000
    dialog = CutPaddingDialog(None, 300_000, 80_000)
    dialog.own.setChecked(False)
    assert dialog.chosen is None


def person(key: str, name: str, hidden: bool = False) -> Person:
    track = FaceTrack(1, -1, 0, 5 * SECOND, 10, 0.1)
    return Person(key, name, (track,), 0, 5 * SECOND, hidden)


def test_people_are_hidden_shown_again_recoloured_and_gone_on_to(app: QApplication) -> None:
    panel = PeoplePanel()
    panel.show_people((person("c1", "דנה"), person("c2", "Noa", hidden=True)), 60 * SECOND)
    shown(app, panel)
    assert panel.list.model.cards[1].accessible == ("Noa, hidden, on screen 0:05, 1 appearance, 2")
    assert panel.list.model.cards[1].faint
    hidden, coloured, gone = (
        heard(panel.conceal), heard(panel.recolour), heard(panel.next_wanted),
    )  # fmt: skip
    panel.choose("c1")
    panel.hide_button.click()
    panel.next_button.click()
    panel.choose("c2")
    assert panel.hide_button.accessibleName() == "Show Again"
    panel.hide_button.click()
    assert hidden == [(("c1",), True), (("c2",), False)]
    assert gone == [("c1",)]
    menu = panel.menu_for("c2")
    colours = next(a.menu() for a in menu.actions() if a.text() == "Colour")
    colours.actions()[1].trigger()
    colours.actions()[-1].trigger()
    assert coloured == [("c2", 1), ("c2", None)]


Story = Callable[[composition.Keeptake], Coroutine[Any, Any, None]]


def with_program(qapp: QApplication, story: Story) -> None:
    apply(qapp, "dark")
    bugs: list[dict[str, Any]] = []

    async def main() -> None:
        async with AsyncExitStack() as stack:
            program = await composition.build(stack, folders())
            program.window.show()
            program.window.show_welcome(False)
            program.review.load(counting(fps=25).received(retakes=gaps(s(0, 4), s(5, 10))))
            await story(program)

    with qasync.QEventLoop(qapp) as loop:
        loop.set_exception_handler(lambda _loop, said: bugs.append(said))
        loop.run_until_complete(main())
    assert not bugs, bugs


async def dialog_of(qapp: QApplication, name: str) -> QDialog:
    for _ in range(100):
        for widget in qapp.topLevelWidgets():
            named = name in (widget.accessibleName(), widget.windowTitle())
            if isinstance(widget, QDialog) and widget.isVisible() and named:
                return widget
        await asyncio.sleep(0.02)
    pytest.fail(f"no dialog {name}")


async def until(true: Callable[[], bool]) -> None:
    """Panes that come into sight are shown in turns; what is asserted afterwards says the rest."""
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.01)


def test_a_marker_is_added_on_the_selection_edited_and_undone(qapp: QApplication) -> None:
    async def story(program: composition.Keeptake) -> None:
        program.selection.choose_words(s(2, 3))
        program.commands.run("add_marker")
        dialog = await dialog_of(qapp, "Add Marker")
        dialog.findChildren(QLineEdit)[0].setText("Check this")
        dialog.accept()
        await asyncio.sleep(0.05)
        assert program.review.review is not None
        (marker,) = program.review.review.decisions.markers
        assert (marker.range, marker.text) == (program.selection.span, "Check this")
        assert not marker.instant
        program.window.show_panel("Markers")
        panel = program.window.panes.markers
        await until(lambda: bool(panel.list.model.cards))
        assert [card.id for card in panel.list.model.cards] == [marker.key]
        panel.edit.emit(marker.key, "Checked")
        panel.remove.emit((marker.key,))
        program.window.show_panel("History")
        history = program.window.panes.history
        await until(lambda: len(history.model.steps) == 3)
        assert history.model.steps == ("Add Marker", "Edit Marker", "Remove Marker")
        history.go.emit(1)
        assert program.review.review.decisions.markers[0].text == "Check this"
        await until(lambda: history.model.at == 1)
        assert history.model.at == 1

    with_program(qapp, story)


def test_what_else_to_find_and_a_cuts_padding_are_edits(qapp: QApplication) -> None:
    async def story(program: composition.Keeptake) -> None:
        program.commands.run("also_find")
        dialog = await dialog_of(qapp, "Also Find")
        assert isinstance(dialog, AlsoFindDialog)
        dialog.fillers.setChecked(True)
        told = asyncio.Event()
        program.review.changed.connect(told.set)
        dialog.accept()
        await asyncio.wait_for(told.wait(), 10)
        review = program.review.review
        assert review is not None
        assert review.decisions.also == AlsoFind(None, True)
        chosen = program.review.proposals[0].id
        program.selection.choose_proposal(chosen)
        program.commands.run("cut_padding")
        dialog = await dialog_of(qapp, "Padding of This Cut")
        assert isinstance(dialog, CutPaddingDialog)
        dialog.padding.setValue(0.2)
        dialog.accept()
        await asyncio.sleep(0.05)
        assert program.review.review is not None
        assert dict(program.review.review.decisions.paddings) == {chosen: 200_000}

    with_program(qapp, story)


def test_a_and_r_decide_all_that_is_selected_in_one_step() -> None:
    desk = Desk(counting(fps=25).received(retakes=gaps(s(0, 2), s(3, 5), s(6, 10))))
    two = tuple(p.id for p in desk.review.proposals)
    assert len(two) == 2
    desk.selection.choose_proposal(two[0])
    desk.edits.among = lambda: two
    desk.do("accept_proposal")
    assert [p.verdict for p in desk.review.proposals] == [Verdict.ACCEPTED] * 2
    desk.do("undo")
    assert [p.verdict for p in desk.review.proposals] == [Verdict.UNDECIDED] * 2
