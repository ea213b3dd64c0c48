"""What was decided about words, speakers and faces finds them again in another answer."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from app.core.carried import carrier, let_go
from app.core.edits import CorrectWord, Strike
from app.core.faces import Box, Faces
from app.core.history import History
from app.core.review import Decisions, Evidence, Review
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Transcript, Word
from tests.core.speech import counting

OLD = Transcript(
    tuple(Word(f"w{n}", n * SECOND, n * SECOND + 800_000, n // 5) for n in range(10)), language="en"
)
NEW = Transcript(
    (
        Word("uh", 0, 100_000, 7),
        *(Word(f"W{n}", n * SECOND + 50_000, n * SECOND + 800_000, 3 - n // 5) for n in range(9)),
        Word("long", 9 * SECOND, 14 * SECOND, 2),
    ),
    language="en",
)


def words(of: Transcript | None, **more: object) -> Evidence:
    return replace(counting(20).evidence, transcript=of, **more)  # type: ignore[arg-type]


def faces(*people: tuple[int, int, float], cluster: bool = True) -> Faces:
    """(track, cluster, left edge) of faces that are there for 4 s."""
    return Faces.of(
        (
            n * 200_000,
            [
                Box(x, 0.2, x + 0.2, 0.5, 0.9, track, number if cluster else -1)
                for track, number, x in people
            ],
        )
        for n in range(21)
    )


def carried(said: Decisions, before: Evidence, now: Evidence) -> Decisions:
    carry = carrier(before, now)
    assert carry is not None
    return carry(said)


def test_corrections_and_paragraphs_follow_their_words() -> None:
    said = Decisions(
        corrections=MappingProxyType({2: "two", 9: "nine", 40: "nowhere"}),
        breaks=frozenset({5, 9}),
        joins=frozenset({0}),
    )
    now = carried(said, words(OLD), words(NEW))
    assert dict(now.corrections) == {3: "two"}
    assert now.breaks == {6}
    assert now.joins == {1}


def test_speakers_keep_their_names_by_what_they_say() -> None:
    said = Decisions(
        names=MappingProxyType({"speaker 0": "Ann", "speaker 1": "Ben", "speaker 8": "Nobody"}),
        merged=MappingProxyType({"speaker 1": "speaker 0", "speaker 8": "speaker 0"}),
        colours=MappingProxyType({"speaker 0": 4}),
    )
    now = carried(said, words(OLD), words(NEW))
    assert dict(now.names) == {"speaker 3": "Ann", "speaker 2": "Ben"}
    assert dict(now.merged) == {"speaker 2": "speaker 3"}
    assert dict(now.colours) == {"speaker 3": 4}


def test_faces_keep_their_names_by_where_they_are() -> None:
    before = faces((1, 4, 0.1), (2, 5, 0.6))
    said = Decisions(
        names=MappingProxyType({"c4": "Ann", "c5": "Ben", "c9": "Nobody"}),
        hidden=frozenset({"c5"}),
        merged=MappingProxyType({"c5": "c4"}),
    )
    now = carried(
        said, words(None, faces=before), words(None, faces=faces((7, 5, 0.11), (8, 4, 0.6)))
    )
    assert dict(now.names) == {"c5": "Ann", "c4": "Ben"}
    assert now.hidden == {"c4"}
    assert dict(now.merged) == {"c4": "c5"}
    alone = faces((7, 0, 0.11), (8, 0, 0.9), cluster=False)
    now = carried(said, words(None, faces=before), words(None, faces=alone))
    assert dict(now.names) == {"t7": "Ann"}
    assert not now.merged
    nobody = Faces.of([(0, [])])
    assert not carried(said, words(None, faces=before), words(None, faces=nobody)).names


def test_a_face_that_no_box_shows_is_not_found() -> None:
    shown = faces((1, 4, 0.1))
    hollow = replace(faces((2, 5, 0.1)), tracks=shown.tracks)
    said = Decisions(names=MappingProxyType({"c4": "Ann"}))
    assert not carried(said, words(None, faces=hollow), words(None, faces=shown)).names


def test_the_same_words_again_change_nothing() -> None:
    said = Decisions(
        corrections=MappingProxyType({2: "two"}), names=MappingProxyType({"speaker 0": "Ann"})
    )
    again = replace(OLD, words=tuple(replace(w) for w in OLD.words))
    assert carried(said, words(OLD), words(again)) is said
    assert carried(Decisions(), words(OLD), words(NEW)) == Decisions()


def test_names_of_faces_stay_where_only_the_words_are_others() -> None:
    said = Decisions(names=MappingProxyType({"c4": "Ann", "speaker 0": "Ben"}))
    now = carried(said, words(OLD), words(NEW))
    assert dict(now.names) == {"c4": "Ann", "speaker 3": "Ben"}


def test_without_another_answer_there_is_nothing_to_bring_over() -> None:
    assert carrier(words(None), words(OLD)) is None
    assert carrier(words(OLD), words(OLD)) is None
    assert carrier(words(OLD), words(None)) is None


def test_every_step_of_the_history_is_brought_over() -> None:
    history = History(Review(words(OLD)))
    history = history.do(CorrectWord(2, "two")).do(Strike(TimeRange(0, SECOND)))
    history = history.do(CorrectWord(4, "four"))
    history = history.undo()
    now = history.receive(history.current.received(transcript=NEW))
    assert dict(now.current.decisions.corrections) == {3: "two"}
    assert dict(now.redo().current.decisions.corrections) == {3: "two", 5: "four"}
    assert not now.undo().undo().current.decisions.corrections
    assert now.steps == history.steps
    assert now.undo().current.decisions.corrections is now.current.decisions.corrections


def test_what_the_new_answer_does_not_have_is_counted() -> None:
    said = Decisions(
        corrections=MappingProxyType({2: "two", 9: "nine", 40: "nowhere"}),
        names=MappingProxyType({"speaker 0": "Ada", "speaker 9": "Nobody"}),
    )
    now = carried(said, words(OLD), words(NEW))
    assert let_go(said, now) == 3
    assert let_go(now, now) == 0


def test_a_version_is_brought_over_when_somebody_goes_back_to_it() -> None:
    history = History(Review(words(OLD)))
    for n in range(5):
        history = history.do(CorrectWord(n, f"word {n}"))
    third = Transcript(tuple(replace(w, text=w.text.upper()) for w in NEW.words[1:]))
    for answer in (NEW, third):
        history = history.receive(history.current.received(transcript=answer))
    assert dict(history.current.decisions.corrections) == {n: f"word {n}" for n in range(5)}
    assert [len(said.corrections) for _, said in history.past] == [0, 1, 2, 3, 4]
    back = history.go_to(2)
    assert dict(back.current.decisions.corrections) == {0: "word 0", 1: "word 1"}
    again = back.do(CorrectWord(7, "seven"))
    assert again.undo().current.decisions == back.current.decisions
    assert again.redo() is again
