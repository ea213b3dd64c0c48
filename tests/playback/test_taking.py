"""What a film takes on this machine: more is believed at once, less by and by."""

from __future__ import annotations

from app.playback.taking import EASED, OPENING, PREROLL, PRIMING, VARIES, Taking


def test_a_slow_cue_counts_at_once_and_a_quick_one_a_little() -> None:
    taking = Taking()
    taking.cued(PRIMING + 400_000, a_list=False)
    assert taking.priming == PRIMING + 400_000
    assert taking.opening == OPENING
    taking.cued(PRIMING, a_list=False)
    assert taking.priming == PRIMING + (1 - EASED) * 400_000


def test_a_list_is_learned_for_itself() -> None:
    taking = Taking()
    taking.cued(OPENING + 100_000, a_list=True)
    assert taking.opening == OPENING + 100_000
    assert taking.priming == PRIMING
    assert taking.grouped() == (VARIES * PRIMING + PREROLL, OPENING + 100_000 + PREROLL)


def test_groups_are_thought_over_once_for_what_is_much_heavier() -> None:
    taking = Taking()
    taking.cued(1.1 * PRIMING, a_list=False)
    assert not taking.heavier
    taking.cued(2.0 * PRIMING, a_list=False)
    assert taking.heavier
    taking.grouped()
    assert not taking.heavier
