"""What the panes ask of a film is worked out before, and the collector leaves the film alone."""

from __future__ import annotations

import gc
import sys

import pytest

from app.core.cut import cut
from app.core.proposals import proposals
from app.ui import warming
from app.ui.warming import giving_way, warm
from tests.benchmarks import big_project


def test_the_answers_are_remembered() -> None:
    review = big_project.review(1)
    warm(review)
    assert cut(review) is cut(review)
    assert proposals(review) is proposals(review)


def test_the_interpreter_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = sys.getswitchinterval()
    frozen = gc.get_freeze_count()
    with giving_way():
        assert sys.getswitchinterval() < turn
        assert not gc.isenabled()
    assert (sys.getswitchinterval(), gc.isenabled()) == (turn, True)
    assert gc.get_freeze_count() == frozen
    monkeypatch.setattr(warming, "MANY", 10)
    with giving_way():
        kept = [[n] for n in range(1000)]
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()
    assert len(kept) == 1000
