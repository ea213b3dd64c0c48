"""A list of a film's pieces and the source's time, there and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.core.timerange import TimeRange
from app.media.proxy import Entry
from app.playback.player import Film, Frame
from app.playback.reel import Reel, whole

SOURCE = Film(Path("a.mp4"), "mp4", 1000, (320, 180), tuple(range(0, 1000, 10)))
SPANS = (TimeRange(100, 230), TimeRange(400, 500))
PIECES = (
    Entry(0, TimeRange(100, 200)), Entry(100, TimeRange(200, 230)), Entry(130, TimeRange(400, 500)),
)  # fmt: skip
TIMES = tuple(t for s in SPANS for t in range(s.start, s.end, 10))
LIST = Reel(
    Film(Path("l.ffconcat"), "list", 230, (160, 90), tuple(range(0, 230, 10))),
    SOURCE,
    SPANS,
    PIECES,
    TIMES,
)


@dataclass
class Met:
    """A frame in the player's own count."""

    pts: int
    index: int

    def drawn(self) -> Frame:
        return Frame(self.pts, self.index, 1, 1, 4, b"1234")


def test_the_film_itself_has_the_sources_time() -> None:
    reel = whole(SOURCE)
    assert not reel.is_list
    assert (reel.to_player(500), reel.to_source(500)) == (500, 500)
    assert reel.follows((TimeRange(100, 200), TimeRange(300, 400)), 150) == 200


def test_a_list_plays_pieces_of_the_source_one_after_another() -> None:
    assert [LIST.to_player(t) for t in (50, 100, 199, 200, 229, 300, 400, 499, 999)] == [
        0, 0, 99, 100, 129, 130, 130, 229, 230,
    ]  # fmt: skip
    assert [LIST.to_source(t) for t in (0, 99, 100, 129, 130, 229)] == [
        100,
        199,
        200,
        229,
        400,
        499,
    ]


def test_a_lists_frame_is_known_by_its_number_in_the_source() -> None:
    placed = LIST.seen(Met(130, 13))
    drawn = placed.drawn()
    assert (placed.pts, placed.index) == (400, 40)
    assert drawn is not None
    assert (drawn.pts, drawn.index) == (400, 40)


def test_a_list_is_played_on_as_far_as_it_is_what_is_wanted() -> None:
    def follows(t: int, *wanted: tuple[int, int]) -> int:
        return LIST.follows(tuple(TimeRange(*w) for w in wanted), t)

    assert follows(120, (100, 230), (400, 500)) == 500
    assert follows(120, (0, 230), (400, 480), (600, 700)) == 480, "cut earlier now"
    assert follows(120, (100, 150), (400, 500)) == 150
    assert follows(120, (100, 240), (400, 500)) == 230, "more is kept than the list has"
    assert follows(120, (100, 230), (390, 500)) == 230
    assert follows(450, (100, 230), (400, 500)) == 500
