"""What lies beside a video, and what a parsed answer fills."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.faces import Faces
from app.core.scenes import Scenes
from app.services import wire
from app.state import opening
from app.state.opening import captions_beside, found
from tests.core.speech import gaps, says


def test_captions_of_the_videos_own_name_are_found_the_best_kind_first(tmp_path: Path) -> None:
    video = tmp_path / "talk.one.mp4"
    assert captions_beside(video) is None
    (tmp_path / "other.srt").write_text("no")
    (tmp_path / "talk.one.srt").write_text("subtitles")
    assert captions_beside(video) == ("talk.one.srt", "subtitles")
    (tmp_path / "talk.one.json").write_bytes(b"\xef\xbb\xbf{}")
    assert captions_beside(video) == ("talk.one.json", "{}")


def test_captions_are_read_in_the_encoding_they_are_in(tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    (tmp_path / "talk.srt").write_bytes("שלום".encode("cp1255"))
    assert captions_beside(video, "he") == ("talk.srt", "שלום")
    (tmp_path / "talk.vtt").write_bytes("שלום".encode("utf-16"))
    assert captions_beside(video, "he") == ("talk.vtt", "שלום")
    (tmp_path / "talk.json").write_bytes(b"\xef\xbb\xbf{}\xff")
    assert captions_beside(video, "he") == ("talk.vtt", "שלום"), "what is no text is passed over"


def test_a_folder_or_an_immense_file_is_no_captions_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MAX_CAPTIONS", 3)
    (tmp_path / "talk.json").mkdir()
    (tmp_path / "talk.vtt").write_text("WEBVTT")
    (tmp_path / "talk.srt").write_text("1")
    assert captions_beside(tmp_path / "talk.mp4") == ("talk.srt", "1")


def test_vision_fills_two_fields_and_the_rest_one_each() -> None:
    transcript, retakes = says("one two"), gaps()
    assert found(transcript) == {"transcript": transcript}
    assert found(retakes) == {"retakes": retakes}
    faces, scenes = Faces.of(()), Scenes.of((), 1)
    assert found(wire.Vision(faces, scenes)) == {"faces": faces, "scenes": scenes}
