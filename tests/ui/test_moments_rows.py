"""What the list of moments says of a row, and how rows are sorted and filtered."""

from dataclasses import replace

from app.core.moments import Pick
from app.core.timerange import SECOND, TimeRange
from app.ui.moment_rows import (
    BEST_SCORE,
    MomentRow,
    best_channel,
    counted_moments,
    matches,
    score_text,
    searched,
    sorted_by,
    spoken,
    states_of,
    title_of,
    valid_order,
    wanted_words,
)


def row(number: int | None, score: float | None = None, **more: object) -> MomentRow:
    plain = MomentRow(
        f"j/{number}", number, f"Moment number {number}", "", TimeRange(0, SECOND), score
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def sorted_numbers(rows: list[MomentRow], order: str) -> list[int | None]:
    return [rows[at].number for at in sorted_by(rows, range(len(rows)), order)]


def test_numbers_are_sorted_as_numbers_and_missing_ones_come_last_both_ways() -> None:
    rows = [row(10), row(None), row(9), row(2)]
    assert sorted_numbers(rows, "number") == [2, 9, 10, None]
    assert sorted_numbers(rows, "-number") == [10, 9, 2, None]


def test_missing_scores_come_last_in_both_directions_and_equal_ones_keep_their_order() -> None:
    rows = [row(1), row(2, 5.0), row(3, 7.0), row(4, 5.0), row(5)]
    assert sorted_numbers(rows, "-score") == [3, 2, 4, 1, 5]
    assert sorted_numbers(rows, "score") == [2, 4, 3, 1, 5]


def test_a_channel_is_sorted_by_its_own_scores() -> None:
    rows = [
        row(1, 90.0, channels=(("tiktok", 1.0),)),
        row(2, 10.0, channels=(("tiktok", 2.0), ("blimp", 50.0))),
        row(3, 50.0),
    ]
    assert sorted_numbers(rows, "-@tiktok") == [2, 1, 3]
    assert sorted_numbers(rows, "@blimp") == [2, 1, 3]


def test_titles_are_sorted_without_regard_to_case_and_times_by_their_start() -> None:
    rows = [row(1, title="b"), row(2, title="A"), row(3, title="C", span=TimeRange(-5, 0))]
    assert sorted_numbers(rows, "title") == [2, 1, 3]
    assert sorted_numbers(rows, "time") == [3, 1, 2]


def test_an_order_by_a_channel_that_is_not_there_is_the_first_order() -> None:
    assert valid_order("-@tiktok", ("tiktok",)) == "-@tiktok"
    assert valid_order("-@tiktok", ()) == BEST_SCORE
    assert valid_order("colour", ()) == BEST_SCORE
    assert valid_order("title", ()) == "title"


def test_every_word_has_to_match_and_a_hash_means_tags_alone() -> None:
    text = searched(row(1, title="The Ask", description="a turn", tags=("#launch", "Q&A")))

    def found(query: str) -> bool:
        return matches(text, wanted_words(query))

    assert found("ask turn")
    assert found("LAUNCH")
    assert found("#launch #q&a ask")
    assert found("#")
    assert found("")
    assert not found("ask nothing")
    assert not found("#ask")


def test_a_row_says_all_that_it_shows() -> None:
    full = MomentRow(
        "j/2", 2, "Signing\n<b>twice</b>", "Two signs.", TimeRange(20 * SECOND, 26_500_000), 61.0,
        (("tiktok", 61.0), ("space_radio", 0.25)), ("how-to",),
        ("contains 1.2 s of removed retake",), Pick.PICKED, "rendering 40 %", moved=True,
    )  # fmt: skip
    assert spoken(full) == (
        "2, Signing <b>twice</b>, Two signs., 0:20.0 – 0:26.5, 6.5 s, score 61, TikTok 61, "
        "Space radio 0.25, edges moved, how-to, ⚠ contains 1.2 s of removed retake, "
        "rendering 40 %, ★ picked"
    )
    own = MomentRow("own/1", None, "", "", TimeRange(0, SECOND), own=True)
    assert spoken(own) == "Untitled, 0:00.0 – 0:01.0, 1.0 s, no score, own, undecided"
    assert title_of(row(7, title=" ")) == "Moment 7"


def test_a_score_is_shown_as_it_was_given() -> None:
    assert [score_text(s) for s in (88.0, 0.91, 73.5, -1.0, None)] == [
        "88", "0.91", "73.5", "-1", "–",
    ]  # fmt: skip


def test_the_chosen_channel_stands_out_else_the_highest() -> None:
    two = row(1, channels=(("a", 1.0), ("b", 2.0)))
    assert best_channel(two, "") == "b"
    assert best_channel(two, "a") == "a"
    assert best_channel(row(1), "") == ""


def test_states_have_their_colours() -> None:
    assert states_of(row(1)) == (("undecided", "secondary"),)
    assert states_of(row(1, pick=Pick.PICKED)) == (("★ picked", "keep"),)
    assert states_of(row(1, pick=Pick.REJECTED, render="failed")) == (
        ("failed", "cut"),
        ("rejected", "secondary"),
    )
    assert states_of(row(1, render="downloaded")) == (("✓ downloaded", "keep"),)
    assert states_of(row(1, render="rendering 4 %")) == (("rendering 4 %", "accent"),)


def test_the_count_tells_what_is_hidden() -> None:
    rows = [row(1, pick=Pick.PICKED), row(2)]
    assert counted_moments(rows, 2) == "2 moments · 1 picked"
    assert counted_moments(rows, 1) == "1 of 2 · 1 picked"
    assert counted_moments(rows[:1], 1) == "1 moment · 1 picked"
