"""The rings and the doors: what may import what, and who may start a program."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
FILES = sorted(APP.rglob("*.py"))

LOCAL_SERVICE_MAY_USE = ("app.local_service", "app.media", "app.interchange", "app.core")
"""Beside the wire shapes; app/__init__ holds the version."""

MAY_START_PROGRAMS = {"app/services/local_process.py", "app/local_service/processes.py"}
"""Beside media/, which starts ffmpeg: the local service itself, and its analyses."""


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on a checkout."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_imports_point_inward_and_each_door_is_used_by_one() -> None:
    verdict = lint(ROOT)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    ("where", "line", "broken"),
    [
        ("core/timerange.py", "import app.services.store", "Rings"),
        ("media/__init__.py", "import PySide6.QtCore", "Qt lives"),
        ("services/folders.py", "def late():\n    import httpx", "One door to HTTP"),
        ("state/review_state.py", "import keyring", "One door to the credential store"),
        ("ui/theme.py", "import vlc", "One door to VLC"),
        ("services/folders.py", "from av import open", "Only media reads films"),
        ("core/errors.py", "import pydantic", "Core is plain"),
        ("services/folders.py", "import app.local_service", "process of its own"),
    ],
)
def test_a_planted_violation_is_seen(tmp_path: Path, where: str, line: str, broken: str) -> None:
    shutil.copytree(APP, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "app" / where).open("a") as file:
        file.write(f"\n{line}\n")
    verdict = lint(tmp_path)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    kept = {line for line in verdict.stdout.splitlines() if line.endswith(" KEPT")}
    assert not any(broken in line for line in kept)
    assert f"{broken}" in verdict.stdout.split("Broken contracts")[1]


def imported(path: Path) -> set[str]:
    """Full names a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_local_service_uses_the_wire_shapes_and_nothing_else_of_services() -> None:
    allowed = (*LOCAL_SERVICE_MAY_USE, "app.services.wire", "app.__version__")
    for path in (APP / "local_service").rglob("*.py"):
        ours = {name for name in imported(path) if name.split(".")[0] == "app"}
        odd = {name for name in ours if not name.startswith(allowed)}
        assert not odd, f"{path.relative_to(ROOT)} imports {odd}"


def test_only_media_and_the_local_services_door_start_programs() -> None:
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("app/media/") or name in MAY_START_PROGRAMS:
            continue
        starts = {n for n in imported(path) if n.split(".")[0] == "subprocess"}
        calls = {
            node.attr
            for node in ast.walk(ast.parse(path.read_bytes()))
            if isinstance(node, ast.Attribute)
            and node.attr in ("create_subprocess_exec", "create_subprocess_shell", "popen")
        }
        assert not starts | calls, f"{name} starts programs: {starts | calls}"


def test_every_module_says_in_a_sentence_what_may_be_found_in_it() -> None:
    for path in FILES:
        first = (ast.get_docstring(ast.parse(path.read_bytes())) or "").split("\n\n")[0]
        assert first.endswith("."), f"{path.relative_to(ROOT)} says {first!r}"


def test_no_folder_shadows_the_package_called_packaging() -> None:
    assert not list((ROOT / "packaging").glob("*.py"))
    assert not (ROOT / "resources" / "__init__.py").exists()
