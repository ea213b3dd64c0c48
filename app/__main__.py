"""The command line: `keeptake [FILE]`, `--sample`, `--version`, `--help`."""

from __future__ import annotations

import argparse
import builtins
import gc
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app import __version__


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """`file` is a Path or None, `sample` a bool; exits by itself on --help, --version, misuse."""
    parser = argparse.ArgumentParser(
        prog="keeptake",
        description="Review your footage, cut the retakes, keep the moments.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="a video or a .keeptake project")
    parser.add_argument("--sample", action="store_true", help="open the sample that comes with it")
    parser.add_argument("--version", action="version", version=f"Keeptake {__version__}")
    options = parser.parse_args(arguments)
    if options.sample and options.file:
        parser.error("give either a file or --sample")
    return options


def spare_sources() -> None:
    """Take out the hook by which Shiboken reads the source of every module imported after it.

    It looks for `from __feature__ import`, which nobody here writes; that was a tenth of the
    start, and the sources stayed in memory.
    """
    import PySide6.QtCore  # noqa: F401  # brings the hook

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def main() -> int:
    """Start the window; returns the exit status."""
    # Large answers are read in a worker process; a frozen program starts it through here.
    multiprocessing.freeze_support()
    options = parse(sys.argv[1:])
    # pydantic would look through every installed package for plugins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What is loaded stays: the collector would look through it again and again for nothing.
    gc.disable()
    spare_sources()
    from app.composition import run

    return run(options.file, sample=options.sample)


if __name__ == "__main__":
    sys.exit(main())
