"""What the panes ask of a film is worked out before."""

from __future__ import annotations

import asyncio
import gc

from app.core.cut import cut
from app.core.proposals import proposals
from app.ui.warming import warm, warmed
from tests.benchmarks import big_project


def test_the_answers_are_remembered() -> None:
    review = big_project.review(1)
    warm(review)
    assert cut(review) is cut(review)
    assert proposals(review) is proposals(review)


def test_one_that_is_warmed_in_a_thread_is_remembered_too() -> None:
    review = big_project.review(1)
    asyncio.run(warmed(review))
    assert cut(review) is cut(review)
    assert gc.isenabled()
