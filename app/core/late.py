"""Modules that are loaded when something of them is first used, so that the window comes sooner."""

from __future__ import annotations

import importlib
from threading import RLock
from types import ModuleType

from typing_extensions import override

_loading = RLock()
"""One module at a time: modules that import each other, as pydantic's do, are half there for a
thread that comes to them by another one than the thread that loads them."""


class _Late(ModuleType):
    """Stands for a module; safe to use from several threads."""

    @override
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__dict__.get("__loaded")
        if module is None:
            module = self.__dict__["__loaded"] = _load(self.__name__)
        found = vars(module).get(name)
        if found is not None:
            return found
        # A package may itself load the part that has it.
        with _loading:
            return getattr(module, name)


def _load(name: str) -> ModuleType:
    with _loading:
        return importlib.import_module(name)


_named: set[str] = set()


def late(name: str) -> ModuleType:
    """The module `name`, imported at the first use of an attribute; raises ImportError then.

    Written beside `if TYPE_CHECKING: import name`, which type checker and import contracts read.
    """
    _named.add(name)
    return _Late(name)


def load_late(package: str) -> None:
    """Import what was named so far, and what that names, of one package; for a thread.

    A first use on the GUI thread then finds it there and waits for nothing.
    """
    done: set[str] = set()
    while left := sorted(n for n in _named - done if n.startswith(f"{package}.")):
        done.update(left)
        for name in left:
            _load(name)
