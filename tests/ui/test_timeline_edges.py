"""A dragged edge: always inside the film, a frame away from the other edge, snapping or not."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from app.core.review import Evidence, Footage, Review
from app.core.scenes import Scenes
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from app.ui.timeline_edges import LEAST, SNAP, Edge, Side, dragged

FILM = 60 * SECOND
SPAN = TimeRange(10 * SECOND, 20 * SECOND)


def review(*, frames: bool) -> Review:
    times = array("q", range(0, FILM, 40_000)) if frames else array("q")
    words = tuple(Word("w", k * SECOND, k * SECOND + 700_000) for k in range(59))
    return Review(
        Evidence(
            Footage(FILM, times), Transcript(words), scenes=Scenes.of([30 * SECOND + 400_000], FILM)
        )
    )


sides = st.sampled_from(["start", "end"])


@given(st.integers(0, FILM), sides, st.booleans(), st.floats(0, 50_000), st.integers(0, FILM))
def test_the_range_stays_in_the_film_and_holds_a_frame(
    t: int, side: Side, frames: bool, us_per_px: float, playhead: int
) -> None:
    out = Edge(review(frames=frames), SPAN, side, playhead).at(t, us_per_px)
    assert 0 <= out.start < out.end <= FILM
    assert out.duration >= LEAST
    kept = (out.end, SPAN.end) if side == "start" else (out.start, SPAN.start)
    assert kept[0] == kept[1]
    asked = dragged(SPAN, side, t, (SPAN.end - LEAST, SPAN.start + LEAST))
    moved = out.start - asked.start if side == "start" else out.end - asked.end
    assert abs(moved) <= (SNAP + 40_000 if us_per_px else 0)


def test_the_nearer_of_a_word_and_the_playhead_is_taken() -> None:
    given_ = review(frames=True)
    assert Edge(given_, SPAN, "end", 25_600_000).at(25_620_000, 20_000).end == 25_600_000
    assert Edge(given_, SPAN, "end", 25_600_000).at(25_690_000, 20_000).end == 25_680_000
    assert Edge(given_, SPAN, "start", 0).at(30_390_000, 20_000).start == 19_960_000


def test_a_cut_moves_to_any_instant() -> None:
    assert dragged(SPAN, "end", 10_000_005) == TimeRange(10 * SECOND, 10_000_005)
    assert dragged(SPAN, "end", 3) == TimeRange(10 * SECOND, 10 * SECOND + 1)
