"""The stage with real VLC on films whose frames carry their numbers."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.core.errors import MediaError
from app.core.timerange import Ranges, TimeRange, find
from app.media.stills import StillReader
from app.playback.player import Film, fitted
from app.playback.sound_device import SILENT, SoundWatch
from app.playback.stage import Stage
from app.playback.vlc_player import Engine
from tests.playback.clips import make_clip
from tests.playback.conftest import Show


def span(start: float, end: float) -> TimeRange:
    return TimeRange(round(start * 1e6), round(end * 1e6))


def frames_in(film: Film, keep: Ranges) -> set[int]:
    return {i for i, t in enumerate(film.frame_times) if find(keep, t) is not None}


def play_to_the_end(show: Show, seconds: float = 20.0) -> None:
    show.stage.play()
    assert show.wait(lambda: not show.stage.playing, seconds)
    still = show.stage.position()
    assert show.wait(lambda: bool(show.seen) and show.seen[-1][2] == "still", 3)
    assert show.film.frame_times[show.seen[-1][0]] == still


def settle_at(show: Show, t: float) -> None:
    show.stage.seek(round(t * 1e6))
    index = show.film.frame_index(round(t * 1e6))
    assert show.wait(lambda: (index, index, "still") in show.seen)
    time.sleep(0.4)
    show.seen.clear()


def test_opening_shows_the_first_frame_and_does_not_play(show: Show) -> None:
    assert show.wait(lambda: bool(show.seen))
    assert show.seen[0] == (0, 0, "still")
    assert not show.stage.playing
    assert show.stage.position() == 0


def test_playing_tells_each_frame_once_in_order_and_by_its_right_number(show: Show) -> None:
    settle_at(show, 1.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 30)
    show.stage.pause()
    told = [(pixels, index) for pixels, index, kind in show.seen if kind == "moving"]
    assert all(pixels == index for pixels, index in told)
    numbers = [pixels for pixels, _ in told]
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 0.9 * (numbers[-1] - numbers[0] + 1)
    assert not show.errors


def test_a_pause_stands_on_the_frame_that_was_shown_last_and_resumes_from_it(show: Show) -> None:
    settle_at(show, 2.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 10)
    show.stage.pause()
    at, last = show.stage.position(), show.moving()[-1]
    assert show.film.frame_times[last] == at
    assert show.wait(lambda: show.seen[-1] == (last, last, "still"))
    time.sleep(0.3)
    assert show.stage.position() == at
    assert show.seen[-1][0] == last
    show.seen.clear()
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 3)
    assert last < show.moving()[0] <= last + 3


def test_paused_seeks_and_steps_show_exact_frames(show: Show) -> None:
    for t in (3_333_333, 11_999_999, 40_000, 5_000_000):
        show.stage.seek(t)
        index = show.film.frame_index(t)
        assert show.stage.position() == show.film.frame_times[index]
        assert show.wait(lambda index=index: show.seen[-1:] == [(index, index, "still")])  # type: ignore[misc]
    for frames, index in ((1, 126), (1, 127), (-3, 124), (-1000, 0), (5000, 299)):
        show.stage.step(frames)
        assert show.wait(lambda index=index: show.seen[-1:] == [(index, index, "still")])  # type: ignore[misc]
        assert show.stage.position() == show.film.frame_times[index]


def test_scrubbing_ends_on_the_newest_frame(show: Show) -> None:
    for t in range(0, 10_000_000, 50_000):
        show.stage.seek(t)
    assert show.wait(lambda: show.seen[-1:] == [(248, 248, "still")])


def test_a_seek_while_playing_goes_on_from_there(show: Show) -> None:
    settle_at(show, 1.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 5)
    show.stage.seek(7_000_000)
    assert show.stage.playing
    assert show.wait(lambda: max(show.moving()) > 190)
    beyond = [n for n in show.moving() if n > 100]
    assert 175 <= beyond[0] <= 178
    assert show.stage.position() >= 7_000_000


def test_the_end_of_the_film_pauses_on_its_last_frame_and_play_begins_anew(show: Show) -> None:
    settle_at(show, 11.3)
    play_to_the_end(show, 5)
    assert show.seen[-1][0] == 299
    show.stage.play()
    assert show.wait(lambda: show.moving()[-1] < 50 and len(show.moving()) > 20)


def test_preview_shows_no_removed_frame_and_nearly_every_kept_one(show: Show) -> None:
    keep = (
        span(0.5, 2), span(2.6, 3.8), span(5, 6.2), span(6.5, 7.9), span(8.7, 9.6), span(10, 11),
    )  # fmt: skip
    show.stage.set_cut(keep)
    show.stage.set_preview(True)
    settle_at(show, 0.52)
    play_to_the_end(show)
    shown, kept = set(show.moving()), frames_in(show.film, keep)
    assert shown <= kept
    assert len(kept - shown) <= 0.05 * len(kept)
    assert show.seen[-1][0] == max(kept)
    assert show.stage.technique.startswith("Seamless preview")


def test_cuts_a_third_of_a_second_apart_leak_nothing(show: Show) -> None:
    keep = tuple(span(1 + 0.6 * i, 1.3 + 0.6 * i) for i in range(8))
    show.stage.set_cut(keep)
    show.stage.set_preview(True)
    settle_at(show, 1.0)
    play_to_the_end(show)
    shown, kept = set(show.moving()), frames_in(show.film, keep)
    assert shown <= kept
    assert len(kept - shown) <= 0.3 * len(kept)


def test_preview_at_twice_the_speed_leaks_nothing_and_keeps_the_speed(show: Show) -> None:
    keep = (span(1, 4), span(5, 8), span(9, 11))
    show.stage.set_cut(keep)
    show.stage.set_preview(True)
    show.stage.set_rate(2.0)
    settle_at(show, 1.0)
    began = time.monotonic()
    play_to_the_end(show)
    assert set(show.moving()) <= frames_in(show.film, keep)
    assert time.monotonic() - began < 6.5


def test_a_deliberate_seek_into_a_removed_span_plays_it_to_its_end(show: Show) -> None:
    keep = (span(0, 3), span(5, 6), span(8, 12))
    show.stage.set_cut(keep)
    show.stage.set_preview(True)
    settle_at(show, 4.0)
    show.stage.play()
    assert show.wait(lambda: bool(show.moving()) and max(show.moving()) >= 210)
    show.stage.pause()
    shown = set(show.moving())
    assert set(range(102, 149)) - shown == set() or len(set(range(102, 149)) - shown) <= 3
    assert shown <= set(range(100, 150)) | set(range(200, 300))


def test_a_cut_that_changes_while_playing_counts_at_once(show: Show) -> None:
    show.stage.set_preview(True)
    settle_at(show, 1.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 10)
    show.stage.set_cut((span(0, 1), span(6, 7)))
    show.seen.clear()
    assert show.wait(lambda: not show.stage.playing)
    assert show.moving()
    assert set(show.moving()) <= set(range(150, 175))


def test_the_removed_take_plays_alone_and_around_an_edit_it_is_skipped(show: Show) -> None:
    keep = (span(0, 3), span(4, 12))
    show.stage.set_cut(keep)
    assert show.wait(lambda: bool(show.seen))
    time.sleep(0.5)
    show.seen.clear()
    show.stage.play_range(span(3, 4), through_removed=True)
    assert show.wait(lambda: not show.stage.playing)
    assert show.wait(lambda: show.seen[-1] == (99, 99, "still"))
    assert set(show.moving()) <= set(range(75, 100))
    assert len(show.moving()) > 20
    show.seen.clear()
    show.stage.play_range(span(2, 5), through_removed=False)
    assert show.wait(lambda: not show.stage.playing)
    assert set(show.moving()) <= set(range(50, 75)) | set(range(100, 125))
    assert len(show.moving()) > 40
    show.seen.clear()
    show.stage.seek(2_800_000)
    show.stage.play()
    assert show.wait(lambda: bool(show.moving()) and max(show.moving()) > 80)


def test_everything_removed_does_not_play(show: Show) -> None:
    show.stage.set_cut(())
    show.stage.set_preview(True)
    show.stage.play()
    assert show.wait(lambda: not show.stage.playing)
    time.sleep(0.3)
    assert not show.moving()


def test_a_film_without_sound_and_one_in_matroska_play(
    make_show: Callable[[Film], Show], tmp_path: Path
) -> None:
    for name, sound in (("silent.mp4", False), ("film.mkv", True)):
        show = make_show(make_clip(tmp_path / name, seconds=4, sound=sound))
        settle_at(show, 1.0)
        show.stage.play()
        assert show.wait(lambda show=show: len(show.moving()) > 20)  # type: ignore[misc]
        told = [s for s in show.seen if s[2] == "moving"]
        assert all(pixels == index for pixels, index, _ in told)


def test_sound_alone_plays_and_skips(make_show: Callable[[Film], Show], film: Film) -> None:
    show = make_show(replace(film, frame_times=[], audio_only=True))
    show.stage.set_cut((span(0, 1.5), span(6, 7)))
    show.stage.set_preview(True)
    show.stage.seek(500_000)
    began = time.monotonic()
    show.stage.play()
    assert show.wait(lambda: show.stage.position() > 6_000_000)
    assert show.wait(lambda: not show.stage.playing)
    assert 1.8 < time.monotonic() - began < 4
    assert abs(show.stage.position() - 7_000_000) < 50_000
    assert not show.seen


def test_a_file_that_vanishes_is_told_once_and_nothing_hangs(
    make_show: Callable[[Film], Show], film: Film, tmp_path: Path
) -> None:
    path = tmp_path / "vanishing.mp4"
    shutil.copy(film.path, path)
    show = make_show(replace(film, path=path))
    settle_at(show, 1.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 5)
    path.unlink()
    assert show.wait(lambda: bool(show.errors))
    assert show.wait(lambda: not show.stage.playing)
    assert "vanishing.mp4 is no longer where it was" in show.errors[0].sentence
    show.stage.seek(2_000_000)
    time.sleep(0.3)
    assert len(show.errors) == 1
    show.stage.play()
    assert show.wait(lambda: len(show.errors) == 2 and not show.stage.playing)
    shutil.copy(film.path, path)
    show.seen.clear()
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 5)


def test_without_vlc_there_are_stills_and_a_sentence_on_play(
    make_show: Callable[..., Show], film: Film
) -> None:
    def missing() -> Engine:
        raise MediaError("VLC 3.0 was not found.", "Install VLC.")

    show = make_show(film, missing)
    show.stage.seek(4_000_000)
    assert show.wait(lambda: show.seen[-1:] == [(100, 100, "still")])
    show.stage.step(1)
    assert show.wait(lambda: show.seen[-1:] == [(101, 101, "still")])
    assert not show.errors
    show.stage.play()
    assert show.wait(lambda: len(show.errors) == 1 and not show.stage.playing)
    assert show.errors[0].hint == "Install VLC."
    assert show.stage.technique == "No playing: VLC was not found"


def test_another_film_opens_while_one_plays(
    make_show: Callable[[Film], Show], film: Film, tmp_path: Path
) -> None:
    show = make_show(film)
    settle_at(show, 5.0)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 5)
    show.film = make_clip(tmp_path / "other.mp4", seconds=3)
    show.open()
    assert not show.stage.playing
    assert show.wait(lambda: show.seen[-1] == (0, 0, "still"))
    play_to_the_end(show)
    assert show.seen[-1][0] == 74
    assert not show.errors


def test_close_leaves_no_thread_even_while_two_players_run(film: Film) -> None:
    before = set(threading.enumerate())
    show = Show(film)
    show.stage = Stage(
        show.on_frame, show.on_state, show.errors.append, StillReader, lambda: Engine("dummy")
    )
    show.open()
    show.stage.set_cut((span(0, 1), span(3, 4)))
    show.stage.set_preview(True)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 10)
    began = time.monotonic()
    show.stage.close()
    assert time.monotonic() - began < 3
    assert set(threading.enumerate()) <= before


def test_pictures_are_made_as_large_as_the_view_paints_them(show: Show) -> None:
    assert fitted((3840, 2160), (1000, 1000)) == (1000, 562)
    assert fitted((1080, 1920), (1000, 1000)) == (562, 1000)
    sizes: list[tuple[int, int]] = []
    note = show.stage._publisher._on_frame
    assert show.wait(lambda: bool(show.seen))
    show.stage._publisher._on_frame = lambda f: (sizes.append((f.width, f.height)), note(f))
    show.stage.set_view(640, 640)
    assert show.wait(lambda: sizes[-1:] == [(640, 384)])
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 5)
    show.stage.set_view(160, 200)
    assert show.wait(lambda: sizes[-1] == (160, 96))
    assert set(sizes) == {(640, 384), (160, 96)}


def test_with_one_player_the_preview_seeks_and_leaks_nothing(show: Show) -> None:
    keep = (span(1, 2), span(4, 5), span(7, 8))
    show.stage.set_cut(keep)
    show.stage.set_preview(True)
    settle_at(show, 1.0)
    assert show.wait(lambda: show.stage._preview is not None)
    assert show.stage._preview is not None
    show.stage._worker.post(show.stage._preview.use_one_player)
    play_to_the_end(show)
    shown, kept = set(show.moving()), frames_in(show.film, keep)
    assert shown <= kept
    assert len(kept - shown) <= 0.15 * len(kept)
    assert show.stage.technique.startswith("Preview by seeking")


def test_a_stretch_played_again_at_once_is_played_again_from_its_beginning(show: Show) -> None:
    stretch = span(2.0, 2.8)
    for _ in range(3):
        show.seen.clear()
        show.stage.play_range(stretch, through_removed=True)
        assert show.wait(lambda: not show.stage.playing, 10)
        wanted = frames_in(show.film, (stretch,))
        assert len(wanted & set(show.moving())) >= 0.8 * len(wanted)


def test_without_a_sound_device_it_plays_on_and_says_so_once(
    make_show: Callable[[Film], Show], film: Film, tmp_path: Path
) -> None:
    def deaf() -> Engine:
        engine = Engine("dummy")
        engine.sound = SoundWatch(SILENT, {"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path)
        return engine

    show = make_show(film, deaf)
    show.stage.play()
    assert show.wait(lambda: len(show.moving()) > 30)
    assert show.stage.playing
    assert ["no sound device" in str(error) for error in show.errors] == [True]
