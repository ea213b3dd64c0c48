"""Warnings are looked for once, a few at a time, and again where something changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.edits import Strike, apply
from app.core.moments import PlacedMoment
from app.core.placed_moments import placed_moments
from app.core.review import Review
from app.core.timerange import SECOND
from app.ui import moment_warnings
from app.ui.moment_warnings import MomentWarnings
from tests.core.speech import counting, gaps, s, says
from tests.ui.test_moment_commands import found

COUNTED: list[str] = []


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the moments that were looked at."""
    COUNTED.clear()
    real = moment_warnings.checks

    def checks(review: Review, moment: PlacedMoment, framing: object) -> object:
        COUNTED.append(moment.key)
        return real(review, moment, framing)  # type: ignore[arg-type]

    monkeypatch.setattr(moment_warnings, "checks", checks)
    return COUNTED


def reviewed() -> Review:
    """Ten words of a second each; one moment ends inside the fourth."""
    return counting(fps=25).received(moments=found(s(0, 3.25), s(5, 10)))


def look(warnings: MomentWarnings, review: Review, framing: str = "subject") -> int:
    """How often it was told that something differs."""
    told: list[None] = []
    asyncio.run(
        warnings.look(
            review,
            placed_moments(review),
            framing,
            lambda: told.append(None),  # type: ignore[arg-type]
        )
    )
    return len(told)


def test_each_is_looked_at_once_until_something_of_it_changes() -> None:
    warnings, review = MomentWarnings(), reviewed()
    assert warnings.of("a/1") == ()
    assert look(warnings, review) == 1
    assert any("word" in w for w in warnings.of("a/1"))
    COUNTED.clear()
    assert look(warnings, review) == 0
    assert look(warnings, apply(review, Strike(s(3.6, 4.9)))) == 0
    assert COUNTED == [], "an edit outside of both"
    look(warnings, apply(review, Strike(s(6, 7))))
    assert COUNTED == ["a/2"]
    COUNTED.clear()
    look(warnings, review, "grid")
    assert COUNTED == ["a/1", "a/2"]


def test_another_transcript_is_looked_at_anew() -> None:
    warnings, review = MomentWarnings(), reviewed()
    look(warnings, review)
    assert warnings.of("a/1")
    assert look(warnings, review.received(transcript=None)) == 1
    assert warnings.of("a/1") == ()


def test_one_kind_can_be_left_out() -> None:
    warnings, review = MomentWarnings(), reviewed()
    look(warnings, review)
    assert "ends inside a word" in warnings.of("a/1")
    assert "ends inside a word" not in warnings.of("a/1", but="word end")


def test_removed_retakes_are_told_and_no_more_once_they_are_restored() -> None:
    review = reviewed().received(retakes=gaps(s(0, 6), s(8, 10)))
    warnings = MomentWarnings()
    look(warnings, review)
    before = warnings.of("a/2")
    look(warnings, apply(review, Strike(s(6, 8))))
    assert any("retake" in w for w in (*before, *warnings.of("a/2")))


def test_one_that_is_cancelled_leaves_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment_warnings, "SLICE", -1.0)
    warnings, review = MomentWarnings(), reviewed()

    async def story() -> None:
        looking = asyncio.create_task(
            warnings.look(review, placed_moments(review), "subject", lambda: None)
        )
        for _ in range(10**6):
            if COUNTED:
                break
            await asyncio.sleep(0)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    asyncio.run(story())
    assert COUNTED == ["a/1"]
    assert warnings.of("a/1")
    look(warnings, review)
    assert COUNTED == ["a/1", "a/2"]
    warnings.forget()
    assert warnings.of("a/1") == ()


def test_hundreds_are_looked_at_without_holding_the_window_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moment_warnings, "SLICE", 0.0)
    hour = 3600 * SECOND
    review = counting(fps=25)
    footage = replace(review.evidence.footage, duration=hour)
    review = replace(review, evidence=replace(review.evidence, footage=footage))
    text = " ".join("so." if n % 9 == 8 else "word" for n in range(10_000))
    spans = [s(7 * n, 7 * n + 30) for n in range(500)]
    review = review.received(transcript=says(text), moments=found(*spans))
    most = 0

    async def story() -> None:
        nonlocal most
        looking = asyncio.create_task(
            MomentWarnings().look(review, placed_moments(review), "subject", lambda: None)
        )
        await asyncio.sleep(0)
        while not looking.done():
            before = len(COUNTED)
            await asyncio.sleep(0)
            most = max(most, len(COUNTED) - before)

    asyncio.run(story())
    assert len(COUNTED) == 500
    assert most == 1, "a slice that is used up ends with the one at hand"
