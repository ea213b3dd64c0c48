"""Has what the panes ask of a long film worked out before they ask, while the window goes on."""

from __future__ import annotations

import asyncio

from app.core.cut import cut, word_states
from app.core.giving_way import giving_way
from app.core.paragraphs import turns
from app.core.people import people
from app.core.proposal_checks import all_checks
from app.core.proposals import proposals
from app.core.review import Review
from app.core.statistics import statistics
from app.core.timerange import TimeRange
from app.ui.retake_cards import first_cards
from app.ui.scenes_panel import cards_of
from app.ui.timeline_input import prepare
from app.ui.transcript_paragraphs import paragraphs


def warm(review: Review) -> None:
    """Ask what the panes will ask; the answers are remembered. Not for the GUI thread."""
    cut(review)
    word_states(review)
    proposals(review)
    people(review)
    if (transcript := review.evidence.transcript) is not None:
        paragraphs(transcript, turns(review))
        if transcript.words:
            _ = transcript.word_at(transcript.words[-1].start)
        _ = transcript.words_in(TimeRange(0, 1))
    all_checks(review)
    statistics(review)
    first_cards(review)
    if (scenes := review.evidence.scenes) is not None:
        cards_of(scenes)
    prepare(review)


async def warmed(review: Review) -> None:
    """`warm` in a thread; what it works out is there for this review and those made of it."""
    with giving_way():
        await asyncio.to_thread(warm, review)
