"""Where Keeptake keeps its things: the platform's own folders, XDG variables honoured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders that need not exist yet; whoever writes first makes them."""

    data: Path
    config: Path
    cache: Path
    logs: Path
    downloads: Path

    @property
    def projects(self) -> Path:
        """Autosaved projects, one file a video."""
        return self.data / "projects"

    @property
    def local_service(self) -> Path:
        """Uploads and answers of the local service."""
        return self.data / "local-service"

    @property
    def spending(self) -> Path:
        """What was spent, of all projects."""
        return self.data / "spending.sqlite"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"


def folders() -> Folders:
    """The folders of the person who runs this, read from the environment now."""
    found = PlatformDirs("keeptake", appauthor=False)
    return Folders(
        found.user_data_path,
        found.user_config_path,
        found.user_cache_path,
        found.user_log_path,
        found.user_downloads_path,
    )
