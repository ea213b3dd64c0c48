"""The Retakes panel: every proposal as a card, undecided ones first, and how to decide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.review import DEFAULT_PADDING, Verdict
from app.core.timerange import from_seconds, to_seconds
from app.ui.card_painter import Card
from app.ui.cards import CardList
from app.ui.form_parts import combo, named, seconds
from app.ui.parts import Empty, Panel, bar, button, label
from app.ui.retake_cards import STRIKES, Made, Struck, made_card, made_strike_card
from app.ui.text import counted, length

if TYPE_CHECKING:
    from app.core.proposal_checks import Check
    from app.core.proposals import Proposal
    from app.core.statistics import Statistics

Filter = Literal["all", "undecided", "decided", "warnings"]
_FILTERS: tuple[tuple[Filter, str], ...] = (
    ("all", "All"), ("undecided", "Undecided"), ("decided", "Decided"), ("warnings", "Warnings"),
)  # fmt: skip
SETTLE_MS = 400
"""The padding is told once it has stayed the same for so long: one undo step, not one a notch."""


class RetakesPanel(Panel):
    """Proposals, and what was removed by hand.

    Signals:
        decide(object, object): a tuple of ids, and the Verdict for them.
        accept_all: every undecided proposal is to be removed.
        play_removed(str), play_around(str), play_kept(str): an id.
        selected(str): the person chose a proposal or a strike.
        activated(str): Enter or double click: go there and play around it.
        fixed(object): the Edit that answers a warning.
        padding_chosen(int): the project's padding in microseconds.
        cut_padding_wanted(str): another padding for this cut alone.
        also_wanted: pauses and filler words are to be found.
        analyse_wanted: from the empty panel.
        undecided_changed(int): how many are undecided, for the badge.
    """

    decide = Signal(object, object)
    accept_all = Signal()
    play_removed = Signal(str)
    play_around = Signal(str)
    play_kept = Signal(str)
    selected = Signal(str)
    activated = Signal(str)
    fixed = Signal(object)
    padding_chosen = Signal(int)
    cut_padding_wanted = Signal(str)
    also_wanted = Signal()
    analyse_wanted = Signal()
    undecided_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__("Retakes")
        self.undecided = 0
        self._proposals: Sequence[Proposal] = ()
        self._current: str | None = None
        self._checks: Mapping[str, tuple[Check, ...]] = {}
        self._strikes: Sequence[Struck] = ()
        self._paddings: Mapping[str, int] = {}
        self._made: dict[str, tuple[tuple[object, ...], Card]] = {}
        self.filter = combo("Filter", _FILTERS)
        self.filter.setToolTip("Which proposals are listed")
        self.filter.currentIndexChanged.connect(self._show)
        self.also = button("Also Find…", tip="Pauses and filler words, as proposals like any other")
        self.also.clicked.connect(self.also_wanted)
        self.header = bar("plain", self.filter, None, self.also)
        self.list = CardList("Proposals", several=True)
        self.list.chosen.connect(self.selected)
        self.list.activated.connect(self.activated)
        self.list.pressed.connect(self._press)
        self.empty = self._empty(
            "No retakes yet",
            "False starts and repeated takes appear here as proposals, each with what would be "
            "cut and where it is said again.",
        )
        self.none = label("No proposal is like that.", "secondary", wrap=True)
        self.none.setContentsMargins(16, 16, 16, 16)
        self.stack = QStackedWidget()
        for page in (self.empty, self.list, self.none):
            self.stack.addWidget(page)
        self.column.addWidget(self.header)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self._build_footer())
        self.set_padding(DEFAULT_PADDING)
        self.show_proposals((), None)

    def _empty(self, heading: str, text: str) -> Empty:
        return Empty(heading, text, ("Analyse…", self.analyse_wanted.emit))

    def _build_footer(self) -> QWidget:
        self.statistics = label("", "secondary", wrap=True)
        self.padding = seconds("Padding", 2.0, 0.02)
        self.padding.setKeyboardTracking(False)
        self.padding.setToolTip("What every cut leaves beside the kept words")
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._tell_padding)
        self.padding.valueChanged.connect(lambda _value: self._settling.start())
        self.all_button = button(
            "Accept all", name="Accept All", tip="Accept All: every undecided proposal is removed"
        )
        self.all_button.clicked.connect(self.accept_all)
        self.footer = QWidget()
        self.footer.setProperty("role", "footer")
        column = QVBoxLayout(self.footer)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(named("Padding", self.padding))
        row.addWidget(self.padding)
        row.addStretch(1)
        row.addWidget(self.all_button)
        column.addWidget(self.statistics)
        column.addLayout(row)
        return self.footer

    @property
    def chosen_together(self) -> tuple[str, ...]:
        """The ids that are selected with the current one; empty while the panel is out of sight."""
        return self.list.selected if self.isVisible() else ()

    def show_proposals(
        self,
        proposals: Sequence[Proposal],
        current: str | None,
        checks: Mapping[str, tuple[Check, ...]] | None = None,
        strikes: Sequence[Struck] = (),
        paddings: Mapping[str, int] | None = None,
    ) -> None:
        """All proposals in any order; `current` is the chosen one's id.

        checks: id -> what is wrong with it. strikes: what was removed by hand. paddings: id ->
        microseconds, where a cut has its own.
        """
        self._proposals, self._current = proposals, current
        self._checks, self._strikes = checks or {}, strikes
        self._paddings = paddings or {}
        self._show()

    def show_nothing(self) -> None:
        """As while no film is open: nobody sees the panel.

        Its page stays. To turn to one of hundreds of cards takes three times as long as to fill
        it, and the next film is likely to have some.
        """
        self._proposals, self._current = (), None
        self._checks, self._strikes, self._paddings = {}, (), {}
        self._show(turn=False)

    def offer(self, made: Mapping[str, Made]) -> None:
        """Cards that were made elsewhere, by id; each is shown where it fits what is to be told."""
        self._made.update(made)

    def _show(self, *, turn: bool = True) -> None:
        undecided = [p for p in self._proposals if p.verdict is Verdict.UNDECIDED]
        decided = [p for p in self._proposals if p.verdict is not Verdict.UNDECIDED]
        warned = [p for p in (*undecided, *decided) if self._checks.get(p.id)]
        wanted = {
            "all": [*undecided, *decided],
            "undecided": undecided,
            "decided": decided,
            "warnings": warned,
        }[str(self.filter.currentData())]
        cards = [self._card(p) for p in wanted]
        if self._strikes and self.filter.currentData() in ("all", "decided"):
            cards += [STRIKES, *map(self._strike_card, self._strikes)]
        self.list.show_cards(cards, self._current or "")
        self._forget()
        anything = bool(self._proposals or self._strikes)
        if turn:
            self.stack.setCurrentIndex(1 if cards else 2 if anything else 0)
        self.footer.setVisible(anything)
        for row, count in enumerate(
            (len(self._proposals), len(undecided), len(decided), len(warned))
        ):
            self._count(row, count)
        self.all_button.setText(f"Accept all {len(undecided)}" if undecided else "Accept all")
        self.all_button.setEnabled(bool(undecided))
        if len(undecided) != self.undecided:
            self.undecided = len(undecided)
            self.undecided_changed.emit(self.undecided)

    def _count(self, row: int, count: int) -> None:
        text = f"{_FILTERS[row][1]} ({count})" if self._proposals else _FILTERS[row][1]
        if self.filter.itemText(row) != text:
            self.filter.setItemText(row, text)

    def _card(self, proposal: Proposal) -> Card:
        """The card of before where nothing of it is different."""
        checks = self._checks.get(proposal.id, ())
        current = proposal.id == self._current
        padding = self._paddings.get(proposal.id)
        known = self._made.get(proposal.id)
        if known and known[0][0] is proposal and known[0][1:] == (checks, current, padding):
            return known[1]
        made = self._made[proposal.id] = made_card(proposal, checks, current, padding)
        return made[1]

    def _strike_card(self, struck: Struck) -> Card:
        current = struck.strike.id == self._current
        known = self._made.get(struck.strike.id)
        if known and known[0] == (struck, current):
            return known[1]
        made = self._made[struck.strike.id] = made_strike_card(struck, current)
        return made[1]

    def _forget(self) -> None:
        if len(self._made) > 2 * (len(self._proposals) + len(self._strikes)) + 100:
            there = {p.id for p in self._proposals} | {s.strike.id for s in self._strikes}
            self._made = {k: made for k, made in self._made.items() if k in there}

    def show_empty_reason(self, heading: str, text: str) -> None:
        """What the panel says while it has no proposals, as after a search that found none."""
        old, self.empty = self.empty, self._empty(heading, text)
        page = self.stack.currentIndex()
        self.stack.insertWidget(0, self.empty)
        self.stack.removeWidget(old)
        old.deleteLater()
        self.stack.setCurrentIndex(page)

    def show_statistics(self, now: Statistics | None) -> None:
        """How long the film was and is, and in how many pieces; None while nothing is open."""
        if now is None:
            self.statistics.setText("")
            return
        self.statistics.setText(
            f"{length(now.original_us)} becomes {length(now.kept_us)}: saves "
            f"{length(now.saved_us)} in {counted(now.cuts, 'cut')}, "
            f"shortest kept piece {length(now.shortest_kept_us)}"
            if now.cuts
            else f"{length(now.original_us)}, nothing is cut"
        )

    def set_padding(self, padding: int) -> None:
        """Microseconds left beside kept words."""
        if not self._settling.isActive():
            with QSignalBlocker(self.padding):
                self.padding.setValue(to_seconds(padding))

    def set_can_find(self, on: bool) -> None:
        """Whether there are words between which pauses can be found."""
        self.header.setVisible(on)

    def _tell_padding(self) -> None:
        self.padding_chosen.emit(from_seconds(self.padding.value()))

    def _press(self, card: str, which: str) -> None:
        together = self.chosen_together
        ids = together if card in together else (card,)
        match which:
            case "removed":
                self.play_removed.emit(card)
            case "around":
                self.play_around.emit(card)
            case "kept":
                self.play_kept.emit(card)
            case "padding":
                self.cut_padding_wanted.emit(card)
            case "accept":
                self.decide.emit(ids, Verdict.ACCEPTED)
            case "restore":
                self.decide.emit(ids, Verdict.RESTORED)
            case _:
                check = self._checks[card][int(which.removeprefix("fix/"))]
                self.fixed.emit(check.fix)
