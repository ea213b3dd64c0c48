"""A short film to open."""

from pathlib import Path

import pytest

from tests.state.short_desk import picture


@pytest.fixture(scope="session")
def ten_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of picture and sound."""
    return picture(tmp_path_factory.mktemp("film") / "film.mp4", "64x36", 10)
