"""The timeline's picture after an edit is that of a timeline painted anew, pixel by pixel."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.core.edits import (
    AcceptAll,
    CorrectWord,
    Edit,
    Recolour,
    Restore,
    SetPadding,
    Strike,
    apply,
)
from app.core.proposals import proposals, strike_spans
from app.core.review import Evidence, Footage, Retakes, Review
from app.core.scenes import Scenes
from app.core.speakers import speaker_key
from app.core.timerange import SECOND, TimeRange, complement
from app.core.transcript import Transcript, Word
from app.ui import timeline_paint
from app.ui.timeline_input import timeline_input
from app.ui.timeline_layout import Layout, layout
from app.ui.timeline_repaint import repaint
from app.ui.timeline_scale import View

FILM = 120 * SECOND
WIDE, HIGH = 800, 300


def film() -> Review:
    """Two speakers in turns, words of many lengths, a proposal now and then, scenes."""
    chance, at = Random(7), 0
    words: list[Word] = []
    while at < FILM - SECOND:
        size = chance.choice((40_000, 90_000, 300_000, 700_000))
        text = chance.choice(("word", "שלום", "w", "something longer"))
        words.append(Word(text, at, at + size, len(words) // 9 % 2))
        at += size + chance.choice((0, 10_000, 200_000))
    gaps = tuple(TimeRange(t, t + SECOND) for t in range(9 * SECOND, FILM, 17 * SECOND))
    kept = complement(gaps, TimeRange(0, FILM))
    scenes = Scenes(tuple(range(5 * SECOND, FILM, 5 * SECOND)), FILM)
    return Review(
        Evidence(
            Footage(FILM), Transcript(tuple(words)), retakes=Retakes((), (), kept), scenes=scenes
        )
    )


def an_edit(chance: Random) -> Edit:
    start = chance.randrange(FILM)
    span = TimeRange(start, start + chance.choice((30_000, SECOND, 4 * SECOND)))
    edits: list[Edit] = [
        Strike(span), Strike(span), Restore(span), CorrectWord(chance.randrange(200), "changed"),
        SetPadding(chance.randrange(300_000)), AcceptAll(), Recolour(speaker_key(1), 3),
    ]  # fmt: skip
    return chance.choice(edits)


def anew(shown: Layout, ratio: float) -> QPixmap:
    out = QPixmap(round(WIDE * ratio), round(HIGH * ratio))
    out.setDevicePixelRatio(ratio)
    painter = QPainter(out)
    timeline_paint.paint(painter, shown, shown.given)
    painter.end()
    return out


def spans_in_order(review: Review) -> list[tuple[TimeRange, str]]:
    every = [(one.range, one.id) for one in (*proposals(review), *strike_spans(review))]
    return sorted(every, key=lambda one: (one[0].start, one[0].end, one[1]))


def image(of: QPixmap) -> QImage:
    return of.toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("scale", [5_000.0, 30_000.0, 150_000.0])
@pytest.mark.usefixtures("app")
def test_what_an_edit_changed_is_painted_over_the_picture(scale: float, ratio: float) -> None:
    chance, review = Random(round(scale + ratio)), film()
    view = View(20.0 * SECOND if scale < 100_000 else 0.0, scale, WIDE, HIGH)
    before = layout(timeline_input(review), view)
    still, parts = anew(before, ratio), 0
    versions = [review]
    for _ in range(60):
        edited = chance.choice(versions) if chance.random() < 0.2 else None
        review = edited or apply(review, an_edit(chance))
        versions.append(review)
        given = timeline_input(review)
        assert [(c.range, c.id) for c in given.cuts] == spans_in_order(review)
        after = layout(given, view, before=before)
        assert after.items == layout(given, view).items
        if repaint(still, before, after, None):
            parts += 1
        else:
            still = anew(after, ratio)
        assert image(still) == image(anew(after, ratio))
        before = after
    assert parts > 20


@pytest.mark.usefixtures("app")
def test_between_two_pixels_of_a_screen_there_is_no_edge_to_paint_along() -> None:
    review = film()
    view = View(0.0, 30_000.0, WIDE, HIGH)
    before = layout(timeline_input(review), view)
    struck = apply(review, Strike(TimeRange(SECOND, 2 * SECOND)))
    after = layout(timeline_input(struck), view, before=before)
    assert not repaint(anew(before, 1.5), before, after, None)


@pytest.mark.usefixtures("app")
def test_another_part_of_the_film_is_painted_anew() -> None:
    given = timeline_input(film())
    before = layout(given, View(0.0, 30_000.0, WIDE, HIGH))
    after = layout(given, View(5.0 * SECOND, 30_000.0, WIDE, HIGH), before=before)
    assert not repaint(anew(before, 1.0), before, after, None)
