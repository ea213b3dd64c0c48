"""What the panes ask of a film is worked out before."""

from __future__ import annotations

import asyncio
import gc

from PySide6.QtWidgets import QApplication

from app.core.cut import cut
from app.core.proposal_checks import all_checks
from app.core.proposals import proposals
from app.ui.retake_cards import STRIKES, first_cards, struck_ones
from app.ui.retakes_panel import RetakesPanel
from app.ui.warming import warm, warmed
from tests.benchmarks import big_project


def test_the_answers_are_remembered() -> None:
    review = big_project.review(1)
    warm(review)
    assert cut(review) is cut(review)
    assert proposals(review) is proposals(review)


def test_one_that_is_warmed_in_a_thread_is_remembered_too() -> None:
    review, collects = big_project.review(1), gc.isenabled()
    asyncio.run(warmed(review))
    assert cut(review) is cut(review)
    assert gc.isenabled() == collects


def test_cards_made_beforehand_are_the_ones_that_are_shown(app: QApplication) -> None:
    review = big_project.review(1)
    made, checks = first_cards(review), all_checks(review)
    struck = struck_ones(review)
    assert made.keys() == {p.id for p in proposals(review)} | {one.strike.id for one in struck}
    panel = RetakesPanel()
    panel.offer(made)
    panel.show_proposals(proposals(review), None, checks, struck, review.decisions.paddings)
    shown = [card for card in panel.list.model.cards if card is not STRIKES]
    assert len(shown) == len(made)
    assert all(card is made[card.id][1] for card in shown)
    chosen = proposals(review)[3].id
    panel.show_proposals(proposals(review), chosen, checks, (), review.decisions.paddings)
    assert [c.id for c in panel.list.model.cards if c is not made[c.id][1]] == [chosen]


def test_where_the_playhead_is_among_the_words_is_found_at_once() -> None:
    review = big_project.review(1)
    said = review.evidence.transcript
    assert said is not None
    warm(review)
    known = set(vars(said))
    said.word_at(said.words[500].start)
    assert set(vars(said)) == known
