"""Modules that are loaded when something of them is first used, so that the window comes sooner."""

from __future__ import annotations

import importlib
from types import ModuleType

from typing_extensions import override


class _Late(ModuleType):
    """Stands for a module; Python's own import lock makes it safe to use from several threads."""

    @override
    def __getattribute__(self, name: str) -> object:
        if name.startswith("__"):
            return super().__getattribute__(name)
        return getattr(importlib.import_module(self.__name__), name)


def late(name: str) -> ModuleType:
    """The module `name`, imported at the first use of an attribute; raises ImportError then.

    Written beside `if TYPE_CHECKING: import name`, which type checker and import contracts read.
    """
    return _Late(name)
