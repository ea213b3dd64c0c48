"""Has what the panes ask of a long film worked out before they ask, while the window goes on."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.cut import cut, word_states
from app.core.paragraphs import turns
from app.core.people import people
from app.core.proposal_checks import all_checks
from app.core.proposals import proposals
from app.core.review import Review
from app.core.statistics import statistics
from app.ui.timeline_input import timeline_input
from app.ui.transcript_paragraphs import paragraphs

TURN = 0.0005
"""Seconds after which another thread gives way to the window's: a tenth of what is usual."""

MANY = 20_000
"""Words from which the collector is not to look at a film again and again."""


def warm(review: Review) -> None:
    """Ask what the panes will ask; the answers are remembered. Not for the GUI thread."""
    cut(review)
    word_states(review)
    proposals(review)
    people(review)
    if (transcript := review.evidence.transcript) is not None:
        paragraphs(transcript, turns(review))
        _ = transcript.word_at(0)
    all_checks(review)
    statistics(review)
    timeline_input(review)


@contextmanager
def giving_way() -> Iterator[None]:
    """While other threads work hard for the window, it gets its turn at once, and no collection.

    What a long film brought stays as long as the film, so that the collector need not look at it.
    """
    turn, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(TURN)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if collects:
            if gc.get_count()[0] > MANY:
                gc.freeze()
            gc.enable()
