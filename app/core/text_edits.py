"""What a person does to the transcript's text, as data; `edits.py` applies it with the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from app.core.paragraphs import turn_at
from app.core.review import Decisions, Review


@dataclass(frozen=True, slots=True)
class CorrectWord:
    """Another text for a transcript word; its time stays. Blank text changes nothing."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class SplitParagraph:
    """A paragraph begins at this word; one that begins there already changes nothing."""

    word: int


@dataclass(frozen=True, slots=True)
class MergeParagraph:
    """The paragraph that begins at this word goes on the one before, and is its speaker's."""

    word: int


TextEdit = CorrectWord | SplitParagraph | MergeParagraph


def decided(review: Review, edit: TextEdit) -> Decisions:
    """The decisions after it; equal ones where the edit changes nothing or fits nothing."""
    match edit:
        case CorrectWord(index, text):
            return _correct(review, index, text)
        case SplitParagraph(word):
            return _split(review, word)
        case MergeParagraph(word):
            return _merge(review, word)
        case _ as never:
            assert_never(never)


def text_step(edit: TextEdit) -> str:
    """What Undo and Redo call the step."""
    match edit:
        case CorrectWord():
            return "Correct Word"
        case SplitParagraph():
            return "Split Paragraph"
        case MergeParagraph():
            return "Merge Paragraph"
        case _ as never:
            assert_never(never)


def _correct(review: Review, index: int, text: str) -> Decisions:
    said, transcript = review.decisions, review.evidence.transcript
    text = text.strip()
    if not transcript or not text or not 0 <= index < len(transcript.words):
        return said
    corrections = {i: t for i, t in said.corrections.items() if i != index}
    if transcript.words[index].text != text:
        corrections[index] = text
    return replace(said, corrections=corrections)


def _split(review: Review, word: int) -> Decisions:
    said, turn = review.decisions, turn_at(review, word)
    if turn is None or turn.word_start == word:
        return said
    if word in said.joins:
        return replace(said, joins=said.joins - {word})
    return replace(said, breaks=said.breaks | {word})


def _merge(review: Review, word: int) -> Decisions:
    said, turn, before = review.decisions, turn_at(review, word), turn_at(review, word - 1)
    if turn is None or turn.word_start != word or before is None:
        return said
    if word in said.breaks:
        return replace(said, breaks=said.breaks - {word})
    return replace(said, joins=said.joins | {word})
