"""One coded clip for all tests of the local file."""

from pathlib import Path

import pytest

from tests.media.clips import clip


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds: 100 frames at 25, a tone."""
    return clip(tmp_path_factory.mktemp("media") / "film.mp4")
