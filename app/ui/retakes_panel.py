"""The Retakes panel: every proposal as a card, undecided ones first, and how to decide it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.core.review import DEFAULT_PADDING, Verdict
from app.core.timerange import to_seconds, total
from app.ui.card_painter import Card, CardButton, Line
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel, bar, button, label
from app.ui.text import clock, length, span

if TYPE_CHECKING:
    from app.core.proposals import Proposal

_PLAY = (CardButton("removed", "Removed", "Alt+/"), CardButton("around", "Around", "/"))
_ACCEPT = CardButton("accept", "Accept", "A", "accept", at_end=True)
_RESTORE = CardButton("restore", "Restore", "R", "restore", at_end=True)
_STATES = {
    Verdict.UNDECIDED: ("proposed", "proposal"),
    Verdict.ACCEPTED: ("removed", "cut"),
    Verdict.RESTORED: ("kept", "keep"),
}


@lru_cache(maxsize=4096)
def card_of(proposal: Proposal, current: bool) -> Card:
    """What the panel shows of a proposal; a decided one has buttons only while it is chosen.

    Kept, because each decision shows all proposals again and changes one.
    """
    state, role = _STATES[proposal.verdict]
    times = span(proposal.range.start, proposal.range.end)
    undecided = proposal.verdict is Verdict.UNDECIDED
    text = proposal.text or "(no words)"
    struck = "struck-proposal" if undecided else "struck-cut"
    lines = [
        Line(times, "time", state, role),  # type: ignore[arg-type]
        Line(text, "secondary" if proposal.verdict is Verdict.RESTORED else struck, most=2)  # type: ignore[arg-type]
        if proposal.text
        else Line(text, "hint"),
    ]
    if proposal.again:
        lines.append(Line(f"said again at {clock(proposal.again.start)}", "hint"))
    if proposal.disputed:
        lines.append(Line(f"⚠ {proposal.disputed}", "proposal", most=2))
    buttons: tuple[CardButton, ...] = ()
    if undecided:
        buttons = (*_PLAY, _ACCEPT, _RESTORE)
    elif current:
        buttons = (*_PLAY, _RESTORE if proposal.verdict is Verdict.ACCEPTED else _ACCEPT)
    return Card(
        proposal.id,
        tuple(lines),
        ", ".join((f"{times}, {state}", *(line.text for line in lines[1:]))),
        "selected" if current else "plain" if undecided else "quiet",
        tuple(_without_alt(b) for b in buttons),
    )


def _without_alt(spec: CardButton) -> CardButton:
    # The drawing shows letters only beside Accept and Restore; the rest is in the tooltip's key.
    return spec if spec.at_end else CardButton(spec.id, spec.text, "", spec.role)


class RetakesPanel(Panel):
    """Proposals.

    Signals:
        decide(object, object): a tuple of proposal ids, and the Verdict for them.
        accept_all: every undecided proposal is to be removed.
        play_removed(str), play_around(str): a proposal's id.
        selected(str): the person chose a proposal.
        activated(str): Enter or double click: go there and play around it.
        analyse_wanted: from the empty panel.
        undecided_changed(int): how many are undecided, for the badge.
    """

    decide = Signal(object, object)
    accept_all = Signal()
    play_removed = Signal(str)
    play_around = Signal(str)
    selected = Signal(str)
    activated = Signal(str)
    analyse_wanted = Signal()
    undecided_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__("Retakes")
        self.undecided = 0
        self.order = label("Undecided first", "secondary")
        self.saves = label("", "secondary")
        self.header = bar("plain", self.order, None, self.saves)
        self.list = CardList("Proposals")
        self.list.chosen.connect(self.selected)
        self.list.activated.connect(self.activated)
        self.list.pressed.connect(self._press)
        self.empty = Empty(
            "No retakes yet",
            "False starts and repeated takes appear here as proposals, each with what would be "
            "cut and where it is said again.",
            ("Analyse…", self.analyse_wanted.emit),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.list)
        self.padding = label("", "secondary")
        self.all_button = button("Accept all", name="Accept All")
        self.all_button.clicked.connect(self.accept_all)
        self.footer = bar("footer", self.padding, None, self.all_button)
        self.column.addWidget(self.header)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.footer)
        self.set_padding(DEFAULT_PADDING)
        self.show_proposals((), None)

    def show_proposals(self, proposals: Sequence[Proposal], current: str | None) -> None:
        """All proposals in any order; `current` is the chosen one's id."""
        undecided = [p for p in proposals if p.verdict is Verdict.UNDECIDED]
        decided = [p for p in proposals if p.verdict is not Verdict.UNDECIDED]
        cards = [card_of(p, p.id == current) for p in (*undecided, *decided)]
        self.list.show_cards(cards, current or "")
        self.stack.setCurrentIndex(1 if cards else 0)
        self.header.setVisible(bool(cards))
        self.footer.setVisible(bool(cards))
        self.order.setText("Undecided first" if undecided else "All decided")
        saved = length(total(p.range for p in undecided))
        self.saves.setText(f"saves {saved}" if undecided else "")
        self.all_button.setText(f"Accept all {len(undecided)}" if undecided else "Accept all")
        self.all_button.setEnabled(bool(undecided))
        if len(undecided) != self.undecided:
            self.undecided = len(undecided)
            self.undecided_changed.emit(self.undecided)

    def show_empty_reason(self, heading: str, text: str) -> None:
        """What the panel says while it has no proposals, as after a search that found none."""
        old, self.empty = self.empty, Empty(heading, text, ("Analyse…", self.analyse_wanted.emit))
        self.stack.insertWidget(0, self.empty)
        self.stack.removeWidget(old)
        old.deleteLater()
        self.stack.setCurrentIndex(1 if self.list.model.cards else 0)

    def set_padding(self, padding: int) -> None:
        """Microseconds left beside kept words."""
        self.padding.setText(f"Padding {to_seconds(padding):.2f} s")

    def _press(self, proposal: str, which: str) -> None:
        match which:
            case "removed":
                self.play_removed.emit(proposal)
            case "around":
                self.play_around.emit(proposal)
            case "accept":
                self.decide.emit((proposal,), Verdict.ACCEPTED)
            case _:
                self.decide.emit((proposal,), Verdict.RESTORED)
